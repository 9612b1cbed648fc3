"""The unit of a number: after it, after a few words, or before it as with "$100"."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from verst.model import Bound
from verst.reading.done import is_let, is_taken
from verst.reading.forms import Entry
from verst.reading.ground import Ground
from verst.reading.numbers import Number

_METRES_FROM = 100
_LONGEST_SHORTENED = 5  # letters
_SKIPPED = 2  # words between a number and its noun: «легковых», "more"
_RATES = ("per_hour", "per_day")
_LONGEST_ENDING = 4  # letters of an ending after an apostrophe or a hyphen: 3600'ü


class Said(msgspec.Struct, frozen=True, gc=False):
    """A unit as said: minutes or kilometres of one, mode or currency; ``after`` is the token after it."""

    unit: str
    factor: float
    said: str
    detail: str | None
    after: int
    bound: Bound | None = None
    before: bool = False


def read_unit(ground: Ground, index: int, *, number: Number | None = None, ordinal: bool = False) -> Said | None:
    """The unit that begins at a token, or after endings and words that may stand between; None: there is none."""
    at, bound = _over_endings(ground, index)
    for _ in range(_SKIPPED + 1):
        if not at < len(ground.toks) or (at > 0 and not ground.same_line(at)):
            return None
        hit = ground.found[at].get("unit")
        rate = hit is not None and number is not None and not ground.found[at].keys().isdisjoint(_RATES)
        if rate and (is_let(ground, index - 1) or not is_taken(ground, index - 1, at + 1)):
            return None  # 15 an hour
        if hit is not None and _fits(ground, at, hit[1], number):
            if number is not None and "minute_or_metre" in ground.found[at]:
                return _minutes_or_metres(ground, at, number)
            return _joined(ground, at, hit, bound)
        step = _between(ground, at)
        if step is None:
            return None
        at, more = step
        bound = more or bound
    return None


def unit_at(ground: Ground, index: int) -> Said | None:
    """The unit whose words begin right at a token, with no number before it; None: there is none."""
    hit = ground.found[index].get("unit")
    return None if hit is None else _joined(ground, index, hit, None)


def _minutes_or_metres(ground: Ground, at: int, number: Number) -> Said:
    """ "40 m" are minutes, "400 m" metres: nobody says hours in minutes by one letter."""
    long = (number.high or number.value) >= _METRES_FROM
    unit, factor = ("km", 0.001) if long else ("minute", 1.0)
    return Said(unit, factor, ground.text(at), None, at + 1)


def _fits(ground: Ground, at: int, entry: Entry, number: Number | None) -> bool:
    """A one-letter unit needs digits right before it, and nothing that makes it another word."""
    if "short" not in ground.found[at]:
        return True
    if number is None or not number.digits:
        return False
    gap = ground.toks[at].start - ground.toks[at - 1].end
    dotted = ground.text(at + 1) in ("'", "`")
    return gap <= 1 and not dotted and not (entry.unit == "km" and number.scaled > 1)


def _between(ground: Ground, at: int) -> tuple[int, Bound | None] | None:
    """A word between number and unit: skipped («20 грузовых машин»), or a hedge («больше 20 с лишним часов»)."""
    for role, bound in (("min_after", "min"), ("about_after", "approx"), ("skip", None)):
        end = ground.role(at, role)
        if end is not None:
            return end, bound  # type: ignore[return-value]
    if ground.text(at) == "+" and ground.glued(at):
        return at + 1, "min"
    if ground.text(at) == ".":
        short = _is_shortened(ground.text(at - 1)) and "number" not in ground.found[at - 1]  # «тридцать две. Фуры …»
        return (at + 1, None) if ground.glued(at) and short else None
    return None


def _is_shortened(word: str) -> bool:
    """«тыс.», «млн.», «т.»: a dot behind it need end no sentence, but one behind «полтора» does."""
    return word.isalpha() and len(word) <= _LONGEST_SHORTENED


def _over_endings(ground: Ground, index: int) -> tuple[int, Bound | None]:
    """«2-х суток», «5-часовой», 3600'ü, «200-მდე»."""
    text = ground.text(index)
    stuck = ground.glued(index) and len(text) > 1 and ground.text(index - 1).isdigit()
    if stuck and "ending" in ground.found[index] and "unit" not in ground.found[index]:
        return index + 1, None  # «15ти километровая»
    if text not in ("-", "'") or not ground.glued(index) or not ground.glued(index + 1):
        return index, None
    for role, bound in (("max_after", "max"), ("min_after", "min"), ("about_after", "approx"), ("ending", None)):
        end = ground.role(index + 1, role)
        if end is not None:
            return end, bound  # type: ignore[return-value]
    if text == "'" and len(ground.text(index + 1)) <= _LONGEST_ENDING:
        return index + 2, None
    return (index + 1, None) if "unit" in ground.found[index + 1] else (index, None)


def _joined(ground: Ground, at: int, hit: tuple[int, Entry], bound: Bound | None) -> Said:
    """The unit, and a second word that says the same more closely: «легковых машин», «тыс. долларов США»."""
    after, entry = hit
    said = Said(entry.unit, entry.value, ground.text(at), entry.detail or None, after, bound)
    while said.unit == "vehicle" and after < len(ground.toks) and ground.same_line(after):
        more = ground.found[after].get("unit")
        if more is None or more[1].unit != "vehicle":
            break
        detail = more[1].detail if said.detail in (None, "any") else said.detail
        said, after = replace(said, after=more[0], detail=detail), more[0]
    return said


def unit_before(ground: Ground, index: int, free: int) -> Said | None:
    """Money said before the number: $100, € 45."""
    at = index - 1
    if at < free or at < 0:
        return None
    hit = ground.found[at].get("unit")
    if (
        hit is None
        or hit[0] != index
        or hit[1].unit != "money"
        or (ground.text(at).isalpha() and len(ground.text(at)) != 3)
    ):
        return None
    following = ground.found[index + 1].get("unit") if index + 1 < len(ground.toks) else None
    if following is not None and following[1].unit == "money":
        return None
    return Said("money", 1.0, ground.text(at), hit[1].detail, index + 1, None, True)
