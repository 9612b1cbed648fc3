"""Hedges before and after a figure: «около», «не меньше», «от силы», "or so", "1200+"."""

from __future__ import annotations

from verst.model import Bound
from verst.reading.ground import Ground, is_digits

_BEFORE: tuple[tuple[str, Bound], ...] = (("min_before", "min"), ("max_before", "max"), ("about_before", "approx"))
_AFTER: tuple[tuple[str, Bound], ...] = (("min_after", "min"), ("max_after", "max"), ("about_after", "approx"))
_SIGNS: dict[str, Bound] = {"~": "approx", "≈": "approx", ">": "min", "≥": "min", "<": "max", "≤": "max"}
_REACH = 6
_LEADING = frozenset(("filler", *(role for role, _ in _BEFORE)))


def hedge_before(ground: Ground, index: int, free: int, *, forward: bool = False) -> tuple[int, Bound | None]:
    """The hedges that end right before a token: the first token of them, and what they make of the figure.

    With ``forward`` the hedges that begin at the token: the token after them, and the same.
    """
    return _forward(ground, index) if forward else _backward(ground, index, free)


def _forward(ground: Ground, index: int) -> tuple[int, Bound | None]:
    bound: Bound | None = None
    for _ in range(_REACH):
        step = _step(ground, index, _BEFORE) or _filler(ground, index)
        if step is None:
            break
        index, bound = step[0], _stronger(bound, step[1])
    return index, bound


def _backward(ground: Ground, index: int, free: int) -> tuple[int, Bound | None]:
    if ground.roles.isdisjoint(_LEADING) and ground.text(index - 1) not in _SIGNS:
        return index, None
    bound: Bound | None = None
    first = index
    for _ in range(_REACH):
        found = None
        for back in (4, 3, 2, 1):
            at = first - back
            if at < free or not ground.same_line(at + 1):
                continue
            step = _step(ground, at, _BEFORE) or (_filler(ground, at) if back <= 2 else None)
            if step is not None and step[0] == first:
                found = at, step[1]
                break
        if found is None:
            break
        first, bound = found[0], _stronger(bound, found[1])
    return (first, bound) if bound is not None else (index, None)


def _filler(ground: Ground, index: int) -> tuple[int, Bound | None] | None:
    end = ground.role(index, "filler")
    return None if end is None else (end, None)


def _step(ground: Ground, index: int, roles: tuple[tuple[str, Bound], ...]) -> tuple[int, Bound | None] | None:
    if not 0 <= index < len(ground.toks):
        return None
    sign = _SIGNS.get(ground.text(index))
    if sign is not None:
        return index + 1, sign
    best: tuple[int, Bound | None] | None = None
    begun = ground.found[index]
    for role, bound in roles if begun else ():
        hit = begun.get(role)
        if hit is not None and (best is None or hit[0] > best[0]):
            best = hit[0], bound
    return best


def _stronger(one: Bound | None, other: Bound | None) -> Bound | None:
    """The nearer hedge wins, unless it is only rough and the farther one sets a limit."""
    if one is None or (one == "approx" and other in ("min", "max")):
        return other
    return one


def hedge_after(ground: Ground, index: int) -> tuple[int, Bound | None]:
    """The hedges that begin at a token, right after a figure: the token after them, and what they make of it."""
    bound: Bound | None = None
    if ground.text(index) == "+" and ground.glued(index) and not _goes_on(ground, index + 1):
        index, bound = index + 1, "min"
    for _ in range(2):
        at = index + 1 if ground.text(index) == "-" and ground.glued(index) else index
        if at >= len(ground.toks) or not ground.same_line(index):
            break
        step = _step(ground, at, _AFTER) if ground.text(at) not in _SIGNS else None
        if step is None:
            break
        index, bound = step[0], _stronger(bound, step[1])
    return index, bound


def _goes_on(ground: Ground, index: int) -> bool:
    return ground.glued(index) and is_digits(ground.text(index))
