"""What a person does with a page: play the days, copy the digest, print, zoom, use the keyboard alone, see the time."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.test_browser import DESK, PHONE, Served, board, sideways

__all__ = ["board"]  # the fixture


def test_the_days_are_played_and_stopped(board: Served, page: Page) -> None:
    page.goto(f"{board.address}/?at=2022-09-22T12:00Z")
    told = page.locator(".clock").inner_text()
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".clock")).not_to_have_text(told)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.wait_for_timeout(1000)  # the step under way when it was stopped
    stopped = page.locator(".clock").inner_text()
    page.wait_for_timeout(1500)
    assert page.locator(".clock").inner_text() == stopped
    assert "at=2022-09-2" in page.url  # a link to what is shown


def test_playing_ends_with_the_newest_board(board: Served, page: Page) -> None:
    page.goto(f"{board.address}/?at=2022-09-24T06:00Z")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible(timeout=20_000)
    form = page.locator(".slide input[type=range]")
    assert form.input_value() == form.get_attribute("max")


def test_the_digest_is_copied_whole(board: Served, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{board.address}/c/verkhny-lars")
    page.locator("details.passing > summary").click()
    page.locator("#copy").click()
    expect(page.locator("#copy")).to_have_text("Copied")
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    assert copied == page.locator("#digest").inner_text() and 0 < len(copied) <= 1000
    context.close()


def test_print_shows_the_answer_and_leaves_out_what_paper_cannot_do(board: Served, page: Page) -> None:
    page.goto(f"{board.address}/c/verkhny-lars")
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_text("30 to 45 hours").first).to_be_visible()
    for gone in (".slide", "a.leave", "form[role=search]"):
        assert not any(node.is_visible() for node in page.locator(gone).all()), gone
    assert page.pdf().startswith(b"%PDF-")


@pytest.mark.parametrize("path", ["/", "/c/verkhny-lars", "/m/russia", "/ask?q=Lars"])
@pytest.mark.parametrize("code", ["en", "ru", "ar"])
def test_four_times_the_size_needs_no_sideways_scrolling(board: Served, page: Page, path: str, code: str) -> None:
    page.set_viewport_size(
        {"width": DESK["width"] // 4, "height": DESK["height"] // 4}
    )  # what 400 % leaves (WCAG 1.4.10)
    page.goto(f"{board.address}{path}{'&' if '?' in path else '?'}lang={code}")
    assert sideways(page) == 0


def test_from_the_front_door_to_the_words_behind_a_figure_by_keyboard(board: Served, page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(board.address)
    press_to(page, "a", "Verkhny Lars")
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/verkhny-lars**")
    reached = press_to(page, "summary", None)
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", reached
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is True


def press_to(page: Page, tag: str, words: str | None) -> str:
    """Press Tab until an element of that kind has the focus; its words."""
    for _ in range(120):
        page.keyboard.press("Tab")
        kind, said = page.evaluate("[document.activeElement.localName, document.activeElement.textContent.trim()]")
        if kind == tag and (words is None or words in said):
            return str(said)
    raise AssertionError(f"no {tag} {words or ''} within 120 steps of the keyboard")


@pytest.mark.parametrize(("zone", "said"), [("Asia/Yekaterinburg", "Sat 24 September 14:01"), ("Europe/Moscow", "")])
def test_the_readers_own_clock_stands_beside_where_it_differs(
    board: Served, browser: Browser, zone: str, said: str
) -> None:
    context = browser.new_context(timezone_id=zone, locale="en-GB")
    page = context.new_page()
    page.goto(f"{board.address}/c/verkhny-lars?lang=en")
    expect(page.locator(".clock").first).to_contain_text("12:01")
    told = page.locator(".yours").inner_text().replace(",", "").replace(" at", "")
    assert told == (f"On your own clock: {said}" if said else "")
    context.close()


def test_the_readers_clock_follows_the_slider(board: Served, browser: Browser) -> None:
    context = browser.new_context(timezone_id="Asia/Yekaterinburg")
    page = context.new_page()
    page.goto(f"{board.address}/?lang=en")
    before = page.locator(".yours").inner_text()
    page.locator("input[type=range]").press("Home")
    expect(page.locator(".yours")).not_to_have_text(before)
    context.close()
