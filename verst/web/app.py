"""6. What people open: pages, data and live updates over one store, as one ASGI application."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from verst import clock
from verst.model import Kind, Region
from verst.store import Store
from verst.web import alert_feeds, api, desk, desk_door, events, exports, health, pages, saying, static_files
from verst.web.replies import Kept, StrictHeaders, page_policy, reply
from verst.web.saying import Inbox
from verst.web.templates import DESK_STYLE, STATIC, STYLE
from verst.web.texts import load_tongues
from verst.web.writing import make_site
from verst.work.apart.looking import Look
from verst.work.queueing import Queue

STATIC_TYPES = {
    "verst.js": "text/javascript; charset=utf-8",
    "push.js": "text/javascript; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
    "passkey.js": "text/javascript; charset=utf-8",
    "verst.webmanifest": "application/manifest+json",
    "mark.svg": "image/svg+xml",
}


FILE_TYPES = {
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "json": "application/json",
    "geojson": "application/geo+json",
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
}


def make_app(
    store: Store,
    regions: Iterable[Region] | Mapping[str, Region],
    kinds: Iterable[Kind] | Mapping[str, Kind],
    *,
    clock: Callable[[], datetime] = clock.now,
    label: str | None = None,
    reader: Any = None,
    poll_seconds: float = 1.0,
    address: str | None = None,
    push_key: str | None = None,
    inbox: Inbox | None = None,
    bus: Look | None = None,
) -> Starlette:
    """The board as an ASGI application, for granian or uvicorn (run either without an access log).

    ``label`` is shown at the top of every page; without it, the label of the posts shown is. ``clock`` gives the
    present in UTC. ``reader`` reads questions; left out, it is made when the first one is asked. ``poll_seconds``:
    how often the store is asked for a new revision while somebody listens. ``address``: where the public finds the
    board, for links in feeds and alerts; left out, as each request came. ``push_key``: the public key that alerts to
    browsers are signed with; without it there are none. ``inbox``: where the form "I am at the border" leads; without
    it there is no such form. ``bus``: what waits between processes, where there is a bus between them.
    """
    app = Starlette(
        routes=[
            *pages.ROUTES,
            *api.ROUTES,
            *exports.ROUTES,
            *events.ROUTES,
            *alert_feeds.ROUTES,
            *saying.ROUTES,
            *health.ROUTES,
            *desk.ROUTES,
            Route("/static/{name}", send_static),
            Route("/sw.js", send_worker),
            Route("/{code}/{rest:path}", send_file),
        ],
        middleware=[Middleware(StrictHeaders, policy=page_policy(STYLE, DESK_STYLE))],
        exception_handlers=pages.ERRORS,
    )
    app.add_middleware(health.CountsRequests, state=app.state)
    app.state.figures, app.state.turnstile = health.Figures(app), exports.Turnstile()
    site = make_site(store, regions, kinds, clock=clock, label=label, address=address)
    app.state.site, app.state.store, app.state.regions, app.state.kinds = site, store, site.regions, site.kinds
    app.state.clock, app.state.memo, app.state.reader, app.state.bus = clock, site.memo, reader, bus
    app.state.kept, app.state.address, app.state.push_key, app.state.inbox = Kept(), address, push_key, inbox
    app.state.room = desk_door.make_room(store, lambda: Queue(store, site.regions, site.kinds))
    app.state.changes = events.Changes(app, poll_seconds)
    return app


def send_static(request: Request) -> Response:
    """One of the few files beside the pages."""
    name = request.path_params["name"]
    if name not in STATIC_TYPES:
        raise pages.nothing_here()
    body = (STATIC / name).read_bytes()
    return reply(request, body, STATIC_TYPES[name], cache="max-age=3600")


def send_worker(request: Request) -> Response:
    """The service worker. Its version is what its files say, so that new ones replace what browsers kept."""
    names = ("sw.js", *sorted(STATIC_TYPES))
    version = blake2b(b"".join((STATIC / name).read_bytes() for name in names), digest_size=6).hexdigest()
    body = (STATIC / "sw.js").read_text(encoding="utf-8").replace("@VERSION@", version)
    return reply(request, body.encode(), STATIC_TYPES["verst.js"])


def send_file(request: Request) -> Response:
    """A page under the name it is published by, with the bytes that publishing would write now."""
    code, site = request.path_params["code"], request.app.state.site
    name = f"{code}/{request.path_params['rest']}"
    body = static_files.write_file(site, name) if code in load_tongues() or code == "api" else None
    if body is None:
        raise pages.nothing_here()
    return reply(request, body, FILE_TYPES[name.rpartition(".")[2]])
