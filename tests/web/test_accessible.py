"""Every kind of page as axe judges it by WCAG 2.2 AA, in light and dark, left to right and right to left."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from tests.web.test_ahead import long_store
from tests.web.test_browser import Served, board  # noqa: F401  the fixture

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PAGES = ["/", "/r/all", "/m/russia", "/c/verkhny-lars", "/c/ozinki-taskala", "/c/nowhere", "/?at=2022-09-22T09:00Z"]


def broken(page: Page) -> list[str]:
    """What axe finds, each with the first thing that breaks it."""
    found = axe.Axe().run(page, options=RULES).response["violations"]
    return [f"{it['id']}: {it['nodes'][0]['html'][:120]}" for it in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(board: Served, page: Page, path: str, scheme: str) -> None:  # noqa: F811
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{board.address}{path}")
    for node in page.locator("summary").all():
        node.evaluate("(s) => { s.parentElement.open = true }")
    assert broken(page) == []


@pytest.mark.parametrize("code", ["ar", "ru", "kk", "ka"])
def test_axe_finds_nothing_in_other_languages(board: Served, page: Page, code: str) -> None:  # noqa: F811
    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("/", "/c/verkhny-lars", "/m/russia"):
        page.goto(f"{board.address}{path}?lang={code}")
        assert broken(page) == []


def test_axe_would_have_seen_it(board: Served, page: Page) -> None:  # noqa: F811
    page.goto(board.address)
    page.evaluate("document.querySelector('input[type=search]').labels[0].remove(); document.title = ''")
    assert {line.partition(":")[0] for line in broken(page)} >= {"document-title"}


@pytest.mark.parametrize("code", ["ru", "ar"])
def test_the_next_hours_fit_a_phone(board: Served, page: Page, code: str) -> None:  # noqa: F811
    board.store.kept_estimates = [
        replace(told, derived=told.kind == "queue_length") for told in long_store().kept_estimates
    ]
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{board.address}/c/verkhny-lars?lang={code}")
    assert page.locator("section[aria-labelledby=ahead] tbody tr").count() == 4
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert broken(page) == []
