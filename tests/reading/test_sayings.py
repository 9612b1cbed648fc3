"""What is no claim and spreads all the same: totals, closings announced, queues without a figure, older pictures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from verst.errors import BadShelf
from verst.model import Chat, Post, Reading, Reply, Saying
from verst.reading.reader import Reader
from verst.reading.sayings import Sayings

READER = Reader.load()
SUNDAY = datetime(2022, 9, 25, 12, tzinfo=UTC)
MAY = datetime(2023, 5, 4, 9, tzinfo=UTC)  # nobody flees anywhere then, as far as the regions say


def read(text: str, about: str | None = "verkhny-lars", at: datetime = SUNDAY, reply: str | None = None) -> Reading:
    chat = Chat(title="chat", kind="group" if about else "social", about=about)
    answers = Reply(text=reply) if reply else None
    return READER.read(Post(id="p", chat=chat, posted_at=at, text=text, reply_to=answers))


def one(text: str, about: str | None = "verkhny-lars", at: datetime = SUNDAY, reply: str | None = None) -> Saying:
    (found,) = read(text, about, at, reply).sayings
    return found


TOTALS = [
    ("250 000 россиян уже в Грузии после мобилизации!!!", "verkhny-lars", "RU-GE", "GE", 250_000),
    ("В Грузии уже 250 тысяч россиян", "verkhny-lars", "RU-GE", "GE", 250_000),
    ("There are already 120,000 Russians in Kazakhstan", None, "RU-KZ", "KZ", 120_000),
    ("За эти дни в Казахстан въехало 98 тысяч человек", None, "RU-KZ", "KZ", 98_000),
    ("250 тисяч росіян вже в Грузії", "verkhny-lars", "RU-GE", "GE", 250_000),
    ("180,000 Russians have entered Georgia since mobilisation", None, "RU-GE", "GE", 180_000),
    ("300,000 people went into Kazakhstan", None, "RU-KZ", "KZ", 300_000),
    ("more than 261,000 men have left Russia in four days", None, "RU", None, 261_000),
    ("261 000 мужчин выехали из России за четыре дня", None, "RU", None, 261_000),
    ("250.000 Russen sind bereits in Georgien", None, "RU-GE", "GE", 250_000),
    ("250 000 Russes sont déjà en Géorgie", None, "RU-GE", "GE", 250_000),
    ("Suomeen on tullut 250 000 venäläistä", None, "RU-FI", "FI", 250_000),
    ("Do Gruzji wjechało już 250 tysięcy Rosjan", None, "RU-GE", "GE", 250_000),
]


@pytest.mark.parametrize(("text", "about", "where", "toward", "people"), TOTALS)
def test_totals_are_sayings_and_never_claims(
    text: str, about: str | None, where: str, toward: str | None, people: float
) -> None:
    said = one(text, about)
    assert (said.kind, said.where, said.toward, said.value) == ("total", where, toward, people)
    assert not [claim for claim in read(text, about).claims if claim.value == people]


def test_a_total_counts_from_where_it_says_or_from_when_the_flight_began() -> None:
    flight = READER.atlas.fled[0][1]
    assert one("С 17 сентября в Грузию въехали 78 742 россиянина").since == datetime(2022, 9, 16, 21, tzinfo=UTC)
    assert one("250 000 россиян уже в Грузии").since == flight
    assert one("261 000 мужчин выехали из России за четыре дня").since == datetime(2022, 9, 21, 12, tzinfo=UTC)
    assert one("more than 261,000 men have left Russia in four days").since == datetime(2022, 9, 21, 12, tzinfo=UTC)
    assert one("Since January 900,000 people have entered Georgia").since is None, "a time that is not reckoned"
    assert one("З 24 лютого до Польщі виїхало 3 мільйони людей", "shehyni-medyka", MAY).where == "UA-PL"


def test_whoever_left_the_place_others_came_to_went_the_other_way() -> None:
    came, left = read("С 17 сентября в Грузию въехали 78 742 россиянина, выехали 62 120").sayings
    assert (came.toward, left.toward) == ("GE", "RU")


@pytest.mark.parametrize(
    "text",
    [
        "250 тысяч -- неправда, говорит министр Грузии",
        "minister: 250 thousand is a lie, around ten a day",
        "No, not 250,000: the minister says about 10,000 a day",
        "Грузія: 250 тисяч росіян це неправда",
    ],
)
def test_a_total_named_to_be_denied_is_a_denial(text: str) -> None:
    said = one(text)
    assert said.denies and said.value == 250_000 and said.where == "RU-GE"


def test_a_denial_in_answer_is_of_what_was_said_before() -> None:
    said = one("враньё", reply="250 000 россиян уже в Грузии после мобилизации")
    assert said.denies and said.value == 250_000 and said.span is None


@pytest.mark.parametrize(
    "text",
    [
        "В Грузию за 26 сентября въехало 10 804",
        "10 804 человека в сутки",
        "билет 45 000, уже в Грузии",
        "собрали 250 000 рублей на помощь тем, кто уже в Грузии",
        "правда, что 250 000 уже в Грузии?",
        "границу закроют 28-го?",
        "если 28-го закроют, поеду раньше",
        "границу закрыли 21 сентября",
        "очередь 5 км, 3500 машин",
    ],
)
def test_what_is_neither_total_nor_announcement(text: str) -> None:
    for at in (SUNDAY, SUNDAY + timedelta(days=2)):
        assert not [each for each in read(text, at=at).sayings if each.kind in ("total", "closing")]


MIDNIGHT = datetime(2022, 9, 27, 21, tzinfo=UTC)  # the 28th begins at Lars
CLOSINGS = [
    ("The border closes on the 28th", "RU-GE", None, None, MIDNIGHT),
    ("They say the border will be closed from 28 September", "RU-GE", None, None, MIDNIGHT),
    ("Говорят границу закроют 28-го", "RU-GE", None, None, MIDNIGHT),
    ("кордон закриють 28 вересня", "RU-GE", None, None, MIDNIGHT),
    ("с 28го мужикам выезд закроют, визы выездные в военкомате", "RU", "men", "exit_military", MIDNIGHT),
    ("Пишут что с 28 сентября мужчин не выпустят!!!", "RU", "men", "exit_military", MIDNIGHT),
    ("From 28 September men will not be let out of Russia", "RU", "men", "exit_military", MIDNIGHT),
    ("С понедельника Грузия закроет границу для мужчин из России", "RU-GE", "men", "entry_refusal",
     datetime(2022, 9, 25, 21, tzinfo=UTC)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "who", "tag", "due"), CLOSINGS)
def test_closings_announced_have_a_day_and_those_they_are_for(
    text: str, where: str, who: str | None, tag: str | None, due: datetime
) -> None:
    said = one(text)
    assert (said.kind, said.where, said.who, said.tag, said.due) == ("closing", where, who, tag, due)
    assert not [claim for claim in read(text).claims if claim.kind == "passage"], "what is to come is not so yet"


@pytest.mark.parametrize(
    ("text", "where", "toward", "month", "day"),
    [
        ("Kazakhstan will close its border on 1 October", "RU-KZ", "KZ", 10, 1),
        ("Finnland schließt am 30. September die Grenze für Touristen", "RU-FI", "FI", 9, 30),
        ("La Finlande fermera sa frontière aux touristes le 30 septembre", "RU-FI", "FI", 9, 30),
        ("Suomi sulkee rajan turisteilta 30. syyskuuta", "RU-FI", "FI", 9, 30),
    ],
)
def test_other_countries_days_and_languages(text: str, where: str, toward: str, month: int, day: int) -> None:
    said = one(text, None)
    assert (said.where, said.toward, said.due) == (where, toward, datetime(2022, month, day, tzinfo=UTC))


def test_in_a_chat_about_a_border_its_country_is_the_one_meant() -> None:
    said = one("з 1 червня Польща закриє кордон для вантажівок", "shehyni-medyka", MAY)
    assert (said.where, said.toward, said.mode) == ("UA-PL", "PL", "truck")


@pytest.mark.parametrize(
    "text",
    [
        "it's a lie, the border will not close on the 28th",
        "фейк, никто 28-го ничего не закроет",
        "No plans to close the border, the minister says",
        "Спросили про закрытие границ. Ответ: решений об этом не принято",
    ],
)
def test_what_speaks_against_an_announcement(text: str) -> None:
    said = one(text)
    assert said.kind == "closing" and said.denies and said.where == "RU-GE"


def test_no_queues_and_whoever_stands_in_one() -> None:
    denial = "МИД Монголии говорит никаких очередей уклонистов нет"
    said = one(denial, "kyakhta-altanbulag")
    assert (said.kind, said.value, said.where, said.stance) == ("queue", "none", "kyakhta-altanbulag", "official")
    seen = one("но я стою в ней", "kyakhta-altanbulag", reply=denial)
    assert (seen.value, seen.stance) == ("some", "saw")
    assert read("но я стою в ней", "kyakhta-altanbulag").sayings == (), "in what, nobody said"
    both = read("утренняя сводка: большие очереди в Монголию и Латвию", "kyakhta-altanbulag").sayings
    assert [each.where for each in both] == ["RU-MN", "RU-LV"]
    assert read("Non, pas de file de 35 km à Vaalimaa", None).sayings == (), (
        "of 35 km there is none: of less, who knows"
    )


def test_an_older_picture() -> None:
    said = one("видео старое, снято в августе", "vaalimaa-torfyanovka")
    assert (said.kind, said.where) == ("picture", "vaalimaa-torfyanovka")


def test_words_for_what_nobody_looks_for_are_refused() -> None:
    with pytest.raises(BadShelf, match="sayings"):
        Sayings.from_languages({"xx": {"sayings": {"unheard_of": "a, b"}}})
    with pytest.raises(BadShelf, match="went"):
        Sayings.from_languages({"xx": {"sayings": {"went": 5}}})


def test_the_same_said_again_counts_once_and_a_post_does_not_fill_the_ledger() -> None:
    assert len(read("Границу закроют 28-го. Границу закроют 28-го!").sayings) == 1
    assert len(read(" ".join(f"{n} тысяч россиян уже в Грузии." for n in range(50, 90))).sayings) == 12
