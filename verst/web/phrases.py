"""Estimates in words: amounts as ranges, ages, times on the crossing's own clock. Never a bare number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from verst.model import Crossing, Estimate
from verst.units import MINUTES_PER_DAY, MINUTES_PER_HOUR
from verst.web.texts import Tongue


def say_span(tongue: Tongue, low: float, high: float) -> str:
    """``30 to 45``, or the one figure when both ends are said alike."""
    if low == high:
        return tongue.number(high)
    return tongue.say("amount.range", low=tongue.number(low), high=tongue.number(high))


def round_amount(value: float) -> float:
    """Two figures that a person would say.

    >>> [round_amount(v) for v in (0.13, 2.26, 13.4, 47.2, 1234)]
    [0.1, 2.5, 13, 47, 1200.0]
    """
    if value < 1:
        return round(value, 1)
    if value < 5:
        return round(value * 2) / 2
    if value < 100:
        return round(value)
    magnitude = 10.0 ** (len(str(int(value))) - 2)
    return float(round(value / magnitude) * magnitude)


def say_range(tongue: Tongue, key: str, low: float, high: float) -> str:
    """``30 to 45 hours``: the plural is that of the far end; one figure when both ends are said alike."""
    low, high = round_amount(low), round_amount(high)
    return tongue.count(key, high, shown=say_span(tongue, low, high))


def say_minutes(tongue: Tongue, low: float, high: float) -> str:
    """A range of durations in the units people would use. ``low`` and ``high`` in minutes."""
    if high < 150:
        low, high = (max(5 * round(v / 5), 5) for v in (low, high))
        return tongue.count("amount.minutes", high, shown=say_span(tongue, low, high))
    (low_key, low), (high_key, high) = in_unit(low, wide=high >= 3 * MINUTES_PER_DAY), in_unit(high)
    if low_key == high_key:
        return say_range(tongue, high_key, low, high)
    low_said, high_said = tongue.count(low_key, round_amount(low)), tongue.count(high_key, round_amount(high))
    return tongue.say("amount.range_of_two", low=low_said, high=high_said)


def in_unit(minutes: float, *, wide: bool = False) -> tuple[str, float]:
    """A duration in minutes, hours or days, whichever people would say; ``wide``: beside a longer one in days.

    >>> in_unit(20), in_unit(2100), in_unit(5760), in_unit(2160, wide=True)
    (('amount.minutes', 20), ('amount.hours', 35.0), ('amount.days', 4.0), ('amount.days', 1.5))
    """
    if minutes < 60:
        return "amount.minutes", max(5 * round(minutes / 5), 5)
    if minutes < (1 if wide else 3) * MINUTES_PER_DAY:
        return "amount.hours", minutes / MINUTES_PER_HOUR
    return "amount.days", minutes / MINUTES_PER_DAY


AMOUNT_KEYS = {
    "queue_length": "amount.km",
    "queue_count": "amount.vehicles",
    "throughput": "amount.vehicles_hour",
    "flow": "amount.people_day",
    "flow_change": "amount.percent",
}
PEOPLE_KEYS = {"queue_count": "amount.people", "throughput": "amount.people_hour"}


def say_amount(
    tongue: Tongue, kind: str, low: float, high: float, *, mode: str = "any", unit: str | None = None
) -> str:
    """A range of any amount in words with its unit. ``low`` and ``high`` in the kind's unit."""
    if kind == "wait" or unit == "minutes":
        return say_minutes(tongue, low, high)
    key = PEOPLE_KEYS.get(kind) if mode == "foot" else None
    key = key or AMOUNT_KEYS.get(kind)
    if key:
        return say_range(tongue, key, low, high)
    return f"{say_span(tongue, round_amount(low), round_amount(high))} {unit or ''}".strip()


def say_estimate(tongue: Tongue, estimate: Estimate, unit: str | None = None) -> str:
    """The range of an estimate of an amount; the value alone only where fusion knows no range."""
    if not isinstance(estimate.value, int | float):
        return ""
    low = estimate.value if estimate.p10 is None else estimate.p10
    high = estimate.value if estimate.p90 is None else estimate.p90
    return say_amount(tongue, estimate.kind, low, high, mode=estimate.mode, unit=unit or estimate.currency)


def say_age(tongue: Tongue, age: timedelta) -> str:
    """How long ago, in words, in the coarsest unit that still tells."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 2:
        return tongue.say("age.now")
    if minutes < 120:
        return tongue.count("age.minutes", minutes)
    if minutes < 48 * 60:
        return tongue.count("age.hours", minutes // 60)
    return tongue.count("age.days", minutes // (24 * 60))


@lru_cache(maxsize=256)
def find_zone(name: str) -> ZoneInfo:
    """The time zone of that name; UTC when nobody knows it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def crossing_zone(crossing: Crossing | None) -> ZoneInfo:
    """The clock on the first side of a crossing."""
    return find_zone(crossing.sides[0].zone if crossing and crossing.sides else "UTC")


def say_date(tongue: Tongue, local: datetime) -> str:
    """Day and month in words."""
    return tongue.say("time.date", day=local.day, month=tongue.say(f"month.{local.month}"))


def say_clock(tongue: Tongue, instant: datetime, zone: ZoneInfo) -> str:
    """Day, year and time on the clock of ``zone`` with UTC beside it: the time a whole page is for."""
    local = instant.astimezone(zone)
    shown = f"{say_day(tongue, local)}, {local:%H:%M}"
    return tongue.say("time.both", local=shown, utc=f"{instant.astimezone(UTC):%H:%M}")


def say_day(tongue: Tongue, local: datetime) -> str:
    """Day, month and year of a time on the clock it is shown in."""
    return tongue.say("time.date_year", date=say_date(tongue, local), year=local.year)


def say_local(tongue: Tongue, instant: datetime, zone: ZoneInfo) -> str:
    """Day and time on the clock of ``zone``."""
    local = instant.astimezone(zone)
    return f"{say_date(tongue, local)}, {local:%H:%M}"


def say_time(tongue: Tongue, instant: datetime, zone: ZoneInfo) -> str:
    """Day and time on the clock of ``zone`` with UTC beside it."""
    local = instant.astimezone(zone)
    if not local.utcoffset():
        return f"{say_local(tongue, instant, zone)} UTC"
    return tongue.say("time.both", local=say_local(tongue, instant, zone), utc=f"{instant.astimezone(UTC):%H:%M}")


def say_since(tongue: Tongue, began: datetime, now: datetime, zone: ZoneInfo) -> str:
    """``since yesterday 18:00``: from when on something has been so, on the clock of ``zone``."""
    local = began.astimezone(zone)
    days = (now.astimezone(zone).date() - local.date()).days
    key = ("since_today", "since_yesterday")[days] if days in (0, 1) else "since_date"
    words = {"time": f"{local:%H:%M}"}
    if key == "since_date":
        words["date"] = say_date(tongue, local)
    return tongue.say(f"answer.{key}", **words)
