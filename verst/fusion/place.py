"""One crossing: its voices, its queues, what was told lately, and checkpoints to go back to when a report is late."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np

from verst.fusion.grid import SPACING, QueueState, new_queue
from verst.fusion.rows import NOT_NEAR, OFFICIAL, OPTIONS, OTHER, PASSAGE, REFUSED, WITNESS, Row, number
from verst.fusion.voices import Voices
from verst.model import Crossing

Key = tuple[str | None, str | None, str]  # toward, side, mode
Quantity = tuple[str, str | None, str | None, str, str]  # kind, toward, side, mode, label

# A post may have a dozen booths, but the queue stands on the road before it, in little more than one row: at Lars in
# September 2022 counts and kilometres of the same day make 1.0 to 1.6. How it really is, each queue learns.
ROAD_LANES = 1.3
CHECKPOINT_EVERY = 180.0  # minutes
KEEP = 24  # reports remembered per quantity, for evidence and for kinds without a state of their own
REMEMBER = 10 * 1440.0  # minutes after which a report is of no further use


class Told(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A report after weighing, as estimates and their evidence need it."""

    row: Row
    weight: float
    note: int


@dataclass(slots=True)
class PlaceState:
    """Everything that reports change; copied whole for a checkpoint. ``until``: minute up to which it has heard all."""

    until: float = -1e18
    voices: Voices = field(default_factory=Voices)
    queues: dict[Key, QueueState] = field(default_factory=dict)
    told: dict[Quantity, list[Told]] = field(default_factory=dict)

    def copy(self) -> PlaceState:
        """A checkpoint: shares nothing that changes."""
        return PlaceState(
            self.until,
            self.voices.copy(),
            {key: queue.copy() for key, queue in self.queues.items()},
            {key: list(told) for key, told in self.told.items()},
        )


posted, in_order = attrgetter("t"), attrgetter("order")


def place_in(rows: Sequence[Row], row: Row) -> tuple[int, bool]:
    """Where a report belongs among others in order, and whether it is there already."""
    if not rows or row.t > rows[-1].t:
        return len(rows), False
    first, last = bisect_left(rows, row.t, key=posted), bisect_right(rows, row.t, key=posted)
    order = row.order
    at = bisect_right(rows, order, first, last, key=in_order)
    return at, at > first and rows[at - 1].order == order


class Place:
    """Reports in, state out. Within the lateness window the state does not depend on the order of arrival."""

    def __init__(self, crossing: Crossing | None, lateness: float) -> None:
        self.crossing, self.lateness = crossing, lateness
        self.live = PlaceState()
        self.checkpoints: list[PlaceState] = [PlaceState()]
        self.rows: list[Row] = []  # all reports after the oldest checkpoint, in order

    def take(self, rows: Iterable[Row]) -> None:
        """Remember reports; known ones change nothing, late ones send the state back to a checkpoint."""
        earliest = math.inf
        for row in rows:
            if row.t <= self.checkpoints[0].until:  # too late for its hour: heard now, as said then
                late = self.checkpoints[0].until + 1e-6
                row = msgspec.structs.replace(row, t=late, age=row.age + late - row.t)
            at, known = place_in(self.rows, row)
            if known:
                continue
            self.rows.insert(at, row)
            earliest = min(earliest, row.t)
        if earliest <= self.live.until:
            self._go_back(earliest)

    def _go_back(self, t: float) -> None:
        while len(self.checkpoints) > 1 and self.checkpoints[-1].until >= t:
            self.checkpoints.pop()
        self.live = self.checkpoints[-1].copy()

    def run_to(self, t: float) -> PlaceState:
        """The state that has heard every report posted by minute ``t``.

        Raises ValueError when ``t`` lies before the oldest checkpoint.
        """
        if t < self.live.until:
            if t < self.checkpoints[0].until:
                raise ValueError("that time lies further back than the lateness window")
            self._go_back(t + 1e-9)
        first = bisect_right(self.rows, self.live.until, key=posted)
        last = bisect_right(self.rows, t, key=posted)
        todo = self.rows[first:last]
        start = 0
        while start < len(todo):  # cut where checkpoints fall, so that they fall at the same places every time
            edge = (math.floor(todo[start].t / CHECKPOINT_EVERY) + 1) * CHECKPOINT_EVERY
            end = start
            while end < len(todo) and todo[end].t < edge:
                end += 1
            hear(self.live, todo[start:end], self.crossing)
            self.live.until = min(t, edge - 1e-6)
            if self.live.until < t and self.lateness > 0:
                self.checkpoints.append(self.live.copy())
            start = end
        self.live.until = t
        self._forget(t - self.lateness)
        return self.live

    def _forget(self, horizon: float) -> None:
        if self.lateness <= 0:
            self.rows = []
            self.checkpoints[0].until = self.live.until
            return
        while len(self.checkpoints) > 1 and self.checkpoints[1].until <= horizon:
            self.checkpoints.pop(0)
        del self.rows[: bisect_right(self.rows, self.checkpoints[0].until, key=posted)]


