"""Personal things go, figures stay, and hostile text costs no more than friendly text."""

# ruff: noqa: E501 (a sample stays on its line)

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verst.sources.people import People
from verst.sources.scrub import scrub

DIGITS = "0123456789"
MARKS = ("[phone]", "[mail]", "[handle]", "[link]", "[card]", "[account]", "[passport]", "[plate]", "[place]", "[name]")


def _luhn(head: str) -> str:
    total = 0
    for place, sign in enumerate(reversed(head + "0")):
        doubled = int(sign) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return head + str(-total % 10)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=count, max_size=count)


LAYOUTS = [
    "+7{0}{1}{2}{3}", "+7 {0} {1}-{2}-{3}", "8 ({0}) {1}-{2}-{3}", "8{0}{1}{2}{3}", "+7({0}){1}{2}{3}", "8-{0}-{1}-{2}-{3}",
    "7 {0} {1} {2} {3}", "+7\u00a0{0}\u00a0{1}\u00a0{2}\u00a0{3}", "8.{0}.{1}.{2}.{3}", "{0} {1} {2} {3}", "({0}) {1}-{2}-{3}",
]  # fmt: skip
russian_phone = st.builds(
    lambda layout, code, a, b, c: layout.format("9" + code, a, b, c),
    st.sampled_from(LAYOUTS), digits(2), digits(3), digits(2), digits(2),
)  # fmt: skip
other_phone = st.builds(
    lambda layout, a, b, c: layout.format(a, b, c),
    st.sampled_from(
        ["+380 67 {0} {1} {2}", "(067) {0}-{1}-{2}", "067{0}{1}{2}", "+995 599 {1} {2} {1}", "+77 01 {0} {1} {2}", "+358 40 {0} {1}{2}",
         "+48 601 {0} {0}", "0532 {0} {1} {2}", "00380 67 {0} {1} {2}", "тел. 501 {0} {0}", "whatsapp: 599 {0} {0}"]
    ),
    digits(3), digits(2), digits(2),
)  # fmt: skip
word = st.text("abcdefghijklmnoprstuvz", min_size=5, max_size=12)
mail = st.builds(
    lambda layout, a, b: layout.format(a, b),
    st.sampled_from(["{0}@{1}.ru", "{0}.{1}@mail.com", "{0} (at) {1}.net"]),
    word,
    word,
)
handle = st.builds(
    lambda layout, a: layout.format(a), st.sampled_from(["@{0}", "@{0}_95", "тг: {0}_1", "инста {0}95", "u/{0}"]), word
)
link = st.builds(
    lambda layout, a: layout.format(a),
    st.sampled_from(
        ["https://t.me/{0}", "t.me/{0}", "tg://user?id={0}", "tg://resolve?domain={0}", "vk.com/{0}", "https://vk.com/id77{0}",
         "instagram.com/{0}", "https://m.facebook.com/{0}", "https://twitter.com/{0}/status/12", "wa.me/7928{0}", "ok.ru/profile/{0}",
         "t.me/+{0}AAA", "{0}.t.me", "https://t.me/joinchat/{0}", "https://www.tiktok.com/@{0}"]
    ),
    word,
)  # fmt: skip
card = st.builds(
    lambda gap, head: gap.join(_luhn(head)[at : at + 4] for at in range(0, 16, 4)),
    st.sampled_from(["", " ", "-", "\u00a0"]), st.builds(lambda a: "4" + a, digits(14)),
)  # fmt: skip
account = st.builds(lambda a, b: f"{a}{b}", st.sampled_from(["GE29NB", "UA213223130000", "KZ86125K"]), digits(16))
passport = st.builds(
    lambda layout, a, b: layout.format(a, b),
    st.sampled_from(["паспорт 45{0} {1}", "45{0} {1}", "серия 45 {0} номер {1}", "загран 7{1}{0}", "passport AB{1}"]), digits(2), digits(6),
)  # fmt: skip
_L = st.sampled_from("АВЕКМНОРСТУХ")
plate = st.one_of(
    st.builds(lambda a, n, b, c, r: f"{a}{n}{b}{c}{r}", _L, digits(3), st.sampled_from("АВЕНОРСТУХ"), _L, st.sampled_from(["77", "15", "161"])),
    st.builds(lambda a, n, b, c, r: f"{a}{n}{b}{c}{r}".lower(), _L, digits(3), st.sampled_from("АВЕНОРСТУХ"), _L, st.just("77")),
    st.builds(lambda n: f"AA{n}BB", digits(4)),
    st.builds(lambda n: f"{n}ABC02", digits(3)),
    st.builds(lambda n: f"ABC-{n}", digits(3)),
    st.builds(lambda n: f"AB-{n}-CD", digits(3)),
)  # fmt: skip
place = st.builds(lambda gap, a, b: f"43.{a}{gap}44.{b}", st.sampled_from([", ", ",", " ", "; "]), digits(5), digits(6))
name = st.builds(
    lambda layout, a: layout.format(a),
    st.sampled_from(["меня зовут {0}", "Меня зовут {0}", "мене звати {0}", "my name is {0}", "водителя зовут {0}", "пишите {0}у", "звоните {0}у",
                     "Контакт: {0}", "с уважением, {0}"]),
    st.sampled_from(["Ашот", "Тимур", "Богдан", "Тигран"]),
)  # fmt: skip
PLANTED = {
    "phone": st.one_of(russian_phone, other_phone), "mail": mail, "handle": handle, "link": link, "card": card,
    "account": account, "passport": passport, "plate": plate, "place": place, "name": name,
}  # fmt: skip
BEFORE = st.sampled_from(
    ["", "Место до Ларса, ", "стоим 5 часов ", "(", "цена 25 000 р. ", "!!! ", "Пишите:\n", "тел ", "😂 "]
)
AFTER = st.sampled_from(["", ".", ", машин 200", ")", "\nспасибо", " 2 места", "!"])


