"""Readers of a stream of events, very many in one process, for `bench.serve`: raw sockets, a number each.

``python -m bench.readers PORT COUNT ADDRESS`` opens COUNT streams from loopback addresses that begin with ADDRESS
(127.0.N.), says ``ready``, and for every message that all have, or that came to an end after a while, a line of JSON:
how many have it, and when on the monotonic clock the first, the middle and the last got it. It ends with its input.
"""

from __future__ import annotations

import contextlib
import json
import resource
import select
import socket
import statistics
import sys
import threading
import time

ADDRESSES = 4
AT_ONCE = 200
PATIENCE = 20.0  # seconds for all to have a message


def main() -> None:
    port, count, address = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    readers = open_all(port, count, address)
    print("ready", len(readers), flush=True)
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    watch(readers, ended)


def open_all(port: int, count: int, address: str) -> dict[int, socket.socket]:
    """Connected readers who asked and were answered."""
    readers: dict[int, socket.socket] = {}
    while len(readers) < count:
        some = [_connect(port, f"{address}{1 + n % ADDRESSES}") for n in range(min(AT_ONCE, count - len(readers)))]
        for reader in some:
            said = b""
            while b": listening\n\n" not in said:
                piece = reader.recv(4096)
                if not piece:
                    sys.exit(f"a reader was turned away: {said[:80]!r}")
                said += piece
            reader.setblocking(False)
            readers[reader.fileno()] = reader
    return readers


def _connect(port: int, source: str) -> socket.socket:
    reader = socket.socket()
    reader.settimeout(30)
    reader.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT: the port is chosen when connecting
    reader.bind((source, 0))
    reader.connect(("127.0.0.1", port))
    reader.sendall(b"GET /events HTTP/1.1\r\nHost: board\r\n\r\n")
    return reader


def watch(readers: dict[int, socket.socket], ended: threading.Event) -> None:
    """Tell of each message when all have it."""
    poll = select.epoll()
    for fd in readers:
        poll.register(fd, select.EPOLLIN)
    came: list[float] = []
    parts: dict[int, bytes] = {}
    lost = 0
    while not ended.is_set():
        for fd, _ in poll.poll(0.5):
            with contextlib.suppress(BlockingIOError):
                piece = readers[fd].recv(1 << 16)
                if not piece:
                    poll.unregister(fd)
                    lost += 1
                    continue
                said = parts.pop(fd, b"") + piece
                if b"event: changed" in said and said.endswith(b"\n\n"):
                    came.append(time.monotonic())
                elif not said.endswith(b"\n\n"):
                    parts[fd] = said
        if came and (len(came) >= len(readers) - lost or time.monotonic() - came[0] > PATIENCE):
            told = {
                "got": len(came),
                "lost": lost,
                "first": came[0],
                "middle": statistics.median(came),
                "last": came[-1],
            }
            print(json.dumps(told), flush=True)
            came = []


if __name__ == "__main__":
    main()
