"""The history kept is a function of the posts kept, whatever the order and the number of loads they came in."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.samples import NOON, post
from tests.work.child import FigureReader
from verst.geography import load_kinds, load_regions
from verst.model import Estimate, Post
from verst.store import Batch, open_store
from verst.work.copying import Copies
from verst.work.forgetting import forget_posts
from verst.work.histories import checkpoint_times, choose_checkpoint, name_of, read_checkpoints
from verst.work.intake import Tally, keep_posts
from verst.work.settling import settle
from verst.work.telling import silent_hours, telling_times

KINDS = {kind.id: kind for kind in load_kinds()}


def some_posts() -> list[Post]:
    chance = random.Random(3)
    texts = [f"{chance.randint(200, 900)} at the gate, number {n} of them says so" for n in range(40)]
    texts[30] = texts[12]  # a copy
    return [post(f"p{n}", n * 75 + chance.randint(0, 50), text) for n, text in enumerate(texts)]


def settled(folder: Path, loads: list[list[Post]]) -> list[Estimate]:
    store = open_store(f"sqlite:///{folder / 'verst.db'}")
    for posts in loads:
        keep_posts(posts, store, FigureReader(), Tally(), [])
        settle(store, load_regions(), KINDS)
    found = store.estimates_between("verkhny-lars", NOON - timedelta(days=9), NOON + timedelta(days=9))
    store.close()
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_shuffled_loads_give_the_same_history(tmp_path: Path, seed: int) -> None:
    posts = some_posts()
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    whole = settled(tmp_path / "a", [posts])
    mixed = list(posts)
    random.Random(seed).shuffle(mixed)
    assert settled(tmp_path / "b", [mixed[:13], mixed[13:14], mixed[14:]]) == whole
    assert len(whole) > 20


def test_loads_one_after_the_other_give_the_same_history(tmp_path: Path) -> None:
    posts = some_posts()
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert settled(tmp_path / "b", [posts[n : n + 3] for n in range(0, 40, 3)]) == settled(tmp_path / "a", [posts])


def test_a_copy_is_found_whatever_came_first(tmp_path: Path) -> None:
    posts = some_posts()
    store = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    for some in ([posts[30]], [posts[12]]):
        keep_posts(some, store, FigureReader(), Tally(), [])
        settle(store, load_regions(), KINDS)
    assert {report.post: report.copy_of for report in store.reports()} == {"p12": None, "p30": "p12"}
    store.close()


def test_who_settles_again_and_again_finds_the_same_copies_beside_others(tmp_path: Path) -> None:
    """Also where others settle in between, posts come late, and one that others copy is forgotten."""
    chance, minute = random.Random(5), timedelta(minutes=1)
    posts = [replace(each, posted_at=NOON + (each.posted_at - NOON) / 20) for each in some_posts()]
    again = [replace(each, id=f"q{each.id}", author="f" * 16, posted_at=each.posted_at + 90 * minute) for each in posts]
    posts = [*posts, *again]
    late = sorted(posts, key=lambda each: (each.posted_at + chance.choice((0, 0, 0, 50)) * minute, each.id))
    whole, rounds = (open_store(f"sqlite:///{tmp_path / name}") for name in ("a.db", "b.db"))
    ours, others, known = Copies(), Copies(), list[bool]()
    for number, each in enumerate(late):
        keep_posts([each], rounds, FigureReader(), Tally(), [])
        settle(rounds, load_regions(), KINDS, copies=chance.choice((ours, ours, ours, others, None)))
        known.append(rounds.state("copies") == ours.name)
        if number == 60:
            forget_posts(rounds, [late[10].id])
    keep_posts([each for each in posts if each.id != late[10].id], whole, FigureReader(), Tally(), [])
    settle(whole, load_regions(), KINDS)
    found = list(rounds.reports())
    assert found == list(whole.reports()) and sum(each.copy_of is not None for each in found) > 30
    assert rounds.estimates_at(late[-1].posted_at) == whole.estimates_at(late[-1].posted_at)
    assert 10 < sum(known) < 70, "what was found was known by heart for some rounds, not for all"
    whole.close()
    rounds.close()


def test_what_others_found_late_is_not_missed_by_who_knows_the_rest_by_heart(tmp_path: Path) -> None:
    text = "300 at the gate, number one of them says so"
    posts = [post("a", 1, "400 at the gate, nobody else says this"), post("b", 2, "500 at the gate, nor that"),
             post("first", -60, text), post("copy", 5, text)]  # fmt: skip
    posts = [replace(each, author=f"{n:016x}") for n, each in enumerate(posts)]
    store, ours = open_store(f"sqlite:///{tmp_path / 'verst.db'}"), Copies()
    for each, who in zip(posts, (ours, ours, None, ours), strict=True):
        keep_posts([each], store, FigureReader(), Tally(), [])
        settle(store, load_regions(), KINDS, copies=who)
        assert (store.state("copies") == ours.name) is (each.id in ("b", "copy")), each.id
    assert {report.post: report.copy_of for report in store.reports()}["copy"] == "first"
    store.close()


def test_an_end_half_way_is_made_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    keep_posts(some_posts(), store, FigureReader(), Tally(), [])
    with monkeypatch.context() as broken:
        broken.setattr("verst.work.settling.make_history", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            settle(store, load_regions(), KINDS)
    assert settle(store, load_regions(), KINDS) == 1 and store.estimates_at(NOON + timedelta(days=3))
    assert settle(store, load_regions(), KINDS) == 0
    store.keep(Batch())
    store.close()


def test_a_checkpoint_of_another_version_costs_only_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posts = some_posts()
    for name in "ab":
        (tmp_path / name).mkdir()
    whole = settled(tmp_path / "a", [posts])
    with monkeypatch.context() as older:
        older.setattr("verst.fusion.keeping.VERSION", 0)
        settled(tmp_path / "b", [posts[:20]])
    assert settled(tmp_path / "b", [posts[20:]]) == whole


def test_silence_is_told_for_two_days_and_no_longer() -> None:
    hours = silent_hours(NOON, NOON + timedelta(days=9))
    assert hours[0] == NOON and hours[-1] == NOON + timedelta(days=2) and len(hours) == 49
    times = telling_times([NOON + timedelta(minutes=7)], NOON + timedelta(minutes=10))
    assert times == [NOON + timedelta(minutes=7)]


def test_what_comes_on_time_goes_back_two_hours_at_most_and_what_comes_late_half_a_day(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    posts = some_posts()
    keep_posts(posts, store, FigureReader(), Tally(), [])
    settle(store, load_regions(), KINDS)
    kept = read_checkpoints(store.state(name_of("verkhny-lars")))
    last = posts[-1].posted_at
    assert [each.at for each in kept] == checkpoint_times(last)
    for minutes, most in ((0, 60), (59, 120), (6 * 60 - 1, 12 * 60), (20 * 60, 48 * 60)):
        since = last - timedelta(minutes=minutes)
        assert since - choose_checkpoint(kept, since, []).at <= timedelta(minutes=most)
    store.close()
