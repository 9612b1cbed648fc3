"""Live updates for very many readers: what the board's own stream says, passed on to tens of thousands.

A reader costs a socket and a number here: no task, no buffer, no queue, and nothing about who it is. Messages come in
over a pipe from whoever hears the board. A reader that does not keep up has what it missed put by, up to a limit, and
is then let go: it comes back with the id of the last message it saw, and is told what it missed.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import sys
import time
from collections import deque

from verst.relay.wire import frame, listen, most_readers, plain, read_question

HEARTBEAT_SECONDS = 15
MOST_BEHIND = 64 * 1024  # bytes put by for a reader that does not keep up
MOST_KEPT = 256  # messages kept for who comes back
MOST_ASKING = 2_000  # connections whose question has not come yet
LONGEST_QUESTION = 8_192  # bytes
QUESTION_SECONDS = 10.0
_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nX-Accel-Buffering: no\r\n"
    b"X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n"
    b"retry: 5000\n: listening\n\n"
)
_BEAT = b": still here\n\n"


class _Asking:
    """A connection whose question is still coming."""

    __slots__ = ("said", "since")

    def __init__(self) -> None:
        self.said, self.since = b"", time.monotonic()


class Relay:
    """Passes messages on. ``listening``: the socket readers come to; ``feed``: the pipe messages come in by.

    A message in the pipe is one line of JSON: its id and its data. ``most``: readers at once; one more is told to come
    back later.
    """

    def __init__(self, listening: socket.socket, feed: int, *, most: int) -> None:
        self.listening, self.feed, self.most = listening, feed, most
        self.readers: set[int] = set()
        self.behind: dict[int, bytearray] = {}
        self.let_go = 0
        self.kept: deque[tuple[str, bytes]] = deque(maxlen=MOST_KEPT)
        self.ended = False
        self._asking: dict[int, _Asking] = {}
        self._fed, self._shut = b"", False
        self._beaten = time.monotonic()
        self._selector = selectors.DefaultSelector()

    def run(self) -> None:
        """Serve until the pipe ends."""
        self.listening.setblocking(False)
        os.set_blocking(self.feed, False)
        self._selector.register(self.listening, selectors.EVENT_READ)
        self._selector.register(self.feed, selectors.EVENT_READ)
        while not self.ended:
            for key, events in self._selector.select(1.0):
                self._happened(key.fd, events)
            self._keep_alive()
        for fd in [*self.readers, *self._asking]:
            self._close(fd)
        self._selector.close()

    def _happened(self, fd: int, events: int) -> None:
        if fd == self.listening.fileno():
            self._accept()
        elif fd == self.feed:
            self._hear()
        elif fd in self._asking:
            self._read_question(fd)
        elif fd in self.readers:
            if events & selectors.EVENT_READ and not _still_there(fd):
                self._close(fd)
            elif events & selectors.EVENT_WRITE:
                self._go_on(fd)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except BlockingIOError:
                return
            except OSError:  # no descriptor is left: nobody is let in until the next second
                self._selector.unregister(self.listening)
                self._shut = True
                return
            connection.setblocking(False)
            fd = connection.detach()
            if len(self._asking) >= MOST_ASKING:
                os.close(fd)
                continue
            self._asking[fd] = _Asking()
            self._selector.register(fd, selectors.EVENT_READ)

    def _read_question(self, fd: int) -> None:
        asking = self._asking[fd]
        try:
            piece = os.read(fd, LONGEST_QUESTION)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        asking.said += piece
        if not piece or len(asking.said) > LONGEST_QUESTION:
            self._close(fd)
        elif b"\r\n\r\n" in asking.said:
            del self._asking[fd]
            self._answer(fd, asking.said)

    def _answer(self, fd: int, said: bytes) -> None:
        path, last = read_question(said)
        if path == "/events" and len(self.readers) < self.most:
            self.readers.add(fd)
            self._send(fd, _HEAD + self._missed(last))
            return
        with contextlib.suppress(OSError):
            os.write(fd, self._refusal(path))
        self._close(fd)

    def _refusal(self, path: str) -> bytes:
        if path == "/health":
            newest = self.kept[-1][0] if self.kept else "none"
            text = f"ok\nreaders here: {len(self.readers)}\nbehind: {len(self.behind)}\nlet go: {self.let_go}\n"
            return plain("200 OK", f"{text}last message: {newest}\n")
        if path == "/events":
            return plain("503 Service Unavailable", "too many readers; come back later\n", "Retry-After: 60\r\n")
        return plain("404 Not Found", "there is only /events here\n")

    def _missed(self, last: str | None) -> bytes:
        """What a reader that saw ``last`` has missed; a message to read everything again when that is not known."""
        if last is None or not self.kept or last == self.kept[-1][0]:
            return b""
        known = [id_ for id_, _ in self.kept]
        if last in known:
            return b"".join(framed for _, framed in list(self.kept)[known.index(last) + 1 :])
        newest = known[-1]
        revision = newest if newest.isdigit() else json.dumps(newest)
        return frame(newest, f'{{"revision":{revision},"at":null,"changed":null}}')

    def _hear(self) -> None:
        try:
            piece = os.read(self.feed, 1 << 16)
        except BlockingIOError:
            return
        if not piece:
            self.ended = True
            return
        *lines, self._fed = (self._fed + piece).split(b"\n")
        for line in lines:
            name, data = json.loads(line)
            if not self.kept or self.kept[-1][0] != name:
                framed = frame(name, data)
                self.kept.append((name, framed))
                self._tell(framed)

    def _tell(self, framed: bytes) -> None:
        for fd in list(self.readers):
            self._send(fd, framed)

    def _send(self, fd: int, words: bytes) -> None:
        """Write to a reader; what it does not take now is put by, and too much of that lets it go."""
        waiting = self.behind.get(fd)
        if waiting is None:
            try:
                written = os.write(fd, words)
            except BlockingIOError:
                written = 0
            except OSError:
                self._close(fd)
                return
            if written == len(words):
                return
            self.behind[fd] = bytearray(words[written:])
            self._selector.modify(fd, selectors.EVENT_READ | selectors.EVENT_WRITE)
        elif len(waiting) + len(words) > MOST_BEHIND:
            self.let_go += 1
            self._close(fd)
        else:
            waiting += words

    def _go_on(self, fd: int) -> None:
        waiting = self.behind[fd]
        try:
            written = os.write(fd, waiting)
        except BlockingIOError:
            return
        except OSError:
            self._close(fd)
            return
        del waiting[:written]
        if not waiting:
            del self.behind[fd]
            self._selector.modify(fd, selectors.EVENT_READ)

    def _keep_alive(self) -> None:
        """A word to a share of the readers each second, and an end to questions that never come."""
        now = time.monotonic()
        if now - self._beaten < 1.0:
            return
        if self._shut:
            self._selector.register(self.listening, selectors.EVENT_READ)
            self._shut = False
        turn, self._beaten = int(now) % HEARTBEAT_SECONDS, now
        for fd in [fd for fd in self.readers if fd % HEARTBEAT_SECONDS == turn and fd not in self.behind]:
            self._send(fd, _BEAT)
        for fd in [fd for fd, asking in self._asking.items() if now - asking.since > QUESTION_SECONDS]:
            self._close(fd)

    def _close(self, fd: int) -> None:
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(fd)
        self.readers.discard(fd)
        self.behind.pop(fd, None)
        self._asking.pop(fd, None)
        with contextlib.suppress(OSError):
            os.close(fd)


def _still_there(fd: int) -> bool:
    """Whether a reader is there yet; what it says is read and forgotten."""
    try:
        return bool(os.read(fd, 4096))
    except BlockingIOError:
        return True
    except OSError:
        return False


def main() -> None:
    """One worker: ``python -m verst.relay.passing HOST PORT``, its messages on standard input."""
    host, port = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it closes the pipe
    Relay(listen(host, int(port)), sys.stdin.fileno(), most=most_readers()).run()


if __name__ == "__main__":
    main()
