"""Hours as people say them: «22:30», «6 утра», «в 6 часов», "5 pm", «о десятій ранку», «час ночи», "saat 5'te"."""

from __future__ import annotations

from verst.reading.calendar import Said
from verst.reading.ground import Ground, is_digits
from verst.reading.numbers import read_number


def read_clock(ground: Ground, at: int, said: Said, opened: bool) -> tuple[int, bool] | None:
    """«22:30», «6 утра», «в 6 часов», "5 pm", «о десятій ранку»: the token after, and whether it is surely a time."""
    if said.hour is not None:
        return None
    one = ground.role(at, "bare_hour")
    if one is not None and ground.role(one, "part_of") is not None:  # «час ночи»
        said.hour = 1
        return _with_half(ground, one, said), True
    if is_digits(ground.text(at)):
        return _in_digits(ground, at, said, opened)
    return _in_words(ground, at, said, opened)


def _in_digits(ground: Ground, at: int, said: Said, opened: bool) -> tuple[int, bool] | None:
    number = read_number(ground, at)
    if number is None:
        return None
    exact = _written(ground, at, opened)
    if exact is not None:
        said.hour, said.minute = exact[0], exact[1]
        return _with_half(ground, exact[2], said), True
    hour = int(ground.text(at))
    return None if number.after > at + 1 or hour > 24 else _spoken(ground, hour, at + 1, said, opened)


def _in_words(ground: Ground, at: int, said: Said, opened: bool) -> tuple[int, bool] | None:
    word = ground.found[at].get("hour_word")
    if word is not None and "since_form" in ground.found[at] and said.relation == "at":
        said.relation = "since"  # "kella kaheksast"
    if word is not None and word[1].value % 1:
        return _half_word(ground, word[1].value, word[0], said, opened)
    number = read_number(ground, at) if "number" in ground.found[at] or "scale" in ground.found[at] else None
    if word is not None and (number is None or said.part is not None):
        if said.part is None:
            return _spoken(ground, int(word[1].value), word[0], said, opened)
        said.hour = int(word[1].value)
        return word[0], True
    if number is None or not 0 < int(number.value) <= 24:
        return None
    if said.relation == "since" and "no_hour" in ground.found[at]:
        return None  # «з трьома малими», «авто з двадцять»
    if _half_past(ground, number.after, said):
        said.hour, said.minute = int(number.value), 30
        return number.after, True
    return _spoken(ground, int(number.value), number.after, said, opened) if number.value % 1 == 0 else None


def _half_word(ground: Ground, hour: float, after: int, said: Said, opened: bool) -> tuple[int, bool] | None:
    """«в полчетвёртого», „um halb vier“, "wpół do czwartej"."""
    end = _with_half(ground, after, said)
    if not opened and end == after:
        return None
    said.hour, said.minute = int(hour), 30
    return end, True


def _spoken(ground: Ground, hour: int, after: int, said: Said, opened: bool) -> tuple[int, bool] | None:
    """An hour alone is a time only with «утра», «pm», or a word before it that opens a time."""
    kept = said.half, said.part
    said.hour = hour
    if opened and said.named:
        after = _over_suffix(ground, after)
    step = _oclock(ground, hour, after, said, opened) or _followed(ground, hour, after, said, opened)
    if step is None:
        said.hour, (said.half, said.part) = None, kept
    return step


def _oclock(ground: Ground, hour: int, after: int, said: Said, opened: bool) -> tuple[int, bool] | None:
    """«в 6 часов», «4 часа утра», „drei Uhr“; a duration said as «5 часов» is none."""
    if said.part is not None and ground.role(after, "oclock_at") is not None:
        if "since_form" in ground.found[after] and said.relation == "at":
            said.relation = "since"
        return after + 1, True
    oclock = ground.role(after, "oclock")
    if oclock is None or hour > 24 or not (opened or ground.role(oclock, "part_of") is not None):
        return None
    end = _with_half(ground, oclock, said)
    hours = "unit" in ground.found[oclock - 1]  # «від 5 годин» are five hours or more, «seit 14 Uhr» is a clock
    at_least = hours and ground.role(said.first, "min_before") is not None
    since = said.relation == "since" and "oclock_since" in ground.found[oclock - 1] and not at_least
    sure = end > oclock or since or (said.relation != "until" and _pure_at(ground, said))
    return (end, True) if sure else None


def _followed(ground: Ground, hour: int, after: int, said: Said, opened: bool) -> tuple[int, bool] | None:
    """«6 утра», "saat 5'te", «с 6», «вчера в 6»: an hour without its noun."""
    if opened and "oclock" in _roles(ground, after):
        return None
    if said.part is not None and _over_suffix(ground, after) > after:
        return _over_suffix(ground, after), True  # "sabah 6'dan", «таңғы 6-дан»
    kept = said.half, said.part
    end = _with_half(ground, after, said)
    if end > after and (opened or not _is_days(ground, hour, after)):
        return end, True
    said.half, said.part = kept
    if not opened:
        return None
    if said.named and hour <= 24 and _alone(ground, after) and not _counts_on(ground, after):
        return after, True
    counts = "unit" in _roles(ground, after)
    if said.relation == "since" and not counts and ground.text(after) not in ("-", "%", "/"):
        return after, said.part is not None or _alone(ground, after)
    dated = said.day is not None or said.part is not None or said.weekday is not None
    return (after, True) if dated and not counts else None


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
    dated = said.day is not None or said.part is not None or said.date is not None
    return dated or ground.role(said.first, "clock_before") is not None


def _alone(ground: Ground, after: int) -> bool:
    """«с 6 стоим»: nothing after the number that it could count or go on to."""
    roles = _roles(ground, after)
    if "range_to" in roles and is_digits(ground.text(after + 1)):
        written = ground.text(after + 2) == ":" or _roles(ground, after + 2).keys() & {"part_of", "am", "pm"}
        if written:
            return True  # «с 9 до 13:30», «с 22 до 6 утра»
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
    dawn = ground.role(at + 2, "part") is not None or ground.role(at + 2, "this_part") is not None
    if opened and "clock_h" in _roles(ground, at + 1) and (int(hour) > 12 or dawn):  # "depuis 3 h" are three hours
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
