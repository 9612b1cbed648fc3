"""Claims a second through fusion on one core, for 500 crossings. Run: python -m bench.fusion_speed"""

from __future__ import annotations

import gc
import random
import time
import tracemalloc
from collections.abc import Callable
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


def live(material: list[Report], places: tuple[Region, ...], batch: int, every: int) -> Fusion:
    """A live stream: reports in batches, and the estimates of all crossings after every so many reports."""
    fusion = Fusion(places, KINDS)
    for n in range(0, len(material), batch):
        fusion.take(material[n : n + batch])
        if n % every == 0:
            fusion.estimates(material[n + batch - 1].posted_at)
    return fusion


def best_of(run: Callable[[], object], tries: int = 3) -> float:
    """Seconds of one core that a run takes; the least of a few, as others use the machine too."""
    spent = []
    for _ in range(tries):
        gc.collect()
        started = time.process_time()
        run()
        spent.append(time.process_time() - started)
    return min(spent)


def kilobytes(lateness: float, crossings: int = 50, an_hour: int = 67, hours: int = 18) -> tuple[float, float]:
    """KB a crossing, kept and in memory, once the window is full; ``lateness`` in minutes."""
    places = regions(crossings)
    live(reports(100, crossings, 1.0), places, 50, 50)
    material = reports(crossings * an_hour * hours, crossings, float(hours))
    tracemalloc.start()
    fusion = Fusion(places, KINDS, lateness=lateness)
    for n in range(0, len(material), 500):
        fusion.take(material[n : n + 500])
        fusion.estimates(material[min(n + 499, len(material) - 1)].posted_at)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return len(fusion.dump()) / crossings / 1024, held / crossings / 1024


def main() -> None:
    """Print claims a second for history (fuse) and for a live stream, and what a crossing takes."""
    started = time.perf_counter()
    list(fuse(reports(100, 5, 1.0), [START + timedelta(hours=2)], regions(5), KINDS))
    print(f"first use (loading or compiling the loops): {time.perf_counter() - started:.1f} s")
    count, crossings, hours = 200_000, 500, 6.0
    material, places = reports(count, crossings, hours), regions(crossings)
    end, told = [START + timedelta(hours=hours)], f"{count:,} claims, {crossings} crossings"
    spent = best_of(lambda: list(fuse(material, end, places, KINDS)))
    print(f"history: {count / spent:,.0f} claims/s ({told}, best of three)")
    spent = best_of(lambda: live(material, places, 2000, 20_000))
    print(f"live, with all estimates every {hours / 10 * 60:.0f} minutes: {count / spent:,.0f} claims/s")
    print("KB a crossing that hears 67 reports an hour  kept  in memory")
    for name, lateness in (("its state", 0.0), ("its state and a window of six hours", 360.0)):
        kept, held = kilobytes(lateness)
        print(f"{name:43}  {kept:4.0f}  {held:9.0f}")


if __name__ == "__main__":
    main()
