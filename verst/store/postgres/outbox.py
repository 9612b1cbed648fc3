"""The outbox in the same database: alerts, and to whom each is still to be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from verst.notices import Alert, Delivery, State
from verst.store.instants import CLOCK, EARLIEST, NOTED_EVERY, SET_BACK, from_micros, micros, pack
from verst.store.postgres.writing import many

_alert = msgspec.msgpack.Decoder(Alert).decode
COLUMNS = "n, alert, subscriber, attempts, due, state, fault"


class PostgresOutbox:
    """The Outbox protocol. ``write`` gives a connection in a transaction, ``ask`` the rows of a question."""

    def __init__(
        self, write: Callable[[], AbstractContextManager[Connection[Any]]], ask: Callable[..., list[Any]]
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
            rows = self._ask("SELECT alert FROM alerts WHERE at >= %s ORDER BY at DESC, id LIMIT %s", first, limit)
        else:
            sql = (
                "SELECT a.alert FROM alert_crossings c JOIN alerts a ON a.id = c.alert "
                "WHERE c.crossing = %s AND c.at >= %s ORDER BY c.at DESC, c.alert LIMIT %s"
            )
            rows = self._ask(sql, crossing, first, limit)
        return [_alert(row[0]) for row in rows]

    def alert(self, name: str) -> Alert | None:
        """The alert of that id."""
        rows = self._ask("SELECT alert FROM alerts WHERE id = %s", name)
        return _alert(rows[0][0]) if rows else None

    def claim(self, at: datetime, until: datetime, limit: int = 100) -> list[Delivery]:
        """What is due, the first of each subscriber; nobody else is given it before ``until``."""
        first = "(SELECT min(n) FROM deliveries w WHERE w.subscriber = d.subscriber AND w.state = 'waiting')"
        sql = (
            f"WITH found AS (SELECT n, due AS was_due FROM deliveries d WHERE state = 'waiting' AND due <= %s "
            f"AND leased <= %s AND n = {first} ORDER BY due, n LIMIT %s), "
            "taken AS (UPDATE deliveries SET leased = %s, attempts = attempts + 1 WHERE n IN (SELECT n FROM found) "
            f"RETURNING {COLUMNS}) SELECT {COLUMNS} FROM taken ORDER BY due, n"
        )
        with self._write() as db:
            _follow_clock(db, micros(at))
            rows = db.execute(sql, (micros(at), micros(at), limit, micros(until))).fetchall()
        return [_delivery(row) for row in rows]

    def settle(self, claimed: Delivery, state: State, *, due: datetime | None = None, fault: str | None = None) -> None:
        """What became of a claimed delivery."""
        when = micros(due if due is not None else claimed.due)
        sql = (
            "UPDATE deliveries SET state = %(state)s, due = %(due)s, fault = %(fault)s, leased = 0 WHERE n = %(n)s "
            "AND state <> 'delivered' AND (attempts = %(attempts)s OR %(state)s = 'delivered')"
        )
        values = {"state": state, "due": when, "fault": fault, "n": claimed.n, "attempts": claimed.attempts}
        with self._write() as db:
            db.execute(sql, values)

    def deliveries(self, alert: str | None = None) -> list[Delivery]:
        """Every delivery, or those of one alert, in the order in which they were accepted."""
        where, values = ("WHERE alert = %s ", [alert]) if alert is not None else ("", [])
        return [_delivery(row) for row in self._ask(f"SELECT {COLUMNS} FROM deliveries {where}ORDER BY n", *values)]

    def tally(self) -> dict[State, int]:
        """How many deliveries are in each state."""
        return dict(self._ask("SELECT state, count(*) FROM deliveries GROUP BY state ORDER BY state"))

    def next_due(self) -> datetime | None:
        """When the next delivery may be tried; None: nothing waits."""
        sql = (
            "SELECT min(greatest(due, leased)) FROM deliveries WHERE n IN "
            "(SELECT min(n) FROM deliveries WHERE state = 'waiting' GROUP BY subscriber)"
        )
        ((due,),) = self._ask(sql)
        return None if due is None else from_micros(due)

    def forget(self, before: datetime) -> int:
        """Forget alerts found before that time whose deliveries are all done."""
        done = (
            "SELECT id FROM alerts WHERE at < %s AND NOT EXISTS "
            "(SELECT 1 FROM deliveries WHERE alert = alerts.id AND state = 'waiting')"
        )
        with self._write() as db:
            names = [row[0] for row in db.execute(done, (micros(before),))]
            db.execute("DELETE FROM deliveries WHERE alert = ANY(%s)", (names,))
            db.execute("DELETE FROM alert_crossings WHERE alert = ANY(%s)", (names,))
            db.execute("DELETE FROM alerts WHERE id = ANY(%s)", (names,))
        return len(names)

    def put_back(self, alerts: Iterable[Alert], deliveries: Iterable[Delivery]) -> None:
        """Write alerts and deliveries as another outbox had them, into an empty one."""
        with self._write() as db:
            for alert in alerts:
                _write_alert(db, alert)
            rows = [(d.n, d.alert, d.subscriber, d.attempts, micros(d.due), d.state, d.fault) for d in deliveries]
            sql = f"INSERT INTO deliveries ({COLUMNS}, leased) OVERRIDING SYSTEM VALUE "
            sql += "VALUES (%s, %s, %s, %s, %s, %s, %s, 0)"
            many(db, sql, rows)
            next_n = (
                "SELECT setval(pg_get_serial_sequence('deliveries', 'n'), greatest(1, (SELECT max(n) FROM deliveries)))"
            )
            db.execute(next_n)


def _follow_clock(db: Connection[Any], at: int) -> None:
    """Note what time it is; where the clock was set back since, whatever waits for a time waits for an earlier one."""
    row = db.execute("SELECT state FROM states WHERE name = %s", (CLOCK,)).fetchone()
    last = int(bytes(row[0])) if row is not None else at
    if at < last - SET_BACK:
        sql = (
            "UPDATE deliveries SET due = greatest(least(due, %(at)s), due - %(by)s), leased = leased - %(by)s "
            "WHERE state = 'waiting' AND (due > %(at)s OR leased > %(at)s)"
        )
        db.execute(sql, {"at": at, "by": last - at})
    if row is None or not last - SET_BACK <= at < last + NOTED_EVERY:
        sql = "INSERT INTO states VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET state = EXCLUDED.state"
        db.execute(sql, (CLOCK, str(at).encode()))


def _accept(db: Connection[Any], alert: Alert, subscribers: Sequence[str], at: int) -> bool:
    """Write one alert and its deliveries; False when it is known."""
    if not _write_alert(db, alert):
        return False
    whom = subscribers if alert.takes_back is None else _told(db, alert.takes_back, at)
    many(
        db,
        "INSERT INTO deliveries (alert, subscriber, due, leased, state) VALUES (%s, %s, %s, 0, 'waiting') "
        "ON CONFLICT DO NOTHING",
        [(alert.id, subscriber, at) for subscriber in whom],
    )
    return True


def _write_alert(db: Connection[Any], alert: Alert) -> bool:
    """Write one alert; False when it is known."""
    sql = "INSERT INTO alerts VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
    if not db.execute(sql, (alert.id, micros(alert.at), pack(alert))).rowcount:
        return False
    places = [(crossing, micros(alert.at), alert.id) for crossing in alert.crossings]
    many(db, "INSERT INTO alert_crossings VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", places)
    return True


def _told(db: Connection[Any], name: str, at: int) -> list[str]:
    """Who was told of an alert or may have been; what waits for others, or for those again, is withdrawn."""
    last = "CASE WHEN state IN ('expired', 'refused') THEN 1 ELSE 0 END"  # the last attempt told nobody
    told = f"state = 'delivered' OR attempts > {last}"
    sql = f"SELECT subscriber FROM deliveries WHERE alert = %s AND ({told}) ORDER BY n"
    rows = db.execute(sql, (name,)).fetchall()
    withdraw = "UPDATE deliveries SET state = 'withdrawn' WHERE alert = %s AND state = 'waiting' AND leased <= %s"
    db.execute(withdraw, (name, at))
    return [row[0] for row in rows]


def _delivery(row: Any) -> Delivery:
    n, alert, subscriber, attempts, due, state, fault = row
    return Delivery(n=n, alert=alert, subscriber=subscriber, attempts=attempts, due=from_micros(due), state=state,
                    fault=fault)  # fmt: skip
