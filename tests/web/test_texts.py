"""Every page text exists in every language, with the same places for values and the plurals the language has."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources
from string import Formatter

import pytest

from verst.errors import BadShelf
from verst.web import phrases
from verst.web.texts import PLURALS, Tongue, choose_tongue, load_tongues, make_tongue, missing

TONGUES = load_tongues()


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_the_languages_are_there() -> None:
    assert next(iter(TONGUES)) == "en"
    assert {code for code, tongue in TONGUES.items() if tongue.falls_back is None} == {"en", "ru", "uk", "ar"}
    assert {code for code, tongue in TONGUES.items() if tongue.falls_back} == {"kk", "ka", "fi", "de", "fr"}
    assert TONGUES["ar"].direction == "rtl"


@pytest.mark.parametrize("tongue", TONGUES.values(), ids=lambda tongue: tongue.code)
def test_no_text_is_missing_and_none_is_alone(tongue: Tongue) -> None:
    english = TONGUES["en"]
    assert missing(tongue, english) == [], f"translate these in verst/web/texts/{tongue.code}.toml"
    assert tongue.words.keys() <= english.words.keys()
    assert tongue.counted.keys() <= english.counted.keys()
    for key, text in tongue.words.items():
        assert places(text) == places(english.words[key]), key
        assert text.strip(), key
    for key, forms in tongue.counted.items():
        assert set(forms) == set(PLURALS[tongue.plural][1]), key


def test_a_missing_translation_is_reported_and_never_shown_as_a_key() -> None:
    german, english = TONGUES["de"], TONGUES["en"]
    poorer = replace(german, words={key: text for key, text in german.words.items() if key != "answer.wait"})
    assert missing(poorer, english) == ["answer.wait"]
    assert poorer.say("answer.wait", amount="1", mode="", into="").startswith("About 1")
    assert TONGUES["kk"].say("topic.pets") == TONGUES["ru"].say("topic.pets")
    assert TONGUES["kk"].count("count.times", 3) == "спросили 3 раза"


@pytest.mark.parametrize("tongue", TONGUES.values(), ids=lambda tongue: tongue.code)
def test_a_language_is_in_its_own_letters(tongue: Tongue) -> None:
    cyrillic, latin = "[а-яёіїєґәғқңөұүһ]", "[a-zA-Zà-ÿäöüß]"
    letters = {"ru": cyrillic, "uk": cyrillic, "kk": cyrillic, "ar": "[\u0600-\u06ff]", "ka": "[ა-ჰ]"}
    alike = {
        "time.both",
        "time.date",
        "time.date_year",
        "amount.range",
        "amount.range_of_two",
        "answer.rule",
        "sure.probably",
    }
    for key, text in tongue.words.items():
        without_places = re.sub(r"\{\w+\}", "", text)
        if key not in alike:
            assert re.search(letters.get(tongue.code, latin), without_places, re.I), key


def test_every_text_that_is_said_is_there() -> None:
    folder = resources.files("verst.web")
    sources = [item for part in (folder, folder / "templates") for item in part.iterdir()]
    code = "".join(item.read_text("utf-8") for item in sources if item.name.endswith((".py", ".html")))
    said = set(re.findall(r"""\.(?:say|count)\(["']([a-z_]+\.[a-z_0-9]+)["']""", code))
    english = TONGUES["en"]
    assert len(said) > 80 and said - english.words.keys() - english.counted.keys() == set()


def test_every_text_is_used() -> None:
    folder = resources.files("verst.web")
    sources = [item for part in (folder, folder / "templates") for item in part.iterdir()]
    code = "".join(item.read_text("utf-8") for item in sources if item.name.endswith((".py", ".html")))
    by_item = r"""["'](?:%s)(?:\.["'{]|["'])"""  # a table whose keys are put together from an option, tag or code
    for key in [*TONGUES["en"].words, *TONGUES["en"].counted]:
        whole = re.search(by_item % re.escape(key.rpartition(".")[0]), code)
        assert whole or re.search(f"[\"']{re.escape(key)}(_any)?[\"']", code), key


@pytest.mark.parametrize(
    ("code", "n", "said"),
    [
        ("en", 1, "1 hour"),
        ("en", 2.5, "2.5 hours"),
        ("ru", 1, "1 час"),
        ("ru", 3, "3 часа"),
        ("ru", 11, "11 часов"),
        ("ru", 21, "21 час"),
        ("ru", 2.5, "2,5 часа"),
        ("uk", 5, "5 годин"),
        ("uk", 22, "22 години"),
        ("ar", 3, "3 ساعات"),
        ("ar", 11, "11 ساعة"),
        ("fr", 1.5, "1,5 heure"),
        ("fi", 2, "2 tuntia"),
        ("de", 1, "1 Stunde"),
        ("kk", 5, "5 сағат"),
        ("ka", 5, "5 საათი"),
    ],
)
def test_plurals_are_right(code: str, n: float, said: str) -> None:
    assert TONGUES[code].count("amount.hours", n) == said


@pytest.mark.parametrize(
    ("code", "low", "high", "said"),
    [
        ("en", 1800, 2700, "30 to 45 hours"),
        ("ru", 1800, 2460, "30–41 час"),
        ("uk", 120, 240, "2–4 години"),
        ("en", 10, 30, "10 to 30 minutes"),
        ("en", 44, 91, "45 to 90 minutes"),
        ("en", 4320, 8640, "3 to 6 days"),
        ("en", 2880, 5760, "2 to 4 days"),
        ("en", 600, 5760, "10 hours to 4 days"),
        ("en", 20, 160, "20 minutes to 2.5 hours"),
        ("ru", 20, 160, "20 минут – 2,5 часа"),
        ("en", 0, 4, "5 minutes"),
    ],
)
def test_ranges_are_said_as_people_say_them(code: str, low: float, high: float, said: str) -> None:
    assert phrases.say_minutes(TONGUES[code], low, high) == said


def test_numbers_have_the_marks_of_the_language() -> None:
    assert TONGUES["ru"].number(12345.5) == "12\u202f345,5"
    assert TONGUES["en"].number(1234) == "1234"


@pytest.mark.parametrize(
    ("asked", "accepted", "code"),
    [
        ("uk", "ru", "uk"),
        (None, "ar-SY,ru;q=0.8", "ar"),
        (None, "pl,ru;q=0.3,en;q=0.9", "en"),
        (None, "kk-KZ,ru;q=0.3", "kk"),
        ("klingon", None, "en"),
        (None, ";q=x,,,;q=", "en"),
    ],
)
def test_the_language_is_the_readers(asked: str | None, accepted: str | None, code: str) -> None:
    assert choose_tongue(asked, accepted).code == code


def test_a_file_without_a_plural_is_refused_by_name() -> None:
    with pytest.raises(BadShelf, match=r"web/texts/xx\.toml.*name one of"):
        make_tongue("xx", '[site]\nskip = "x"')
