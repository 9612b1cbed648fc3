"""The desk in the same database: acts in a chain that only grows, accounts, sessions, and who looks at what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from threading import Lock
from typing import Any

import msgspec
from psycopg import Connection

from verst.desk import BEGINNING, Account, Act, Session, numbered, read_act, seal_of, write_act
from verst.store.instants import EARLIEST, from_micros, micros, pack
from verst.store.postgres.writing import many

_account = msgspec.msgpack.Decoder(Account).decode


class PostgresDesk:
    """The Desk protocol. ``write`` gives a connection in a transaction, ``ask`` the rows of a question."""

    def __init__(
        self, write: Callable[[], AbstractContextManager[Connection[Any]]], ask: Callable[..., list[Any]]
    ) -> None:
        self._write, self._ask = write, ask
        self._known, self._lock = list[Act](), Lock()  # acts are read once: they never change

    def add(self, act: Act) -> Act:
        """Put an act at the end of the trail and seal it."""
        with self._write() as db:
            last = db.execute("SELECT n, seal FROM acts ORDER BY n DESC LIMIT 1").fetchone() or (0, BEGINNING)
            text = write_act(numbered(act, last[0] + 1))
            seal = seal_of(text, last[1])
            db.execute("INSERT INTO acts VALUES (%s, %s, %s)", (last[0] + 1, text, seal))
            db.execute("UPDATE revision SET number = number + 1")
        return read_act(text, seal)

    def acts(self) -> list[Act]:
        """Every act, in order."""
        with self._lock:
            rows = self._ask("SELECT act, seal FROM acts WHERE n > %s ORDER BY n", len(self._known))
            self._known += [read_act(text, seal) for text, seal in rows]
            return list(self._known)

    def trail(self) -> Iterator[tuple[int, str, str]]:
        """Number, act as it was written, and seal of every row, in order."""
        yield from self._ask("SELECT n, act, seal FROM acts ORDER BY n")

    def accounts(self) -> list[Account]:
        """Every account, by name."""
        return [_account(row[0]) for row in self._ask("SELECT account FROM accounts ORDER BY name")]

    def account(self, name: str) -> Account | None:
        """The account of that name."""
        rows = self._ask("SELECT account FROM accounts WHERE name = %s", name)
        return _account(rows[0][0]) if rows else None

    def put_account(self, account: Account, was: Account | None) -> bool:
        """Keep an account in the place of ``was`` (None: a new one); False when another change came before."""
        sql = "INSERT INTO accounts VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET account = excluded.account"
        with self._write() as db:
            row = db.execute("SELECT account FROM accounts WHERE name = %s", (account.name,)).fetchone()
            if (_account(row[0]) if row else None) != was:
                return False
            db.execute(sql, (account.name, pack(account)))
        return True

    def begin(self, session: Session) -> None:
        """Keep a new session, or when it was seen last."""
        row = (session.key, session.account, micros(session.began), micros(session.seen))
        sql = "INSERT INTO sessions VALUES (%s, %s, %s, %s) ON CONFLICT (key) DO UPDATE SET seen = excluded.seen"
        with self._write() as db:
            db.execute(sql, row)

    def session(self, key: str) -> Session | None:
        """The session of that key."""
        rows = self._ask("SELECT key, account, began, seen FROM sessions WHERE key = %s", key)
        found = [
            Session(key=row[0], account=row[1], began=from_micros(row[2]), seen=from_micros(row[3])) for row in rows
        ]
        return found[0] if found else None

    def end(self, *, key: str | None = None, account: str | None = None, seen_before: datetime | None = None) -> None:
        """End the session of that key, all of an account, and all that were not seen since."""
        before = micros(seen_before) if seen_before is not None else EARLIEST
        with self._write() as db:
            db.execute("DELETE FROM sessions WHERE key = %s OR account = %s OR seen < %s", (key, account, before))

    def hold(self, item: str, who: str, at: datetime, until: datetime) -> str:
        """Take an item to look at until then, unless somebody else has it; gives who has it now."""
        sql = "INSERT INTO holds VALUES (%s, %s, %s) ON CONFLICT (item) DO UPDATE SET until = excluded.until"
        with self._write() as db:
            db.execute("DELETE FROM holds WHERE until <= %s", (micros(at),))
            row = db.execute("SELECT who FROM holds WHERE item = %s", (item,)).fetchone()
            if row is not None and row[0] != who:
                return str(row[0])
            db.execute(sql, (item, who, micros(until)))
        return who

    def release(self, who: str, item: str | None = None) -> None:
        """Let go of an item that ``who`` has; None: of all of them."""
        with self._write() as db:
            if item is None:
                db.execute("DELETE FROM holds WHERE who = %s", (who,))
            else:
                db.execute("DELETE FROM holds WHERE who = %s AND item = %s", (who, item))

    def holds(self, at: datetime) -> dict[str, str]:
        """Who looks at what, by item."""
        return dict(self._ask("SELECT item, who FROM holds WHERE until > %s", micros(at)))

    def put_back(self, trail: Iterable[tuple[int, str, str]], accounts: Iterable[Account]) -> None:
        """Write a trail and accounts as another desk had them, into an empty one."""
        with self._write() as db:
            many(db, "INSERT INTO acts VALUES (%s, %s, %s)", list(trail))
            many(db, "INSERT INTO accounts VALUES (%s, %s)", [(each.name, pack(each)) for each in accounts])
