"""States of one crossing, put by to go on from, as bytes of the store.

Seven of them stand hours or days apart and hold much the same: every part is kept once, however many hold it.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from verst.fusion.keeping import QUICKLY, join, split
from verst.model import Estimate


class Checkpoint(msgspec.Struct, array_like=True):
    """The state of one crossing that has heard every report until ``at``, and what was last told of it."""

    at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    fusion: bytes = b""
    told: list[Estimate] = []
    heard: datetime | None = None  # the last report it has heard


class Slot(msgspec.Struct, array_like=True):
    """A checkpoint whose parts lie in the pool: those of the state, and what was told."""

    at: datetime
    fusion: list[int]
    told: int
    heard: datetime | None


class Kept(msgspec.Struct, array_like=True):
    """All checkpoints of a crossing."""

    pool: list[bytes]
    slots: list[Slot]


def write_checkpoints(checkpoints: Sequence[Checkpoint]) -> bytes:
    """The checkpoints as bytes; nothing for none."""
    places: dict[bytes, int] = {}

    def put(part: bytes) -> int:
        return places.setdefault(part, len(places))

    slots = []
    for each in checkpoints:
        parts = [put(part) for part in split(each.fusion)] if each.fusion else []
        told = put(zlib.compress(msgspec.msgpack.encode(each.told), QUICKLY))
        slots.append(Slot(each.at, parts, told, each.heard))
    return msgspec.msgpack.encode(Kept(list(places), slots)) if slots else b""


def read_checkpoints(state: bytes | None) -> list[Checkpoint]:
    """The kept checkpoints in the order of time; none where another version of the program kept them."""
    try:
        kept = msgspec.msgpack.decode(state, type=Kept) if state else Kept([], [])
        return [_read(slot, kept.pool) for slot in kept.slots]
    except (msgspec.MsgspecError, zlib.error, IndexError):
        return []


def _read(slot: Slot, pool: Sequence[bytes]) -> Checkpoint:
    fusion = join([pool[part] for part in slot.fusion]) if slot.fusion else b""
    told = msgspec.msgpack.decode(zlib.decompress(pool[slot.told]), type=list[Estimate])
    return Checkpoint(slot.at, fusion, told, slot.heard)
