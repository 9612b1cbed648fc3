"""A bus within one process, for steps in threads: nothing of it is on a disk, nothing stays when the process ends."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Condition
from uuid import uuid4

from verst.bus import AWAY_SECONDS, STREAMS, Bus, Carrier, Item, Message
from verst.errors import BusFull

MOST = 1_000_000  # messages of one stream
KNOWN_SECONDS = 120.0  # for which an id is known


@dataclass(slots=True)
class _Stream:
    last: int = 0
    kept: dict[int, list[Message]] = field(default_factory=dict)
    known: dict[str, float] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(len(some) for some in self.kept.values())


class MemoryBus:
    """The Bus protocol in the memory of one process."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._era, self._came = most, uuid4().hex, Condition()
        self._streams = {name: _Stream() for name in STREAMS}
        self._here: dict[tuple[str, str], float] = {}

    def put(self, stream: str, items: Sequence[Item]) -> int:
        """Put items in this order; gives how many were new."""
        with self._came:
            told, present = self._streams[stream], time.monotonic()
            while told.known and present - next(iter(told.known.values())) > KNOWN_SECONDS:
                del told.known[next(iter(told.known))]
            before = told.last
            for item in items:
                if item.id in told.known:
                    continue
                if told.count >= self._most:
                    raise BusFull("the bus in memory: no room is left; what reads from it is behind")
                told.last += 1
                told.known[item.id] = present
                told.kept.setdefault(item.part, []).append(Message(item.part, told.last, item.data))
            self._came.notify_all()
            return told.last - before

    def take(self, stream: str, after: Mapping[int, int], most: int, seconds: float) -> list[Message]:
        """Messages of these partitions after the number given for each, in order."""
        with self._came:
            self._came.wait_for(lambda: bool(self._after(stream, after)), seconds)
            return sorted(self._after(stream, after), key=lambda message: message.number)[:most]

    def _after(self, stream: str, after: Mapping[int, int]) -> list[Message]:
        kept = self._streams[stream].kept
        return [each for part, number in after.items() for each in kept.get(part, ()) if each.number > number]

    def drop(self, stream: str, until: Mapping[int, int]) -> None:
        """Messages of these partitions up to these numbers are done with."""
        with self._came:
            kept = self._streams[stream].kept
            for part, number in until.items():
                kept[part] = [each for each in kept.get(part, ()) if each.number > number]

    def waiting(self, stream: str) -> int:
        """How many messages there are that were not dropped."""
        with self._came:
            return self._streams[stream].count

    def era(self, stream: str) -> str:
        """Another word for every bus."""
        return self._era

    def here(self, role: str, name: str) -> list[str]:
        """Say that a worker is here; gives all of that role that are."""
        with self._came:
            self._here[role, name] = time.monotonic()
            lately = time.monotonic() - AWAY_SECONDS
            return sorted(other for (of, other), at in self._here.items() if of == role and at > lately)

    def gone(self, role: str, name: str) -> None:
        """Say that a worker is here no more."""
        with self._came:
            self._here.pop((role, name), None)

    def close(self) -> None:
        """Nothing is held."""


_buses: dict[str, MemoryBus] = {}


def open_memory(url: str) -> Bus:
    """The bus of that name in this process, made when it is asked for first."""
    return _buses.setdefault(url, MemoryBus())


BUS = Carrier(schemes=("memory",), open=open_memory)
