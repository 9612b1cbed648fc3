"""Reaching a PostgreSQL server: connections, what schema it has, and what went wrong in words.

No message repeats the address: it may hold a password.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import TYPE_CHECKING, Any

from verst.errors import BadSetting, StoreBusy, StoreError, StoreFull

if TYPE_CHECKING:
    from psycopg import Connection

PATIENCE_SECONDS = 10  # how long a writer waits for another
CONNECT_SECONDS = 10
LOCKS = 0x7665_7273  # of all advisory locks of Verst in a database
WRITING, SOLE, BESIDE = 1, 2, 3
_STEP = re.compile(r"(\d{4})\.up\.sql")


def need_driver() -> None:
    """Raises BadSetting where the package is missing that speaks to PostgreSQL."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise BadSetting("a store at postgresql:// needs psycopg; install it: pip install 'verst[postgres]'") from None


def connect(address: str, *, reads_only: bool = False) -> Connection[Any]:
    """A connection in which each statement stands alone. Raises StoreError."""
    import psycopg

    options = f"-c lock_timeout={PATIENCE_SECONDS}s -c timezone=UTC -c synchronous_commit=on"
    options += " -c default_transaction_read_only=on" if reads_only else ""
    with told_in_words():
        return psycopg.connect(
            address, autocommit=True, connect_timeout=CONNECT_SECONDS, options=options, application_name="verst"
        )


@contextmanager
def told_in_words(busy: str = "somebody else writes to it; wait, or end that program") -> Iterator[None]:
    """Say in words what PostgreSQL says in codes."""
    import psycopg

    try:
        yield
    except psycopg.errors.LockNotAvailable as error:
        raise StoreBusy(f"the PostgreSQL store: {busy}") from error
    except (psycopg.errors.DiskFull, psycopg.errors.OutOfMemory) as error:
        do = "free some and start again, nothing acknowledged is lost"
        raise StoreFull(f"the PostgreSQL store: no room is left; {do}") from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise StoreError("the PostgreSQL store: this user may not do that there; grant it, or name another") from error
    except psycopg.OperationalError as error:
        do = "see that the server runs, and check name, password and database in the address"
        raise StoreError(f"the PostgreSQL store cannot be reached; {do}") from error
    except psycopg.Error as error:
        name = type(error).__name__
        raise StoreError(f"the PostgreSQL store: {name}; see the server's log, or restore a backup") from error


def steps() -> list[int]:
    """The numbers of the steps of the schema, in order."""
    folder = resources.files("verst.store.postgres") / "migrations"
    found = (_STEP.fullmatch(file.name) for file in folder.iterdir())
    return sorted(int(match[1]) for match in found if match)


def prepare(db: Connection[Any]) -> None:
    """Bring an older schema forward, step by step; several that start at once wait for each other."""
    with told_in_words(), db.transaction():
        db.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCKS, WRITING))
        version, newest = schema_version(db), steps()[-1]
        if version > newest:
            what = f"the store was written by a newer Verst (schema {version}, this knows {newest})"
            raise StoreError(f"{what}; update it, or go back there: verst migrate --schema {newest}")
        _go(db, version, newest)


def migrate(db: Connection[Any], to: int) -> tuple[int, int]:
    """Bring the schema forward or back to a step: from where, to where. Raises BadSetting for no such step.

    Going back drops what the steps after it keep.
    """
    with told_in_words(), db.transaction():
        db.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCKS, WRITING))
        version = schema_version(db)
        if to not in (0, *steps()):
            raise BadSetting(f"there is no schema {to}; write 0 to {steps()[-1]}")
        _go(db, version, to)
    return version, to


def schema_version(db: Connection[Any]) -> int:
    """The step at which the schema is; 0: nothing of Verst is there."""
    row = db.execute("SELECT to_regclass('verst_schema') IS NOT NULL").fetchone()
    if row is None or not row[0]:
        return 0
    found = db.execute("SELECT version FROM verst_schema").fetchone()
    return int(found[0]) if found else 0


def _go(db: Connection[Any], version: int, to: int) -> None:
    if version == to:
        return
    db.execute("CREATE TABLE IF NOT EXISTS verst_schema (version integer NOT NULL)")
    forward = [(step, "up") for step in steps() if version < step <= to]
    back = [(step, "down") for step in reversed(steps()) if to < step <= version]
    for step, way in (*forward, *back):
        file = resources.files("verst.store.postgres") / "migrations" / f"{step:04}.{way}.sql"
        db.execute(file.read_text(encoding="utf-8").encode())
    db.execute("DELETE FROM verst_schema")
    db.execute("INSERT INTO verst_schema VALUES (%s)", (to,))
