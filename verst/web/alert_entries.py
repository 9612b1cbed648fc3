"""Alerts as the entries of feeds and as CAP documents: what the live server gives and `publish` writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from verst.model import Kind, Region
from verst.notices import Alert
from verst.outputs.alert_feed import Entry, Feed
from verst.outputs.cap import Area, Said, write_cap
from verst.store import KeepsOutbox
from verst.web.alert_words import alert_tongues, crossings_of, write_alert
from verst.web.page import Page
from verst.web.writing import Site

SHOWN = timedelta(days=14)
ON_A_PAGE = 100
MOST_ALERTS = 10_000


@dataclass(frozen=True, slots=True)
class Ways:
    """Where a feed leads. ``page``: the address of a page of the board by its path; ``own``: of the feed by number."""

    page: Callable[[str], str]
    cap: Callable[[str], str]  # of an alert's CAP document by its id
    own: Callable[[int], str]


def kept_alerts(site: Site, crossings: Iterable[str] | None) -> list[Alert]:
    """Alerts of the last fortnight, newest first; none where the store keeps none. ``crossings`` None: of all."""
    if not isinstance(site.store, KeepsOutbox):
        return []
    since, outbox = site.clock() - SHOWN, site.store.outbox
    if crossings is None:
        return outbox.alerts(since=since, limit=MOST_ALERTS)
    some = (outbox.alerts(crossing=name, since=since, limit=MOST_ALERTS) for name in crossings)
    found = {alert.id: alert for alerts in some for alert in alerts}
    return sorted(found.values(), key=lambda alert: (alert.at, alert.id), reverse=True)


def make_feed(site: Site, page: Page, name: str, path: str, alerts: Sequence[Alert], number: int, ways: Ways) -> Feed:
    """One page of the feed of these alerts; ``path`` is that of the page of what it is a feed of, ``name`` its name."""
    shown = alerts[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    gone = {alert.takes_back: alert for alert in alerts if alert.takes_back}
    entries = [make_entry(site, page, alert, gone.get(alert.id), path, ways) for alert in shown]
    return Feed(
        title=f"Verst: {page.say('alert.feed', name=name)}",
        about=page.say("alert.about"),
        lang=page.tongue.code,
        link=ways.page(path),
        own=ways.own(number),
        updated=max((entry.updated for entry in entries), default=page.moment.first),
        entries=entries,
        older=ways.own(number + 1) if len(alerts) > number * ON_A_PAGE else None,
    )


def make_entry(site: Site, page: Page, alert: Alert, back: Alert | None, path: str, ways: Ways) -> Entry:
    """One alert in the language of the page; ``back``: what takes it back."""
    words = write_alert(alert, page.tongue.code, site.regions, site.kinds)
    return Entry(
        id=alert.id,
        title=page.say("alert.taken_back", what=words.title) if back else words.title,
        text=words.body,
        link=ways.page(alert_path(alert, path)),
        cap=ways.cap(alert.id),
        found=alert.at,
        updated=back.at if back else alert.at,
        reason=alert.reason,
    )


def alert_path(alert: Alert, otherwise: str) -> str:
    """The page of the crossing an alert is about; another where it is about several."""
    return f"/c/{alert.crossings[0]}" if len(alert.crossings) == 1 else otherwise


def find_cap(site: Site, name: str, base: str | None) -> bytes | None:
    """The CAP document of the alert of that id; None where none is kept."""
    outbox = site.store.outbox if isinstance(site.store, KeepsOutbox) else None
    alert = outbox.alert(name) if outbox is not None else None
    if alert is None or outbox is None:
        return None
    before = outbox.alert(alert.takes_back or alert.follows or "")
    return cap_of(alert, before, site.regions, site.kinds, base)


def cap_of(
    alert: Alert, before: Alert | None, regions: Sequence[Region], kinds: Mapping[str, Kind], base: str | None
) -> bytes:
    """The CAP document of an alert; its sender is the host that the board is at, where it is at one."""
    words = [write_alert(alert, tongue.code, regions, kinds) for tongue in alert_tongues()]
    said = [Said(lang=each.lang, headline=each.title, description=each.body) for each in words]
    places = crossings_of(alert, regions)
    areas = [Area(name=dict(c.names).get("en", c.id), code=c.id, lat=c.lat, lon=c.lon) for c in places]
    web = f"{base}{alert_path(alert, '/')}" if base else None
    return write_cap(alert, said, areas, sender=urlsplit(base or "").hostname or "verst", before=before, web=web)
