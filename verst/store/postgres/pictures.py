"""Pictures that were seen, in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from verst.model import Sighting
from verst.store.instants import EARLIEST, LATEST, micros, pack, places_of_bytes

if TYPE_CHECKING:
    from psycopg import Connection

_sighting = msgspec.msgpack.Decoder(Sighting).decode
Ask = Callable[..., list[Any]]


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


def find_sightings(
    ask: Ask, groups: Iterable[str] | None, since: datetime | None, until: datetime | None
) -> list[Sighting]:
    """Those of a time, of some groups or all."""
    first, last = EARLIEST if since is None else micros(since), LATEST if until is None else micros(until)
    sql, order = "SELECT sighting FROM sightings WHERE known_at BETWEEN %s AND %s", "ORDER BY known_at, post, print"
    if groups is None:
        return [_sighting(row[0]) for row in ask(f"{sql} {order}", first, last)]
    return [_sighting(row[0]) for row in ask(f"{sql} AND grp = ANY(%s) {order}", first, last, sorted(set(groups)))]


def find_alike(ask: Ask, print_: str) -> list[str]:
    """Groups that share a byte with a print."""
    sql = "SELECT DISTINCT grp FROM picture_bytes WHERE byte = ANY(%s) ORDER BY grp"
    return [row[0] for row in ask(sql, places_of_bytes(print_))]


def drop_sightings(db: Connection[Any], before: int) -> None:
    """Take out pictures known before an instant, and groups of which none is left."""
    if db.execute("DELETE FROM sightings WHERE known_at < %s", (before,)).rowcount:
        db.execute("DELETE FROM picture_bytes WHERE grp NOT IN (SELECT grp FROM sightings)")
