"""The next hours of one quantity, from its own past: the state now, the hour and the day of the week, and the trend.

Each horizon is a ridge regression of the change of log1p(value), drawn towards "as it is now": a short past forecasts
little change and wide ranges, a long one its days and weeks. How far it is trusted is what it was worth on its own
past, told ahead piece by piece; its range follows how often it held there (adaptive conformal inference, Gibbs and
Candès 2021), all of it worked out of the readings alone. Always shown as a forecast, never as an estimate.
"""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np

from verst.model import Estimate

HORIZONS = (1, 3, 6, 24)  # hours
ENOUGH = 96  # hours of past without which only doubt is forecast
SOME = 40  # … and readings
AT_MOST = 24 * 7 * 60  # hours of past that are looked at
RIDGES = (10.0, 100.0, 1000.0)  # how strongly it is drawn to "no change", in readings
SHARES = (0.25, 0.5, 0.75, 1.0)  # of what is learned, that may be believed
PIECES = (0.4, 0.55, 0.7, 0.85, 1.0)  # of the past: each is foretold from what came before it
CLEARLY = 1.5  # better than "no change" by so many times the chance error, or it stays with that
TAIL, PATIENCE, WIDEST = 0.1, 0.02, 0.45  # beyond each end of a range; how fast an end follows its misses, and how far
GROWTH = 0.30  # sd of log1p an hour with no past to learn from (grows as the root of time)
DAY, WEEK = 24, 168
ROWS = 256


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
    """What was learned for one horizon; ``below`` and ``above``: the 80 % range about its middle (log units)."""

    weights: Any
    daily: Any
    weekly: Any
    below: float
    above: float


def learn(t: Any, y: Any, h: int) -> Model | None:
    """Fit one horizon to readings, ``y`` at hours ``t`` (since 1970, rising); None when the past is too short."""
    if len(t) < SOME or t[-1] - t[0] < ENOUGH + h:
        return None
    daily, weekly = profiles(t, y)
    told = t[(t >= t[0] + DAY) & (t <= t[-1] - h)]
    if len(told) < SOME:
        return None
    now = between(told, t, y)
    x, change = features(t, y, told, h, daily, weekly), between(told + h, t, y) - now
    scale = x.std(axis=0) + 1e-6
    ridge, trust, foretold = choose(x / scale, change, now, told, h)
    weights = trust * regress(x / scale, change, ridge, now) / scale
    first = len(told) - len(foretold)
    below, above = keep_range(change[first:] - trust * foretold, told[first:], h)
    return Model(weights, daily, weekly, below, above)


def choose(x: Any, change: Any, now: Any, told: Any, h: int) -> tuple[float, float, Any]:
    """The ridge, how far it is trusted, and the changes it foretold of the later part of its past."""
    edges = [int(len(told) * part) for part in PIECES]
    level, truth = now[edges[0] :], np.expm1(now + change)[edges[0] :]
    plain = np.abs(np.expm1(level) - truth)
    best, chosen = 0.0, (RIDGES[-1], 0.0, np.zeros(len(level)))
    for ridge in RIDGES:
        foretold = np.concatenate([
            x[first:last] @ regress(*_until(told[first] - h, told, x, change), ridge, now)
            for first, last in pairwise(edges)
        ])  # fmt: skip
        for share in SHARES:
            won = plain - np.abs(np.expm1(np.maximum(0.0, level + share * foretold)) - truth)
            chance = won.std() / math.sqrt(len(won) / max(1.0, h / 3.0))  # hours in a row are hardly hours apart
            gain = won.mean() - CLEARLY * chance
            if gain > best:
                best, chosen = gain, (ridge, share, foretold)
    return chosen


def _until(hour: float, told: Any, x: Any, change: Any) -> tuple[Any, Any]:
    known = int(np.searchsorted(told, hour, "right"))
    return x[:known], change[:known]


