"""Rumours out of a store: sayings with their copies, and the reports they are held against, whatever came in first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from verst.fusion.verdicts import Rumour
from verst.geography import load_regions
from verst.model import Chat, Claim, Post
from verst.reading.reader import Reader
from verst.store import Store, open_store
from verst.work.intake import Tally, keep_posts
from verst.work.rumoured import crossings_of, find_rumours, places_beside, rumour_row

READER, REGIONS = Reader.load(), load_regions()
START = datetime(2022, 9, 27, 8, tzinfo=UTC)
LARS = Chat(title="Lars", kind="group", about="verkhny-lars")
WORDS = "По данным наших источников уже 250 000 россиян в Грузии после мобилизации, и это не предел"


def post(name: str, minutes: float, text: str, **more: object) -> Post:
    at = START + timedelta(minutes=minutes)
    return Post(id=name, chat=LARS, posted_at=at, text=text, author=f"who {name}", **more)  # type: ignore[arg-type]


def count(people: float) -> Post:
    claim = Claim(kind="flow", crossing="RU-GE", toward="GE", value=people, stance="official")
    table = Chat(title="counts", kind="channel")
    return Post(id="count", chat=table, posted_at=START - timedelta(hours=3), text="", official=True, given=(claim,))


POSTS = [
    count(10_804.0),
    post("a", 0, WORDS),
    post("b", 9, WORDS),
    post("c", 12, f"{WORDS}!!"),
    post("d", 20, "250 тысяч уже в Грузии"),
    post("e", 30, "С 29 сентября мужчин не выпустят"),
    post("f", 31, "с 29го мужикам выезд закроют"),
    post("g", 32, "с 29 сентября мужчин перестанут выпускать"),
    *(post(f"moves {n}", 60 * (40 + n), "Верхний Ларс: очередь движется, пропускают") for n in range(3)),
]


def rumours(folder: Path, posts: list[Post], hours: float, place: str | None = None) -> list[Rumour]:
    store: Store = open_store(f"sqlite:///{folder / f'{len(list(folder.iterdir()))}.db'}")
    for each in posts:
        keep_posts([each], store, READER, Tally(), [])
    found = find_rumours(store, START + timedelta(hours=hours), place, regions=REGIONS)
    store.close()
    return found


def test_what_is_told_in_the_same_words_has_one_root(tmp_path: Path) -> None:
    (found,) = rumours(tmp_path, POSTS, 1.0, "RU-GE")
    assert (found.kind, found.verdict, found.posts, found.roots) == ("total", "contradicted", 4, 2)
    assert found.turns[0].at == START and found.turns[0].post == "count"


def test_a_closing_of_a_country_is_held_against_every_crossing_of_its_borders(tmp_path: Path) -> None:
    (before,) = rumours(tmp_path, POSTS, 24.0, "RU")
    assert (before.kind, before.verdict, before.posts) == ("closing", "unverified", 3)
    (after,) = rumours(tmp_path, POSTS, 100.0, "RU")
    assert after.verdict == "contradicted" and after.turns[0].at == datetime(2022, 9, 29, 21, tzinfo=UTC)
    assert "verkhny-lars" in crossings_of("RU", REGIONS) and crossings_of("RU-GE", REGIONS) == ["verkhny-lars"]
    assert set(places_beside("RU-GE", REGIONS)) == {"RU-GE", "RU", "GE"}
    assert places_beside("verkhny-lars", REGIONS) == ("verkhny-lars", "RU-GE")


def test_whatever_comes_in_first_the_rumours_are_the_same(tmp_path: Path) -> None:
    assert rumours(tmp_path, POSTS, 100.0) == rumours(tmp_path, POSTS[::-1], 100.0)


def test_a_row_tells_all_of_it_and_nobody(tmp_path: Path) -> None:
    rows = [rumour_row(each) for each in rumours(tmp_path, POSTS, 100.0)]
    closing = next(row for row in rows if row["kind"] == "closing")
    assert (closing["whom"], closing["due"], closing["since"]) == ("men", "2022-09-28T21:00:00Z", None)
    assert "who" not in closing and "who a" not in str(rows)
