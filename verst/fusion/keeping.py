"""Fusion as bytes: the oldest checkpoint of every crossing and the reports since. Data only, nothing is executed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
import numpy as np

from verst.fusion.grid import CELLS, FACTS, PAST, RATES, QueueState
from verst.fusion.place import Place, PlaceState, Told
from verst.fusion.rows import Row
from verst.fusion.voices import PEOPLE, RING

VERSION = 4


class KeptQueue(msgspec.Struct, array_like=True):
    """One queue."""

    key: tuple[str | None, str | None, str]
    p: bytes
    past: bytes
    facts: bytes


class KeptPlace(msgspec.Struct, array_like=True):
    """One crossing."""

    crossing: str
    until: float
    live_until: float
    voices: tuple[bytes, bytes, bytes, bytes]
    queues: list[KeptQueue]
    told: list[tuple[tuple[str, str | None, str | None, str, str], list[Told]]]
    rows: list[Row]


class Kept(msgspec.Struct, array_like=True):
    """A whole fusion."""

    version: int
    places: list[KeptPlace]


def write_places(places: Mapping[str, Place]) -> bytes:
    """All crossings as MessagePack."""
    return msgspec.msgpack.encode(Kept(VERSION, [_write(name, places[name]) for name in sorted(places)]))


def _write(name: str, place: Place) -> KeptPlace:
    state = place.checkpoints[0] if place.lateness > 0 else place.live
    queues = [
        KeptQueue(key, queue.p.tobytes(), queue.past.tobytes(), queue.facts.tobytes())
        for key, queue in state.queues.items()
    ]
    who, figures, people, after = (part.tobytes() for part in state.voices.parts())
    parts = (who, figures, people, after)
    return KeptPlace(name, state.until, place.live.until, parts, queues, list(state.told.items()), place.rows)


def read_places(data: bytes, make: Callable[[str], Place]) -> dict[str, Place]:
    """Crossings from `write_places`. Raises ValueError when these bytes are none."""
    try:
        kept = msgspec.msgpack.decode(data, type=Kept)
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a dump of fusion: {error}") from error
    if kept.version != VERSION:
        raise ValueError(f"a dump of version {kept.version}, this is {VERSION}: fuse the reports anew")
    return {each.crossing: _read(each, make(each.crossing)) for each in kept.places}


def _read(kept: KeptPlace, place: Place) -> Place:
    state = PlaceState(until=kept.until)
    voices, (who, figures, people, after) = state.voices, kept.voices
    voices.who = np.frombuffer(who, np.int64).reshape(RING, 4).copy()
    voices.figures = np.frombuffer(figures, np.float64).reshape(RING, 4).copy()
    voices.people = np.frombuffer(people, np.int64).reshape(PEOPLE, 4).copy()
    voices.next = np.frombuffer(after, np.int64).copy()
    for queue in kept.queues:
        p = np.frombuffer(queue.p).reshape(CELLS, RATES).copy()
        past, facts = np.frombuffer(queue.past).copy(), np.frombuffer(queue.facts).copy()
        if past.shape != (PAST,) or facts.shape != (FACTS,):
            raise ValueError("a dump of another shape: fuse the reports anew")
        state.queues[queue.key] = QueueState(p, past, facts)
    state.told = dict(kept.told)
    place.checkpoints, place.live = [state], state.copy()
    place.rows, place._orders = [], []
    place.take(kept.rows)
    if kept.live_until > state.until:
        place.run_to(kept.live_until)
    return place
