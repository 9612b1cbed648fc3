"""Real servers on loopback that people are told through; each can be cut, busy or gone, and keeps what it took."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Taken = tuple[str, dict[str, str], bytes]  # path, headers in small letters, body
CUT = 0  # instead of a status: what was sent is taken, and the line is cut before anybody says so


@dataclass
class HttpReceiver:
    """Answers as ``plan`` says, one step for each request, then well. ``taken``: what it took, in order."""

    url: str = ""
    plan: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    requests: list[Taken] = field(default_factory=list)
    good: bytes = b"{}"
    lock: Lock = field(default_factory=Lock)

    def step(self, request: Taken) -> tuple[int, dict[str, str]]:
        with self.lock:
            status, headers = self.plan.pop(0) if self.plan else (200, {})
            self.requests.append(request)
            if status == CUT or 200 <= status < 300:
                self.taken.append(request)
            return status, headers


@contextlib.contextmanager
def http_receiver(good: bytes = b"{}") -> Iterator[HttpReceiver]:
    """Run one."""
    receiver = HttpReceiver(good=good)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more = receiver.step((self.path, headers, body))
            if status == CUT:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            said = receiver.good if status < 300 else more.pop("body", "{}").encode()
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class CutSmtp(SMTP):
    """An SMTP server that can lose its line just after it took a message."""

    async def push(self, status: str | bytes) -> None:
        mailbox: Mailbox = self.event_handler  # type: ignore[assignment]
        if mailbox.cut_next and str(status).startswith("250 taken"):
            mailbox.cut_next = False
            assert self.transport is not None
            self.transport.abort()  # type: ignore[attr-defined]
            return
        await super().push(status)


@dataclass
class Mailbox:
    """What an SMTP server took; ``plan``: answers to the next messages instead of taking them."""

    port: int = 0
    plan: list[str] = field(default_factory=list)
    taken: list[Any] = field(default_factory=list)
    cut_next: bool = False

    async def handle_DATA(  # noqa: N802 - the server calls it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.plan:
            answer = self.plan.pop(0)
            if answer != "cut":
                return answer
            self.cut_next = True
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append(message_from_bytes(content, policy=policy.default))
        return "250 taken"


@contextlib.contextmanager
def smtp_server() -> Iterator[Mailbox]:
    """Run a mail server on a port of its own."""
    mailbox = Mailbox()

    class Own(Controller):
        def factory(self) -> SMTP:
            return CutSmtp(self.handler, enable_SMTPUTF8=True)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        mailbox.port = int(probe.getsockname()[1])
    own = Own(mailbox, hostname="127.0.0.1", port=mailbox.port)
    own.start()
    try:
        yield mailbox
    finally:
        own.stop()


@dataclass
class Way:
    """One channel with a real server behind it. ``took``: for everything taken, its key and its words, in order."""

    channel: str
    address: str
    own: dict[str, str]
    shared: dict[str, str]
    plan: Callable[..., None]  # "cut", or a status and headers
    took: Callable[[], list[tuple[str, str]]]
    dedupes: bool = True  # whether the receiver can know a repeat by its key


def http_plan(receiver: HttpReceiver) -> Callable[..., None]:
    def plan(*steps: str | tuple[int, dict[str, str]]) -> None:
        receiver.plan += [
            (CUT, {}) if step == "cut" else step for step in steps if not isinstance(step, str) or step == "cut"
        ]  # type: ignore[misc]

    return plan


def body_of(request: Taken) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(request[2])
    return found
