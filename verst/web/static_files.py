"""The whole public board as files, by name: what `publish` writes and the live server gives under the same names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from verst.model import Estimate
from verst.web.alert_files import alert_names, write_cap_file, write_feed_file
from verst.web.bodies import board_body, crossing_body, crossings_body, geojson_body
from verst.web.feed import write_feed
from verst.web.moment import Moment
from verst.web.page import EVERYWHERE, Page
from verst.web.templates import STATIC
from verst.web.texts import load_tongues
from verst.web.writing import Site, write_board, write_crossing, write_digest, write_map, write_single

SLOT = timedelta(minutes=15)
BESIDE = ("verst.js", "mark.svg")
WRITERS = {"r": write_board, "m": write_map, "save": write_single}


def file_names(site: Site) -> Iterator[str]:
    """Every file there is, in a fixed order; those that lead to others come after them."""
    regions = [EVERYWHERE, *(region.id for region in site.regions)] if site.regions else []
    crossings = sorted({crossing.id for region in site.regions for crossing in region.crossings})
    yield from (f"static/{name}" for name in BESIDE)
    yield from alert_names(site)
    for crossing in crossings:
        yield f"api/c/{crossing}.json"
        for code in load_tongues():
            yield from (f"{code}/c/{crossing}.html", f"{code}/c/{crossing}.txt")
    yield from ("api/board.json", "api/crossings.json", "api/crossings.geojson")
    for code in load_tongues():
        yield from (f"{code}/{kind}/{region}.html" for region in regions for kind in WRITERS)
        yield from (f"{code}/feed.atom", f"{code}/index.html")
    yield "index.html"


def write_file(site: Site, name: str) -> bytes | None:
    """One file as it is now; None when there is none of that name."""
    folder, _, rest = name.partition("/")
    if folder == "static":
        return (STATIC / rest).read_bytes() if rest in BESIDE else None
    if folder == "api":
        return write_data(site, rest)
    if folder == "alerts":
        return write_cap_file(site, rest)
    if name == "index.html":
        return write_page(site, "en", name, "index.html")
    return write_page(site, folder, name, rest) if folder in load_tongues() else None


def write_data(site: Site, name: str) -> bytes | None:
    """One file of data."""
    body: dict[str, Any] | None = None
    stem = name.removeprefix("c/").removesuffix(".json")
    found = site.crossing(stem) if name.startswith("c/") else None
    if found:
        body = crossing_body(site, settled_moment(site, [stem]), *found)
    elif name == "board.json":
        body = board_body(site, settled_moment(site), site.regions)
    elif name == "crossings.json":
        body = crossings_body(site)
    elif name == "crossings.geojson":
        body = geojson_body(site, settled_moment(site))
    if body is None:
        return None
    body.pop("revision", None)  # it grows with every batch, whatever the batch is about
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def write_page(site: Site, code: str, file: str, rest: str) -> bytes | None:
    """One page, digest or feed in the language of that code."""
    kind, _, last = rest.rpartition("/")
    stem, _, ending = last.partition(".")
    if "/" in kind:
        return write_feed_file(site, make_file_page(site, code, file, "/", settled_moment(site)), rest)
    if kind == "c":
        found = site.crossing(stem)
        if found is None or ending not in ("html", "txt"):
            return None
        page = make_file_page(site, code, file, f"/c/{stem}", settled_moment(site, [stem]))
        return write_crossing(site, page, *found) if ending == "html" else write_digest(site, page, *found).encode()
    page = make_file_page(site, code, file, "/", settled_moment(site))
    if rest == "feed.atom":
        return write_feed(site, page)
    region = site.region(None if rest == "index.html" else stem, page.moment)
    if region is None or (rest != "index.html" and (kind not in WRITERS or ending != "html")):
        return None
    where = "r" if rest == "index.html" else kind
    return WRITERS[where](site, replace(page, path=f"/{where}/{region.id}"), region)


def make_file_page(site: Site, code: str, file: str, path: str, moment: Moment) -> Page:
    """The words and links of one file."""
    return Page(
        tongue=load_tongues()[code],
        moment=moment,
        path=path,
        kinds=site.kinds,
        regions=site.regions,
        label=site.label,
        chosen_language=True,
        revision=site.store.revision(),
        file=file,
    )


def settled_moment(site: Site, crossings: Iterable[str] | None = None) -> Moment:
    """The moment files are written for: the last change of what they show, or the quarter of an hour that began since.

    So a file changes when there is news in it or when its ages would be a quarter of an hour behind, and not else.
    """
    moment = site.now()
    if moment.archive:
        return moment
    groups = site.memo.groups(site.store.revision(), moment)
    names = groups.keys() if crossings is None else crossings
    changed = max((newest(groups.get(name, ())) for name in names), default=0.0)
    slot = moment.at.timestamp() // SLOT.total_seconds() * SLOT.total_seconds()
    at = moment.at.fromtimestamp(min(max(slot, changed), moment.at.timestamp()), moment.at.tzinfo)
    return replace(moment, at=at, last=max(at, moment.first), first=min(at, moment.first))


def newest(estimates: Iterable[Estimate]) -> float:
    """When the newest of these estimates was made, as seconds since 1970."""
    return max((told.at.timestamp() for told in estimates), default=0.0)
