"""A wait that is told beside a longer one is the part that is stood on the side it names, and no wait for all of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from verst.model import Chat, Post
from verst.reading.reader import Reader

READER = Reader.load()
AT = datetime(2022, 9, 29, 12, tzinfo=UTC)


def waits(text: str, about: str) -> list[tuple[float, str | None]]:
    chat = Chat(title="очередь", kind="group", about=about)
    claims = READER.read(Post(id="p", chat=chat, posted_at=AT, text=text)).claims
    return [(float(c.value or 0), c.side) for c in claims if c.kind == "wait"]


@pytest.mark.parametrize(
    ("text", "about", "wanted"),
    [
        ("Прошли: 6 часов, финны 30 мин", "vaalimaa-torfyanovka", [(360.0, None), (30.0, "FI")]),
        ("МЫ ПРОШЛИ, 53 часа. Грузины быстро, 40 минут", "verkhny-lars", [(3180.0, None), (40.0, "GE")]),
        ("Машина, Грузию прошёл за 40 минут, на российской стояли 46 часов", "verkhny-lars",
         [(40.0, "GE"), (2760.0, None)]),
        ("Грузия: стоим 40 минут", "verkhny-lars", [(40.0, None)]),
        ("В Грузию стояли 5 часов, вчера 6 часов", "verkhny-lars", [(300.0, None), (360.0, None)]),
    ],
)  # fmt: skip
def test_a_part_is_told_apart(text: str, about: str, wanted: list[tuple[float, str | None]]) -> None:
    assert waits(text, about) == wanted
