"""Claims a second through fusion on one core, for 500 crossings. Run: python -m bench.fusion_speed"""

from __future__ import annotations

import random
import resource
import time
from datetime import UTC, datetime, timedelta

from verst.fusion import Fusion, fuse
from verst.model import Claim, Crossing, Kind, Region, Report, Side

START = datetime(2026, 7, 1, tzinfo=UTC)
KINDS = {
    "wait": Kind(id="wait", shape="amount"),
    "queue_count": Kind(id="queue_count", shape="amount"),
    "queue_length": Kind(id="queue_length", shape="amount"),
    "passage": Kind(id="passage", shape="state", options=("open", "closed", "paused", "moving", "free")),
}


def regions(crossings: int) -> tuple[Region, ...]:
    sides = (Side(country="RU"), Side(country="GE"))
    return (
        Region(
            id="many",
            names=(("en", "Many"),),
            crossings=tuple(Crossing(id=f"c{n}", border="RU-GE", sides=sides) for n in range(crossings)),
        ),
    )


def reports(count: int, crossings: int, hours: float) -> list[Report]:
    chance = random.Random(1)
    out = []
    for n in range(count):
        kind = chance.choice(("wait", "wait", "queue_count", "queue_length", "passage"))
        value = (
            chance.choice(("open", "moving", "paused")) if kind == "passage" else round(chance.lognormvariate(4, 0.5))
        )
        out.append(
            Report(
                claim=Claim(kind=kind, crossing=f"c{n % crossings}", toward="GE", mode="car", value=value),
                post=f"p{n}",
                posted_at=START + timedelta(hours=hours * n / count),
                author=f"{chance.randrange(4000):016x}",
                community=f"chat {n % 7}",
            )
        )
    return out


def main() -> None:
    """Print claims a second for history (fuse) and for a live stream (Fusion in batches of 2,000)."""
    started = time.perf_counter()
    list(fuse(reports(100, 5, 1.0), [START + timedelta(hours=2)], regions(5), KINDS))
    print(f"first use (loading or compiling the loops): {time.perf_counter() - started:.1f} s")
    count, crossings, hours = 200_000, 500, 6.0
    material, places = reports(count, crossings, hours), regions(crossings)
    started = time.process_time()
    lines = sum(1 for _ in fuse(material, [START + timedelta(hours=hours)], places, KINDS))
    spent = time.process_time() - started
    print(f"history: {count / spent:,.0f} claims/s ({count:,} claims, {crossings} crossings, {lines} estimates)")
    fusion, started = Fusion(places, KINDS), time.process_time()
    for n in range(0, count, 2000):
        fusion.take(material[n : n + 2000])
        if n % 20_000 == 0:
            fusion.estimates(material[n + 1999].posted_at)
    spent = time.process_time() - started
    print(f"live, with estimates every {hours / 10 * 60:.0f} minutes: {count / spent:,.0f} claims/s")
    print(f"state: {len(fusion.dump()) / crossings / 1024:.0f} KB a crossing with its six-hour window")
    print(f"memory of the whole process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
