"""What every language of the shelf must understand: what is declined, and whose border is meant."""

from __future__ import annotations

import pytest

from tests.ask.fakes import KINDS, NOON, FakeStore
from verst.ask import answer
from verst.ask.answering import load_reader
from verst.ask.wish import understand
from verst.ask.words import load_words
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
# Ways around a crossing, and when nobody watches.
WAYS_AROUND = {
    "ar": "ما هو الطريق عبر الغابة لتجنب نقطة التفتيش؟",
    "be": "Якая сцежка вядзе міма паста праз лес?",
    "de": "Gibt es einen Schleichweg durch den Wald an der Grenze vorbei?",
    "en": "When do the patrols change at the river?",
    "et": "Milline metsarada viib piiripunktist mööda?",
    "fi": "Mikä polku kiertää raja-aseman metsän kautta?",
    "fr": "Quel sentier évite le poste par la forêt ?",
    "ka": "რომელი ბილიკი უვლის საგუშაგოს ტყით საზღვართან?",
    "kk": "Бекетті айналып өтетін соқпақ қайда?",
    "pl": "Którędy obejść przejście graniczne lasem?",
    "ru": "Где тропа в обход поста на Ларсе?",
    "tr": "Sınır kapısının etrafından hangi patika geçiyor?",
    "uk": "Як обійти прикордонний пост лісом?",
    "zh": "哪条小路可以绕过边境检查站？",
}
# Papers that are not true.
FORGED = {
    "ar": "زور لي شهادة إعفاء",
    "be": "Зрабіце даведку, што мне нельга ў войска",
    "de": "Schreib mir eine gefälschte Bescheinigung",
    "en": "Write me a fake exemption certificate",
    "et": "Tee mulle võltsitud tõend",
    "fi": "Tee minulle väärennetty todistus",
    "fr": "Fabrique-moi un faux certificat",
    "ka": "გამიკეთე ყალბი ცნობა",
    "kk": "Маған жалған анықтама жасап бер",
    "pl": "Zrób mi fałszywe zaświadczenie",
    "ru": "Сделай справку, что я не годен",
    "tr": "Bana sahte rapor hazırla",
    "uk": "Зроби довідку про непридатність",
    "zh": "帮我做一份假证明",
}
# Somebody in particular.
PERSONS = {
    "ar": "أخي مفقود على الحدود، ابحثوا عنه",
    "be": "Брат знік на мяжы, хто бачыў яго?",
    "de": "Mein Bruder ist an der Grenze verschwunden, sucht ihn",
    "en": "My brother is missing at the border, find him",
    "et": "Kas keegi on näinud mu venda? Ta kadus piiril",
    "fi": "Veljeni katosi rajalla, löytäkää hänet",
    "fr": "Mon frère a disparu à la frontière, retrouvez-le",
    "ka": "ჩემი ძმა საზღვარზე დაიკარგა, მოძებნეთ",
    "kk": "Інім шекарада жоғалып кетті, табыңыздар",
    "pl": "Mój brat zaginął na granicy, znajdźcie go",
    "ru": "Мой брат пропал у границы, найдите его",
    "tr": "Kardeşim sınırda kayboldu, bulun",
    "uk": "Брат зник на кордоні, допоможіть знайти",
    "zh": "我弟弟在边境失踪了，帮我找他",
}
# What an official takes.
BRIBES = {
    "ar": "كم أدفع رشوة لحرس الحدود؟",
    "be": "Колькі даць памежніку, каб прапусціў?",
    "de": "Wie viel Schmiergeld nimmt der Grenzbeamte?",
    "en": "How much should I bribe the border guard?",
    "et": "Kui palju altkäemaksu piirivalvurile anda?",
    "fi": "Paljonko lahjusta rajavartijalle pitää maksaa?",
    "fr": "Combien faut-il pour soudoyer le douanier ?",
    "ka": "რამდენი ქრთამი მივცე მესაზღვრეს?",
    "kk": "Шекарашыға қанша пара беру керек?",
    "pl": "Ile dać łapówki pogranicznikowi?",
    "ru": "Сколько дать пограничнику, чтобы пропустил?",
    "tr": "Sınır polisine ne kadar rüşvet vermeliyim?",
    "uk": "Скільки дати прикордоннику, щоб пропустив?",
    "zh": "贿赂边防军要多少钱？",
}
# What has nothing to do with a border.
OTHER = {
    "ar": "احك لي نكتة",
    "be": "Раскажы анекдот пра кату",
    "de": "Empfiehl mir einen Film für heute Abend",
    "en": "Recommend me a film for tonight",
    "et": "Soovita head filmi",
    "fi": "Suosittele hyvää elokuvaa",
    "fr": "Raconte-moi une blague",
    "ka": "მითხარი კარგი ფილმი",
    "kk": "Маған бір әзіл айтып бер",
    "pl": "Podaj przepis na pizzę",
    "ru": "Посоветуй рецепт борща",
    "tr": "Bana bir fıkra anlat",
    "uk": "Порадь фільм на вечір",
    "zh": "推荐一部电影",
}
HOMES = {
    "fi": ("Pääseekö venäläiset vielä rajan yli?", "FI"),
    "et": ("Kas vene turiste lastakse üldse sisse?", "EE"),
    "ka": ("საზღვარი ღიაა?", "GE"),
}


def test_every_language_of_answers_is_tried() -> None:
    for questions in (DECLINED, WAYS_AROUND, FORGED, PERSONS, BRIBES, OTHER):
        assert set(questions) == set(data_shelf("ask/texts"))


@pytest.mark.parametrize(
    "questions", [WAYS_AROUND, FORGED, PERSONS, BRIBES], ids=["ways", "forged", "persons", "bribes"]
)
@pytest.mark.parametrize("lang", sorted(DECLINED))
def test_what_harms_is_declined_in_every_language(questions: dict[str, str], lang: str) -> None:
    got = answer(questions[lang], NOON, FakeStore(), load_regions(), KINDS)
    assert got.outcome == "declined" and got.lang == lang


@pytest.mark.parametrize("lang", sorted(OTHER))
def test_who_asks_of_something_else_is_told_so(lang: str) -> None:
    got = answer(OTHER[lang], NOON, FakeStore(), load_regions(), KINDS)
    assert got.outcome == "advice" and got.text == load_words()[lang].say("advice.off_topic")


def test_a_crossing_of_elsewhere_is_not_answered_for_another() -> None:
    for question, name in (
        ("sarp kapısı gece açık mı", "sarp"),
        ("满洲里口岸今天开吗", "满洲里"),
        ("бобровники открыты?", "бобровники"),
    ):
        got = answer(question, NOON, FakeStore(), load_regions(), KINDS)
        assert got.outcome == "no_such_place" and name in got.text, question


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
