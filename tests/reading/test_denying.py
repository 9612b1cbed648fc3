"""What an answer that opens with a denial speaks against, and what it only laughs at."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from verst.model import Chat, Post, Reply
from verst.reading.reader import Reader

READER = Reader.load()


@pytest.mark.parametrize(
    ("said", "answer", "denied"),
    [
        ("пять миль, это восемь км хвост", "какие мили, вы где живёте", []),
        ("хвост восемь км", "какие восемь, тут пусто", [8.0]),
        ("пять миль хвост", "неправда", [8.045]),
    ],
)
def test_a_measure_that_is_laughed_at_leaves_the_length_as_it_was(said: str, answer: str, denied: list[float]) -> None:
    chat = Chat(title="Ларс", kind="group", about="verkhny-lars")
    at = datetime(2022, 9, 22, 5, tzinfo=UTC)
    post = Post(id="b", chat=chat, posted_at=at, text=answer, reply_to=Reply(post="a", text=said))
    assert [claim.value for claim in READER.read(post).denials] == pytest.approx(denied)
