"""Partitions by time: made when something of their time is written, dropped whole when all of it may go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from psycopg import Connection, sql

DAY = 86_400_000_000  # microseconds
WIDTHS = {"posts": 7 * DAY, "reports": 28 * DAY, "heard": 28 * DAY, "estimates": 28 * DAY}


class Partitions:
    """Which partitions a database is known to have."""

    def __init__(self) -> None:
        self._known: set[tuple[str, int]] = set()

    def need(self, db: Connection[Any], table: str, instants: Iterable[int]) -> None:
        """Make the partitions that rows of these instants belong to; readers go on meanwhile."""
        for number in sorted({instant // WIDTHS[table] for instant in instants}):
            if (table, number) not in self._known:
                _make(db, table, number)
                self._known.add((table, number))

    def forget(self) -> None:
        """Know nothing any more: what was made may have been rolled back, or dropped."""
        self._known.clear()


def name_of(table: str, number: int) -> str:
    """The name of a partition.

    >>> name_of("posts", 2738), name_of("posts", -3)
    ('posts_2738', 'posts_m3')
    """
    return f"{table}_{number}" if number >= 0 else f"{table}_m{-number}"


def _make(db: Connection[Any], table: str, number: int) -> None:
    """A partition is made beside its table and then joined to it, which shuts out no reader."""
    name = name_of(table, number)
    row = db.execute("SELECT to_regclass(%s) IS NOT NULL", (name,)).fetchone()
    if row is not None and row[0]:
        return
    first, after = number * WIDTHS[table], (number + 1) * WIDTHS[table]
    parts = {"name": sql.Identifier(name), "table": sql.Identifier(table)}
    db.execute(sql.SQL("CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)").format(**parts))
    join = sql.SQL("ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({first}) TO ({after})")
    db.execute(join.format(**parts, first=sql.Literal(first), after=sql.Literal(after)))


def drop_before(db: Connection[Any], table: str, instant: int) -> int:
    """Drop every partition of a table that lies wholly before an instant: how many."""
    rows = db.execute(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass(%s)",
        (table,),
    ).fetchall()
    whole = {name_of(table, number): number for number in _numbers(table, [row[0] for row in rows])}
    old = [name for name, number in whole.items() if (number + 1) * WIDTHS[table] <= instant]
    for name in old:
        db.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name)))
    return len(old)


def _numbers(table: str, names: Iterable[str]) -> list[int]:
    told = [name.removeprefix(f"{table}_") for name in names]
    return [-int(each[1:]) if each.startswith("m") else int(each) for each in told]
