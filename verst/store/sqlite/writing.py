"""Writing one batch into an open transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

import msgspec

from verst.errors import StoreMoved
from verst.model import Heard, Post, Reading, Report
from verst.store import MOVED, Batch, Kept
from verst.store.instants import EARLIEST, micros, pack
from verst.store.sqlite.pictures import keep_sightings

MANY = 500  # values in one question to SQLite
_Item = TypeVar("_Item")
_report = msgspec.msgpack.Decoder(Report).decode


def write_batch(db: sqlite3.Connection, batch: Batch) -> Kept:
    """All of a batch, in the order in which one part rests on another."""
    _check_cursors(db, batch)
    new, edited, stale = _keep_posts(db, batch)
    _keep_words(db, batch.words, stale)
    _keep_readings(db, batch.readings)
    _keep_reports(db, batch, stale)
    _keep_roots(db, batch.roots)
    _keep_heard(db, batch, stale)
    keep_sightings(db, batch.sightings, stale)
    _keep_estimates(db, batch)
    db.executemany("INSERT OR REPLACE INTO cursors VALUES (?, ?)", batch.cursors)
    db.executemany("DELETE FROM states WHERE name = ?", [(name,) for name, _ in batch.states])
    db.executemany("INSERT INTO states VALUES (?, ?)", [pair for pair in batch.states if pair[1]])
    return Kept(new=new, edited=edited, revision=_grow(db))


def _check_cursors(db: sqlite3.Connection, batch: Batch) -> None:
    for name, expected in batch.expects:
        row = db.execute("SELECT position FROM cursors WHERE name = ?", (name,)).fetchone()
        if (row[0] if row else None) != expected:
            raise StoreMoved(MOVED.format(name))


def _keep_posts(db: sqlite3.Connection, batch: Batch) -> tuple[int, int, set[str]]:
    """Write what is new or a later edit: how many of each, and the ids of those that changed nothing."""
    kept = _edits(db, [post.id for post, _ in batch.posts])
    before, rows, stale = dict(kept), dict[str, tuple[Any, ...]](), set[str]()
    for post, reading in batch.posts:
        edited = None if post.edited_at is None else micros(post.edited_at)
        if post.id in kept and (edited is None or edited <= (kept[post.id] or EARLIEST)):
            if post.id not in rows:
                stale.add(post.id)
            continue
        kept[post.id], rows[post.id] = edited, _row(post, reading, edited)
    db.executemany("INSERT OR REPLACE INTO posts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows.values())
    edited_ids = [(name,) for name in rows if name in before]
    db.executemany("DELETE FROM reports WHERE post = ?", edited_ids)
    db.executemany("DELETE FROM heard WHERE post = ?", edited_ids)
    return len(rows) - len(edited_ids), len(edited_ids), stale - rows.keys()


def _row(post: Post, reading: Reading, edited: int | None) -> tuple[Any, ...]:
    answers = post.reply_to.post if post.reply_to is not None else None
    about = reading.question.crossing if reading.question is not None else None
    asks = int(reading.question is not None)
    return post.id, micros(post.posted_at), edited, answers, about, asks, pack(post), pack(reading)


def _edits(db: sqlite3.Connection, ids: Iterable[str]) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for some in pieces(ids):
        found.update(db.execute(f"SELECT id, edited_at FROM posts WHERE id IN ({','.join('?' * len(some))})", some))
    return found


def _keep_reports(db: sqlite3.Connection, batch: Batch, stale: set[str]) -> None:
    by_post: dict[str, list[Report]] = {}
    for report in batch.reports:
        if report.post not in stale:
            by_post.setdefault(report.post, []).append(report)
    db.executemany("DELETE FROM reports WHERE post = ?", [(name,) for name in by_post])
    rows = (
        (name, n, micros(report.posted_at), report.claim.crossing, pack(report))
        for name, reports in by_post.items()
        for n, report in enumerate(reports)
    )
    db.executemany("INSERT INTO reports VALUES (?, ?, ?, ?, ?)", rows)


def _keep_roots(db: sqlite3.Connection, roots: Iterable[tuple[str, str | None]]) -> None:
    for name, root in roots:
        rows = db.execute("SELECT n, report FROM reports WHERE post = ?", (name,)).fetchall()
        marked = [(pack(replace(_report(told), copy_of=root)), name, n) for n, told in rows]
        db.executemany("UPDATE reports SET report = ? WHERE post = ? AND n = ?", marked)


def _keep_words(db: sqlite3.Connection, words: Iterable[tuple[str, str]], stale: set[str]) -> None:
    for name, said in words:
        if name in stale:
            continue
        for (row,) in db.execute("SELECT row FROM worded WHERE post = ?", (name,)).fetchall():
            db.execute("DELETE FROM words WHERE rowid = ?", (row,))
            db.execute("DELETE FROM worded WHERE row = ?", (row,))
        if said:
            row = db.execute("INSERT INTO worded (post) VALUES (?) RETURNING row", (name,)).fetchone()[0]
            db.execute("INSERT INTO words (rowid, said) VALUES (?, ?)", (row, said))


def in_words(terms: Iterable[Iterable[str]]) -> str:
    """Lists of terms in SQLite's language of full-text search; each is quoted, whatever is in it.

    >>> in_words([["c_queue", "очере*"], ["24"]])
    '("c_queue" OR "очере"*) AND ("24")'
    """

    def quoted(term: str) -> str:
        bare = term.removesuffix("*").replace('"', '""')
        return f'"{bare}"*' if term.endswith("*") else f'"{bare}"'

    return " AND ".join(f"({' OR '.join(map(quoted, group))})" for group in terms if group)


def _keep_heard(db: sqlite3.Connection, batch: Batch, stale: set[str]) -> None:
    by_post: dict[str, list[Heard]] = {}
    for heard in batch.heard:
        if heard.post not in stale:
            by_post.setdefault(heard.post, []).append(heard)
    db.executemany("DELETE FROM heard WHERE post = ?", [(name,) for name in by_post])
    rows = (
        (name, n, micros(heard.posted_at), heard.saying.where, pack(heard))
        for name, some in by_post.items()
        for n, heard in enumerate(some)
    )
    db.executemany("INSERT INTO heard VALUES (?, ?, ?, ?, ?)", rows)


def _keep_readings(db: sqlite3.Connection, readings: Iterable[tuple[str, Reading]]) -> None:
    for name, reading in readings:
        about = reading.question.crossing if reading.question is not None else None
        values = (pack(reading), int(reading.question is not None), about, name)
        db.execute("UPDATE posts SET reading = ?, asks = ?, asks_about = ? WHERE id = ?", values)
        db.execute("DELETE FROM reports WHERE post = ?", (name,))
        db.execute("DELETE FROM heard WHERE post = ?", (name,))


def _keep_estimates(db: sqlite3.Connection, batch: Batch) -> None:
    for crossing, after in batch.cleared:
        sql = "DELETE FROM estimates WHERE at > ? AND quantity IN (SELECT id FROM quantities WHERE crossing = ?)"
        db.execute(sql, (micros(after), crossing))
    numbers: dict[tuple[str, str], int] = {}
    rows = []
    for told in batch.estimates:
        parts = (told.kind, told.mode, told.toward, told.side, told.currency, told.service, told.tag)
        key = (told.crossing, "|".join(part or "" for part in parts))
        if key not in numbers:
            db.execute("INSERT OR IGNORE INTO quantities (crossing, quantity) VALUES (?, ?)", key)
            sql = "SELECT id FROM quantities WHERE crossing = ? AND quantity = ?"
            numbers[key] = db.execute(sql, key).fetchone()[0]
        rows.append((numbers[key], micros(told.at), pack(told)))
    db.executemany("INSERT OR REPLACE INTO estimates VALUES (?, ?, ?)", rows)


def drop_posts(db: sqlite3.Connection, where: str, *values: Any) -> int:
    """Take posts out with the words they are found by: how many. What is freed is written over."""
    gone = f"SELECT row FROM worded WHERE post IN (SELECT id FROM posts WHERE {where})"
    db.execute("PRAGMA secure_delete = ON")
    db.execute(f"DELETE FROM words WHERE rowid IN ({gone})", values)
    db.execute(f"DELETE FROM worded WHERE row IN ({gone})", values)
    count = db.execute(f"DELETE FROM posts WHERE {where}", values).rowcount
    if count:
        _grow(db)
    return count


def forget_post(db: sqlite3.Connection, name: str) -> int:
    """Take out one post with all that it reported, said and showed: 1 where it was kept."""
    for table in ("reports", "heard", "sightings"):
        db.execute(f"DELETE FROM {table} WHERE post = ?", (name,))
    return drop_posts(db, "id = ?", name)


def _grow(db: sqlite3.Connection) -> int:
    (revision,) = db.execute("UPDATE revision SET number = number + 1 RETURNING number").fetchone()
    return int(revision)


def pieces(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """The items in lists short enough for one question to SQLite."""
    everything = list(items)
    for start in range(0, len(everything), MANY):
        yield everything[start : start + MANY]
