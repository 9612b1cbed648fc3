"""Texts laid out for the tests of figures, in every language of the shelf."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from verst.reading.amounts import Amount, Amounts
from verst.reading.text import fold, tokens
from verst.reading.times import TimeHit, Times
from verst.shelves import data_shelf

POSTED_AT = datetime(2022, 9, 28, 11, 20, tzinfo=UTC)  # a Wednesday, 14:20 at Verkhny Lars
OFFSET = 180


@cache
def amounts() -> Amounts:
    return Amounts.from_languages(data_shelf("languages"))


@cache
def times() -> Times:
    return Times.from_languages(data_shelf("languages"))


def find(text: str, lang: str | None = None) -> list[Amount]:
    folded = fold(text)
    return amounts().find(tokens(folded), folded, lang)


def one(text: str, lang: str | None = None) -> Amount:
    found = find(text, lang)
    assert len(found) == 1, [a.figures for a in found]
    return found[0]


def find_times(text: str, lang: str | None = None) -> list[TimeHit]:
    folded = fold(text)
    return times().find(tokens(folded), folded, POSTED_AT, OFFSET, lang)


def both(text: str, lang: str | None = None) -> tuple[list[Amount], list[TimeHit]]:
    folded = fold(text)
    return times().find_both(tokens(folded), folded, POSTED_AT, OFFSET, lang)