def ratio_of(crossing: Crossing | None, mode: str) -> float:
    """Vehicles (or people) in one kilometre of queue."""
    metres = crossing.metres_per_vehicle if crossing else 8.0
    lanes = min(ROAD_LANES, crossing.lanes) if crossing else 1.0
    return 1000.0 * lanes / SPACING.get(mode, metres)


def routes(row: Row, state: PlaceState) -> list[tuple[Key, float]]:
    """Which queues a report speaks of, and how surely. Its own first; then those it says something about.

    "Queue" without a means is the car queue where cars queue (0.8), and tells other means only whether anything
    passes (0.6); a queue on the side one leaves is the queue one means when no side is named (0.7); what is
    closed without a direction is closed in each (0.7).
    """
    own: Key = (row.toward, row.side, row.mode)
    out = [(own, 1.0)]
    for key in state.queues:
        toward, side, mode = key
        if key == own:
            continue
        share = _mode_share(row, mode)
        if side != row.side:
            share *= 0.7 if side is None and row.side != row.toward else 0.0
        if toward != row.toward:
            share *= 0.7 if row.toward is None and row.code == PASSAGE else 0.0
        if share > 0:
            out.append((key, share))
    return out


def _mode_share(row: Row, mode: str) -> float:
    if mode == row.mode:
        return 1.0
    if {mode, row.mode} == {"any", "car"}:
        return 0.8
    return 0.6 if row.mode == "any" and row.code == PASSAGE else 0.0


def weigh_rows(state: PlaceState, rows: Sequence[Row]) -> tuple[Any, Any]:
    """Weights (0..1) and notes (index into `verst.fusion.voices.NOTES`) of reports in order."""
    from verst.fusion.kernels import weigh

    ids, claims = list[tuple[int, ...]](), list[tuple[float, ...]]()
    for row in rows:
        discrete = row.code == PASSAGE or isinstance(row.value, str) or row.value is None
        slot = slot_of(row.kind, row.toward, row.side, row.mode, row.label)
        ids.append((slot, row.root, row.author, row.community, discrete, row.denies))
        x = float(_option(row)) if discrete else math.log1p(abs(0.5 * (row.low + row.high)))
        claims.append((row.t, x, row.tier, row.weight))
    weights, notes = np.zeros(len(rows)), np.zeros(len(rows), np.int64)
    voices = state.voices
    voices.make_room(len(rows))
    told = np.array(ids, np.int64).reshape(-1, 6), np.array(claims, np.float64).reshape(-1, 4)
    weigh(voices.who, voices.figures, voices.people, voices.next, *told, weights, notes)
    return weights, notes


@lru_cache(maxsize=65536)
def slot_of(*quantity: str | None) -> int:
    """A number for a quantity, the same after a dump as before."""
    return number("|".join(map(str, quantity)))


