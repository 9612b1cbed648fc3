"""What posts are found by: beginnings of words, things by their name in any language, places by any name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from verst.model import Chat, Post
from verst.reading.reader import Reader

READER = Reader.load()


def is_found(text: str, wanted: str, lang: str | None = None) -> bool:
    chat = Chat(title="t", kind="group")
    post = Post(id="p", chat=chat, posted_at=datetime(2022, 9, 26, tzinfo=UTC), text=text, lang=lang)
    words = READER.findable(post).split()
    return all(
        any(word == term or (term.endswith("*") and word.startswith(term[:-1])) for term in group for word in words)
        for group in READER.terms(wanted)
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("На границе стоят мотоциклисты с гитарами", "гитара"),
        ("На Верхнем Ларсе хвост пять километров", "Ларс"),
        ("На Верхнем Ларсе хвост пять километров", "Upper Lars"),
        ("На Верхнем Ларсе хвост пять километров", "queue"),
        ("There is no water in the queue at Lars", "вода"),
        ("Jonossa Vaalimaalla ei ole vettä", "water Vaalimaa"),
        ("ლარსზე წყალი არ არის", "вода Ларс"),
        ("volunteers hand out tea at Medyka", "Медика"),
        ("上拉尔斯排队很长", "очередь Ларс"),
        ("заправка в Чми без бензина", "fuel"),
    ],
)
def test_a_post_is_found(text: str, wanted: str) -> None:
    assert is_found(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("На Верхнем Ларсе хвост пять километров", "Озинки"),
        ("На Верхнем Ларсе хвост пять километров", "очередь туалет"),
        ("There is no water in the queue at Lars", "fuel"),
        ("пограничник спросил паспорт", "границы дождь"),
        ("Водители ждут на Верхнем Ларсе 40 часов", "вода Ларс"),
    ],
)
def test_another_post_is_not(text: str, wanted: str) -> None:
    assert not is_found(text, wanted)


def test_latin_letters_are_read_as_they_are_meant() -> None:
    assert is_found("stoim v ocheredi na larse", "очередь Ларс", "ru-Latn")


def test_nothing_is_searched_for_by_signs_alone() -> None:
    assert (
        READER.terms("?!… — 🚗") == []
        and READER.findable(
            Post(id="p", chat=Chat(title="t", kind="group"), posted_at=datetime(2022, 9, 26, tzinfo=UTC), text="🚗 …")
        )
        == ""
    )
