"""Do 80 % ranges hold 80 %, and do they come to? Run: python -m bench.ranges [--set]

The series and crowds of bench.nowcast, five reports an hour, and an authority that reads a count and a wait in turn,
every three hours. Ranges are asked one hour before each reading, so that the last one is two hours old. Beside it the
same without readings, where nothing can be learned; and crowds half as wrong and twice as wrong as they were when the
constants were set.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from statistics import mean

from bench.queue_series import DAYS, KINDS, Series, crowd, readings, region_of, series_for
from verst.fusion import fuse

EVERY, FIRST_DAYS = 3.0, 5
CROWDS = {"half as wrong": 0.5, "as it was set": 1.0, "twice as wrong": 2.0}


def held(series: Series, wrong: float, *, read: bool) -> Iterator[tuple[str, bool, bool, float]]:
    """Kind, whether it is of the first days, whether the range held, and its width against the truth."""
    reports = crowd(series, 5.0, 1, wrong=wrong) + (readings(series, EVERY) if read else [])
    hours = [hour - 1.0 for hour in range(24, int(min(DAYS * 24, series.hours[-1])), int(EVERY))]
    times = [series.start + timedelta(hours=hour) for hour in hours]
    for each in fuse(reports, times, region_of([series.name]), KINDS):
        if each.p10 is None or each.p90 is None or each.kind not in ("queue_count", "wait"):
            continue
        hour = (each.at - series.start) / timedelta(hours=1)
        unit = 60.0 / series.pace if each.kind == "wait" else 1.0
        truth = series.at(hour) * unit
        inside = each.p10 - 0.5 * unit <= truth <= each.p90 + 0.5 * unit
        yield each.kind, hour < 24 * FIRST_DAYS, inside, (each.p90 - each.p10) / max(unit, truth)


def main() -> None:
    """Print coverage of each kind: without readings, in the first days with them, and after."""
    setting = "--set" in sys.argv
    chosen = series_for(setting)
    print(f"{'setting' if setting else 'judging'} on " + ", ".join(f"{each.name} {each.mode}" for each in chosen))
    print("crowd           kind         nobody reads  first five days  after  width after")
    for name, wrong in CROWDS.items():
        blind = [row for series in chosen for row in held(series, wrong, read=False)]
        told = [row for series in chosen for row in held(series, wrong, read=True)]
        for kind in ("queue_count", "wait"):
            alone = mean(row[2] for row in blind if row[0] == kind and not row[1])
            early = mean(row[2] for row in told if row[0] == kind and row[1])
            late = mean(row[2] for row in told if row[0] == kind and not row[1])
            width = mean(row[3] for row in told if row[0] == kind and not row[1])
            print(f"{name:14}  {kind:11}  {alone:12.1%}  {early:15.1%}  {late:5.1%}  {width:11.2f}")


if __name__ == "__main__":
    main()
