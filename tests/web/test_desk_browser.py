"""The desk in a browser as a new moderator would try it: joining, one key for each step, two at once, no script."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.servers import free_port
from tests.web.desk_world import NOON, PASSWORD, Clock, code_now, enlist, make_board, open_world
from tests.web.test_accessible import broken
from tests.web.test_browser import serve
from verst.store import Store
from verst.store.desk import desk_of
from verst.work.accounts import invite
from verst.work.proofs import code_at, step_of


@dataclass
class Served:
    """A board on a loopback port, its store and its clock."""

    address: str
    store: Store
    clock: Clock


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Served]:
    store, port, clock = open_world(tmp_path), free_port(), Clock()
    server, thread, loop = serve(make_board(store, clock), port)
    address = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    yield Served(address, store, clock)
    loop.call_soon_threadsafe(server.stop)
    thread.join(5)
    store.close()


def log_in(page: Page, desk: Served, name: str) -> None:
    page.goto(f"{desk.address}/desk")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.fill("#code", code_now(desk.store, name, desk.clock))
    page.click("main button")
    expect(page.locator("h1")).to_have_text("What needs eyes")


def claim(page: Page, words: str) -> str:
    """The article of the claim that is said in these words."""
    found = page.locator("article.item", has_text=words).first
    return f"#{found.get_attribute('id')}"


def focus(page: Page, words: str) -> None:
    """Go up with k, then down with j, until the claim of these words is under the eyes."""
    wanted = claim(page, words)
    for key in "k" * 20 + "j" * 20:
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.id") == wanted[1:]:
            return
    raise AssertionError(f"neither k nor j came to {words}")


def acts(desk: Served) -> list[str]:
    return [act.verb for act in desk_of(desk.store).acts()]


def test_a_new_moderator_joins_approves_corrects_and_pins_in_under_a_minute(desk: Served, page: Page) -> None:
    key = invite(desk_of(desk.store), "owl", "moderator", desk.clock.at)
    began = datetime.now()
    page.goto(f"{desk.address}/desk/join?name=owl&key={key}")
    page.get_by_text("Українська").click()  # another language is the same page
    expect(page.locator("h1")).to_have_text("Долучитися до модераторів")
    page.get_by_text("English").click()
    factor = (page.text_content("#factor") or "").replace(" ", "")
    page.fill("#password", PASSWORD)
    page.fill("#code", code_at(factor, step_of(desk.clock.at)))
    page.click("main button")
    assert page.locator(".secret li").count() == 8
    desk.clock.pass_minutes(1)
    log_in(page, desk, "owl")
    focus(page, "4 and a half hours")
    page.keyboard.press("c")
    expect(page.locator(".did")).to_contain_text("confirmed")
    focus(page, "turn back all of you")
    page.keyboard.press("e")
    page.keyboard.type("300")
    page.keyboard.press("Enter")
    expect(page.locator(".did")).to_contain_text("corrected")
    focus(page, "queue of 6 km")
    page.keyboard.press("p")
    page.keyboard.type("The toilets are behind the customs house")
    page.keyboard.press("Enter")
    expect(page.locator(".did")).to_contain_text("pinned")
    assert acts(desk) == ["confirm", "correct", "pin"]
    assert (datetime.now() - began).total_seconds() < 60
    page.goto(f"{desk.address}/c/ozinki-taskala")
    expect(page.locator(".pinned")).to_contain_text("The toilets are behind the customs house")


def test_reject_undo_and_many_at_once_by_keys(desk: Served, page: Page) -> None:
    enlist(desk.store, "owl", desk.clock)
    log_in(page, desk, "owl")
    desk.clock.pass_minutes(1)
    focus(page, "turn back all of you")
    page.keyboard.press("r")
    expect(page.locator(".did")).to_contain_text("rejected")
    expect(page.locator("#items")).not_to_contain_text("turn back all of you")
    page.keyboard.press("u")
    expect(page.locator(".did")).to_contain_text("taken back")
    page.keyboard.press("u")  # nothing is left to take back: it does not take back the taking back
    for words in ("4 and a half hours", "40 minutes in Vaalimaa"):
        focus(page, words)
        page.keyboard.press("x")
    page.keyboard.press("c")
    expect(page.locator("#items")).not_to_contain_text("40 minutes in Vaalimaa")
    assert acts(desk) == ["reject", "undo", "confirm", "confirm"]


def test_two_moderators_see_each_other_and_do_not_do_the_same(desk: Served, browser: Browser) -> None:
    pages = []
    for name in ("owl", "lynx"):
        enlist(desk.store, name, desk.clock)
        pages.append(browser.new_context().new_page())
        log_in(pages[-1], desk, name)
    owl, lynx = pages
    focus(owl, "turn back all of you")
    expect_taken = desk_of(desk.store)
    until = time.monotonic() + 5
    while not expect_taken.holds(desk.clock.at) and time.monotonic() < until:
        time.sleep(0.02)
    focus(lynx, "turn back all of you")
    expect(lynx.locator(f"{claim(lynx, 'turn back all of you')} .holder")).to_have_text("owl is looking at this one")
    lynx.keyboard.press("r")
    expect(lynx.locator("main")).to_contain_text("owl is looking at this one")
    assert acts(desk) == []
    owl.keyboard.press("r")
    expect(owl.locator(".did")).to_contain_text("rejected")
    for page in pages:
        page.context.close()


def test_everything_works_without_a_script(desk: Served, browser: Browser) -> None:
    enlist(desk.store, "owl", desk.clock)
    page = browser.new_context(java_script_enabled=False).new_page()
    log_in(page, desk, "owl")
    desk.clock.pass_minutes(1)
    item = page.locator("article.item", has_text="turn back all of you").first
    item.locator("select[name=reason]").first.select_option("planted")
    item.locator("button[value=reject]").click()
    expect(page.locator(".did")).to_contain_text("rejected")
    page.locator(".acts button").first.click()
    expect(page.locator(".did")).to_contain_text("taken back")
    page.locator(".out button").click()
    expect(page.locator("h1")).to_have_text("Log in")
    assert acts(desk) == ["reject", "undo"]
    page.context.close()


@pytest.mark.parametrize("code", ["en", "ar"])
def test_axe_finds_nothing_at_the_desk(desk: Served, page: Page, code: str) -> None:
    enlist(desk.store, "elk", desk.clock, "editor")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{desk.address}/desk/log-in?lang={code}")
    assert broken(page) == []
    page.fill("#name", "elk")
    page.fill("#password", PASSWORD)
    page.fill("#code", code_now(desk.store, "elk", desk.clock))
    page.click("main button")
    page.locator("article.item button[value=confirm]").first.click()
    expect(page.locator(".did")).to_be_visible()
    for node in page.locator("summary").all():
        node.evaluate("(s) => { s.parentElement.open = true }")
    assert broken(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for path in ("trail", "rules"):
        page.goto(f"{desk.address}/desk/{path}?lang={code}")
        assert broken(page) == []


def listen(address: str, heard: list[tuple[float, dict[str, object]]], ready: threading.Event) -> None:
    """Read the stream of changes, noting when each message came, until the first."""
    with urllib.request.urlopen(f"{address}/events", timeout=20) as stream:
        ready.set()
        for line in stream:
            if line.startswith(b"data: "):
                heard.append((time.monotonic(), json.loads(line[6:])))
                return


def test_the_board_follows_within_a_second(desk: Served, page: Page) -> None:
    enlist(desk.store, "owl", desk.clock)
    log_in(page, desk, "owl")
    desk.clock.pass_minutes(1)
    heard: list[tuple[float, dict[str, object]]] = []
    ready = threading.Event()
    listener = threading.Thread(target=listen, args=(desk.address, heard, ready), daemon=True)
    listener.start()
    assert ready.wait(10)
    item = page.locator("article.item", has_text="turn back all of you").first
    began = time.monotonic()
    item.locator("button[value=reject]").click()
    listener.join(10)
    assert heard and "verkhny-lars" in heard[0][1]["changed"]  # type: ignore[operator]
    assert heard[0][0] - began < 1.0
    assert desk.clock.at > NOON
