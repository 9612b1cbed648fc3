"""Posts of two days of the archive, the board they make in one process, and processes that make it over a bus."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from tests import postgres
from tests.servers import free_port
from verst.cli.serving import archive_files
from verst.geography import load_kinds, load_regions
from verst.model import Post
from verst.reading.reader import Reader
from verst.sources import Door, read
from verst.store import Store, open_store
from verst.web import make_app
from verst.work import settle
from verst.work.inputs import find_inputs
from verst.work.intake import Tally, keep_posts
from verst.work.settling import known_crossings

VERST = str(Path(sys.executable).parent / "verst")
SINCE, UNTIL = datetime(2022, 9, 22, tzinfo=UTC), datetime(2022, 9, 24, tzinfo=UTC)
DEADLINE = 150.0
KINDS = {kind.id: kind for kind in load_kinds()}


@cache
def posts() -> list[Post]:
    """Posts of two days of the archive, in the order of time."""
    return [post for post in archive() if SINCE <= post.posted_at < UNTIL]


@cache
def archive() -> list[Post]:
    """Every post of the archive, in the order of time."""
    if not archive_files():
        pytest.skip("no archive is bundled here")
    door = Door(b"k" * 32, about_of=reader().places.about)
    found = [item for name in archive_files() for each in find_inputs(name) for item in read(each, door)]
    return sorted((item for item in found if isinstance(item, Post)), key=lambda post: (post.posted_at, post.id))


@cache
def reader() -> Reader:
    return Reader.load()


@cache
def _expected() -> tuple[dict[str, Any], dict[str, bytes]]:
    """The board as one process makes it, and what it answers."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/verst.db")
        keep_posts(posts(), store, reader(), Tally(), [])
        settle(store, load_regions(), KINDS)
        told = board(store), answers(store)
        store.close()
    return told


def expected() -> dict[str, Any]:
    """The board as one process makes it."""
    return _expected()[0]


def expected_answers() -> dict[str, bytes]:
    """The JSON of every crossing as one process makes it."""
    return _expected()[1]


def answers(store: Store) -> dict[str, bytes]:
    """The JSON of every crossing and of the board, at the end and a day before; but for how many batches there were."""
    span = store.span()
    assert span is not None
    times = [f"{at:%Y-%m-%dT%H:%MZ}" for at in (span[1] - timedelta(days=1), span[1])]
    found = {}
    with TestClient(make_app(store, load_regions(), load_kinds())) as client:
        for name in (*known_crossings(store), ""):
            for at in times:
                path = f"/api/v1/crossings/{name}?at={at}" if name else f"/api/v1/board?at={at}"
                answer = client.get(path)
                found[path] = re.sub(rb'"revision":\d+,', b"", answer.content)
                assert answer.status_code == 200 or ("-" in name and name.isupper()), (path, answer.text)
    return found


def board(store: Store) -> dict[str, Any]:
    """Everything that is told of every crossing, at any time, with what it rests on."""
    span = store.span()
    if span is None:
        return {}
    return {
        "posts": sorted((post.id, msgspec.to_builtins(reading)) for post, reading, _ in store.every_post()),
        "reports": [msgspec.to_builtins(report) for report in store.reports()],
        "crossings": {
            name: [msgspec.to_builtins(told) for told in store.estimates_between(name, *span)]
            for name in known_crossings(store)
        },
    }


@contextmanager
def working(role: str, store: str, bus: str, home: Path, count: int = 1) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many workers as processes, ended by SIGTERM, which all of them must follow."""
    env = {**os.environ, "VERST_HOME": str(home), "VERST_BUS": bus, "PYTHONUTF8": "1"}
    home.mkdir(exist_ok=True)
    log = (home / f"{role}.log").open("ab")
    words = [VERST, "work", role, "--store", store]
    processes = [subprocess.Popen(words, env=env, stderr=log) for _ in range(count)]
    try:
        yield processes
    finally:
        for process in processes:
            process.terminate()
        ended = [process.wait(DEADLINE) for process in processes]
        log.close()
    assert all(code in (0, -9) for code in ended), (home / f"{role}.log").read_text()


def soon(holds: Callable[[], object], seconds: float = DEADLINE) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.1)


class Broker:
    """A NATS server whose life a test decides about; its folder stays when it is killed."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder, self.port, self.words = folder, free_port(), words
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        program = shutil.which("nats-server") or str(Path(sys.executable).parent / "nats-server")
        words = self.words or ("-js", "-sd", str(self.folder))
        self.process = subprocess.Popen(
            [program, "-a", "127.0.0.1", "-p", str(self.port), *words], stderr=subprocess.DEVNULL
        )
        soon(self._answers)

    def _answers(self) -> bool:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@contextmanager
def broker(folder: Path, *words: str) -> Iterator[Broker]:
    found = Broker(folder, *words)
    found.start()
    try:
        yield found
    finally:
        found.kill()


def restart(server: postgres.Server, said: list[subprocess.Popen[bytes]]) -> None:
    """End a PostgreSQL server at once, as a crash would, and start it again; ``said`` gets its new process."""
    data = server.folder / "data"
    server.run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    words = [server.programs / "postgres", "-D", data, "-p", str(server.port)]
    words += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    with (server.folder / "log").open("ab") as log:
        who = postgres._as_nobody()
        said.append(subprocess.Popen(words, cwd=data, stdout=log, stderr=log, **who))  # type: ignore[call-overload]
