"""The form "I am at the border": without an account, without a trace of who sends it, one person one voice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from tests.web.conftest import client_for
from tests.web.test_accessible import broken
from tests.web.test_browser import served, sideways
from tests.web.world import NOON
from verst.errors import StoreBusy
from verst.geography import load_kinds, load_regions
from verst.model import Post
from verst.reading.reader import Reader
from verst.sources import Door
from verst.sources.door import RawPost
from verst.store import Store, open_store
from verst.web import make_app
from verst.web.saying import Inbox, read_told
from verst.work.form import MOST_AN_HOUR, Senders, Told, in_letters, keep_told

READER = Reader.load()
PHONE: ViewportSize = {"width": 360, "height": 740}
FORM = {"toward": "GE", "mode": "car", "once": "abc", "hours": "2,5", "passage": "moving", "km": "", "vehicles": ""}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    yield opened
    opened.close()


def board(
    store: Store, keep: object = None, *, clock: object = lambda: NOON, address: str = "203.0.113.7"
) -> TestClient:
    door = Door(b"k" * 32)

    def through(told: Told, name: str, once: str, at: datetime, offset: int) -> int:
        return keep_told(store, door, READER, told, name=name, once=once, at=at, offset_minutes=offset)

    inbox = Inbox(keep or through)  # type: ignore[arg-type]
    app = make_app(store, load_regions(), load_kinds(), clock=clock, inbox=inbox)  # type: ignore[arg-type]
    return TestClient(app, client=(address, 5000))


def said(page: str) -> str:
    found = LexborHTMLParser(page).css_first("#told")
    return found.text() if found else ""


def test_what_is_said_becomes_reports_that_name_nobody(store: Store, tmp_path: Path) -> None:
    with board(store) as client:
        words = "Шлагбаум закрыли, меня зовут Мелитриса, +7 928 123-45-67"
        answer = client.post("/say/verkhny-lars?lang=en", data=FORM | {"vehicles": "120", "words": words})
    assert answer.status_code == 200 and "Thank you" in said(answer.text)
    told = {(r.claim.kind, r.claim.value, r.claim.bound, r.claim.mode, r.claim.toward) for r in store.reports()}
    assert told >= {
        ("wait", 150.0, "min", "car", "GE"),
        ("passage", "moving", "exact", "car", "GE"),
        ("queue_count", 120.0, "approx", "car", "GE"),
    }
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file()).decode("utf-8", "replace")
    assert not [secret for secret in ("203.0.113.7", "testclient", "Мелитриса", "928 123") if secret in kept]
    assert len({report.author for report in store.reports()}) == 1


def test_no_form_is_taken_for_the_number_of_a_person(store: Store) -> None:
    """Of names in figures and letters one in some hundred has so many figures in a row that the door hashes it."""
    door = Door(b"k" * 32)
    for n in range(1_000):
        raw = RawPost(
            id=f"form-said-{in_letters(f'once-{n}')}", chat_title="", chat_kind="group", posted_at=NOON, text="x"
        )
        assert [item.id for item in door.admit(raw) if isinstance(item, Post)] == [raw.id]


def test_the_same_form_sent_twice_counts_once(store: Store) -> None:
    with board(store) as client:
        for _ in range(3):
            client.post("/say/verkhny-lars", data=FORM)
    assert len(list(store.reports())) == 2


def test_one_sender_is_one_voice_however_often_and_another_day_another(store: Store) -> None:
    times = [NOON, NOON + timedelta(minutes=5), NOON + timedelta(days=2)]
    for number, at in enumerate(times):
        with board(store, clock=lambda at=at: at) as client:  # type: ignore[misc]
            client.app.state.inbox.senders = SENDERS  # type: ignore[attr-defined]
            client.post("/say/verkhny-lars", data=FORM | {"once": f"form {number}"})
    authors = [report.author for report in store.reports() if report.claim.kind == "wait"]
    assert authors[0] == authors[1] and authors[2] != authors[0]


SENDERS = Senders()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"toward": ""}, "Which way"),
        ({"toward": "FI"}, "Which way"),
        ({"hours": "long"}, "Write a number"),
        ({"hours": "5000"}, "cannot be right"),
        ({"hours": "nan"}, "cannot be right"),
        ({"km": "-3"}, "cannot be right"),
        ({"hours": "", "passage": "", "words": " "}, "at least one thing"),
        ({"mode": "camel"}, "Open the form again"),
        ({"passage": "fine"}, "Open the form again"),
        ({"once": ""}, "Open the form again"),
        ({"words": "x" * 601}, "too long"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_that_was_written_is_lost(
    store: Store, change: dict[str, str], told: str
) -> None:
    with board(store) as client:
        answer = client.post("/say/verkhny-lars?lang=en", data=FORM | {"words": "вода есть"} | change)
    assert answer.status_code == 400 and told in said(answer.text)
    assert change.get("words", "вода есть") in answer.text and not list(store.reports())


def test_a_program_that_fills_the_field_nobody_sees_is_thanked_and_ignored(store: Store) -> None:
    with board(store) as client:
        assert client.post("/say/verkhny-lars", data=FORM | {"site": "x"}).status_code == 200
    assert not list(store.reports())


def test_too_much_from_one_place_is_not_taken(store: Store) -> None:
    with board(store) as client:
        answers = [client.post("/say/verkhny-lars", data=FORM | {"once": str(n)}) for n in range(MOST_AN_HOUR + 2)]
    assert [answer.status_code for answer in answers] == [200] * MOST_AN_HOUR + [429] * 2
    assert answers[-1].headers["cache-control"] == "no-store"


def test_a_busy_board_takes_nothing_says_so_and_keeps_the_fields(store: Store) -> None:
    def busy(*_: object) -> int:
        raise StoreBusy("somebody loads")

    with board(store, busy) as client:
        answer = client.post("/say/verkhny-lars?lang=en", data=FORM)
    assert answer.status_code == 503 and "took nothing" in said(answer.text) and 'value="2,5"' in answer.text


def test_other_sites_and_other_shapes_are_refused(store: Store) -> None:
    with board(store) as client:
        assert client.post("/say/verkhny-lars", data=FORM, headers={"sec-fetch-site": "cross-site"}).status_code == 403
        assert client.post("/say/verkhny-lars", json=FORM).status_code == 415
        assert client.post("/say/verkhny-lars", data=FORM | {"words": "x" * 9_000}).status_code == 413
        assert client.post("/say/nowhere", data=FORM).status_code == 404
    assert not list(store.reports())


def test_without_an_inbox_there_is_no_form_and_no_link_to_one(store: Store) -> None:
    with client_for(store) as client:  # type: ignore[arg-type]
        assert client.get("/say/one").status_code == 404
        assert client.post("/say/one", data=FORM).status_code == 404
        assert "/say/" not in client.get("/c/crossing-0").text
    with board(store) as client:
        assert "/say/verkhny-lars" in client.get("/c/verkhny-lars").text
        assert "/say/" not in client.get("/c/verkhny-lars?at=2022-09-24T10:00Z").text


def test_behind_a_proxy_the_sender_is_whom_the_proxy_names(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def senders(*said: str) -> int:
        with board(store) as client:
            for name in said:
                client.post("/say/verkhny-lars", data=FORM | {"once": name}, headers={"x-forwarded-for": name})
        return len({report.author for report in store.reports()})

    assert senders("198.51.100.1", "198.51.100.2") == 1, "what a sender claims of itself is not believed"
    monkeypatch.setenv("VERST_BEHIND_PROXY", "1")
    assert senders("1.1.1.1, 198.51.100.3", "1.1.1.1, 198.51.100.4", "2.2.2.2, 198.51.100.4") == 1 + 2


def test_a_wait_that_is_over_is_told_apart_from_one_that_lasts() -> None:
    lars = next(c for region in load_regions() for c in region.crossings if c.id == "verkhny-lars")
    assert read_told(lars, FORM | {"across": "yes"}).across and not read_told(lars, FORM).across


@pytest.mark.parametrize("code", ["en", "ar"])
def test_somebody_at_the_border_says_it_on_a_phone_without_a_script(store: Store, browser: Browser, code: str) -> None:
    app = board(store).app
    with served(app) as address, browser.new_context(java_script_enabled=False, viewport=PHONE) as context:
        page = context.new_page()
        page.goto(f"{address}/c/verkhny-lars?lang={code}")
        page.locator("a[href^='/say/']").click()
        page.locator("input[name=toward][value=GE]").check()
        page.locator("input[name=hours]").fill("4")
        page.locator("button[type=submit]").click()
        assert page.locator("#told[role=status]").is_visible()
        assert context.cookies() == []
    assert [report.claim.value for report in store.reports()] == [240.0]


@pytest.mark.parametrize("path", ["/say/verkhny-lars?lang=ru", "/say/verkhny-lars?lang=ar"])
def test_axe_finds_nothing_in_the_form(store: Store, page: Page, path: str) -> None:
    with served(board(store).app) as address:
        page.set_viewport_size(PHONE)
        page.goto(f"{address}{path}")
        assert broken(page) == [] and sideways(page) == 0
        page.locator("input[name=hours]").fill("x")
        page.locator("input[name=toward]").first.check()
        page.locator("button[type=submit]").click()
        assert page.locator("#told[role=alert]").is_visible() and broken(page) == []
