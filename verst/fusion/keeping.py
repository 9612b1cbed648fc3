"""Fusion as bytes: the oldest checkpoint of every crossing and the reports since. Data only, nothing is executed.

A dump is a list of parts: what it is, then each queue and what was said at each crossing. A part that did not change
between two dumps is the same bytes in both, so that who keeps many dumps need not keep it twice.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

import msgspec
import numpy as np

from verst.fusion.grid import CELLS, FACTS, PAST, RATES, QueueState
from verst.fusion.place import Place, PlaceState, Told
from verst.fusion.rows import Row

VERSION = 5
QUICKLY = 1  # how hard parts are packed: twice as small in a millisecond, and hardly smaller with more effort


class KeptQueue(msgspec.Struct, array_like=True):
    """One queue: its figures are noise in their last digits, which nothing makes smaller."""

    key: tuple[str | None, str | None, str]
    p: bytes
    past: bytes
    facts: bytes


class KeptSayings(msgspec.Struct, array_like=True):
    """What was said at one crossing, and by whom."""

    voices: tuple[bytes, bytes, bytes, bytes]
    told: list[tuple[tuple[str, str | None, str | None, str, str], list[Told]]]
    rows: list[Row]


class KeptPlace(msgspec.Struct, array_like=True):
    """One crossing, and how many of the parts that follow are its queues; one more holds its sayings."""

    crossing: str
    until: float
    live_until: float
    queues: int


class Head(msgspec.Struct, array_like=True):
    """The first part of a dump."""

    version: int
    places: list[KeptPlace]


def write_places(places: Mapping[str, Place]) -> bytes:
    """All crossings as MessagePack."""
    head, parts = Head(VERSION, []), list[bytes]()
    for name in sorted(places):
        place = places[name]
        state = _oldest(place)
        head.places.append(KeptPlace(name, state.until, place.live.until, len(state.queues)))
        parts += _parts(state, place.rows)
    return msgspec.msgpack.encode([msgspec.msgpack.encode(head), *parts])


def split(data: bytes) -> list[bytes]:
    """The parts of a dump; `join` makes it whole again. Raises ValueError when these bytes are none."""
    try:
        return msgspec.msgpack.decode(data, type=list[bytes])
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a dump of fusion: {error}") from error


def join(parts: Sequence[bytes]) -> bytes:
    """The dump of which these are the parts."""
    return msgspec.msgpack.encode(list(parts))


def _oldest(place: Place) -> PlaceState:
    return place.checkpoints[0] if place.lateness > 0 else place.live


def _parts(state: PlaceState, rows: list[Row]) -> Iterator[bytes]:
    for key, queue in state.queues.items():
        kept = KeptQueue(key, queue.p.tobytes(), queue.past.tobytes(), queue.facts.tobytes())
        yield msgspec.msgpack.encode(kept)
    who, figures, people, after = (part.tobytes() for part in state.voices.used())
    sayings = KeptSayings((who, figures, people, after), list(state.told.items()), rows)
    yield zlib.compress(msgspec.msgpack.encode(sayings), QUICKLY)


def read_places(data: bytes, make: Callable[[str], Place]) -> dict[str, Place]:
    """Crossings from `write_places`. Raises ValueError when these bytes are none."""
    head, *parts = split(data) or [b""]
    try:
        kept = msgspec.msgpack.decode(head, type=Head)
        if kept.version != VERSION:
            raise ValueError(f"a dump of version {kept.version}, this is {VERSION}: fuse the reports anew")
        places, left = dict[str, Place](), iter(parts)
        for each in kept.places:
            places[each.crossing] = _read(each, list(islice(left, each.queues + 1)), make(each.crossing))
    except (msgspec.MsgspecError, zlib.error, IndexError) as error:
        raise ValueError(f"not a dump of fusion: {error}") from error
    return places


def _read(kept: KeptPlace, parts: list[bytes], place: Place) -> Place:
    sayings = msgspec.msgpack.decode(zlib.decompress(parts.pop()), type=KeptSayings)
    state = PlaceState(until=kept.until)
    voices, (who, figures, people, after) = state.voices, sayings.voices
    voices.who = np.frombuffer(who, np.int64).reshape(-1, 4).copy()
    voices.figures = np.frombuffer(figures, np.float64).reshape(-1, 4).copy()
    voices.people = np.frombuffer(people, np.int64).reshape(-1, 4).copy()
    voices.next = np.frombuffer(after, np.int64).copy()
    for part in parts:
        queue = msgspec.msgpack.decode(part, type=KeptQueue)
        p = np.frombuffer(queue.p).reshape(CELLS, RATES).copy()
        past, facts = np.frombuffer(queue.past).copy(), np.frombuffer(queue.facts).copy()
        if past.shape != (PAST,) or facts.shape != (FACTS,):
            raise ValueError("a dump of another shape: fuse the reports anew")
        state.queues[queue.key] = QueueState(p, past, facts)
    state.told = dict(sayings.told)
    place.checkpoints, place.live = [state], state.copy()
    place.rows = []
    place.take(sayings.rows)
    if kept.live_until > state.until:
        place.run_to(kept.live_until)
    return place
