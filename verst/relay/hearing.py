"""Who hears the board, and the workers who pass it on: ``python -m verst.relay.hearing ADDRESS HOST PORT WORKERS``."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections import deque
from threading import Event, Lock, Thread

from verst.log import log
from verst.relay.passing import MOST_KEPT
from verst.relay.wire import read_events

QUIET_SECONDS = 60.0  # the board says a word every quarter of a minute
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds before the board is asked again
LARGEST = 1 << 20  # bytes of one message
END_SECONDS = 5.0


class Workers:
    """The processes that share a port. One that ends is begun anew, and told what was said lately."""

    def __init__(self, host: str, port: str, count: int) -> None:
        self.words = [sys.executable, "-m", "verst.relay.passing", host, port]
        self._said: deque[bytes] = deque(maxlen=MOST_KEPT)
        self._lock = Lock()
        self._running = [self._begin() for _ in range(count)]

    def _begin(self) -> subprocess.Popen[bytes]:
        worker = subprocess.Popen(self.words, stdin=subprocess.PIPE)
        for line in self._said:
            _write(worker, line)
        return worker

    def tell(self, name: str, data: str) -> None:
        """Give every worker a message."""
        line = json.dumps([name, data]).encode() + b"\n"
        with self._lock:
            self._said.append(line)
            for worker in self._running:
                _write(worker, line)

    def mend(self) -> None:
        """Begin anew what has ended."""
        for at, worker in enumerate(self._running):
            if worker.poll() is not None:
                warn(f"a worker ended ({worker.returncode}) and is begun anew; its readers come back")
                time.sleep(FIRST_WAIT)  # the others are told meanwhile
                with self._lock:
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
    last, wait = "-1", FIRST_WAIT
    while not ended.is_set():
        asked = urllib.request.Request(address, headers={"Accept": "text/event-stream", "Last-Event-ID": last})
        try:
            with urllib.request.urlopen(asked, timeout=QUIET_SECONDS) as answer:
                for data, name in read_events(iter(lambda: answer.read1(1 << 16), b""), LARGEST):
                    if name is not None and name != last:
                        last, wait = name, FIRST_WAIT
                        passing.tell(name, data.decode("utf-8", "replace"))
            why = "it ended the stream"
        except (OSError, ValueError) as error:
            why = type(error).__name__
        if not ended.wait(wait):
            warn(f"the board does not answer ({why}); it is asked again")
        wait = min(2 * wait, LONGEST_WAIT)


def warn(words: str) -> None:
    """Say something to whoever runs this."""
    log(f"verst: {words}")


def main() -> None:
    """Hear a board and pass on what it says, until interrupted."""
    address, host, port, count = sys.argv[1:]
    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    passing = Workers(host, port, int(count))
    try:
        Thread(target=hear, args=(address, passing, ended), name="hear", daemon=True).start()
        while not ended.wait(0.5):
            passing.mend()
    finally:
        passing.close()


if __name__ == "__main__":
    main()
