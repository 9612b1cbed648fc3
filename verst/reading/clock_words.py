"""The words of one time: a day, a part of it, a clock, a date, «3 часа назад», with «с», «до» or «в» before."""

from __future__ import annotations

from verst.reading.calendar import Said
from verst.reading.date_words import read_date
from verst.reading.done import is_done
from verst.reading.ground import Ground, is_digits
from verst.reading.numbers import read_number
from verst.reading.ranges import read_range
from verst.reading.unit_words import read_unit

_MOST_STEPS = 7
_RELATIONS = ("since", "until", "at")


def read_time(ground: Ground, index: int, free: int) -> Said | None:
    """The time whose words begin at a token; None: none does. Words before token ``free`` are spoken for."""
    return _distance(ground, index) or _named(ground, index, free)


def _distance(ground: Ground, index: int) -> Said | None:
    """«3 часа назад», "il y a 2 heures", «через 2 часа», «позавчера» aside."""
    end = ground.role(index, "ago_whole")
    if end is not None:
        return Said(index, end - 1, minutes_ago=ground.found[index]["ago_whole"][1].value)
    for role, sign in (("ago_before", 1.0), ("in_future", -1.0)):
        start = ground.role(index, role)
        if start is not None and (span := _duration(ground, start)) is not None:
            if role == "in_future" and is_done(ground, index, span[1]):
                return None
            return Said(index, span[1] - 1, minutes_ago=sign * span[0])
    if not (is_digits(ground.text(index)) or ground.found[index]):
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
    said = Said(index, index)
    at, said.relation, opened = _relation(ground, index)
    if (end := _over_clock_word(ground, index if ground.role(index, "clock_word") is not None else at)) > at or (
        end == at and opened and ground.role(index, "clock_word") is not None
    ):
        at, said.named, opened = end, True, True
    sure = False
    for _ in range(_MOST_STEPS):
        step = _piece(ground, at, said, opened)
        if step is None:
            break
        at, sure = step[0], sure or step[1]
        if step[1]:  # «вчера прошли»: «прошл…» alone belongs to no time
            said.last = at - 1
        joint = _joint(ground, at)
        if (end := _over_clock_word(ground, at)) > at and ground.same_line(at):
            at, said.named, opened = end, True, True
        elif joint is not None:
            at, opened = joint, True
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
    number = at > 0 and (is_digits(ground.text(at - 1)) or "number" in ground.found[at - 1])
    return at if end is None or number or end >= len(ground.toks) else end


def _joint(ground: Ground, at: int) -> int | None:
    """«вчера в 22:30», «28 сентября, в 14:00»: a word that joins two pieces of one time."""
    if at >= len(ground.toks) or not ground.same_line(at):
        return None
    after = at + 1 if ground.text(at) == "," and at + 1 < len(ground.toks) else at
    for role in ("at", "since"):
        end = ground.role(after, role)
        if end is not None and end < len(ground.toks):
            return end
    return None


def _piece(ground: Ground, at: int, said: Said, opened: bool) -> tuple[int, bool] | None:
    """Take one piece of a time at a token: the token after, and whether it alone makes a time sure."""
    if at >= len(ground.toks) or (at > said.first and not ground.same_line(at)):
        return None
    roles = ground.found[at]
    return (
        read_date(ground, at, said)
        or _clock(ground, at, said, opened)
        or (_word(at, said, roles, opened) if roles and not _is_counted(ground, at) else None)
    )


def _is_counted(ground: Ground, at: int) -> bool:
    """«اليوم الثالث»: the third day, not today."""
    after = ground.role(at, "unit_first")
    return after is not None and after < len(ground.toks) and "ordinal" in ground.found[after]


def _word(at: int, said: Said, roles: object, opened: bool) -> tuple[int, bool] | None:
    found: dict[str, tuple[int, object]] = roles  # type: ignore[assignment]
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
    if "hour_word" in found and said.hour is None and opened:
        said.hour = int(found["hour_word"][1].value)  # type: ignore[attr-defined]
        return found["hour_word"][0], True
    if "this_part" in found or "last" in found or "next" in found:
        role = next(r for r in ("this_part", "last", "next") if r in found)
        said.following = said.following or role == "next"
        return found[role][0], False
    return None


def _clock(ground: Ground, at: int, said: Said, opened: bool) -> tuple[int, bool] | None:
    """«22:30», «6 утра», «в 6 часов», "5 pm", «о десятій ранку»."""
    if said.hour is not None:
        return None
    number = read_number(ground, at) if is_digits(ground.text(at)) or "number" in ground.found[at] else None
    ordinal = ground.found[at].get("hour_word")
    one = ground.role(at, "bare_hour")
    if one is not None and ground.role(one, "part_of") is not None:  # «час ночи»
        said.hour = 1
        return _with_half(ground, one, said), True
    if number is None and ordinal is None:
        return None
    if ordinal is not None and said.part is not None:
        said.hour = int(ordinal[1].value)
        return ordinal[0], True
    if number is None and ordinal is not None:
        hour, after = int(ordinal[1].value), ordinal[0]
    else:
        assert number is not None
        if is_digits(ground.text(at)):
            exact = _written(ground, at, opened)
            if exact is not None:
                said.hour, said.minute = exact[0], exact[1]
                return _with_half(ground, exact[2], said), True
            hour, after = int(ground.text(at)), at + 1
            if number.after > after or hour > 24:
                return None
        elif number.value % 1 == 0.5 and _half_past(ground, number.after, said):  # 晚上十点半
            said.hour, said.minute = int(number.value), 30
            return number.after, True
        elif number.value == int(number.value) and 0 < number.value <= 24:
            hour, after = int(number.value), number.after
        else:
            return None
    return _spoken(ground, hour, after, said, opened)


