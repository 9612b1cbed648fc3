"""Words that tell names of places from ordinary words: taken from the language files, and refused where unusable."""

from __future__ import annotations

import pytest

from verst.errors import BadShelf
from verst.model import Crossing, Region, Side
from verst.reading.place_words import PlaceWords
from verst.reading.places import Gazetteer
from verst.reading.text import fold, tokens

MARKET = Region(
    id="fair", names=(("en", "Fair"),),
    crossings=(Crossing(id="market", border="RU-GE", sides=(Side(country="RU", forms=("Market",)),)),),
)  # fmt: skip


def named(text: str, languages: dict[str, dict[str, dict[str, str]]]) -> list[str]:
    hits = Gazetteer.from_regions([MARKET], languages).find(tokens(fold(text)), fold(text), text)
    return [hit.what for hit in hits]


def test_an_ordinary_word_is_a_name_with_a_capital_or_behind_a_leading_word() -> None:
    told = {"xx": {"places": {"ordinary": "market", "leading": "near"}}}
    assert named("a good market", {}) == ["crossing"]
    assert named("a good market", told) == ["town"]
    assert named("a good Market", told) == ["crossing"]
    assert named("near market", told) == ["crossing"]


def test_never_lower_wants_a_capital_behind_a_leading_word_too() -> None:
    told = {"xx": {"places": {"ordinary": "market", "leading": "near", "never_lower": "market"}}}
    assert named("near market", told) == ["town"]


def test_a_word_unlike_the_name_is_no_slip_of_the_finger() -> None:
    assert named("the Markets", {}) == named("the Markee", {}) == ["crossing"]
    assert named("the Markee", {"xx": {"places": {"unlike": "markee"}}}) == []


def test_an_abbreviation_is_a_name_in_capitals_alone() -> None:
    told = {"xx": {"places": {"capitals": "market"}}}
    assert named("Market", told) == []
    assert named("MARKET", told) == ["crossing"]


@pytest.mark.parametrize("table", [{"unheard_of": "a b"}, {"ordinary": ["a", "b"]}])
def test_unusable_lists_are_refused(table: dict[str, object]) -> None:
    with pytest.raises(BadShelf, match=r"languages/xx.toml.*\[places\]"):
        PlaceWords.from_languages({"xx": {"places": table}})
