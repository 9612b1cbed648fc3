"""What goes over the wire of a relay: messages as a stream of events, questions, plain answers, and its socket."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

SPARE_FILES = 64  # descriptors that are no reader's
SEND_BUFFER = 64 * 1024  # bytes the kernel keeps of what a reader does not read


def frame(name: str, data: str) -> bytes:
    """A message as it goes over the wire: its id, and its data as JSON.

    >>> frame("7", '{"changed":null}')
    b'id: 7\\nevent: changed\\ndata: {"changed":null}\\n\\n'
    """
    return f"id: {name}\nevent: changed\ndata: {data}\n\n".encode()


def read_question(said: bytes) -> tuple[str, str | None]:
    """The path of a GET, and the id of the last message its asker saw; no path where it is no such question.

    >>> read_question(b"GET /events?since=41 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
    ('/events', '41')
    """
    first, *lines = said.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or words[0] != "GET":
        return "", None
    path, _, query = words[1].partition("?")
    last = dict(pair.partition("=")[::2] for pair in query.split("&")).get("since")
    for line in lines:
        name, _, value = line.partition(":")
        if name.lower() == "last-event-id":
            last = value.strip()
    return path, last


def plain(status: str, text: str, more: str = "") -> bytes:
    """A short answer in words. ``more``: header lines, each with its end."""
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(text.encode())}\r\n"
        f"{more}Cache-Control: no-store\r\nConnection: close\r\n\r\n{text}"
    ).encode()


def listen(host: str, port: int) -> socket.socket:
    """A socket to listen at that several processes may share. Raises OSError where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)  # readers that do not read keep no more
    listening.bind((host, port))
    listening.listen(4096)
    return listening


def most_readers() -> int:
    """Readers that one process may hold, by the limit on its open files, which is raised as far as it goes."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    return max(1, soft - SPARE_FILES)


def read_events(pieces: Iterator[bytes], largest: int) -> Iterator[tuple[bytes, str | None]]:
    """The events of a stream of bytes: lines of data up to an empty line; one that is too long is passed over."""
    left, data, name, size = b"", list[bytes](), None, 0
    for piece in pieces:
        *lines, left = (left + piece).split(b"\n")
        if len(left) > largest:
            left, size = b"", largest + 1
        for line in (line.rstrip(b"\r") for line in lines):
            if line.startswith(b"data:") and size + len(line) <= largest:
                data.append(line[5:].strip())
                size += len(line)
            elif line.startswith(b"id:"):
                name = line[3:].strip().decode("utf-8", "replace")[:200]
            elif not line:
                if data and size <= largest:
                    yield b" ".join(data), name
                data, size = [], 0
