"""Alerts in a browser: it makes a subscription to hand over, shows each alert once, and what takes one back instead."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.web.conftest import client_for
from tests.web.test_offline import Board
from tests.web.world import full_store

KEY = "BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U"
READY = """async () => {
  await navigator.serviceWorker.register("/sw.js");
  const worker = await navigator.serviceWorker.ready;
  while (!worker.active || worker.active.state !== "activated") await new Promise((go) => setTimeout(go, 20));
}"""
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  return (await worker.getNotifications()).map((it) => [it.title, it.body, it.tag, it.data.link]);
}"""


@pytest.fixture
def board() -> Iterator[Board]:
    found = Board()
    found.start()
    yield found
    found.stop()


def test_where_alerts_go_to_no_browsers_there_is_no_page_for_them() -> None:
    with client_for(full_store()) as without, client_for(full_store(), push_key=KEY) as client:
        assert without.get("/push").status_code == 404
        told = client.get("/push?lang=uk")
        assert told.status_code == 200 and f'data-key="{KEY}"' in told.text and "Створити підписку" in told.text
        assert client.get("/static/push.js").headers["content-type"].startswith("text/javascript")


def push(page: Page, context: BrowserContext, board: Board, message: Any) -> None:
    """Give the worker a message as a push service would."""
    session = context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(r["registrationId"] for r in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    for _ in range(600):
        if found:
            break
        page.wait_for_timeout(50)
    data = message if isinstance(message, str) else json.dumps(message)
    told = {"origin": board.address, "registrationId": found[-1], "data": data}
    session.send("ServiceWorker.deliverPushMessage", told)
    session.detach()


def shown(page: Page, count: int, title: str, again: Callable[[], None]) -> list[list[str]]:
    """The notifications on the screen, once there are so many and one has that title; what got lost is sent again."""
    found: list[list[str]] = []
    for n in range(1, 600):
        if n % 100 == 0:
            again()
        found = page.evaluate(SHOWN)
        if len(found) == count and any(each[0] == title for each in found):
            return found
        page.wait_for_timeout(50)
    raise AssertionError(found)


def test_a_browser_shows_each_alert_once_and_a_retraction_in_its_place(
    board: Board, page: Page, context: BrowserContext
) -> None:
    context.grant_permissions(["notifications"], origin=board.address)
    page.goto(board.address)
    page.evaluate(READY)
    alert = {"id": "a1", "takes_back": None, "title": "Closed", "body": "Now: closed.", "lang": "en", "link": "/c/x"}
    told: list[Any] = [alert, alert | {"id": "a2", "title": "Open again"}]
    told.append(alert | {"id": "b1", "takes_back": "a1", "title": "Taken back: Closed"})
    sends = [partial(push, page, context, board, each) for each in told]
    sends[0]()
    assert shown(page, 1, "Closed", sends[0]) == [["Closed", "Now: closed.", "a1", "/c/x"]]
    sends[0]()
    sends[1]()
    assert len(shown(page, 2, "Open again", sends[1])) == 2
    sends[2]()
    titles = {each[0] for each in shown(page, 2, "Taken back: Closed", sends[2])}
    assert titles == {"Taken back: Closed", "Open again"}
    push(page, context, board, "no JSON")
    assert len(page.evaluate(SHOWN)) >= 2
