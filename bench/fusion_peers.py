"""Votes of crowd-kit, particles of filterpy and Stone Soup beside fusion. Run: python -m bench.fusion_peers

Peers run where they are installed (``pip install crowd-kit filterpy stonesoup``, in an environment of their own).
Votes: the border of bench.closures, asked each half hour whether it is closed, from the words of the last two hours.
crowd-kit learns who is reliable from all hours at once, also those to come; Verst knows only what was said by then.
Queues: the series and crowds of bench.nowcast; particles walk like its Kalman filter and hear what its peers hear.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from statistics import mean

import numpy as np

from bench import closures
from bench.nowcast import Heard, heard_by
from bench.queue_series import DAYS, KINDS, Series, crowd, region_of, series_for
from verst.fusion import fuse
from verst.model import Report

VOTERS = ("MajorityVote", "DawidSkene", "OneCoinDawidSkene")
WINDOW, STEP = 2.0, 0.5  # hours
STOPPED = ("closed", "paused")
PARTICLES, WALK, NOISE, STRAY = 1000, 0.03, 0.2, 0.1  # variance of a log an hour, of a report; share that are nonsense
Filter = Callable[[Heard, list[float]], Iterator[float]]


def votes(rate: float, false: float) -> Iterator[tuple[str, float | None]]:
    """Each voter, and the share of half hours in which it is wrong about open or closed; None: not installed."""
    chance = random.Random(f"{rate}{false}")
    spans = closures.closures(chance)
    posts = sorted([*closures.crowd(spans, rate, chance), *closures.fakes(false, chance)], key=lambda p: p.posted_at)
    hours = [n * STEP for n in range(int(48.0 / STEP), int(closures.DAYS * 24.0 / STEP))]
    truth = {hour: closures.shut(spans, hour) for hour in hours}
    yield "Verst", mean(said != truth[hour] for hour, said in fused(posts, hours))
    for name in VOTERS:
        try:
            said = voted(name, posts, hours)
        except ImportError:
            yield name, None
            continue
        yield name, mean(said.get(hour, False) != shut for hour, shut in truth.items())


def fused(posts: list[Report], hours: list[float]) -> Iterator[tuple[float, bool]]:
    """Each hour, and whether fusion holds the border for closed."""
    times = [closures.START + timedelta(hours=hour) for hour in hours]
    for each in fuse(posts, times, region_of(["gate"]), KINDS):
        if each.kind == "passage" and each.odds:
            odds = dict(each.odds)
            stopped = sum(odds.get(option, 0.0) for option in STOPPED)
            yield (
                (each.at - closures.START) / timedelta(hours=1),
                stopped > sum(odds.values()) - stopped - odds["unknown"],
            )


def voted(name: str, posts: list[Report], hours: list[float]) -> dict[float, bool]:
    """What a vote of crowd-kit says for each hour. Raises ImportError."""
    voter, frame = getattr(import_module("crowdkit.aggregation"), name), import_module("pandas").DataFrame
    told = [(post.posted_at - closures.START) / timedelta(hours=1) for post in posts]
    rows = [
        (hour, posts[n].author, posts[n].claim.value in STOPPED)
        for hour in hours
        for n in range(bisect_right(told, hour - WINDOW), bisect_right(told, hour))
    ]
    said = voter().fit_predict(frame(rows, columns=["task", "worker", "label"]))
    return {float(hour): bool(shut) for hour, shut in said.items()}


def filterpy(heard: Heard, hours: list[float]) -> Iterator[float]:
    """Median of particles resampled by filterpy; reports in a heavy-tailed noise. Raises ImportError."""
    resample = import_module("filterpy.monte_carlo").systematic_resample
    chance, n, before = np.random.default_rng(1), 0, heard[0][0]
    x = np.log1p(heard[0][1]) + chance.normal(0.0, 1.0, PARTICLES)
    for hour in hours:
        while n < len(heard) and heard[n][0] <= hour:
            x = x + chance.normal(0.0, math.sqrt(WALK * (heard[n][0] - before) + 1e-6), PARTICLES)
            off = (math.log1p(heard[n][1]) - x) / math.sqrt(NOISE)
            weight = (1.0 - STRAY) * np.exp(-0.5 * off * off) + STRAY * 0.2
            x, before = x[resample(weight / weight.sum())], heard[n][0]
            n += 1
        yield float(np.expm1(np.median(x)))


def stone_soup(heard: Heard, hours: list[float]) -> Iterator[float]:
    """Mean log of Stone Soup's particle filter, a random walk and Gaussian noise. Raises ImportError."""
    s = {name: import_module(f"stonesoup.{name}") for name in (
        "models.transition.linear", "models.measurement.linear", "predictor.particle", "updater.particle",
        "resampler.particle", "types.detection", "types.hypothesis", "types.state", "types.particle",
    )}  # fmt: skip
    walk = s["models.transition.linear"].RandomWalk(WALK / 3600.0)  # its time is in seconds
    seen = s["models.measurement.linear"].LinearGaussian(1, (0,), np.array([[NOISE]]))
    predict = s["predictor.particle"].ParticlePredictor(walk).predict
    update = s["updater.particle"].ParticleUpdater(seen, s["resampler.particle"].SystematicResampler()).update
    start, n = datetime(2026, 1, 1, tzinfo=UTC), 0
    chance = np.random.default_rng(1)
    array = import_module("stonesoup.types.array").StateVectors
    state = s["types.state"].ParticleState(
        array([math.log1p(heard[0][1]) + chance.normal(0.0, 1.0, PARTICLES)]),
        weight=np.full(PARTICLES, 1.0 / PARTICLES), timestamp=start + timedelta(hours=heard[0][0]),
    )  # fmt: skip
    for hour in hours:
        while n < len(heard) and heard[n][0] <= hour:
            at = start + timedelta(hours=heard[n][0])
            detection = s["types.detection"].Detection(np.array([[math.log1p(heard[n][1])]]), timestamp=at)
            state = update(s["types.hypothesis"].SingleHypothesis(predict(state, timestamp=at), detection))
            n += 1
        yield float(np.expm1(state.mean[0]))


