"""Forecasts 1, 3, 6 and 24 hours ahead on real series, against simple ways. Run: python -m bench.forecast

Queues and waits at every crossing between Ukraine and Poland with data, from each reading after the first two weeks;
the bridge Peace Arch hour by hour in 2017 and 2018 (what a forecast looks at was chosen on 2016).
All fit on the past alone.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import mean

import numpy as np

from bench.queue_series import SHARED
from verst.fusion.forecast import HORIZONS, features, learn, outlook

Pairs = list[tuple[datetime, float]]
SIMPLE = ("as now", "yesterday", "usual hour", "half and half")
GAP = timedelta(hours=7)  # a truth between readings further apart is nobody's truth
COLUMNS = {
    ("dpsu_physical_queue.csv", "source_updated_utc"): ("cars_waiting", "trucks_waiting"),
    ("granica_gov_pl_wait_minutes.csv", "scraped_at"): ("cars_exit_min", "trucks_exit_min"),
}


def every_series() -> Iterator[tuple[str, Pairs]]:
    """Name and readings of each queue (vehicles, to Poland) and wait (minutes, from Poland) that ever moves."""
    for (file, when), columns in COLUMNS.items():
        with (SHARED / "data/plua_border_queue_logger" / file).open(encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        for crossing in sorted({row["crossing_id"] for row in rows}):
            for column in columns:
                mine = [row for row in rows if row["crossing_id"] == crossing and row[column]]
                told = {datetime.fromisoformat(row[when]).astimezone(UTC): float(row[column]) for row in mine}
                if len(told) > 100 and len(set(told.values())) > 10:
                    yield f"{crossing} {column}", sorted(told.items())


def at_time(pairs: Pairs, when: datetime) -> float | None:
    """The value between the two readings around a time; None where they lie too far apart."""
    n = bisect_right(pairs, (when, float("inf")))
    if n in (0, len(pairs)) or pairs[n][0] - pairs[n - 1][0] > GAP:
        return None
    (a, low), (b, high) = pairs[n - 1], pairs[n]
    return low + (when - a) / (b - a) * (high - low)


def simply(pairs: Pairs, now: int, h: int) -> tuple[float, ...]:
    """What the simple ways say: as now, as a day before, as usual at that hour, and the mean of first and third."""
    at, value = pairs[now]
    then = at + timedelta(hours=h)
    before = at_time(pairs[: now + 1], then - timedelta(hours=24)) if h < 24 else value
    alike = [v for t, v in pairs[: now + 1] if abs((t.hour - then.hour + 12) % 24 - 12) <= 1]
    usual = mean(alike) if alike else value
    return value, value if before is None else before, usual, 0.5 * (value + usual)


def judge(pairs: Pairs, h: int) -> tuple[list[float], list[bool]] | None:
    """Mean error of Verst and of each simple way, and whether the ranges held; from every third reading."""
    start, errors, held = pairs[0][0] + timedelta(days=14), list[list[float]](), list[bool]()
    for now in range(0, len(pairs), 3):
        at = pairs[now][0]
        truth = at_time(pairs, at + timedelta(hours=h))
        if at < start or truth is None:
            continue
        ((middle, low, high),) = outlook(pairs[: now + 1], at, (h,))
        errors.append([abs(each - truth) for each in (middle, *simply(pairs, now, h))])
        held.append(low - 0.5 <= truth <= high + 0.5)
    return ([mean(column) for column in zip(*errors, strict=True)], held) if len(errors) >= 20 else None


def bridge(h: int) -> tuple[float, float, float, float]:
    """Error in minutes of Verst, as now, and the usual hour of the week, and coverage, at Peace Arch 2017-2018."""
    with (SHARED / "data/peace_arch/peace_arch_hourly_2014_2018.csv").open(encoding="utf-8") as lines:
        rows = [
            (datetime.fromisoformat(row["time"]).replace(tzinfo=UTC), float(row["delay_min"] or 0))
            for row in csv.DictReader(lines)
        ]
    v = np.array([value for _, value in rows])
    y, t = np.log1p(v), np.array([when.timestamp() / 3600 for when, _ in rows])
    begin, found = next(n for n, (when, _) in enumerate(rows) if when.year == 2017), list[tuple[float, ...]]()
    for week in range(begin, len(y) - h - 168, 168):
        past, hours = slice(max(0, week - 60 * 168), week), np.arange(week, week + 168)
        model = learn(t[past], y[past], h)
        assert model is not None
        x = features(t, y, t[hours], h, model.daily, model.weekly)
        middle, truth = y[hours] + x @ model.weights, v[hours + h]
        low, high = (np.expm1(middle + end) for end in (model.below, model.above))
        usual = np.expm1(model.weekly[np.round(t[hours] + h).astype(int) % 168])
        guesses = (np.expm1(np.maximum(0.0, middle)), v[hours], usual)
        held = (low - 0.5 <= truth) & (truth <= high + 0.5)
        found.append((*(float(np.abs(each - truth).mean()) for each in guesses), float(held.mean())))
    return tuple(mean(column) for column in zip(*found, strict=True))  # type: ignore[return-value]


def main() -> None:
    """Print the error of each series and horizon as a share of "as now", then the bridge in minutes."""
    series = list(every_series())
    print(f"Error as a share of 'as now', mean of {len(series)} series, and in how many Verst is at or below 'as now'")
    print(
        "hours  Verst  " + "  ".join(f"{name:>13}" for name in SIMPLE[1:]) + "  below  80 % range holds: queues  waits"
    )
    above: list[str] = []
    for h in HORIZONS:
        told = [(name, found) for name, pairs in series if (found := judge(pairs, h)) is not None]
        shares = [[error / max(1e-9, found[0][1]) for error in found[0]] for _, found in told]
        above += [f"{name} {h} h" for (name, found) in told if found[0][0] > 1.005 * found[0][1]]
        below = sum(found[0][0] <= 1.005 * found[0][1] for _, found in told)
        means = [mean(column) for column in zip(*shares, strict=True)]
        held = [mean(mean(found[1]) for name, found in told if name.endswith(unit)) for unit in ("waiting", "min")]
        print(
            f"{h:5}  {means[0]:5.2f}  "
            + "  ".join(f"{each:13.2f}" for each in means[2:])
            + f"  {below:2}/{len(told)}  {held[0]:24.0%}  {held[1]:5.0%}"
        )
    print("Above 'as now': " + (", ".join(above) or "none"))
    print("Peace Arch 2017-2018, mean error in minutes")
    print("hours  Verst  as now  usual hour of week  within 80 % range")
    for h in (1, 2, 3, 6, 24):
        ours, now, usual, held = bridge(h)
        print(f"{h:5}  {ours:5.2f}  {now:6.2f}  {usual:18.2f}  {held:8.0%}")


if __name__ == "__main__":
    main()
