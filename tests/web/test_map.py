"""The map: every crossing where it is, told by more than colour, with a list that says the same."""

from __future__ import annotations

import brotli  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from tests.web.conftest import client_for, words_of
from tests.web.world import full_store
from verst.geography import load_regions
from verst.web.board import join_regions, make_board
from verst.web.maps import WIDTH, draw_map


def test_marks_say_by_a_sign_what_their_colour_says(full: TestClient) -> None:
    tree = HTMLParser(full.get("/m/russia").text)
    marks = {node.attributes["aria-label"]: node for node in tree.css("svg a")}
    assert "Verkhny Lars: Very long wait" in marks
    assert marks["Verkhny Lars: Very long wait"].css_first(".sign").text() == "4"  # type: ignore[union-attr]
    assert marks["Ozinki – Taskala: Not known"].css_first(".v-silent") is not None


def test_the_list_says_what_the_map_says(full: TestClient) -> None:
    tree = HTMLParser(full.get("/m/russia").text)
    listed = {node.css_first("a").text(): node.css_first(".s").text() for node in tree.css(".list li")}  # type: ignore[union-attr]
    marked = {tuple((node.attributes["aria-label"] or "").split(": ")) for node in tree.css("svg a")}
    assert marked == set(listed.items())


def test_whose_borders_these_are_is_said(full: TestClient) -> None:
    assert "this says nothing about whose they should be" in words_of(full.get("/m/russia"))


def test_every_shipped_crossing_lies_on_its_map() -> None:
    for region in (*load_regions(), join_regions(load_regions(), "all")):
        drawn = draw_map(make_board({}, region, full_store().span()[0], {}))  # type: ignore[index]
        assert drawn is not None and drawn.borders
        assert len(drawn.marks) + len(drawn.lost) == len(region.crossings)
        for mark in drawn.marks:
            assert 0 <= mark.x <= WIDTH and 0 <= mark.y <= drawn.frame.height, mark.now.crossing.id


def test_every_public_page_keeps_to_its_budget() -> None:
    with client_for(full_store(40), 40) as client:
        for path, most in (("/", 14), ("/r/all", 14), ("/c/verkhny-lars", 14), ("/m/russia", 40), ("/save/russia", 14)):
            body = client.get(f"{path}?lang=ka", headers={"Accept-Encoding": "identity"}).content
            assert len(brotli.compress(body, quality=6)) <= most * 1024, path
        scripts = sum(len(client.get(f"/static/{name}").content) for name in ("verst.js", "mark.svg"))
    assert scripts < 40 * 1024
