"""One crossing: its answer, lanes, chart, next hours, rules beside practice, questions, prices and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from verst.desk import Act
from verst.fusion.verdicts import Rumour
from verst.model import Crossing, Estimate, Kind, Mode, Region, Rule
from verst.store import Store
from verst.store.desk import acts_of
from verst.web.ahead import Ahead, look_ahead
from verst.web.answer import Since
from verst.web.chart import SPAN, Chart, draw_chart, pick_series
from verst.web.evidence import Shown, Topic, find_evidence, find_topics
from verst.web.phrases import crossing_zone
from verst.web.view import Fact, Lane, Now, find_conflict, make_fact, make_now, top_option
from verst.work.deciding import pins_at
from verst.work.ruling import with_rules
from verst.work.rumoured import find_rumours

RUMOURED = timedelta(days=3)  # for so long a rumour is shown after it was last told
LEAST_SPREAD, MOST_RUMOURS = 3, 4
RUMOUR_KINDS = ("wait", "queue_length", "queue_count", "passage", "mode_rule", "event", "flow", "total", "closing",
                "picture")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """A formal rule beside what people see; either may be missing. ``conflict``: the two speak against each other."""

    rule: Rule | None
    practice: Fact | None
    lane: Lane | None
    conflict: bool


@dataclass(frozen=True, slots=True)
class Crossed:
    """Everything the page of one crossing shows."""

    now: Now
    besides: tuple[Beside, ...]
    charts: tuple[Chart, ...]
    ahead: tuple[Ahead, ...]
    topics: tuple[Topic, ...]
    evidence: tuple[Shown, ...]
    rules: tuple[Rule, ...]
    since: Since
    rumours: tuple[Rumour, ...] = ()
    pins: tuple[Act, ...] = ()  # notes of the moderators

    def others(self, kind: str) -> list[Fact]:
        """Facts of a kind that is no lane's, those heard last first."""
        facts = [fact for fact in self.now.others if fact.kind == kind and fact.estimate.value is not None]
        return sorted(facts, key=lambda fact: (fact.age, fact.estimate.tag or fact.estimate.service or ""))


def rules_at(region: Region, crossing: Crossing, at: datetime) -> list[Rule]:
    """The formal rules that hold at a crossing at that time: its own, its border's and its countries'."""
    return [rule for rule in rules_of(region, crossing) if holds(rule, at)]


def rules_of(region: Region, crossing: Crossing) -> list[Rule]:
    """Every formal rule that is about a crossing, at any time; its own first."""
    places = (crossing.id, crossing.border, *crossing.border.split("-"))
    found = [rule for rule in region.rules if rule.where in places]
    return sorted(found, key=lambda rule: (places.index(rule.where), rule.id))


def holds(rule: Rule, at: datetime) -> bool:
    """Whether a rule holds at that time."""
    return (rule.starts_at is None or rule.starts_at <= at) and (rule.ends_at is None or at < rule.ends_at)


def set_beside(rules: Iterable[Rule], now: Now) -> list[Beside]:
    """Each rule with what people see of the same thing; then what people see that no rule speaks of."""
    found, used = [], set()
    for rule in rules:
        match = find_practice(rule, now)
        lane, fact = match if match else (None, None)
        if fact:
            used.add(id(fact))
        found.append(Beside(rule, fact, lane, find_conflict(rule.value, fact)))
    for lane in now.lanes:
        seen = lane.facts.get("mode_rule")
        if seen and seen.age is not None and id(seen) not in used:
            found.append(Beside(None, seen, lane, False))
    return found


def find_practice(rule: Rule, now: Now) -> tuple[Lane, Fact] | None:
    """What people see of the thing a rule speaks of: the same means and direction."""
    if rule.kind not in ("mode_rule", "passage"):
        return None
    for lane in now.lanes:
        fact = lane.facts.get(rule.kind)
        if fact and lane.mode == rule.mode and (rule.toward is None or lane.toward in (None, rule.toward)):
            return lane, fact
    return None


