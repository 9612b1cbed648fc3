"""Passkeys: a device logs its owner in, and whatever is wrong with what it says is refused."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from tests.web.desk_device import PRESENT, Device
from tests.web.desk_world import NOON, PASSWORD, Clock, code_now, enlist, form_of, make_board
from tests.web.desk_world import clock as clock
from tests.web.desk_world import store as store
from tests.web.test_accessible import broken
from tests.web.test_desk_browser import Served, log_in
from tests.web.test_desk_browser import desk as desk
from verst.store import Store
from verst.store.desk import desk_of
from verst.work.accounts import close, find_account, invite
from verst.work.passkeys import LASTS, MOST, Questions


@pytest.fixture
def owl(store: Store, clock: Clock) -> TestClient:
    """A browser of owl, who is logged in by password and code, on a board called localhost."""
    enlist(store, "owl", clock)
    client = TestClient(make_board(store, clock), base_url="http://localhost")
    told = {"name": "owl", "password": PASSWORD, "code": code_now(store, "owl", clock)}
    assert client.post("/desk/log-in", data=told, follow_redirects=False).status_code == 303
    return client


def asked_in(text: str, what: str) -> Any:
    """What a page asks a device; nothing where it asks none."""
    found = re.search(rf'data-{what}="([^"]*)"', text)
    return json.loads(html.unescape(found[1]))["publicKey"] if found else None


def ask(client: TestClient, password: str = PASSWORD) -> Any:
    told = {"form": form_of(client, "/desk/passkeys"), "password": password, "label": "blue"}
    return client.post("/desk/passkeys/ask", data=told)


def add(client: TestClient, device: Device, label: str = "blue") -> Any:
    answer = device.make(asked_in(ask(client).text, "make"))
    told = {"form": form_of(client, "/desk/passkeys"), "answer": answer, "label": label}
    return client.post("/desk/passkeys/make", data=told, follow_redirects=False)


def come_in(client: TestClient, answer: Callable[[Any], str]) -> Any:
    """Somebody without a session, with what a device answers to the page of logging in."""
    client.cookies.clear()
    asked = asked_in(client.get("/desk/log-in").text, "get")
    return client.post("/desk/log-in/passkey", data={"answer": answer(asked)}, follow_redirects=False)


def test_a_device_is_added_logs_in_and_is_taken_away(owl: TestClient, store: Store, clock: Clock) -> None:
    device = Device()
    assert asked_in(owl.get("/desk/passkeys").text, "make") is None
    assert add(owl, device, "blue, write @ivan_petrov").status_code == 303
    kept = desk_of(store).account("owl")
    assert kept is not None and [each.label for each in kept.passkeys] == ["blue, write [handle]"]
    clock.pass_minutes(5)
    answer = come_in(owl, device.get)
    assert answer.status_code == 303 and "verst-desk=" in answer.headers["set-cookie"]
    assert owl.get("/desk", follow_redirects=False).status_code == 200
    told = {"form": form_of(owl, "/desk/passkeys"), "passkey": kept.passkeys[0].id}
    assert owl.post("/desk/passkeys/remove", data=told, follow_redirects=False).status_code == 303
    assert owl.post("/desk/passkeys/remove", data=told).status_code == 409
    owl.cookies.clear()
    assert asked_in(owl.get("/desk/log-in").text, "get") is None  # nobody has one any more
    told = {"name": "owl", "password": PASSWORD, "code": code_now(store, "owl", clock)}
    assert owl.post("/desk/log-in", data=told, follow_redirects=False).status_code == 303


def test_a_session_alone_adds_no_way_in(owl: TestClient, clock: Clock, store: Store) -> None:
    for _ in range(6):
        answer = ask(owl, "seven grey geese in the dark")
        assert answer.status_code == 409 and asked_in(answer.text, "make") is None
    assert ask(owl).status_code == 429  # it cannot be guessed from inside either
    clock.pass_minutes(16)
    assert add(owl, Device()).status_code == 303


def spoil_origin(device: Device) -> None:
    device.origin = "https://localhost.example"


def spoil_host(device: Device) -> None:
    device.host = "board.example"


def spoil_holder(device: Device) -> None:
    device.flags = PRESENT


def spoil_id(device: Device) -> None:
    device.id = b"device-2" * 4


def spoil_key(device: Device) -> None:
    device._key = Device()._key


@pytest.mark.parametrize("spoil", [spoil_origin, spoil_host, spoil_holder, spoil_id, spoil_key])
def test_what_is_not_of_this_device_this_site_and_a_hand_on_it_is_refused(
    owl: TestClient, spoil: Callable[[Device], None]
) -> None:
    device = Device()
    add(owl, device)
    assert come_in(owl, device.get).status_code == 303
    spoil(device)
    answer = come_in(owl, device.get)
    assert answer.status_code == 409 and "set-cookie" not in answer.headers


def test_an_answer_is_good_once_and_a_copied_key_is_found_out(owl: TestClient, clock: Clock) -> None:
    device = Device()
    add(owl, device)
    said: list[str] = []

    def answer(asked: Any) -> str:
        said.append(device.get(asked))
        return said[-1]

    assert come_in(owl, answer).status_code == 303
    assert come_in(owl, lambda asked: said[0]).status_code == 409
    device.count -= 1  # a copy that was made before and counts on its own
    assert come_in(owl, device.get).status_code == 409
    assert come_in(owl, device.get).status_code == 303
    owl.cookies.clear()
    late = asked_in(owl.get("/desk/log-in").text, "get")
    clock.pass_minutes(LASTS.total_seconds() / 60 + 1)
    told = {"answer": device.get(late)}
    assert owl.post("/desk/log-in/passkey", data=told, follow_redirects=False).status_code == 409


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "7", "{" * 9_000, '{"rawId": "%"}', "x" * 30_000])
def test_what_is_no_answer_is_refused_in_words(owl: TestClient, answer: str) -> None:
    add(owl, Device())
    refused = come_in(owl, lambda asked: answer)
    assert refused.status_code == 409 and "was not taken" in refused.text


def test_an_account_that_is_closed_or_made_anew_has_none(owl: TestClient, store: Store, clock: Clock) -> None:
    device, room = Device(), desk_of(store)
    add(owl, device)
    assert add(owl, device).status_code == 409  # the same device again
    close(room, "owl")
    kept = room.account("owl")
    assert kept is not None and kept.passkeys == ()
    invite(room, "owl", "moderator", clock.at)
    enlist(store, "lynx", clock)
    answer = device.get({"challenge": "AAAA"})
    assert owl.post("/desk/log-in/passkey", data={"answer": answer}, follow_redirects=False).status_code == 409


def test_nobody_has_more_than_some(owl: TestClient) -> None:
    for number in range(MOST):
        device = Device()
        device.id = bytes([number]) * 32
        assert add(owl, device).status_code == 303
    assert ask(owl).status_code == 409


def test_where_a_board_has_no_name_there_are_none(store: Store, clock: Clock) -> None:
    enlist(store, "owl", clock)
    client = TestClient(make_board(store, clock), base_url="http://127.0.0.1")
    told = {"name": "owl", "password": PASSWORD, "code": code_now(store, "owl", clock)}
    client.post("/desk/log-in", data=told)
    assert "an address with a name" in client.get("/desk/passkeys").text
    assert ask(client).status_code == 409


def test_attempts_with_passkeys_are_counted(owl: TestClient) -> None:
    add(owl, Device())
    owl.cookies.clear()
    codes = [owl.post("/desk/log-in/passkey", data={"answer": "{}"}).status_code for _ in range(31)]
    assert codes[0] == 409 and codes[-1] == 429


def test_a_question_is_for_one_account_and_only_of_this_process() -> None:
    questions = Questions()
    asked = questions.ask("owl", NOON)
    assert questions.is_open(asked, "owl", NOON) and not questions.is_open(asked, "", NOON)
    assert not Questions().is_open(asked, "owl", NOON) and not questions.is_open(b"", "", NOON)
    assert not questions.is_open(asked, "owl", NOON - timedelta(minutes=1))
    assert questions.use(asked, NOON) and not questions.use(asked, NOON)
    assert not questions.is_open(asked, "owl", NOON)


def test_a_moderator_adds_a_passkey_in_the_browser_and_comes_in_with_it(desk: Served, page: Page) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device = devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": kind | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    desk.address = desk.address.replace("127.0.0.1", "localhost")
    enlist(desk.store, "owl", desk.clock)
    log_in(page, desk, "owl")
    page.get_by_role("link", name="Passkeys").click()
    assert broken(page) == []
    page.fill("#label", "blue")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.click("main form[data-make] button")
    expect(page.locator(".acts")).to_contain_text("blue")
    page.click(".out button")
    page.click("main form[data-get] button")
    expect(page.locator("h1")).to_have_text("What needs eyes")
    page.click(".out button")
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": device["authenticatorId"], "isUserVerified": False})
    page.click("main form[data-get] button")
    expect(page.locator(".failed")).to_contain_text("gave no passkey")
    assert find_account(desk_of(desk.store), "nobody", desk.clock.at) is None
    devices.detach()
