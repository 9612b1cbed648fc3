"""The words of one time: a day, a part of it, a clock, a date, «3 часа назад», with «с», «до» or «в» before."""

from __future__ import annotations

import re

from verst.reading.calendar import Said
from verst.reading.date_words import read_date
from verst.reading.done import is_done
from verst.reading.ground import Ground, is_digits
from verst.reading.hours import read_clock
from verst.reading.ranges import read_range
from verst.reading.unit_words import read_unit

_MOST_STEPS = 7
_RELATIONS = ("since", "until", "at")
_DISTANCES = frozenset(("ago_whole", "ago_before", "ago_after", "in_future"))
# Without one of these, or digits with a sign between («22:30», «22.09»), no words make a time sure.
_TELLING = _DISTANCES | frozenset(
    "month of_day nth_day bare_hour clock_h oclock_at oclock am pm part clock_after clock_word since day weekday noon "
    "midnight hour_word".split()
)
# With one of these, or digits, a piece of a time begins.
_PIECES = frozenset(
    "month bare_hour hour_word number scale day part weekday noon midnight this_part last next clock_word".split()
)
_WRITTEN = re.compile(r"\d[:.h-]\d")


def may_tell_time(ground: Ground) -> bool:
    """Whether anything in a text can make a time: where not, it need not be looked for."""
    return not ground.roles.isdisjoint(_TELLING) or _WRITTEN.search(ground.folded) is not None


def read_time(ground: Ground, index: int, free: int) -> Said | None:
    """The time whose words begin at a token; None: none does. Words before token ``free`` are spoken for."""
    return _distance(ground, index) or _named(ground, index, free)


def _distance(ground: Ground, index: int) -> Said | None:
    """«3 часа назад», "il y a 2 heures", «через 2 часа», «позавчера» aside."""
    if ground.roles.isdisjoint(_DISTANCES):
        return None
    end = ground.role(index, "ago_whole")
    if end is not None:
        return Said(index, end - 1, minutes_ago=ground.found[index]["ago_whole"][1].value)
    for role, sign in (("ago_before", 1.0), ("in_future", -1.0)):
        start = ground.role(index, role)
        if start is not None and (span := _duration(ground, start)) is not None:
            if role == "in_future" and is_done(ground, index, span[1]):
                return None
            return Said(index, span[1] - 1, minutes_ago=sign * span[0])
    if "ago_after" not in ground.roles or not (is_digits(ground.text(index)) or ground.found[index]):
        return None
    span = _duration(ground, index)
    if span is None:
        return None
    end = ground.role(span[1], "ago_after")
    return None if end is None else Said(index, end - 1, minutes_ago=span[0])


def _duration(ground: Ground, index: int) -> tuple[float, int] | None:
    """Minutes, and the token after."""
    if index >= len(ground.toks):
        return None
    whole = ground.found[index].get("whole")
    if whole is not None:
        return whole[1].value, whole[0]
    number = read_range(ground, index)
    if number is None:
        unit = read_unit(ground, index) if "bare" in ground.found[index] else None
        return (unit.factor, unit.after) if unit and unit.unit == "minute" else None
    unit = read_unit(ground, number.after, number=number)
    if unit is None or unit.unit != "minute" or number.value <= 0:
        return None
    return number.value * unit.factor, unit.after


def _named(ground: Ground, index: int, free: int) -> Said | None:
    """Days, parts of days, clocks and dates, in any order, one after another."""
    at, relation, opened = _relation(ground, index)
    begins = is_digits(ground.text(at)) or not _PIECES.isdisjoint(ground.found[at])
    if not begins and ground.role(index, "clock_word") is None:
        return None  # «в Грузию», «на машине»
    said = Said(index, index, relation)
    named = _over_clock_word(ground, index)
    named = named if named > index else _over_clock_word(ground, at)
    if named > index and named >= at and (named > at or ground.role(index, "clock_word") is not None):
        at, said.named, opened = named, True, True
    sure = False
    for _ in range(_MOST_STEPS):
        before, said.relation = said.relation, relation
        step = _piece(ground, at, said, opened)
        if step is None:
            said.relation = before  # «у середу з України»: no time follows
            break
        at, sure = step[0], sure or step[1]
        if step[1]:  # «вчера прошли»: «прошл…» alone belongs to no time
            said.last = at - 1
        joint = _joint(ground, at)
        named = _over_clock_word(ground, at)
        if named > at and ground.same_line(at):
            at, said.named, opened = named, True, True
        elif joint is not None:
            at, opened = joint[0], True
            relation = joint[1] if said.relation == "at" and said.hour is None else said.relation
    if not sure or said.last < index or _is_lone_clock(ground, index, said, opened):
        return None
    end = ground.role(said.last + 1, "since_after")
    if end is not None:
        said.relation, said.last = "since", end - 1
    return said


