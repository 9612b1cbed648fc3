"""Pictures that were seen, in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from verst.model import Sighting
from verst.store.instants import micros, pack, places_of_bytes

if TYPE_CHECKING:
    from psycopg import Connection


def keep_sightings(db: Connection[Any], sightings: Iterable[Sighting], stale: set[str]) -> None:
    """Write the pictures of posts; what was kept of those posts before is replaced."""
    fresh = {(each.post, each.print): each for each in sightings if each.post not in stale}
    if not fresh:
        return
    db.execute("DELETE FROM sightings WHERE post = ANY(%s)", ([post for post, _ in fresh],))
    rows = [(each.post, each.print, each.group, micros(each.known_at), pack(each)) for each in fresh.values()]
    bytes_ = [(number, each.group) for each in fresh.values() for number in places_of_bytes(each.group)]
    with db.cursor() as cursor:
        cursor.executemany("INSERT INTO sightings VALUES (%s, %s, %s, %s, %s)", rows)
        cursor.executemany("INSERT INTO picture_bytes VALUES (%s, %s) ON CONFLICT DO NOTHING", bytes_)


def drop_sightings(db: Connection[Any], before: int) -> None:
    """Take out pictures known before an instant, and groups of which none is left."""
    if db.execute("DELETE FROM sightings WHERE known_at < %s", (before,)).rowcount:
        db.execute("DELETE FROM picture_bytes WHERE grp NOT IN (SELECT grp FROM sightings)")
