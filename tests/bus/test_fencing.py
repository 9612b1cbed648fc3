"""Two who hold one partition for a moment, as happens when work changes hands: only one of them writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bus import world
from verst.bus import CLAIMS, Item
from verst.bus.memory import MemoryBus
from verst.clock import now
from verst.errors import StoreMoved
from verst.geography import load_regions
from verst.store import Batch, Store, open_store
from verst.work.apart.fusers import Fusers
from verst.work.apart.places import Places, as_json
from verst.work.apart.planning import Order
from verst.work.intake import Tally, keep_posts
from verst.work.settling import known_crossings

PART = 5


class Killed(Exception):
    """A process ends here."""


def fuser(store: Store, bus: MemoryBus) -> Fusers:
    made = Fusers(store, bus, load_regions(), world.KINDS, now, lambda _: None)
    made.hold(["me"], "me")
    return made


def test_who_was_overtaken_in_the_middle_of_an_order_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, bus, posts = open_store(f"sqlite:///{tmp_path}/a.db"), MemoryBus(), world.posts()
    keep_posts(posts[:200], store, world.reader(), Tally(), [])
    names = sorted({report.claim.crossing for report in store.reports()})[:3]
    assert len(names) == 3 and not known_crossings(store)
    order = as_json(Order(end=posts[-1].posted_at, crossings=dict.fromkeys(names)))
    bus.put(CLAIMS, [Item(PART, "first", order)])
    slow, quick = fuser(store, bus), fuser(store, bus)
    make, make_quickly = slow._history, quick._history

    def overtaken(*words: Any) -> Batch:
        made = make(*words)  # from what was there then
        keep_posts(posts[200:], store, world.reader(), Tally(), [])
        with pytest.raises(Killed):
            quick.step(0.0)
        return made

    def cut_short(*words: Any) -> Batch:
        if words[0] == names[1]:
            raise Killed
        return make_quickly(*words)

    monkeypatch.setattr(slow, "_history", overtaken)
    monkeypatch.setattr(quick, "_history", cut_short)
    monkeypatch.setattr("verst.work.apart.planning.Planner.step", lambda *_: 0)
    with pytest.raises(StoreMoved):
        slow.step(0.0)
    span = store.span()
    assert span is not None
    told = store.estimates_between(names[0], *span)
    assert fuser(store, bus).step(0.0) == 1, "what was begun is done whole"
    assert told == store.estimates_between(names[0], *span), "the later word stood all the time"
    assert all(store.estimates_between(name, *span) for name in names)
    store.close()


def test_a_partition_that_somebody_has_gone_on_from_is_not_written(tmp_path: Path) -> None:
    store, bus = open_store(f"sqlite:///{tmp_path}/a.db"), MemoryBus()
    one, other = Places(store, bus, CLAIMS), Places(store, bus, CLAIMS)
    one.hold([PART])
    other.hold([PART])
    one.keep(Batch(states=[("s", b"one")]), {}, {PART: b""})
    with pytest.raises(StoreMoved):
        other.keep(Batch(states=[("s", b"other")]), {}, {PART: b""})
    assert store.state("s") == b"one"
    other.forget()
    other.hold([PART])
    other.keep(Batch(states=[("s", b"other")]), {PART: 3}, {})
    assert store.state("s") == b"other"
    with pytest.raises(StoreMoved):
        one.keep(Batch(states=[("s", b"one")]), {PART: 4}, {})
    store.close()
