"""Answers in every language: of the question, with every core sentence, countries named and bent as it bends them."""

from __future__ import annotations

import re

import pytest

from tests.ask.fakes import KINDS, NOON, FakeReader, FakeStore, ago, make_estimate, make_post, regions
from tests.ask.test_answering import COUNTRIES, ask
from verst.ask import answer
from verst.ask.words import load_words
from verst.errors import BadShelf
from verst.geography import load_kinds, load_regions
from verst.shelves import data_shelf

ASKED = {
    "be": "Колькі гадзін стаяць на Ларсе, хто ведае?",
    "de": "Wie lange wartet man in Lars?",
    "en": "How long is the wait at Lars?",
    "fi": "Kuinka kauan Larsissa joutuu odottamaan?",
    "fr": "Combien de temps faut-il attendre à Lars ?",
    "ka": "რამდენი ხანი უნდა ლოდინი ლარსზე?",
    "kk": "Ларсте қанша сағат күту керек?",
    "pl": "Ile godzin trzeba czekać na Lars?",
    "ru": "Сколько часов ждать на Ларсе?",
    "tr": "Larsta ne kadar bekleniyor?",
    "uk": "Скільки годин чекати на Ларсі?",
    "zh": "Lars 口岸要等多久？",
    "ar": "كم ساعة الانتظار في Lars؟",
}


@pytest.mark.parametrize("lang", ASKED)
def test_an_answer_is_in_the_language_of_its_question(lang: str) -> None:
    got = answer(ASKED[lang], NOON, FakeStore([make_estimate("wait", 900.0)]), load_regions(), KINDS)
    words = load_words()[lang]
    assert got.lang == lang and got.topic == "wait" and got.outcome == "known"
    assert words.table["kinds"]["wait"] in got.text and words.table["units"]["hours"] in got.text
    never = answer(ASKED[lang], NOON, FakeStore(), load_regions(), KINDS)
    assert never.outcome == "nobody" and words.say("never", what="").strip(" :：") in never.text


def test_a_language_that_lacks_a_core_sentence_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = {code: dict(table) for code, table in data_shelf("ask/texts").items()}
    del shelf["de"]["never"]
    monkeypatch.setattr("verst.ask.words.data_shelf", lambda _: shelf)
    with pytest.raises(BadShelf, match=r"de\.toml: never is missing"):
        load_words.__wrapped__()


def test_a_language_that_lacks_an_advice_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = {code: dict(table) for code, table in data_shelf("ask/texts").items()}
    shelf["zh"]["advice"] = {key: text for key, text in shelf["zh"]["advice"].items() if key != "medical"}
    monkeypatch.setattr("verst.ask.words.data_shelf", lambda _: shelf)
    with pytest.raises(BadShelf, match=r"zh\.toml: advice\.medical is missing"):
        load_words.__wrapped__()


@pytest.mark.parametrize("lang", sorted(data_shelf("ask/texts").keys() - {"en"}))
def test_sentences_are_the_languages_own(lang: str) -> None:
    shelf = data_shelf("ask/texts")
    for other in sorted(shelf.keys() - {lang}):
        for key, text in shelf[lang]["advice"].items():
            assert text != shelf[other]["advice"][key], f"{lang} says advice.{key} as {other} does"
    for key, text in shelf[lang]["advice"].items():
        assert {*re.findall(r"\{\w*\}", text)} == {*re.findall(r"\{\w*\}", shelf["en"]["advice"][key])}, key


@pytest.mark.parametrize("lang", sorted(data_shelf("ask/texts")))
def test_every_option_and_tag_has_a_word(lang: str) -> None:
    table = load_words()[lang].table
    for kind in load_kinds():
        for name, labels in kind.labels:
            known = {*table["options"], *table["tags"], *(name for code, _ in labels if code == lang)}
            assert name in known, f"{kind.id}: {name} has no word in {lang}"


@pytest.mark.parametrize("lang", sorted(data_shelf("ask/texts")))
def test_every_country_of_the_shelf_has_a_name_and_a_direction(lang: str) -> None:
    words = load_words()[lang]
    for code in sorted(COUNTRIES):
        said = (words.country(code), words.toward(code), words.beside(code))
        assert all(code not in text and "{" not in text for text in said), code


@pytest.mark.parametrize(
    ("lang", "into", "beside"),
    [
        ("en", "into Georgia", "on the side of Russia"),
        ("ru", "в Грузию", "со стороны России"),
        ("uk", "у Грузію", "з боку Росії"),
        ("ar", "نحو جورجيا", "في جهة روسيا"),
    ],
)
def test_country_is_named_in_the_language_of_the_answer(lang: str, into: str, beside: str) -> None:
    got = ask("Lars wait?", FakeStore([make_estimate("wait", 900.0, side="RU")], [make_post("p1", "стоим")]), lang=lang)
    assert into in got.text and beside in got.text and "GE" not in got.text


def test_border_and_its_rule_are_named_by_their_countries() -> None:
    got = answer("В Финляндию пускают с шенгеном?", ago(-24 * 7), FakeStore(), regions(), KINDS, FakeReader())
    rule = next(line for line in got.lines if line.what == "rule")
    assert "Правило (Россия \u2013 Финляндия)" in rule.text and "RU-FI" not in got.text
