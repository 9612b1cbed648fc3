"""The connections of one store: one that writes, one a thread that reads, and one for whoever works alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import RLock, local
from typing import Any

from psycopg import Connection

from verst.errors import StoreBusy, StoreError
from verst.store.postgres.opening import BESIDE, LOCKS, SOLE, WRITING, connect, prepare, told_in_words
from verst.store.postgres.partitions import Partitions

STEPS = "what works in it over a bus does not come to the end of a step; try again"
BUSY = "another verst loads into this store; wait until it is done"


class Connections:
    """Opened when they are needed, and anew when they were lost. Safe to use from threads."""

    def __init__(self, address: str) -> None:
        self._address, self._lock, self._mine = address, RLock(), local()
        self._all: list[Connection[Any]] = []
        self.partitions, self._writer = Partitions(), self._connect(reads_only=False)
        prepare(self._writer)

    @contextmanager
    def write(self) -> Iterator[Connection[Any]]:
        """The connection that writes, in a transaction; others that write wait."""
        with self._lock, told_in_words():
            if self._writer.closed:
                self._drop(self._writer)
                self.partitions.forget()
                self._writer = self._connect(reads_only=False)
            with self._writer.transaction():
                self._writer.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCKS, WRITING))
                yield self._writer

    @contextmanager
    def sole(self) -> Iterator[None]:
        """Hold a lock of the database; the server lets go of it when this connection ends, however it ends."""
        held = self._connect(reads_only=False)
        try:
            with told_in_words():
                row = held.execute("SELECT pg_try_advisory_lock(%s, %s)", (LOCKS, SOLE)).fetchone()
            if row is None or not row[0]:
                raise StoreBusy(f"the PostgreSQL store: {BUSY}")
            with told_in_words(busy=STEPS):
                held.execute("SELECT pg_advisory_lock(%s, %s)", (LOCKS, BESIDE))  # waits for steps that others are in
            yield
        finally:
            self._drop(held)

    @contextmanager
    def beside(self) -> Iterator[None]:
        """Hold a share of a lock that whoever is `sole` has alone."""
        held = self._reader()
        with told_in_words(busy=BUSY):
            held.execute("SELECT pg_advisory_lock_shared(%s, %s)", (LOCKS, BESIDE))
        try:
            yield
        finally:
            with suppress(StoreError), told_in_words():  # lost with its connection: let go of by the server
                held.execute("SELECT pg_advisory_unlock_shared(%s, %s)", (LOCKS, BESIDE))

    def ask(self, sql: str, *values: Any) -> list[Any]:
        """The rows of a question, over this thread's connection, which cannot write."""
        with told_in_words():
            return self._reader().execute(sql.encode(), values).fetchall()

    def close(self) -> None:
        """Close every connection of every thread."""
        with self._lock:
            for connection in self._all:
                connection.close()
            self._all.clear()
            self._mine = local()

    def _connect(self, *, reads_only: bool) -> Connection[Any]:
        connection = connect(self._address, reads_only=reads_only)
        with self._lock:
            self._all.append(connection)
        return connection

    def _drop(self, connection: Connection[Any]) -> None:
        connection.close()
        with self._lock:
            if connection in self._all:
                self._all.remove(connection)

    def _reader(self) -> Connection[Any]:
        found: Connection[Any] | None = getattr(self._mine, "reader", None)
        if found is None or found.closed:
            if found is not None:
                self._drop(found)
            found = self._mine.reader = self._connect(reads_only=True)
        return found
