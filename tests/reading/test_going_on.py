"""One message split over posts of one writer: the last takes from those before what it lacks, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from verst.model import Chat, Post, Reading
from verst.reading.reader import Reader

READER = Reader.load()
LARS, OZINKI = "verkhny-lars", "ozinki-taskala"


def read(lang: str, *parts: str, about: str | None = None) -> Reading:
    chat = Chat(title="Дорога", kind="group", about=about)
    at = datetime(2023, 3, 4, 9, tzinfo=UTC)
    return READER.read(Post(id="p", chat=chat, posted_at=at, text=parts[-1], lang=lang, before=parts[:-1]))


SPLIT = [
    ("ru", ("на Ларсе", "стоим", "часов 7 уже"), ("wait", LARS, "any", 420)),
    ("ru", ("Ларс", "машин", "двести"), ("queue_count", LARS, "car", 200)),
    ("ru", ("стоим 5 часов", "на Озинках"), ("wait", OZINKI, "any", 300)),
    ("ru", ("На Ларсе сейчас", "пешком не пускают"), ("mode_rule", LARS, "foot", "refused")),
    ("uk", ("Шегині", "черга авто", "десь 40"), ("queue_count", "shehyni-medyka", "car", 40)),
    ("en", ("Medyka right now", "3 hour wait"), ("wait", "shehyni-medyka", "any", 180)),
    ("de", ("Medyka", "Wartezeit", "2 Stunden"), ("wait", "shehyni-medyka", "any", 120)),
    ("ka", ("ლარსზე", "რიგი 5 კილომეტრი"), ("queue_length", LARS, "any", 5)),
]


@pytest.mark.parametrize(("lang", "parts", "said"), SPLIT)
def test_the_last_part_takes_what_it_lacks(
    lang: str, parts: tuple[str, ...], said: tuple[str, str, str, float]
) -> None:
    assert [(c.kind, c.crossing, c.mode, c.value) for c in read(lang, *parts).claims] == [said]


@pytest.mark.parametrize(("lang", "parts", "said"), SPLIT)
def test_it_says_nothing_alone_in_a_chat_about_no_crossing(lang: str, parts: tuple[str, ...], said: object) -> None:
    assert said not in [(c.kind, c.crossing, c.mode, c.value) for c in read(lang, parts[-1]).claims]


def test_another_crossing_named_before_is_the_one_spoken_of() -> None:
    (claim,) = read("ru", "На Маштаково", "стоим 3 часа", about=LARS).claims
    assert (claim.crossing, claim.value) == ("mashtakovo-syrym", 180)


def test_whole_statements_are_left_to_themselves() -> None:
    (claim,) = read("ru", "На Ларсе очередь 5 км", "стоим 3 часа", about=LARS).claims
    assert (claim.kind, claim.value) == ("wait", 180)
    (claim,) = read("ru", "а что на Озинках?", "мы стоим 5 часов", about=LARS).claims
    assert claim.crossing == LARS, "what was asked of another crossing is not what is told"


@pytest.mark.parametrize(
    ("parts", "topic"),
    [
        (("кто-нибудь знает", "пешком пускают"), "mode_rule"),
        (("если поедем в субботу", "часов 10 простоим"), None),
        (("завтра", "закрывают Ларс"), None),
    ],
)
def test_what_the_words_before_ask_or_suppose_is_no_claim(parts: tuple[str, ...], topic: str | None) -> None:
    told = read("ru", *parts, about=LARS)
    assert told.claims == () and (told.question.topic if told.question else None) == topic
    assert read("ru", parts[-1], about=LARS).claims, "alone it would be one"


def test_our_own_queue_is_not_where_another_was_said_to_be_fine() -> None:
    (claim,) = read("ru", "Озинки норм", "а у нас", "стоит колом", about=LARS).claims
    assert claim.crossing == LARS


def test_nothing_is_said_twice() -> None:
    assert read("ru", "на Ларсе 200 машин", "ребят", "держитесь").claims == ()


def test_spans_lie_in_the_last_part() -> None:
    (claim,) = read("ru", "на Ларсе", "стоим", "часов 7 уже").claims
    assert claim.span == (0, 7)
    (claim,) = read("ru", "стоим 5 часов", "на Озинках").claims
    assert claim.span is None, "its words stand in the part before"


def test_a_question_over_two_posts() -> None:
    asked = read("ru", "Всем привет", "на Ларсе", "большая очередь?").question
    assert asked is not None and asked.crossing == LARS
    assert read("ru", "как там на Ларсе?", "подскажите").question is None, "asked once is asked once"


def test_a_denial_of_what_was_just_said() -> None:
    told = read("ru", "пишут на Ларсе очередь 35 км", "это фейк")
    assert not told.claims and [(c.kind, c.value) for c in told.denials] == [("queue_length", 35)]
