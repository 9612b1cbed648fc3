"""Nowcast from simulated crowd reports on real queues, against simple peers. Run: python -m bench.nowcast [--set]

--set shows the series that constants are set on; without it, the series kept for judging.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from statistics import mean, median

from bench.queue_series import DAYS, KINDS, Series, crowd, region_of, series_for
from verst.fusion import fuse
from verst.model import Report

Picture = tuple[float, float, float]  # middle, 10 %, 90 %
Heard = list[tuple[float, float]]  # hour, vehicles; copies and "so far" left out for the peers


def last(heard: Heard, hour: float) -> float:
    """The last report."""
    return heard[-1][1]


def last_five(heard: Heard, hour: float) -> float:
    """Median of the last five."""
    return median(value for _, value in heard[-5:])


def fading(heard: Heard, hour: float) -> float:
    """Mean that halves in an hour and a half."""
    weights = [math.exp2((t - hour) / 1.5) for t, _ in heard[-200:]]
    return sum(w * v for w, (_, v) in zip(weights, heard[-200:], strict=True)) / sum(weights)


def kalman(heard: Heard, hour: float) -> float:
    """A Kalman filter of the log with a random walk; figures far off are clipped."""
    x, var, before = math.log1p(heard[max(0, len(heard) - 300)][1]), 1.0, heard[max(0, len(heard) - 300)][0]
    for t, value in heard[-300:]:
        var += 0.03 * (t - before)
        surprise = math.log1p(value) - x
        gain = var / (var + 0.2)
        x, var, before = x + gain * max(-1.0, min(1.0, surprise)), var * (1 - gain), t
    return math.expm1(x)


PEERS: dict[str, Callable[[Heard, float], float]] = {
    "last report": last, "median of 5": last_five, "fading mean": fading, "Kalman": kalman,
}  # fmt: skip


def heard_by(reports: list[Report], series: Series) -> Heard:
    """What peers hear: counts and finished waits as vehicles (their pace given to them), no copies, no "so far"."""
    out = []
    for report in reports:
        claim = report.claim
        if report.copy_of is None and claim.bound != "min" and isinstance(claim.value, float):
            factor = series.pace / 60.0 if claim.kind == "wait" else 1.0
            out.append(((report.posted_at - series.start) / timedelta(hours=1), claim.value * factor))
    return out


def pinball(picture: Picture, truth: float) -> float:
    """Mean of the quantile losses at 10, 50 and 90 %, doubled: a three-point CRPS."""
    middle, low, high = picture
    losses = ((0.1, low), (0.5, middle), (0.9, high))
    return 2.0 * mean(max(q * (truth - x), (q - 1.0) * (truth - x)) for q, x in losses)


def trial(series: Series, rate: float) -> Iterator[tuple[str, float, Picture]]:
    """Name, truth and picture at each even hour after the first day, for fusion and for each peer."""
    reports = crowd(series, rate, 1)
    hours = list(range(24, int(min(DAYS * 24, series.hours[-1])), 2))
    times = [series.start + timedelta(hours=h) for h in hours]
    heard = heard_by(reports, series)
    for estimate in fuse(reports, times, region_of([series.name]), KINDS):
        if estimate.kind == "queue_count" and isinstance(estimate.value, float):
            truth = series.at((estimate.at - series.start) / timedelta(hours=1))
            yield "Verst", truth, (estimate.value, estimate.p10 or 0.0, estimate.p90 or 0.0)
    for name, guess in PEERS.items():
        pairs = []
        for h in hours:
            known = [each for each in heard if each[0] <= h]
            if known:
                pairs.append((series.at(h), guess(known, h)))
        errors = sorted(math.log1p(truth) - math.log1p(max(0.0, x)) for truth, x in pairs)  # peers get their own spread
        low, high = errors[len(errors) // 10], errors[-1 - len(errors) // 10]
        for truth, x in pairs:
            grown = math.log1p(max(0.0, x))
            yield name, truth, (x, math.expm1(grown + low), math.expm1(grown + high))


def main() -> None:
    """Print error, CRPS and coverage per rate of reports."""
    setting = "--set" in sys.argv
    chosen = series_for(setting)
    print(f"{'setting' if setting else 'judging'} on " + ", ".join(f"{each.name} {each.mode}" for each in chosen))
    print("Relative error: of each series, then their mean; weighted: all vehicles missed of all that stood.")
    print("reports/h  method         rel. error  weighted  CRPS/mean  within 80 % range")
    for rate in (1.0, 5.0, 30.0):
        found: dict[str, list[tuple[float, float, bool, float, float]]] = {}
        for series in chosen:
            scale = mean(series.queued)
            for name, truth, picture in trial(series, rate):
                row = (
                    abs(picture[0] - truth) / scale,
                    pinball(picture, truth) / scale,
                    picture[1] - 0.5 <= truth <= picture[2] + 0.5,
                    abs(picture[0] - truth),
                    truth,
                )
                found.setdefault(name, []).append(row)
        for name, rows in found.items():
            error, crps, inside, missed, stood = (mean(row[k] for row in rows) for k in range(5))
            print(f"{rate:9.0f}  {name:13}  {error:10.3f}  {missed / stood:8.3f}  {crps:9.3f}  {inside:8.1%}")


if __name__ == "__main__":
    main()