def _option(row: Row) -> int:
    if row.code == PASSAGE:
        return 1 if OPTIONS[int(row.low)] in ("closed", "paused") else 0  # closed and paused speak for each other
    return {"allowed": 1, "refused": 2, "available": 1, "missing": 2}.get(str(row.value), 0)


def hear(state: PlaceState, rows: Sequence[Row], crossing: Crossing | None) -> None:
    """Weigh reports and tell them to the queues they speak of."""
    weights, notes = weigh_rows(state, rows)
    waiting: dict[Key, list[tuple[float, ...]]] = {}
    ways: dict[tuple[Key, bool], list[tuple[Key, float]]] = {}
    for row, weight, note in zip(rows, weights.tolist(), notes.tolist(), strict=True):
        remember(state, row, weight, note)
        if row.code == OTHER or row.judged in REFUSED:
            continue
        own: Key = (row.toward, row.side, row.mode)
        if own not in state.queues:
            _run_queues(state, waiting, crossing)
            waiting, ways = {}, {}
            state.queues[own] = _begin(state, own, row.t)
        way = own, row.code == PASSAGE
        if way not in ways:
            ways[way] = routes(row, state)
        standing = 1.0 if row.tier == OFFICIAL else (0.0 if row.tier == WITNESS else -1.0)
        for key, share in ways[way]:
            told = (row.t, row.code, row.low, row.high, row.bound, row.age, weight * share, standing)
            waiting.setdefault(key, []).append(told)
    _run_queues(state, waiting, crossing)


def _begin(state: PlaceState, key: Key, t: float) -> QueueState:
    """A new queue starts as its twin of cars or of no named means, else with nothing known."""
    twin = {"car": "any", "any": "car"}.get(key[2])
    known = state.queues.get((key[0], key[1], twin)) if twin else None
    return known.copy() if known else new_queue(key[2], t)


def _run_queues(state: PlaceState, waiting: dict[Key, list[tuple[float, ...]]], crossing: Crossing | None) -> None:
    from verst.fusion.running import run
    from verst.fusion.stepping import CARRY

    for key, told in waiting.items():
        table = np.array(told, np.float64)
        queue = state.queues[key]
        times, claims, ratio = table[:, 0].copy(), table[:, 1:].copy(), ratio_of(crossing, key[2])
        queue.p = run(queue.p, queue.past, queue.facts, times, claims, ratio, CARRY)


def remember(state: PlaceState, row: Row, weight: float, note: int) -> None:
    """Keep a report for evidence; the oldest makes room, and among discounted copies only the newest few stay."""
    quantity = row.kind, row.toward, row.side, row.mode, row.label
    told = state.told.get(quantity)
    if told is None:
        told = state.told[quantity] = []
    told.append(Told(row, weight, note))
    if len(told) >= 2 * KEEP:
        told[:] = thinned(told)


def thinned(told: Sequence[Told]) -> list[Told]:
    """The KEEP to remember, in order: what counted nothing goes first, then the oldest; each camp keeps four."""
    spare, gone, camps = len(told) - KEEP, set[int](), [camp(each.row) for each in told]
    for n in [n for n, each in enumerate(told[:-8]) if each.weight < 0.02][:spare]:
        gone.add(n)
    left = Counter(name for n, name in enumerate(camps) if n not in gone)
    for n, name in enumerate(camps):
        if len(gone) < spare and n not in gone and left[name] > 4:
            left[name] -= 1
            gone.add(n)
    return [each for n, each in enumerate(told) if n not in gone][-KEEP:]


def camp(row: Row) -> float | str | None:
    """Reports with the same camp say about the same."""
    if row.code == PASSAGE or isinstance(row.value, str) or row.value is None:
        return row.value
    return math.log1p(abs(row.low + row.high)) // 0.7


__all__ = ["KEEP", "NOT_NEAR", "REMEMBER", "Key", "Place", "PlaceState", "Quantity", "Told", "ratio_of"]
