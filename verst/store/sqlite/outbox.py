"""The outbox in the same SQLite file: alerts, and to whom each is still to be told."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import msgspec

from verst.notices import Alert, Delivery, State
from verst.store.instants import CLOCK, EARLIEST, NOTED_EVERY, SET_BACK, from_micros, micros, pack

_alert = msgspec.msgpack.Decoder(Alert).decode
COLUMNS = "n, alert, subscriber, attempts, due, state, fault"


class SqliteOutbox:
    """The Outbox protocol. ``write`` gives a connection in a transaction, ``ask`` the rows of a question."""

    def __init__(
        self,
        write: Callable[[], AbstractContextManager[sqlite3.Connection]],
        ask: Callable[..., list[Any]],
    ) -> None:
        self._write, self._ask = write, ask

    def accept(self, alerts: Iterable[tuple[Alert, Sequence[str]]], at: datetime) -> list[Alert]:
        """Keep alerts, each with the subscribers it is for; gives those that were new."""
        with self._write() as db:
            _follow_clock(db, micros(at))
            return [alert for alert, subscribers in alerts if _accept(db, alert, subscribers, micros(at))]

    def alerts(self, *, crossing: str | None = None, since: datetime | None = None, limit: int = 1_000) -> list[Alert]:
        """Alerts found at or after ``since``, newest first."""
        first = EARLIEST if since is None else micros(since)
        if crossing is None:
            rows = self._ask("SELECT alert FROM alerts WHERE at >= ? ORDER BY at DESC, id LIMIT ?", first, limit)
        else:
            sql = (
                "SELECT a.alert FROM alert_crossings c JOIN alerts a ON a.id = c.alert "
                "WHERE c.crossing = ? AND c.at >= ? ORDER BY c.at DESC, c.alert LIMIT ?"
            )
            rows = self._ask(sql, crossing, first, limit)
        return [_alert(row[0]) for row in rows]

    def alert(self, name: str) -> Alert | None:
        """The alert of that id."""
        rows = self._ask("SELECT alert FROM alerts WHERE id = ?", name)
        return _alert(rows[0][0]) if rows else None

    def claim(self, at: datetime, until: datetime, limit: int = 100) -> list[Delivery]:
        """What is due, the first of each subscriber; nobody else is given it before ``until``."""
        first = "(SELECT min(n) FROM deliveries w WHERE w.subscriber = d.subscriber AND w.state = 'waiting')"
        sql = (
            f"SELECT n FROM deliveries d WHERE state = 'waiting' AND due <= ? AND leased <= ? AND n = {first} "
            "ORDER BY due, n LIMIT ?"
        )
        with self._write() as db:
            _follow_clock(db, micros(at))
            names = [row[0] for row in db.execute(sql, (micros(at), micros(at), limit))]
            update = f"UPDATE deliveries SET leased = ?, attempts = attempts + 1 WHERE n = ? RETURNING {COLUMNS}"
            return [_delivery(db.execute(update, (micros(until), name)).fetchone()) for name in names]

    def settle(self, claimed: Delivery, state: State, *, due: datetime | None = None, fault: str | None = None) -> None:
        """What became of a claimed delivery."""
        when = micros(due if due is not None else claimed.due)
        sql = (
            "UPDATE deliveries SET state = ?1, due = ?2, fault = ?3, leased = 0 "
            "WHERE n = ?4 AND state != 'delivered' AND (attempts = ?5 OR ?1 = 'delivered')"
        )
        with self._write() as db:
            db.execute(sql, (state, when, fault, claimed.n, claimed.attempts))

    def deliveries(self, alert: str | None = None) -> list[Delivery]:
        """Every delivery, or those of one alert, in the order in which they were accepted."""
        where, values = ("WHERE alert = ? ", [alert]) if alert is not None else ("", [])
        return [_delivery(row) for row in self._ask(f"SELECT {COLUMNS} FROM deliveries {where}ORDER BY n", *values)]

    def tally(self) -> dict[State, int]:
        """How many deliveries are in each state."""
        return dict(self._ask("SELECT state, count(*) FROM deliveries GROUP BY state ORDER BY state"))

    def next_due(self) -> datetime | None:
        """When the next delivery may be tried; None: nothing waits."""
        sql = (
            "SELECT min(max(due, leased)) FROM deliveries WHERE n IN "
            "(SELECT min(n) FROM deliveries WHERE state = 'waiting' GROUP BY subscriber)"
        )
        ((due,),) = self._ask(sql)
        return None if due is None else from_micros(due)

    def forget(self, before: datetime) -> int:
        """Forget alerts found before that time whose deliveries are all done."""
        done = (
            "SELECT id FROM alerts WHERE at < ? AND NOT EXISTS "
            "(SELECT 1 FROM deliveries WHERE alert = alerts.id AND state = 'waiting')"
        )
        with self._write() as db:
            names = [(row[0],) for row in db.execute(done, (micros(before),))]
            for table, column in (("deliveries", "alert"), ("alert_crossings", "alert"), ("alerts", "id")):
                db.executemany(f"DELETE FROM {table} WHERE {column} = ?", names)
        return len(names)

    def put_back(self, alerts: Iterable[Alert], deliveries: Iterable[Delivery]) -> None:
        """Write alerts and deliveries as another outbox had them, into an empty one."""
        with self._write() as db:
            for alert in alerts:
                _write(db, alert)
            rows = [(d.n, d.alert, d.subscriber, d.attempts, micros(d.due), d.state, d.fault) for d in deliveries]
            db.executemany(f"INSERT INTO deliveries ({COLUMNS}, leased) VALUES (?, ?, ?, ?, ?, ?, ?, 0)", rows)


def _follow_clock(db: sqlite3.Connection, at: int) -> None:
    """Note what time it is; where the clock was set back since, whatever waits for a time waits for an earlier one."""
    row = db.execute("SELECT state FROM states WHERE name = ?", (CLOCK,)).fetchone()
    last = int(row[0]) if row is not None else at
    if at < last - SET_BACK:
        sql = (
            "UPDATE deliveries SET due = max(min(due, ?1), due - ?2), leased = leased - ?2 "
            "WHERE state = 'waiting' AND (due > ?1 OR leased > ?1)"
        )
        db.execute(sql, (at, last - at))
    if row is None or not last - SET_BACK <= at < last + NOTED_EVERY:
        db.execute("INSERT OR REPLACE INTO states VALUES (?, ?)", (CLOCK, str(at).encode()))


def _accept(db: sqlite3.Connection, alert: Alert, subscribers: Sequence[str], at: int) -> bool:
    """Write one alert and its deliveries; False when it is known."""
    if not _write(db, alert):
        return False
    whom = subscribers if alert.takes_back is None else _told(db, alert.takes_back, at)
    sql = "INSERT OR IGNORE INTO deliveries (alert, subscriber, due, leased, state) VALUES (?, ?, ?, 0, 'waiting')"
    db.executemany(sql, [(alert.id, subscriber, at) for subscriber in whom])
    return True


def _write(db: sqlite3.Connection, alert: Alert) -> bool:
    """Write one alert; False when it is known."""
    row = (alert.id, micros(alert.at), pack(alert))
    if not db.execute("INSERT OR IGNORE INTO alerts VALUES (?, ?, ?)", row).rowcount:
        return False
    places = [(crossing, micros(alert.at), alert.id) for crossing in alert.crossings]
    db.executemany("INSERT OR IGNORE INTO alert_crossings VALUES (?, ?, ?)", places)
    return True


def _told(db: sqlite3.Connection, name: str, at: int) -> list[str]:
    """Who was told of an alert or may have been; what waits for others, or for those again, is withdrawn."""
    told = "state = 'delivered' OR attempts > (state IN ('expired', 'refused'))"  # the last attempt told nobody
    rows = db.execute(f"SELECT subscriber FROM deliveries WHERE alert = ? AND ({told}) ORDER BY n", (name,)).fetchall()
    withdraw = "UPDATE deliveries SET state = 'withdrawn' WHERE alert = ? AND state = 'waiting' AND leased <= ?"
    db.execute(withdraw, (name, at))
    return [row[0] for row in rows]


def _delivery(row: Any) -> Delivery:
    n, alert, subscriber, attempts, due, state, fault = row
    return Delivery(
        n=n, alert=alert, subscriber=subscriber, attempts=attempts, due=from_micros(due), state=state,
        fault=fault,
    )  # fmt: skip
