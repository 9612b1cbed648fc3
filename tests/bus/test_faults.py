"""Real processes over a real broker and database: each of them killed, restarted or replaced while posts come."""

from __future__ import annotations

import signal
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

from tests import postgres
from tests.bus import world
from verst.bus import Bus, open_bus
from verst.errors import BusError, StoreError
from verst.model import Post
from verst.store import Store, open_store
from verst.work.apart.putting import put_posts


def put(bus: Bus, posts: list[Post]) -> None:
    """Put posts as a listener does: again until the bus has them."""
    until = time.monotonic() + world.DEADLINE
    while True:
        try:
            put_posts(bus, posts)
            return
        except BusError:
            assert time.monotonic() < until
            time.sleep(0.2)


def is_done(store: Store) -> bool:
    try:
        return world.board(store) == world.expected()
    except StoreError:
        return False


def pieces(count: int) -> list[list[Post]]:
    every = world.posts()
    return [every[n::count] for n in range(count)]  # mixed in time, as they never come in life


def test_kills_and_restarts_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(postgres.server())
        broker = stack.enter_context(world.broker(tmp_path / "nats"))
        url, home, started = server.new(), tmp_path / "home", list[subprocess.Popen[bytes]]()
        stack.callback(lambda: [process.terminate() for process in started])
        store, bus = open_store(url), open_bus(broker.address)
        stack.callback(store.close)
        stack.callback(bus.close)
        readers = stack.enter_context(world.working("read", url, broker.address, home, 2))
        fusers = stack.enter_context(world.working("fuse", url, broker.address, home, 2))
        first, second, third, fourth = pieces(4)
        put(bus, first)
        world.soon(lambda: store.known(post.id for post in first))
        readers[0].send_signal(signal.SIGKILL)
        put(bus, second)
        broker.kill()
        broker.start()
        fusers[0].send_signal(signal.SIGKILL)
        put(bus, third)
        world.restart(server, started)
        put(bus, [*fourth, *first])  # and what was put before, once more
        world.soon(lambda: is_done(store))
        assert [process.poll() for process in (readers[1], fusers[1])] == [None, None], "the others lived through it"


def test_a_rolling_restart_leaves_no_gap(nats_server: str, server: postgres.Server, tmp_path: Path) -> None:
    url, address, home = server.new(), f"{nats_server}/rolling", tmp_path / "home"
    store, bus = open_store(url), open_bus(address)
    first, second, third = pieces(3)
    with ExitStack() as new:
        with (
            world.working("read", url, address, home) as (old_reader,),
            world.working("fuse", url, address, home) as (old_fuser,),
        ):
            put(bus, first)
            world.soon(lambda: store.known(post.id for post in first))
            new.enter_context(world.working("read", url, address, home))
            new.enter_context(world.working("fuse", url, address, home))
            world.soon(lambda: all(len(bus.here(role, "me")) == 3 for role in ("read", "fuse")))
            put(bus, second)
            for process in (old_reader, old_fuser):
                process.terminate()
            assert [process.wait(world.DEADLINE) for process in (old_reader, old_fuser)] == [0, 0]
            assert all(len(bus.here(role, "me")) == 2 for role in ("read", "fuse")), "they said that they go"
            bus.gone("read", "me")
            bus.gone("fuse", "me")
            put(bus, third)
        world.soon(lambda: is_done(store))
    store.close()
    bus.close()
