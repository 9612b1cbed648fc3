"""Streams that are listened to as they come: a WebSocket, or events over HTTP. Each has a thread, which fails alone.

What comes waits in memory until the next round keeps it; when too much waits, the stream is read no further, so that
the other side holds it back. After a break the stream of Bluesky is taken up a little before where it broke, and
events over HTTP after the last that had an id.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from queue import Empty, Full, Queue
from random import SystemRandom
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from verst.outputs.reaching import Unreachable, find_addresses, open_events
from verst.work.ears import Ear

MOST_WAITING = 20_000  # messages
MOST_AT_ONCE = 5_000  # messages of one round
LARGEST = 1 << 20  # bytes of one message
CONNECT_SECONDS = 20.0
QUIET_SECONDS = 120.0  # without a word or a ping a connection counts as broken
FIRST_WAIT, LONGEST_WAIT = 1.0, 600.0  # seconds before connecting again
REWIND = 5_000_000  # microseconds: what came in the last moments may not have been kept


class _Timed(msgspec.Struct):
    time_us: int = 0


class Stream:
    """One stream and what waits of it."""

    def __init__(self, ear: Ear, place: str | None, woken: Event) -> None:
        self.ear, self.place, self.fault = ear, place, ""
        self._woken, self._ended = woken, Event()
        self._waiting: Queue[tuple[bytes, str | None]] = Queue(MOST_WAITING)
        self._taken: list[tuple[bytes, str | None]] = []
        self._thread = Thread(target=self._run, name=f"stream-{ear.name}", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def close(self) -> None:
        """Listen no more; what still waits is left."""
        self._ended.set()

    def take(self) -> tuple[bytes, str | None]:
        """What waits, a message to a line, and the place to go on from; the same again until it is `done` with."""
        while len(self._taken) < MOST_AT_ONCE:
            try:
                self._taken.append(self._waiting.get_nowait())
            except Empty:
                break
        places = [place for _, place in self._taken if place]
        return b"\n".join(line for line, _ in self._taken), places[-1] if places else None

    def done(self) -> None:
        """What was taken is kept."""
        self._taken.clear()

    def _run(self) -> None:
        dice, wait = SystemRandom(), FIRST_WAIT
        while not self._ended.is_set():
            try:
                for line, place in _messages(self.ear, self.place):
                    wait, self.fault = FIRST_WAIT, ""
                    if not self._put(line, place):
                        return
                self.fault = "the other side ended the stream"
            except (Unreachable, OSError, ValueError) as error:
                self.fault = str(error) if isinstance(error, Unreachable) else f"no answer ({type(error).__name__})"
            self._ended.wait(wait * dice.uniform(0.8, 1.2))
            wait = min(2 * wait, LONGEST_WAIT)

    def _put(self, line: bytes, place: str | None) -> bool:
        """Let a message wait; False when listening has ended meanwhile."""
        while not self._ended.is_set():
            try:
                self._waiting.put((line.replace(b"\n", b" "), place), timeout=0.5)
            except Full:
                continue
            self.place = place or self.place
            self._woken.set()
            return True
        return False


@contextmanager
def open_streams(ears: Sequence[Ear], places: Mapping[str, str | None], woken: Event) -> Iterator[dict[str, Stream]]:
    """While this lasts, every ear that is a stream is listened to; by name. ``woken`` is set when something came."""
    streams = {ear.name: Stream(ear, places.get(ear.name), woken) for ear in ears if ear.is_stream}
    for stream in streams.values():
        stream.start()
    try:
        yield streams
    finally:
        for stream in streams.values():
            stream.close()


def _messages(ear: Ear, place: str | None) -> Iterator[tuple[bytes, str | None]]:
    """Messages of one connection, each with the place to go on from. Raises Unreachable, OSError and ValueError."""
    if urlsplit(ear.url).scheme in ("ws", "wss"):
        yield from _of_socket(ear, place)
    else:
        yield from open_events(
            ear.url, {"Last-Event-ID": place} if place else {}, allow_private=ear.allow_private, seconds=QUIET_SECONDS,
            largest=LARGEST,
        )  # fmt: skip


def _of_socket(ear: Ear, place: str | None) -> Iterator[tuple[bytes, str | None]]:
    connect, broken = _client()
    url = resumed(ear.url, place)
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "wss" else 80)
    found = find_addresses(parts.hostname or "", port, ear.allow_private)[0]
    tls = {"ssl": ssl.create_default_context(), "server_hostname": parts.hostname} if parts.scheme == "wss" else {}
    raw = socket.create_connection((str(found), port), CONNECT_SECONDS)
    try:
        with connect(
            url, sock=raw, max_size=LARGEST, open_timeout=CONNECT_SECONDS, user_agent_header="Verst", **tls
        ) as on:
            while True:
                told = on.recv(timeout=QUIET_SECONDS)
                line = told.encode() if isinstance(told, str) else told
                yield line, _place_of(line)
    except broken as error:
        raise Unreachable(f"the stream broke off ({type(error).__name__})") from None
    finally:
        raw.close()


def _client() -> tuple[Callable[..., Any], tuple[type[Exception], ...]]:
    try:
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect
    except ImportError:
        what = "a WebSocket needs the package websockets; install it with pip install 'verst[streams]'"
        raise Unreachable(what, forever=True) from None
    return connect, (WebSocketException, TimeoutError, EOFError)


def resumed(url: str, place: str | None) -> str:
    """The address of a stream, to be taken up where it broke off.

    >>> resumed("wss://a.example/subscribe?wantedCollections=x", "1700000000000000")
    'wss://a.example/subscribe?wantedCollections=x&cursor=1699999995000000'
    """
    if not place or not place.isdigit():
        return url
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "cursor"]
    query.append(("cursor", str(max(0, int(place) - REWIND))))
    return urlunsplit(parts._replace(query=urlencode(query)))


def _place_of(line: bytes) -> str | None:
    try:
        told = msgspec.json.decode(line, type=_Timed)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return str(told.time_us) if told.time_us else None