def _spoken(ground: Ground, hour: int, after: int, said: Said, opened: bool) -> tuple[int, bool] | None:
    """An hour alone is a time only with «утра», «pm», or a word before it that opens a time."""
    kept = said.half, said.part
    said.hour = hour
    if opened and said.named:
        after = _over_suffix(ground, after)
    oclock = ground.role(after, "oclock")
    if said.part is not None and ground.role(after, "oclock_at") is not None:
        return after + 1, True
    if oclock is not None and hour <= 24 and (opened or ground.role(oclock, "part_of") is not None):
        end = _with_half(ground, oclock, said)
        if end > oclock or (said.relation == "since" and "oclock_since" in ground.found[oclock - 1]):
            return end, True
        if said.relation != "until" and _pure_at(ground, said):
            return end, True
        said.hour, (said.half, said.part) = None, kept
        return None
    end = _with_half(ground, after, said)
    if end > after and (opened or not _is_days(ground, hour, after)):
        return end, True
    said.half, said.part = kept
    if opened and said.named and hour <= 24 and _alone(ground, after) and not _counts_on(ground, after):
        return after, True
    end = after
    if (
        said.relation == "since"
        and opened
        and "unit" not in _roles(ground, after)
        and ground.text(after) not in ("-", "%", "/")
    ):
        return end, said.part is not None or _alone(ground, after)
    if (
        opened
        and (said.day is not None or said.part is not None or said.weekday is not None)
        and "unit" not in _roles(ground, after)
    ):
        return end, True
    said.hour, (said.half, said.part) = None, kept
    return None


def _half_past(ground: Ground, after: int, said: Said) -> bool:
    """Whether a part of the day stands before a number that ends in "o'clock half"."""
    return said.part is not None and "half_after" in ground.found[after - 1] and "oclock" in ground.found[after - 2]


def _over_suffix(ground: Ground, after: int) -> int:
    """ "saat 5'te", «сағат 3-те»."""
    sign = ground.text(after) in ("'", "-") and ground.glued(after) and ground.glued(after + 1)
    return after + 2 if sign and ground.text(after + 1).isalpha() and len(ground.text(after + 1)) < 5 else after


def _is_days(ground: Ground, hour: int, after: int) -> bool:
    """«3 дня» are three days, «14 дня» an hour."""
    return 2 <= hour <= 4 and "unit" in _roles(ground, after)


def _counts_on(ground: Ground, after: int) -> bool:
    return ground.text(after) in ("-", "%", "/", "+", ":", ",") and ground.glued(after)


def _pure_at(ground: Ground, said: Said) -> bool:
    return ground.role(said.first, "clock_before") is not None or said.day is not None or said.part is not None


def _alone(ground: Ground, after: int) -> bool:
    """«с 6 стоим»: nothing after the number that it could count or go on to."""
    roles = _roles(ground, after)
    return not roles.keys() & {"unit", "range_to", "scale", "month", "range_or"}


def _roles(ground: Ground, index: int) -> dict[str, object]:
    return dict(ground.found[index]) if index < len(ground.toks) else {}


def _written(ground: Ground, at: int, opened: bool) -> tuple[int, int, int] | None:
    """22:30, 22.30 after «в», 22h30: hour, minute and the token after."""
    hour, sign, minute = ground.text(at), ground.text(at + 1), ground.text(at + 2)
    if len(hour) > 2 or int(hour) > 24 or not ground.glued(at + 1):
        return None
    joined = sign == ":" or (sign == "." and opened) or (sign in ("h", "-") and opened)
    if joined and len(minute) == 2 and is_digits(minute) and int(minute) < 60 and ground.glued(at + 2):
        if sign != ":" and (
            (ground.text(at + 3) in (".", "-") and ground.glued(at + 4))
            or _roles(ground, at + 3).keys() & {"unit", "per_hour", "per_day"}
        ):
            return None
        return int(hour), int(minute), at + 3
    if opened and "clock_h" in _roles(ground, at + 1) and int(hour) > 12:  # "depuis 3 h" are three hours
        return int(hour), 0, at + 2
    return None


def _with_half(ground: Ground, after: int, said: Said) -> int:
    """«утра», "pm", "Uhr" after an hour."""
    for _ in range(2):
        if after >= len(ground.toks) or not ground.same_line(after):
            return after
        end = None
        for role in ("am", "pm", "part", "clock_after"):
            end = ground.role(after, role)
            if end is not None:
                if role == "part":
                    said.part = int(ground.found[after]["part"][1].value)
                elif role != "clock_after":
                    said.half = role
                break
        if end is None:
            return after
        after = end
    return after
