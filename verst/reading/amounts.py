"""Amounts: durations, kilometres, vehicles, people, money and per cent, with their ranges and hedges."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from verst.reading.amount import Amount, Unit
from verst.reading.figure_forms import forms_from
from verst.reading.forms import Forms
from verst.reading.ground import Ground
from verst.reading.measuring import measure
from verst.reading.nouns import with_nouns_before
from verst.reading.rates import in_groups, with_rates
from verst.reading.text import Token

__all__ = ["AMOUNT_ANCHORS", "MOST_TRIED", "Amount", "Amounts", "Unit", "find_amounts"]

AMOUNT_ANCHORS = frozenset(
    "number scale whole bare ordinal inverted how_many bare_hedged percent_before nth_before unit_first".split()
)


_DIGIT = re.compile("[0-9]")
MOST_TRIED = 500  # words that may begin a figure, in one text: beyond them a text is no post but an attack


@dataclass(slots=True)
class Amounts:
    """Finds amounts. Built once from the language files; `find` is pure."""

    forms: Forms

    @classmethod
    def from_languages(cls, languages: Mapping[str, Mapping[str, Any]]) -> Amounts:
        """From what the tables [numbers] and [units] of every language say."""
        return cls(forms_from(languages))

    def find(self, toks: Sequence[Token], folded: str, lang: str | None = None) -> list[Amount]:
        """Every amount of a folded text, in its order. ``lang`` settles words that two languages share."""
        ground = self.lay_out(toks, folded, lang)
        return [] if ground is None else find_amounts(ground)

    def lay_out(self, toks: Sequence[Token], folded: str, lang: str | None = None) -> Ground | None:
        """The text with the roles of its words; None when nothing in it can be a figure."""
        if not self.forms.any_in(toks, AMOUNT_ANCHORS):
            return None
        return Ground(toks, folded, self.forms.find(toks, self.forms.guess(toks, lang)))


def find_amounts(ground: Ground, taken: frozenset[int] = frozenset()) -> list[Amount]:
    """Every amount of a text laid out; tokens that times took already are left alone."""
    amounts: list[Amount] = []
    if ground.roles.isdisjoint(AMOUNT_ANCHORS) and not _DIGIT.search(ground.folded):
        return amounts
    free = tried = 0
    for index, roles in enumerate(ground.found):
        if index < free or not (
            ground.words[index][0] in "0123456789" or (roles and not AMOUNT_ANCHORS.isdisjoint(roles))
        ):
            continue
        tried += 1
        if tried > MOST_TRIED:
            break
        amount = measure(ground, index, amounts[-1].last_token + 1 if amounts else 0) if index not in taken else None
        if amount is None or not taken.isdisjoint(range(amount.first_token, amount.last_token + 1)):
            continue
        amounts.append(amount)
        free = max(index, amount.last_token) + 1
    counted = with_nouns_before(ground, _carry_units(ground, amounts))
    return [finish(ground, amount) for amount in in_groups(ground, with_rates(ground, counted))]


def _carry_units(ground: Ground, amounts: list[Amount]) -> list[Amount]:
    """«Fußgänger 2-3 Stunden, Autos etwa 12.»: a rough bare number takes the unit of the duration before it."""
    carried: list[Amount] = []
    for amount in amounts:
        before = carried[-1] if carried else None
        if before is not None and before.unit == "minute" and not before.bare and _carries(ground, before, amount):
            amount = replace(amount, unit="minute", unit_said=before.unit_said, factor=before.factor,
                             value=amount.value * before.factor)  # fmt: skip
        carried.append(amount)
    return carried


def _carries(ground: Ground, before: Amount, amount: Amount) -> bool:
    if amount.unit != "none" or amount.bound != "approx" or amount.low is not None or amount.value >= 60:
        return False
    after = amount.last_token + 1
    ended = after == len(ground.toks) or ground.text(after) in ".!;" or not ground.same_line(after)
    between = range(before.last_token + 1, amount.first_token)
    return ended and len(between) <= 6 and not any(ground.text(i) in ".!?;" or not ground.same_line(i) for i in between)


def finish(ground: Ground, amount: Amount) -> Amount:
    """Letters from the first token to the last, and what stands there."""
    start, end = ground.toks[amount.first_token].start, ground.toks[amount.last_token].end
    return replace(amount, start=start, end=end, figures=ground.folded[start:end])
