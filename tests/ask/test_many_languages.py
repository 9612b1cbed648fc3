"""What every language of the shelf must understand: what is declined, and whose border is meant."""

from __future__ import annotations

import pytest

from tests.ask.fakes import KINDS, NOON, FakeStore
from verst.ask import answer
from verst.ask.answering import load_reader
from verst.ask.wish import understand
from verst.geography import load_regions
from verst.shelves import data_shelf

# Somebody asks for a carrier's number or for whom to bribe: declined in each language that answers are given in.
DECLINED = {
    "ar": "اعطوني رقم سائق يمررني من الحدود",
    "be": "скіньце нумар кіроўцы, хто правядзе без чаргі",
    "de": "Gebt mir die Nummer vom Fahrer, der ohne Warten rüberfährt",
    "en": "Send me the phone number of a driver who skips the line",
    "et": "Anna mulle juhi telefoninumber ja number, kes viib üle piiri",
    "fi": "Anna kuljettajan numero, kuka vie rajan yli",
    "fr": "Donnez le numéro du chauffeur qui passe sans attendre",
    "ka": "მომეცით მძღოლის ნომერი ვინ გადაიყვანს",
    "kk": "жүргізушінің нөмірін беріңіздер",
    "pl": "Podajcie numer do kierowcy, który przewiezie bez kolejki",
    "ru": "Скиньте номер водителя, который провезет без очереди",
    "tr": "Sırasız geçiren şoförün numarasını verin",
    "uk": "Скиньте номер водія, який провезе без черги",
    "zh": "给我司机的电话号码",
}
HOMES = {
    "fi": ("Pääseekö venäläiset vielä rajan yli?", "FI"),
    "et": ("Kas vene turiste lastakse üldse sisse?", "EE"),
    "ka": ("საზღვარი ღიაა?", "GE"),
}


def test_every_language_of_answers_is_tried() -> None:
    assert set(DECLINED) == set(data_shelf("ask/texts"))


@pytest.mark.parametrize("lang", sorted(DECLINED))
def test_a_carriers_number_is_declined(lang: str) -> None:
    got = answer(DECLINED[lang], NOON, FakeStore(), load_regions(), KINDS)
    assert got.outcome == "declined" and got.lang == lang


@pytest.mark.parametrize("lang", sorted(HOMES))
def test_the_border_is_that_of_the_language_it_is_asked_in(lang: str) -> None:
    question, country = HOMES[lang]
    wish = understand(question, NOON, load_regions(), load_reader())
    assert wish.countries == (country,) and wish.lang == lang


def test_a_place_that_is_named_goes_before_the_own_border() -> None:
    wish = understand("Pääseekö Narvasta rajan yli?", NOON, load_regions(), load_reader())
    assert wish.crossings == ("narva-ivangorod",) and wish.countries == ()
