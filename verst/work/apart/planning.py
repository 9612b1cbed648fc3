"""The planner: of all that was reported it finds the copies, and says which crossings are to be fused, until when.

Copies are found among the reports of all crossings, in the order of time; so one plans, and any number fuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic

import msgspec

from verst.bus import CLAIMS, TOLD, Bus, Item, part_of
from verst.store import Batch, Store
from verst.store.desk import acts_of
from verst.work.apart.places import Places, as_json, last_numbers
from verst.work.apart.readers import Told
from verst.work.apart.shedding import SHED, add_shed, recall_shed
from verst.work.copying import Copies
from verst.work.forgetting import expire
from verst.work.intake import UNSETTLED, unsettled
from verst.work.settling import CROSSINGS, SETTLED, acts_known, known_crossings, slot_of, with_acts
from verst.work.watching import live_until

MOST = 2_000  # messages of one step
EXPIRE_SECONDS = 600.0


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What fusers are told: crossings to fuse until ``end``, each anew from an instant on, or (None) only on."""

    end: datetime
    crossings: dict[str, datetime | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be fused, and what the store is to know of it; whether a quarter of an hour has gone by."""

    order: Order
    batch: Batch
    moved_on: bool = False


class Planner:
    """Plans while this worker is the first of the fusers; the others stand by."""

    def __init__(self, store: Store, bus: Bus, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._places = Places(store, bus, TOLD, tell_fusers)
        self._copies = Copies()
        self._plans, self._expired = False, monotonic()

    def hold(self, names: list[str], own: str) -> None:
        """Plan if this worker is the first."""
        self._plans = bool(names) and names[0] == own
        self._places.hold([0] if self._plans else [])

    def forget(self) -> None:
        """Hold nothing."""
        self._places.forget()
        self._plans, self._copies = False, Copies()

    def step(self, seconds: float) -> int:
        """Plan what waits: how many messages. Raises StoreError and BusError."""
        if not self._plans:
            return 0
        messages = self._places.take(MOST, seconds)
        told = [msgspec.json.decode(message.data, type=Told) for message in messages]
        with self._store.beside():
            plan = make_plan(self._store, touched_by(told), self._clock(), self._copies, idle=not messages)
            if plan.moved_on:
                self._copies = Copies()
            batch = replace(plan.batch, states=[*plan.batch.states, *shed_by(self._store, told)])
            if messages or plan.order.crossings:
                order = as_json(plan.order) if plan.order.crossings else b""
                self._places.keep(batch, last_numbers(messages), {0: order})
            self._expire()
        return len(messages)

    def _expire(self) -> None:
        """Forget words that are kept no longer, now and then, where the board is live."""
        if monotonic() - self._expired > EXPIRE_SECONDS:
            self._expired, until = monotonic(), live_until(self._store, self._clock())
            if until is not None:
                expire(self._store, until)


def touched_by(told: Iterable[Told]) -> dict[str, datetime]:
    """Crossings spoken of, each since the earliest."""
    touched: dict[str, datetime] = {}
    for each in told:
        for crossing, at in each.touched.items():
            touched[crossing] = min(at, touched.get(crossing, at))
    return touched


def shed_by(store: Store, told: Sequence[Told]) -> list[tuple[str, bytes]]:
    """The state that says what was left out, where some was."""
    if not any(each.shed for each in told):
        return []
    return [(SHED, as_json(add_shed(recall_shed(store), told)))]


def make_plan(store: Store, touched: Mapping[str, datetime], now: datetime, copies: Copies, *, idle: bool) -> Plan:
    """What is to be fused after these crossings were spoken of: as `verst.work.settling.settle` would.

    When a quarter of an hour has gone by, every crossing is fused on, for doubt grows in silence; while an archive
    comes in, whose hours go by in seconds, only once nothing more waits (``idle``).
    """
    span = store.span()
    if span is None:
        return Plan(Order(end=now, crossings={}), Batch())
    live = live_until(store, now)
    end = max(span[1], live) if live is not None else span[1]
    noted = unsettled(store)
    merged = {name: min(each[name] for each in (touched, noted) if name in each) for name in {*touched, *noted}}
    out, roots = copies.find(store, merged)
    acts = [act for act in acts_of(store) if act.at <= end]
    todo: dict[str, datetime | None] = {**with_acts(store, out, acts)}
    known = known_crossings(store)
    every = sorted({*known, *todo})
    moved_on = (idle or live is not None) and store.state(SETTLED) != slot_of(end)
    states = [acts_known(acts)]
    states += [(UNSETTLED, b"")] if noted else []
    states += [(CROSSINGS, as_json(every))] if every != known else []
    if moved_on:
        todo = dict.fromkeys(every) | todo
        states.append((SETTLED, slot_of(end)))
    return Plan(Order(end=end, crossings=todo), Batch(roots=list(roots.items()), states=states), moved_on)


def tell_fusers(part: int, step: int, told: bytes) -> tuple[str, list[Item]]:
    """An order in parts, each for the partition of its crossings."""
    order = msgspec.json.decode(told, type=Order)
    shares: dict[int, dict[str, datetime | None]] = {}
    for crossing, since in order.crossings.items():
        shares.setdefault(part_of(crossing), {})[crossing] = since
    items = [
        Item(number, f"plan.{part}.{step}.{number}", as_json(Order(end=order.end, crossings=share)))
        for number, share in sorted(shares.items())
    ]
    return CLAIMS, items
