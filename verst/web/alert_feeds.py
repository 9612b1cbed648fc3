"""Alerts as feeds of a crossing or region, each as a CAP document, and where a browser subscribes to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from verst.notices import Alert
from verst.outputs.alert_feed import Feed, write_atom, write_rss
from verst.web.alert_entries import MOST_ALERTS, Ways, find_cap, kept_alerts, make_feed
from verst.web.moment import choose_moment
from verst.web.page import EVERYWHERE, Page
from verst.web.pages import find_one, make_page, nothing_here, render
from verst.web.replies import reply

FORMS: dict[str, tuple[Callable[[Feed], bytes], str]] = {
    "atom": (write_atom, "application/atom+xml; charset=utf-8"),
    "rss": (write_rss, "application/rss+xml; charset=utf-8"),
}


def show_crossing_feed(request: Request) -> Response:
    """What changed at one crossing."""
    _, crossing = find_one(request)
    page = page_now(request)
    alerts = kept_alerts(request.app.state.site, [crossing.id])
    return send_feed(request, page, page.name(crossing), f"/c/{crossing.id}", alerts)


def show_region_feed(request: Request) -> Response:
    """What changed at any crossing of a region; ``all`` is every region."""
    name, page = request.path_params["region"], page_now(request)
    region = request.app.state.site.region(name, page.moment)
    if region is None:
        raise HTTPException(404, f"no region is called {name[:40]!r}; the regions are at /api/v1/board")
    alerts = kept_alerts(
        request.app.state.site, None if name == EVERYWHERE else [crossing.id for crossing in region.crossings]
    )
    return send_feed(request, page, page.name(region), f"/r/{region.id}", alerts)


def page_now(request: Request) -> Page:
    """The words of a feed: it tells of now, whatever time an address asks for."""
    site = request.app.state.site
    now = site.clock()
    span = site.memo.span(site.store.revision(), now)
    page = make_page(request, choose_moment(None, None, span, now))
    return replace(page, tongue=page.tongue.find("alert.closed"))


def send_feed(request: Request, page: Page, name: str, path: str, alerts: list[Alert]) -> Response:
    """One page of the feed of these alerts, in the form the address names."""
    if request.path_params["form"] not in FORMS:
        raise nothing_here()
    write, media = FORMS[request.path_params["form"]]
    feed = make_feed(request.app.state.site, page, name, path, alerts, read_page(request), ways_of(request, page))
    return reply(request, write(feed), media)


def ways_of(request: Request, page: Page) -> Ways:
    """Where a feed leads: the live pages in its language, by absolute addresses."""
    base, lang = base_of(request), f"lang={page.tongue.code}"
    own = f"{base}{request.url.path}?{lang}"
    return Ways(
        page=lambda path: f"{base}{path}?{lang}",
        cap=lambda name: f"{base}/alerts/{name}.cap",
        own=lambda number: own if number == 1 else f"{own}&page={number}",
    )


def read_page(request: Request) -> int:
    """Which page of a feed: 1 is the newest. Raises 400."""
    said = request.query_params.get("page", "1")
    if not (said.isascii() and said.isdigit() and 1 <= int(said[:6]) <= MOST_ALERTS):
        raise HTTPException(400, f"page={said[:20]!r} is no page; leave it out, or follow rel=next")
    return int(said[:6])


def show_cap(request: Request) -> Response:
    """One alert as a CAP document in every language that alerts are told in."""
    body = find_cap(request.app.state.site, request.path_params["id"], base_of(request))
    if body is None:
        raise nothing_here()
    return reply(request, body, "application/cap+xml")


def show_push(request: Request) -> Response:
    """Where a browser makes a subscription for its owner to hand over; nothing where alerts go to no browsers."""
    key = request.app.state.push_key
    if key is None:
        raise nothing_here()
    return render(request, "push.html", page_now(request), key=key)


def base_of(request: Request) -> str:
    """The board's public address without a slash at its end: as it is set, else as this request came."""
    base: str | None = request.app.state.address
    return (base or str(request.base_url)).rstrip("/")


ROUTES = [
    Route("/c/{crossing}/feed.{form}", show_crossing_feed),
    Route("/r/{region}/feed.{form}", show_region_feed),
    Route("/alerts/{id}.cap", show_cap),
    Route("/push", show_push),
]
