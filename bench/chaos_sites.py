"""Nothing by itself: the places that `bench.chaos` listens to and tells, on loopback, each with troubles of its own."""

from __future__ import annotations

import contextlib
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from hashlib import blake2b
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bench.chaos_posts import Sayings, as_lines

WINDOW = 200  # posts that a place shows, the newest
TROUBLES = ("hang", "cut", "busy", "broken", "megabytes", "flood", "noise")
STREAM_TROUBLES = ("hang", "cut", "broken", "megabytes")
HOOK_TROUBLES = ("hang", "cut", "busy", "broken")
POLLED = {"/posts": "posts", "/statuses": "statuses", "/news": "news"}


@dataclass
class Sites:
    """What is served, what was acknowledged of it, and what was told. ``trouble``: by path, its kind and its end."""

    sayings: Sayings
    dice: random.Random
    whole: bool = False  # everything is shown, not only the newest
    trouble: dict[str, tuple[str, float]] = field(default_factory=dict)
    made: Counter[str] = field(default_factory=Counter)  # troubles that somebody met, by kind
    shown: dict[str, set[str]] = field(default_factory=dict)  # ids by what names an answer
    acknowledged: dict[str, set[str]] = field(default_factory=dict)  # ids by way
    settled: set[str] = field(default_factory=set)  # paths of which everything was shown and acknowledged
    told: list[tuple[str, str, bytes]] = field(default_factory=list)  # path, key and body, as they came
    life: int = 0  # of whoever listens: how often it was begun
    met: int = 0  # the life that has taken up the stream
    lock: threading.Lock = field(default_factory=threading.Lock)

    def troubled(self, path: str) -> str:
        """The trouble of a path now, or none."""
        kind, until = self.trouble.get(path, ("", 0.0))
        if time.monotonic() >= until:
            return ""
        return kind

    def meet(self, path: str) -> str:
        """The same for somebody who meets it."""
        kind = self.troubled(path)
        self.made.update([kind] if kind else [])
        return kind

    def body(self, path: str) -> tuple[bytes, str]:
        """What a polled place shows now, in no order, and what names it."""
        with self.lock:
            said = list(self.sayings.said[POLLED[path]])
        some = said if self.whole else said[-WINDOW:]
        marks = "".join(sorted(f"{each['id']} {each.get('edited_at')}" for each in some))
        etag = f'"{blake2b((path + marks).encode(), digest_size=8).hexdigest()}"'
        self.shown[etag] = {kept_name(POLLED[path], each["id"]) for each in some}
        self.dice.shuffle(some)
        return show(POLLED[path], some), etag

    def acknowledge(self, path: str, etag: str | None) -> None:
        """Whoever names what it had has it."""
        if etag in self.shown:
            self.acknowledged.setdefault(POLLED[path], set()).update(self.shown[etag])
            if self.whole and len(self.shown[etag]) == len(self.sayings.said[POLLED[path]]):
                self.settled.add(path)


def kept_name(way: str, name: str) -> str:
    """Under which id a post of a way is kept: places have names of their own for their posts."""
    if way == "statuses":
        return f"status-{blake2b(f'https://example.org/{name}'.encode(), digest_size=9).hexdigest()}"
    return f"feed-{blake2b(f'News|{name}'.encode(), digest_size=9).hexdigest()}" if way == "news" else name


def show(way: str, posts: list[dict[str, Any]]) -> bytes:
    """Posts as a place of that way shows them."""
    if way == "statuses":
        return json.dumps([status(post) for post in posts]).encode()
    if way == "news":
        items = "".join(
            f"<item><guid>{post['id']}</guid><title>{escape(post['text'].replace(chr(0), ''))}</title>"
            f"<pubDate>{format_datetime(datetime.fromisoformat(post['posted_at']))}</pubDate></item>"
            for post in posts
        )
        head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title>'
        return f"{head}{items}</channel></rss>".encode("utf-8", "replace")
    return as_lines(posts)


