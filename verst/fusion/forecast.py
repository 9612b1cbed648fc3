"""The next hours of one quantity, from its own past: the state now, the hour and the day of the week, and the trend.

Each horizon is a ridge regression of the change of log1p(value), drawn towards "as it is now": a short past forecasts
little change and wide ranges, a long one its days and weeks. Always shown as a forecast, never as an estimate.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from verst.model import Estimate

HORIZONS = (1, 3, 6, 24)  # hours
ENOUGH = 96  # hours of past without which only doubt is forecast
SOME = 40  # … and readings
AT_MOST = 24 * 7 * 60  # hours of past that are looked at
RIDGES = (10.0, 100.0, 1000.0)  # how strongly it is drawn to "no change", in readings
CLEARLY = 0.93  # better than "no change" by so much, or it stays with that
GROWTH = 0.30  # sd of log1p an hour with no past to learn from (grows as the root of time)
DAY, WEEK = 24, 168


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What one quantity may be at ``holds_at`` (UTC), made at ``made_at``: middle and 80 % range in its own unit."""

    made_at: datetime
    holds_at: datetime
    value: float
    p10: float
    p90: float


def forecast(told: Sequence[Estimate], at: datetime, hours: Sequence[int] = HORIZONS) -> list[Forecast]:
    """Forecasts of one quantity from its estimates until ``at`` (aware); none when its value is not known now.

    A derived, disputed or old figure is as good a start as it is: the range of the newest estimate is carried along.
    """
    known = sorted((each for each in told if each.at <= at), key=lambda each: each.at)
    if not known or not isinstance(known[-1].value, int | float):
        return []
    pairs = [(each.at, float(each.value)) for each in known if isinstance(each.value, int | float)]
    start = _width(known[-1])
    return [
        Forecast(made_at=at, holds_at=at + timedelta(hours=h), value=middle, p10=low, p90=high)
        for h, (middle, low, high) in zip(hours, outlook(pairs, at, hours, start), strict=True)
    ]


def _width(now: Estimate) -> float:
    """Half the 80 % range of the state now, in log units."""
    if now.p10 is None or now.p90 is None:
        return 0.0
    return 0.5 * (math.log1p(max(0.0, now.p90)) - math.log1p(max(0.0, now.p10)))


