"""Where a worker stands in each partition it holds: in the store, moved in the transaction of what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

import msgspec

from verst.bus import Bus, Item, Message
from verst.store import Batch, Store

DROP_SECONDS = 2.0  # what is done with goes from the bus so often

Telling = Callable[[int, int, bytes], tuple[str, list[Item]]]  # partition, step, what is told: into which stream, what


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """How far one partition was worked: the stream's era, the last message's number, and how many steps were made."""

    era: str = ""
    number: int = 0
    step: int = 0


@dataclass(frozen=True, slots=True)
class _Held:
    place: Place
    position: str | None  # the cursor as the store has it


class Places:
    """The partitions of one stream that a worker holds. ``telling`` makes of what a step told the items to put."""

    def __init__(self, store: Store, bus: Bus, stream: str, telling: Telling | None = None) -> None:
        self._store, self._bus, self.stream, self._telling = store, bus, stream, telling
        self._held: dict[int, _Held] = {}
        self._gone, self._dropped = dict[int, int](), monotonic()

    def hold(self, parts: Iterable[int]) -> None:
        """Hold these partitions alone. What was told of new ones is put once more. Raises StoreError and BusError."""
        wanted = set(parts)
        for part in self._held.keys() - wanted:
            del self._held[part]
        new = wanted - self._held.keys()
        era = self._bus.era(self.stream) if new else ""
        for part in sorted(new):
            position = self._store.cursor(name_of(self.stream, part))
            place = msgspec.json.decode(position, type=Place) if position else Place()
            if place.step:
                self._tell(part, place.step, self._store.state(name_of(self.stream, part)) or b"")
            number = place.number if place.era == era else 0
            self._held[part] = _Held(Place(era=era, number=number, step=place.step), position)

    def forget(self) -> None:
        """Hold nothing: what the store has may be otherwise than was thought."""
        self._held.clear()

    def take(self, most: int, seconds: float) -> list[Message]:
        """The next messages of what is held; what was kept before is done with on the bus. Raises BusError."""
        self._drop()
        after = {part: held.place.number for part, held in self._held.items()}
        return self._bus.take(self.stream, after, most, seconds)

    def keep(self, batch: Batch, numbers: Mapping[int, int], told: Mapping[int, bytes]) -> None:
        """Write what came of messages up to these ``numbers``, and what is ``told`` of it by partition; then tell it.

        Raises StoreMoved where another has gone on from there, other StoreErrors, and BusError.
        """
        parts = sorted({*numbers, *told})
        moved = {part: self._moved(part, numbers.get(part)) for part in parts}
        cursors = [(name_of(self.stream, part), held.position or "") for part, held in moved.items()]
        states = [(name_of(self.stream, part), told.get(part, b"")) for part in parts]
        expects = [(name_of(self.stream, part), self._held[part].position) for part in parts]
        cursors, states = [*batch.cursors, *cursors], [*batch.states, *states]
        self._store.keep(replace(batch, cursors=cursors, states=states, expects=expects))
        self._held |= moved
        for part in parts:
            self._tell(part, moved[part].place.step, told.get(part, b""))

    def left(self, part: int) -> bytes:
        """What the last step told of a partition."""
        return self._store.state(name_of(self.stream, part)) or b""

    def _moved(self, part: int, number: int | None) -> _Held:
        place = self._held[part].place
        number = place.number if number is None else number
        place = Place(era=place.era, number=number, step=place.step + 1)
        return _Held(place, msgspec.json.encode(place).decode())

    def _tell(self, part: int, step: int, told: bytes) -> None:
        if told and self._telling is not None:
            stream, items = self._telling(part, step, told)
            self._bus.put(stream, items)

    def _drop(self) -> None:
        if monotonic() - self._dropped < DROP_SECONDS:
            return
        done = {part: held.place.number for part, held in self._held.items()}
        fresh = {part: number for part, number in done.items() if number > self._gone.get(part, 0)}
        if fresh:
            self._bus.drop(self.stream, fresh)
        self._gone, self._dropped = done, monotonic()


def name_of(stream: str, part: int) -> str:
    """The name of a partition's cursor and of what was told of it."""
    return f"bus:{stream}.{part}"


def last_numbers(messages: Iterable[Message]) -> dict[int, int]:
    """How far messages go, by partition."""
    return {message.part: message.number for message in messages}


def as_json(told: Any) -> bytes:
    """What is told, in the same letters whenever the same is told."""
    return msgspec.json.encode(told, order="sorted")
