"""Pictures that were seen, in a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from verst.model import Sighting
from verst.store.instants import micros, pack, places_of_bytes


def keep_sightings(db: sqlite3.Connection, sightings: Iterable[Sighting], stale: set[str]) -> None:
    """Write the pictures of posts; what was kept of those posts before is replaced."""
    fresh = [each for each in sightings if each.post not in stale]
    db.executemany("DELETE FROM sightings WHERE post = ?", [(each.post,) for each in fresh])
    rows = [(each.post, each.print, each.group, micros(each.known_at), pack(each)) for each in fresh]
    db.executemany("INSERT OR REPLACE INTO sightings VALUES (?, ?, ?, ?, ?)", rows)
    bytes_ = [(number, each.group) for each in fresh for number in places_of_bytes(each.group)]
    db.executemany("INSERT OR IGNORE INTO picture_bytes VALUES (?, ?)", bytes_)


def drop_sightings(db: sqlite3.Connection, before: int) -> None:
    """Take out pictures known before an instant, and groups of which none is left."""
    if db.execute("DELETE FROM sightings WHERE known_at < ?", (before,)).rowcount:
        db.execute("DELETE FROM picture_bytes WHERE grp NOT IN (SELECT grp FROM sightings)")
