"""Estimates as people read them: facts with age and voices, lanes (direction, side, means), a status in one word.

Silence is a value here: what nobody has said lately is shown as unknown, whatever it was before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from verst.model import Crossing, Estimate, Kind, Mode
from verst.units import MODES
from verst.work.silence import is_silent

LANE_KINDS = ("passage", "wait", "queue_length", "queue_count", "throughput", "mode_rule", "flow", "flow_change")
ON_WHEELS = ("any", "car", "bus", "truck", "train", "air")
SURE = 0.6  # with a smaller share of what people say, the likeliest option is not called the state
NO_OPTIONS = ("unknown", "absent")
STOPPED = ("closed", "paused")
ORDER_MINUTES_PER_KM = 60.0  # only to put crossings with a queue but no wait in order; never shown

SEVERITY = {
    "closed": 7,
    "paused": 6,
    "very_long": 5,
    "unclear": 4,
    "long": 3,
    "some": 2,
    "partly": 1,
    "open": 1,
    "short": 1,
    "free": 0,
    "silent": -1,
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One estimate at the time of the page. ``age`` None: nobody ever said. ``silent``: nobody said lately."""

    estimate: Estimate
    age: timedelta | None
    silent: bool

    @property
    def kind(self) -> str:
        """Kind of claim."""
        return self.estimate.kind

    @property
    def derived(self) -> bool:
        """Whether nobody said it: it was worked out from other figures of the same queue."""
        return self.estimate.derived and self.estimate.value is not None

    @property
    def thin(self) -> bool:
        """Whether it rests on one voice only."""
        return self.estimate.voices == 1


@dataclass(frozen=True, slots=True)
class Lane:
    """Everything known of one direction, side and means, by kind."""

    toward: str | None
    side: str | None
    mode: Mode
    facts: dict[str, Fact] = field(default_factory=dict)

    def fresh(self, kind: str) -> Fact | None:
        """The fact of that kind, if somebody said it lately."""
        fact = self.facts.get(kind)
        return None if fact is None or fact.silent else fact

    @property
    def newest(self) -> Fact | None:
        """The fact heard last, fresh or not."""
        heard = [fact for fact in self.facts.values() if fact.age is not None]
        return min(heard, key=lambda fact: fact.age or timedelta.max, default=None)

    @property
    def silent(self) -> bool:
        """Whether nobody said anything lately about it."""
        return all(fact.silent for fact in self.facts.values())

    @property
    def joined(self) -> bool:
        """Whether something in it was said without naming any means."""
        return self.mode != "any" and any(fact.estimate.mode == "any" for fact in self.facts.values())


@dataclass(frozen=True, slots=True)
class Now:
    """One crossing at one time: its lanes, the leaving direction first, and one word for it all."""

    crossing: Crossing
    at: datetime
    lanes: tuple[Lane, ...]
    others: tuple[Fact, ...]
    status: str

    @property
    def last_heard(self) -> datetime | None:
        """When anybody last spoke of getting across; where nobody ever did, of anything else there."""
        ages = [fact.age for lane in self.lanes for fact in lane.facts.values() if fact.age is not None]
        ages = ages or [fact.age for fact in self.others if fact.age is not None]
        return self.at - min(ages) if ages else None


def make_fact(estimate: Estimate, at: datetime, kinds: Mapping[str, Kind]) -> Fact:
    """An estimate as it stands at ``at``, however long ago it was made."""
    age = None if estimate.newest is None else max(timedelta(), at - estimate.newest)
    return Fact(estimate, age, is_silent(estimate, at, kinds.get(estimate.kind)))


def toward_order(crossing: Crossing) -> list[str | None]:
    """Countries one may cross into: out of the border's first country first, ``None`` (not said) last."""
    return [*reversed(crossing.border.split("-")), None]


def make_lanes(crossing: Crossing, facts: Iterable[Fact]) -> tuple[Lane, ...]:
    """Facts of the lane kinds by direction, side and means, in a fixed order."""
    lanes: dict[tuple[str | None, str | None, Mode], Lane] = {}
    for fact in facts:
        told = fact.estimate
        if told.kind in LANE_KINDS and (told.value is not None or told.newest is not None):
            key = (told.toward, told.side, told.mode)
            lanes.setdefault(key, Lane(*key)).facts[told.kind] = fact
    lanes = {key: Lane(*key, in_order(lane.facts)) for key, lane in lanes.items()}
    order = toward_order(crossing)

    def place(lane: Lane) -> tuple[int, int, str]:
        where = order.index(lane.toward) if lane.toward in order else len(order)
        return where, MODES.index(lane.mode) if lane.mode != "any" else -1, lane.side or ""

    return tuple(sorted(lanes.values(), key=place))


