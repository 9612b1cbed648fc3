"""Instants as engines keep them: whole microseconds since 1970 UTC; payloads as MessagePack; prints by their bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
HOUR = 3_600_000_000  # microseconds
MINUTE = 60_000_000
CLOCK = "told-at"  # the state in which an outbox notes what time it is: by it a clock that was set back is found out
NOTED_EVERY = MINUTE
SET_BACK = 10 * MINUTE  # two machines of one store do not differ by so much
EARLIEST, LATEST = -(2**62), 2**62  # microseconds, before and after everything
pack = msgspec.msgpack.Encoder().encode


def micros(instant: datetime) -> int:
    """Microseconds since 1970 UTC."""
    return (instant - EPOCH) // MICROSECOND


def from_micros(number: int) -> datetime:
    """The instant of so many microseconds since 1970 UTC."""
    return EPOCH + number * MICROSECOND


def spans_around(instants: Iterable[datetime], reach: timedelta) -> list[tuple[int, int]]:
    """Microseconds from first to last of the times within ``reach`` of the instants; those that touch are one."""
    wide = reach // MICROSECOND
    spans: list[tuple[int, int]] = []
    for middle in sorted(micros(instant) for instant in instants):
        if spans and middle - wide <= spans[-1][1]:
            spans[-1] = (spans[-1][0], middle + wide)
        else:
            spans.append((middle - wide, middle + wide))
    return spans


def places_of_bytes(print_: str) -> list[int]:
    """Each byte of a print with its place in it, as one number: prints alike share one.

    >>> places_of_bytes("0001020304050607")
    [0, 257, 514, 771, 1028, 1285, 1542, 1799]
    """
    return [256 * place + byte for place, byte in enumerate(bytes.fromhex(print_))]
