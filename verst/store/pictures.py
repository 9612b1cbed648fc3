"""What both engines ask about pictures that were seen, in the same words but for the sign that stands for a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec

from verst.model import Sighting
from verst.store.instants import EARLIEST, LATEST, micros, places_of_bytes

AT_ONCE = 500  # groups of one question: engines take no more than some thousand values
Ask = Callable[..., list[Any]]
_sighting = msgspec.msgpack.Decoder(Sighting).decode


def find_sightings(
    ask: Ask, sign: str, groups: Iterable[str] | None, since: datetime | None, until: datetime | None
) -> list[Sighting]:
    """Those of a time, of some groups or all. ``sign``: what stands for a value, as ``?``."""
    times = EARLIEST if since is None else micros(since), LATEST if until is None else micros(until)
    sql = f"SELECT sighting FROM sightings WHERE known_at BETWEEN {sign} AND {sign}"
    if groups is None:
        rows = ask(sql, *times)
    else:
        names = sorted(set(groups))
        some = [names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE)]
        rows = [row for each in some for row in ask(f"{sql} AND grp IN ({signs(sign, each)})", *times, *each)]
    return sorted((_sighting(row[0]) for row in rows), key=lambda each: (each.known_at, each.post, each.print))


def find_alike(ask: Ask, sign: str, print_: str) -> list[str]:
    """Groups that share a byte with a print."""
    bytes_ = places_of_bytes(print_)
    rows = ask(f"SELECT DISTINCT grp FROM picture_bytes WHERE byte IN ({signs(sign, bytes_)})", *bytes_)
    return sorted(row[0] for row in rows)


def signs(sign: str, values: Iterable[object]) -> str:
    """As many signs as there are values.

    >>> signs("?", "abc")
    '?, ?, ?'
    """
    return ", ".join(sign for _ in values)
