"""The planner: copies found round after round are those that are found at once, however late some posts come."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec

from tests.bus import world
from verst.clock import now
from verst.store import Batch, open_store
from verst.work.apart.planning import make_plan, tell_fusers
from verst.work.copying import Copies, mark_copies
from verst.work.intake import Tally, find_touched, keep_posts, read_batch, unsettled

ROUND = 25


def test_copies_are_the_same_round_after_round(tmp_path: Path) -> None:
    whole, rounds = open_store(f"sqlite:///{tmp_path}/a.db"), open_store(f"sqlite:///{tmp_path}/b.db")
    chance, copies = random.Random(2), Copies()
    posts = list(world.archive())[:1_000]
    for start in range(0, len(posts) - 60, 97):  # some come late, by minutes or by days
        posts.insert(start + chance.choice((2, 5, 60)), posts.pop(start))
    for start in range(0, len(posts), ROUND):
        some = posts[start : start + ROUND]
        keep_posts(some, whole, world.reader(), Tally(), [])
        mark_copies(whole, unsettled(whole))
        batch = read_batch(some, rounds, world.reader())
        rounds.keep(batch)
        _, roots = copies.find(rounds, find_touched(batch, rounds, {}))
        rounds.keep(Batch(roots=list(roots.items())))
    found = list(rounds.reports())
    assert found == list(whole.reports())
    assert sum(report.copy_of is not None for report in found) > 20
    whole.close()
    rounds.close()


def test_a_plan_is_told_in_parts_under_one_id_each_however_often(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/a.db")
    assert not make_plan(store, {}, now(), Copies(), idle=True).order.crossings, "an empty store has nothing to fuse"
    batch = read_batch(world.posts(), store, world.reader())
    store.keep(batch)
    touched = find_touched(batch, store, {})
    busy = make_plan(store, touched, now(), Copies(), idle=False)
    assert set(busy.order.crossings) == set(touched) and not busy.moved_on
    assert busy.order.end == world.posts()[-1].posted_at, "an archive is fused until its last post"
    store.keep(busy.batch)
    quiet = make_plan(store, {}, now(), Copies(), idle=True)
    assert quiet.moved_on and quiet.order.crossings == dict.fromkeys(touched)
    store.keep(quiet.batch)
    assert not make_plan(store, {}, now(), Copies(), idle=True).order.crossings, "and then it stays as it is"
    told = msgspec.json.encode(busy.order, order="sorted")
    stream, items = tell_fusers(0, 7, told)
    assert (stream, items) == tell_fusers(0, 7, told)
    assert len({item.id for item in items}) == len(items) > 3
    assert sum(len(msgspec.json.decode(item.data)["crossings"]) for item in items) == len(touched)
    store.close()
