"""Forecasts: what repeats is learned, what is short is doubted, and nothing is made of nothing."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np

from verst.fusion.forecast import HORIZONS, forecast, keep_range, outlook
from verst.model import Estimate

START = datetime(2026, 6, 1, tzinfo=UTC)


def daily(hours: int) -> list[tuple[datetime, float]]:
    """A queue that swings from 40 to 160 each day."""
    return [(START + timedelta(hours=h), 100.0 + 60.0 * math.sin(h / 24 * 2 * math.pi)) for h in range(hours)]


def test_a_daily_swing_is_learned() -> None:
    past = daily(24 * 21 + 6)
    at = past[-1][0]
    for h, (middle, low, high) in zip(HORIZONS, outlook(past, at, HORIZONS), strict=True):
        truth = 100.0 + 60.0 * math.sin((24 * 21 + 5 + h) / 24 * 2 * math.pi)
        assert abs(middle - truth) < 8.0 and low <= middle <= high, (h, middle, truth)


def test_a_short_past_forecasts_no_change_and_growing_doubt() -> None:
    past = daily(20)
    pictures = outlook(past, past[-1][0], HORIZONS)
    assert all(abs(middle - past[-1][1]) < 1e-6 for middle, _, _ in pictures)
    widths = [high - low for _, low, high in pictures]
    assert widths == sorted(widths) and widths[0] > 20.0


def test_what_is_not_known_now_is_not_forecast() -> None:
    told = [Estimate(at=when, crossing="x", kind="wait", value=value) for when, value in daily(200)]
    silent = Estimate(at=told[-1].at + timedelta(hours=1), crossing="x", kind="wait")
    assert forecast([], START) == [] and forecast([*told, silent], silent.at) == []
    assert len(forecast(told, told[-1].at)) == len(HORIZONS)


def test_the_future_of_the_past_is_not_looked_at() -> None:
    told = [Estimate(at=when, crossing="x", kind="wait", value=value) for when, value in daily(400)]
    at = told[300].at
    assert forecast(told, at) == forecast(told[:301], at)


def test_doubt_of_the_state_is_carried_along() -> None:
    told = [Estimate(at=when, crossing="x", kind="wait", value=v, p10=v, p90=v) for when, v in daily(400)]
    vague = [*told[:-1], Estimate(at=told[-1].at, crossing="x", kind="wait", value=100.0, p10=30.0, p90=300.0)]
    sure, unsure = forecast(told, told[-1].at)[0], forecast(vague, told[-1].at)[0]
    assert unsure.p90 - unsure.p10 > sure.p90 - sure.p10


def test_a_range_that_was_missed_moves_out_until_it_holds() -> None:
    chance = np.random.default_rng(5)
    told = np.arange(600.0)
    calm = chance.normal(0.0, 0.1, 600)
    wild = np.concatenate([calm[:450], chance.normal(0.0, 0.4, 150)])  # the border became restless
    narrow, wide = keep_range(calm, told, 3), keep_range(wild, told, 3)
    assert abs(narrow[0] + 0.128) < 0.03 and abs(narrow[1] - 0.128) < 0.03
    fixed = np.quantile(wild, 0.9)  # what one quantile of the whole past says
    assert wide[1] > 1.2 * fixed and -wide[0] > 1.2 * fixed
    held = ((wide[0] <= wild[450:]) & (wild[450:] <= wide[1])).mean()
    assert 0.72 <= held <= 0.95


def test_what_is_not_worth_it_is_not_believed() -> None:
    chance = np.random.default_rng(7)
    steps = np.cumsum(chance.normal(0.0, 0.05, 500))  # a walk: nothing is better than "as now"
    past = [(START + timedelta(hours=3 * n), float(np.exp(4.0 + each))) for n, each in enumerate(steps)]
    for middle, low, high in outlook(past, past[-1][0], HORIZONS):
        assert abs(middle / past[-1][1] - 1.0) < 0.06 and low < past[-1][1] < high