FILTERS: dict[str, Filter] = {"filterpy": filterpy, "Stone Soup": stone_soup}


def queues(series: Series, rate: float) -> Iterator[tuple[str, float | None]]:
    """Each method and its mean error in vehicles against the mean queue; None: not installed."""
    reports, scale = crowd(series, rate, 1), mean(series.queued)
    hours = [float(h) for h in range(24, int(min(DAYS * 24, series.hours[-1])), 2)]
    times = [series.start + timedelta(hours=h) for h in hours]
    told = [each for each in fuse(reports, times, region_of([series.name]), KINDS) if each.kind == "queue_count"]
    ours = [
        (float(each.value), (each.at - series.start) / timedelta(hours=1)) for each in told if each.value is not None
    ]
    yield "Verst", mean(abs(value - series.at(hour)) for value, hour in ours) / scale
    for name, run in FILTERS.items():
        try:
            guesses = list(run(heard_by(reports, series), hours))
        except ImportError:
            yield name, None
            continue
        yield name, mean(abs(x - series.at(hour)) for x, hour in zip(guesses, hours, strict=True)) / scale


def shown(value: float | None, form: str) -> str:
    """A figure, or that the library is missing."""
    return "not installed" if value is None else format(value, form)


def main() -> None:
    """Print both tables."""
    print("Open or closed: share of half hours in which each is wrong")
    print("status posts/h  fake posts/h  " + "  ".join(f"{name:>17}" for name in ("Verst", *VOTERS)))
    for rate, false in ((3.0, 0.0), (10.0, 0.0), (3.0, 10.0), (10.0, 10.0)):
        row = "  ".join(f"{shown(wrong, '.1%'):>17}" for _, wrong in votes(rate, false))
        print(f"{rate:14.0f}  {false:12.0f}  {row}")
    chosen = series_for(setting=False)
    print(f"Queues: error of each series against its mean queue, mean of {len(chosen)} series")
    print("reports/h  " + "  ".join(f"{name:>17}" for name in ("Verst", *FILTERS)))
    for rate in (1.0, 5.0):
        table = [dict(queues(series, rate)) for series in chosen]
        row = [
            None if any(t[name] is None for t in table) else mean(t[name] or 0.0 for t in table) for name in table[0]
        ]
        print(f"{rate:9.0f}  " + "  ".join(f"{shown(each, '.3f'):>17}" for each in row))


if __name__ == "__main__":
    main()
