"""From what people write to what is told: the real reading and fusion, post by post, as a live board meets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.store.samples import at, post
from verst.geography import load_kinds, load_regions
from verst.model import Post
from verst.notices import Alert
from verst.reading.reader import Reader
from verst.store import open_store
from verst.work.alerting import Alerting
from verst.work.intake import Tally, keep_posts
from verst.work.settling import settle

REGIONS, KINDS, READER = load_regions(), {kind.id: kind for kind in load_kinds()}, Reader.load()
OPEN = [
    "Ларс открыт, в Грузию пропускают, очередь движется",
    "Только что прошел в Грузию, пропускают всех",
    "Ларс работает, пускают в Грузию",
    "проехали Ларс в Грузию, открыто",
    "очередь в Грузию движется, пускают",
]
SHUT = [
    "Ларс закрыт, в Грузию никого не пускают",
    "граница закрыта, всех разворачивают",
    "Стоим у шлагбаума, Ларс закрыли, в Грузию не выпускают",
    "Подтверждаю, закрыто, стоим",
    "Верхний Ларс закрыт полностью",
]


def said(texts: Sequence[str], first: int, every: int, name: str) -> list[Post]:
    """One post each, by people of their own, from so many minutes past noon on."""
    start = ord(name) << 16
    return [
        replace(post(f"{name}{n}", first + every * n, text), author=f"{start + n:016x}") for n, text in enumerate(texts)
    ]


def live(
    folder: Path, posts: Sequence[Post], until: int, late: Sequence[Post] = (), arrive: int = 0, every: int = 15
) -> list[Alert]:
    """What a board tells that looks every few minutes; ``late`` posts come in only at ``arrive``."""
    store = open_store(f"sqlite:///{folder / 'verst.db'}")
    alerting, told, seen = Alerting(store, REGIONS, KINDS), list[Alert](), set[str]()
    for minutes in range(-420, until + 1, every):
        now = at(minutes)
        come = [*posts, *(late if minutes >= arrive else ())]
        fresh = [each for each in come if each.posted_at <= now and each.id not in seen]
        seen |= {each.id for each in fresh}
        if fresh:
            keep_posts(fresh, store, READER, Tally(), [])
        settle(store, REGIONS, KINDS, now=now)
        told += [alert for alert in alerting.tell(now) if alert.where == "verkhny-lars"]
    store.close()
    return told


def test_a_closure_and_its_end_are_told_once_each_and_the_night_between_tells_nothing(tmp_path: Path) -> None:
    posts = said(OPEN * 2, -420, 25, "a") + said(SHUT, 0, 6, "b") + said(OPEN * 2, 400, 7, "c")
    told = live(tmp_path, posts, 600)
    assert [alert.reason for alert in told] == ["closed", "opened"]
    assert at(0) < told[0].at <= at(45) and at(400) < told[1].at <= at(490)
    assert told[1].follows == told[0].id and all((alert.voices or 0) >= 3 for alert in told)


def test_what_was_told_between_two_points_of_the_grid_is_not_taken_back_when_the_next_has_come(tmp_path: Path) -> None:
    posts = said(OPEN * 2, -240, 25, "a") + said(SHUT * 2, 1, 1, "b")
    told = live(tmp_path, posts, 120, every=4)
    assert [(alert.reason, alert.takes_back) for alert in told] == [("closed", None)] and told[0].at < at(15)


def test_after_a_closure_silence_is_no_opening(tmp_path: Path) -> None:
    told = live(tmp_path, said(OPEN * 2, -420, 25, "a") + said(SHUT, 0, 6, "b"), 900)
    assert [alert.reason for alert in told] == ["closed"]


def test_late_posts_of_the_same_hour_take_a_closure_back(tmp_path: Path) -> None:
    posts = said(OPEN * 2, -420, 25, "a") + said(SHUT[:3], 0, 4, "b")
    told = live(tmp_path, posts, 180, late=said(OPEN * 3, 1, 1, "d"), arrive=90)
    assert [(alert.reason, alert.why) for alert in told] == [("closed", None), ("closed", "remade")]
    assert told[1].takes_back == told[0].id and told[1].at == at(90)