@pytest.mark.parametrize("kind", sorted(PLANTED))
@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_what_is_planted_is_gone(kind: str, data: st.DataObject) -> None:
    before, planted = data.draw(BEFORE), data.draw(PLANTED[kind])
    after = data.draw(AFTER) if not planted.startswith("с уважением") else ""
    found = scrub(before + planted + after)
    secret = planted.split()[-1] if kind == "name" else planted
    assert secret not in found
    assert any(mark in found for mark in MARKS)
    longest = max((run for run in _runs(found)), default=0)
    assert longest <= (6 if kind in ("handle", "link", "name", "mail") else 5), found
    for kept in ("25 000", "200", "2 места", "5 часов"):
        behind = kind == "phone" and kept == "2 места"  # a digit right behind a phone may be its last one, and goes
        assert (kept in found) == (kept in before + after) or kept in planted or behind, found


def _runs(text: str) -> list[int]:
    for figure in ("25 000", "200"):
        text = text.replace(figure, "")
    return [len(run) for run in "".join(sign if sign.isdigit() else " " for sign in text).split()]


@pytest.mark.parametrize(
    "text",
    [
        "10 804 человека за сутки", "50 000 р", "22.09.2022 в 14:30", "8 999 000", "250 000", "с 6 до 22", "3:40", "в 100 км от Ларса",
        "2 000 000 000 человек", "01.10.2022 15:00 05.10.2022", "+20% машин", "В 200 КМ 15 ЧАСОВ", "100EUR20", "БТР-80, BTR-80, КПВТ",
        "24/7", "км 5-7", "1200+ авто", "машин 200-250, ждать 3-4 часа", "https://lenta.ru/news/2022/09/24/lars/", "до 500 м. 20 м/ч",
        "https://t.me/s_ossetia/4512", "с 21 по 26 сентября 53 000", "курс 60.5 и 61.2", "очередь 14.5 км, 2.5 часа", "А-161 трасса, М-4",
        "Свет есть, вода есть", "Владикавказ, 5 часов", "как зовут погранцов? никак", "COVID-19", "Путин, верни людей", "800 000 – 1 200 000",
        "Верхний Ларс, 12 км", "Улан-Удэ, 3 часа", "Озинки, Маштаково, Сырым", "200-300 машин. 1 000-1 500 фур", "2022-09-24 14:20",
    ],
)  # fmt: skip
def test_figures_and_places_stay(text: str) -> None:
    assert scrub(text) == text


def test_labelled_posts_keep_every_word(shared: Path) -> None:
    """All development posts pass unchanged but one, which names a private person with her patronymic."""
    posts = [
        json.loads(line)
        for path in sorted((shared / "eval").glob("dev*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert len(posts) >= 640
    texts = [
        (post["id"], text) for post in posts for text in (post["text"], (post["reply_to"] or {}).get("text") or "")
    ]
    assert [name for name, text in texts if scrub(text) != text] == ["e100"]
    assert all(scrub(post["chat"]["title"]) == post["chat"]["title"] for post in posts)


def test_names_known_from_an_export_are_found_in_any_case() -> None:
    people = People()
    people.meet("Дормидонт Безыменский")
    people.meet("Верхний Ларс")
    people.meet("ნინო ბერიძე")
    assert scrub("Дормидонт Безыменский, спасибо", people=people) == "[name], спасибо"
    assert scrub("это сказал Дормидонту Безыменскому сосед", people=people) == "это сказал [name] сосед"
    assert scrub("дормидонт безыменский ты где", people=people) == "[name] ты где"
    assert scrub("ნინო ბერიძე, გმადლობ", people=people) == "[name], გმადლობ"
    assert scrub("Верхний Ларс, 12 км", people=people) == "Верхний Ларс, 12 км"


HOSTILE = [
    "1", "1 ", "+", "+1", "8", "8 9", "a", "a.", "a@", "@", "@a", "A", "А1", "AA11", "Аа ", "t.me/", "vk.com/", "/", "(", "0", "0-",
    "43.1", "43.12345 ", "4 5 ", "паспорт ", "тел ", "зовут ", "зовут А", "Иван ", "Иван И", "пишите ", "—", "— И", "\n—", "тг ", "тг:a",
    "AB12", "AB12 CD34 ", "[", "номер ", "госномер 1", "1°", "x_", "тел 1 ", "Ив\u00a0", "www.", "http://", ".t.me", "собака ", "u/", "1-1",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_no_longer(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    people = People()
    people.meet("Иван Петров")
    begun = time.thread_time()
    scrub(text, people=people)
    scrub(text + "!", people=people)
    assert time.thread_time() - begun < 1.0  # two of them: half a second each


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_scrubbing_twice_changes_no_more(text: str) -> None:
    once = scrub(text)
    assert scrub(once) == once
