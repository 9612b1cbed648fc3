"""Dates: «28 сентября», "October 3", 22.09, 22.09.2022."""

from __future__ import annotations

from verst.reading.calendar import Said
from verst.reading.ground import Ground, is_digits


def read_date(ground: Ground, at: int, said: Said) -> tuple[int, bool] | None:
    """«28 сентября», "October 3", "22.09", "22.09.2022"."""
    if said.date is not None:
        return None
    text = ground.text(at)
    month = ground.found[at].get("month")
    if month is not None and is_digits(ground.text(month[0])) and int(ground.text(month[0])[:4]) <= 31:
        end = month[0] + 1
        said.date = (None, int(month[1].value), int(ground.text(month[0])))
        return (ground.role(end, "nth") or end) if ground.glued(end) else end, True
    if not is_digits(text) or len(text) > 2 or not 1 <= int(text) <= 31:
        return None
    after = at + 1
    if ground.text(after) == "-" and ground.glued(after):
        after = ground.role(after + 1, "nth") or after
    elif ground.glued(after) and ground.role(after, "nth"):
        after = ground.role(after, "nth") or after
    elif ground.text(after) == ".":
        dotted = _dotted(ground, at, said)
        if dotted is not None:
            return dotted
        after += 1
    after = ground.role(after, "of_month") or after
    month = ground.found[after].get("month") if after < len(ground.toks) else None
    if month is None:
        return _nth_day(ground, at, said)
    said.date = (None, int(month[1].value), int(text))
    year = ground.text(month[0])
    if is_digits(year) and len(year) == 4 and 1990 <= int(year) <= 2100:
        said.date = (int(year), int(month[1].value), int(text))
        return month[0] + 1, True
    return month[0], True


def _nth_day(ground: Ground, at: int, said: Said) -> tuple[int, bool] | None:
    """«26-го», «с 24 числа», "on the 24th": a day without its month."""
    end = ground.role(at + 1, "of_day")
    after = at + 2 if ground.text(at + 1) == "-" and ground.glued(at + 1) else at + 1
    nth = ground.role(after, "nth_day") if ground.glued(after) else None
    if end is None and nth is not None:
        end = ground.role(nth, "of_day") or nth
        told = not ground.text(end).isalpha() or _roles(ground, end).keys() & {"at", "part", "since", "until"}
        if not told and end != ground.role(nth, "of_day"):
            return None
    if end is None:
        return None
    said.date = (None, 0, int(ground.text(at)))
    return end, True


def _dotted(ground: Ground, at: int, said: Said) -> tuple[int, bool] | None:
    day, month = ground.text(at), ground.text(at + 2)
    if not (is_digits(month) and len(month) == 2 and len(day) == 2 and ground.glued(at + 1) and ground.glued(at + 2)):
        return None
    if not 1 <= int(month) <= 12 or "unit" in _roles(ground, at + 3):
        return None
    year = ground.text(at + 4)
    if ground.text(at + 3) == "." and ground.glued(at + 4) and is_digits(year) and len(year) in (2, 4):
        said.date = (int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
        return at + 5, True
    said.date = (None, int(month), int(day))
    return at + 3, True


def _roles(ground: Ground, index: int) -> dict[str, object]:
    return dict(ground.found[index]) if index < len(ground.toks) else {}
