"""Amounts: units, ranges, hedges, rates; and the public corpus where it is."""

from __future__ import annotations

import pytest

from bench import duckling
from tests.reading.figures import both, find, one
from verst.reading.text import fold

DURATIONS = [
    ("ru", "уже 14 часов", 840, "min"),
    ("ru", "полтора суток", 2160, "exact"),
    ("ru", "пол дня", 720, "exact"),
    ("ru", "сутки с лишним", 1440, "min"),
    ("ru", "сутки и 6 часов", 1800, "exact"),
    ("ru", "3 ч 40 мин", 220, "exact"),
    ("ru", "час с половиной", 90, "exact"),
    ("ru", "пару часов", 120, "approx"),
    ("ru", "часов 12", 720, "approx"),
    ("ru", "пятый час", 240, "min"),
    ("ru", "от силы час", 60, "max"),
    ("ru", "2ч20", 140, "exact"),
    ("ru", "меньше часа", 60, "max"),
    ("ru", "три четверти часа", 45, "exact"),
    ("ru", "до 3 часов", 180, "max"),
    ("uk", "вже 30 годин", 1800, "min"),
    ("uk", "четверта доба", 4320, "min"),
    ("uk", "до 3 годин", 180, "max"),
    ("be", "дзве гадзіны", 120, "exact"),
    ("en", "an hour and a half", 90, "exact"),
    ("en", "under an hour", 60, "max"),
    ("en", "9 days already", 12960, "min"),
    ("en", "nearly two days", 2880, "approx"),
    ("kk", "20 минут", 20, "exact"),
    ("ka", "მეხუთე საათია", 240, "min"),
    ("ka", "8 საათი", 480, "exact"),
    ("fi", "alle puoli tuntia", 30, "max"),
    ("et", "kaks tundi", 120, "exact"),
    ("pl", "jakieś 18 godzin", 1080, "approx"),
    ("de", "gut 5 Stunden", 300, "min"),
    ("de", "anderthalb Stunden", 90, "exact"),
    ("fr", "plus de 48 heures", 2880, "min"),
    ("tr", "üç gündür", 4320, "exact"),
    ("ar", "ساعتين", 120, "exact"),
    ("ar", "25 ساعة تقريباً", 1500, "approx"),
    ("zh", "三个半小时", 210, "exact"),
]


@pytest.mark.parametrize(("lang", "text", "minutes", "bound"), DURATIONS)
def test_a_duration_is_read_in_minutes(lang: str, text: str, minutes: float, bound: str) -> None:
    amount = one(text, lang)
    assert (amount.unit, amount.value, amount.bound) == ("minute", minutes, bound)


RANGES = [
    ("ru", "2-3 суток", 2880, 4320),
    ("ru", "часа три-четыре", 180, 240),
    ("ru", "10 или 12 часов", 600, 720),
    ("ru", "от 5 до 7 часов", 300, 420),
    ("ru", "двое-трое суток", 2880, 4320),
    ("uk", "4-5 діб", 5760, 7200),
    ("en", "between 5 and 7 hours", 300, 420),
    ("en", "from five to seven hours", 300, 420),
    ("de", "2 bis 3 Stunden", 120, 180),
    ("pl", "od 24 do 36 godzin", 1440, 2160),
    ("et", "kolm kuni seitse päeva", 4320, 10080),
    ("tr", "35-40 saat", 2100, 2400),
    ("ru", "5..7 часов", 300, 420),
    ("fr", "de 40 à 45 minutes", 40, 45),
]


@pytest.mark.parametrize(("lang", "text", "low", "high"), RANGES)
def test_a_range_has_ends_and_midpoint(lang: str, text: str, low: float, high: float) -> None:
    amount = one(text, lang)
    assert (amount.low, amount.high, amount.value, amount.bound) == (low, high, (low + high) / 2, "approx")


