"""What a second reader answers, held to the same things as a rule: words that stand there, figures that stand there."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from verst.model import Bound, Claim, Kind, Mode, Post, Stance

HALF_RANGE = 1e-6


class Told(msgspec.Struct, kw_only=True):
    """One claim as it is answered. ``quote``: the words of the post that say it."""

    kind: str
    quote: str
    crossing: str
    toward: str | None = None
    mode: Mode = "any"
    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    bound: Bound = "exact"
    stance: Stance = "saw"
    tag: str | None = None
    service: str | None = None
    currency: str | None = None


class Answer(msgspec.Struct):
    """The whole answer."""

    claims: list[dict[str, Any]] = msgspec.field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What an answer about one post may speak of: places said or implied, and figures that stand in the text.

    ``figures``: every value a number of the text may mean in the units of claims, so that "two days" allows 2880.
    """

    crossings: Collection[str]
    figures: Sequence[float]
    kinds: Mapping[str, Kind]
    countries: Collection[str]


def read_answer(text: str, post: Post, allowed: Bounds, rule: str, trust: float) -> list[Claim]:
    """The claims of an answer that pass; whatever does not pass is left out. Raises ValueError for no JSON at all."""
    try:
        answer = msgspec.json.decode(text.strip().removeprefix("```json").removesuffix("```"), type=Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("the answer is no JSON of the kind asked for") from error
    found = [claim for each in answer.claims if (claim := check(each, post, allowed, rule, trust)) is not None]
    return list(dict.fromkeys(found))


def check(raw: dict[str, Any], post: Post, allowed: Bounds, rule: str, trust: float) -> Claim | None:
    """One claim of an answer; None when its words, figure, place or option are not to be had."""
    try:
        told = msgspec.convert(raw, Told)
    except msgspec.ValidationError:
        return None
    start = post.text.find(told.quote) if told.quote.strip() else -1
    kind = allowed.kinds.get(told.kind)
    if start < 0 or kind is None or told.crossing not in allowed.crossings or not fits(told, kind, allowed):
        return None
    amount, price, (low, high) = kind.shape == "amount", kind.id == "price", range_of(told)
    return Claim(
        kind=told.kind, crossing=told.crossing, toward=told.toward, mode=told.mode,
        value=told.value if low is None or high is None else (low + high) / 2, low=low, high=high,
        bound=told.bound if amount else "exact", stance=told.stance, tag=None if price else told.tag,
        service=told.service if price else None, currency=told.currency if price else None,
        span=(start, start + len(told.quote)), rule=rule, trust=trust,
    )  # fmt: skip


def range_of(told: Told) -> tuple[float | None, float | None]:
    """The ends of a range; none where the answer gives no true one."""
    ranged = told.low is not None and told.high is not None and told.low < told.high
    return (told.low, told.high) if ranged else (None, None)


def fits(told: Told, kind: Kind, allowed: Bounds) -> bool:
    """Whether value, option, tag and direction are such as the kind has, and its figures stand in the text."""
    if told.toward is not None and told.toward not in allowed.countries:
        return False
    if kind.tags and (told.service if kind.id == "price" else told.tag) not in kind.tags:
        return False
    if kind.id == "price" and not is_currency(told.currency):
        return False
    if kind.shape == "amount":
        low, high = range_of(told)
        figures = [told.value] if low is None else [low, high]
        return all(isinstance(each, int | float) and stands(float(each), allowed.figures) for each in figures)
    return told.value in kind.options if kind.options else told.value is None


def stands(value: float, figures: Sequence[float]) -> bool:
    """Whether a figure of the text may mean this value.

    >>> stands(2880.0, [2880.0, 2.0]), stands(35.0, [2880.0, 2.0])
    (True, False)
    """
    return math.isfinite(value) and any(abs(value - each) <= 0.01 * abs(each) + HALF_RANGE for each in figures)


def is_currency(code: str | None) -> bool:
    """Whether this may be an ISO 4217 code."""
    return code is not None and len(code) == 3 and code.isascii() and code.isupper()
