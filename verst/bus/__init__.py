"""Between steps, at scale: what one process tells another, kept in order until it is done with.

A stream has `PARTS` partitions, each in an order of its own by number. Nothing is remembered here of who read how far:
that stands in the store, in the transaction that holds what came of it. What is put twice under one id is there once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast
from zlib import crc32

from verst.errors import BadSetting
from verst.shelves import code_shelf

PARTS = 32  # of each stream: so many processes may share it
POSTS, TOLD, CLAIMS = "posts", "told", "claims"
STREAMS = (POSTS, TOLD, CLAIMS)
AWAY_SECONDS = 6.0  # who has not said so long that it is here is gone


@dataclass(frozen=True, slots=True)
class Item:
    """Something to put: into which partition, under which id, and what."""

    part: int
    id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """Something taken: from which partition, its number (growing, with gaps, from 1), and what was put."""

    part: int
    number: int
    data: bytes


class Bus(Protocol):
    """Streams between processes. Safe to use from threads, but each stream is taken by one of them alone."""

    def put(self, stream: str, items: Sequence[Item]) -> int:
        """Put items in this order; gives how many were new. On the bus's disk, where it has one, when this returns.

        An id put some minutes ago changes nothing. Raises BusFull and BusError; some of the items may be there then.
        """

    def take(self, stream: str, after: Mapping[int, int], most: int, seconds: float) -> list[Message]:
        """Messages of these partitions after the number given for each, in order, about ``most`` of them.

        Waits up to ``seconds`` for the first. The same are given again to whoever asks again. Raises BusError.
        """

    def drop(self, stream: str, until: Mapping[int, int]) -> None:
        """Messages of these partitions up to these numbers are done with. Raises BusError."""

    def waiting(self, stream: str) -> int:
        """How many messages there are that were not dropped. Raises BusError."""

    def era(self, stream: str) -> str:
        """Another word when a stream was made anew, and its numbers begin anew. Raises BusError."""

    def here(self, role: str, name: str) -> list[str]:
        """Say that a worker is here, for some seconds; gives all of that role that are, sorted. Raises BusError."""

    def gone(self, role: str, name: str) -> None:
        """Say that a worker is here no more. Raises BusError."""

    def close(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """What a module of this shelf offers as ``BUS``: the schemes of its addresses, and how one is opened."""

    schemes: tuple[str, ...]
    open: Callable[[str], Bus]


def part_of(name: str) -> int:
    """The partition that a chat or a crossing belongs to, the same in every process.

    >>> part_of("verkhny-lars") == part_of("verkhny-lars") < PARTS
    True
    """
    return crc32(name.encode()) % PARTS


def open_bus(url: str) -> Bus:
    """Open the bus at an address such as ``nats://127.0.0.1:4222``. Raises BadSetting and BusError, without it."""
    carriers = cast(dict[str, Carrier], code_shelf(sys.modules[__name__], "BUS")).values()
    known = {scheme: carrier for carrier in carriers for scheme in carrier.schemes}
    scheme, colon, _ = url.partition("://")
    if not colon or scheme not in known:
        shown = ", ".join(f"{name}://…" for name in known)
        raise BadSetting(f"no bus has an address like that; write one of {shown}")
    return known[scheme].open(url)
