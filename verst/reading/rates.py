"""What time a figure is over: «20 машин в час», «за сутки 10 804 человека», «за 40 минут пропустили десять»."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from verst.reading.amount import Amount
from verst.reading.ground import Ground

_COUNTED = ("vehicle", "person", "none")
_REACH = 9  # tokens from «за час» to the number it counts for
_EVERY_REACH = 5  # from a number to «каждые полчаса» after it
_ENDS = {".", "!", "?", ";", "•"}
_BREAKS = _ENDS | {","}
_NEAR = 6  # amounts before and after one that may say its time
_PERIODS: dict[str, Literal["hour", "day"] | None] = {
    "per_hour": "hour", "per_day": "day", "hour_before": "hour", "day_before": "day", "times_per": None,
}  # fmt: skip
_ALWAYS = {"per_hour", "per_day", "times_per"}
_SAID_AFTER = frozenset(role for role, per in _PERIODS.items() if per is not None)
_SAID_BEFORE = ("hour_before", "day_before")
_OPENING = frozenset(("within", "every", "at"))  # «за», «каждые», «раз в» before so many minutes


def with_rates(ground: Ground, amounts: list[Amount]) -> list[Amount]:
    """The amounts with ``per`` and ``per_minutes``; a unit that only said the time of a rate is no amount."""
    kept = [_over_after(ground, amount) for amount in amounts]
    ends = {a.last_token for a in kept if a.unit in _COUNTED}
    kept = [_over_before(ground, amount, ends) for amount in kept]
    kept = [_over_minutes(ground, amount, kept[max(0, i - _NEAR) : i + _NEAR]) for i, amount in enumerate(kept)]
    spans = _rate_spans(ground, {a.first_token for a in kept if a.per and a.unit in _COUNTED})
    return [a for a in kept if not (a.unit == "minute" and a.bare and a.first_token in spans)]


def in_groups(ground: Ground, amounts: list[Amount]) -> list[Amount]:
    """«партиями по 40, две партии в час», «два раза в час по 20»: so many of a group, so many groups an hour."""
    made = list(amounts)
    for groups in amounts:
        if (
            groups.unit != "other"
            or groups.low is not None
            or not any("group" in ground.found[i] for i in range(groups.first_token, groups.last_token + 1))
        ):
            continue
        at = made.index(groups)
        for other in (at - 1, at + 1):
            if 0 <= other < len(made) and _is_group(ground, made[other], groups):  # «пустили две партии по 8»
                made[other] = _times(made[other], groups)
                made.remove(groups)
                break
    return made


def _is_group(ground: Ground, amount: Amount, groups: Amount) -> bool:
    first, last = sorted((amount.first_token, groups.first_token))
    near = last - first <= _REACH and not any(ground.text(i) in _ENDS for i in range(first, last))
    each = (
        groups.per is not None
        or groups.per_minutes is not None
        or (amount.per is not None and 0 < amount.first_token - groups.last_token <= 2)
    )
    return near and each and amount.unit in _COUNTED and not amount.per_minutes


def _times(amount: Amount, groups: Amount) -> Amount:
    def so_many(figure: float | None) -> float | None:
        return None if figure is None else figure * groups.value

    bound = amount.bound if amount.bound != "exact" else groups.bound
    return replace(amount, value=amount.value * groups.value, low=so_many(amount.low), high=so_many(amount.high),
                   per=groups.per or amount.per,
                   per_minutes=groups.per_minutes or amount.per_minutes, bound=bound)  # fmt: skip


def _rate_spans(ground: Ground, rated: set[int]) -> set[int]:
    """Tokens of «в час» and the like; of «за час» only where a number is counted for it."""
    spans: set[int] = set()
    if ground.roles.isdisjoint(_PERIODS):
        return spans
    for index, roles in enumerate(ground.found):
        for role in _PERIODS:
            hit = roles.get(role)
            if hit is None:
                continue
            end = hit[0]
            sure = role in _ALWAYS and "within" not in roles  # «прошли за час» is no rate
            if sure or any(at in rated for at in range(index - _REACH if role in _ALWAYS else end, end + _REACH + 1)):
                spans.update(range(index, end))
    return spans


def _over_after(ground: Ground, amount: Amount) -> Amount:
    """«20 машин в час», «по 50 человек раз в час»."""
    if ground.roles.isdisjoint(_SAID_AFTER) or (amount.unit == "minute" and not amount.bare):
        return amount
    for at in range(amount.last_token + 1, min(amount.last_token + 5, len(ground.toks))):
        if not ground.same_line(at):
            break
        if "whole" in ground.found[at]:
            break  # "two cars in half an hour"
        for role, per in _PERIODS.items():
            if per is not None and role in ground.found[at]:
                return replace(amount, per=per)
        if ground.text(at) == "," and ground.role(at + 1, "times_per") is not None:
            continue  # «по двадцать, раз в час»
        if ground.text(at) in _ENDS or ground.text(at) == "," or "unit" in ground.found[at]:
            break
    return amount


def _over_before(ground: Ground, amount: Amount, ends: set[int]) -> Amount:
    """«за сутки 10 804 человека», «за час пустили девять»."""
    if ground.roles.isdisjoint(_SAID_BEFORE) or amount.per or amount.unit not in _COUNTED:
        return amount
    for at in range(amount.first_token - 1, max(-1, amount.first_token - _REACH - 1), -1):
        if not ground.same_line(at + 1) or ground.text(at) in _ENDS or at in ends:
            break
        for role in _SAID_BEFORE:
            end = ground.role(at, role)
            if end is not None and end <= amount.first_token and _lets(ground, end, amount, role):
                return replace(amount, per=_PERIODS[role])
    return amount


def _lets(ground: Ground, end: int, amount: Amount, role: str) -> bool:
    if role == "day_before" or (amount.first_token - end <= 1 and ground.text(end) != ","):
        return True  # but not "przeszliśmy w godzinę, zero kolejki"
    return any("let" in ground.found[i] for i in range(end, amount.first_token))


def _over_minutes(ground: Ground, amount: Amount, neighbours: list[Amount]) -> Amount:
    """«за 40 минут пропустили десять», «3 машины за 40 минут», «раз в 30 минут по 10»."""
    if ground.roles.isdisjoint(_OPENING):
        return amount
    groups = any("group" in ground.found[at] for at in range(amount.first_token, amount.last_token + 1))
    if amount.per or not (amount.unit in (*_COUNTED, "km") or (groups and amount.unit == "other")):
        return amount
    for other in neighbours:
        if other.unit != "minute" or other.bare or other.low is not None or not 0 < other.value < 1440:
            continue
        opened = _opened(ground, other)
        if opened is None or not _one_clause(ground, amount, other):
            continue
        gap = amount.first_token - other.last_token
        said = any("let" in roles for roles in ground.found[other.last_token : amount.first_token])
        beside = gap == 1 and amount.unit != "none"
        if 0 < gap <= _REACH and (said or beside or "every" in ground.found[opened]):
            return replace(amount, per_minutes=other.value)
        most = _EVERY_REACH if "every" in ground.found[opened] else 1
        if 0 <= opened - amount.last_token - 1 <= most and amount.unit != "none":
            return replace(amount, per_minutes=other.value)
    return amount


def _opened(ground: Ground, other: Amount) -> int | None:
    """The token of «за» or «раз в» right before a duration, or swallowed as its hedge."""
    for at in range(max(0, other.first_token - 3), other.first_token + 1):
        for role in ("within", "every", *(("at",) if other.factor == 1.0 else ())):  # «одна в три минуты»
            end = ground.role(at, role)
            if end is not None and (end == other.first_token or at == other.first_token):
                return at
    return None


def _one_clause(ground: Ground, one: Amount, other: Amount) -> bool:
    first, last = sorted((one.first_token, other.first_token))
    if last - first > 2 * _REACH:
        return False
    return not any(ground.text(i) in _BREAKS or not ground.same_line(i + 1) for i in range(first, last))
