"""Alerts as feeds of a crossing or region, each as a CAP document, and where a browser subscribes to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from verst.model import Kind, Region
from verst.notices import Alert
from verst.outputs.alert_feed import Entry, Feed, write_atom, write_rss
from verst.outputs.cap import Area, Said, write_cap
from verst.store import KeepsOutbox
from verst.web.alert_words import alert_tongues, crossings_of, write_alert
from verst.web.moment import choose_moment
from verst.web.page import EVERYWHERE, Page
from verst.web.pages import find_one, make_page, nothing_here, render
from verst.web.replies import reply

SHOWN = timedelta(days=14)
ON_A_PAGE = 100
MOST_ALERTS = 10_000
FORMS: dict[str, tuple[Callable[[Feed], bytes], str]] = {
    "atom": (write_atom, "application/atom+xml; charset=utf-8"),
    "rss": (write_rss, "application/rss+xml; charset=utf-8"),
}


def show_crossing_feed(request: Request) -> Response:
    """What changed at one crossing."""
    _, crossing = find_one(request)
    page = page_now(request)
    alerts = kept_alerts(request, [crossing.id])
    return send_feed(request, page, page.name(crossing), f"/c/{crossing.id}", alerts)


def show_region_feed(request: Request) -> Response:
    """What changed at any crossing of a region; ``all`` is every region."""
    name, page = request.path_params["region"], page_now(request)
    region = request.app.state.site.region(name, page.moment)
    if region is None:
        raise HTTPException(404, f"no region is called {name[:40]!r}; the regions are at /api/v1/board")
    alerts = kept_alerts(request, None if name == EVERYWHERE else [crossing.id for crossing in region.crossings])
    return send_feed(request, page, page.name(region), f"/r/{region.id}", alerts)


def page_now(request: Request) -> Page:
    """The words of a feed: it tells of now, whatever time an address asks for."""
    site = request.app.state.site
    now = site.clock()
    span = site.memo.span(site.store.revision(), now)
    page = make_page(request, choose_moment(None, None, span, now))
    return replace(page, tongue=page.tongue.find("alert.closed"))


def kept_alerts(request: Request, crossings: Iterable[str] | None) -> list[Alert]:
    """Alerts of the last fortnight, newest first; none where the store keeps none."""
    store = request.app.state.store
    if not isinstance(store, KeepsOutbox):
        return []
    since = request.app.state.clock() - SHOWN
    if crossings is None:
        return store.outbox.alerts(since=since, limit=MOST_ALERTS)
    some = (store.outbox.alerts(crossing=name, since=since, limit=MOST_ALERTS) for name in crossings)
    found = {alert.id: alert for alerts in some for alert in alerts}
    return sorted(found.values(), key=lambda alert: (alert.at, alert.id), reverse=True)


def send_feed(request: Request, page: Page, name: str, path: str, alerts: list[Alert]) -> Response:
    """One page of the feed of these alerts, in the form the address names."""
    if request.path_params["form"] not in FORMS:
        raise nothing_here()
    write, media = FORMS[request.path_params["form"]]
    base, number = base_of(request), read_page(request)
    own = f"{base}{request.url.path}?lang={page.tongue.code}"
    shown = alerts[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    gone = {alert.takes_back: alert for alert in alerts if alert.takes_back}
    entries = [make_entry(request, page, alert, gone.get(alert.id), path) for alert in shown]
    feed = Feed(
        title=f"Verst: {page.say('alert.feed', name=name)}",
        about=page.say("alert.about"),
        lang=page.tongue.code,
        link=f"{base}{path}",
        own=own,
        updated=max((entry.updated for entry in entries), default=page.moment.first),
        entries=entries,
        older=f"{own}&page={number + 1}" if len(alerts) > number * ON_A_PAGE else None,
    )
    return reply(request, write(feed), media)


def read_page(request: Request) -> int:
    """Which page of a feed: 1 is the newest. Raises 400."""
    said = request.query_params.get("page", "1")
    if not (said.isascii() and said.isdigit() and 1 <= int(said[:6]) <= MOST_ALERTS):
        raise HTTPException(400, f"page={said[:20]!r} is no page; leave it out, or follow rel=next")
    return int(said[:6])


def make_entry(request: Request, page: Page, alert: Alert, back: Alert | None, path: str) -> Entry:
    """One alert in the language of the page; ``back``: what takes it back."""
    site, base = request.app.state.site, base_of(request)
    words = write_alert(alert, page.tongue.code, site.regions, site.kinds)
    return Entry(
        id=alert.id,
        title=page.say("alert.taken_back", what=words.title) if back else words.title,
        text=words.body,
        link=f"{base}{alert_path(alert, path)}?lang={page.tongue.code}",
        cap=f"{base}/alerts/{alert.id}.cap",
        found=alert.at,
        updated=back.at if back else alert.at,
        reason=alert.reason,
    )


def alert_path(alert: Alert, otherwise: str) -> str:
    """The page of the crossing an alert is about; another where it is about several."""
    return f"/c/{alert.crossings[0]}" if len(alert.crossings) == 1 else otherwise


def show_cap(request: Request) -> Response:
    """One alert as a CAP document in every language that alerts are told in."""
    state, name = request.app.state, request.path_params["id"]
    outbox = state.store.outbox if isinstance(state.store, KeepsOutbox) else None
    alert = outbox.alert(name) if outbox is not None else None
    if alert is None or outbox is None:
        raise nothing_here()
    before = outbox.alert(alert.takes_back or alert.follows or "")
    body = cap_of(alert, before, state.site.regions, state.site.kinds, base_of(request))
    return reply(request, body, "application/cap+xml")


def cap_of(
    alert: Alert, before: Alert | None, regions: Sequence[Region], kinds: Mapping[str, Kind], base: str
) -> bytes:
    """The CAP document of an alert; its sender is the host that the board is at."""
    words = [write_alert(alert, tongue.code, regions, kinds) for tongue in alert_tongues()]
    said = [Said(lang=each.lang, headline=each.title, description=each.body) for each in words]
    places = crossings_of(alert, regions)
    areas = [Area(name=dict(c.names).get("en", c.id), code=c.id, lat=c.lat, lon=c.lon) for c in places]
    web = f"{base}{alert_path(alert, '/')}"
    return write_cap(alert, said, areas, sender=urlsplit(base).hostname or "verst", before=before, web=web)


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
