"""One voice, however often and in whatever words it is heard; and what only looks alike is left apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from verst.model import Chat, Post
from verst.reading.copies import CopyFinder
from verst.reading.reader import Reader
from verst.work.reports import reports_of

READER = Reader.load()
NOON = datetime(2023, 5, 5, 9, tzinfo=UTC)


def post(name: str, text: str, lang: str, minutes: float = 0, **more: object) -> Post:
    where = Chat(title=f"outlet {name}", kind="news")
    at = NOON + timedelta(minutes=minutes)
    return Post(id=name, chat=where, posted_at=at, text=text, lang=lang, author=name * 8, **more)  # type: ignore[arg-type]


def roots(*posts: Post) -> list[str | None]:
    finder = CopyFinder()
    return [finder.find(each, reports_of(each, READER.read(each))) for each in posts]


UK = post("a", "ДПСУ: у Шегинях 340 авто в черзі, у Краківці 125 авто", "uk")
EN = post("b", "Border guards say 340 cars queue at Shehyni and 125 cars at Krakovets", "en", 25)
PL = post("c", "Straż graniczna: w kolejce w Szeginiach 340 aut, w Krakowcu 125 aut", "pl", 40)


def test_the_posts_say_the_same_figures() -> None:
    for each in (UK, EN, PL):
        said = {(claim.crossing, claim.kind, claim.value) for claim in READER.read(each).claims}
        assert said == {("shehyni-medyka", "queue_count", 340), ("krakovets-korczowa", "queue_count", 125)}, each.id


def test_translations_of_one_bulletin_are_one_voice() -> None:
    assert roots(UK, EN, PL) == [None, "a", "a"]
    part = replace(EN, text="Border guards say 340 cars queue at Shehyni")
    assert roots(UK, replace(part, text="Border guards say 1340 cars queue at Shehyni")) == [None, None]


def test_a_retelling_of_a_retelling_has_the_first_root() -> None:
    again = replace(EN, id="d", chat=Chat(title="another", kind="news"), posted_at=NOON + timedelta(minutes=50))
    assert roots(UK, EN, again) == [None, "a", "a"]


def test_the_same_figures_later_or_in_the_same_chat_are_news() -> None:
    assert roots(UK, replace(EN, posted_at=NOON + timedelta(hours=6))) == [None, None]
    assert roots(UK, replace(EN, chat=UK.chat)) == [None, None]


def test_figures_that_may_be_equal_by_chance_are_two_voices() -> None:
    one = post("a", "ДПСУ: у Шегинях 40 авто в черзі", "uk")
    two = post("b", "Border guards say 40 cars queue at Shehyni", "en", 10)
    assert roots(one, two) == [None, None]


def test_what_people_saw_themselves_is_their_own() -> None:
    def seen(each: Post) -> Post:
        return replace(each, chat=Chat(title=f"group {each.id}", kind="group"))

    one = seen(post("a", "у Шегинях 343 авто в черзі, у Краківці 125 авто", "uk"))
    two = seen(post("b", "343 cars in line at Shehyni and 125 cars at Krakovets", "en", 10))
    assert roots(one, two) == [None, None]


def test_an_authoritys_own_post_is_nobodys_retelling() -> None:
    press, own = replace(EN, posted_at=NOON), replace(UK, posted_at=NOON + timedelta(minutes=5), official=True)
    assert roots(press, own) == [None, None]
    later = replace(EN, id="d", text="At Krakovets 125 cars queue, at Shehyni 340 cars, the border guards say",
                    chat=Chat(title="d", kind="news"))  # fmt: skip
    assert roots(press, own, later)[2] == own.id, "of two first posts, the authority's is the root"


def offer(name: str, text: str, minutes: float = 0) -> Post:
    return replace(post(name, text, "ru", minutes), chat=Chat(title="Ларс", kind="group"))


OFFER = "Перевезу через Ларс на велосипеде, велик 30000 рублей, быстро и надёжно, выезд каждый день, пишите в личку"
ANEW = "Пишите в личку! Быстро и надёжно, выезд каждый день. Перевезу через Ларс, велик 30000 рублей [phone]"
OTHER = "Продаю детский велик, Ларс, 30000 рублей, самокат тоже есть, звоните [phone]"


def test_an_offer_under_other_names_is_one() -> None:
    one, two, three = offer("a", OFFER), offer("b", ANEW, 600), offer("c", OTHER, 700)
    assert all(READER.read(each).ad and READER.read(each).claims for each in (one, two, three))
    assert roots(one, two, three) == [None, "a", None]
    dearer = replace(two, text=ANEW.replace("30000", "45000"))
    assert roots(one, dearer) == [None, None], "another price is another offer"


def test_copies_of_a_forward_have_the_root_of_what_it_copies() -> None:
    text = "на верхнем ларсе стоим уже семь часов и ничего не движется"
    first = post("a", text, "ru")
    forwards = [post(name, text, "ru", 5, forwarded_from="ab" * 8) for name in ("b", "c")]
    assert roots(first, *forwards) == [None, "a", "a"]


def test_a_finder_that_was_told_goes_on_as_one_that_found() -> None:
    posts = [UK, EN, offer("d", OFFER, 50), offer("e", ANEW, 60)]
    finder, told = CopyFinder(), CopyFinder()
    for each in posts[:3]:
        reports = reports_of(each, READER.read(each))
        told.remember(each, finder.find(each, reports), reports)
    for each in (replace(EN, id="f", chat=Chat(title="f", kind="news")), posts[3]):
        reports = reports_of(each, READER.read(each))
        assert finder.find(each, reports) == told.find(each, reports) is not None
