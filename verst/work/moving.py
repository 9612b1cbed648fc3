"""A whole store copied into another, of whichever kind, and compared: for moving, backing up, restoring."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import groupby
from typing import Any, TypeVar

import msgspec

from verst.errors import BadSetting, StoreError
from verst.store import Batch, KeepsOutbox, Store
from verst.store.desk import KeepsDesk

AT_ONCE = 1_000  # of anything, in one transaction
FIRST, LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)
_WORD = re.compile(r"\w+")
_pack = msgspec.msgpack.Encoder(order="deterministic").encode
_Item = TypeVar("_Item")
Said = Callable[[str, int], None]


def copy_store(source: Store, target: Store, on_done: Said = lambda *_: None) -> dict[str, int]:
    """Copy everything and compare it: how many of each. Nothing is loaded into the source meanwhile.

    Raises BadSetting when the target is not empty, StoreError when what arrived is not what was there.
    """
    if target.span() is not None or target.cursors() or target.states() or next(iter(target.reports()), None):
        raise BadSetting("the store to copy into is not empty, and was left as it is; name an empty one")
    with source.sole(), target.sole():
        for posts in together(source.every_post(), AT_ONCE):
            kept = [(post, reading) for post, reading, _ in posts]
            target.keep(Batch(posts=kept, words=[(post.id, said) for post, _, said in posts if said]))
        for some in by_post(source.reports()):
            target.keep(Batch(reports=some))
        for heard in by_post(source.heard()):
            target.keep(Batch(heard=heard))
        for seen in by_post(source.sightings()):
            target.keep(Batch(sightings=seen))
        for crossing in sorted({told.crossing for told in source.estimates_at(LAST)}):
            for estimates in together(source.estimates_between(crossing, FIRST, LAST), AT_ONCE):
                target.keep(Batch(estimates=estimates))
        target.keep(Batch(cursors=list(source.cursors().items()), states=list(source.states().items())))
        if isinstance(source, KeepsOutbox) and isinstance(target, KeepsOutbox):
            target.outbox.put_back(source.outbox.alerts(limit=10**9), source.outbox.deliveries())
        if isinstance(source, KeepsDesk) and isinstance(target, KeepsDesk):
            target.desk.put_back(source.desk.trail(), source.desk.accounts())
        return compare(source, target, on_done)


def compare(source: Store, target: Store, on_done: Said = lambda *_: None) -> dict[str, int]:
    """Count and compare everything in two stores. Raises StoreError where they differ."""
    counts: dict[str, int] = {}
    for name in PARTS:
        (count, print_), (other, other_print) = fingerprint(source, name), fingerprint(target, name)
        if (count, print_) != (other, other_print):
            what = f"{count:,} {name} were there and {other:,} arrived"
            raise StoreError(f"{what}, or not the same; nothing of the source changed, empty the target and try again")
        counts[name] = count
        on_done(name, count)
    return counts


def fingerprint(store: Store, part: str) -> tuple[int, str]:
    """How many of one part a store holds, and a fingerprint of all of them in order."""
    digest, count = blake2b(digest_size=16), 0
    for item in PARTS[part](store):
        packed = _pack(item)
        digest.update(len(packed).to_bytes(8, "big") + packed)
        count += 1
    return count, digest.hexdigest()


def _posts(store: Store) -> Iterator[Any]:
    for post, reading, said in store.every_post():
        yield post, reading, sorted({word[:500] for word in _WORD.findall(said.lower())})


def _estimates(store: Store) -> Iterator[Any]:
    for crossing in sorted({told.crossing for told in store.estimates_at(LAST)}):
        yield from store.estimates_between(crossing, FIRST, LAST)


def _alerts(store: Store) -> list[Any]:
    return store.outbox.alerts(limit=10**9) if isinstance(store, KeepsOutbox) else []


def _deliveries(store: Store) -> list[Any]:
    return store.outbox.deliveries() if isinstance(store, KeepsOutbox) else []


PARTS: dict[str, Callable[[Store], Iterable[Any]]] = {
    "posts": _posts,
    "reports": lambda store: store.reports(),
    "sayings": lambda store: store.heard(),
    "pictures": lambda store: store.sightings(),
    "estimates": _estimates,
    "inputs": lambda store: sorted(store.cursors().items()),
    "states": lambda store: sorted(store.states().items()),
    "alerts": _alerts,
    "deliveries": _deliveries,
    "acts": lambda store: list(store.desk.trail()) if isinstance(store, KeepsDesk) else [],
    "accounts": lambda store: store.desk.accounts() if isinstance(store, KeepsDesk) else [],
}


def by_post(items: Iterable[Any]) -> Iterator[list[Any]]:
    """Reports, sayings or pictures in lists, all of one post together; those of a post stand beside each other."""
    waiting: list[Any] = []
    for _, some in groupby(items, key=lambda item: item.post):
        waiting += some
        if len(waiting) >= AT_ONCE:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def together(items: Iterable[_Item], most: int) -> Iterator[list[_Item]]:
    """The items in lists of so many at most."""
    waiting: list[_Item] = []
    for item in items:
        waiting.append(item)
        if len(waiting) == most:
            yield waiting
            waiting = []
    if waiting:
        yield waiting
