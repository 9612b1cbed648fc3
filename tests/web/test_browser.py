"""The pages in the machine's own Chromium: phone width, no JavaScript, live updates, the slider, the policy."""

from __future__ import annotations

import asyncio
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.servers import free_port
from tests.web.fake import FakeStore
from tests.web.world import NOON, estimate, full_store, kinds, region
from verst.store import Batch
from verst.web import make_app

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


@dataclass
class Served:
    """A board on a loopback port, and the store behind it."""

    address: str
    store: FakeStore


def serve(app: Any, port: int) -> tuple[Any, threading.Thread, asyncio.AbstractEventLoop]:
    """Run granian in a thread with an event loop of its own."""
    from granian.constants import Interfaces
    from granian.server.embed import Server

    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()), daemon=True)
    thread.start()
    return server, thread, loop


@contextmanager
def served(app: Any) -> Iterator[str]:
    """An app on a loopback port: its address."""
    port = free_port()
    server, thread, loop = serve(app, port)
    address = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    yield address
    loop.call_soon_threadsafe(server.stop)
    thread.join(5)


@pytest.fixture
def board() -> Iterator[Served]:
    store = full_store(40)
    app = make_app(store, [region(40)], kinds(), clock=lambda: NOON + timedelta(minutes=1), poll_seconds=0.1)
    with served(app) as address:
        yield Served(address, store)


@pytest.fixture
def strict_page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test when anything is refused, breaks or comes from elsewhere."""
    page, troubles = context.new_page(), []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: None if "127.0.0.1" in request.url else troubles.append(request.url))
    yield page
    assert troubles == []
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def sideways(page: Page) -> int:
    """Pixels by which a page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("code", ["en", "ru", "uk", "ar"])
@pytest.mark.parametrize("path", ["/", "/c/verkhny-lars", "/c/nowhere"])
def test_a_phone_needs_no_sideways_scrolling(board: Served, page: Page, path: str, code: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{board.address}{path}?lang={code}")
    assert sideways(page) == 0
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert sideways(page) == 0


def test_the_first_crossing_is_on_the_first_screen_of_a_phone(board: Served, page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(board.address)
    box = page.locator("[data-crossing]").first.bounding_box()
    assert box is not None and box["y"] < PHONE["height"] * 0.8


def test_everything_is_there_without_javascript(board: Served, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(board.address)
    expect(page.locator("#c-verkhny-lars")).to_contain_text("30 to 45 hours")
    page.get_by_label("Earlier: 1 day").click()
    expect(page.locator(".clock")).to_contain_text("23 September 2022, 12:01")
    page.locator("input[type=range]").press("Home")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".clock")).to_contain_text("20 September 2022, 12:00")
    page.goto(board.address)
    page.get_by_role("link", name="Verkhny Lars").click()
    expect(page.locator("svg[role=img]")).to_be_visible()
    context.close()


def test_a_change_arrives_without_reload(board: Served, strict_page: Page) -> None:
    page = strict_page
    page.goto(board.address)
    page.evaluate("window.stayed = true")
    expect(page.locator("#c-verkhny-lars .s")).to_have_text("Very long wait")
    page.wait_for_timeout(400)
    board.store.keep(Batch(estimates=[estimate("passage", "closed", NOON + timedelta(seconds=30))]))
    expect(page.locator("#c-verkhny-lars .s")).to_have_text("Closed", timeout=5000)
    assert page.evaluate("window.stayed") is True
    assert page.locator("[data-crossing]").first.get_attribute("id") == "c-verkhny-lars"


def test_the_past_stays_when_something_changes(board: Served, strict_page: Page) -> None:
    page = strict_page
    page.goto(f"{board.address}/?at=2022-09-24T09:00Z")
    page.wait_for_timeout(300)
    board.store.keep(Batch(estimates=[estimate("passage", "closed", NOON + timedelta(seconds=30))]))
    page.wait_for_timeout(700)
    expect(page.locator("#c-verkhny-lars .s")).to_have_text("Very long wait")


def test_the_slider_moves_the_board_while_dragged(board: Served, strict_page: Page) -> None:
    page = strict_page
    page.goto(board.address)
    page.evaluate("window.stayed = true")
    slider = page.locator("input[type=range]")
    slider.focus()
    for _ in range(24):
        slider.press("ArrowLeft")
    expect(page.locator(".clock")).to_contain_text("23 September")
    expect(page.locator(".hint").first).to_contain_text("as it was known then", timeout=3000)
    assert "at=2022-09-23T" in page.url
    assert page.evaluate("window.stayed") is True
    expect(page.locator("input[type=range]")).to_be_focused()


def test_the_chart_tells_the_value_under_the_pointer(board: Served, strict_page: Page) -> None:
    page = strict_page
    page.goto(f"{board.address}/c/verkhny-lars")
    page.locator("svg[role=img]").hover()
    expect(page.locator("figure output")).to_contain_text("hours")


def test_arabic_runs_from_right_to_left(board: Served, strict_page: Page) -> None:
    page = strict_page
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.goto(f"{board.address}/?lang=ar")
    row = page.locator("#c-verkhny-lars")
    name, facts = row.locator(".who").bounding_box(), row.locator(".what").bounding_box()
    assert name and facts and name["x"] > facts["x"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/c/verkhny-lars"])
def test_words_stand_out_from_their_ground(board: Served, page: Page, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{board.address}{path}")
    assert page.evaluate(CONTRAST) == []
    page.evaluate("document.querySelector('h1').style.color = getComputedStyle(document.body).backgroundColor")
    assert len(page.evaluate(CONTRAST)) == 1  # and it would have been seen


def test_the_keyboard_is_enough(board: Served, strict_page: Page) -> None:
    page = strict_page
    page.goto(board.address)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/#main")
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map((h) => +h.tagName[1])")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for landmark in ("banner", "main", "contentinfo"):
        expect(page.get_by_role(landmark)).to_have_count(1)  # type: ignore[arg-type]


def test_leaving_quickly_leaves_no_way_back(board: Served, page: Page) -> None:
    page.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="elsewhere"))
    page.goto("about:blank")
    page.goto(board.address)
    page.get_by_role("link", name="Leave quickly").click()
    page.wait_for_url("https://www.wikipedia.org/")
    page.go_back()
    page.wait_for_url("about:blank")


# Every visible text whose contrast with its ground is under 4.5 (3 for large text), as WCAG 2.2 counts it.
CONTRAST = """() => {
  const numbers = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const c = numbers(getComputedStyle(node).backgroundColor);
      if (c.length === 3 || c[3] > 0.99) return c;
    }
    return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
  };
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || node.closest('svg, script, style, .unseen, .skip')) continue;
    const style = getComputedStyle(node), a = light(numbers(style.color)), b = light(ground(node));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) faint.push([ratio.toFixed(2), walk.currentNode.textContent.trim().slice(0, 40)]);
  }
  return faint;
}"""
