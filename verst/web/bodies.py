"""The data of the board as plain JSON values, from a site at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from verst.clock import iso
from verst.desk import Act
from verst.model import Crossing, Estimate, Region
from verst.store.desk import acts_of
from verst.web.board import make_board
from verst.web.crossing import rules_at
from verst.web.evidence import find_label
from verst.web.moment import Moment
from verst.web.tables import crossing_row, estimate_row, feature_row, named, now_row, rule_row
from verst.web.view import make_now
from verst.web.writing import Site
from verst.work.deciding import pins_at
from verst.work.ruling import with_rules


def head(site: Site, moment: Moment, shown: Iterable[Estimate] = ()) -> dict[str, Any]:
    """What every answer begins with: its time, the revision behind it, and the label of the estimates it shows."""
    return {
        "at": iso(moment.at),
        "revision": site.store.revision(),
        "archive": moment.archive,
        "label": site.label or find_label(site.store, shown),
    }


def board_body(site: Site, moment: Moment, regions: Sequence[Region]) -> dict[str, Any]:
    """Every region's crossings, worst first, those without recent word apart."""
    groups = site.memo.groups(site.store.revision(), moment)
    boards = [make_board(groups, region, moment.at, site.kinds) for region in regions]
    rows = [
        {
            "region": board.region.id,
            "names": named(board.region.names),
            "crossings": [now_row(now) for now in board.known],
            "silent": [now_row(now) for now in board.silent],
        }
        for board in boards
    ]
    return head(site, moment, estimates_of(groups, regions)) | {"boards": rows}


def estimates_of(groups: Mapping[str, Iterable[Estimate]], regions: Iterable[Region]) -> Iterator[Estimate]:
    """Every estimate of these regions' crossings."""
    return (told for region in regions for crossing in region.crossings for told in groups.get(crossing.id, ()))


def crossings_body(site: Site) -> dict[str, Any]:
    """Every crossing there is, whether or not anybody spoke of it."""
    return {"crossings": [crossing_row(c, region.id) for region in site.regions for c in region.crossings]}


def crossing_body(site: Site, moment: Moment, region: Region, crossing: Crossing) -> dict[str, Any]:
    """One crossing: every estimate with its evidence, the formal rules, and the notes that moderators pinned there."""
    estimates = site.memo.groups(site.store.revision(), moment).get(crossing.id, [])
    now = make_now(crossing, estimates, moment.at, site.kinds)
    body = head(site, moment, estimates) | crossing_row(crossing, region.id) | now_row(now)
    body["estimates"] = [estimate_row(told, moment.at, evidence=True) for told in estimates]
    acts = acts_of(site.store)
    body["rules"] = [rule_row(rule) for rule in rules_at(with_rules(region, acts, moment.at), crossing, moment.at)]
    body["notes"] = [note_row(act) for act in pins_at(acts, crossing.id, moment.at)]
    return body


def note_row(act: Act) -> dict[str, Any]:
    """A note that moderators pinned: when, until when it is to be read, and what it says."""
    return {"at": iso(act.at), "until": iso(act.ends_at) if act.ends_at else None, "words": act.words}


def geojson_body(site: Site, moment: Moment) -> dict[str, Any]:
    """The crossings as points, with the status of each. Those whose place nobody checked have no geometry."""
    groups = site.memo.groups(site.store.revision(), moment)
    features = [
        feature_row(make_now(crossing, groups.get(crossing.id, ()), moment.at, site.kinds), region.id)
        for region in site.regions
        for crossing in region.crossings
    ]
    return {"type": "FeatureCollection", "features": features} | head(site, moment, estimates_of(groups, site.regions))