def status(post: dict[str, Any]) -> dict[str, Any]:
    """A post as Mastodon shows it."""
    return {"id": post["id"], "uri": f"https://example.org/{post['id']}", "created_at": post["posted_at"],
            "account": {"acct": post["author"]}, "content": f"<p>{escape(post['text'])}</p>",
            "visibility": "public", "language": "ru"}  # fmt: skip


def serve(sites: Sites) -> ThreadingHTTPServer:
    """A server on a free port of loopback, running."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/events":
                stream(self, sites)
            else:
                answer(self, sites)

        def do_POST(self) -> None:
            take(self, sites)

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            with contextlib.suppress(OSError):  # whoever asked was killed meanwhile
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    return server


def answer(asker: BaseHTTPRequestHandler, sites: Sites) -> None:
    """What a polled place says, or its trouble."""
    sites.acknowledge(asker.path, asker.headers.get("If-None-Match"))
    kind = sites.meet(asker.path)
    if kind == "hang":
        wait_out(sites, asker.path)
    elif kind in ("busy", "broken"):
        say(asker, 429 if kind == "busy" else 503, b"", {"Retry-After": "90"} if kind == "busy" else {})
    elif kind == "megabytes":
        say(asker, 200, b'{"id": "long", "posted_at": "2022-09-24T10:00Z", "text": "' + b"a" * 3_000_000 + b'"}\n', {})
    elif kind == "flood":
        say(asker, 200, b"{}\n" * 3_000_000, {})
    elif kind == "noise":
        say(asker, 200, sites.dice.randbytes(50_000), {})
    else:
        body, etag = sites.body(asker.path)
        if kind == "cut":
            say(asker, 200, body[: len(body) // 2], {"ETag": etag}, promised=len(body))
        elif asker.headers.get("If-None-Match") == etag:
            say(asker, 304, b"", {}, promised=None)
        else:
            say(asker, 200, body, {"ETag": etag})


def stream(asker: BaseHTTPRequestHandler, sites: Sites) -> None:
    """Posts as they come, each with a number, after the last that the asker had."""
    last = int(asker.headers.get("Last-Event-ID", "0"))
    said = sites.sayings.said["events"]
    if sites.met < sites.life:  # begun anew, it knows nothing but what it kept
        sites.met = sites.life
        sites.acknowledged.setdefault("events", set()).update(post["id"] for post in said[:last])
    say(asker, 200, b"", {"Content-Type": "text/event-stream"}, promised=None)
    while True:
        kind = sites.troubled("/events")
        if kind == "cut":
            asker.wfile.write(b"id: 9")
            return
        if kind == "megabytes":
            asker.wfile.write(b"data: " + b"a" * 3_000_000 + b"\n\n")
            sites.trouble.pop("/events", None)
        if kind == "broken":
            return
        if kind != "hang" and last < len(said):
            asker.wfile.write(b"id: %d\ndata: %b\n\n" % (last + 1, json.dumps(said[last]).encode()))
            last += 1
        else:
            asker.wfile.write(b": still here\n\n")
            time.sleep(0.1)


def take(asker: BaseHTTPRequestHandler, sites: Sites) -> None:
    """A webhook: what comes is taken, now and then without saying so."""
    body = asker.rfile.read(int(asker.headers.get("Content-Length", "0")))
    kind = sites.meet(asker.path)
    if kind in ("busy", "broken"):
        say(asker, 429 if kind == "busy" else 503, b"", {"Retry-After": "45"} if kind == "busy" else {})
        return
    with sites.lock:
        sites.told.append((asker.path, asker.headers["Idempotency-Key"], body))
    if kind == "hang":
        wait_out(sites, asker.path)
    if not kind:
        say(asker, 200, b"{}", {})


def wait_out(sites: Sites, path: str) -> None:
    while time.monotonic() < sites.trouble.get(path, ("", 0.0))[1]:
        time.sleep(0.1)


def say(
    asker: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str], promised: int | None = -1
) -> None:
    """An answer; ``promised``: a length that is not the body's, or none."""
    asker.send_response(status)
    for name, value in headers.items():
        asker.send_header(name, value)
    if promised is not None:
        asker.send_header("Content-Length", str(len(body) if promised < 0 else promised))
    asker.end_headers()
    asker.wfile.write(body)
