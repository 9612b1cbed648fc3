"""33,000 people who hold one board open, and are pushed a change of two kilobytes.

``python -m bench.serve [READERS]``; ``--write`` puts the tables into docs/scale.md. The board is `verst up`, the relay
`verst relay` with two workers, the readers two processes (`bench.readers`) at eight loopback addresses: all on this
machine, which does the readers' work too. The time is from when the board's own stream says a change to when the last
reader has it. Beside it a bare uvloop server (`bench.bare_push`) pushes the same bytes to as many.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil

from bench import ROOT, markdown, write_block
from verst import clock
from verst.geography import load_regions
from verst.model import Estimate
from verst.store import Batch, open_store

PAGE = ROOT / "docs" / "scale.md"
READERS = 33_000
PUSHES = 5
PROCESSES = 2
NOT_READING = 200
VERST = str(Path(sys.executable).parent / "verst")
STATES = ("open", "closed", "paused", "moving")


def main() -> None:
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    text = measure(numbers[0] if numbers else READERS)
    print(text)
    if "--write" in sys.argv:
        write_block(PAGE, "bench.serve", text)


def measure(count: int) -> str:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home, board, port = Path(folder), free_port(), free_port()
        change(home, 0)
        up = stack.enter_context(running(home, "up", "--no-demo", "--port", str(board)))
        wait_for(f"http://127.0.0.1:{board}/")
        relay = stack.enter_context(
            running(
                home, "relay", "--of", f"http://127.0.0.1:{board}", "--port", str(port), "--workers", str(PROCESSES)
            )
        )
        wait_for(f"http://127.0.0.1:{port}/health", "last message: none")
        own = Own(board)
        readers = [stack.enter_context(reading(port, count // PROCESSES, n)) for n in range(PROCESSES)]
        pushes = [push(home, n, own, readers) for n in range(1, PUSHES + 1)]
        held = [size(up), size(relay)]
        late = come_late(port, own.ids[-3], own.ids[-2:])
        idle = [come(port) for _ in range(NOT_READING)]
        slowed = [push(home, n, own, readers) for n in range(PUSHES + 1, PUSHES + 4)]
        for reader in idle:
            reader.close()
        words, bytes_each = own.last, len(own.last)
    bare = bare_pushes(count, words)
    return tables(count, pushes, held, late, slowed, bytes_each, bare)


def tables(count: int, pushes: list[Push], held: list[float], late: bool, slowed: list[Push], size_: int,
           bare: list[Push]) -> str:  # fmt: skip
    def row(name: str, found: list[Push]) -> list[str]:
        middle = [f"{statistics.median(getattr(p, part) for p in found):,.0f}" for part in ("first", "middle", "last")]
        return [name, f"{min(p.got for p in found):,} of {count:,}", *middle]

    rows = [row("the relay", pushes), row(f"the relay, {NOT_READING} more who do not read", slowed),
            row("a bare uvloop server", bare)]  # fmt: skip
    ratio = statistics.median(p.last for p in pushes) / statistics.median(p.last for p in bare)
    lost = sum(p.lost for p in [*pushes, *slowed])
    return (
        markdown(("", "had it", "first, ms", "half, ms", "last, ms"), rows)
        + f"\nA change of {size_:,} bytes; the middle of {len(pushes)} pushes, of {len(slowed)} with the slow, of "
        + f"{len(bare)} of the bare server, of whose time the relay takes {ratio:.2f}. Dropped: {lost}. Who came back "
        + f"two changes late was told both: {'yes' if late else 'NO'}.\nMemory with {count:,} readers: relay "
        + f"{held[1]:,.0f} MB (three processes), board {held[0]:,.0f} MB, in all {sum(held):,.0f} MB.\n"
    )


class Push:
    """When the first, the middle and the last reader had a change, in ms after it was said; how many had it."""

    def __init__(self, said: float, told: list[dict[str, Any]]) -> None:
        self.got, self.lost = sum(t["got"] for t in told), sum(t["lost"] for t in told)
        self.first = (min(t["first"] for t in told) - said) * 1000
        self.middle = (statistics.mean(t["middle"] for t in told) - said) * 1000
        self.last = (max(t["last"] for t in told) - said) * 1000


class Own:
    """The board's own stream, heard beside the relay: when it said what."""

    def __init__(self, port: int) -> None:
        self.said: list[float] = []
        self.ids: list[str] = []
        self.last = b""
        self.stream = urllib.request.urlopen(f"http://127.0.0.1:{port}/events")
        threading.Thread(target=self._hear, daemon=True).start()
        time.sleep(1)

    def _hear(self) -> None:
        parts: list[bytes] = []
        for line in self.stream:
            parts.append(line)
            if line != b"\n":
                continue
            words, parts = b"".join(parts), []
            if b"event: changed" in words:
                self.said.append(time.monotonic())
                self.ids.append(words.split(b"id: ")[1].split(b"\n")[0].decode())
                self.last = words


