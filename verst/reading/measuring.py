"""One amount at one place of the text: hedge, number or range, unit, hedge."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from verst.model import Bound
from verst.reading.amount import Amount
from verst.reading.bare_minutes import are_minutes
from verst.reading.ground import Ground, is_digits
from verst.reading.hedges import hedge_after, hedge_before
from verst.reading.numbers import Number
from verst.reading.ordinals import read_ordinal, read_ordinal_after
from verst.reading.ranges import read_range
from verst.reading.unit_words import Said, read_unit, unit_before

_YEAR = 525_600.0  # minutes
_DAY = 1440.0
_TWO = {2.0, 120.0, 2880.0, 20160.0, 86400.0}  # minutes of two minutes, hours, days, weeks, months
_WIDEST = 6.0  # times its low end: of a range in two units
_PRICE_FROM = 1000  # nobody counts so many days
_SMALLEST_SUM = {"minute", "km"}


def measure(ground: Ground, index: int, free: int) -> Amount | None:
    """The amount whose number or unit begins at a token. Hedges before it reach back to token ``free`` at most."""
    if is_digits(ground.text(index)) or ground.found[index]:
        if "whole" in ground.found[index]:
            return _unnumbered(ground, index, free)
        return (
            _clock(ground, index, free)
            or _percent_before(ground, index, free)
            or read_ordinal(ground, index, free)
            or read_ordinal_after(ground, index)
            or _inverted(ground, index, free)
            or _numbered(ground, index, free)
            or _unnumbered(ground, index, free)
        )
    return None


def _clock(ground: Ground, index: int, free: int) -> Amount | None:
    """«3:40» is a time of day, or three hours and forty minutes: the caller knows."""
    if ground.text(index + 1) != ":":
        return None
    hour, minute = ground.text(index), ground.text(index + 2)
    if not (is_digits(hour) and is_digits(minute) and len(minute) == 2 and len(hour) <= 2):
        return None
    if not (ground.glued(index + 1) and ground.glued(index + 2)) or int(minute) > 59:
        return None
    minutes = int(hour) * 60.0 + int(minute)
    return _made(
        index,
        index + 2,
        value=minutes,
        unit="clock",
        as_minutes=minutes,
        bound=hedge_before(ground, index, free)[1] or "exact",
    )


def _percent_before(ground: Ground, index: int, free: int) -> Amount | None:
    """ "yüzde 20", "%20", 百分之二十: the word of per cent before the number."""
    at = ground.role(index, "percent_before")
    spoilt = ground.text(index) == "%" and (ground.glued(index) and is_digits(ground.text(index - 1)))
    number = read_range(ground, at) if at is not None and at < len(ground.toks) and not spoilt else None
    if number is None:
        return None
    first, before = hedge_before(ground, index, free)
    last, after = hedge_after(ground, number.after)
    return _made(first, last - 1, bound=_bound(number, before, after), **_scaled(number, _PERCENT))


def _inverted(ground: Ground, index: int, free: int) -> Amount | None:
    """«машин 200», «часа три-четыре»: the number after the noun, which makes it a rough one."""
    if "inverted" not in ground.found[index]:
        return None
    unit = read_unit(ground, index)
    if unit is None:
        return None
    at, bound = unit.after, None
    if unit.unit == "km":
        at = ground.role(at, "inverted_on") or at  # «километров на семь»
    hedge = hedge_before(ground, at, at, forward=True)
    at, bound = hedge
    if at >= len(ground.toks) or not ground.same_line(at) or not ground.same_line(unit.after):
        return None
    number = read_range(ground, at)
    if number is None or ground.text(number.after) == ":" or number.value < 1:
        return None
    counted = read_unit(ground, number.after, number=number)  # «метров сто машин» are metres
    if (counted is not None and not (unit.unit == "km" and counted.unit == "vehicle")) or (
        unit.unit == "minute" and number.value * unit.factor > _YEAR
    ):
        return None  # «за сутки 6109 въехало»
    first, before = hedge_before(ground, index, free)
    last, after = hedge_after(ground, number.after)
    return _made(first, last - 1, bound=before or bound or after or "approx", **_scaled(number, unit))


def _numbered(ground: Ground, index: int, free: int) -> Amount | None:
    number = read_range(ground, index)
    if number is None:
        return None
    first, before = hedge_before(ground, index, free)
    whole = ground.found[number.after].get("whole") if number.after < len(ground.toks) else None
    if whole is not None and number.low is None and ground.same_line(number.after):  # «три четверти часа»
        unit: Said | None = Said("minute", whole[1].value, ground.text(number.after), None, whole[0])
    else:
        unit = unit_before(ground, index, free) or read_unit(ground, number.after, number=number)
        if unit is not None and unit.unit == "minute" and unit.factor >= _DAY and number.value >= _PRICE_FROM:
            unit = replace(unit, unit="none", factor=1.0)  # «4000 сутки» is a price of one
    if unit is None:
        last, after = hedge_after(ground, number.after)
        return _made(first, last - 1, bound=_bound(number, before, after), **_scaled(number, _NONE))
    amount = _made(first, unit.after - 1, bound=_bound(number, before, unit.bound), **_scaled(number, unit))
    if unit.before:
        amount = replace(amount, first_token=min(first, index - 1), last_token=max(number.after, unit.after) - 1)
    return _with_rest(ground, amount, number, before)


_NONE = Said("none", 1.0, "", None, 0)
_PERCENT = Said("percent", 1.0, "%", None, 0)


def _unnumbered(ground: Ground, index: int, free: int) -> Amount | None:
    """«сутки», «полдня», «час»: a unit that stands alone is one of it."""
    hit = ground.found[index].get("whole")
    if hit is not None:
        first, before = hedge_before(ground, index, free)
        two = hit[1].value in _TWO  # ساعتين: the half after it is of one
        amount = _made(first, hit[0] - 1, value=hit[1].value, unit="minute", factor=hit[1].value / (1 + two),
                       unit_said=ground.text(index), bound=before or "exact")  # fmt: skip
        return _with_rest(ground, amount, None, before)
    asked = ground.role(index, "how_many")
    if asked is not None:
        unit = read_unit(ground, asked)
        if unit is not None:
            return _made(index, unit.after - 1, bare=True, **_scaled(_ONE, unit))
        return None
    first, before = hedge_before(ground, index, free)
    stands = "bare" in ground.found[index] or ("bare_hedged" in ground.found[index] and before is not None)
    if not stands or _is_vague(ground, index) or "not_unit" in ground.found[index]:
        return None
    unit = read_unit(ground, index)
    if unit is None:
        return None
    amount = _made(first, unit.after - 1, bare=True, bound=before or "exact", **_scaled(_ONE, unit))
    return _with_rest(ground, amount, None, before)


_ONE = Number(1.0, 0, 0, False)


def _is_vague(ground: Ground, index: int) -> bool:
    """«несколько часов»: a vague word makes no number."""
    return any(ground.role(index - back, "vague") is not None for back in (1, 2, 3) if index >= back)


def _scaled(number: Number, unit: Said) -> dict[str, Any]:
    def times(figure: float | None) -> float | None:
        return None if figure is None else round(figure * unit.factor, 6)

    extra: dict[str, Any] = {"unit": unit.unit, "unit_said": unit.said, "factor": unit.factor}
    if unit.unit == "vehicle":
        extra["mode"] = unit.detail or "any"
    if unit.unit == "money":
        extra["currency"] = unit.detail or None
    return {"value": times(number.value), "low": times(number.low), "high": times(number.high), **extra}


def _bound(number: Number, before: Bound | None, after: Bound | None) -> Bound:
    if number.low is not None:
        return "approx"
    for bound in (before, after):
        if bound in ("min", "max"):
            return bound
    return before or after or ("approx" if number.approx else "exact")


def _with_rest(ground: Ground, amount: Amount, number: Number | None, before: Bound | None) -> Amount:
    """Halves, smaller units and hedges that follow: «час с половиной», «3 ч 40 мин», «сутки с лишним»."""
    after = amount.last_token + 1
    end = ground.role(after, "half_after")
    if end is not None and amount.low is None and amount.unit in _SMALLEST_SUM:
        half = ground.found[after]["half_after"][1].value * amount.factor
        amount = replace(amount, value=amount.value + half, last_token=end - 1, bare=False)
    if amount.unit == "minute" and amount.low is None:
        amount = _spread(ground, amount)
    if amount.unit in _SMALLEST_SUM and amount.low is None:
        amount = _sum(ground, amount)
    elif amount.unit == "age" and amount.low is None:  # «2 года и 3 месяца» is no age
        years = replace(amount, unit="minute", value=amount.value * _YEAR, factor=_YEAR)
        summed = _sum(ground, years)
        amount = summed if summed is not years else amount
    if amount.unit == "minute" and amount.low is None:
        amount = _without(ground, amount)
    last, bound = hedge_after(ground, amount.last_token + 1)
    if last > amount.last_token + 1:
        kept = amount.bound if amount.bound in ("min", "max") or amount.low is not None else bound
        amount = replace(amount, last_token=last - 1, bound=kept or amount.bound)
    return amount


def _spread(ground: Ground, amount: Amount) -> Amount:
    """«полчаса-час», «час-полтора», «от получаса до часа», "an hour or two"."""
    at = amount.last_token + 1
    end = ground.role(at, "range_or") or (at + 1 if ground.text(at) == "-" else None)
    if end is None and any("range_from" in ground.found[i] for i in range(amount.first_token, at)):
        end = ground.role(at, "range_to")
    if end is None or end >= len(ground.toks) or not ground.same_line(end):
        return amount
    part = _part(ground, end) or _bare_part(ground, end) or (_so_many(ground, end, amount) if amount.bare else None)
    if part is None or part.unit != "minute" or not amount.value < part.value <= amount.value * _WIDEST:
        return amount
    high = part.high or part.value
    return replace(amount, value=(amount.value + high) / 2, low=amount.value, high=high, bare=False, bound="approx",
                   last_token=part.last_token)  # fmt: skip


def _bare_part(ground: Ground, at: int) -> Amount | None:
    unit = read_unit(ground, at) if ground.found[at].keys() & {"bare", "bare_hedged"} else None
    return None if unit is None else _made(at, unit.after - 1, **_scaled(_ONE, unit))


def _so_many(ground: Ground, at: int, amount: Amount) -> Amount | None:
    """«час-полтора»: the second number is of the unit before."""
    number = read_range(ground, at)
    if number is None or number.low is not None or read_unit(ground, number.after, number=number) is not None:
        return None
    return _made(at, number.after - 1, value=number.value * amount.factor, unit="minute", factor=amount.factor)


def _without(ground: Ground, amount: Amount) -> Amount:
    """«двое суток без десяти часов»."""
    at = ground.role(amount.last_token + 1, "minus")
    part = _part(ground, at) if at is not None and at < len(ground.toks) and ground.same_line(at) else None
    if part is None or part.unit != "minute" or part.low is not None or part.value >= min(amount.factor, amount.value):
        return amount
    return replace(amount, value=amount.value - part.value, last_token=part.last_token, bare=False)


def _sum(ground: Ground, amount: Amount) -> Amount:
    for _ in range(4):
        at = amount.last_token + 1
        while at < len(ground.toks) and (
            ground.text(at) == "," or ground.role(at, "number_and") or ground.role(at, "between_and")
        ):
            at += 1
        more = ground.role(at, "filler") or ground.role(at, "skip")
        listed = ground.text(at - 1) == "," and ground.role(at, "filler") is None
        if at > amount.last_token + 1 and more is not None and "whole" not in ground.found[at] and not listed:
            at = more  # «сутки и ещё 5 часов»
        if at - amount.last_token > 3 or at >= len(ground.toks) or not ground.same_line(at):
            return amount
        part = _part(ground, at, hours=amount.factor == 60.0)
        if part is None or part.unit != amount.unit or part.factor >= amount.factor or part.value >= amount.factor:
            return amount
        if part.low is not None or (
            at > amount.last_token + 1 and ground.text(amount.last_token + 1) == "," and amount.bare
        ):
            return amount
        amount = replace(
            amount, value=amount.value + part.value, last_token=part.last_token, factor=part.factor, bare=False
        )
    return amount


def _part(ground: Ground, at: int, *, hours: bool = False) -> Amount | None:
    number = read_range(ground, at)
    if number is None:
        hit = ground.found[at].get("whole")
        if hit is None:
            return None
        return _made(at, hit[0] - 1, value=hit[1].value, unit="minute", factor=hit[1].value)
    unit = read_unit(ground, number.after, number=number)
    if unit is None and hours and number.low is None and 5 <= number.value < 60 and are_minutes(ground, number, at):
        return _made(at, number.after - 1, value=number.value, unit="minute", factor=1.0)
    return None if unit is None else _made(at, unit.after - 1, **_scaled(number, unit))


def _made(first: int, last: int, **fields: Any) -> Amount:
    return Amount(start=0, end=0, first_token=first, last_token=last, **fields)
