"""Opening a SQLite file: how it writes, which schema it has, and what went wrong in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from verst.errors import StoreBusy, StoreError, StoreFull

PATIENCE_SECONDS = 10.0  # how long a writer waits for another
VERSION = 6  # of the schema; each step to it is migrations/NNNN.sql


def prepare(db: sqlite3.Connection, file: Path) -> None:
    """Settle how it writes, and bring an older schema forward, step by step."""
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")  # every commit waits for the disk: what is acknowledged stays
    with transaction(db):
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise StoreError(f"{file} was written by a newer Verst (schema {version}, this knows {VERSION}); update it")
        if version == 0 and db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            raise StoreError(f"{file} is a database of some other program; name another file")
        for step in range(version + 1, VERSION + 1):
            for statement in _statements(step):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {VERSION}")


def _statements(step: int) -> list[str]:
    text = (resources.files("verst.store.sqlite") / "migrations" / f"{step:04}.sql").read_text(encoding="utf-8")
    plain = "\n".join(line.partition("--")[0] for line in text.splitlines())
    found, statement = list[str](), ""
    for piece in plain.split(";"):
        statement += f"{piece};"
        if sqlite3.complete_statement(statement) and piece.strip():  # within a trigger a semicolon ends nothing
            found.append(statement)
            statement = ""
    return found


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All of it or nothing of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


@contextmanager
def told_in_words(file: Path, busy: str = "somebody else writes to it; wait, or end that program") -> Iterator[None]:
    """Say in words what SQLite and the system say in codes."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        said = str(error)
        if "locked" in said or "busy" in said:
            raise StoreBusy(f"{file}: {busy}") from error
        if "full" in said or getattr(error, "errno", None) == 28:
            do = "free some and start again, nothing acknowledged is lost"
            raise StoreFull(f"{file}: no room is left; {do}") from error
        if "not a database" in said or "malformed" in said:
            do = "name another file, or restore a backup"
            raise StoreError(f"{file} is no database, or a damaged one; {do}") from error
        if "readonly" in said or "unable to open" in said or isinstance(error, OSError):
            do = "let this user write to its folder, or name another with --store or VERST_HOME"
            raise StoreError(f"{file} cannot be opened for writing; {do}") from error
        if "disk I/O" in said:
            do = "see whether it has room and is well; nothing acknowledged is lost"
            raise StoreError(f"{file}: the disk did not let it write; {do}") from error
        raise StoreError(f"{file}: {said}") from error
