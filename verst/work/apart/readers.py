"""Readers: posts from the bus into the store, with what they claim; and word of which crossings were spoken of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from verst.bus import PARTS, POSTS, TOLD, Bus, Item
from verst.model import Post, Skipped
from verst.store import Store
from verst.work.apart.places import Places, as_json, last_numbers
from verst.work.caution import CarefulReader, ReadsPosts, Said
from verst.work.intake import find_touched, read_batch

MOST = 500  # posts of one step
_post = msgspec.msgpack.Decoder(Post).decode


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What readers and listeners tell the planner: crossings spoken of, since when; posts shed, until when."""

    touched: dict[str, datetime] = {}
    shed: int = 0
    at: datetime | None = None


class Readers:
    """One reader: the partitions it holds are those of whole chats, so that what answers what meets in one place."""

    role, parts = "read", PARTS

    def __init__(self, store: Store, bus: Bus, reader: ReadsPosts, on_skip: Said) -> None:
        self._store, self._reader, self._on_skip = store, CarefulReader(reader, on_skip), on_skip
        self._places = Places(store, bus, POSTS, tell_planner)

    def hold(self, names: list[str], own: str) -> None:
        """Hold this worker's share of all partitions."""
        self._places.hold(share_of(names, own, self.parts))

    def forget(self) -> None:
        """Hold nothing."""
        self._places.forget()

    def step(self, seconds: float) -> int:
        """Read what waits, up to some hundred posts: how many. Raises StoreError and BusError."""
        messages = self._places.take(MOST, seconds)
        if not messages:
            return 0
        posts = list(self._unpack(message.data for message in messages))
        with self._store.beside():
            batch = read_batch(posts, self._store, self._reader)
            touched = find_touched(batch, self._store, {})
            told = {messages[0].part: as_json(Told(touched=touched))} if touched else {}
            self._places.keep(batch, last_numbers(messages), told)
        return len(messages)

    def _unpack(self, packed: Iterable[bytes]) -> Iterable[Post]:
        for data in packed:
            try:
                yield _post(data)
            except msgspec.MsgspecError:
                what = (
                    "something on the bus is no post; it was put there by another program or version, and is left out"
                )
                self._on_skip(Skipped(file="the bus", what=what))


def tell_planner(part: int, step: int, told: bytes) -> tuple[str, list[Item]]:
    """What a step told of a partition, for the planner."""
    return TOLD, [Item(0, f"read.{part}.{step}", told)]


def share_of(names: list[str], own: str, parts: int) -> list[int]:
    """The partitions of one of several workers: together they hold all, each about as many.

    >>> share_of(["a", "b"], "b", 5)
    [1, 3]
    """
    return [part for part in range(parts) if names[part % len(names)] == own] if own in names else []
