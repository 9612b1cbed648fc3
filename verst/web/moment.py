"""The time a page is for: now, the end of an archive, or any time in between by ``?at=``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from verst.clock import iso, parse_instant

ARCHIVE_AFTER = timedelta(days=3)
EARLIEST_YEAR = 2000
STEPS = {"hour": timedelta(hours=1), "six": timedelta(hours=6), "day": timedelta(days=1)}


class BadMoment(ValueError):
    """A time that no page can be made for; the message says what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """``at``: what the page shows. ``asked``: whether the reader chose it. ``last``: where "now" is on this board.

    ``archive``: the last post is days old, so that "now" is the end of what is kept.
    """

    at: datetime
    first: datetime
    last: datetime
    asked: bool = False
    archive: bool = False

    @property
    def every(self) -> timedelta:
        """The step of the slider: an hour, or what keeps it under 1,000 steps."""
        hours = max(1, int((self.last - self.first).total_seconds() // 3600 // 1000) + 1)
        return timedelta(hours=hours)

    @property
    def steps(self) -> int:
        """Number of steps of the slider; none where nothing is kept to move along."""
        if self.first == self.last:
            return 0
        return max(0, -(-(self.last - self.start) // self.every))

    @property
    def start(self) -> datetime:
        """Where the slider begins: the full hour before the first post."""
        return self.first.replace(minute=0, second=0, microsecond=0)

    @property
    def step(self) -> int:
        """The slider's step nearest below ``at``."""
        return min(self.steps, max(0, (self.at - self.start) // self.every))

    def at_step(self, step: int) -> datetime:
        """The time of a step, never past the last."""
        return min(self.start + step * self.every, self.last)

    def moved(self, by: timedelta) -> datetime | None:
        """The time ``by`` away; None when that lies outside what is kept."""
        there = self.at + by
        return there if self.start <= there <= self.last else None


def short_iso(instant: datetime) -> str:
    """As it stands in links: UTC, without seconds where there are none.

    >>> from datetime import UTC
    >>> short_iso(datetime(2022, 9, 24, 9, 0, tzinfo=UTC))
    '2022-09-24T09:00Z'
    """
    return iso(instant).replace(":00Z", "Z") if instant.second == 0 else iso(instant)


def read_at(text: str) -> datetime:
    """The time of ``?at=``. Raises BadMoment with what to write instead."""
    try:
        # A plus sign in an address arrives as a space.
        instant, _ = parse_instant(text.strip().replace(" ", "+"))
    except (ValueError, OverflowError) as error:
        raise BadMoment(f"at={text[:40]!r} is no time with an offset; write at=2022-09-24T09:00Z") from error
    if instant.year < EARLIEST_YEAR:
        what = f"at={text[:40]!r} is before {EARLIEST_YEAR}, when nothing was kept"
        raise BadMoment(f"{what}; write at=2022-09-24T09:00Z")
    return instant


def fullest_hour(by_hour: Mapping[datetime, int]) -> datetime:
    """The full hour before which most was posted within six hours, the latest of several.

    ``by_hour``: posts of every hour with any, by its beginning; one at least.

    >>> from datetime import UTC
    >>> noon = datetime(2022, 9, 24, 12, tzinfo=UTC)
    >>> fullest_hour({noon: 3, noon + timedelta(hours=2): 3, noon + timedelta(hours=20): 5}).hour
    15
    """
    hour = timedelta(hours=1)
    ends = [begin + hour for begin in by_hour]
    return max(ends, key=lambda end: (sum(by_hour.get(end - back * hour, 0) for back in range(1, 7)), end))


def choose_moment(at: str | None, step: str | None, span: tuple[datetime, datetime] | None, now: datetime) -> Moment:
    """The moment of a page from ``?at=`` or the slider's ``?t=``. Raises BadMoment."""
    first, newest = span or (now, now)
    archive = now - newest > ARCHIVE_AFTER
    last = newest if archive else max(now, newest)
    base = Moment(at=last, first=min(first, last), last=last, archive=archive)
    if at:
        chosen = read_at(at)
    elif step:
        if not (step.isascii() and step.isdigit() and int(step[:9]) <= base.steps):
            raise BadMoment(f"t={step[:20]!r} is no step of the slider; write a whole number from 0 to {base.steps}")
        chosen = base.at_step(int(step))
    else:
        return base
    if chosen > last + timedelta(minutes=1):
        raise BadMoment(f"at={short_iso(chosen)} has not come yet; the latest is at={short_iso(last)}")
    return Moment(at=chosen, first=base.first, last=last, asked=True, archive=archive)
