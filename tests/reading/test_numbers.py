"""Numbers in digits and words."""

from __future__ import annotations

import pytest

from tests.reading.figures import find, one

NUMBERS = [
    ("ru", "10 804", 10804),
    ("ru", "10\u2009804", 10804),
    ("en", "31,628", 31628),
    ("de", "2.400", 2400),
    ("ru", "1'200", 1200),
    ("ru", "1,5", 1.5),
    ("en", "0.77", 0.77),
    ("ru", "35к", 35000),
    ("ru", "9,6 тыс", 9600),
    ("ru", "2 млн 300 тыс", 2300000),
    ("ru", "полтора", 1.5),
    ("ru", "полтинник тыщ", 50000),
    ("ru", "тищу", 1000),
    ("ru", "три с половиной", 3.5),
    ("ru", "две с половиной тысячи", 2500),
    ("ru", "сотни полторы", 150),
    ("ru", "пятьсот двадцать пять", 525),
    ("uk", "п'ятсот двадцять п'ять", 525),
    ("uk", "п’ять", 5),
    ("be", "дваццаць пяць", 25),
    ("en", "two hundred thousand", 200000),
    ("en", "twenty-five", 25),
    ("en", "a couple of", 2),
    ("en", "two dozen", 24),
    ("kk", "жиырма бес", 25),
    ("kk", "7 мың", 7000),
    ("ka", "ოცდახუთი", 25),
    ("ka", "ოთხმოცდაცხრამეტი", 99),
    ("fi", "kaksikymmentäviisi", 25),
    ("fi", "kymmenisen", 10),
    ("et", "kakssada viiskümmend", 250),
    ("pl", "dwadzieścia pięć", 25),
    ("pl", "półtorej", 1.5),
    ("de", "zweiundzwanzig", 22),
    ("de", "anderthalb", 1.5),
    ("de", "dreitausendfünfhundert", 3500),
    ("fr", "quatre-vingt-dix-sept", 97),
    ("fr", "une dizaine", 10),
    ("fr", "vingt et un", 21),
    ("tr", "3 bin 600", 3600),
    ("tr", "yirmibeş", 25),
    ("tr", "beş buçuk", 5.5),
    ("ar", "خمسة وعشرون", 25),
    ("ar", "٣٦٠٠", 3600),
    ("zh", "二十五", 25),
    ("zh", "一万零四十", 10040),
]


@pytest.mark.parametrize(("lang", "text", "value"), NUMBERS)
def test_a_number_is_read(lang: str, text: str, value: float) -> None:
    assert one(text, lang).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ru", "несколько машин"),
        ("en", "several hours"),
        ("ru", "много фур"),
        ("de", "mehrere Stunden"),
        ("fi", "muutama auto"),
        ("fr", "plusieurs heures"),
        ("ka", "რამდენიმე საათი"),
        ("uk", "кілька годин"),
        ("ar", "عدة ساعات"),
        ("tr", "birkaç saat"),
    ],
)
def test_a_vague_word_is_no_number(lang: str, text: str) -> None:
    assert find(text, lang) == []


@pytest.mark.parametrize("text", ["трасса М4 стоит", "8800555353512345", "дом А12"])
def test_digits_that_name_something_are_no_number(text: str) -> None:
    assert find(text, "ru") == []
