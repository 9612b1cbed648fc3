"""From what was said of a time to an instant, on the writer's clock and before the post where it can be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from verst.clock import in_offset

_SOON = timedelta(minutes=20)  # a clock time so little ahead is now
_NOON = 12


@dataclass(slots=True)
class Said:
    """What the words say of one time. ``first`` and ``last`` are tokens, both included."""

    first: int
    last: int
    relation: str = "at"  # at, since, until
    minutes_ago: float | None = None  # negative: ahead
    day: int | None = None  # against today
    weekday: int | None = None
    date: tuple[int | None, int, int] | None = None  # year, month or 0 for the nearest, day
    hour: int | None = None
    minute: int = 0
    part: int | None = None  # the hour that stands for a part of the day
    half: str = ""  # am or pm
    named: bool = False  # «o godzinie 5»: the number is surely an hour
    following: bool = False  # «следующий понедельник»

    @property
    def precision(self) -> str:
        """How closely the time is said."""
        if self.hour is not None or self.minutes_ago is not None:
            return "minute" if self.minute else "hour"
        return "part" if self.part is not None else "day"


def resolve(said: Said, posted_at: datetime, offset_minutes: int) -> tuple[datetime, str] | None:
    """The instant in UTC, and the kind of time it is; None: no such day or hour."""
    local = in_offset(posted_at, offset_minutes)
    if said.minutes_ago is not None:
        at = posted_at - timedelta(minutes=said.minutes_ago)
        return at, ("ago" if said.minutes_ago >= 0 else "future")
    day = _day(said, local)
    if day is None:
        return None
    hour = _hour(said, local)
    if hour is None or not 0 <= said.minute < 60:
        return None
    at = day.replace(hour=hour % 24, minute=said.minute, second=0, microsecond=0) + timedelta(days=hour // 24)
    at = _before(said, at, local)
    kind = said.relation
    if at > local + _SOON and kind != "until":
        kind = "future"
    return at.astimezone(UTC), kind


def _day(said: Said, local: datetime) -> datetime | None:
    if said.date is not None:
        return _dated(said.date, local)
    if said.weekday is not None:
        back = (local.weekday() - said.weekday) % 7
        if said.following:
            return local + timedelta(days=(7 - back) if back else 7)
        return local - timedelta(days=back)
    return local + timedelta(days=said.day or 0)


def _dated(date: tuple[int | None, int, int], local: datetime) -> datetime | None:
    year, month, day = date
    if month == 0:
        return _nearest(day, local)
    try:
        at = local.replace(year=year or local.year, month=month, day=day)
    except ValueError:
        return None
    if year is None and at - local > timedelta(days=180):
        at = at.replace(year=local.year - 1)
    return at


def _nearest(day: int, local: datetime) -> datetime | None:
    """«26-го»: the nearest such day, before or after."""
    near = [local + timedelta(days=ahead) for ahead in range(-20, 21)]
    return min((d for d in near if d.day == day), key=lambda d: abs((d - local).days), default=None)


def _hour(said: Said, local: datetime) -> int | None:
    """The hour of the day; a part of the day makes «6 вечера» 18, without an hour it stands for itself."""
    if said.hour is None:
        if said.part is not None:
            return said.part
        return _NOON if said.day != 0 or said.weekday is not None or said.date is not None else local.hour
    hour = said.hour
    if hour > 24:
        return None
    if hour == 24:
        return 0
    afternoon = said.half == "pm" or (said.part is not None and said.part >= 15)
    if afternoon and hour < 12 and not (said.part == 15 and hour in (10, 11)):
        return hour + 12
    if hour == 12 and (said.half == "am" or said.part == 3):
        return 0
    if said.part == 3 and 8 <= hour <= 11:  # «в 11 ночи»
        return hour + 12
    return hour


def _before(said: Said, at: datetime, local: datetime) -> datetime:
    """A clock time without a day is the last such time; so is «ночью» and «вечером»."""
    free = said.day is None and said.weekday is None and said.date is None
    if at <= local + _SOON or said.relation == "until":
        return at
    if free and (said.relation == "since" or said.part is not None or said.hour is not None):
        ahead = at - local
        if said.relation == "since" or ahead > timedelta(hours=6) or said.part is not None:
            return at - timedelta(days=1)
    if said.weekday is not None and not said.following:
        if at.date() == local.date() and said.hour is None:
            return local  # the weekday it is: today, however early
        return at - timedelta(days=7)
    return at
