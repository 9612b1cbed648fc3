"""Ranges: «2-3», «от 5 до 7», "between five and six", «пять-шесть», «10 или 12»."""

from __future__ import annotations

from msgspec.structs import replace

from verst.reading.ground import Ground, is_digits
from verst.reading.numbers import Number, read_number

_SIGNS = {"-", "~", "…", "÷"}
_FARTHEST = 25.0  # times the low end: «от 20k до 100k» is a range, «5-4000» is not


def read_range(ground: Ground, index: int) -> Number | None:
    """The number at a token, with its range when one follows; ``value`` is then the midpoint."""
    first = read_number(ground, index)
    if first is None:
        return None
    at = _joint(ground, index, first)
    if at is None:
        return first
    second = read_number(ground, at)
    if second is None or (ground.text(second.after) == ":" and ground.glued(second.after)):
        return first
    low = first.value
    if second.scaled >= 1000 and first.scaled == 1.0 and low < 1000 and low * second.scaled < second.value:
        low *= second.scaled
    if not low < second.value <= max(low, 0.5) * _FARTHEST:
        return first
    return replace(second, first=index, value=(low + second.value) / 2, low=low, high=second.value)


def _joint(ground: Ground, index: int, first: Number) -> int | None:
    """The token at which the second number of a range begins; None: there is no range."""
    after = _over_unit(ground, first.after)
    if not ground.same_line(after) or after + 1 >= len(ground.toks):
        return None
    text = ground.text(after)
    if text in _SIGNS:
        return after + 1
    if text == "." and ground.text(after + 1) == "." and ground.glued(after):
        after += 2
        return after + 1 if ground.text(after) == "." else after
    if text == "/" and first.digits and is_digits(ground.text(after + 1)) and ground.glued(after):
        return after + 1
    for role in ("range_to", "range_or"):
        end = ground.role(after, role)
        if end is not None:
            return end
    end = ground.role(after, "between_and")
    if end is not None and any(_ends_at(ground, index, back) for back in (1, 2)):
        return end
    hit = ground.found[after].get("number")
    if hit and not first.digits and _next_to(first.value, hit[1].value) and "unit" in _roles(ground, hit[0]):
        return after  # 三四个小时, «пять шесть часов»
    if hit and hit[1].linked and any(_ends_at(ground, index, back) for back in (1, 2)):
        return after
    return None


def _next_to(one: float, other: float) -> bool:
    return 2 <= one < 9 and other == one + 1


def _roles(ground: Ground, index: int) -> frozenset[str]:
    return frozenset(ground.found[index]) if index < len(ground.toks) else frozenset()


def _ends_at(ground: Ground, index: int, back: int) -> bool:
    return ground.role(index - back, "between") == index


def _over_unit(ground: Ground, after: int) -> int:
    """«3km-5km», «20% - 30%»: the unit may be said twice; «2-х — 3-х»: so may an ending."""
    if ground.text(after) == "-" and ground.glued(after) and ground.glued(after + 1):
        end = ground.role(after + 1, "ending")
        if end is not None and end < len(ground.toks) and ground.text(end) in _SIGNS:
            return end
    hit = ground.found[after].get("unit") if after < len(ground.toks) else None
    if hit is None or hit[0] >= len(ground.toks):
        return after
    sign = ground.text(hit[0]) in _SIGNS or "range_to" in ground.found[hit[0]]
    at = hit[0] + 1
    if not sign or at >= len(ground.toks):
        return after
    second = read_number(ground, at)
    other = ground.found[second.after].get("unit") if second and second.after < len(ground.toks) else None
    same = other is not None and (other[1].unit, other[1].value) == (hit[1].unit, hit[1].value)
    return hit[0] if same else after
