"""The history of one crossing: its reports and the desk's acts, in whatever order they came, end in the same estimates.

Reports are heard in the order of (posted_at, post id). An act is known from its instant on: what was told before it
stays, and from it on the crossing is as if its reports had always been judged so. That is why each act begins a piece
of history for which the reports are heard anew, from a checkpoint before the first that it touches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from verst.desk import JUDGING, Act, in_force
from verst.fusion import Fusion
from verst.fusion.judging import judge
from verst.model import Estimate, Kind, Region, Report
from verst.store import Batch, Store
from verst.work.checkpoints import Checkpoint, read_checkpoints, write_checkpoints
from verst.work.telling import Quantity, is_news, quantity_of, telling_times

HOUR, DAY, MICROSECOND = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
LATENESS = timedelta(hours=6)  # posts that come so late need no going back to the beginning
CHECKPOINTS = 3  # of a crossing, a day apart: an act on a post of the last two days needs no going back further
NEAR = ((HOUR, 2), (LATENESS, 2))  # and so many so far apart: what has just been posted needs going back an hour or two
REMEMBERED = timedelta(days=10)  # for so long fusion tells of what was said
BEGINNING = Checkpoint().at


@dataclass(slots=True)
class Past:
    """One crossing's reports after a checkpoint, and the acts about it: what every piece of its history is made of."""

    crossing: str
    start: Checkpoint
    reports: list[Report]
    acts: list[Act]
    regions: Sequence[Region]
    kinds: Mapping[str, Kind]
    turns: list[datetime] = field(default_factory=list)  # when acts changed what is so, after the checkpoint

    def fusion(self) -> Fusion:
        """The state of the checkpoint. Raises ValueError when another version of the program kept it."""
        fusion = Fusion(self.regions, self.kinds, lateness=0.0)
        if self.start.fusion:
            fusion.load(self.start.fusion)
        return fusion

    def judged(self, at: datetime) -> list[Report]:
        """The reports as they are heard at ``at``."""
        return judge(self.reports, in_force(self.acts, at))


def make_history(
    store: Store,
    crossing: str,
    since: datetime | None,
    end: datetime,
    regions: Sequence[Region],
    kinds: Mapping[str, Kind],
    acts: Sequence[Act] = (),
) -> Batch:
    """What fusing one crossing anew from ``since`` (None: nothing new) to ``end`` writes, to be kept at once.

    ``acts``: all that were ever made, in order.
    """
    kept = read_checkpoints(store.state(name_of(crossing)))
    past = find_past(store, crossing, since, end, regions, kinds, acts, kept)
    first = choose_turn(past.turns, since)
    run = _Run(past, first, store)
    times = find_times(past, end)
    notes = set(checkpoint_times(end))
    edges = [first or past.start.at, *(turn for turn in past.turns if first is None or turn > first)]
    for edge, until in pairs(edges, end):
        run.begin(edge)
        begun = edge - MICROSECOND if edge in past.turns else edge
        for at in sorted(at for at in times | notes if begun < at < until):
            run.hear(at)
            if at in times:
                run.tell(at)
            if at in notes:
                run.note(at)
    begun = first - MICROSECOND if first is not None else past.start.at
    old = [each for each in kept if each.at <= begun and each.at in notes]
    states = []
    if run.notes or len(old) < len(kept):
        states = [(name_of(crossing), write_checkpoints([*old, *run.notes]))]
    return Batch(cleared=[(crossing, begun)], estimates=run.kept, states=states)


def find_past(
    store: Store, crossing: str, since: datetime | None, end: datetime, regions: Sequence[Region],
    kinds: Mapping[str, Kind], acts: Sequence[Act], kept: Sequence[Checkpoint],
) -> Past:  # fmt: skip
    """What came after the last checkpoint that is still true of ``since``, whoever wrote it."""
    mine = choose_acts(acts, crossing)
    start = choose_checkpoint([each for each in kept if each.at <= end], since, mine)
    past = Past(crossing, start, [], mine, regions, kinds)
    try:
        past.fusion()
    except ValueError:  # kept by another version of the program: from the beginning
        past = replace(past, start=Checkpoint())
    at = past.start.at
    past.reports = [r for r in store.reports(crossing=crossing, since=at) if at < r.posted_at <= end]
    past.turns = sorted({act.at for act in mine if at < act.at <= end})
    return past


