"""`verst relay` over a real board: each change goes on, dead workers are begun anew, a silent board is asked again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import psutil
import pytest

from tests.servers import free_port
from tests.web.world import estimate
from verst import clock
from verst.store import Batch, open_store

VERST = str(Path(sys.executable).parent / "verst")
DEADLINE = 30
BEGUN = clock.now() - timedelta(minutes=1)


@contextmanager
def running(home: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    env = {**os.environ, "VERST_HOME": str(home), "PYTHONUTF8": "1"}
    process = subprocess.Popen([VERST, *words], env=env, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(DEADLINE)


def soon(holds: Callable[[], object]) -> None:
    until = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.05)


def answers(port: int, path: str = "/") -> str | None:
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}{path}")
    except httpx.HTTPError:
        return None
    return answer.text if answer.status_code == 200 else None


def come(port: int) -> socket.socket:
    reader = socket.create_connection(("127.0.0.1", port), DEADLINE)
    reader.sendall(b"GET /events HTTP/1.1\r\nHost: board\r\n\r\n")
    return reader


def read_until(reader: socket.socket, words: bytes) -> bytes:
    said = b""
    while words not in said:
        piece = reader.recv(1 << 16)
        assert piece, "the stream ended"
        said += piece
    return said


def change(home: Path, value: str, seconds: int) -> None:
    """Another process than the board's keeps a change, of ``seconds`` after the first."""
    with closing(open_store(f"sqlite:///{home}/verst.db")) as store:
        store.keep(Batch(estimates=[estimate("passage", value, BEGUN + timedelta(seconds=seconds))]))


def test_changes_of_a_board_reach_readers_of_two_workers_through_deaths(tmp_path: Path) -> None:
    change(tmp_path, "open", 0)
    board, port = free_port(), free_port()
    follow = ("relay", "--of", f"http://127.0.0.1:{board}", "--port", str(port), "--workers", "2")
    with running(tmp_path, "up", "--no-demo", "--port", str(board)), running(tmp_path, *follow) as relay:
        soon(lambda: answers(board))
        soon(lambda: "last message: none" not in (answers(port, "/health") or "none"))
        readers = [come(port) for _ in range(20)]
        for reader in readers:
            read_until(reader, b": listening\n\n")
        change(tmp_path, "closed", 1)
        for reader in readers:
            assert b'"verkhny-lars":"closed"' in read_until(reader, b'"}}\n\n')
            reader.close()
        workers = psutil.Process(relay.pid).children()
        assert len(workers) == 2
        for worker in workers:
            worker.kill()
        soon(lambda: {w.pid for w in psutil.Process(relay.pid).children()}.isdisjoint(w.pid for w in workers)
             and len(psutil.Process(relay.pid).children()) == 2)  # fmt: skip
        soon(lambda: answers(port, "/health"))
        with closing(come(port)) as reader:
            read_until(reader, b": listening\n\n")
            change(tmp_path, "open", 2)
            assert b'"verkhny-lars":"open"' in read_until(reader, b'"}}\n\n')
    assert not [w for w in workers if w.is_running() and w.status() != psutil.STATUS_ZOMBIE]


def test_a_board_that_is_not_there_yet_is_asked_again(tmp_path: Path) -> None:
    change(tmp_path, "open", 0)
    board, port = free_port(), free_port()
    with running(tmp_path, "relay", "--of", f"http://127.0.0.1:{board}", "--port", str(port)):
        soon(lambda: answers(port, "/health"))
        with closing(come(port)) as reader, running(tmp_path, "up", "--no-demo", "--port", str(board)):
            soon(lambda: answers(board))
            assert b'"changed":null' in read_until(reader, b"}\n\n")


@pytest.mark.parametrize("address", ["ftp://board", "127.0.0.1:8080"])
def test_a_wrong_address_is_said(tmp_path: Path, address: str) -> None:
    told = subprocess.run([VERST, "relay", "--of", address], capture_output=True, text=True, check=False,
                          env={**os.environ, "VERST_HOME": str(tmp_path)})  # fmt: skip
    assert told.returncode == 2 and address in told.stderr and "http" in told.stderr


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        told = subprocess.run([VERST, "relay", "--port", port], capture_output=True, text=True, check=False,
                              env={**os.environ, "VERST_HOME": str(tmp_path)})  # fmt: skip
    assert told.returncode == 2 and port in told.stderr
