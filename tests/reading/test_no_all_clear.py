"""Never a false all-clear: words of emptiness and calm that are said of something else make nothing open or free."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from verst.model import Chat, Post
from verst.reading.reader import Reader

# Nobody is let through, nobody knows, no officer is there, the tank is empty, keep calm, a quiet night beside a queue.
NOT_FREE = [
    ("fr", "Lars : ils ne laissent passer personne"),
    ("fr", "Lars, il y a une personne devant moi"),
    ("fr", "Personne ne passe à Lars"),
    ("fr", "Lars : personne ne sait rien"),
    ("fr", "le réservoir est vide, Lars"),
    ("fr", "Nuit tranquille mais la queue fait 5 km à Lars"),
    ("fr", "On rentre par Siret avec le camion vide, rien que la douane 3 h"),
    ("de", "Lars: niemand kommt durch"),
    ("de", "Tank leer bei Lars"),
    ("de", "Bei Lars noch zwei Plätze frei im Auto"),
    ("de", "Sie lassen niemanden durch in Lars"),
    ("de", "ruhig bleiben Leute, Lars wird schon"),
    ("fi", "Larsissa ei päästetä ketään läpi"),
    ("fi", "tankki tyhjä Larsissa"),
    ("fi", "pysykää rauhallisina, Lars on jumissa"),
    ("pl", "Medyka: nikogo nie puszczają"),
    ("pl", "Bak pusty, stoimy w Medyce"),
    ("pl", "spokojnie ludzie, Medyka stoi"),
    ("pl", "cisza w eterze z Medyki"),
    ("pl", "w Medyce nie ma nikogo ze straży"),
    ("tr", "Lars'ta kimseyi geçirmiyorlar"),
    ("tr", "depo boş, Lars"),
    ("tr", "sakin olun Lars kapalı"),
    ("tr", "rahat olun, Larsta sıra uzun"),
    ("et", "Narvas ei lasta kedagi üle"),
    ("et", "paak tühi, Narva"),
    ("et", "olge rahulikud, Narvas on saba"),
    ("be", "На Ларсе нікога не пускаюць"),
    ("be", "Нікога не выпускаюць праз Ларс"),
    ("be", "не пускаюць нікога, Ларс"),
    ("be", "спакойна, людзі, Ларс стаіць"),
    ("be", "Бак пусты, Ларс"),
    ("kk", "Ларсте ешкімді өткізбей жатыр"),
    ("kk", "бензин бос, Ларс"),
    ("kk", "тыныш отырыңыздар, Ларс жабық"),
    ("ka", "ლარსზე არავის უშვებენ"),
    ("ka", "ლარსზე არავინ იცის რა ხდება"),
    ("ka", "მშვიდად იყავით, ლარსი დაკეტილია"),
    ("ar", "في لارس لا يسمحون لاحد بالمرور"),
    ("ar", "لا احد يعبر من لارس"),
    ("ar", "خزان الوقود فارغ عند لارس"),
    ("ar", "الهدوء يا شباب، لارس مغلق"),
    ("zh", "拉尔斯没人能过"),
    ("zh", "拉尔斯没人知道情况"),
    ("zh", "拉尔斯口岸没车能过去"),
    ("zh", "油箱空的，在拉尔斯"),
    ("ru", "На Ларсе никого не пускают"),
    ("ru", "Ларс: не пропускают никого"),
    ("ru", "никого из погранцов на Ларсе"),
    ("ru", "спокойно, Ларс стоит"),
    ("ru", "На Ларсе оформляют медленно, в будке никого"),
    ("ru", "Ларс, из начальства никого"),
    ("uk", "На Шегинях нікого не пускають"),
    ("uk", "Шегині: не пропускають нікого"),
    ("uk", "спокійно, Шегині стоять"),
    ("uk", "Шегині, з прикордонників нікого"),
    ("en", "Lars: nobody is let through"),
    ("en", "Not a soul gets through at Lars"),
    ("en", "nobody there knows anything, Lars"),
    ("en", "no one there to stamp passports at Lars"),
    ("en", "Smilnytsia with an empty van, 50 minutes all in"),
    ("ru", "На Ларсе спокойно, очередь 5 км"),
]
# The same words where they are said of the crossing.
FREE = [
    ("ru", "На Ларсе никого"),
    ("ru", "легковые свободно, а фуры стоят вторые сутки"),
    ("fr", "Vaalimaa ce matin, côté finlandais : personne."),
    ("pl", "Hrebenne: piesi idą bez kolejki, autem stoi się 18 godzin"),
    ("en", "Two hours at Terehova for lorries, while there was no queue at Grebneva"),
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


def states(reader: Reader, lang: str, text: str) -> set[object]:
    chat = Chat(title="chat", kind="group", about="verkhny-lars")
    read = reader.read(Post(id="x", chat=chat, posted_at=datetime(2022, 9, 26, tzinfo=UTC), text=text, lang=lang))
    return {claim.value for claim in read.claims if claim.kind == "passage"}


@pytest.mark.parametrize(("lang", "text"), NOT_FREE)
def test_what_is_empty_or_calm_otherwise_is_no_all_clear(reader: Reader, lang: str, text: str) -> None:
    assert not states(reader, lang, text) & {"free", "open"}


@pytest.mark.parametrize(("lang", "text"), FREE)
def test_what_is_free_is_called_so(reader: Reader, lang: str, text: str) -> None:
    assert "free" in states(reader, lang, text)
