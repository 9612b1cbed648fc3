"""The rumours of a store at one moment: the ledger over what was claimed and said in the two weeks before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from verst.clock import iso
from verst.desk import in_force
from verst.fusion.closings import WATCHED
from verst.fusion.judging import judge, merge
from verst.fusion.rumours import QUEUES, is_border, ledger
from verst.fusion.verdicts import Rumour
from verst.model import Heard, Region, Report
from verst.store import Store
from verst.store.desk import acts_of
from verst.work.copying import with_roots
from verst.work.sightings import find_seen

LOOK_BACK = timedelta(days=14)


def find_rumours(
    store: Store,
    at: datetime,
    place: str | None = None,
    within: timedelta = LOOK_BACK,
    regions: Sequence[Region] = (),
) -> list[Rumour]:
    """Rumours by ``at`` (aware) of what was told ``within`` that time, the most spread first; of one place, or all.

    ``place``: a crossing, a border, or a country that people leave. ``regions`` say which crossings are of which
    border: without them what is said of a border is held against nothing said at its crossings.
    """
    acts = in_force(acts_of(store), at)
    reports = merge(judge(find_reports(store, at, place, within, regions), acts), acts)
    heard = find_heard(store, at, place, regions)
    evidence = find_evidence(store, at, place, heard, regions) if heard and place is not None else reports
    found = ledger(reports, at, heard, regions, evidence, find_seen(store, at, within))
    return [
        rumour
        for rumour in found
        if place in (None, rumour.crossing) and max(rumour.last_seen, rumour.due or rumour.last_seen) >= at - within
    ]


def find_reports(
    store: Store, at: datetime, place: str | None, within: timedelta, regions: Sequence[Region]
) -> list[Report]:
    """What was told of a place; where queues are told of a whole border, also what is told of its crossings."""
    found = list(store.reports(crossing=place, since=at - within, until=at))
    if place is not None and is_border(place) and any(each.claim.kind in QUEUES for each in found):
        for name in crossings_of(place, regions):
            found += store.reports(crossing=name, since=at - within, until=at)
    return found


def find_heard(store: Store, at: datetime, place: str | None, regions: Sequence[Region]) -> list[Heard]:
    """Sayings of a place, and those of places that speak for or against them; copies marked."""
    if place is None:
        return with_roots(store, store.heard(since=at - LOOK_BACK, until=at))
    found = [
        each
        for name in places_beside(place, regions)
        for each in store.heard(place=name, since=at - LOOK_BACK, until=at)
    ]
    if not any(each.saying.where == place for each in found):
        return []
    return with_roots(store, sorted(found, key=lambda each: (each.posted_at, each.post)))


def places_beside(place: str, regions: Sequence[Region]) -> tuple[str, ...]:
    """A crossing and its border; a border and its countries; a country and its borders."""
    borders = {crossing.border for region in regions for crossing in region.crossings}
    own = {crossing.border for region in regions for crossing in region.crossings if crossing.id == place}
    parts = set(place.split("-")) if place in borders else set()
    around = {border for border in borders if len(place) == 2 and place in border.split("-")}
    return tuple(dict.fromkeys((place, *sorted(own | parts | around))))


def find_evidence(
    store: Store, at: datetime, place: str, heard: Sequence[Heard], regions: Sequence[Region]
) -> list[Report]:
    """What sayings are held against: reports of the place over two weeks, of its crossings after a closing's day."""
    found = list(store.reports(crossing=place, since=at - LOOK_BACK, until=at))
    days = [each.saying.due for each in heard if each.saying.due is not None and each.saying.due <= at]
    for name in crossings_of(place, regions) if days else ():
        found += store.reports(crossing=name, since=min(days), until=min(at, max(days) + WATCHED))
    return found


def crossings_of(place: str, regions: Sequence[Region]) -> list[str]:
    """The crossings of a border, or those and the borders of a country."""
    known = {crossing.id: crossing.border for region in regions for crossing in region.crossings}
    if len(place) == 2:
        own = {id_: border for id_, border in known.items() if place in border.split("-")}
        return sorted({*own, *own.values()})
    return sorted(id_ for id_, border in known.items() if border == place and id_ != place)


def rumour_row(rumour: Rumour) -> dict[str, Any]:
    """One rumour as plain values. Times are UTC; nothing in it says who."""
    row: dict[str, Any] = {"crossing": rumour.crossing, "kind": rumour.kind, "value": rumour.value, "tag": rumour.tag}
    row |= {"mode": rumour.mode, "toward": rumour.toward, "whom": rumour.who}
    row |= {"since": iso(rumour.since) if rumour.since else None, "due": iso(rumour.due) if rumour.due else None}
    row |= {"verdict": rumour.verdict, "first_seen": iso(rumour.first_seen), "last_seen": iso(rumour.last_seen)}
    row |= {"first_source": rumour.first_source, "posts": rumour.posts, "own_words": rumour.roots}
    row |= {"chats": rumour.communities, "witnesses": rumour.witnesses}
    row |= {"speaks_for": round(rumour.speaks_for, 2), "speaks_against": round(rumour.speaks_against, 2)}
    turns = [{"at": iso(t.at), "verdict": t.verdict, "why": t.why, "post": t.post} for t in rumour.turns]
    return row | {"turns": turns}
