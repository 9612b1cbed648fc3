"""Without a network: the last board opens and says how old it is, and takes only what changed once there is one."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.servers import free_port
from tests.web.test_browser import serve
from tests.web.world import NOON, estimate, full_store, kinds, region
from verst.store import Batch
from verst.web import make_app
from verst.web.publish import publish

PATHS = """async () => {
  const cache = await caches.open((await caches.keys())[0]);
  return (await cache.keys()).map((it) => new URL(it.url).pathname);
}"""
KEPT = "caches.match('/last-board').then((kept) => Boolean(kept))"


class Board:
    """A board that can go away and come back on the same port."""

    def __init__(self) -> None:
        self.store, self.port = full_store(40), free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.now = NOON + timedelta(minutes=2)
        self.running: tuple[Any, Any, Any] | None = None

    def start(self) -> None:
        app = make_app(self.store, [region(40)], kinds(), clock=lambda: self.now, poll_seconds=0.1)
        self.running = serve(app, self.port)
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)

    def stop(self) -> None:
        if self.running:
            server, thread, loop = self.running
            loop.call_soon_threadsafe(server.stop)
            thread.join(10)
            self.running = None


@pytest.fixture
def away() -> Iterator[Board]:
    board = Board()
    board.start()
    yield board
    board.stop()


def keep_board(page: Page, board: Board) -> None:
    """Open the board and wait until the browser keeps it."""
    page.goto(board.address)
    for _ in range(100):
        if page.evaluate(KEPT):
            return
        page.wait_for_timeout(50)
    raise AssertionError("the board was not kept")


def test_the_last_board_opens_without_network_and_says_its_age(away: Board, page: Page) -> None:
    keep_board(page, away)
    page.goto("about:blank")
    away.stop()
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=3, minutes=1))
    for path in ("/", "/r/russia", "/c/vaalimaa-torfyanovka"):
        page.goto(f"{away.address}{path}")
        expect(page.locator("#old")).to_contain_text("This board was made 3 hours ago")
        expect(page.locator("#c-verkhny-lars")).to_contain_text("30 to 45 hours")
    first = page.evaluate("[...document.body.children].find((it) => it.offsetHeight && it.tagName === 'P').id")
    assert first == "old"  # in words, before anything else


def test_the_front_door_of_an_archive_opens_without_network_too(away: Board, page: Page) -> None:
    away.now = NOON + timedelta(days=900)
    away.store.number += 1
    keep_board(page, away)
    page.goto("about:blank")
    away.stop()
    page.goto(f"{away.address}/")
    expect(page.locator("#c-verkhny-lars")).to_contain_text("30 to 45 hours")


def test_a_board_of_which_nobody_speaks_is_kept_too(away: Board, page: Page) -> None:
    away.store.kept_estimates.clear()
    away.store.number += 1
    keep_board(page, away)
    assert "Nobody has said" in page.evaluate("caches.match('/last-board').then((kept) => kept.text())")


def test_only_the_board_is_kept_and_can_be_removed(away: Board, page: Page) -> None:
    keep_board(page, away)
    page.goto(f"{away.address}/c/vaalimaa-torfyanovka")
    page.goto(f"{away.address}/?at=2022-09-22T09:00Z")
    page.goto(away.address)
    page.wait_for_timeout(300)
    assert set(page.evaluate(PATHS)) == {"/last-board", "/static/verst.js", "/static/mark.svg"}
    assert "22 September" not in page.evaluate("caches.match('/last-board').then((kept) => kept.text())")
    page.get_by_role("button", name="Remove the saved board").click()
    expect(page.locator("#clear")).to_contain_text("Removed.")
    assert page.evaluate("caches.keys()") == []


def test_back_on_the_network_only_what_changed_is_fetched(away: Board, page: Page) -> None:
    keep_board(page, away)
    away.stop()
    page.goto(away.address)
    expect(page.locator("#old")).to_be_visible()
    away.store.keep(Batch(estimates=[estimate("wait", 900.0, NOON + timedelta(seconds=90), mode="car", p10=800.0)]))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(away.address)))
    away.start()
    expect(page.locator("#c-verkhny-lars")).to_contain_text("13 to 15 hours", timeout=20_000)
    expect(page.locator("#old")).to_be_hidden()
    fetched = [path for path in asked if not path.startswith("/events")]
    assert set(fetched) == {"/now/russia.json", "/row/verkhny-lars?lang=en"}
    assert fetched.count("/row/verkhny-lars?lang=en") == 1


def test_a_change_costs_less_than_two_kilobytes(away: Board) -> None:
    sizes = []
    for path in ("/now/russia.json", "/row/verkhny-lars?lang=ar"):
        request = urllib.request.Request(away.address + path, headers={"Accept-Encoding": "br"})
        with urllib.request.urlopen(request) as answer:
            sizes.append(len(answer.read()))
    assert sum(sizes) < 2048, sizes


def test_one_file_works_from_a_memory_card(away: Board, page: Page, tmp_path: Path) -> None:
    with urllib.request.urlopen(f"{away.address}/save/russia?lang=en") as answer:
        assert "attachment" in answer.headers["content-disposition"]
        (tmp_path / "board.html").write_bytes(answer.read())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "board.html").as_uri())
    expect(page.locator("#c-verkhny-lars")).to_contain_text("30 to 45 hours")
    expect(page.locator("#old")).to_contain_text("ago; it cannot renew itself")
    passing = page.locator("details", has_text="To pass on as text: Verkhny Lars")
    passing.locator("summary").click()
    expect(passing.locator(".digest")).to_be_visible()
    assert len(asked) == 1
    assert page.locator("a[href], link, script[src], img").count() == 0


def test_published_files_open_without_a_server(away: Board, page: Page, tmp_path: Path) -> None:
    publish(tmp_path, away.store, [region(40)], kinds(), clock=lambda: NOON + timedelta(minutes=2))
    page.goto((tmp_path / "index.html").as_uri())
    page.get_by_role("link", name="Verkhny Lars").first.click()
    expect(page.locator(".a").first).to_contain_text("30 to 45 hours")
    page.get_by_role("link", name="Русский").click()
    expect(page.locator("h1")).to_have_text("Верхний Ларс")
    expect(page.locator("#old")).to_contain_text("Эта доска сделана")