def outlook(
    pairs: Iterable[tuple[datetime, float]], at: datetime, hours: Sequence[int], start: float = 0.0
) -> list[tuple[float, float, float]]:
    """Middle, 10 % and 90 % at each horizon from pairs of time and value; ``start`` is the doubt of the state now."""
    now = at.timestamp() / 3600.0
    table = sorted((when.timestamp() / 3600.0, math.log1p(max(0.0, value))) for when, value in pairs)
    table = [each for each in table if now - AT_MOST <= each[0] <= now]
    t, y = np.array([when for when, _ in table]), np.array([value for _, value in table])
    return [apply(learn(t, y, h), t, y, now, h, start) for h in hours]


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned for one horizon; ``errors`` are those of its own past, sorted (log units)."""

    weights: Any
    daily: Any
    weekly: Any
    errors: Any


def learn(t: Any, y: Any, h: int) -> Model | None:
    """Fit one horizon to readings, ``y`` at hours ``t`` (since 1970, rising); None when the past is too short."""
    if len(t) < SOME or t[-1] - t[0] < ENOUGH + h:
        return None
    daily, weekly = profiles(t, y)
    told = t[(t >= t[0] + DAY) & (t <= t[-1] - h)]
    if len(told) < SOME:
        return None
    now = np.interp(told, t, y)
    x, change = features(t, y, told, h, daily, weekly), np.interp(told + h, t, y) - now
    scale = x.std(axis=0) + 1e-6
    late = (
        2 * len(told) // 3
    )  # what was learned on the first two thirds is tried on the last, and trusted as far as that
    tried = [(ridge, regress(x[:late] / scale, change[:late], ridge)) for ridge in RIDGES]
    level, truth = now[late:], np.expm1(now[late:] + change[late:])
    best, chosen, trust = np.abs(np.expm1(level) - truth).mean(), tried[0], 0.0
    for ridge, weights in tried:
        for share in (0.25, 0.5, 0.75, 1.0):
            guess = level + share * (x[late:] / scale @ weights)
            missed = np.abs(np.expm1(np.maximum(0.0, guess)) - truth).mean()
            if missed < CLEARLY * best:
                best, chosen, trust = missed / CLEARLY, (ridge, weights), share
    errors = np.sort(change[late:] - trust * (x[late:] / scale @ chosen[1]))
    weights = trust * regress(x / scale, change, chosen[0]) / scale
    return Model(weights, daily, weekly, errors)


def regress(x: Any, change: Any, ridge: float) -> Any:
    """Weights that miss the changes by little in absolute terms, drawn to nought."""
    weights, least = np.zeros(x.shape[1]), 0.3 * float(np.abs(change).mean()) + 1e-3
    for _ in range(4):
        pull = least / np.maximum(least, np.abs(change - x @ weights))
        square = x.T @ (x * pull[:, None]) + ridge * np.eye(x.shape[1])
        weights = np.linalg.solve(square, x.T @ (change * pull))
    return weights


def profiles(t: Any, y: Any) -> tuple[Any, Any]:
    """Usual log by hour of day and by hour of week (UTC); hours seen seldom are drawn to the coarser mean."""
    hour = np.arange(math.ceil(t[0]), math.floor(t[-1]) + 1)
    line = np.interp(hour, t, y)
    daily = _means(line, hour % DAY, DAY, np.full(DAY, line.mean()))
    return daily, _means(line, hour % WEEK, WEEK, np.tile(daily, 7))


def _means(y: Any, slot: Any, slots: int, otherwise: Any) -> Any:
    sums, counts = np.bincount(slot, y, slots), np.bincount(slot, minlength=slots)
    return (sums + 2.0 * otherwise) / (counts + 2.0)


def features(t: Any, y: Any, at: Any, h: int, daily: Any, weekly: Any) -> Any:
    """What the change in the ``h`` hours after each of ``at`` may depend on, from readings until then: (n, 12)."""
    hour = np.round(at).astype(int)
    now, usual, usually_then = np.interp(at, t, y), weekly[hour % WEEK], weekly[(hour + h) % WEEK]
    day_before = np.interp(at + h - DAY * (1 + (h - 1) // DAY), t, y)
    week_before = np.interp(at + h - WEEK, t, y)
    columns = (
        np.ones(len(at)),
        now,
        daily[(hour + h) % DAY] - daily[hour % DAY],
        usually_then - usual,
        usually_then - now,
        day_before - now,
        np.where(at + h - WEEK >= t[0], week_before - now, 0.0),
        now - np.interp(at - 1, t, y),
        now - np.interp(at - 3, t, y),
        now - np.interp(at - DAY, t, y),
        usual * (usually_then - usual),
        now * (usually_then - now),
    )
    return np.stack(columns, axis=1)


def apply(model: Model | None, t: Any, y: Any, at: float, h: int, start: float) -> tuple[float, float, float]:
    """Middle, 10 % and 90 % in the unit of the value, from the last reading."""
    now = float(y[-1]) if len(y) else 0.0
    if model is None:
        spread = 1.2816 * GROWTH * math.sqrt(h)
        middle, low, high = now, now - math.hypot(spread, start), now + math.hypot(spread, start)
    else:
        x = features(t, y, np.array([at]), h, model.daily, model.weekly)
        middle = now + float((x @ model.weights)[0])
        below, above = np.quantile(model.errors, (0.1, 0.9))
        low, high = middle - math.hypot(min(0.0, below), start), middle + math.hypot(max(0.0, above), start)
    return tuple(max(0.0, math.expm1(each)) for each in (middle, low, high))  # type: ignore[return-value]
