"""The pages over a full store and an empty one: words, ages, voices, the past, headers and size."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from tests.web.conftest import client_for, words_of
from tests.web.fake import FakeStore
from tests.web.world import NOON, DeafReader, estimate, full_store, kinds, post, region
from verst.web import make_app

LANGUAGES = ("en", "ru", "uk", "ar")


def test_the_board_says_range_age_and_voices(full: TestClient) -> None:
    words = words_of(full.get("/"))
    assert "wait 30 to 45 hours 41 minutes ago · 14 voices" in words
    assert "on foot people see probably let through 41 minutes ago · 4 voices" in words
    assert "Everybody reads this same board" in words
    assert "fastest" not in words.lower()


def test_worst_comes_first_and_silence_apart(full: TestClient) -> None:
    tree = HTMLParser(full.get("/").text)
    names = [node.attributes["data-crossing"] for node in tree.css("[data-crossing]")]
    assert names == ["vaalimaa-torfyanovka", "verkhny-lars", "ozinki-taskala", "tashanta-tsagaannuur"]
    assert [node.attributes["data-crossing"] for node in tree.css(".silent [data-crossing]")] == names[2:3]
    assert [node.attributes["data-crossing"] for node in tree.css(".never [data-crossing]")] == names[3:]


@pytest.mark.parametrize("address", ["/r/russia", "/c/ozinki-taskala", "/row/ozinki-taskala"])
def test_silence_never_turns_into_a_free_way(full: TestClient, address: str) -> None:
    answer = full.get(address)
    if address == "/r/russia":
        answer = full.get("/row/ozinki-taskala")
    words = words_of(answer)
    assert "Nobody has said in the last 9 hours. Last heard 24 September" in words
    assert "no queue reported" not in words.lower()
    assert not re.search(r"\b(open|free|let through)\b", words.lower().replace("letting people", ""))


def test_silence_in_the_data_carries_no_value(full: TestClient) -> None:
    told = full.get("/api/v1/crossings/ozinki-taskala").json()
    assert told["status"] == "silent"
    assert told["lanes"][0]["facts"]["passage"]["value"] is None
    assert told["lanes"][0]["facts"]["passage"]["silent"] is True


def test_an_old_estimate_is_silent_however_sure_it_was() -> None:
    store = full_store()
    with client_for(store, clock=lambda: NOON + timedelta(hours=30)) as client:
        words = words_of(client.get("/"))
    assert "30 to 45 hours" not in words
    assert "Nobody has said in the last 30 hours" in words


def test_a_sure_state_is_not_made_of_even_odds() -> None:
    store = FakeStore(number=1)
    store.kept_posts["p"] = post("p", "x", NOON)
    store.kept_estimates.append(estimate("passage", "closed", odds=(("closed", 0.5), ("open", 0.5)), disputed=True))
    with client_for(store) as client:
        tree = HTMLParser(client.get("/").text)
    row = tree.css_first("#c-verkhny-lars")
    assert row is not None and "s-unclear" in (row.attributes["class"] or "")
    assert "reports contradict each other" in row.text()


def test_the_empty_store_says_so(empty: TestClient) -> None:
    words = words_of(empty.get("/"))
    assert "Nobody has said anything about this region yet." in words
    never = HTMLParser(empty.get("/").text).css(".never [data-crossing]")
    assert len(never) == 4 and "Nobody has said anything yet about:" in words
    assert empty.get("/c/verkhny-lars").status_code == 200


def test_without_a_region_the_page_says_what_to_do() -> None:
    with TestClient(make_app(FakeStore(), [], kinds())) as client:
        assert "Add a region file" in words_of(client.get("/"))


def test_the_crossing_answers_first(full: TestClient) -> None:
    tree = HTMLParser(full.get("/c/verkhny-lars").text)
    sentences = [" ".join(node.text().split()) for node in tree.css(".a")]
    assert sentences[0] == "About 30 to 45 hours by car to get into Georgia. 41 minutes ago · 14 voices"
    assert "On foot: probably let through, though not foreseen by the rules. 41 minutes ago · 4 voices" in sentences
    assert sentences[-1] == "Into Russia: not known now."


def test_the_rule_stands_beside_the_practice(full: TestClient) -> None:
    clash = HTMLParser(full.get("/c/verkhny-lars").text).css_first(".clash")
    assert clash is not None
    words = " ".join(clash.text().split())
    assert "No one may cross on foot." in words
    assert "probably let through" in words
    assert "They contradict each other." in words


def test_evidence_is_marked_escaped_and_labelled(full: TestClient) -> None:
    answer = full.get("/c/verkhny-lars")
    tree = HTMLParser(answer.text)
    assert [node.text() for node in tree.css("mark")] == ["36 часов"]
    assert "<script>alert" not in answer.text
    assert "Reconstructed from dated public facts" in words_of(answer)
    assert "why it counts less: a copy of an older post" in words_of(answer)
    assert 'href="https://example.org/news"' in answer.text


def test_what_people_ask_knows_no_later_answer(full: TestClient) -> None:
    words = words_of(full.get("/c/verkhny-lars"))
    assert "Можно ли пешком?" in words
    assert "Нет, только на колёсах" in words
    assert "Уже пускают" not in words


def test_both_sides_are_two_queues(full: TestClient) -> None:
    words = words_of(full.get("/c/vaalimaa-torfyanovka"))
    assert "Queue on the side of Finland wait 10 to 30 minutes" in words
    assert "Queue on the side of Russia wait 2.5 to 5 hours" in words


def test_the_chart_has_a_range_dots_and_a_table(full: TestClient) -> None:
    tree = HTMLParser(full.get("/c/verkhny-lars").text)
    assert tree.css("polygon.range") and tree.css("polygon.pale")
    assert len({node.attributes["class"] for node in tree.css(".dot")}) == 5
    assert len(tree.css("tr[data-at]")) >= 10
    assert (tree.css_first("svg").attributes["aria-label"] or "").startswith("Wait by car into Georgia. Chart")  # type: ignore[union-attr]


def test_a_rule_that_changes_is_marked_when_it_does() -> None:
    store = full_store()
    at = NOON + timedelta(days=7)
    store.kept_posts["late"] = post("late", "x", at)
    for hour in range(80):
        then = at - timedelta(hours=hour)
        store.kept_estimates.append(
            estimate("wait", 100.0, then, crossing="vaalimaa-torfyanovka", toward="FI", mode="car", p10=80.0, p90=130.0)
        )
    with client_for(store, clock=lambda: at) as client:
        page = HTMLParser(client.get(f"/c/vaalimaa-torfyanovka?at={at:%Y-%m-%dT%H:%MZ}").text)
        before = HTMLParser(client.get("/c/vaalimaa-torfyanovka?at=2022-09-24T09:00Z").text)
    assert len(page.css("line.mark")) == 1
    assert "refused entry" in page.css_first(".beside").text()  # type: ignore[union-attr]
    assert not before.css(".beside")


# Time


def test_the_past_is_shown_as_it_was_known_then(full: TestClient) -> None:
    words = words_of(full.get("/?at=2022-09-22T09:00Z"))
    assert "22 September 2022, 12:00 local (09:00 UTC)" in words
    assert "nothing said later is used" in words
    assert "18 to 28 hours" in words
    assert "30 to 45 hours" not in words


def test_every_link_of_the_past_stays_in_the_past(full: TestClient) -> None:
    tree = HTMLParser(full.get("/?at=2022-09-22T09:00Z&lang=ru").text)
    link = tree.css_first("#c-verkhny-lars a")
    assert link is not None
    assert link.attributes["href"] == "/c/verkhny-lars?lang=ru&at=2022-09-22T09:00Z"


def test_the_slider_works_without_javascript(full: TestClient) -> None:
    tree = HTMLParser(full.get("/").text)
    slider = tree.css_first("input[type=range]")
    assert slider is not None and slider.attributes["name"] == "t"
    answer = full.get("/r/russia?t=48", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/r/russia?at=2022-09-22T09:00Z"
    steps = [node.attributes["href"] for node in HTMLParser(full.get(answer.headers["location"]).text).css(".steps a")]
    assert "/r/russia?at=2022-09-22T08:00Z" in steps
    assert "/r/russia?at=2022-09-23T09:00Z" in steps
    assert "/r/russia" in steps


def test_the_end_of_an_archive_says_what_it_is() -> None:
    with client_for(full_store(), clock=lambda: NOON + timedelta(days=900)) as client:
        words = words_of(client.get("/r/russia"))
    assert "This is an archive. Its last post is from 24 September 2022, 12:00 local (09:00 UTC)" in words
    assert "30 to 45 hours" in words


def test_the_front_door_of_an_archive_is_where_it_is_fullest() -> None:
    store = full_store()
    late = NOON + timedelta(days=9)
    store.kept_posts["late"] = replace(store.kept_posts["p1"], id="late", posted_at=late)
    with client_for(store, clock=lambda: NOON + timedelta(days=900)) as client:
        answer = client.get("/?lang=en", follow_redirects=False)
        assert answer.status_code == 200 and 'datetime="2022-09-24T10:00Z"' in answer.text
        assert 'href="/r/russia?lang=en&amp;at=2022-09-24T09:00Z"' in answer.text, "an hour earlier from there"
        words = words_of(client.get("/"))
        assert "Archive up to 3 October" in words
        assert "Nobody has said in the last 9 days" in words_of(client.get("/r/russia"))
    assert "30 to 45 hours" in words and "nothing said later is used" in words


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("at=yesterday", "write at=2022-09-24T09:00Z"),
        ("at=2022-09-24T09:00", "no time with an offset"),
        ("at=2099-01-01T00:00Z", "has not come yet"),
        ("t=-1", "whole number from 0 to"),
        ("t=999999", "whole number from 0 to"),
        ("t=²", "whole number from 0 to"),
        ("at=0001-01-01T00:00%2B14:00", "write at="),
    ],
)
def test_a_bad_time_gets_a_clear_error(full: TestClient, asked: str, says: str) -> None:
    answer = full.get(f"/?{asked}")
    assert answer.status_code == 400
    assert says in words_of(answer)


# Languages


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("path", ["/", "/c/verkhny-lars", "/c/ozinki-taskala", "/c/nowhere"])
def test_every_page_in_every_language(full: TestClient, code: str, path: str) -> None:
    answer = full.get(f"{path}?lang={code}")
    tree = HTMLParser(answer.text).css_first("html")
    assert tree is not None
    assert tree.attributes["lang"] == code
    assert tree.attributes["dir"] == ("rtl" if code == "ar" else "ltr")
    assert not re.search(r"\{\w+\}|\b(board|crossing|status|answer)\.\w+", words_of(answer))


def test_the_browsers_language_is_enough(full: TestClient) -> None:
    answer = full.get("/", headers={"Accept-Language": "ru-RU,ru;q=0.9"})
    assert "Верхний Ларс" in answer.text
    assert "30–45 часов" in answer.text


# Questions


def test_a_question_gets_a_page(full: TestClient) -> None:
    tree = HTMLParser(full.get("/").text)
    assert tree.css_first("form.ask input[name=q]") is not None
    full.app.state.reader = DeafReader()  # type: ignore[attr-defined]
    answer = full.get("/ask", params={"q": "Сколько стоять на Ларсе?", "lang": "en"})
    told = HTMLParser(answer.text).css_first(".told")
    assert told is not None and told.attributes["lang"] == "ru"
    assert told.text().strip()
    assert "<b>" not in full.get("/ask", params={"q": "<b>Ларс</b>"}).text.partition("told")[2].partition("</div>")[0]


def test_who_asks_nothing_yet_gets_the_box(full: TestClient) -> None:
    answer = full.get("/ask?lang=ru")
    tree = HTMLParser(answer.text)
    assert answer.status_code == 200 and tree.css_first("form.ask input[name=q]") is not None
    assert tree.css_first(".told") is None and tree.css_first(".clock") is None


def test_a_board_of_nothing_shows_every_crossing_and_no_slider() -> None:
    more = replace(region(6), id="more")
    client = TestClient(make_app(FakeStore(), [region(), more], kinds(), clock=lambda: NOON))
    tree = HTMLParser(client.get("/?lang=en").text)
    assert tree.css_first("h1").text() == "Border crossings: All crossings"  # type: ignore[union-attr]
    assert tree.css_first("form.slide") is None and tree.css_first(".steps") is None
    assert len(tree.css("main a[href^='/c/']")) == len(more.crossings)


def test_an_empty_question_is_told_what_to_write(full: TestClient) -> None:
    answer = full.get("/ask?q=")
    assert answer.status_code == 400
    assert "1 to 500 characters" in words_of(answer)


@pytest.mark.parametrize(
    ("code", "says"), [("en", "nobody said it"), ("ru", "никто этого не говорил"), ("ar", "ولم يقله أحد")]
)
def test_a_wait_that_was_worked_out_says_so(code: str, says: str) -> None:
    store = full_store()
    store.kept_estimates = [
        replace(told, derived=True) if told.kind == "wait" else told for told in store.kept_estimates
    ]
    with client_for(store) as client:
        for path in ("/r/russia", "/c/verkhny-lars"):
            assert says in words_of(client.get(f"{path}?lang={code}"))
        assert says in client.get(f"/digest/verkhny-lars?lang={code}").text
        board = client.get("/api/v1/board").json()["boards"][0]["crossings"]
        assert {fact["derived"] for row in board for lane in row["lanes"] for fact in lane["facts"].values()} == {
            True,
            False,
        }
        assert '"derived":true' in client.get("/api/v1/crossings.geojson").text
