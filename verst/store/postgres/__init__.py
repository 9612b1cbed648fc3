"""A store in a PostgreSQL database: for a whole region, many processes, and a board that several servers show.

One writer at a time, as everywhere; readers each have a connection of their own. What grows is partitioned by time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import msgspec

from verst.errors import BadSetting
from verst.model import Estimate, Heard, Post, Reading, Report, Sighting
from verst.store import PICTURES_STAY, Asked, Batch, Engine, Kept, Outbox
from verst.store.desk import Desk
from verst.store.instants import EARLIEST, HOUR, LATEST, from_micros, micros, spans_around
from verst.store.pictures import find_alike, find_sightings
from verst.store.postgres.pictures import drop_sightings

MANY = 2_000  # rows of one answer
_post = msgspec.msgpack.Decoder(Post).decode
_reading = msgspec.msgpack.Decoder(Reading).decode
_report = msgspec.msgpack.Decoder(Report).decode
_heard = msgspec.msgpack.Decoder(Heard).decode
_estimate = msgspec.msgpack.Decoder(Estimate).decode
_OF_IDS = "FROM post_ids i JOIN posts p ON p.posted_at = i.posted_at AND p.id = i.id WHERE i.id = ANY(%s)"


class PostgresStore:
    """The Store protocol over one database. Safe to use from threads; a connection that is lost is opened anew."""

    def __init__(self, address: str) -> None:
        from verst.store.postgres.opening import need_driver

        need_driver()
        from verst.store.postgres.connections import Connections

        self._connections = Connections(address)
        self._ask = self._connections.ask
        from verst.store.postgres.desk import PostgresDesk

        self._desk = PostgresDesk(self._connections.write, self._ask)

    def keep(self, batch: Batch) -> Kept:
        """Write one batch in one transaction; on the disk when this returns."""
        from verst.store.postgres.writing import write_batch

        try:
            with self._connections.write() as db:
                return write_batch(db, batch, self._connections.partitions)
        except BaseException:
            self._connections.partitions.forget()
            raise

    @property
    def outbox(self) -> Outbox:
        """Alerts and their deliveries, in the same database."""
        from verst.store.postgres.outbox import PostgresOutbox

        return PostgresOutbox(self._connections.write, self._ask)

    @property
    def desk(self) -> Desk:
        """Acts, accounts and sessions of moderators, in the same database."""
        return self._desk

    def sole(self) -> AbstractContextManager[None]:
        """Hold a lock of the database; the server lets go of it when this connection ends, however it ends."""
        return self._connections.sole()

    def beside(self) -> AbstractContextManager[None]:
        """Hold a share of the lock that `sole` takes alone."""
        return self._connections.beside()

    def known(self, ids: Iterable[str]) -> set[str]:
        """Which of these post ids are kept."""
        return {row[0] for row in self._ask("SELECT id FROM post_ids WHERE id = ANY(%s)", list(ids))}

    def cursor(self, name: str) -> str | None:
        """How far the input of that name was read."""
        rows = self._ask("SELECT position FROM cursors WHERE name = %s", name)
        return str(rows[0][0]) if rows else None

    def state(self, name: str) -> bytes | None:
        """The state of that name as it was last kept."""
        rows = self._ask("SELECT state FROM states WHERE name = %s", name)
        return bytes(rows[0][0]) if rows else None

    def posts(self, ids: Iterable[str]) -> dict[str, Post]:
        """The posts of these ids, by id."""
        return {row[0]: _post(row[1]) for row in self._ask(f"SELECT p.id, p.post {_OF_IDS}", list(ids))}

    def readings(self, ids: Iterable[str]) -> dict[str, Reading]:
        """The readings of these posts, by id."""
        return {row[0]: _reading(row[1]) for row in self._ask(f"SELECT p.id, p.reading {_OF_IDS}", list(ids))}

    def answers(self, ids: Iterable[str]) -> list[Post]:
        """Kept posts that answer one of these posts, by time, then id."""
        sql = "SELECT post FROM posts WHERE answers = ANY(%s) ORDER BY posted_at, id"
        return [_post(row[0]) for row in self._ask(sql, list(ids))]

    def posts_near(self, instants: Iterable[datetime], reach: timedelta) -> list[Post]:
        """Kept posts posted within ``reach`` of one of these instants, by time, then id."""
        sql = "SELECT post FROM posts WHERE posted_at BETWEEN %s AND %s ORDER BY posted_at, id"
        return [_post(row[0]) for span in spans_around(instants, reach) for row in self._ask(sql, *span)]

    def search(self, terms: Sequence[Sequence[str]], until: datetime, limit: int = 50) -> list[Post]:
        """Posts of each of whose lists of terms at least one is among the words kept for them, newest first."""
        from verst.store.postgres.writing import in_words

        wanted = in_words(terms)
        if wanted is None:
            return []
        sql = (
            "SELECT post FROM posts WHERE said @@ %s::tsquery AND posted_at <= %s "
            "AND coalesce(edited_at, posted_at) <= %s ORDER BY posted_at DESC, id LIMIT %s"
        )
        return [_post(row[0]) for row in self._ask(sql, wanted, micros(until), micros(until), limit)]

    def reports(
        self, *, crossing: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Report]:
        """Reports with since <= posted_at <= until, ordered by posted_at, then post id."""
        for told in self._between("reports", "report", "crossing", crossing, since, until):
            yield _report(told)

    def heard(
        self, *, place: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Heard]:
        """Sayings with since <= posted_at <= until, ordered by posted_at, then post id."""
        for told in self._between("heard", "heard", "place", place, since, until):
            yield _heard(told)

    def sightings(
        self, *, groups: Iterable[str] | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> list[Sighting]:
        """Pictures with since <= known_at <= until, of these groups or all, ordered by known_at, post and print."""
        return find_sightings(self._ask, "%s", groups, since, until)

    def alike(self, print_: str) -> list[str]:
        """Groups of pictures that share a byte with a print."""
        return find_alike(self._ask, "%s", print_)

    def estimates_at(self, at: datetime, crossing: str | None = None) -> list[Estimate]:
        """For every quantity the newest estimate at or before ``at``."""
        where, values = (" WHERE q.crossing = %s", [crossing]) if crossing is not None else ("", [])
        sql = (
            "SELECT e.estimate FROM quantities q CROSS JOIN LATERAL (SELECT estimate FROM estimates "
            f"WHERE quantity = q.id AND at <= %s ORDER BY at DESC LIMIT 1) e{where} ORDER BY q.crossing, q.quantity"
        )
        return [_estimate(row[0]) for row in self._ask(sql, micros(at), *values)]

    def estimates_between(self, crossing: str, since: datetime, until: datetime) -> list[Estimate]:
        """Every kept estimate of one crossing in that time, ordered by time."""
        sql = (
            "SELECT e.estimate FROM quantities q JOIN estimates e ON e.quantity = q.id "
            "WHERE q.crossing = %s AND e.at BETWEEN %s AND %s ORDER BY e.at, q.quantity"
        )
        return [_estimate(row[0]) for row in self._ask(sql, crossing, micros(since), micros(until))]

    def asked(self, crossing: str | None, since: datetime, until: datetime, limit: int = 50) -> list[Asked]:
        """Questions asked in that time, newest first, each with the posts that answer it."""
        where, values = (" AND asks_about = %s", [crossing]) if crossing is not None else ("", [])
        sql = (
            "SELECT post, reading FROM posts WHERE asks AND posted_at BETWEEN %s AND %s "
            f"AND coalesce(edited_at, 0) <= %s{where} ORDER BY posted_at DESC, id LIMIT %s"
        )
        rows = self._ask(sql, micros(since), micros(until), micros(until), *values, limit)
        told = [(_post(post), _reading(reading).question) for post, reading in rows]
        replies: dict[str, list[Post]] = {}
        for reply in self.answers(post.id for post, _ in told):
            if reply.reply_to is not None and reply.reply_to.post is not None:
                replies.setdefault(reply.reply_to.post, []).append(reply)
        return [
            Asked(post=post, question=question, answers=tuple(replies.get(post.id, ())))
            for post, question in told
            if question is not None
        ]

    def span(self, until: datetime | None = None) -> tuple[datetime, datetime] | None:
        """First and last instant with a post, of those not after ``until``."""
        sql = "SELECT min(posted_at), max(posted_at) FROM posts WHERE posted_at <= %s"
        ((first, last),) = self._ask(sql, LATEST if until is None else micros(until))
        return None if first is None else (from_micros(first), from_micros(last))

    def by_hour(self) -> dict[datetime, int]:
        """Number of posts of every hour in which there are any, by the hour's beginning in UTC."""
        sql = "SELECT posted_at / %s AS hour, count(*) FROM posts GROUP BY hour ORDER BY hour"
        return {from_micros(hour * HOUR): int(count) for hour, count in self._ask(sql, HOUR)}

    def revision(self) -> int:
        """A number that grows with every batch kept."""
        return int(self._ask("SELECT number FROM revision")[0][0])

    def every_post(self) -> Iterator[tuple[Post, Reading, str]]:
        """Every kept post with its reading and the words it is found by, by time, then id."""
        from verst.store.postgres.writing import words_in

        after: tuple[int, str] = (EARLIEST, "")
        sql = (
            "SELECT post, reading, said::text, posted_at, id FROM posts WHERE posted_at >= %s AND "
            f"(posted_at, id) > (%s, %s) ORDER BY posted_at, id LIMIT {MANY}"
        )
        while rows := self._ask(sql, after[0], *after):
            for post, reading, said, _, _ in rows:
                yield _post(post), _reading(reading), words_in(said or "")
            after = rows[-1][3:]

    def cursors(self) -> dict[str, str]:
        """How far every input was read, by its name."""
        return dict(self._ask("SELECT name, position FROM cursors ORDER BY name"))

    def states(self) -> dict[str, bytes]:
        """Every state, by its name."""
        return {name: bytes(state) for name, state in self._ask("SELECT name, state FROM states ORDER BY name")}

    def expire(self, before: datetime) -> int:
        """Forget the words of posts posted before that time, whole partitions at once; what they reported stays."""
        from verst.store.postgres.partitions import drop_before

        first = micros(before)
        with self._connections.write() as db:
            found = db.execute("DELETE FROM post_ids WHERE posted_at < %s", (first,)).rowcount
            drop_before(db, "posts", first)
            db.execute("DELETE FROM posts WHERE posted_at < %s", (first,))
            drop_sightings(db, micros(before - PICTURES_STAY))
            if found:
                db.execute("UPDATE revision SET number = number + 1")
        self._connections.partitions.forget()
        return int(found)

    def forget(self, ids: Iterable[str]) -> int:
        """Forget these posts and all that they reported and said."""
        from verst.store.postgres.writing import drop_posts

        names = list(ids)
        with self._connections.write() as db:
            row = db.execute("SELECT count(*) FROM post_ids WHERE id = ANY(%s)", (names,)).fetchone()
            drop_posts(db, names)
            db.execute("DELETE FROM reports WHERE post = ANY(%s)", (names,))
            db.execute("DELETE FROM heard WHERE post = ANY(%s)", (names,))
            db.execute("DELETE FROM sightings WHERE post = ANY(%s)", (names,))
            db.execute("UPDATE revision SET number = number + 1")
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Close every connection of every thread."""
        self._connections.close()

    def _between(
        self, table: str, what: str, place: str, name: str | None, since: datetime | None, until: datetime | None
    ) -> Iterator[Any]:
        """What was said in a time, of one place or all, some rows at a time: nothing is held open in between."""
        where, values = (f"{place} = %s AND ", [name]) if name is not None else ("", [])
        last = LATEST if until is None else micros(until)
        after: tuple[int, str, int] = (EARLIEST if since is None else micros(since), "", -1)
        sql = (
            f"SELECT {what}, posted_at, post, n FROM {table} WHERE {where}posted_at >= %s AND posted_at <= %s "
            f"AND (posted_at, post, n) > (%s, %s, %s) ORDER BY posted_at, post, n LIMIT {MANY}"
        )
        while rows := self._ask(sql, *values, after[0], last, *after):
            yield from (row[0] for row in rows)
            after = rows[-1][1:]


def open_postgres(url: str) -> PostgresStore:
    """The store at ``postgresql://user@host/database``. Raises BadSetting and StoreError, which repeat no address."""
    if not url.startswith("postgresql://") or len(url) <= len("postgresql://"):
        raise BadSetting("the address names no database; write postgresql://user@host/database")
    return PostgresStore(url)


STORE = Engine(scheme="postgresql", open=open_postgres)