def in_order(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Facts of a lane as they are read: whether one passes, how long, how many, who."""
    return {kind: facts[kind] for kind in LANE_KINDS if kind in facts}


def fold_unsaid(lanes: tuple[Lane, ...]) -> tuple[Lane, ...]:
    """What is said of no means stands with what is said of cars: posts that name none mean the same queue."""
    cars = {(lane.toward, lane.side): lane for lane in lanes if lane.mode == "car"}
    unsaid = {(lane.toward, lane.side): lane for lane in lanes if lane.mode == "any"}
    folded = []
    for lane in lanes:
        key = (lane.toward, lane.side)
        if lane.mode == "any" and key in cars:
            continue
        other = unsaid.get(key) if lane.mode == "car" else None
        folded.append(join_lanes(lane, other) if other else lane)
    return tuple(folded)


def join_lanes(car: Lane, unsaid: Lane) -> Lane:
    """The lane of cars with what was said of no means where it adds something: fresh, said at all, or stopping one."""
    facts = dict(unsaid.facts)
    for kind, fact in car.facts.items():
        other = unsaid.fresh(kind)
        stops = kind == "passage" and other is not None and top_option(other.estimate)[0] in STOPPED
        if other is None or not (fact.silent or stops or (fact.derived and not other.derived)):
            facts[kind] = fact
    return Lane(car.toward, car.side, car.mode, in_order(facts))


def make_now(crossing: Crossing, estimates: Iterable[Estimate], at: datetime, kinds: Mapping[str, Kind]) -> Now:
    """One crossing at ``at`` from its estimates."""
    facts = [make_fact(estimate, at, kinds) for estimate in estimates]
    lanes = fold_unsaid(make_lanes(crossing, facts))
    others = tuple(fact for fact in facts if fact.kind not in LANE_KINDS and fact.age is not None)
    return Now(crossing, at, lanes, others, crossing_status(lanes))


def top_option(estimate: Estimate) -> tuple[str | None, float, float]:
    """The likeliest option of a state, its probability, and its share among the options people speak of.

    ``unknown`` grows with silence: it makes an option less probable, but it contradicts nobody.

    >>> from datetime import UTC
    >>> odds = (("unknown", 0.5), ("closed", 0.4), ("open", 0.1))
    >>> top_option(Estimate(at=datetime.now(UTC), crossing="x", kind="passage", value="closed", odds=odds))
    ('closed', 0.4, 0.8)
    """
    said = [(option, odds) for option, odds in estimate.odds or () if option not in NO_OPTIONS]
    total = sum(odds for _, odds in said)
    if not said or total <= 0:
        return (str(estimate.value), 1.0, 1.0) if estimate.value is not None else (None, 0.0, 0.0)
    option, odds = max(said, key=lambda pair: pair[1])
    return option, odds, odds / total


def wait_status(minutes: float) -> str:
    """One word for a wait."""
    for status, least in (("very_long", 24 * 60), ("long", 6 * 60), ("some", 60)):
        if minutes >= least:
            return status
    return "short"


def waiting_status(lane: Lane) -> str | None:
    """One word for the wait of a lane, else for its queue; None: neither is known.

    What was said goes before what was worked out, and a wait that nobody said never makes a crossing well.
    """
    found = []
    for kind, scale in (("wait", 1.0), ("queue_length", ORDER_MINUTES_PER_KM)):
        fact = lane.fresh(kind)
        if fact and isinstance(fact.estimate.value, int | float):
            found.append((fact.derived, wait_status(fact.estimate.value * scale)))
    said = [status for derived, status in found if not derived]
    return next(iter(said), None) or next((status for _, status in found if status != "short"), None)


def lane_status(lane: Lane) -> str:
    """One word for a lane; ``silent`` when nobody said lately, whatever was said before."""
    passage = lane.fresh("passage")
    option, _, share = top_option(passage.estimate) if passage else (None, 0.0, 0.0)
    if option in ("closed", "paused"):
        return option if share >= SURE else "unclear"
    waiting = waiting_status(lane)
    if waiting:
        return waiting
    if option is None:
        return "silent"
    if share < SURE:
        return "unclear"
    return "free" if option == "free" else "open"


def crossing_status(lanes: Iterable[Lane]) -> str:
    """The worst of the lanes on wheels; ``partly`` where only those on foot or by bicycle are known."""
    known = [(lane.mode in ON_WHEELS, lane_status(lane)) for lane in lanes]
    wheels = [status for wheeled, status in known if wheeled and status != "silent"]
    if wheels:
        return max(wheels, key=lambda status: SEVERITY[status])
    return "partly" if any(status != "silent" for _, status in known) else "silent"


def badness(now: Now) -> tuple[int, float, str]:
    """What crossings are ordered by, worst first when reversed: status, then the far end of the wait."""
    waits = [0.0]
    for lane in now.lanes:
        for kind, scale in (("wait", 1.0), ("queue_length", ORDER_MINUTES_PER_KM)):
            fact = lane.fresh(kind)
            if fact and isinstance(fact.estimate.value, int | float):
                waits.append((fact.estimate.p90 or fact.estimate.value) * scale)
    return SEVERITY[now.status], max(waits), now.crossing.id


def find_conflict(rule_value: str | None, practice: Fact | None) -> bool:
    """Whether what people see speaks against the rule. Silence contradicts nothing."""
    if practice is None or practice.silent or rule_value is None:
        return False
    option, _, share = top_option(practice.estimate)
    passes = {"allowed", "open", "free", "moving"}
    stops = {"refused", "closed"}
    against = (rule_value in stops and option in passes) or (rule_value in passes and option in stops)
    return against and share >= SURE
