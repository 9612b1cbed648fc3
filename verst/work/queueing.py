"""What needs eyes: the claims of the last day, those first without which the board would move most.

The effect is measured, not guessed: a crossing is fused once more without the claim and its copies. Its unit is the
width of the range that the board shows (80 %, in logs); of options it is how much of the odds moves.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from verst.desk import Act, in_force
from verst.fusion.judging import find_act, root_of, what_of
from verst.model import Claim, Estimate, Kind, Region, Report
from verst.store import Store
from verst.store.desk import acts_of
from verst.work.checkpoints import read_checkpoints
from verst.work.histories import Past, find_past, name_of
from verst.work.silence import is_silent
from verst.work.telling import Quantity, quantity_of

LOOK_BACK = timedelta(hours=24)
AT_LEAST, SEARCHED = 200, timedelta(days=7)  # where less is said: the last claims of the week
EACH = 6  # claims measured at one crossing: those that weigh most
MOST = 60  # in the queue
FRESH = 300.0  # seconds for which a measure holds while nothing new is said
ALL = 1.0  # effect of what a figure rests on alone: without it nothing would be known
MOST_MOVED = 3.0
NARROW = 0.1  # ranges narrower than that (log) count as so wide


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One claim with its copies. ``effect`` in widths of the board's range; ``told`` and ``without`` are the figure."""

    id: str
    crossing: str
    what: str
    post: str
    claim: Claim
    reports: tuple[Report, ...]
    effect: float = 0.0
    told: Estimate | None = None
    without: Estimate | None = None
    act: Act | None = None

    @property
    def since(self) -> datetime:
        """When the first of its posts was posted."""
        return min(report.posted_at for report in self.reports)


def item_id(crossing: str, what: str, post: str) -> str:
    """A short name for a claim at a crossing."""
    return hashlib.blake2b(f"{crossing}\0{what}\0{post}".encode(), digest_size=8).hexdigest()


def make_items(reports: Iterable[Report]) -> list[Item]:
    """Claims with their copies, in the order in which each was said first."""
    groups: dict[tuple[str, str, str], list[Report]] = {}
    for report in reports:
        if report.judged != "corrected" and not report.denies:
            key = (report.claim.crossing, what_of(report.claim), root_of(report))
            groups.setdefault(key, []).append(report)
    return [
        Item(
            id=item_id(*key), crossing=key[0], what=key[1], post=key[2], claim=some[0].claim, reports=tuple(some)
        )
        for key, some in groups.items()
    ]  # fmt: skip


def find_item(store: Store, crossing: str, what: str, post: str, until: datetime) -> Item | None:
    """The claim of that name, whatever its age; None: nobody says that."""
    found = store.posts([post]).get(post)
    since = found.posted_at if found is not None else None
    some = [r for r in store.reports(crossing=crossing, since=since, until=until) if root_of(r) == post]
    return next((item for item in make_items(some) if item.what == what), None)


