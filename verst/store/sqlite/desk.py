"""The desk in the same SQLite file: acts in a chain that only grows, accounts, sessions, and who looks at what."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from threading import Lock
from typing import Any

import msgspec

from verst.desk import BEGINNING, Account, Act, Session, numbered, read_act, seal_of, write_act
from verst.store.instants import from_micros, micros, pack

_account = msgspec.msgpack.Decoder(Account).decode
Write = Callable[[], AbstractContextManager[sqlite3.Connection]]
Ask = Callable[..., list[Any]]


class SqliteDesk:
    """The Desk protocol over one file."""

    def __init__(self, write: Write, ask: Ask) -> None:
        self._write, self._ask = write, ask
        self._known, self._lock = list[Act](), Lock()  # acts are read once: they never change

    def add(self, act: Act) -> Act:
        """Put an act at the end of the trail and seal it."""
        with self._write() as db:
            last = db.execute("SELECT n, seal FROM acts ORDER BY n DESC LIMIT 1").fetchone() or (0, BEGINNING)
            text = write_act(numbered(act, last[0] + 1))
            seal = seal_of(text, last[1])
            db.execute("INSERT INTO acts VALUES (?, ?, ?)", (last[0] + 1, text, seal))
            db.execute("UPDATE revision SET number = number + 1")
        return read_act(text, seal)

    def acts(self) -> list[Act]:
        """Every act, in order."""
        with self._lock:
            rows = self._ask("SELECT act, seal FROM acts WHERE n > ? ORDER BY n", len(self._known))
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
        rows = self._ask("SELECT account FROM accounts WHERE name = ?", name)
        return _account(rows[0][0]) if rows else None

    def put_account(self, account: Account, was: Account | None) -> bool:
        """Keep an account in the place of ``was`` (None: a new one); False when another change came before."""
        with self._write() as db:
            row = db.execute("SELECT account FROM accounts WHERE name = ?", (account.name,)).fetchone()
            if (_account(row[0]) if row else None) != was:
                return False
            db.execute("INSERT OR REPLACE INTO accounts VALUES (?, ?)", (account.name, pack(account)))
        return True

    def begin(self, session: Session) -> None:
        """Keep a new session, or when it was seen last."""
        row = (session.key, session.account, micros(session.began), micros(session.seen))
        with self._write() as db:
            db.execute("INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?)", row)

    def session(self, key: str) -> Session | None:
        """The session of that key."""
        rows = self._ask("SELECT key, account, began, seen FROM sessions WHERE key = ?", key)
        return next(map(_session, rows), None)

    def end(self, *, key: str | None = None, account: str | None = None, seen_before: datetime | None = None) -> None:
        """End the session of that key, all of an account, and all that were not seen since."""
        before = micros(seen_before) if seen_before is not None else None
        with self._write() as db:
            db.execute("DELETE FROM sessions WHERE key = ? OR account = ? OR seen < ?", (key, account, before))

    def hold(self, item: str, who: str, at: datetime, until: datetime) -> str:
        """Take an item to look at until then, unless somebody else has it; gives who has it now."""
        with self._write() as db:
            db.execute("DELETE FROM holds WHERE until <= ?", (micros(at),))
            row = db.execute("SELECT who FROM holds WHERE item = ?", (item,)).fetchone()
            if row is not None and row[0] != who:
                return str(row[0])
            db.execute("INSERT OR REPLACE INTO holds VALUES (?, ?, ?)", (item, who, micros(until)))
        return who

    def release(self, who: str, item: str | None = None) -> None:
        """Let go of an item that ``who`` has; None: of all of them."""
        with self._write() as db:
            db.execute("DELETE FROM holds WHERE who = ? AND (?2 IS NULL OR item = ?2)", (who, item))

    def holds(self, at: datetime) -> dict[str, str]:
        """Who looks at what, by item."""
        return dict(self._ask("SELECT item, who FROM holds WHERE until > ?", micros(at)))

    def put_back(self, trail: Iterable[tuple[int, str, str]], accounts: Iterable[Account]) -> None:
        """Write a trail and accounts as another desk had them, into an empty one."""
        with self._write() as db:
            db.executemany("INSERT INTO acts VALUES (?, ?, ?)", trail)
            db.executemany("INSERT INTO accounts VALUES (?, ?)", [(each.name, pack(each)) for each in accounts])


def _session(row: Any) -> Session:
    key, account, began, seen = row
    return Session(key=key, account=account, began=from_micros(began), seen=from_micros(seen))
