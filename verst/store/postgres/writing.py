"""Writing one batch into an open transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from psycopg import Connection

from verst.errors import StoreMoved
from verst.model import Heard, Post, Reading, Report
from verst.store import MOVED, Batch, Kept
from verst.store.instants import EARLIEST, micros, pack
from verst.store.postgres.partitions import Partitions
from verst.store.postgres.pictures import keep_sightings

_WORD = re.compile(r"\w+")
_report = msgspec.msgpack.Decoder(Report).decode


def write_batch(db: Connection[Any], batch: Batch, partitions: Partitions) -> Kept:
    """All of a batch, in the order in which one part rests on another."""
    _check_cursors(db, batch)
    new, edited, stale = _keep_posts(db, batch, partitions)
    _keep_words(db, batch.words, stale)
    _keep_readings(db, batch.readings)
    _keep_reports(db, batch, stale, partitions)
    _keep_roots(db, dict(batch.roots))
    _keep_heard(db, batch, stale, partitions)
    keep_sightings(db, batch.sightings, stale)
    _keep_estimates(db, batch, partitions)
    many(db, "INSERT INTO cursors VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET position = EXCLUDED.position",
         batch.cursors)  # fmt: skip
    many(db, "DELETE FROM states WHERE name = %s", [(name,) for name, _ in batch.states])
    many(db, "INSERT INTO states VALUES (%s, %s)", [pair for pair in batch.states if pair[1]])
    row = db.execute("UPDATE revision SET number = number + 1 RETURNING number").fetchone()
    assert row is not None
    return Kept(new=new, edited=edited, revision=row[0])


def many(db: Connection[Any], statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """One statement for many rows, sent together."""
    listed = list(rows)
    if listed:
        with db.cursor() as cursor:
            cursor.executemany(statement, listed)


def _check_cursors(db: Connection[Any], batch: Batch) -> None:
    names = [name for name, _ in batch.expects]
    found = dict(db.execute("SELECT name, position FROM cursors WHERE name = ANY(%s)", (names,)).fetchall())
    for name, expected in batch.expects:
        if found.get(name) != expected:
            raise StoreMoved(MOVED.format(name))


def _keep_posts(db: Connection[Any], batch: Batch, partitions: Partitions) -> tuple[int, int, set[str]]:
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
    edited_ids = [name for name in rows if name in before]
    partitions.need(db, "posts", (row[1] for row in rows.values()))
    drop_posts(db, edited_ids)
    many(db, "INSERT INTO post_ids VALUES (%s, %s)", [row[:2] for row in rows.values()])
    many(db, "INSERT INTO posts VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", rows.values())
    db.execute("DELETE FROM reports WHERE post = ANY(%s)", (edited_ids,))
    db.execute("DELETE FROM heard WHERE post = ANY(%s)", (edited_ids,))
    return len(rows) - len(edited_ids), len(edited_ids), stale - rows.keys()


def drop_posts(db: Connection[Any], ids: list[str]) -> None:
    """Take posts out, each from the partition it stands in."""
    if ids:
        sql = "DELETE FROM posts p USING post_ids i WHERE i.id = ANY(%s) AND p.posted_at = i.posted_at AND p.id = i.id"
        db.execute(sql, (ids,))
        db.execute("DELETE FROM post_ids WHERE id = ANY(%s)", (ids,))


def _row(post: Post, reading: Reading, edited: int | None) -> tuple[Any, ...]:
    answers = post.reply_to.post if post.reply_to is not None else None
    about = reading.question.crossing if reading.question is not None else None
    asks = reading.question is not None
    return post.id, micros(post.posted_at), edited, answers, about, asks, pack(post), pack(reading)


def _edits(db: Connection[Any], ids: list[str]) -> dict[str, int | None]:
    sql = (
        "SELECT p.id, p.edited_at FROM post_ids i JOIN posts p ON p.posted_at = i.posted_at AND p.id = i.id "
        "WHERE i.id = ANY(%s)"
    )
    return dict(db.execute(sql, (ids,)).fetchall())


def _keep_words(db: Connection[Any], words: Iterable[tuple[str, str]], stale: set[str]) -> None:
    rows = [(lexemes(said) or None, name) for name, said in words if name not in stale]
    sql = (
        "UPDATE posts p SET said = array_to_tsvector(%s::text[]) FROM post_ids i "
        "WHERE i.id = %s AND p.posted_at = i.posted_at AND p.id = i.id"
    )
    many(db, sql, rows)


def lexemes(said: str) -> list[str]:
    """The words of a text, each once, as they are looked for.

    >>> lexemes("Граница p_verkhny_lars, граница!")
    ['p_verkhny_lars', 'граница']
    """
    return sorted({word[:500] for word in _WORD.findall(said.lower())})


def words_in(said: str) -> str:
    """The words of what PostgreSQL shows of a text-search vector.

    >>> words_in("'p_verkhny_lars' 'граница'")
    'p_verkhny_lars граница'
    """
    return " ".join(_WORD.findall(said))


def in_words(terms: Iterable[Iterable[str]]) -> str | None:
    """Lists of terms in PostgreSQL's language of text search; each word is quoted. None: nothing can be found.

    >>> in_words([["c_queue", "очере*"], ["24"]])
    "('c_queue' | 'очере':*) & ('24')"
    """
    groups = [[found for term in group if (found := _in_words(term))] for group in terms if group]
    if not groups or not all(groups):
        return None
    return " & ".join(f"({' | '.join(group)})" for group in groups)


def _in_words(term: str) -> str:
    """One term: its words, all of them, the last as a beginning where it ends in ``*``. Empty where it has none."""
    words = [f"'{word}'" for word in _WORD.findall(term.lower())]
    if words and term.endswith("*"):
        words[-1] += ":*"
    return words[0] if len(words) == 1 else f"({' & '.join(words)})" if words else ""


def _keep_reports(db: Connection[Any], batch: Batch, stale: set[str], partitions: Partitions) -> None:
    by_post: dict[str, list[Report]] = {}
    for report in batch.reports:
        if report.post not in stale:
            by_post.setdefault(report.post, []).append(report)
    if not by_post:
        return
    rows = [
        (name, n, micros(report.posted_at), report.claim.crossing, pack(report))
        for name, reports in by_post.items()
        for n, report in enumerate(reports)
    ]
    partitions.need(db, "reports", (row[2] for row in rows))
    db.execute("DELETE FROM reports WHERE post = ANY(%s)", (list(by_post),))
    many(db, "INSERT INTO reports VALUES (%s, %s, %s, %s, %s)", rows)


def _keep_roots(db: Connection[Any], roots: Mapping[str, str | None]) -> None:
    sql = "SELECT report, posted_at, post, n FROM reports WHERE post = ANY(%s)"
    rows = db.execute(sql, (list(roots),)).fetchall() if roots else []
    marked = [(pack(replace(_report(told), copy_of=roots[post])), at, post, n) for told, at, post, n in rows]
    many(db, "UPDATE reports SET report = %s WHERE posted_at = %s AND post = %s AND n = %s", marked)


def _keep_heard(db: Connection[Any], batch: Batch, stale: set[str], partitions: Partitions) -> None:
    by_post: dict[str, list[Heard]] = {}
    for heard in batch.heard:
        if heard.post not in stale:
            by_post.setdefault(heard.post, []).append(heard)
    if not by_post:
        return
    rows = [
        (name, n, micros(heard.posted_at), heard.saying.where, pack(heard))
        for name, some in by_post.items()
        for n, heard in enumerate(some)
    ]
    partitions.need(db, "heard", (row[2] for row in rows))
    db.execute("DELETE FROM heard WHERE post = ANY(%s)", (list(by_post),))
    many(db, "INSERT INTO heard VALUES (%s, %s, %s, %s, %s)", rows)


def _keep_readings(db: Connection[Any], readings: Iterable[tuple[str, Reading]]) -> None:
    listed = list(readings)
    sql = (
        "UPDATE posts p SET reading = %s, asks = %s, asks_about = %s FROM post_ids i "
        "WHERE i.id = %s AND p.posted_at = i.posted_at AND p.id = i.id"
    )
    rows = [
        (pack(reading), reading.question is not None, reading.question.crossing if reading.question else None, name)
        for name, reading in listed
    ]
    many(db, sql, rows)
    names = [name for name, _ in listed]
    if names:
        db.execute("DELETE FROM reports WHERE post = ANY(%s)", (names,))
        db.execute("DELETE FROM heard WHERE post = ANY(%s)", (names,))


def _keep_estimates(db: Connection[Any], batch: Batch, partitions: Partitions) -> None:
    sql = "DELETE FROM estimates WHERE at > %s AND quantity IN (SELECT id FROM quantities WHERE crossing = %s)"
    many(db, sql, [(micros(after), crossing) for crossing, after in batch.cleared])
    if not batch.estimates:
        return
    keys = [(told.crossing, quantity_of(told)) for told in batch.estimates]
    wanted = sorted(set(keys))
    many(db, "INSERT INTO quantities (crossing, quantity) VALUES (%s, %s) ON CONFLICT DO NOTHING", wanted)
    sql = "SELECT crossing, quantity, id FROM quantities WHERE crossing = ANY(%s)"
    found = db.execute(sql, (sorted({crossing for crossing, _ in wanted}),)).fetchall()
    numbers = {(crossing, quantity): number for crossing, quantity, number in found}
    rows = {(numbers[key], micros(told.at)): pack(told) for key, told in zip(keys, batch.estimates, strict=True)}
    partitions.need(db, "estimates", (at for _, at in rows))
    many(
        db,
        "INSERT INTO estimates VALUES (%s, %s, %s) "
        "ON CONFLICT (quantity, at) DO UPDATE SET estimate = EXCLUDED.estimate",
        [(number, at, told) for (number, at), told in rows.items()],
    )


def quantity_of(told: Any) -> str:
    """What an estimate is of, apart from where: kind, means, direction, side, currency, service, tag."""
    parts = (told.kind, told.mode, told.toward, told.side, told.currency, told.service, told.tag)
    return "|".join(part or "" for part in parts)
