"""Real queue series from the shared data, and crowd reports about them as people really make them."""

from __future__ import annotations

import csv
import math
import os
import random
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from verst.model import Claim, Crossing, Kind, Region, Report, Side

SHARED = Path(os.environ.get("VERST_SHARED") or Path(__file__).parents[2] / "shared")
SET_ON = ("dolhobyczow", "zosin", "medyka", "dorohusk")  # constants are set on these, all others are for judging
DAYS = 20
TRUCKS_AN_HOUR = 20.0
KINDS = {
    "wait": Kind(id="wait", shape="amount", unit="minute"),
    "queue_count": Kind(id="queue_count", shape="amount"),
    "passage": Kind(id="passage", shape="state", options=("open", "closed", "paused", "moving", "free")),
}


@dataclass(frozen=True)
class Series:
    """Hours since ``start`` and vehicles queued then; straight lines between. ``pace``: vehicles served an hour."""

    name: str
    mode: str
    start: datetime
    hours: tuple[float, ...]
    queued: tuple[float, ...]
    pace: float

    def at(self, hour: float) -> float:
        """Vehicles queued at an hour since the start."""
        n = min(len(self.hours) - 1, max(1, bisect_right(self.hours, hour)))
        a, b = self.hours[n - 1], self.hours[n]
        part = min(1.0, max(0.0, (hour - a) / (b - a))) if b > a else 0.0
        return self.queued[n - 1] + part * (self.queued[n] - self.queued[n - 1])


