"""Facts, lanes and statuses: what silence, odds and means make of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.world import NOON, crossing, estimate, kinds
from verst.model import Estimate
from verst.web.view import Now, badness, find_conflict, make_fact, make_now
from verst.work.silence import silent_after

LARS = crossing("verkhny-lars", "Verkhny Lars", "GE")


def now_of(*estimates: Estimate, hours: float = 0) -> Now:
    return make_now(LARS, estimates, NOON + timedelta(hours=hours), kinds())


@given(
    option=st.sampled_from(["open", "free", "moving", "closed", "paused"]),
    voices=st.integers(1, 500),
    hours=st.floats(6.01, 2000),
    made=st.floats(0, 1),
)
def test_silence_is_silence_whatever_was_said(option: str, voices: int, hours: float, made: float) -> None:
    at = NOON + timedelta(hours=hours * made)
    told = estimate("passage", option, at, voices=voices, newest=NOON, odds=((option, 1.0),))
    now = make_now(LARS, [told], NOON + timedelta(hours=hours), kinds())
    assert now.status == "silent"
    assert now.last_heard == NOON


@pytest.mark.parametrize("value", [None, "open"])
def test_no_value_or_no_time_is_silent(value: str | None) -> None:
    told = estimate("passage", value, newest=NOON if value is None else None)
    assert make_fact(told, NOON, kinds()).silent


@pytest.mark.parametrize(
    ("estimates", "status"),
    [
        ([], "silent"),
        ([estimate("passage", "closed"), estimate("wait", 30.0)], "closed"),
        ([estimate("passage", "moving"), estimate("wait", 30.0)], "short"),
        ([estimate("passage", "open"), estimate("wait", 1500.0, mode="car")], "very_long"),
        ([estimate("passage", "open")], "open"),
        ([estimate("passage", "free")], "free"),
        ([estimate("queue_length", 7.0, mode="truck")], "long"),
        ([estimate("wait", 400.0, mode="bicycle")], "partly"),
        ([estimate("mode_rule", "refused", mode="foot")], "silent"),
        ([estimate("passage", "closed", toward="RU"), estimate("wait", 30.0)], "closed"),
    ],
)
def test_one_word_for_a_crossing(estimates: list[Estimate], status: str) -> None:
    assert now_of(*estimates).status == status


def test_the_unknown_contradicts_nobody() -> None:
    odds = (("unknown", 0.55), ("closed", 0.4), ("open", 0.05))
    assert now_of(estimate("passage", "closed", odds=odds)).status == "closed"
    assert now_of(estimate("passage", "closed", odds=(("closed", 0.5), ("open", 0.5)))).status == "unclear"


def test_a_queue_said_of_cars_and_of_no_means_is_one_queue() -> None:
    said = (estimate("wait", 100.0, mode="car"), estimate("wait", 110.0), estimate("passage", "moving"))
    (lane,) = now_of(*said).lanes
    assert (lane.mode, sorted(lane.facts), lane.joined) == ("car", ["passage", "wait"], True)
    assert lane.facts["wait"].estimate.value == 100.0


def test_what_stops_everybody_is_not_hidden_by_what_cars_do() -> None:
    said = (estimate("passage", "open", mode="car"), estimate("passage", "closed"))
    now = now_of(*said)
    assert [lane.facts["passage"].estimate.value for lane in now.lanes] == ["closed"]
    assert now.status == "closed"


def test_old_word_of_cars_does_not_hide_new_word_of_no_means() -> None:
    old = estimate("wait", 100.0, mode="car", newest=NOON - timedelta(hours=9))
    (lane,) = now_of(old, estimate("wait", 700.0)).lanes
    assert lane.fresh("wait") is not None and lane.facts["wait"].estimate.value == 700.0


def test_leaving_comes_first_and_sides_stay_apart() -> None:
    said = [estimate("wait", 60.0, toward=toward, side=side) for toward in ("RU", None, "GE") for side in ("RU", "GE")]
    lanes = now_of(*said).lanes
    assert [lane.toward for lane in lanes] == ["GE", "GE", "RU", "RU", None, None]
    assert [lane.side for lane in lanes] == ["GE", "RU"] * 3


@given(st.permutations([30.0, 400.0, 1500.0, 2000.0]))
def test_order_does_not_hang_on_the_order_told(waits: list[float]) -> None:
    nows = [now_of(estimate("wait", wait, p90=wait * 1.2)) for wait in waits]
    ordered = sorted(nows, key=badness, reverse=True)
    assert [now.lanes[0].facts["wait"].estimate.value for now in ordered] == [2000.0, 1500.0, 400.0, 30.0]


def test_silence_contradicts_no_rule() -> None:
    told = estimate("mode_rule", "allowed", mode="foot")
    assert find_conflict("refused", make_fact(told, NOON, kinds()))
    assert not find_conflict("refused", make_fact(told, NOON + timedelta(days=9), kinds()))
    assert not find_conflict("allowed", make_fact(told, NOON, kinds()))
    assert not find_conflict("refused", None)


def test_how_long_words_stay_fresh() -> None:
    assert silent_after(None) == timedelta(hours=6)
    assert silent_after(kinds()["wait"]) == timedelta(hours=6)
    assert silent_after(kinds()["mode_rule"]) == timedelta(hours=48)


@pytest.mark.parametrize(
    ("estimates", "status"),
    [
        ([estimate("wait", 20.0, derived=True)], "silent"),
        ([estimate("queue_length", 0.2, derived=True)], "silent"),
        ([estimate("passage", "open"), estimate("wait", 20.0, derived=True)], "open"),
        ([estimate("passage", "closed"), estimate("wait", 20.0, derived=True)], "closed"),
        ([estimate("wait", 500.0, derived=True)], "long"),
        ([estimate("wait", 1500.0, derived=True), estimate("queue_length", 2.0)], "some"),
        ([estimate("wait", 90.0), estimate("queue_length", 30.0, derived=True)], "some"),
    ],
)
def test_a_figure_nobody_said_never_makes_a_crossing_well(estimates: list[Estimate], status: str) -> None:
    assert now_of(*estimates).status == status


def test_what_was_said_of_no_means_goes_before_what_was_worked_out_for_cars() -> None:
    said, derived = estimate("wait", 300.0), estimate("wait", 20.0, mode="car", derived=True)
    (lane,) = now_of(said, derived, estimate("queue_length", 3.0, mode="car")).lanes
    assert (lane.facts["wait"].estimate, lane.joined) == (said, True)
