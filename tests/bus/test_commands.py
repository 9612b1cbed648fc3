"""The commands over a bus: up with its crew, load and listen onto it; and nothing personal on the bus's disk."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import psutil
import pytest

from tests import postgres
from tests.bus import world
from tests.planting import left_over, plant
from tests.servers import free_port
from verst.bus import POSTS, open_bus
from verst.bus.memory import MemoryBus
from verst.store import open_store
from verst.work.apart.readers import Readers

ITEM = (
    "<item><guid>{n}</guid><title>Верхний Ларс: {n} часов</title>"
    "<pubDate>Sat, 24 Sep 2022 {n:02}:00:00 GMT</pubDate></item>"
)


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "VERST_HOME": str(home)}
    return subprocess.run([world.VERST, *words], env=env, capture_output=True, text=True, check=False, timeout=120)


def write_posts(file: Path, count: int) -> Path:
    with file.open("w", encoding="utf-8") as out:
        for n in range(count):
            row: dict[str, object] = {"id": f"p{n}", "posted_at": f"2022-09-24T{n % 12:02}:30:00+03:00"}
            row |= {"text": f"Ларс, стоим {n + 2} часов", "chat": {"title": "Ларс", "kind": "group"}}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return file


def test_up_has_a_crew_that_is_begun_anew_and_ends_with_it(
    nats_server: str, server: postgres.Server, tmp_path: Path
) -> None:
    url, bus, port = server.new(), f"{nats_server}/up", free_port()
    env = {**os.environ, "VERST_HOME": str(tmp_path), "VERST_BUS": bus, "VERST_STORE": url}
    log = (tmp_path / "log").open("wb")
    up = subprocess.Popen([world.VERST, "up", "--port", str(port), "--no-demo"], env=env, stderr=log)
    try:
        world.soon(lambda: len(psutil.Process(up.pid).children()) == 2)
        crew = psutil.Process(up.pid).children()
        (reader,) = [each for each in crew if "read" in each.cmdline()]
        assert not any(url in word or bus in word for each in crew for word in each.cmdline()), "no address shows"
        world.soon(lambda: "work read: begun" in (tmp_path / "log").read_text())
        reader.send_signal(signal.SIGKILL)
        world.soon(lambda: len([c for c in psutil.Process(up.pid).children() if c.is_running()]) == 2)
        loaded = run(tmp_path, "load", str(write_posts(tmp_path / "posts.jsonl", 10)), "--store", url, "--bus", bus)
        assert loaded.returncode == 0 and "10 read, 10 new" in loaded.stderr, loaded.stderr
        address = f"http://127.0.0.1:{port}/api/v1/crossings/verkhny-lars?at=2022-09-24T06:30Z"

        def told() -> bool:
            answer = httpx.get(address)
            return answer.status_code == 200 and "p9" in answer.text

        world.soon(told)
        crew = psutil.Process(up.pid).children()
    finally:
        up.terminate()
        assert up.wait(world.DEADLINE) == 0
        log.close()
    assert not [each for each in crew if each.is_running()], "the crew ends with the board"
    said = (tmp_path / "log").read_text()
    assert "work read: a process ended (exit code -9); another is begun" in said
    assert said.count("ended, nothing is left half-done") == 2


def test_the_crew_ends_in_order_when_the_board_was_killed(
    nats_server: str, server: postgres.Server, tmp_path: Path
) -> None:
    env = {**os.environ, "VERST_HOME": str(tmp_path), "VERST_BUS": f"{nats_server}/killed", "VERST_STORE": server.new()}
    with (tmp_path / "log").open("wb") as log:
        command = [world.VERST, "up", "--port", str(free_port()), "--no-demo"]
        up = subprocess.Popen(command, env=env, stderr=log)
        world.soon(lambda: (tmp_path / "log").read_text().count(": begun") == 2)
        crew = psutil.Process(up.pid).children()
        up.kill()
        assert up.wait() == -signal.SIGKILL and len(crew) == 2
        world.soon(lambda: not [each for each in crew if is_there(each)])
    said = (tmp_path / "log").read_text()
    assert said.count("ended, nothing is left half-done") == 2, "each brought its step to an end"


def is_there(process: psutil.Process) -> bool:
    """Whether a process runs still; what has ended and is nobody's child may be noted for a while."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def feed() -> Iterator[str]:
    """The address of a feed with two items."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            items = "".join(ITEM.format(n=n) for n in (7, 8))
            body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_port}/feed"
    site.shutdown()
    site.server_close()


def test_what_is_heard_goes_on_the_bus_once(nats_server: str, feed: str, tmp_path: Path) -> None:
    config = f'allow_private = true\n[[ear]]\nname = "a"\nurl = "{feed}"\n[[ear]]\nname = "b"\nurl = "{feed}"\n'
    (tmp_path / "verst.toml").write_text(config)
    address = f"{nats_server}/heard"
    done = run(tmp_path, "listen", "--once", "--bus", address)
    assert done.returncode == 0 and "a: 2 new" in done.stderr, done.stderr
    bus, store = open_bus(address), open_store(f"sqlite:///{tmp_path}/verst.db")
    reader = Readers(store, bus, world.reader(), lambda _: None)
    reader.hold(["me"], "me")
    assert bus.waiting(POSTS) == 2, "what two listeners hear is there once"
    assert store.span() is None, "a listener keeps no post"
    assert reader.step(2.0) == 2
    assert {report.claim.value for report in store.reports()} == {420.0, 480.0}
    store.close()
    bus.close()


def test_loading_the_same_again_puts_nothing_more(tmp_path: Path) -> None:
    from verst.clock import now
    from verst.sources import Door
    from verst.work.apart.putting import Putter, put_inputs
    from verst.work.apart.shedding import Sieve

    store, bus, file = open_store(f"sqlite:///{tmp_path}/verst.db"), MemoryBus(), write_posts(tmp_path / "p.jsonl", 20)
    putter = Putter(store, bus, Sieve(bus, world.reader(), now, lambda _: None))
    first = put_inputs([file], store, putter.put, Door(b"k" * 32), on_skip=lambda _: None)
    again = put_inputs([file, tmp_path / "none"], store, putter.put, Door(b"k" * 32), on_skip=lambda _: None)
    assert (first.read, first.new, first.skips) == (20, 20, 0)
    assert (again.read, again.went_on, again.skips) == (0, 1, 1), "one is known, one is not there"
    assert bus.waiting(POSTS) == 20
    store.close()


def test_nothing_personal_is_on_the_bus_or_its_disk(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    files, planted = plant(random.Random(3), tmp_path / "in")
    store = f"sqlite:///{tmp_path / 'home' / 'verst.db'}"
    with world.broker(tmp_path / "nats") as found:
        loaded = run(tmp_path / "home", "load", *map(str, files), "--bus", found.address, "--store", store)
        assert loaded.returncode in (0, 3), loaded.stderr
        bus, opened = open_bus(found.address), open_store(store)
        waiting = bus.waiting(POSTS)
        carried = b"".join(message.data for message in bus.take(POSTS, dict.fromkeys(range(32), 0), 10_000, 5.0))
        on_disk = everything_in(tmp_path / "nats")
        assert waiting >= 50 and len(on_disk) > 10_000
        with world.working("read", store, found.address, tmp_path / "home"):
            world.soon(lambda: opened.span() is not None and bus.waiting(POSTS) == 0)
        opened.close()
        bus.close()
    left = everything_in(tmp_path / "nats") + everything_in(tmp_path / "home")
    for data in (carried, on_disk, left, (loaded.stdout + loaded.stderr).encode()):
        assert not left_over(planted, data)


def everything_in(folder: Path) -> bytes:
    return b"\n".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
