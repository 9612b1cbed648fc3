"""When too much comes in, chatter is left out before it is read, no claim is, and it is said wherever one looks."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.bus import world
from verst.bus import POSTS
from verst.bus.memory import MemoryBus
from verst.clock import now
from verst.geography import load_kinds, load_regions
from verst.reading.chatter import is_chatter
from verst.store import Store, open_store
from verst.web import make_app
from verst.work.apart.fusers import Fusers
from verst.work.apart.looking import Look
from verst.work.apart.putting import Putter
from verst.work.apart.readers import Readers
from verst.work.apart.shedding import Sieve, recall_shed
from verst.work.health import look
from verst.work.replaying import replay_all


def work_off(store: Store, bus: MemoryBus) -> None:
    workers = (
        Readers(store, bus, world.reader(), lambda _: None),
        Fusers(store, bus, load_regions(), world.KINDS, now, lambda _: None),
    )
    for worker in workers:
        worker.hold(["me"], "me")
    quiet = 0
    while quiet < 6:
        quiet = 0 if sum(worker.step(0.0) for worker in workers) else quiet + 1


def test_chatter_is_left_out_and_the_board_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERST_BUS_WAITING", "50")
    monkeypatch.setattr("verst.work.apart.shedding.LOOK_SECONDS", 0.0)
    store, bus, said = open_store(f"sqlite:///{tmp_path}/verst.db"), MemoryBus(), list[str]()
    putter = Putter(store, bus, Sieve(bus, world.reader(), now, said.append))
    posts = world.posts()
    for start in range(0, len(posts), 50):
        putter.put(posts[start : start + 50])
    left_out = len(posts) - bus.waiting(POSTS)
    assert left_out > 50
    work_off(store, bus)
    assert bus.waiting(POSTS) <= len(posts) and recall_shed(store).total == left_out
    told, wanted = world.board(store), world.expected()
    assert len(told["posts"]) == len(posts) - left_out
    assert told["reports"] == wanted["reports"] and told["crossings"] == wanted["crossings"]
    bus.drop(POSTS, dict.fromkeys(range(32), 10**9))
    putter.put(posts[-2:])
    assert any("wait to be read" in line for line in said)
    assert said[-1] == f"readers keep up again; {left_out} posts that say nothing of a border were left out"
    finding = next(each for each in look(store, now()) if each.key == "shed")
    assert not finding.ok and finding.values == {"count": left_out}
    store.close()


def test_nothing_is_left_out_while_readers_keep_up(tmp_path: Path) -> None:
    store, bus, said = open_store(f"sqlite:///{tmp_path}/verst.db"), MemoryBus(), list[str]()
    Putter(store, bus, Sieve(bus, world.reader(), now, said.append)).put(world.posts())
    assert bus.waiting(POSTS) == len(world.posts()) and not said
    work_off(store, bus)
    assert recall_shed(store).total == 0 and not [each for each in look(store, now()) if each.key == "shed"]
    store.close()


@pytest.mark.parametrize("code", ["en", "ru", "uk", "ar"])
def test_the_health_page_and_the_figures_say_it(tmp_path: Path, code: str) -> None:
    from verst.store import Batch
    from verst.work.apart.places import as_json
    from verst.work.apart.shedding import SHED, Shed

    store, bus = open_store(f"sqlite:///{tmp_path}/verst.db"), MemoryBus()
    store.keep(Batch(states=[(SHED, as_json(Shed(total=9_000, lately=7_000, at=now())))]))
    bus_look = Look(bus)
    with TestClient(make_app(store, load_regions(), load_kinds(), bus=bus_look)) as client:
        page, figures = client.get(f"/health?lang={code}").text, client.get("/metrics").text
        assert "verst work read" in page and ("7000" in page or "7,000" in page or "7 000" in page)
        assert "verst_shed_posts_total 9000.0" in figures and 'verst_bus_waiting{stream="posts"} 0.0' in figures
        assert 'verst_well{finding="shed"} 0.0' in figures and "verst_bus_reached 1.0" in figures
        bus_look.waiting = None
        assert 'verst_well{finding="bus_away"} 0.0' in client.get("/metrics").text
    bus_look.close()
    store.close()


def test_over_the_whole_archive_no_report_is_lost() -> None:
    from verst.work.context import Following

    follows = Following()
    kept = [p for p in world.archive() if not is_chatter(world.reader(), p, world.reader().read(follows.follow(p)))]
    assert len(world.archive()) - len(kept) > 500
    whole, sifted = replay_all(world.archive(), world.reader()), replay_all(kept, world.reader())
    assert len(whole.reports) > 500 and sifted == whole