def border_series() -> list[Series]:
    """Cars and lorries queued towards Poland, nine crossings, readings about three hours apart."""
    rows: dict[str, list[dict[str, str]]] = {}
    with (SHARED / "data/plua_border_queue_logger/dpsu_physical_queue.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            rows.setdefault(row["crossing_id"], []).append(row)
    out = []
    for name, readings in sorted(rows.items()):
        for mode, column in (("car", "cars_waiting"), ("truck", "trucks_waiting")):
            told = {row["source_updated_utc"]: row for row in readings if row[column]}
            pairs = sorted((datetime.fromisoformat(t).astimezone(UTC), float(row[column])) for t, row in told.items())
            if len(pairs) < 50 or max(value for _, value in pairs) < 30:
                continue
            pace = float(readings[0]["cars_per_hour"]) if mode == "car" else TRUCKS_AN_HOUR
            out.append(make_series(name, mode, pairs, pace))
    return out


def bridge_series(year: int) -> Series:
    """Hourly delay of cars at Peace Arch in summer, as vehicles at 310 served an hour."""
    with (SHARED / "data/peace_arch/peace_arch_hourly_2014_2018.csv").open(encoding="utf-8") as lines:
        pairs = [
            (datetime.fromisoformat(row["time"]).replace(tzinfo=UTC), float(row["delay_min"] or 0) / 60 * 310.0)
            for row in csv.DictReader(lines)
            if row["time"].startswith((f"{year}-06", f"{year}-07"))
        ]
    return make_series(f"peace_arch {year}", "car", pairs, 310.0)


def series_for(setting: bool) -> list[Series]:
    """The series the model's numbers were set on, or those, never looked at while setting, that judge it."""
    chosen = [each for each in border_series() if (each.name in SET_ON) == setting]
    return [*chosen, bridge_series(2014 if setting else 2017)]


def make_series(name: str, mode: str, pairs: list[tuple[datetime, float]], pace: float) -> Series:
    """A series of the first DAYS days of its pairs of time and vehicles."""
    start = pairs[0][0]
    kept = [(t, value) for t, value in pairs if t - start <= timedelta(days=DAYS)]
    return Series(
        name, mode, start, tuple((t - start) / timedelta(hours=1) for t, _ in kept), tuple(v for _, v in kept), pace
    )


def region_of(names: list[str]) -> tuple[Region, ...]:
    """One region with these crossings."""
    sides = (Side(country="UA"), Side(country="PL"))
    crossings = tuple(
        Crossing(id=name, border="UA-PL", sides=sides, modes=("car", "truck")) for name in sorted(set(names))
    )
    return (Region(id="bench", names=(("en", "Bench"),), crossings=crossings),)


def rounded(value: float, chance: random.Random) -> float:
    """People say multiples of five, ten or fifty more often than not."""
    if value > 300 and chance.random() < 0.6:
        return 50.0 * round(value / 50)
    if chance.random() < 0.58:
        return 5.0 * round(value / 5)
    return float(round(value))


def crowd(series: Series, rate: float, seed: int, *, waits: float = 0.3, wrong: float = 1.0) -> list[Report]:
    """Reports as a crowd makes them, ``rate`` an hour: late, rounded, 10 % too high, of scale 0.24 (Student, 3 df),
    a bias of their own for each person, a sixth copied, a tenth nonsense, a tenth of another queue, some "so far".
    ``wrong``: how many times further off than that."""
    chance = random.Random(f"{series.name}{series.mode}{seed}")
    bias = [chance.gauss(0.0, 0.18) for _ in range(40)]
    reports: list[Report] = []
    hour, end = 0.5, min(series.hours[-1], DAYS * 24.0)
    while (hour := hour + chance.expovariate(rate)) < end:
        person = chance.randrange(40) if chance.random() < 0.4 else -1
        seen = max(0.0, hour - chance.expovariate(1 / 0.33))
        truth = series.at(seen) * (0.5 if chance.random() < 0.1 else 1.0)
        t3 = chance.gauss(0, 1) / math.sqrt(chance.gammavariate(1.5, 2.0) / 3.0)
        off = math.log(1.1) + wrong * (0.24 * t3 + (bias[person] if person >= 0 else chance.gauss(0.0, 0.18)))
        count = max(0.0, (truth + 2.0) * math.exp(max(-2.5, min(2.5, off))) - 2.0)
        if chance.random() < 0.1:
            count = math.expm1(chance.uniform(0.0, math.log1p(2.0 * max(series.queued))))
        name = f"{series.name}-{series.mode}-{len(reports)}"
        author = f"regular {person}" if person >= 0 else f"traveller {name}"
        reports.append(report_of(series, hour, count, name, author, chance, waits))
        if chance.random() < 0.16:
            copied = reports[chance.randrange(max(0, len(reports) - 20), len(reports))]
            again = Report(
                claim=copied.claim, post=f"{name}-copy", posted_at=reports[-1].posted_at + timedelta(minutes=1),
                author=f"copier {name}", copy_of=copied.copy_of or copied.post,
            )  # fmt: skip
            reports.append(again)
    return sorted(reports, key=lambda report: report.posted_at)


def readings(series: Series, every: float) -> list[Report]:
    """An authority's counts and waits in turn, one each so many hours: exact but for the rounding."""
    found = []
    for n in range(int(min(series.hours[-1], DAYS * 24.0) / every)):
        hour, kind = (n + 1) * every, ("queue_count", "wait")[n % 2]
        value = series.at(hour) * (60.0 / series.pace if kind == "wait" else 1.0)
        claim = Claim(kind=kind, crossing=series.name, toward="PL", mode=series.mode, value=float(round(value)))  # type: ignore[arg-type]
        posted = series.start + timedelta(hours=hour)
        found.append(Report(claim=claim, post=f"{series.name}-reading-{n}", posted_at=posted, source="official"))
    return found


def report_of(
    series: Series, hour: float, count: float, name: str, author: str, chance: random.Random, waits: float
) -> Report:
    """One report of a count, or of the wait that it means; a fifth of the waits are "stood so far"."""
    kind, value, bound = "queue_count", rounded(count, chance), "approx"
    if chance.random() < waits:
        kind, minutes = "wait", count / series.pace * 60.0
        if chance.random() < 0.2:
            minutes, bound = minutes * chance.random(), "min"
        value = rounded(minutes, chance)
    claim = Claim(kind=kind, crossing=series.name, toward="PL", mode=series.mode, value=value, bound=bound)  # type: ignore[arg-type]
    return Report(
        claim=claim, post=name, posted_at=series.start + timedelta(hours=hour), author=author, community="chat"
    )
