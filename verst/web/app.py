"""6. What people open: pages, data and live updates over one store, as one ASGI application."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from importlib import resources
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from verst import clock
from verst.model import Kind, Region
from verst.store import Store
from verst.web import api, events, pages
from verst.web.replies import Kept, StrictHeaders, page_policy, reply
from verst.web.templates import STYLE, make_templates

STATIC_TYPES = {
    "verst.js": "text/javascript; charset=utf-8",
    "mark.svg": "image/svg+xml",
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
) -> Starlette:
    """The board as an ASGI application, for granian or uvicorn (run either without an access log).

    ``label`` is shown at the top of every page; without it, the label of the posts shown is. ``clock`` gives the
    present in UTC. ``reader`` reads questions; left out, it is made when the first one is asked. ``poll_seconds``:
    how often the store is asked for a new revision while somebody listens.
    """
    app = Starlette(
        routes=[*pages.ROUTES, *api.ROUTES, *events.ROUTES, Route("/static/{name}", send_static)],
        middleware=[Middleware(StrictHeaders, policy=page_policy(STYLE))],
        exception_handlers=pages.ERRORS,
    )
    app.state.store = store
    app.state.regions = tuple(regions.values() if isinstance(regions, Mapping) else regions)
    app.state.kinds = dict(kinds) if isinstance(kinds, Mapping) else {kind.id: kind for kind in kinds}
    app.state.clock = clock
    app.state.label = label
    app.state.reader = reader
    app.state.kept = Kept()
    app.state.templates = make_templates()
    app.state.changes = events.Changes(app, poll_seconds)
    return app


def send_static(request: Request) -> Response:
    """One of the few files beside the pages."""
    name = request.path_params["name"]
    if name not in STATIC_TYPES:
        raise pages.nothing_here()
    body = (resources.files("verst.web") / "static" / name).read_bytes()
    return reply(request, body, STATIC_TYPES[name], cache="max-age=3600")