def _is_lone_clock(ground: Ground, index: int, said: Said, opened: bool) -> bool:
    """«стоим 3:40» may be a duration, «от 6 до 7» goes on a range: neither is a time for sure."""
    if "range_to" in ground.found[index] and index > 0:
        before = ground.text(index - 1)
        if is_digits(before) or "number" in ground.found[index - 1]:
            return said.day is None and said.part is None
    alone = said.day is None and said.part is None and said.weekday is None and said.date is None and not said.half
    return alone and not opened and ground.same_line(index) and ground.text(index - 1).isalpha()


def _relation(ground: Ground, index: int) -> tuple[int, str, bool]:
    if not ground.found[index]:
        return index, "at", False
    now_at = ground.role(index, "now_at")
    if now_at is not None and now_at < len(ground.toks) and now_at - index > 1:
        return now_at, "at", True
    for role in _RELATIONS:
        end = ground.role(index, role)
        if end is not None and end < len(ground.toks):
            return end, role, True
    return index, "at", False


def _over_clock_word(ground: Ground, at: int) -> int:
    """The token after «o godzinie», "saat", "الساعة": a number there is an hour. Not after a number: «2 saat 20»."""
    end = ground.role(at, "clock_word")
    if end is None:
        return at
    number = at > 0 and (is_digits(ground.text(at - 1)) or "number" in ground.found[at - 1])
    return at if number or end >= len(ground.toks) else end


def _joint(ground: Ground, at: int) -> tuple[int, str] | None:
    """«вчера в 22:30», «вчера с часу дня»: a word that joins two pieces of one time; the token after, its relation."""
    if at >= len(ground.toks) or not ground.same_line(at):
        return None
    after = at + 1 if ground.text(at) == "," and at + 1 < len(ground.toks) else at
    for role in ("at", "since"):
        end = ground.role(after, role)
        if end is not None and end < len(ground.toks):
            return end, role
    return None


def _piece(ground: Ground, at: int, said: Said, opened: bool) -> tuple[int, bool] | None:
    """Take one piece of a time at a token: the token after, and whether it alone makes a time sure."""
    if at >= len(ground.toks) or (at > said.first and not ground.same_line(at)):
        return None
    roles = ground.found[at]
    return (
        read_date(ground, at, said)
        or read_clock(ground, at, said, opened)
        or (_word(at, said, roles, opened) if roles and not _is_counted(ground, at) else None)
    )


def _is_counted(ground: Ground, at: int) -> bool:
    """«اليوم الثالث»: the third day, not today."""
    after = ground.role(at, "unit_first")
    return after is not None and after < len(ground.toks) and "ordinal" in ground.found[after]


def _word(at: int, said: Said, roles: object, opened: bool) -> tuple[int, bool] | None:
    found: dict[str, tuple[int, object]] = roles  # type: ignore[assignment]
    if "since_form" in found and said.relation == "at":
        said.relation = "since"  # "aamusta", "hommikust": the case alone says from when
    if "day" in found and said.day is None:
        said.day = int(found["day"][1].value)  # type: ignore[attr-defined]
        return found["day"][0], True
    if "part" in found and said.part is None and not ("part_of" in found and "unit" in found):  # «3 дня»
        said.part = int(found["part"][1].value)  # type: ignore[attr-defined]
        return found["part"][0], True
    if "weekday" in found and said.weekday is None:
        said.weekday = int(found["weekday"][1].value)  # type: ignore[attr-defined]
        return found["weekday"][0], True
    if "noon" in found and said.hour is None and opened:
        said.hour = 12
        return found["noon"][0], True
    if "midnight" in found and said.hour is None and opened:
        said.hour = 0
        return found["midnight"][0], True
    if "hour_word" in found and said.hour is None and opened and not found["hour_word"][1].value % 1:  # type: ignore[attr-defined]
        said.hour = int(found["hour_word"][1].value)  # type: ignore[attr-defined]
        return found["hour_word"][0], True
    if "this_part" in found or "last" in found or "next" in found:
        role = next(r for r in ("this_part", "last", "next") if r in found)
        said.following = said.following or role == "next"
        return found[role][0], False
    return None
