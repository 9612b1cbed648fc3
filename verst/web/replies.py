"""How answers leave: compressed once and kept per revision, with an ETag, strict headers and no trace of the reader."""

from __future__ import annotations

import gzip
import hashlib
import json
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

import brotli  # type: ignore[import-untyped]
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEPT_ANSWERS = 512
SMALL = 400  # bytes under which compressing only costs
TEXT_TYPES = ("text/", "application/json", "application/problem+json", "application/geo+json", "image/svg")


class Kept:
    """Finished bodies by key, the oldest forgotten first. Safe for several threads."""

    def __init__(self, most: int = KEPT_ANSWERS) -> None:
        self.most = most
        self.bodies: OrderedDict[tuple[Any, ...], bytes] = OrderedDict()
        self.lock = Lock()

    def get(self, key: tuple[Any, ...], make: Callable[[], bytes]) -> bytes:
        """The body of ``key``; ``make`` is called when it is not kept."""
        with self.lock:
            if key in self.bodies:
                self.bodies.move_to_end(key)
                return self.bodies[key]
        body = make()
        with self.lock:
            self.bodies[key] = body
            while len(self.bodies) > self.most:
                self.bodies.popitem(last=False)
        return body


def choose_encoding(accepted: str) -> str | None:
    """``br``, ``gzip`` or None, from an Accept-Encoding header.

    >>> choose_encoding("gzip, deflate, br"), choose_encoding("gzip;q=0"), choose_encoding("")
    ('br', None, None)
    """
    offered = {}
    for part in accepted.lower().split(","):
        name, _, quality = part.strip().partition(";q=")
        offered[name] = quality.strip() not in ("0", "0.0", "0.00", "0.000")
    return next((name for name in ("br", "gzip") if offered.get(name)), None)


def compress(body: bytes, encoding: str) -> bytes:
    """The body in that encoding; the same bytes for the same body."""
    if encoding == "br":
        return bytes(brotli.compress(body, quality=6))
    return gzip.compress(body, 8, mtime=0)


def reply(request: Request, body: bytes, media_type: str, status: int = 200, cache: str = "no-cache") -> Response:
    """One answer: 304 when the reader has it, else compressed if the reader can unpack it."""
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding, Accept-Language"}
    if status == 200:
        headers["ETag"] = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        if headers["ETag"] in [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers=headers)
    encoding = choose_encoding(request.headers.get("accept-encoding", ""))
    if encoding and len(body) >= SMALL and media_type.startswith(TEXT_TYPES):
        kept: Kept = request.app.state.kept
        key = (encoding, hashlib.blake2b(body, digest_size=16).digest())
        packed = kept.get(key, lambda: compress(body, encoding))
        return Response(packed, status, headers | {"Content-Encoding": encoding}, media_type)
    return Response(body, status, headers, media_type)


def reply_json(request: Request, value: Any, status: int = 200, media_type: str = "application/json") -> Response:
    """A JSON answer, keys in the order they were put."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return reply(request, body, media_type, status)


def hash_source(text: str) -> str:
    """A Content-Security-Policy source for one inline style or script."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def page_policy(*styles: str) -> str:
    """The policy of every page: nothing from anywhere but this server, and only the inline styles it knows."""
    known = " ".join(map(hash_source, styles))
    return (
        f"default-src 'none'; style-src {known}; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


class StrictHeaders:
    """Puts the same strict headers on every answer; sets no cookie and writes nothing about the reader."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self.app = app
        self.headers = [
            (b"content-security-policy", policy.encode()),
            (b"referrer-policy", b"no-referrer"),
            (b"x-content-type-options", b"nosniff"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"permissions-policy", b"geolocation=(), camera=(), microphone=(), interest-cohort=()"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to what comes back."""

        async def send_strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *self.headers]}
            await send(message)

        await self.app(scope, receive, send_strict if scope["type"] == "http" else send)
