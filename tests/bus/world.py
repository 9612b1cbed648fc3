"""Posts of two days of the archive, the board they make in one process, and processes that make it over a bus."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from verst.cli.serving import archive_files
from verst.geography import load_kinds, load_regions
from verst.model import Post
from verst.reading.reader import Reader
from verst.sources import Door, read
from verst.store import Store, open_store
from verst.work import settle
from verst.work.inputs import find_inputs
from verst.work.intake import Tally, keep_posts
from verst.work.settling import known_crossings

VERST = str(Path(sys.executable).parent / "verst")
SINCE, UNTIL = datetime(2022, 9, 22, tzinfo=UTC), datetime(2022, 9, 24, tzinfo=UTC)
DEADLINE = 60.0
KINDS = {kind.id: kind for kind in load_kinds()}


@cache
def posts() -> list[Post]:
    """Posts of two days of the archive, in the order of time."""
    if not archive_files():
        pytest.skip("no archive is bundled here")
    door = Door(b"k" * 32, about_of=reader().places.about)
    found = [item for name in archive_files() for each in find_inputs(name) for item in read(each, door)]
    chosen = [item for item in found if isinstance(item, Post) and SINCE <= item.posted_at < UNTIL]
    return sorted(chosen, key=lambda post: (post.posted_at, post.id))


@cache
def reader() -> Reader:
    return Reader.load()


@cache
def expected() -> dict[str, Any]:
    """The board as one process makes it."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/verst.db")
        keep_posts(posts(), store, reader(), Tally(), [])
        settle(store, load_regions(), KINDS)
        told = board(store)
        store.close()
    return told


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
