"""What authorities announce: waits at a terminal, numbers in a bulletin, lists of crossings, things that are shut."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import bulletins, ferry
from verst.model import Chat, Post
from verst.reading.reader import Reader

READER = Reader.load()
_EVERY = 9  # of the labelled rows: the bench reads all of them


def told(lang: str, text: str, *, official: bool = True) -> list[tuple[str, str, str, float | str | None]]:
    chat = Chat(title="Border service", kind="channel")
    at = datetime(2023, 5, 5, 6, tzinfo=UTC)
    read = READER.read(Post(id="p", chat=chat, posted_at=at, text=text, lang=lang, official=official))
    return [(claim.kind, claim.crossing, claim.mode, claim.value) for claim in read.claims]


def test_waits_of_a_ferry_are_read_with_one_region_file_more(shared: Path) -> None:
    rows = ferry.load_labelled()
    if rows is None:
        pytest.skip("the labelled waits are not in the shared data")
    examined = ferry.load_examined()
    some = [row for number, row in enumerate(rows) if number % _EVERY == 0 or row.id in examined]
    wrong = {row.id for row, _ in ferry.disagreements(some)}
    assert len(wrong - set(examined)) <= 0.03 * len(some) and len(rows) == 1945
    assert wrong <= set(examined), "look at these, and say in bench/ferry_examined.toml who is wrong"


def test_numbers_of_official_bulletins_are_read(shared: Path) -> None:
    rows = bulletins.load_bulletins()
    if rows is None:
        pytest.skip("the bulletins are not in the shared data")
    counts, wrong = bulletins.compare(rows[::_EVERY])
    right = sum(n for (_, good), n in counts.items() if good)
    assert right > 500 and right / sum(counts.values()) >= 0.99, wrong


MEDYKA, KORCZOWA, DOROHUSK = "shehyni-medyka", "krakovets-korczowa", "yahodyn-dorohusk"
LISTS = [
    (
        "uk",
        "Станом на 08:00\nШегині ........ 35 авто\nКраківець ........ 120 авто\nЯгодин ........ черга відсутня",
        {
            ("queue_count", MEDYKA, "car", 35),
            ("queue_count", KORCZOWA, "car", 120),
            ("passage", DOROHUSK, "any", "free"),
        },
    ),
    (
        "uk",
        "ПП Ягодин\nЛегкові: 40\nАвтобуси: 3\nВантажні: 1200",
        {("queue_count", DOROHUSK, mode, count) for mode, count in (("car", 40), ("bus", 3), ("truck", 1200))},
    ),
    (
        "ru",
        "Верхний Ларс\nЛегковые автомобили: 340\nГрузовые: 1200\nАвтобусы: 0",
        {
            ("queue_count", "verkhny-lars", "car", 340),
            ("queue_count", "verkhny-lars", "truck", 1200),
            ("passage", "verkhny-lars", "bus", "free"),
        },
    ),
    (
        "en",
        "Medyka crossing: cars waiting: 45\nTrucks waiting: 320",
        {("queue_count", MEDYKA, "car", 45), ("queue_count", MEDYKA, "truck", 320)},
    ),
    (
        "en",
        "Medyka ...... 1 hour wait\nKorczowa ...... no wait\nDorohusk ...... 2+ hr",
        {("wait", MEDYKA, "any", 60), ("passage", KORCZOWA, "any", "free"), ("wait", DOROHUSK, "any", 120)},
    ),
    ("pl", "Przejście w Medyce: liczba samochodów przed przejściem: 45", {("queue_count", MEDYKA, "car", 45)}),
    ("ru", "Количество фур перед пунктом пропуска Маштаково: 250", {("queue_count", "mashtakovo-syrym", "truck", 250)}),
    (
        "uk",
        "Шегині: вантажівки – пропуск тимчасово не здійснюється, легкові – 20",
        {("passage", MEDYKA, "truck", "paused"), ("queue_count", MEDYKA, "car", 20)},
    ),
    (
        "fi",
        "Vaalimaa: henkilöautot 20 min, kuorma-autot 3 tuntia",
        {("wait", "vaalimaa-torfyanovka", "car", 20), ("wait", "vaalimaa-torfyanovka", "truck", 180)},
    ),
    (
        "uk",
        "Шегині – 20 авто, Краківець – 35, Ягодин – 0.",
        {
            ("queue_count", MEDYKA, "car", 20),
            ("queue_count", KORCZOWA, "car", 35),
            ("passage", DOROHUSK, "car", "free"),
        },
    ),
    (
        "en",
        "Wait times: Medyka 2h (cars), 12h (trucks); Dorohusk closed",
        {("wait", MEDYKA, "car", 120), ("wait", MEDYKA, "truck", 720), ("passage", DOROHUSK, "any", "closed")},
    ),
    (
        "zh",
        "上拉尔斯口岸：小汽车 200 辆，货车 1200 辆",
        {("queue_count", "verkhny-lars", "car", 200), ("queue_count", "verkhny-lars", "truck", 1200)},
    ),
]


@pytest.mark.parametrize(("lang", "text", "claims"), LISTS)
def test_lists_and_labels(lang: str, text: str, claims: set[tuple[str, str, str, float | str]]) -> None:
    assert set(told(lang, text)) == claims


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "No extended wait at Medyka"),
        ("en", "Update - there is no significant queue at Medyka."),
        ("en", "No longer an extended wait at Medyka"),
        ("uk", "Шегині: великих черг немає, немає суттєвих черг"),
        ("ru", "Шегини: нет значительных очередей"),
        ("pl", "Medyka: brak większych kolejek"),
        ("de", "Medyka: keine nennenswerte Wartezeit"),
        ("fr", "Medyka : pas de longue attente"),
    ],
)
def test_no_queue_worth_the_name_is_none(lang: str, text: str) -> None:
    assert told(lang, text) == [("passage", MEDYKA, "any", "free")]


def test_a_long_queue_is_not_free() -> None:
    assert told("en", "Extended wait at Medyka - 90 minutes") == [("wait", MEDYKA, "any", 90)]
    assert told("en", "There is a significant queue at Medyka") == []


def test_each_crossing_of_a_sentence_has_the_figure_of_its_clause() -> None:
    said = told("en", "One hour wait at Korczowa, no wait in Medyka - two hour wait at Dorohusk")
    assert set(said) == {
        ("wait", KORCZOWA, "any", 60),
        ("passage", MEDYKA, "any", "free"),
        ("wait", DOROHUSK, "any", 120),
    }


@pytest.mark.parametrize(
    "text",
    [
        "The wait time sign at Medyka is out of service",
        "Medyka: the webcam of the car park is not working",
        "Medyka - the 16:20 departure is delayed 30 minutes",
        "The train left Medyka 17 minutes behind schedule",
        "A 188-car ferry is back at Medyka",
    ],
)
def test_what_is_beside_a_crossing_says_nothing_of_it(text: str) -> None:
    assert told("en", text) == []


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ru", "Верхний Ларс. Цена за авто: 300"),
        ("ru", "Верхний Ларс, в авто: 4"),
        ("uk", "Шегині. Швидкість авто: 40"),
        ("ru", "За сутки через Верхний Ларс проехали легковые: 1200, грузовые: 800"),
    ],
)
def test_a_label_of_something_else_counts_no_queue(lang: str, text: str) -> None:
    assert [claim for claim in told(lang, text) if claim[0] == "queue_count"] == []


@pytest.mark.parametrize(
    ("text", "means"),
    [("Trucks delayed 20 hours at Dorohusk", "truck"), ("We were delayed 20 hours at Dorohusk", "any")],
)
def test_people_and_lorries_that_are_late_wait(text: str, means: str) -> None:
    assert told("en", text) == [("wait", DOROHUSK, means, 1200)]


def test_a_queue_said_with_a_hyphen_is_one() -> None:
    assert told("en", "A 188-car queue at Medyka") == [("queue_count", MEDYKA, "car", 188)]
    assert told("en", "Medyka crossing closed until further notice") == [("passage", MEDYKA, "any", "closed")]