def push(home: Path, number: int, own: Own, readers: list[subprocess.Popen[str]]) -> Push:
    before = len(own.said)
    change(home, number)
    told = [json.loads(readline(reader)) for reader in readers]
    assert len(own.said) == before + 1, "the board said more than one change"
    time.sleep(1)
    return Push(own.said[-1], told)


def change(home: Path, number: int) -> None:
    """Every crossing's state is another one."""
    at = clock.now() - timedelta(minutes=1)
    names = [crossing.id for region in load_regions() for crossing in region.crossings]
    made = [
        Estimate(at=at, crossing=name, kind="passage", value=STATES[(n + number) % 4], voices=5, newest=at)
        for n, name in enumerate(names)
    ]
    with closing(open_store(f"sqlite:///{home}/verst.db")) as store:
        store.keep(Batch(estimates=made))


@contextmanager
def running(home: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([VERST, *words], env={**os.environ, "VERST_HOME": str(home)}, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@contextmanager
def reading(port: int, count: int, number: int) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-m", "bench.readers", str(port), str(count), f"127.0.{number + 1}."]
    process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert readline(process).startswith("ready"), "the readers could not be opened"
        yield process
    finally:
        process.stdin.close()  # type: ignore[union-attr]
        process.wait(30)


def readline(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def bare_pushes(count: int, words: bytes) -> list[Push]:
    """The same bytes to as many by a server that does nothing else."""
    port = free_port()
    command = [sys.executable, "-m", "bench.bare_push", str(port)]
    servers = [subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
               for _ in range(PROCESSES)]  # fmt: skip
    found = []
    try:
        for server in servers:
            readline(server)
        with ExitStack() as stack:
            readers = [stack.enter_context(reading(port, count // PROCESSES, n)) for n in range(PROCESSES)]
            for _ in range(PUSHES):
                said = time.monotonic()
                for server in servers:
                    server.stdin.write(json.dumps(words.decode()) + "\n")  # type: ignore[union-attr]
                    server.stdin.flush()  # type: ignore[union-attr]
                found.append(Push(said, [json.loads(readline(reader)) for reader in readers]))
                time.sleep(1)
    finally:
        for server in servers:
            server.stdin.close()  # type: ignore[union-attr]
            server.wait(30)
    return found


def come(port: int, last: str | None = None) -> socket.socket:
    reader = socket.create_connection(("127.0.0.1", port), 30)
    header = f"Last-Event-ID: {last}\r\n" if last else ""
    reader.sendall(f"GET /events HTTP/1.1\r\nHost: board\r\n{header}\r\n".encode())
    return reader


def come_late(port: int, last: str, missed: list[str]) -> bool:
    """Whether who saw ``last`` is told what was missed."""
    with closing(come(port, last)) as reader:
        said = b""
        until = time.monotonic() + 10
        while said.count(b"\n\n") < 2 + len(missed) and time.monotonic() < until:
            said += reader.recv(1 << 16)
    return [line[4:].decode() for line in said.split(b"\n") if line.startswith(b"id: ")] == missed


def size(process: subprocess.Popen[bytes]) -> float:
    """MB that a process and its children hold for themselves, shared pages by share."""
    whole = psutil.Process(process.pid)
    return sum(each.memory_full_info().pss for each in [whole, *whole.children(recursive=True)]) / 1e6


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, unless: str = "\0") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if unless not in answer.read().decode("utf-8", "replace"):
                    return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit(f"bench.serve: {url} does not answer")


if __name__ == "__main__":
    main()
