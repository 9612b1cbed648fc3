"""Instants: always aware, always UTC inside; other zones only where people read or wrote them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone


def now() -> datetime:
    """The present instant, UTC. The only clock of the program: reading and fusion never call it."""
    return datetime.now(UTC)


def parse_instant(text: str) -> tuple[datetime, int]:
    """Read ISO 8601 with an offset; give the instant in UTC and the offset in minutes.

    >>> parse_instant("2022-09-24T14:20+03:00")
    (datetime.datetime(2022, 9, 24, 11, 20, tzinfo=datetime.timezone.utc), 180)

    Raises ValueError when it is no ISO 8601 time or names no offset.
    """
    told = datetime.fromisoformat(text)
    offset = told.utcoffset()
    if offset is None:
        raise ValueError(f"{text!r} names no offset from UTC (write 2022-09-24T14:20+03:00)")
    return told.astimezone(UTC), round(offset.total_seconds() / 60)


def in_offset(instant: datetime, offset_minutes: int) -> datetime:
    """The same instant on a clock ``offset_minutes`` ahead of UTC.

    >>> in_offset(datetime(2022, 9, 24, 11, 20, tzinfo=UTC), 180).isoformat(timespec="minutes")
    '2022-09-24T14:20+03:00'
    """
    return instant.astimezone(timezone(timedelta(minutes=offset_minutes)))


def iso(instant: datetime) -> str:
    """UTC as people and machines both read it, to the second.

    >>> iso(datetime(2022, 9, 24, 11, 20, tzinfo=UTC))
    '2022-09-24T11:20:00Z'
    """
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
