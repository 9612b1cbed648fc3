"""What needs eyes, in the order of what it does to the board."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.web.desk_world import KINDS, NOON, REGIONS, load, open_world
from verst.desk import Account, Act
from verst.model import Estimate
from verst.store import Store
from verst.store.desk import desk_of
from verst.work.deciding import judge_item, merge, start
from verst.work.histories import name_of, read_checkpoints
from verst.work.queueing import ALL, Item, Queue, find_item, moved
from verst.work.rumoured import find_rumours

OWL = Account(name="owl", role="editor")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_world(tmp_path)
    yield opened
    opened.close()


def look(store: Store) -> dict[str, Item]:
    return {item.post: item for item in Queue(store, REGIONS, KINDS).look(NOON)}


def begun(verb: str) -> Act:
    return start(OWL, verb, NOON, NOON, "sources", "")  # type: ignore[arg-type]


def test_the_order_is_that_of_the_effect_and_not_of_time(store: Store) -> None:
    items = Queue(store, REGIONS, KINDS).look(NOON)
    effects = [item.effect for item in items]
    assert effects == sorted(effects, reverse=True) and len(items) >= 5
    by_post = {item.post: item for item in items}
    assert by_post["k1"].effect == ALL and by_post["k1"].without is None  # nobody else speaks of that queue
    assert by_post["odd"].effect > by_post["w1"].effect > 0
    assert [report.post for report in by_post["odd"].reports] == ["odd", "odd2"] and "odd2" not in by_post


def test_the_effect_is_what_the_board_does_without_it(store: Store) -> None:
    item = look(store)["odd"]
    judge_item(store, begun("reject"), item, KINDS, seen=0)
    from verst.work.settling import settle

    settle(store, REGIONS, KINDS, now=NOON)
    told = next(e for e in store.estimates_at(NOON, "verkhny-lars") if e.kind == "wait" and e.mode == "car")
    assert item.without is not None and told.value == item.without.value and told.p90 == item.without.p90


def test_what_is_decided_leaves_the_queue(store: Store) -> None:
    judge_item(store, begun("confirm"), look(store)["odd"], KINDS, seen=0)
    assert "odd" not in look(store)


def test_a_measure_is_kept_until_something_is_said(store: Store) -> None:
    queue = Queue(store, REGIONS, KINDS)
    first = queue.look(NOON)
    assert all(a is b for a, b in zip(first, queue.look(NOON), strict=True))
    load(store, [("w9", 1, "verkhny-lars", "wait", 300.0, "5 hours, says the guard")], NOON + timedelta(minutes=2))
    assert "w9" in {item.post for item in queue.look(NOON + timedelta(minutes=2))}


def test_claims_from_before_midnight_are_measured_too(store: Store) -> None:
    morning = NOON + timedelta(hours=20)
    load(store, [("m1", 1140, "verkhny-lars", "wait", 200.0, "three hours and a bit, early")], morning)
    assert read_checkpoints(store.state(name_of("verkhny-lars")))  # midnight is kept, and the claims lie before it
    items = {item.post: item for item in Queue(store, REGIONS, KINDS).look(morning)}
    assert items.keys() >= {"m1", "odd", "w3"} and items["odd"].effect > 0


def test_a_claim_is_found_by_its_name_and_none_by_another(store: Store) -> None:
    item = look(store)["odd"]
    assert find_item(store, item.crossing, item.what, "odd", NOON).id == item.id  # type: ignore[union-attr]
    assert find_item(store, "salla", item.what, "odd", NOON) is None
    assert find_item(store, item.crossing, item.what, "nowhere", NOON) is None


def test_options_move_by_their_odds() -> None:
    def told(**odds: float) -> Estimate:
        return Estimate(at=NOON, crossing="salla", kind="passage", value="open", odds=tuple(odds.items()))

    assert moved(told(open=0.9, closed=0.1), told(open=0.4, closed=0.6)) == pytest.approx(0.5)
    assert moved(told(open=1.0), None) == pytest.approx(1.0)


def test_two_rumours_are_made_one(store: Store) -> None:
    rows = [
        (f"r{n}", -60 + n, "salla", "wait", value, f"I heard {value:g} minutes {chr(97 + n) * 9}")
        for n, value in enumerate((600.0, 600.0, 600.0, 1500.0, 1500.0, 1500.0))
    ]
    load(store, rows, NOON, chat="news desk")
    posts = store.posts([row[0] for row in rows])
    heard(store, posts)
    assert sorted(r.value for r in find_rumours(store, NOON, "salla")) == [600.0, 1500.0]  # type: ignore[type-var]
    merge(desk_of(store), begun("merge"), "salla", "wait|", "1500.0", "600.0")
    (one,) = find_rumours(store, NOON, "salla")
    assert one.value == 600.0 and one.posts == 6
    assert len(find_rumours(store, NOON - timedelta(seconds=1), "salla")) == 2  # what was known then


def heard(store: Store, posts: dict[str, object]) -> None:
    """Make of what was seen what was only heard: a rumour spreads by hearsay."""
    from dataclasses import replace

    from verst.store import Batch

    told = list(store.reports(crossing="salla"))
    store.keep(Batch(reports=[replace(r, claim=replace(r.claim, stance="heard")) for r in told if r.post in posts]))