def keep_range(errors: Any, told: Any, h: int) -> tuple[float, float]:
    """Ends of the range in which 80 % of the next errors lie: each end moves out when it was missed, else in a little.

    ``errors`` of forecasts made at hours ``told``, each known ``h`` hours later.
    """
    past: list[float] = []
    tails, due = [TAIL, TAIL], 0
    for error, hour in zip(errors.tolist(), told.tolist(), strict=True):
        while told[due] <= hour - h:
            insort(past, float(errors[due]))
            due += 1
        if len(past) >= SOME // 2:
            missed = (error < _at(past, tails[0]), error > _at(past, 1.0 - tails[1]))
            tails = [min(WIDEST, max(0.0, t + PATIENCE * (TAIL - m))) for t, m in zip(tails, missed, strict=True)]
    every = sorted(errors.tolist())
    return min(0.0, _at(every, tails[0])), max(0.0, _at(every, 1.0 - tails[1]))


def _at(ordered: Sequence[float], share: float) -> float:
    """The value below which a share of ordered values lies, straight between two."""
    place = share * (len(ordered) - 1)
    low = min(int(place), len(ordered) - 2)
    return ordered[low] + (place - low) * (ordered[low + 1] - ordered[low])


def between(at: Any, t: Any, y: Any) -> Any:
    """The log at hours ``at``: a queue grows by so many vehicles an hour, not by so many per cent."""
    return np.log1p(np.interp(at, t, np.expm1(y)))


def regress(x: Any, change: Any, ridge: float, now: Any) -> Any:
    """Weights that miss the changes by little in absolute terms, drawn to nought; long queues count more."""
    weights, least = np.zeros(x.shape[1]), 0.3 * float(np.abs(change).mean()) + 1e-3
    heavy = np.exp(0.5 * now[: len(x)])
    heavy /= heavy.mean()
    for _ in range(4):
        pull = heavy * least / np.maximum(least, np.abs(change - np.einsum("ij,j->i", x, weights)))
        square = squares(x, pull) + ridge * np.eye(x.shape[1])
        weights = np.linalg.solve(square, np.einsum("ij,i->j", x, change * pull))
    return weights


def squares(x: Any, pull: Any) -> Any:
    """Weighted products of all columns, a few rows at a time: in one piece many threads would wait for each other."""
    return sum(x[k : k + ROWS].T @ (x[k : k + ROWS] * pull[k : k + ROWS, None]) for k in range(0, len(x), ROWS))


def profiles(t: Any, y: Any) -> tuple[Any, Any]:
    """Usual log by hour of day and by hour of week (UTC); hours seen seldom are drawn to the coarser mean."""
    hour = np.arange(math.ceil(t[0]), math.floor(t[-1]) + 1)
    line = between(hour, t, y)
    daily = _means(line, hour % DAY, DAY, np.full(DAY, line.mean()))
    return daily, _means(line, hour % WEEK, WEEK, np.tile(daily, 7))


def _means(y: Any, slot: Any, slots: int, otherwise: Any) -> Any:
    sums, counts = np.bincount(slot, y, slots), np.bincount(slot, minlength=slots)
    return (sums + 2.0 * otherwise) / (counts + 2.0)


def features(t: Any, y: Any, at: Any, h: int, daily: Any, weekly: Any) -> Any:
    """What the change in the ``h`` hours after each of ``at`` may depend on, from readings until then: (n, 20)."""
    hour = np.round(at).astype(int)
    now, usual, usually_then = between(at, t, y), weekly[hour % WEEK], weekly[(hour + h) % WEEK]
    day_before = between(at + h - DAY * (1 + (h - 1) // DAY), t, y)
    week_before = between(at + h - WEEK, t, y)
    turn = 2.0 * math.pi * (at + 0.5 * h) / DAY
    waves = [wave(n * turn) for n in (1, 2) for wave in (np.sin, np.cos)]
    columns = (
        *waves,
        *(wave * (now - usual) for wave in waves),  # how long what is unusual lasts depends on the hour
        np.ones(len(at)),
        now,
        daily[(hour + h) % DAY] - daily[hour % DAY],
        usually_then - usual,
        usually_then - now,
        day_before - now,
        np.where(at + h - WEEK >= t[0], week_before - now, 0.0),
        now - between(at - 1, t, y),
        now - between(at - 3, t, y),
        now - between(at - DAY, t, y),
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
        low, high = middle - math.hypot(model.below, start), middle + math.hypot(model.above, start)
    return tuple(max(0.0, math.expm1(each)) for each in (middle, low, high))  # type: ignore[return-value]
