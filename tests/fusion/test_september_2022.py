"""The dated facts of September 2022, told to fusion as reports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fusion.borders import FACT_KINDS, KINDS, REGIONS, SHARED, fact_time, facts, report_of, said
from verst.fusion import fuse
from verst.model import Estimate, Report

pytestmark = pytest.mark.skipif(not (SHARED / "data/exodus_2022").is_dir(), reason="the shared facts are not here")


def replay(reports: list[Report], times: list[datetime], crossing: str) -> list[Estimate]:
    return [each for each in fuse(reports, times, REGIONS, KINDS) if each.crossing == crossing]


def told(day: int, kind: str) -> list[tuple[float, float]]:
    """Figures that were put down for cars at Lars on one day, as (low, high); bounds and vague words left out."""
    out = []
    for fact in facts():
        here = fact["crossing"] == "Verkhny Lars" and fact["time"].startswith(f"2022-09-{day}")
        if not here or fact["mode"] not in ("car", "any") or fact["bound"] in ("min", "max", "indicative"):
            continue
        name, factor = FACT_KINDS.get(fact["kind"], ("", 1.0))
        if name == kind:
            out.append((fact["value"] * factor, (fact["value_high"] or fact["value"]) * factor))
    return out


@pytest.mark.parametrize("day", [24, 26, 28])
def test_ranges_at_lars_at_noon_cover_the_facts_of_the_day(day: int) -> None:
    reports = [report for report in map(report_of, facts()) if report]
    found = {
        each.kind: each
        for each in replay(reports, [datetime(2022, 9, day, 9, tzinfo=UTC)], "verkhny-lars")
        if each.mode == "car"
    }
    total = covered = 0
    for kind in ("queue_length", "queue_count", "wait"):
        estimate = found[kind]
        assert estimate.p10 is not None and estimate.p90 is not None and estimate.p90 < 8 * estimate.p10
        for low, high in told(day, kind):
            total += 1
            covered += estimate.p10 <= high and low <= estimate.p90
    assert total >= 2 and covered >= 0.75 * total


def test_35_km_at_vaalimaa_never_becomes_the_estimate() -> None:
    reports = [report for report in map(report_of, facts()) if report]
    start = datetime(2022, 9, 21, 15, tzinfo=UTC)
    more: dict[str, Any] = {"crossing": "vaalimaa-torfyanovka", "stance": "heard", "source": "social"}
    shift = (start - datetime(2022, 9, 24, 9, tzinfo=UTC)) / timedelta(hours=1)
    reports += [said("queue_length", 35.0, shift + n / 12, post=f"tweet-{n}", **more) for n in range(400)]
    times = [start + timedelta(minutes=30 * n) for n in range(2 * 24 * 4)]
    lengths = [each for each in replay(reports, times, "vaalimaa-torfyanovka") if each.kind == "queue_length"]
    assert len(lengths) > 150
    worst = max(lengths, key=lambda each: float(each.value or 0.0))
    assert float(worst.value or 0.0) < 8.0, (worst.at, worst.value)
    after_official = [
        each
        for each in lengths
        if each.at > fact_time({"time": "2022-09-22T09:30", "crossing": "Vaalimaa-Torfyanovka"})
    ]
    assert all(each.p90 is None or each.p90 < 12.0 for each in after_official)
