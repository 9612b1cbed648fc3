"""Ranges follow how often authorities' readings lay outside them, and nobody else's."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from tests.fusion.borders import KINDS, NOON, REGIONS, said
from verst.fusion import Fusion
from verst.fusion.grid import HELD
from verst.model import Report


def crowd(hours: int) -> list[Report]:
    return [said("queue_count", 100 + 10 * (n % 3), n / 4, toward="GE", post=f"c{n}") for n in range(4 * hours)]


def readings(hours: int, value: float, **more: object) -> list[Report]:
    """One every three hours, a minute before the hour."""
    return [
        said("queue_count", value, h - 1 / 60, toward="GE", post=f"r{h}", **more)  # type: ignore[arg-type]
        for h in range(3, hours, 3)
    ]


def kept(more: list[Report]) -> tuple[float, float]:
    """How much wider (log) ranges are told than the grid says, and how wide the last one is (as a ratio)."""
    fusion = Fusion(REGIONS, KINDS)
    fusion.take(crowd(48) + more)
    found = {each.kind: each for each in fusion.estimates(NOON + timedelta(hours=48))}["queue_count"]
    assert found.p10 is not None and found.p90 is not None
    (queue,) = fusion._places["verkhny-lars"].live.queues.values()
    return float(queue.facts[HELD]), (found.p90 + 10.0) / (found.p10 + 10.0)


def test_an_authority_inside_narrows_and_outside_widens() -> None:
    inside, outside = (kept(readings(40, value, source="official")) for value in (105.0, 210.0))
    assert inside[0] < -0.1 and outside[0] > 0.3
    assert inside[1] < outside[1]


def test_the_crowd_and_old_or_copied_readings_move_no_range() -> None:
    assert kept(readings(48, 400.0))[0] == 0.0
    old = [said("queue_count", 400.0, 30.0, toward="GE", source="official", holds_at=NOON + timedelta(hours=20))]
    assert kept(old)[0] == 0.0
    one = [said("queue_count", 400.0, 30.0, toward="GE", post="o", source="official")]
    again = [said("queue_count", 400.0, 30.1, toward="GE", post="p", copy_of="o", source="official")]
    assert kept(one)[0] == kept(one + again)[0] > 0.0


@pytest.mark.parametrize("seed", range(3))
def test_readings_in_any_order_within_the_window_end_alike(seed: int) -> None:
    reports = crowd(5) + [
        said("queue_count", 300.0, h + 0.3, toward="GE", post=f"r{h}", source="official") for h in range(5)
    ]
    straight, shuffled = Fusion(REGIONS, KINDS), Fusion(REGIONS, KINDS)
    straight.take(reports)
    random.Random(seed).shuffle(reports)
    for n in range(0, len(reports), 4):
        shuffled.take(reports[n : n + 4])
        shuffled.estimates(max(each.posted_at for each in reports[: n + 4]))
    at = NOON + timedelta(hours=5.5)
    assert straight.estimates(at) == shuffled.estimates(at)