COUNTS = [
    ("ru", "машин 200", 200, "vehicle", "car", "approx"),
    ("ru", "1200+ авто", 1200, "vehicle", "car", "min"),
    ("ru", "около 3600 легковых машин", 3600, "vehicle", "car", "approx"),
    ("uk", "320 фур", 320, "vehicle", "truck", "exact"),
    ("en", "about 320 lorries", 320, "vehicle", "truck", "approx"),
    ("fi", "50 autoa", 50, "vehicle", "car", "exact"),
    ("de", "rund 2300 Autos", 2300, "vehicle", "car", "approx"),
    ("fr", "un millier de camions", 1000, "vehicle", "truck", "approx"),
    ("tr", "3 bin 600'ü otomobil", 3600, "vehicle", "car", "exact"),
    ("ka", "200-მდე კაცი", 200, "person", None, "max"),
    ("zh", "一千多名俄罗斯人", 1000, "person", None, "min"),
    ("kk", "80 көлік", 80, "vehicle", "any", "exact"),
    ("ru", "5 автобусов", 5, "vehicle", "bus", "exact"),
    ("pl", "ze 40 aut", 40, "vehicle", "car", "approx"),
]


@pytest.mark.parametrize(("lang", "text", "value", "unit", "mode", "bound"), COUNTS)
def test_vehicles_and_people(lang: str, text: str, value: float, unit: str, mode: str | None, bound: str) -> None:
    amount = one(text, lang)
    assert (amount.value, amount.unit, amount.mode, amount.bound) == (value, unit, mode, bound)


def test_miles_and_metres_are_kilometres() -> None:
    assert one("about 10 miles", "en").value == pytest.approx(16.09)
    assert one("n. 500 metriä", "fi").value == 0.5


def test_money_has_its_currency() -> None:
    assert (one("20-30 тыс рублей", "ru").value, one("20-30 тыс рублей", "ru").currency) == (25000, "RUB")
    assert (one("$100", "en").currency, one("45 €", "fr").currency, one("80 лари", "ru").currency) == (
        "USD",
        "EUR",
        "GEL",
    )


@pytest.mark.parametrize(
    ("lang", "text", "value", "per"),
    [
        ("ru", "пропускают по 20 машин в час", 20, "hour"),
        ("ru", "за сутки 10 804 человека", 10804, "day"),
        ("uk", "за годину взяли 15", 15, "hour"),
        ("en", "20 to 25 cars an hour", 22.5, "hour"),
        ("tr", "saatte on tır", 10, "hour"),
        ("kk", "сағатына он шақты көлік", 10, "hour"),
        ("en", "they call 15 an hour", 15, "hour"),
    ],
)
def test_a_rate_says_over_what(lang: str, text: str, value: float, per: str) -> None:
    amount = one(text, lang)
    assert (amount.value, amount.per) == (value, per)


def test_a_rate_over_minutes_keeps_them() -> None:
    ten = [a for a in find("за 40 минут пропустили десять", "ru") if a.value == 10]
    assert ten[0].per_minutes == 40


def test_a_bare_unit_is_one_and_a_question_names_its_unit() -> None:
    assert one("час", "ru").bare and one("час", "ru").value == 60
    assert one("сколько часов", "ru").bare


def test_hours_and_minutes_with_a_colon_may_be_either() -> None:
    amounts, _ = both("стоим 3:40", "ru")
    assert [(a.unit, a.as_minutes) for a in amounts] == [("clock", 220)]


def test_spans_are_letters_of_the_text() -> None:
    text = "Стоим уже 14 часов, машин 200"
    assert [text[a.start : a.end] for a in find(text, "ru")] == ["уже 14 часов", "машин 200"]


def test_a_word_is_counted_once() -> None:
    amounts, hits = both("3 часа назад было 20 машин", "ru")
    assert [a.value for a in amounts] == [20] and [h.kind for h in hits] == ["ago"]


@pytest.mark.skipif(not duckling.CORPUS.exists(), reason="the shared corpus is not here")
def test_the_public_corpus_is_read() -> None:
    counts, misses, _ = duckling.measure()
    right = sum(n for key, n in counts.items() if key[2] == "right")
    whole = sum(n for key, n in counts.items() if key[2] == "all")
    assert right / whole >= 0.95, misses


@pytest.mark.parametrize(
    "piece", ["1 ", "1-", "сто ", "1:", "час и ", "около ", "от ", "5 машин за час ", "十", "a", "zwei"]
)
def test_hostile_text_is_laid_out_to_its_end(piece: str) -> None:
    text = fold((piece * (100_000 // len(piece)))[:100_000])
    amounts, hits = both(text, "ru")
    assert all(0 <= found.start < found.end <= len(text) for found in (*amounts, *hits))
