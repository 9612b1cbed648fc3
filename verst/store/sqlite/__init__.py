"""The embedded store: one SQLite file in WAL mode. One writer at a time, readers with connections of their own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock, local
from typing import Any

import msgspec

from verst.errors import BadSetting
from verst.model import Estimate, Heard, Post, Reading, Report, Sighting
from verst.store import PICTURES_STAY, Asked, Batch, Engine, Kept, Outbox
from verst.store.desk import Desk
from verst.store.instants import EARLIEST, HOUR, LATEST, from_micros, micros, spans_around
from verst.store.pictures import find_alike, find_sightings
from verst.store.sqlite.desk import SqliteDesk
from verst.store.sqlite.opening import PATIENCE_SECONDS, prepare, told_in_words, transaction
from verst.store.sqlite.outbox import SqliteOutbox
from verst.store.sqlite.pictures import drop_sightings
from verst.store.sqlite.writing import MANY, drop_posts, forget_post, in_words, pieces, write_batch

_post = msgspec.msgpack.Decoder(Post).decode
_reading = msgspec.msgpack.Decoder(Reading).decode
_report = msgspec.msgpack.Decoder(Report).decode
_heard = msgspec.msgpack.Decoder(Heard).decode
_estimate = msgspec.msgpack.Decoder(Estimate).decode


class SqliteStore:
    """The Store protocol over one file. Safe to use from threads; open it anew in every process."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._desk = SqliteDesk(self._write, self._ask)
        self._lock, self._mine, self._all = RLock(), local(), list[sqlite3.Connection]()
        with told_in_words(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._connect(file.absolute().as_uri())
            prepare(self._writer, file)

    def keep(self, batch: Batch) -> Kept:
        """Write one batch in one transaction; on the disk when this returns."""
        with self._write() as db:
            return write_batch(db, batch)

    @property
    def outbox(self) -> Outbox:
        """Alerts and their deliveries, in the same file."""
        return SqliteOutbox(self._write, self._ask)

    @property
    def desk(self) -> Desk:
        """Acts, accounts and sessions of moderators, in the same file."""
        return self._desk

    @contextmanager
    def sole(self) -> Iterator[None]:
        """Hold a lock beside the file; the system lets go of it when this process ends, however it ends."""
        with self._locked(".lock", "BEGIN EXCLUSIVE", 0.2), self._locked(".steps", "BEGIN EXCLUSIVE", PATIENCE_SECONDS):
            yield

    def beside(self) -> AbstractContextManager[None]:
        """Hold a share of a lock beside the file that whoever is `sole` has alone."""
        return self._locked(".steps", "BEGIN; SELECT 1 FROM sqlite_master", PATIENCE_SECONDS)

    @contextmanager
    def _locked(self, ending: str, how: str, patience: float) -> Iterator[None]:
        beside = self.file.with_name(self.file.name + ending)
        with told_in_words(self.file, busy="another verst loads into this store; wait until it is done"):
            lock = sqlite3.connect(beside, timeout=patience, isolation_level=None)
            try:
                for statement in how.split("; "):
                    lock.execute(statement).fetchall()
            except sqlite3.Error:
                lock.close()
                raise
        with closing(lock):
            yield

    def known(self, ids: Iterable[str]) -> set[str]:
        """Which of these post ids are kept."""
        return {row[0] for row in self._many("SELECT id FROM posts WHERE id IN", ids)}

    def cursor(self, name: str) -> str | None:
        """How far the input of that name was read."""
        rows = self._ask("SELECT position FROM cursors WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def state(self, name: str) -> bytes | None:
        """The state of that name as it was last kept."""
        rows = self._ask("SELECT state FROM states WHERE name = ?", name)
        return bytes(rows[0][0]) if rows else None

    def posts(self, ids: Iterable[str]) -> dict[str, Post]:
        """The posts of these ids, by id."""
        return {row[0]: _post(row[1]) for row in self._many("SELECT id, post FROM posts WHERE id IN", ids)}

    def readings(self, ids: Iterable[str]) -> dict[str, Reading]:
        """The readings of these posts, by id."""
        return {row[0]: _reading(row[1]) for row in self._many("SELECT id, reading FROM posts WHERE id IN", ids)}

    def answers(self, ids: Iterable[str]) -> list[Post]:
        """Kept posts that answer one of these posts, by time, then id."""
        found = [_post(row[0]) for row in self._many("SELECT post FROM posts WHERE answers IN", ids)]
        return sorted(found, key=lambda post: (post.posted_at, post.id))

    def posts_near(self, instants: Iterable[datetime], reach: timedelta) -> list[Post]:
        """Kept posts posted within ``reach`` of one of these instants, by time, then id."""
        sql = "SELECT post FROM posts WHERE posted_at BETWEEN ? AND ?"
        found = [_post(row[0]) for first, last in spans_around(instants, reach) for row in self._ask(sql, first, last)]
        return sorted(found, key=lambda post: (post.posted_at, post.id))

    def search(self, terms: Sequence[Sequence[str]], until: datetime, limit: int = 50) -> list[Post]:
        """Posts of each of whose lists of terms at least one is among the words kept for them, newest first."""
        wanted = in_words(terms)
        if not wanted:
            return []
        sql = (
            "SELECT post FROM posts WHERE id IN (SELECT post FROM worded WHERE row IN "
            "(SELECT rowid FROM words WHERE words MATCH ?)) AND posted_at <= ? AND coalesce(edited_at, posted_at) <= ? "
            "ORDER BY posted_at DESC, id LIMIT ?"
        )
        return [_post(row[0]) for row in self._ask(sql, wanted, micros(until), micros(until), limit)]

    def reports(
        self, *, crossing: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Report]:
        """Reports with since <= posted_at <= until, ordered by posted_at, then post id."""
        for row in self._stream(*_between("reports", "report", "crossing", crossing, since, until)):
            yield _report(row[0])

    def heard(
        self, *, place: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Heard]:
        """Sayings with since <= posted_at <= until, ordered by posted_at, then post id."""
        for row in self._stream(*_between("heard", "heard", "place", place, since, until)):
            yield _heard(row[0])

    def sightings(
        self, *, groups: Iterable[str] | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> list[Sighting]:
        """Pictures with since <= known_at <= until, of these groups or all, ordered by known_at, post and print."""
        return find_sightings(self._ask, "?", groups, since, until)

    def alike(self, print_: str) -> list[str]:
        """Groups of pictures that share a byte with a print."""
        return find_alike(self._ask, "?", print_)

    def estimates_at(self, at: datetime, crossing: str | None = None) -> list[Estimate]:
        """For every quantity the newest estimate at or before ``at``."""
        newest = "(SELECT estimate FROM estimates WHERE quantity = q.id AND at <= ? ORDER BY at DESC LIMIT 1)"
        where, values = (" WHERE q.crossing = ?", [crossing]) if crossing is not None else ("", [])
        sql = f"SELECT {newest} FROM quantities q{where} ORDER BY q.crossing, q.quantity"
        return [_estimate(row[0]) for row in self._ask(sql, micros(at), *values) if row[0] is not None]

    def estimates_between(self, crossing: str, since: datetime, until: datetime) -> list[Estimate]:
        """Every kept estimate of one crossing in that time, ordered by time."""
        sql = (
            "SELECT e.estimate FROM quantities q JOIN estimates e ON e.quantity = q.id "
            "WHERE q.crossing = ? AND e.at BETWEEN ? AND ? ORDER BY e.at, q.quantity"
        )
        return [_estimate(row[0]) for row in self._ask(sql, crossing, micros(since), micros(until))]

    def asked(self, crossing: str | None, since: datetime, until: datetime, limit: int = 50) -> list[Asked]:
        """Questions asked in that time, newest first, each with the posts that answer it."""
        where, values = (" AND asks_about = ?", [crossing]) if crossing is not None else ("", [])
        sql = (
            "SELECT post, reading FROM posts WHERE asks = 1 AND posted_at BETWEEN ? AND ? "
            f"AND coalesce(edited_at, 0) <= ?{where} ORDER BY posted_at DESC, id LIMIT ?"
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
        sql = "SELECT (SELECT min(posted_at) FROM posts), (SELECT max(posted_at) FROM posts WHERE posted_at <= ?)"
        ((first, last),) = self._ask(sql, LATEST if until is None else micros(until))
        return None if last is None else (from_micros(first), from_micros(last))

    def by_hour(self) -> dict[datetime, int]:
        """Number of posts of every hour in which there are any, by the hour's beginning in UTC."""
        rows = self._ask("SELECT posted_at / ? AS hour, count(*) FROM posts GROUP BY hour ORDER BY hour", HOUR)
        return {from_micros(hour * HOUR): int(count) for hour, count in rows}

    def revision(self) -> int:
        """A number that grows with every batch kept."""
        return int(self._ask("SELECT number FROM revision")[0][0])

    def every_post(self) -> Iterator[tuple[Post, Reading, str]]:
        """Every kept post with its reading and the words it is found by, by time, then id."""
        sql = (
            "SELECT p.post, p.reading, coalesce(w.said, '') FROM posts p LEFT JOIN worded d ON d.post = p.id "
            "LEFT JOIN words w ON w.rowid = d.row ORDER BY p.posted_at, p.id"
        )
        for post, reading, said in self._stream(sql):
            yield _post(post), _reading(reading), said

    def cursors(self) -> dict[str, str]:
        """How far every input was read, by its name."""
        return dict(self._ask("SELECT name, position FROM cursors ORDER BY name"))

    def states(self) -> dict[str, bytes]:
        """Every state, by its name."""
        return {name: bytes(state) for name, state in self._ask("SELECT name, state FROM states ORDER BY name")}

    def expire(self, before: datetime) -> int:
        """Forget the words of posts posted before that time; what they reported stays."""
        with self._write() as db:
            drop_sightings(db, micros(before - PICTURES_STAY))
            return drop_posts(db, "posted_at < ?", micros(before))

    def forget(self, ids: Iterable[str]) -> int:
        """Forget these posts and all that they reported and said."""
        with self._write() as db:
            return sum(forget_post(db, name) for name in ids)

    def close(self) -> None:
        """Close every connection of every thread."""
        with self._lock:
            for connection in self._all:
                connection.close()
            self._all.clear()
            self._mine = local()

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock, told_in_words(self.file), transaction(self._writer) as db:
            yield db

    def _connect(self, uri: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            uri, uri=True, timeout=PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
        )
        with self._lock:
            self._all.append(connection)
        return connection

    def _reader(self) -> sqlite3.Connection:
        """This thread's connection, which cannot write."""
        found: sqlite3.Connection | None = getattr(self._mine, "reader", None)
        if found is None:
            found = self._mine.reader = self._connect(self.file.absolute().as_uri() + "?mode=ro")
        return found

    def _ask(self, sql: str, *values: Any) -> list[Any]:
        with told_in_words(self.file):
            return self._reader().execute(sql, values).fetchall()

    def _stream(self, sql: str, *values: Any) -> Iterator[Any]:
        with told_in_words(self.file):
            rows = self._reader().execute(sql, values)
            while found := rows.fetchmany(MANY):
                yield from found

    def _many(self, sql: str, ids: Iterable[str]) -> Iterator[Any]:
        for some in pieces(ids):
            yield from self._ask(f"{sql} ({','.join('?' * len(some))})", *some)


def _between(
    table: str, what: str, place: str, name: str | None, since: datetime | None, until: datetime | None
) -> tuple[Any, ...]:
    """The question for what was said in a time, of one place or all, and its values."""
    where, values = (f"{place} = ? AND ", [name]) if name is not None else ("", [])
    first = EARLIEST if since is None else micros(since)
    last = LATEST if until is None else micros(until)
    sql = f"SELECT {what} FROM {table} WHERE {where}posted_at BETWEEN ? AND ? ORDER BY posted_at, post, n"
    return sql, *values, first, last


def open_sqlite(url: str) -> SqliteStore:
    """The store at ``sqlite:///relative.db`` or ``sqlite:////absolute.db``."""
    path = url.removeprefix("sqlite:///")
    if path in (url, ""):
        raise BadSetting(f"{url!r} names no file; write sqlite:///verst.db or sqlite:////srv/verst.db")
    return SqliteStore(Path(path))


STORE = Engine(scheme="sqlite", open=open_sqlite)
