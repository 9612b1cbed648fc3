"""An edit takes the place of what was said before, and is known from when it was made, never earlier."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.store.samples import NOON, post
from tests.work.child import FigureReader
from verst.geography import load_kinds, load_regions
from verst.model import Estimate, Post
from verst.store import open_store
from verst.work.intake import Tally, keep_posts
from verst.work.replaying import fuse_reports, replay_posts
from verst.work.settling import settle

KINDS = {kind.id: kind for kind in load_kinds()}
FIRST = post("p1", 0, "600 at the gate")
EDIT = replace(FIRST, text="120 at the gate", edited_at=NOON + timedelta(hours=2))
BEFORE, AFTER = NOON + timedelta(hours=1), NOON + timedelta(hours=3)


def settled(file: Path, loads: list[list[Post]]) -> tuple[list[Estimate], list[Estimate], list[Estimate]]:
    store = open_store(f"sqlite:///{file}")
    for posts in loads:
        keep_posts(posts, store, FigureReader(), Tally(), [])
        settle(store, load_regions(), KINDS)
    whole = store.estimates_between("verkhny-lars", NOON - timedelta(days=1), NOON + timedelta(days=9))
    found = store.estimates_at(BEFORE), store.estimates_at(AFTER), whole
    store.close()
    return found


def test_an_edit_is_known_from_when_it_was_made(tmp_path: Path) -> None:
    later = post("p2", 300, "no figure")
    before, after, _ = settled(tmp_path / "a.db", [[EDIT, later]])
    assert before == []
    values = {piece.value for told in after for piece in told.evidence}
    assert values == {120.0} and {told.newest for told in after} == {NOON}, "it speaks of when it was written"


def test_an_edit_withdraws_the_words_before_it_whatever_came_first(tmp_path: Path) -> None:
    later = post("p2", 300, "no figure")
    orders = [[[FIRST, EDIT, later]], [[FIRST], [EDIT], [later]], [[later], [EDIT], [FIRST]], [[EDIT], [FIRST, later]]]
    found = [settled(tmp_path / f"{n}.db", order) for n, order in enumerate(orders)]
    assert all(each == found[0] for each in found) and found[0][2]


def test_a_replay_knows_an_edit_no_earlier() -> None:
    reports = replay_posts([EDIT, FIRST], FigureReader())
    told = list(fuse_reports(reports, [BEFORE, AFTER], load_regions(), KINDS))
    assert {each.at for each in told} == {AFTER}