class Queue:
    """The queue of a store; what was measured is kept while it holds. Safe for several threads."""

    def __init__(self, store: Store, regions: Sequence[Region], kinds: Mapping[str, Kind]) -> None:
        self.store, self.regions, self.kinds = store, regions, kinds
        self._kept: dict[str, tuple[object, list[Item]]] = {}
        self._lock = Lock()

    def look(self, at: datetime, crossing: str | None = None) -> list[Item]:
        """What needs eyes at ``at``, the largest effect first; what was decided about is left out."""
        acts = acts_of(self.store)
        reports = list(self.store.reports(crossing=crossing, since=at - SEARCHED, until=at))
        since = min(at - LOOK_BACK, reports[-AT_LEAST:][0].posted_at) if reports else at
        names = {report.claim.crossing for report in reports if report.posted_at >= since}
        items = [item for name in sorted(names) for item in self._measured(name, since, at, acts)]
        return sorted(items, key=lambda item: (-item.effect, -item.since.timestamp(), item.id))[:MOST]

    def _measured(self, crossing: str, since: datetime, at: datetime, acts: Sequence[Act]) -> list[Item]:
        kept = read_checkpoints(self.store.state(name_of(crossing)))
        past = find_past(self.store, crossing, since, at, self.regions, self.kinds, acts, kept)
        last = past.reports[-1].post if past.reports else ""
        now = (int(at.timestamp() // FRESH), past.start.at, len(past.reports), last, [act.n for act in past.acts])
        with self._lock:
            known = self._kept.get(crossing)
        if known is None or known[0] != now:
            known = (now, measure(past, since, at))
            with self._lock:
                self._kept[crossing] = known
        return known[1]


def measure(past: Past, since: datetime, at: datetime) -> list[Item]:
    """The claims of one crossing that weigh most and nobody decided about, each with its effect."""
    reports = past.judged(at)
    acts = in_force(past.acts, at)
    told = fuse(past, reports, at)
    weights: dict[str, float] = {}
    for estimate in told.values():
        for piece in estimate.evidence:
            weights[piece.post] = max(piece.weight, weights.get(piece.post, 0.0))
    items = make_items(r for r in reports if r.posted_at >= since)
    heavy = [(sum(weights.get(r.post, 0.0) for r in item.reports), item) for item in items]
    open_ = [(weight, item) for weight, item in heavy if weight > 0 and find_act(item.reports[0], acts) is None]
    chosen = sorted(open_, key=lambda pair: (-pair[0], pair[1].id))[:EACH]
    return [measure_one(past, reports, told, item, at) for _, item in chosen]


def measure_one(
    past: Past, reports: Sequence[Report], told: Mapping[Quantity, Estimate], item: Item, at: datetime
) -> Item:
    """A claim with its effect: how far the board would move without it and its copies."""
    kind = past.kinds[item.claim.kind]
    shown = {key: each for key, each in told.items() if key[1] == kind.id and not is_silent(each, at, kind)}
    if not shown:
        return item
    gone = {(report.post, what_of(report.claim)) for report in item.reports}
    without = fuse(past, [r for r in reports if (r.post, what_of(r.claim)) not in gone], at)
    effects = [(moved(each, without.get(key)), key) for key, each in shown.items()]
    effect, key = max(effects, key=lambda pair: (pair[0], repr(pair[1])))
    return replace(item, effect=effect, told=told[key], without=without.get(key))


def fuse(past: Past, reports: Sequence[Report], at: datetime) -> dict[Quantity, Estimate]:
    """Every estimate of a crossing at ``at`` from these reports."""
    fusion = past.fusion()
    fusion.take(reports)
    return {quantity_of(estimate): estimate for estimate in fusion.estimates(at)}


def moved(told: Estimate, other: Estimate | None) -> float:
    """How far an estimate lies from another of the same thing, its range's ends with it, in widths of that range.

    `ALL` where without the claim nothing would be known; of options, how much of the odds would move.
    """
    if told.value is None:
        return 0.0
    if told.odds is not None:
        odds = dict(other.odds) if other is not None and other.odds is not None else {"unknown": 1.0}
        mine = dict(told.odds)
        return 0.5 * sum(abs(mine.get(name, 0.0) - odds.get(name, 0.0)) for name in {*mine, *odds})
    if other is None or other.value is None:
        return ALL
    here, there = _points(told), _points(other)
    width = max(NARROW, here[2] - here[0])
    return min(MOST_MOVED, max(abs(a - b) for a, b in zip(here, there, strict=True)) / width)


def _points(told: Estimate) -> tuple[float, float, float]:
    """Lower end, middle and upper end of an amount, on a scale of ratios."""
    value = float(told.value) if isinstance(told.value, int | float) else 0.0
    low, high = value if told.p10 is None else told.p10, value if told.p90 is None else told.p90
    return _log(low), _log(value), _log(high)


def _log(value: float) -> float:
    return math.copysign(math.log1p(abs(value)), value)