def make_crossed(
    store: Store,
    regions: Sequence[Region],
    region: Region,
    crossing: Crossing,
    at: datetime,
    kinds: Mapping[str, Kind],
) -> Crossed:
    """The whole page of one crossing of ``region`` at ``at``; ``regions`` are all there are."""
    estimates = store.estimates_at(at, crossing.id)
    history = store.estimates_between(crossing.id, at - SPAN, at)
    now = make_now(crossing, estimates, at, kinds)
    acts = acts_of(store)
    region = with_rules(region, acts, at)
    rules = rules_at(region, crossing, at)
    return Crossed(
        now=now,
        besides=tuple(set_beside(rules, now)),
        charts=tuple(make_charts(store, region, crossing, at, history)),
        ahead=tuple(look_ahead(store, now, history)),
        topics=tuple(find_topics(store, crossing.id, at)),
        evidence=tuple(find_evidence(store, lead_estimates(estimates, at, kinds))),
        rules=tuple(rules),
        since=find_since(now, history),
        rumours=tuple(pick_rumours(store, regions, crossing, at)),
        pins=tuple(pins_at(acts, crossing.id, at)),
    )


def pick_rumours(store: Store, regions: Sequence[Region], crossing: Crossing, at: datetime) -> list[Rumour]:
    """The most spread rumours of the last days that people at the place do not plainly bear out, those at most.

    Of the crossing, of its whole border, and of leaving one of its countries.
    """
    found = [
        rumour
        for name in (crossing.id, crossing.border, *crossing.border.split("-"))
        for rumour in find_rumours(store, at, name, RUMOURED, regions)
        if rumour.verdict != "supported" and is_shown(rumour)
    ]
    return sorted(found, key=lambda each: (-each.posts, each.first_seen))[:MOST_RUMOURS]


def is_shown(rumour: Rumour) -> bool:
    """Whether a rumour spread far enough; what is impossible is said of the second post on.

    One post is enough for an authority's word that people speak against: it spreads without being passed on. And for a
    picture: whoever saw it elsewhere is to find that it is an older one.
    """
    if rumour.kind in ("queue", "picture"):
        return True
    least = 2 if rumour.kind == "total" and rumour.verdict == "contradicted" else LEAST_SPREAD
    return rumour.posts >= least and rumour.kind in RUMOUR_KINDS


def find_since(now: Now, history: Sequence[Estimate]) -> dict[tuple[str | None, str | None, Mode], datetime]:
    """From when on people have seen what they see now of each means, where the last days hold the change."""
    found = {}
    for lane in now.lanes:
        seen = lane.fresh("mode_rule")
        if seen:
            same = [told for told in history if told.kind == "mode_rule" and is_of(told, lane)]
            began = find_change(same, top_option(seen.estimate)[0])
            if began:
                found[lane.toward, lane.side, lane.mode] = began
    return found


def is_of(told: Estimate, lane: Lane) -> bool:
    """Whether an estimate is of a lane."""
    return (told.toward, told.side, told.mode) == (lane.toward, lane.side, lane.mode)


def find_change(history: Sequence[Estimate], option: str | None) -> datetime | None:
    """When the unbroken run of ``option`` that lasts until now began; None when it began before the history."""
    began = None
    for told in reversed(history):
        if told.value is None or top_option(told)[0] != option:
            return began
        began = told.at
    return None


def lead_estimates(estimates: Iterable[Estimate], at: datetime, kinds: Mapping[str, Kind]) -> list[Estimate]:
    """The estimates whose posts are shown: what holds now before what is old, the lanes before prices and the like."""
    order = {"wait": 0, "passage": 0, "mode_rule": 0, "queue_length": 0, "queue_count": 0}
    return sorted(
        estimates, key=lambda told: (make_fact(told, at, kinds).silent, order.get(told.kind, 1), told.derived)
    )


def make_charts(
    store: Store, region: Region, crossing: Crossing, at: datetime, history: Sequence[Estimate]
) -> list[Chart]:
    """Up to two charts of the last days."""
    series = pick_series(history)
    if not series:
        return []
    reports = list(store.reports(crossing=crossing.id, since=at - SPAN, until=at))
    rules, zone = rules_of(region, crossing), crossing_zone(crossing)
    drawn = (draw_chart(item, history, reports, rules, at, zone) for item in series)
    return [chart for chart in drawn if chart]
