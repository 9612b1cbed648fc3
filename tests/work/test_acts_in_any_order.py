"""Acts and posts, some of them hours late, in whatever order: the history is that of knowing everything at once."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.store.samples import at
from tests.work.test_acts import KINDS, REGIONS, act, history, load, open_empty, some_posts
from verst.desk import Act
from verst.model import Post
from verst.store.desk import desk_of
from verst.work.settling import settle, settle_acts

LAST = 69 * 75  # minutes: the last post
LATE = (0, 0, 0, 90, 700)  # minutes by which posts come late


def some_acts(chance: random.Random, posts: list[Post]) -> list[Act]:
    """A dozen acts of every kind that fusion hears, each on something that was said by then."""
    made: list[Act] = []
    for minutes in sorted(chance.randint(300, LAST) for _ in range(12)):
        verb = chance.choice(["confirm", "reject", "correct", "undo", "mark"])
        said = chance.choice([each for each in posts if each.posted_at <= at(minutes)][-30:])
        if verb == "undo" and made:
            n = chance.randrange(len(made))
            made.append(replace(made[n], verb="undo", at=at(minutes), undoes=n + 1, value=None))
        elif verb == "mark":
            about = {"crossing": None, "post": None, "source": said.author, "since": at(minutes) - timedelta(days=1)}
            made.append(act("mark", "", minutes, value=chance.choice(["hostile", "official"]), **about))
        elif verb != "undo":
            made.append(act(verb, said.id, minutes, value=chance.uniform(100, 2000) if verb == "correct" else None))
    return made


@pytest.mark.parametrize("seed", [1, 4, 9, 17])
def test_the_order_in_which_all_came_leaves_no_trace(tmp_path: Path, seed: int) -> None:
    chance, posts, end = random.Random(seed), some_posts(), at(LAST + 100)
    acts = some_acts(chance, posts)
    whole, live = open_empty(tmp_path / "a"), open_empty(tmp_path / "b")
    load(whole, posts)
    for each in acts:
        desk_of(whole).add(each)
    settle(whole, REGIONS, KINDS, now=end)
    came: list[tuple[datetime, Post | Act]] = [(each.at, each) for each in acts]
    came += [(post.posted_at + timedelta(minutes=chance.choice(LATE)), post) for post in posts]
    for when, each in sorted(came, key=lambda pair: (pair[0], isinstance(pair[1], Act))):
        if isinstance(each, Act):
            desk_of(live).add(each)
            settle_acts(live, REGIONS, KINDS, when)
        else:
            load(live, [each])
            settle(live, REGIONS, KINDS, now=when)
    settle(live, REGIONS, KINDS, now=end)
    assert [told for told in history(live) if told.at < end] == [told for told in history(whole) if told.at < end]
    whole.close()
    live.close()
