"""Pictures that were seen, in a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec

from verst.model import Sighting
from verst.store.instants import EARLIEST, LATEST, micros, pack, places_of_bytes

_sighting = msgspec.msgpack.Decoder(Sighting).decode
Ask = Callable[..., list[Any]]


def keep_sightings(db: sqlite3.Connection, sightings: Iterable[Sighting], stale: set[str]) -> None:
    """Write the pictures of posts; what was kept of those posts before is replaced."""
    fresh = [each for each in sightings if each.post not in stale]
    db.executemany("DELETE FROM sightings WHERE post = ?", [(each.post,) for each in fresh])
    rows = [(each.post, each.print, each.group, micros(each.known_at), pack(each)) for each in fresh]
    db.executemany("INSERT OR REPLACE INTO sightings VALUES (?, ?, ?, ?, ?)", rows)
    bytes_ = [(number, each.group) for each in fresh for number in places_of_bytes(each.group)]
    db.executemany("INSERT OR IGNORE INTO picture_bytes VALUES (?, ?)", bytes_)


def find_sightings(
    ask: Ask, groups: Iterable[str] | None, since: datetime | None, until: datetime | None
) -> list[Sighting]:
    """Those of a time, of some groups or all."""
    first, last = EARLIEST if since is None else micros(since), LATEST if until is None else micros(until)
    sql, order = "SELECT sighting FROM sightings WHERE known_at BETWEEN ? AND ?", "ORDER BY known_at, post, print"
    if groups is None:
        return [_sighting(row[0]) for row in ask(f"{sql} {order}", first, last)]
    found = [
        _sighting(row[0]) for group in sorted(set(groups)) for row in ask(f"{sql} AND grp = ?", first, last, group)
    ]
    return sorted(found, key=lambda each: (each.known_at, each.post, each.print))


def find_alike(ask: Ask, print_: str) -> list[str]:
    """Groups that share a byte with a print."""
    sql = "SELECT DISTINCT grp FROM picture_bytes WHERE byte IN (?, ?, ?, ?, ?, ?, ?, ?) ORDER BY grp"
    return [row[0] for row in ask(sql, *places_of_bytes(print_))]


def drop_sightings(db: sqlite3.Connection, before: int) -> None:
    """Take out pictures known before an instant, and groups of which none is left."""
    if db.execute("DELETE FROM sightings WHERE known_at < ?", (before,)).rowcount:
        db.execute("DELETE FROM picture_bytes WHERE grp NOT IN (SELECT grp FROM sightings)")
