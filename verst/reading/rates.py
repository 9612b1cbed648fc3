"""What time a figure is over: «20 машин в час», «за сутки 10 804 человека», «за 40 минут пропустили десять»."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from verst.reading.amount import Amount
from verst.reading.numbers import Ground

_COUNTED = ("vehicle", "person", "none")
_REACH = 9  # tokens from «за час» to the number it counts for
_ENDS = {".", "!", "?", ";", "•"}
Per = Literal["hour", "day"]


def with_rates(ground: Ground, amounts: list[Amount]) -> list[Amount]:
    """The amounts with ``per`` and ``per_minutes``; a unit that only said the time of a rate is no amount."""
    kept = [_over_after(ground, amount) for amount in amounts]
    kept = [_over_before(ground, amount, kept) for amount in kept]
    kept = [_over_minutes(ground, amount, kept) for amount in kept]
    spans = _rate_spans(ground, kept)
    return [a for a in kept if not (a.unit == "minute" and a.bare and a.first_token in spans)]


def _rate_spans(ground: Ground, amounts: list[Amount]) -> set[int]:
    spans: set[int] = set()
    for index in range(len(ground.toks)):
        for role in ("per_hour", "per_day", "hour_before", "day_before", "times_per"):
            end = ground.role(index, role)
            if end is not None and (
                role in ("per_hour", "per_day", "times_per") or _counts_after(ground, end, amounts)
            ):
                spans.update(range(index, end))
    return spans


def _counts_after(ground: Ground, end: int, amounts: list[Amount]) -> bool:
    return any(a.unit in _COUNTED and a.per and end <= a.first_token <= end + _REACH for a in amounts)


def _over_after(ground: Ground, amount: Amount) -> Amount:
    """«20 машин в час», «по 50 человек раз в час»."""
    if amount.unit == "minute" and not amount.bare:
        return amount
    at = amount.last_token + 1
    for skipped in range(4):
        if at + skipped >= len(ground.toks) or not ground.same_line(at + skipped):
            break
        for role, per in (("per_hour", "hour"), ("per_day", "day"), ("hour_before", "hour"), ("day_before", "day")):
            end = ground.role(at + skipped, role)
            if end is not None:
                return replace(amount, per=per)
        if (
            ground.text(at + skipped) in _ENDS
            or ground.text(at + skipped) == ","
            or "unit" in ground.found[at + skipped]
        ):
            break
    return amount


def _over_before(ground: Ground, amount: Amount, amounts: list[Amount]) -> Amount:
    """«за сутки 10 804 человека», «за час пустили девять»."""
    if amount.per or amount.unit not in _COUNTED:
        return amount
    for at in range(amount.first_token - 1, max(-1, amount.first_token - _REACH - 1), -1):
        if not ground.same_line(at + 1) or ground.text(at) in _ENDS:
            break
        if any(a is not amount and a.unit in _COUNTED and a.last_token == at for a in amounts):
            break
        for role, per in (("hour_before", "hour"), ("day_before", "day")):
            end = ground.role(at, role)
            if end is not None and end <= amount.first_token and _lets(ground, end, amount, role):
                return replace(amount, per=per)  # type: ignore[arg-type]
    return amount


def _lets(ground: Ground, end: int, amount: Amount, role: str) -> bool:
    if role == "day_before" or amount.first_token - end <= 1:
        return True
    return any(ground.role(i, "let") is not None for i in range(end, amount.first_token))


def _over_minutes(ground: Ground, amount: Amount, amounts: list[Amount]) -> Amount:
    """«за 40 минут пропустили десять», «3 машины за 40 минут», «раз в 30 минут по 10»."""
    if amount.per or amount.unit not in _COUNTED:
        return amount
    for other in amounts:
        if other.unit != "minute" or other.bare or other.low is not None or other.value >= 1440:
            continue
        before = range(max(0, other.first_token - 3), other.first_token)
        opened = [i for i in before if _opens(ground, i, other.first_token)]
        if not opened or not _one_clause(ground, amount, other):
            continue
        gap = amount.first_token - other.last_token
        if 0 < gap <= _REACH and (
            _said(ground, other.last_token, amount.first_token) or ground.role(opened[0], "every")
        ):
            return replace(amount, per_minutes=other.value)
        if 0 <= opened[0] - amount.last_token - 1 <= 1 and amount.unit != "none":
            return replace(amount, per_minutes=other.value)
    return amount


def _opens(ground: Ground, index: int, first: int) -> bool:
    return ground.role(index, "within") == first or ground.role(index, "every") == first


def _said(ground: Ground, first: int, last: int) -> bool:
    return any(ground.role(i, "let") is not None for i in range(first, last))


def _one_clause(ground: Ground, one: Amount, other: Amount) -> bool:
    first, last = sorted((one.first_token, other.first_token))
    return not any(
        ground.text(i) in _ENDS or ground.text(i) == "," or not ground.same_line(i + 1) for i in range(first, last)
    )
