"""Figures as people in a queue say them: slang, pieces, groups, running days, what took so long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bench import amounts as bench_amounts
from tests.reading.figures import OFFSET, both, find, find_times, one

SLANG = [
    ("ru", "пятнашку косарей", 15000),
    ("ru", "тридцатку косарей", 30000),
    ("ru", "чирик тысяч", 10000),
    ("ru", "полтос косарей", 50000),
    ("ru", "сотка тысяч", 100000),
    ("ru", "15 тр/чел", 15000),
    ("ru", "40 т.р.", 40000),
    ("ru", "20 к рублей", 20000),
    ("ru", "по 10 тыс. рублей", 10000),
    ("ru", "4000 сутки", 4000),
    ("ru", "пять с половиной тысяч с лишним", 5500),
    ("uk", "дев'ятсот з хвостом", 900),
    ("fi", "kolmisenkymmentä", 30),
    ("fi", "parisataa", 200),
    ("zh", "7 700余人", 7700),
    ("tr", "10 bine yakın araç", 10000),
    ("kk", "7 мыңнан астам", 7000),
    ("ka", "ათასზე მეტი", 1000),
    ("be", "пад 90", 90),
]


@pytest.mark.parametrize(("lang", "text", "value"), SLANG)
def test_slang_and_suffixes_are_one_number(lang: str, text: str, value: float) -> None:
    amounts, hits = both(text, lang)
    assert [a.value for a in amounts] == [value] and not hits


@pytest.mark.parametrize("text", ["к колонне", "едем к границе", "K чему это"])
def test_a_lone_letter_is_no_thousand(text: str) -> None:
    assert find(text, "ru") == []


def test_a_preposition_after_a_number_is_no_thousand() -> None:
    assert one("машин 20 к границе", "ru").value == 20
    assert [a.value for a in find("на 40% к вчерашнему", "ru")] == [40]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("tr", "yüzde 20"),
        ("tr", "%20"),
        ("zh", "百分之二十"),
        ("ar", "20 بالمئة"),
        ("en", "20 percent"),
        ("de", "20 Prozent"),
        ("pl", "20 proc."),
        ("ru", "20 %"),
    ],
)
def test_per_cent_before_or_after(lang: str, text: str) -> None:
    amount = one(text, lang)
    assert (amount.value, amount.unit) == (20, "percent")


DURATIONS = [
    ("ru", "2ч20", 140, "exact"),
    ("uk", "2 год 50, бус з Тернополя", 170, "exact"),
    ("ru", "час двадцать и пить чай", 80, "exact"),
    ("ru", "сутки и ещё 5 часов", 1740, "exact"),
    ("ru", "двое суток без десяти часов", 2280, "exact"),
    ("ru", "часа два с половиной", 150, "approx"),
    ("ru", "час с копейками", 60, "min"),
    ("ru", "3 дня", 4320, "exact"),
    ("ru", "третьи сутки", 2880, "min"),
    ("ru", "двадцать первые сутки", 28800, "min"),
    ("ru", "сутки третьи", 2880, "min"),
    ("uk", "сьома доба", 8640, "min"),
    ("be", "дванаццатая гадзіна", 660, "min"),
    ("pl", "czternasty dzień", 18720, "min"),
    ("en", "the twentieth hour", 1140, "min"),
    ("en", "day 3 of waiting", 2880, "min"),
    ("de", "dritter Tag", 2880, "min"),
    ("fi", "neljättä tuntia", 180, "min"),
    ("zh", "第三天", 2880, "min"),
    ("zh", "第3天", 2880, "min"),
    ("ar", "اليوم الثالث", 2880, "min"),
    ("kk", "үшінші күн", 2880, "min"),
]


@pytest.mark.parametrize(("lang", "text", "minutes", "bound"), DURATIONS)
def test_a_duration_as_it_is_said(lang: str, text: str, minutes: float, bound: str) -> None:
    amounts, hits = both(text, lang)
    assert [(a.unit, a.value, a.bound) for a in amounts] == [("minute", minutes, bound)] and not hits


COUNTED = [
    ("ru", "машин в очереди больше тысячи", 1000, "car", "min"),
    ("ru", "фур стоит штук 300", 300, "truck", "approx"),
    ("ru", "перед нами фуры (штук 60)", 60, "truck", "approx"),
    ("ru", "семь штук машин", 7, "car", "exact"),
    ("ru", "машин шестьсот не менее", 600, "car", "min"),
    ("uk", "300 автівок", 300, "car", "exact"),
    ("ru", "12 бусиков", 12, "bus", "exact"),
    ("en", "40 rigs", 40, "truck", "exact"),
    ("fi", "kolmisenkymmentä autoa", 30, "car", "approx"),
]


@pytest.mark.parametrize(("lang", "text", "value", "mode", "bound"), COUNTED)
def test_a_number_counts_the_noun_said_before_it(lang: str, text: str, value: float, mode: str, bound: str) -> None:
    amount = one(text, lang)
    assert (amount.value, amount.unit, amount.mode, amount.bound) == (value, "vehicle", mode, bound)


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("en", "15 an hour", 15),
        ("en", "one per hour", 1),
        ("ru", "раз в час по двадцать", 20),
        ("ru", "по двадцать, раз в час", 20),
        ("ru", "машин по 20-25 в час", 22.5),
        ("uk", "десь 15 на годину", 15),
        ("en", "groups of about 40, two groups an hour", 80),
        ("ru", "два раза в час по 20 машин", 40),
    ],
)
def test_so_many_an_hour(lang: str, text: str, value: float) -> None:
    amounts, _ = both(text, lang)
    assert [(a.value, a.per) for a in amounts] == [(value, "hour")]


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("en", "in half an hour two cars", 2),
        ("en", "two cars in half an hour", 2),
        ("ru", "по 20 человек загоняют внутрь каждые полчаса", 20),
    ],
)
def test_so_many_in_half_an_hour(lang: str, text: str, value: float) -> None:
    amounts, hits = both(text, lang)
    assert [a.per_minutes for a in amounts if a.value == value] == [30] and not hits


@pytest.mark.parametrize(
    ("lang", "text", "minutes"),
    [
        ("en", "my car through in forty min", 40),
        ("ru", "добрался через 7ч", 420),
        ("ar", "بعد أربع ساعات عبرنا", 240),
    ],
)
def test_what_took_so_long_is_no_time_to_come(lang: str, text: str, minutes: float) -> None:
    amounts, hits = both(text, lang)
    assert [a.value for a in amounts] == [minutes] and not hits


@pytest.mark.parametrize(("lang", "text"), [("en", "closing in 2 hours"), ("ru", "откроют через 2 часа")])
def test_what_is_to_come_stays_a_time(lang: str, text: str) -> None:
    assert [h.kind for h in find_times(text, lang)] == ["future"]


CLOCKS = [
    ("ru", "час ночи", "28T01:00"),
    ("ru", "около часа ночи", "28T01:00"),
    ("ru", "два часа дня", "28T14:00"),
    ("ru", "4 часа утра", "28T04:00"),
    ("ru", "14 дня", "28T14:00"),
    ("ru", "вт 13:20", "27T13:20"),
    ("ru", "24-го в 19 часов", "24T19:00"),
    ("ru", "26-го в пять утра", "26T05:00"),
    ("ru", "в полчетвёртого", "28T03:30"),
    ("ru", "в половине пятого утра", "28T04:30"),
    ("ru", "в девятом часу вечера", "27T20:00"),
    ("uk", "перша година ночі", "28T01:00"),
    ("uk", "друга ночі", "28T02:00"),
    ("be", "пятай раніцы", "28T05:00"),
    ("en", "3 o'clock in the morning", "28T03:00"),
    ("fr", "2h du matin", "28T02:00"),
    ("pl", "o godzinie 13", "28T13:00"),
    ("pl", "wpół do czwartej rano", "28T03:30"),
    ("de", "um halb vier", "28T03:30"),
    ("tr", "sabah saat 5'te", "28T05:00"),
    ("kk", "сағат 3-те", "28T03:00"),
    ("ka", "დილის 5 საათზე", "28T05:00"),
    ("ar", "الساعة الثالثة فجرا", "28T03:00"),
    ("zh", "晚上十点半", "27T22:30"),
]


@pytest.mark.parametrize(("lang", "text", "at"), CLOCKS)
def test_an_hour_of_the_day_is_no_duration(lang: str, text: str, at: str) -> None:
    amounts, hits = both(text, lang)
    assert [(h.at + timedelta(minutes=OFFSET)).strftime("%dT%H:%M") for h in hits] == [at] and not amounts


@pytest.mark.parametrize(("lang", "text"), [("ru", "с 26-го"), ("ru", "с 24 числа"), ("uk", "з опівночі")])
def test_since_a_day_without_its_month(lang: str, text: str) -> None:
    assert [h.kind for h in find_times(text, lang)] == ["since"]


def test_a_numbered_post_is_no_day() -> None:
    assert find_times("у 2-го поста", "ru") == []


SPREADS = [
    ("ru", "от получаса до часа", 30, 60),
    ("ru", "полчаса-час", 30, 60),
    ("ru", "час-полтора", 60, 90),
    ("ru", "полтора-два часа", 90, 120),
    ("uk", "за годину-півтори", 60, 90),
    ("en", "an hour or two", 60, 120),
    ("ar", "خمس ست ساعات", 300, 360),
    ("zh", "三四个小时", 180, 240),
]


@pytest.mark.parametrize(("lang", "text", "low", "high"), SPREADS)
def test_a_range_said_without_repeating_its_unit(lang: str, text: str, low: float, high: float) -> None:
    amount = one(text, lang)
    assert (amount.low, amount.high, amount.value, amount.bound) == (low, high, (low + high) / 2, "approx")


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [("en", "2 1/2 hours", 150), ("ar", "ساعتين ونصف", 150), ("ka", "საათნახევარი", 90), ("en", "three nights", 4320)],
)
def test_halves_and_nights(lang: str, text: str, value: float) -> None:
    assert one(text, lang).value == value


def test_an_ending_stuck_to_digits_is_no_word() -> None:
    amount = one("15ти километровая пробка", "ru")
    assert (amount.value, amount.unit) == (15, "km")


def test_the_numbers_of_labelled_posts_are_found() -> None:
    counts, misses = bench_amounts.measure()
    found = sum(n for (_, what), n in counts.items() if what == "found")
    whole = sum(n for (_, what), n in counts.items() if what == "all")
    assert whole > 100 and found / whole >= 0.95, misses


@pytest.mark.parametrize(
    ("lang", "text"), [("ru", "прошли за час"), ("uk", "пройшли за годину"), ("be", "прайшлі за гадзіну")]
)
def test_an_hour_with_nothing_counted_is_a_duration(lang: str, text: str) -> None:
    assert one(text, lang).value == 60
    assert one("за час пропустили 20", "ru").per == "hour"
