"""The map: every crossing where it is, told by more than colour, with a list that says the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import brotli  # type: ignore[import-untyped]
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from tests.web.conftest import client_for, words_of
from tests.web.world import NOON, estimate, full_store
from verst.geography import load_regions
from verst.web.board import join_regions, make_board
from verst.web.maps import WIDTH, draw_map
from verst.web.roads import distance_km, find_queues
from verst.web.view import Fact, Lane, Now


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


def test_a_queue_is_drawn_along_the_road_of_its_side_as_long_as_it_is_said_to_be() -> None:
    region = next(one for one in load_regions() if one.id == "caucasus")
    lars = next(one for one in region.crossings if one.id == "verkhny-lars")
    lane = Lane("GE", None, "car", {"queue_length": fact(14.0, p10=11.0, p90=18.0)})
    (queue,) = find_queues([Now(lars, NOON, [lane], [], "long")])
    gate, russian = (lars.lat, lars.lon), lars.sides[0]
    assert queue.near[0] == queue.far[0] == gate and queue.far[1] == russian.road[0]
    for points, km in ((queue.near, 11.0), (queue.far, 18.0)):
        assert sum(distance_km(one, other) for one, other in pairwise(points)) == pytest.approx(km, rel=1e-4)


def test_a_queue_on_a_side_without_a_road_or_not_told_of_lately_is_not_drawn() -> None:
    region = next(one for one in load_regions() if one.id == "caucasus")
    lars = next(one for one in region.crossings if one.id == "verkhny-lars")
    nowhere = replace(lars, sides=tuple(replace(side, road=()) for side in lars.sides))
    told = {"queue_length": fact(14.0)}
    silent = {"queue_length": fact(14.0, silent=True)}
    lanes = [
        (nowhere, Lane("GE", None, "car", told)),
        (lars, Lane("GE", None, "car", silent)),
        (lars, Lane(None, None, "car", told)),
    ]
    assert not [queue for crossing, lane in lanes for queue in find_queues([Now(crossing, NOON, [lane], [], "long")])]


def test_the_queue_stands_on_the_side_that_is_named() -> None:
    region = next(one for one in load_regions() if one.id == "caucasus")
    lars = next(one for one in region.crossings if one.id == "verkhny-lars")
    (queue,) = find_queues([Now(lars, NOON, [Lane("GE", "GE", "car", {"queue_length": fact(30.0)})], [], "long")])
    assert queue.far[1] == lars.sides[1].road[0]


def test_the_map_draws_the_queue_and_the_list_says_it(full: TestClient) -> None:
    tree = HTMLParser(full.get("/m/russia").text)
    (title,) = [node.text() for node in tree.css("svg g > title")]
    assert "11 to 18 km" in title and tree.css_first("polyline.tail") is not None
    assert [node.text() for node in tree.css(".list li .hint")] == ["queue: 11 to 18 km"]


def fact(value: float, *, silent: bool = False, **more: float) -> Fact:
    return Fact(estimate("queue_length", value, mode="car", **more), timedelta(minutes=5), silent)


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
