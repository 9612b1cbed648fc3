"""`verst relay`: one board held open for tens of thousands."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from collections import deque
from threading import Event, Lock, Thread
from typing import Annotated
from urllib.parse import urlsplit

import typer

from verst.cli.says import warn
from verst.cli.serving import HOST, choose_port
from verst.errors import BadSetting

MOST_KEPT = 256  # messages that a worker begun anew is told
QUIET_SECONDS = 60.0  # the board says a word every quarter of a minute
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds before the board is asked again
LARGEST = 1 << 20  # bytes of one message
END_SECONDS = 5.0


def relay(
    of: Annotated[str, typer.Option(help="the board whose changes are passed on")] = "http://127.0.0.1:8080",
    port: Annotated[int, typer.Option(min=0, max=65535, help="the port readers come to; 0: any")] = 8081,
    host: Annotated[str, typer.Option(help="the address to listen at")] = HOST,
    workers: Annotated[int, typer.Option(min=1, max=64, help="processes that share the port")] = 1,
) -> None:
    """Pass a board's live changes on to tens of thousands of readers, until interrupted; nothing else is kept here."""
    if urlsplit(of).scheme not in ("http", "https"):
        raise BadSetting(f"--of {of} is no http(s) address; write it like http://127.0.0.1:8080")
    port = choose_port(port, host)
    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    passing = Workers(host, port, workers)
    try:
        warn(f"live changes of {of}: http://{host}:{port}/events    (Ctrl-C ends it)")
        Thread(target=hear, args=(f"{of.rstrip('/')}/events", passing, ended), name="hear", daemon=True).start()
        while not ended.wait(0.5):
            passing.mend()
    finally:
        passing.close()


class Workers:
    """The processes that share a port. One that ends is begun anew, and told what was said lately."""

    def __init__(self, host: str, port: int, count: int) -> None:
        self.words = [sys.executable, "-m", "verst.outputs.relay", host, str(port)]
        self._said: deque[bytes] = deque(maxlen=MOST_KEPT)
        self._lock = Lock()
        self._running = [self._begin() for _ in range(count)]

    def _begin(self) -> subprocess.Popen[bytes]:
        worker = subprocess.Popen(self.words, stdin=subprocess.PIPE)
        for line in self._said:
            _write(worker, line)
        return worker

    def tell(self, line: bytes) -> None:
        """Give every worker a message: one line of JSON with its end."""
        with self._lock:
            self._said.append(line)
            for worker in self._running:
                _write(worker, line)

    def mend(self) -> None:
        """Begin anew what has ended."""
        with self._lock:
            for at, worker in enumerate(self._running):
                if worker.poll() is not None:
                    warn(f"verst: a worker ended ({worker.returncode}) and is begun anew; its readers come back")
                    time.sleep(FIRST_WAIT)
                    self._running[at] = self._begin()

    def close(self) -> None:
        """End them all."""
        with self._lock:
            for worker in self._running:
                assert worker.stdin is not None
                with contextlib.suppress(OSError):
                    worker.stdin.close()
            for worker in self._running:
                try:
                    worker.wait(END_SECONDS)
                except subprocess.TimeoutExpired:
                    worker.kill()
                    worker.wait()


def _write(worker: subprocess.Popen[bytes], line: bytes) -> None:
    assert worker.stdin is not None
    with contextlib.suppress(OSError):  # it has ended, and is begun anew with what was said
        worker.stdin.write(line)
        worker.stdin.flush()


def hear(address: str, passing: Workers, ended: Event) -> None:
    """Pass on what the board says, after a break from the last message on. Ends with ``ended``."""
    import msgspec

    from verst.outputs.reaching import Unreachable, open_events
    from verst.outputs.wire import Message

    last, wait = "-1", FIRST_WAIT
    while not ended.is_set():
        try:
            for data, name in open_events(address, {"Last-Event-ID": last}, allow_private=True, seconds=QUIET_SECONDS,
                                          largest=LARGEST):  # fmt: skip
                if name is not None and name != last:
                    last, wait = name, FIRST_WAIT
                    passing.tell(msgspec.json.encode(Message(name, data.decode("utf-8", "replace"))) + b"\n")
        except Unreachable as error:
            warn(f"verst: the board does not answer ({error}); it is asked again in {wait:.0f} s")
        ended.wait(wait)
        wait = min(2 * wait, LONGEST_WAIT)
