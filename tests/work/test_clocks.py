"""Clocks go wrong, ours and others': posts of the future move nothing before their time, and nobody waits for long."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from tests.store.samples import at, post
from tests.work.child import FigureReader
from verst.geography import load_kinds, load_regions
from verst.model import Estimate, Post
from verst.outputs.reaching import Answer
from verst.reading.reader import Reader
from verst.sources import Door
from verst.store import Store, open_store
from verst.web.moment import choose_moment
from verst.work import live_until, settle
from verst.work.ears import Ear
from verst.work.intake import Tally, keep_posts
from verst.work.listening import listen_round

REGIONS, KINDS, READER = load_regions(), {kind.id: kind for kind in load_kinds()}, Reader.load()
AHEAD = [post("soon", 45, "Ларс закрыт"), post("later", 3_000, "Ларс закрыт"), post("2030", 4_000_000, "стоим 9 часов")]
NOW = [post("a", 0, "стоим на Ларсе 5 часов"), post("b", 9, "Ларс открыт, пропускают"), post("c", 20, "очередь 3 км")]


def board(file: Path, posts: list[Post], *times: float) -> tuple[Store, list[Estimate]]:
    store = open_store(f"sqlite:///{file}")
    keep_posts(posts, store, READER, Tally(), [])
    for minutes in times:
        settle(store, REGIONS, KINDS, now=at(minutes))
    return store, store.estimates_between("verkhny-lars", at(-(10**6)), at(10**7))


def test_posts_of_the_future_move_nothing_before_their_time_and_are_heard_then(tmp_path: Path) -> None:
    _, without = board(tmp_path / "without.db", NOW, 21, 25)
    ahead, told = board(tmp_path / "ahead.db", [*NOW, *AHEAD], 21, 25)
    assert told == without
    assert ahead.span() != ahead.span(at(25)) == (at(0), at(20)) and ahead.span(at(-1)) is None
    for minutes in (33, 47, 3_000):
        settle(ahead, REGIONS, KINDS, now=at(minutes))
    _, both = board(tmp_path / "both.db", [*NOW, *AHEAD], 3_000)
    assert ahead.estimates_between("verkhny-lars", at(-(10**6)), at(10**7)) == both
    assert any(piece.post == "soon" for each in both for piece in each.evidence)


def test_a_post_of_another_century_neither_moves_the_board_nor_wakes_an_archive(tmp_path: Path) -> None:
    store, _ = board(tmp_path / "verst.db", [*NOW, *AHEAD])
    assert choose_moment(None, None, store.span(at(60)), at(60)).at == at(60)
    assert live_until(store, at(60)) == at(60)
    assert live_until(store, at(60 * 24 * 30)) is None
    assert choose_moment(None, None, store.span(at(60 * 24 * 30)), at(60 * 24 * 30)).at == at(3_000)


@pytest.mark.parametrize("hours", [3, 40])
def test_a_clock_set_back_lets_ears_be_asked_at_once(tmp_path: Path, hours: int) -> None:
    store, asked = open_store(f"sqlite:///{tmp_path / 'verst.db'}"), list[datetime]()

    def ask(when: datetime, status: int = 200) -> None:
        def fetch(*_: object, **more: object) -> Answer:
            asked.append(when)
            return Answer(status, {}, b"")

        ear = Ear(name="site", url="http://127.0.0.1/feed", minutes=10, source="posts")
        listen_round([ear], store, Door(b"k" * 32), FigureReader(), at=when, fetch=fetch, dice=Random(1),
                     on_skip=lambda _: None)  # fmt: skip

    wrong = at(60 * hours)
    for when, status in ((wrong, 200), (at(0), 503), (at(1), 503), (at(25), 200), (at(26), 200), (at(38), 200)):
        ask(when, status)
    assert asked == [wrong, at(0), at(25), at(38)]
