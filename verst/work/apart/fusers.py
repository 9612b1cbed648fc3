"""Fusers: each crossing is always in the same partition, so that what is claimed of it meets in one place, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from time import monotonic, sleep

import msgspec

from verst.bus import CLAIMS, PARTS, Bus, Message
from verst.errors import VerstError, name_fault
from verst.model import Kind, Region, Skipped
from verst.store import Batch, Store
from verst.store.desk import acts_of
from verst.work.apart.places import Places, as_json, last_numbers
from verst.work.apart.planning import Order, Planner
from verst.work.apart.readers import share_of
from verst.work.caution import Said
from verst.work.histories import BEGINNING, make_history

MOST = 500  # messages of one step
MOST_REST = 5.0  # seconds between two times of fusing


class Fusers:
    """One fuser; the first of them plans as well."""

    role, parts = "fuse", PARTS

    def __init__(
        self, store: Store, bus: Bus, regions: Sequence[Region], kinds: Mapping[str, Kind],
        clock: Callable[[], datetime], on_skip: Said,
    ) -> None:  # fmt: skip
        self._store, self._regions, self._kinds, self._on_skip = store, regions, kinds, on_skip
        self._planner, self._places = Planner(store, bus, clock), Places(store, bus, CLAIMS)
        self._due = 0.0

    def hold(self, names: list[str], own: str) -> None:
        """Hold this worker's share of all partitions."""
        self._planner.hold(names, own)
        self._places.hold(share_of(names, own, self.parts))

    def forget(self) -> None:
        """Hold nothing."""
        self._planner.forget()
        self._places.forget()

    def step(self, seconds: float) -> int:
        """Plan, then fuse what waits: how many messages. Raises StoreError and BusError.

        No more than half of the time is spent on fusing: what comes meanwhile is fused together.
        """
        planned = self._planner.step(seconds / 2)
        rest = self._due - monotonic()
        if rest > 0:
            sleep(min(rest, seconds / 2))
            return planned + (rest > seconds / 2)
        messages = self._places.take(MOST, 0.0 if planned else seconds / 2)
        begun = monotonic()
        for part in sorted({message.part for message in messages}):
            self._fuse([message for message in messages if message.part == part])
        self._due = monotonic() + min(MOST_REST, monotonic() - begun)
        return planned + len(messages)

    def _fuse(self, messages: Sequence[Message]) -> None:
        """The orders of one partition: each crossing once, and with the last how far they go.

        Whatever is written moves the partition a step on, so that nobody who held it before writes over it.
        """
        part = messages[0].part
        before = self._places.left(part)
        kept = [msgspec.json.decode(before, type=Order)] if before else []
        order = join_orders([*kept, *(msgspec.json.decode(message.data, type=Order) for message in messages)])
        failed: dict[str, datetime | None] = {}
        for number, (crossing, since) in enumerate(order.crossings.items(), 1):
            with self._store.beside():
                batch = self._history(crossing, since, order.end, failed)
                if number < len(order.crossings):
                    self._places.keep(batch, {}, {part: before})
                    continue
                left = as_json(Order(end=order.end, crossings=failed)) if failed else b""
                self._places.keep(batch, last_numbers(messages), {part: left})

    def _history(
        self, crossing: str, since: datetime | None, end: datetime, failed: dict[str, datetime | None]
    ) -> Batch:
        """What fusing a crossing writes; nothing where it fails, which is told and tried again with the next order."""
        acts = [act for act in acts_of(self._store) if act.at <= end]
        try:
            return make_history(self._store, crossing, since, end, self._regions, self._kinds, acts)
        except (VerstError, MemoryError):
            raise
        except Exception as error:
            failed[crossing] = since or BEGINNING
            what = f"cannot be fused ({name_fault(error)}); it shows what was known before, the others go on"
            self._on_skip(Skipped(file=f"crossing {crossing}", what=what))
            return Batch()


def join_orders(orders: Sequence[Order]) -> Order:
    """Several orders as one: each crossing from the earliest on, all until the latest end."""
    crossings: dict[str, datetime | None] = {}
    for order in orders:
        for crossing, since in order.crossings.items():
            known = crossings.get(crossing)
            crossings[crossing] = min(since, known) if since is not None and known is not None else since or known
    return Order(end=max(order.end for order in orders), crossings=dict(sorted(crossings.items())))
