"""Listeners: what came through the door goes on the bus, each chat into its own partition."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event

import msgspec

from verst.bus import POSTS, Bus, Item, part_of
from verst.errors import BadFile, BusFull
from verst.model import Post, Skipped
from verst.sources import Door, read
from verst.store import Batch, Store
from verst.work.apart.shedding import Sieve
from verst.work.caution import Said, as_skipped
from verst.work.inputs import find_inputs
from verst.work.intake import Tally, choose_fresh, cursor_name
from verst.work.reports import community_of

FIRST_WAIT, LONGEST_WAIT = 0.2, 10.0  # seconds for room on the bus
Put = Callable[[list[Post]], set[str]]  # puts posts on the bus; gives the ids of those that were known
_pack = msgspec.msgpack.Encoder().encode


def put_posts(bus: Bus, posts: Iterable[Post]) -> int:
    """Put posts on the bus: how many it did not know yet. Raises BusFull and BusError; some may be there then."""
    return bus.put(POSTS, [as_item(post) for post in posts])


def as_item(post: Post) -> Item:
    """A post as it goes over the bus: the same post, as often as it is heard, under the same id."""
    edited = post.edited_at.isoformat() if post.edited_at is not None else ""
    name = hashlib.blake2b(f"{post.id}\0{edited}".encode(), digest_size=12).hexdigest()
    return Item(part_of(community_of(post.chat)), name, _pack(post))


class Putter:
    """Puts posts on the bus: those that the store does not have, and while readers keep up, all of those."""

    def __init__(self, store: Store, bus: Bus, sieve: Sieve, ended: Event | None = None) -> None:
        self._store, self._bus, self._sieve, self._ended = store, bus, sieve, ended or Event()

    def put(self, posts: list[Post]) -> set[str]:
        """Put posts, waiting while there is no room: gives the ids of those that were known. Raises BusError."""
        fresh = choose_fresh(posts, self._store)
        chosen = self._sieve.sift(fresh)
        wait = FIRST_WAIT
        while True:
            try:
                put_posts(self._bus, chosen)
                return {post.id for post in posts} - {post.id for post in fresh}
            except BusFull:
                if self._ended.wait(wait):
                    raise
                wait = min(2 * wait, LONGEST_WAIT)


def put_inputs(
    locations: Iterable[Path | str], store: Store, put: Put, door: Door, *, source: str | None = None,
    mapping: Path | None = None, on_skip: Said,
) -> Tally:  # fmt: skip
    """Put the posts of files, folders or ``-`` on the bus, each from where it was read last; readers do the rest.

    How far an input was read is kept in the store once its posts are on the bus. Raises StoreError and BusError.
    """
    tally = Tally()
    for location in locations:
        try:
            for each in find_inputs(location):
                _put_one(each, store, put, door, source, mapping, tally, on_skip)
        except BadFile as error:
            tally.skips += 1
            on_skip(as_skipped(error, location))
    return tally


def _put_one(
    location: Path | str, store: Store, put: Put, door: Door, source: str | None, mapping: Path | None, tally: Tally,
    on_skip: Said,
) -> None:  # fmt: skip
    name = cursor_name(location)
    start = store.cursor(name) if name else None
    tally.went_on += bool(start)
    waiting: list[Post] = []
    for item in read(location, door, source=source, mapping=mapping, start=start):
        if isinstance(item, Post):
            waiting.append(item)
        elif isinstance(item, Skipped):
            tally.skips += 1
            on_skip(item)
        else:
            tally.new += len({post.id for post in waiting} - put(waiting))
            tally.read += len(waiting)
            waiting = []
            if name and store.cursor(name) != item.position:
                store.keep(Batch(cursors=[(name, item.position)]))
