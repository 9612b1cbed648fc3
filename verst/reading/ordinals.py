"""Running units: «пятый час», "day 3", «двадцать первые сутки», 第三天: of the n-th, n-1 are over."""

from __future__ import annotations

from verst.reading.amount import Amount
from verst.reading.ground import Ground, is_digits
from verst.reading.hedges import hedge_before
from verst.reading.numbers import Number, read_number
from verst.reading.unit_words import Said, read_unit

_TENS = (20.0, 30.0, 40.0)
_RUNNING = frozenset(("ordinal", "nth", "nth_before"))
_LAST = 31  # of running days or hours


def read_ordinal(ground: Ground, index: int, free: int) -> Amount | None:
    """«пятый час»: four are over, so at least four."""
    if ground.roles.isdisjoint(_RUNNING):
        return None
    hit = ground.found[index].get("ordinal")
    tens = ground.found[index].get("number")
    counted = ground.role(index, "nth_before")
    if hit is not None:
        after, count = hit[0], hit[1].value
    elif tens is not None and tens[1].value in _TENS and (ones := _ordinal_at(ground, tens[0])) is not None:
        after, count = ones[0], tens[1].value + ones[1]  # «двадцать первые сутки»
    elif counted is not None and is_digits(ground.text(counted)) and len(ground.text(counted)) < 4:
        after, count = counted + 1, float(ground.text(counted))  # 第3天
    elif is_digits(ground.text(index)) and len(ground.text(index)) < 4 and (end := _nth(ground, index + 1)) is not None:
        after, count = end, float(ground.text(index))
    else:
        return None
    unit = read_unit(ground, after, ordinal=True)
    if unit is None or unit.unit != "minute" or count < 2:
        return None
    first = hedge_before(ground, index, free)[0]
    return _counted(first, unit.after - 1, count, unit)


def read_ordinal_after(ground: Ground, index: int) -> Amount | None:
    """ "day 3", «сутки пятые», «اليوم الثالث»: the running one is counted after its name."""
    after = ground.role(index, "unit_first")
    if after is None or after >= len(ground.toks) or not ground.same_line(after):
        return None
    if any("per_day" in ground.found[i] or "day_before" in ground.found[i] for i in (index - 1, index) if i >= 0):
        return None
    hit, unit = ground.found[after].get("ordinal"), read_unit(ground, index)
    if hit is not None:
        count, end = hit[1].value, hit[0]
    elif (number := read_number(ground, after)) is not None and not _goes_on(ground, number):
        count, end = number.value, number.after
    else:
        return None
    if unit is None or unit.unit != "minute" or not 2 <= count <= _LAST or count % 1:
        return None
    return _counted(index, end - 1, count, unit)


def _goes_on(ground: Ground, number: Number) -> bool:
    """Whether a number is followed by what it counts, dates or goes on to."""
    after = number.after
    roles = ground.found[after].keys() if after < len(ground.toks) else frozenset[str]()
    sign = ground.text(after) in ("-", ":", ".", ",", "/", "%", "+", "'") and ground.glued(after + 1)
    counts = read_unit(ground, after, number=number) is not None
    return sign or counts or bool(roles & {"month", "range_to", "range_or"})


def _ordinal_at(ground: Ground, index: int) -> tuple[int, float] | None:
    hit = ground.found[index].get("ordinal") if index < len(ground.toks) else None
    return None if hit is None or hit[1].value >= 10 else (hit[0], hit[1].value)


def _nth(ground: Ground, index: int) -> int | None:
    at = index + 1 if ground.text(index) == "-" and ground.glued(index) else index
    return ground.role(at, "nth") if ground.glued(at) else None


def _counted(first: int, last: int, count: float, unit: Said) -> Amount:
    return Amount(start=0, end=0, first_token=first, last_token=last, value=(count - 1) * unit.factor, unit="minute",
                  factor=unit.factor, unit_said=unit.said, bound="min", ordinal=True)  # fmt: skip
