"""Alerts as published files: a feed of each crossing and region in each language that alerts are told in, and CAP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from verst.model import Crossing, Region
from verst.outputs.alert_feed import Feed, write_atom, write_rss
from verst.web.alert_entries import ON_A_PAGE, Ways, find_cap, kept_alerts, make_feed
from verst.web.alert_words import alert_tongues
from verst.web.files import file_of, lead
from verst.web.page import EVERYWHERE, Page
from verst.web.writing import Site

FORMS = {"atom": write_atom, "rss": write_rss}
PLACES = ("c", "r")


def alert_names(site: Site) -> Iterator[str]:
    """Every file of alerts, in a fixed order; those that others lead to come first."""
    alerts = kept_alerts(site, None)
    yield from (f"alerts/{alert.id}.cap" for alert in alerts)
    for kind, place, crossings in feed_places(site):
        count = sum(crossings is None or not crossings.isdisjoint(alert.crossings) for alert in alerts)
        for number in range(count_pages(count), 0, -1):
            names = [feed_file(kind, place, form, number) for form in FORMS]
            yield from (f"{tongue.code}/{name}" for tongue in alert_tongues() for name in names)


def feed_places(site: Site) -> Iterator[tuple[str, str, set[str] | None]]:
    """All there is a feed of, with the crossings in it; these None: every one."""
    inside = {region.id: {crossing.id for crossing in region.crossings} for region in site.regions}
    yield from (("c", name, {name}) for name in sorted(set().union(*inside.values())))
    yield from (("r", name, crossings) for name, crossings in inside.items())
    if inside:
        yield "r", EVERYWHERE, None


def count_pages(count: int) -> int:
    """How many pages a feed of so many alerts has; an empty one has one."""
    return max(1, -(-count // ON_A_PAGE))


def feed_file(kind: str, place: str, form: str, number: int) -> str:
    """The name of a feed's page within its language.

    >>> feed_file("c", "verkhny-lars", "atom", 1), feed_file("r", "all", "rss", 2)
    ('c/verkhny-lars/feed.atom', 'r/all/feed.2.rss')
    """
    return f"{kind}/{place}/feed.{form}" if number == 1 else f"{kind}/{place}/feed.{number}.{form}"


def write_cap_file(site: Site, name: str) -> bytes | None:
    """The file ``alerts/ID.cap``, by ``ID.cap``."""
    stem, _, ending = name.partition(".")
    return find_cap(site, stem, site.address) if ending == "cap" else None


def write_feed_file(site: Site, page: Page, rest: str) -> bytes | None:
    """One page of a feed by its name within its language; None when there is none of that name."""
    kind, _, after = rest.partition("/")
    place, _, last = after.partition("/")
    stem, _, ending = last.partition(".")
    number, _, form = ending.rpartition(".")
    if stem != "feed" or kind not in PLACES or form not in FORMS or not (number or "1").isdecimal():
        return None
    feed = find_feed(site, page, (kind, place, form), int((number or "1")[:6]))
    return FORMS[form](feed) if feed else None


def find_feed(site: Site, page: Page, what: tuple[str, str, str], number: int) -> Feed | None:
    """The feed of a crossing or region; None for a place, page or language that has none."""
    kind, place, form = what
    code = page.tongue.code
    found = find_place(site, page, kind, place)
    if found is None or code not in [tongue.code for tongue in alert_tongues()]:
        return None
    thing, inside = found
    alerts = kept_alerts(site, inside)
    if not 1 <= number <= count_pages(len(alerts)):
        return None
    named = [f"{code}/{feed_file(kind, place, form, of)}" for of in range(number + 2)]
    feed = make_feed(site, page, page.name(thing), f"/{kind}/{thing.id}", alerts, number, file_ways(site, code, named))
    return replace(feed, id=f"urn:verst:alerts:{code}:{kind}:{thing.id}")


def find_place(site: Site, page: Page, kind: str, place: str) -> tuple[Crossing | Region, list[str] | None] | None:
    """A crossing or region by its id, with the crossings in it; these None: all there are."""
    if kind == "c":
        found = site.crossing(place)
        return (found[1], [place]) if found else None
    region = site.region(place, page.moment)
    if region is None:
        return None
    return region, None if place == EVERYWHERE else [crossing.id for crossing in region.crossings]


def file_ways(site: Site, code: str, named: Sequence[str]) -> Ways:
    """Where a published feed leads: absolute where the public address is known, else from file to file.

    ``named``: the feed's own files by their number.
    """

    def lead_to(other: str) -> str:
        return f"{site.address}/{other}" if site.address else lead(named[1], other)

    return Ways(
        page=lambda path: lead_to(file_of(path, code)),
        cap=lambda name: lead_to(f"alerts/{name}.cap"),
        own=lambda number: lead_to(named[number]),
    )
