"""Acts of the desk change the board from their instant on, whatever the order in which everything came in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.samples import NOON, at, post
from tests.work.child import FigureReader
from verst.desk import Act
from verst.geography import load_kinds, load_regions
from verst.model import Estimate, Post
from verst.store import Store, open_store
from verst.store.desk import desk_of
from verst.work.intake import Tally, keep_posts
from verst.work.settling import settle, settle_acts

KINDS, REGIONS = {kind.id: kind for kind in load_kinds()}, load_regions()


def some_posts() -> list[Post]:
    """A wait told around 300 minutes for four days; one post in eleven says a thousand more, late in the evening."""
    told = [(n * 75, 1900 if n % 11 == 7 else 280 + n % 5 * 10) for n in range(70)]
    words = ["".join(chr(97 + (n * 7 + k * k) % 26) for k in range(30)) for n in range(70)]
    return [by(n % 23, post(f"p{n}", at_, f"{value} at the gate {words[n]}")) for n, (at_, value) in enumerate(told)]


def by(who: int, told: Post) -> Post:
    return replace(told, author=f"{who + 1:016x}")


def act(verb: str, name: str, minutes: float, **more: object) -> Act:
    said = next((each.posted_at for each in some_posts() if each.id == name), NOON)
    told: dict[str, object] = {"crossing": "verkhny-lars", "post": name, "since": said, "at": at(minutes)}
    return Act(verb=verb, who="owl", made_at=at(minutes), **(told | more))  # type: ignore[arg-type]


def open_empty(folder: Path) -> Store:
    folder.mkdir()
    return open_store(f"sqlite:///{folder / 'verst.db'}")


def load(store: Store, posts: list[Post]) -> None:
    keep_posts(posts, store, FigureReader(), Tally(), [])


def history(store: Store) -> list[Estimate]:
    return store.estimates_between("verkhny-lars", NOON - timedelta(days=9), NOON + timedelta(days=9))


ACTS = [
    act("reject", "p62", 62 * 75 + 20.0),
    act("confirm", "p63", 63 * 75 + 20.0),
    act("correct", "p51", 66 * 75 + 20.0, value=310.0),
    act("undo", "p62", 67 * 75 + 20.0, undoes=1),
]


def test_acts_made_as_posts_come_give_the_history_of_acts_known_at_once(tmp_path: Path) -> None:
    posts, end = some_posts(), at(69 * 75)
    whole = open_empty(tmp_path / "a")
    load(whole, posts)
    for each in ACTS:
        desk_of(whole).add(each)
    settle(whole, REGIONS, KINDS, now=end)
    live = open_empty(tmp_path / "b")
    waiting = list(ACTS)
    for each in posts:
        while waiting and waiting[0].at < each.posted_at:
            now = waiting[0].at
            desk_of(live).add(waiting.pop(0))
            settle_acts(live, REGIONS, KINDS, now)
        load(live, [each])
        settle(live, REGIONS, KINDS, now=each.posted_at)
    settle(live, REGIONS, KINDS, now=end)
    assert [e for e in history(live) if e.at < end] == [e for e in history(whole) if e.at < end]
    assert len(history(whole)) > 60
    whole.close()
    live.close()


def test_a_post_that_comes_late_is_judged_as_it_would_have_been(tmp_path: Path) -> None:
    posts = some_posts()
    whole, live = open_empty(tmp_path / "a"), open_empty(tmp_path / "b")
    for store, first in ((whole, posts), (live, posts[:20] + posts[21:])):
        for each in ACTS:
            desk_of(store).add(each)
        load(store, first)
        settle(store, REGIONS, KINDS)
    load(live, [posts[20]])
    settle(live, REGIONS, KINDS)
    assert history(live) == history(whole)
    whole.close()
    live.close()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = open_empty(tmp_path / "c")
    load(opened, some_posts()[:60])
    said = "1900 at the gate, they say at the cafe"
    load(opened, [by(90, post("odd", 60 * 75, said)), by(91, post("odd2", 60 * 75 + 3, said))])
    settle(opened, REGIONS, KINDS)
    return opened


def wait_at(store: Store, minutes: float) -> Estimate:
    return next(e for e in store.estimates_at(at(minutes), "verkhny-lars") if e.kind == "wait")


def decide(store: Store, each: Act) -> None:
    desk_of(store).add(each)
    settle_acts(store, REGIONS, KINDS, each.at)


END = 60 * 75 + 3.0


def test_what_is_rejected_leaves_the_board_and_its_copies_with_it(store: Store) -> None:
    before, told = wait_at(store, END), history(store)
    decide(store, replace(act("reject", "odd", END + 1), since=at(60 * 75)))
    after = wait_at(store, END + 1)
    assert isinstance(before.value, float) and isinstance(after.value, float) and after.value < before.value
    odd = {piece.post: piece for piece in after.evidence if piece.post.startswith("odd")}
    assert odd["odd"].weight == odd["odd2"].weight == 0 and odd["odd"].note == "rejected at the desk"
    assert [e for e in history(store) if e.at < at(END + 1)] == told  # what was told before stays told


def test_undone_it_is_as_if_nobody_had_decided(store: Store) -> None:
    before = wait_at(store, END)
    decide(store, replace(act("reject", "odd", END + 1), since=at(60 * 75)))
    decide(store, replace(act("undo", "odd", END + 2, undoes=1), since=at(60 * 75)))
    assert replace(wait_at(store, END + 2), at=before.at).evidence == before.evidence
    decide(store, replace(act("undo", "odd", END + 3, undoes=2), since=at(60 * 75)))  # and the undoing can be undone
    assert wait_at(store, END + 3).evidence != before.evidence


def test_confirmed_it_weighs_as_an_authority_and_new_evidence_overrules_it(store: Store) -> None:
    before = wait_at(store, END)
    decide(store, replace(act("confirm", "odd", END + 1), since=at(60 * 75)))
    after = wait_at(store, END + 1)
    assert after.value > before.value  # type: ignore[operator]
    assert next(piece for piece in after.evidence if piece.post == "odd").note == "confirmed at the desk"
    others = [by(n, post(f"late{n}", END + 10 + n, f"{290 + n} {chr(97 + n) * 20}")) for n in range(12)]
    load(store, others)
    settle(store, REGIONS, KINDS)
    assert wait_at(store, END + 90).value < after.value  # type: ignore[operator]


def test_corrected_it_says_what_the_desk_saw_at_the_same_instant(store: Store) -> None:
    decide(store, replace(act("correct", "odd", END + 1, value=330.0), since=at(60 * 75)))
    pieces = [piece for piece in wait_at(store, END + 1).evidence if piece.post == "odd"]
    assert {(piece.value, piece.note) for piece in pieces} >= {(330.0, "corrected at the desk")}
    assert all(piece.said_at == at(60 * 75) for piece in pieces)


def test_a_marked_source_counts_no_more(store: Store) -> None:
    source = next(store.reports()).community
    decide(
        store, replace(act("mark", "", END + 1, source=source, value="hostile", crossing=None, post=None), since=NOON)
    )
    told = wait_at(store, END + 1)
    assert told.value is None and told.newest is None and told.voices == 0