def choose_acts(acts: Sequence[Act], crossing: str) -> list[Act]:
    """The acts that change what is heard of a crossing, and those that take one of them back, in order."""
    found: dict[int, Act] = {}
    for act in acts:
        judges = act.verb in JUDGING or (act.verb == "undo" and act.undoes in found)
        if judges and act.crossing in (None, crossing):
            found[act.n] = act
    return list(found.values())


def name_of(crossing: str) -> str:
    """The name under which a crossing's checkpoints are kept."""
    return f"fusion:{crossing}"


def choose_checkpoint(kept: Sequence[Checkpoint], since: datetime | None, acts: Sequence[Act]) -> Checkpoint:
    """The last checkpoint before everything that came in, and before everything touched by an act made after it."""
    for found in reversed(kept):
        later = [act.since for act in acts if act.at > found.at]
        if all(at > found.at for at in ([since] if since is not None else []) + later):
            return found
    return Checkpoint()


def choose_turn(turns: Sequence[datetime], since: datetime | None) -> datetime | None:
    """The act with which to begin telling anew: the last at or before ``since``; None: from the checkpoint on."""
    return next((turn for turn in reversed(turns) if since is None or turn <= since), None)


def find_times(past: Past, end: datetime) -> set[datetime]:
    """When to tell: as `telling_times` says, which every act breaks off, and when each act was made."""
    posted = [report.posted_at for report in past.reports]
    posted = [past.start.heard, *posted] if past.start.heard else posted
    times = set(past.turns)
    for until in (*past.turns, end):
        times.update(telling_times([at for at in posted if at <= until], until))
    return times


def checkpoint_times(end: datetime) -> list[datetime]:
    """When checkpoints are made: the last midnights that no late post is expected for any more, and near the end."""
    found = {last_of(DAY, end - LATENESS) - n * DAY for n in range(CHECKPOINTS)}
    found |= {last_of(step, end) - n * step for step, count in NEAR for n in range(count)}
    return sorted(found)


def last_of(step: timedelta, end: datetime) -> datetime:
    """The last point at or before ``end`` of a grid since 1970."""
    return BEGINNING + (end - BEGINNING) // step * step


def pairs(edges: Sequence[datetime], end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Each edge with the next; the last piece takes in ``end``."""
    yield from zip(edges, [*edges[1:], end + MICROSECOND], strict=True)


class _Run:
    """One crossing on its way through time, piece after piece."""

    def __init__(self, past: Past, first: datetime | None, store: Store) -> None:
        self.past, self.fusion, self.waiting = past, past.fusion(), list[Report]()
        self.done = 0  # of those that wait
        told = store.estimates_at(first - MICROSECOND, past.crossing) if first is not None else past.start.told
        self.told: dict[Quantity, Estimate] = {quantity_of(each): each for each in told}
        self.heard, self.turned = past.start.heard, False
        self.kept, self.notes = list[Estimate](), list[Checkpoint]()

    def begin(self, edge: datetime) -> None:
        """A piece of history: everything is heard anew as it is judged from ``edge`` on."""
        self.fusion, self.waiting, self.done = self.past.fusion(), self.past.judged(edge), 0
        self.heard, self.turned = self.past.start.heard, edge in self.past.turns

    def hear(self, at: datetime) -> None:
        """The reports until ``at``."""
        start = self.done
        while self.done < len(self.waiting) and self.waiting[self.done].posted_at <= at:
            self.heard = self.waiting[self.done].posted_at
            self.done += 1
        self.fusion.take(self.waiting[start : self.done])

    def tell(self, at: datetime) -> None:
        """The estimates at ``at``; after an act, also of what nothing is left to say of."""
        found = {quantity_of(each): each for each in self.fusion.estimates(at)}
        if self.turned:
            lately = {key for key, told in self.told.items() if told.newest and at - told.newest < REMEMBERED}
            found |= {key: unsaid(self.told[key], at) for key in sorted(lately - found.keys(), key=repr)}
            self.turned = False
        for quantity, estimate in found.items():
            if is_news(self.told.get(quantity), estimate):
                self.told[quantity] = estimate
                self.kept.append(estimate)

    def note(self, at: datetime) -> None:
        """Everything heard so far, to go on from. Nothing is run for it, so that it leaves no trace in the figures."""
        self.notes.append(Checkpoint(at, self.fusion.dump(), list(self.told.values()), self.heard))


def unsaid(told: Estimate, at: datetime) -> Estimate:
    """That nothing is known any more of a quantity that was told of before."""
    return replace(
        told, at=at, value=None, p10=None, p90=None, odds=None, voices=0, newest=None, oldest=None, disputed=False,
        evidence=(), derived=False,
    )  # fmt: skip
