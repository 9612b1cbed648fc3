"""A live board widens with silence by itself; the board of an archive stays at its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from tests.store.samples import NOON, post
from tests.work.child import FigureReader
from verst.geography import load_kinds, load_regions
from verst.store import Store, open_store
from verst.work.intake import Tally, keep_posts
from verst.work.settling import settle
from verst.work.watching import keep_current, live_until

KINDS = {kind.id: kind for kind in load_kinds()}


def make_store(folder: Path) -> Store:
    store = open_store(f"sqlite:///{folder / 'verst.db'}")
    keep_posts([post(f"p{n}", n, f"{300 + n} at the gate") for n in range(3)], store, FigureReader(), Tally(), [])
    settle(store, load_regions(), KINDS)
    return store


def spread(store: Store, at: datetime) -> float:
    (told,) = [each for each in store.estimates_at(at) if each.kind == "wait" and each.mode == "car"]
    assert told.p10 is not None and told.p90 is not None
    return told.p90 / told.p10


def watch(store: Store, now: datetime, after: Callable[[datetime], None] | None = None) -> None:
    """One look at the store, as the server takes them."""
    ended = Event()

    def clock() -> datetime:
        ended.set()
        return now

    keep_current(store, load_regions(), KINDS, clock, ended, every_seconds=0.001, after=after)


def test_silence_widens_a_live_board(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    now = NOON + timedelta(hours=9)
    before, revision = spread(store, now), store.revision()
    watch(store, now)
    assert spread(store, now) > before * 1.05 and store.revision() > revision
    store.close()


def test_an_archive_stays_at_its_end(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    revision = store.revision()
    watch(store, NOON + timedelta(days=40))
    assert store.revision() == revision and live_until(store, NOON + timedelta(days=40)) is None
    assert live_until(store, NOON + timedelta(days=1)) == NOON + timedelta(days=1)
    store.close()


def test_who_loads_is_not_disturbed(tmp_path: Path) -> None:
    store, other = make_store(tmp_path), open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    revision = store.revision()
    looked: list[datetime] = []
    with other.sole():
        watch(store, NOON + timedelta(hours=9), looked.append)
    assert store.revision() == revision
    assert looked == [NOON + timedelta(hours=9)]  # what changed is told also while somebody loads
    watch(store, NOON + timedelta(days=40), looked.append)
    assert len(looked) == 1  # and never of an archive
    other.close()
    store.close()
