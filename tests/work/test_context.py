"""What a post goes on from, in whatever order posts come in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

from tests.store.samples import NOON, post
from verst.model import Chat, Post, Reply
from verst.reading.reader import Reader
from verst.store import open_store
from verst.work.context import Context, Following
from verst.work.intake import Tally, keep_posts
from verst.work.replaying import replay_posts

READER = Reader.load()
CHAT = Chat(title="Дорога", kind="group")


def part(name: str, seconds: float, text: str, **more: object) -> Post:
    at = NOON + timedelta(seconds=seconds)
    return replace(post(name, text=text), posted_at=at, chat=CHAT, lang="ru", **more)


PARTS = [part("p1", 0, "на Ларсе"), part("p2", 20, "стоим"), part("p3", 50, "часов 7 уже")]


def before(*posts: Post) -> tuple[str, ...]:
    return list(Context(posts).told())[-1][1].before


def test_a_post_goes_on_from_its_writers_last_ones() -> None:
    assert before(*PARTS) == ("на Ларсе", "стоим")
    assert [told.before for told in map(Following().follow, PARTS)] == [(), ("на Ларсе",), ("на Ларсе", "стоим")]


def test_what_is_no_part_of_the_message() -> None:
    last = PARTS[-1]
    for other in (
        replace(PARTS[1], author="cd" * 8),
        replace(PARTS[1], author=None),
        replace(PARTS[1], chat=Chat(title="Другая", kind="group")),
        replace(PARTS[1], posted_at=NOON - timedelta(minutes=5)),
        replace(PARTS[1], posted_at=NOON + timedelta(minutes=1)),
        replace(PARTS[1], forwarded_from="ef" * 8),
        replace(PARTS[1], text="слово " * 40),
    ):
        assert before(other, last) == (), other
    assert before(PARTS[1], replace(last, reply_to=Reply(text="как там?"))) == ()
    assert before(replace(PARTS[1], reply_to=Reply(text="как там?")), last) == ("стоим",)
    assert before(*(part(f"p{n}", n, f"раз {n}") for n in range(6))) == ("раз 2", "раз 3", "раз 4")


def test_ids_of_one_second_are_in_the_order_of_their_numbers() -> None:
    assert before(part("c/10", 0, "второе"), part("c/9", 0, "первое"), part("c/11", 0, "третье")) == (
        "первое",
        "второе",
    )


def test_every_order_of_coming_in_ends_alike(tmp_path: Path) -> None:
    found = []
    for n, order in enumerate(permutations(PARTS)):
        store = open_store(f"sqlite:///{tmp_path / f'{n}.db'}")
        for each in order:
            keep_posts([each], store, READER, Tally(), [])
        found.append((list(store.reports()), store.readings(["p1", "p2", "p3"])))
        store.close()
    assert all(each == found[0] for each in found)
    (report,) = found[0][0]
    assert (report.post, report.claim.crossing, report.claim.value) == ("p3", "verkhny-lars", 420)


def test_an_edit_of_the_part_before_is_heard(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    keep_posts(PARTS, store, READER, Tally(), [])
    keep_posts(
        [replace(PARTS[0], text="на Озинках", edited_at=NOON + timedelta(minutes=9))], store, READER, Tally(), []
    )
    assert {report.claim.crossing for report in store.reports()} == {"ozinki-taskala"}
    store.close()


def test_a_replay_reads_them_so_too() -> None:
    assert [(r.post, r.claim.value) for r in replay_posts(reversed(PARTS), READER)] == [("p3", 420)]
