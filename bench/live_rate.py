"""Nothing by itself: the second half of `bench.live`, how soon the board knows what is said at 100 posts a second.

Posts of the archive with other digits are put on the bus as if they were said now, so many a second, for two minutes,
while one reader and one fuser work. Now and then somebody says of a crossing that nobody has spoken of yet that it is
closed. Timed from when that is put until the store holds an estimate of it.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bench import markdown
from bench.live import cpu, workers
from verst.bus import STREAMS, Bus, open_bus
from verst.clock import now
from verst.geography import load_regions
from verst.model import Chat, Post
from verst.store import Store, open_store
from verst.work.apart.putting import put_posts

SECONDS, BEFORE = 120.0, 20.0  # in all; without probes, while the processes begin
TICK, APART = 0.1, 2.5  # seconds between posts put together, and between probes
PATIENCE = 60.0
CLOSED = "закрыто, никого не выпускают"


@dataclass
class Probe:
    """One crossing that was said to be closed: when it was put, and how many seconds later the board knew."""

    crossing: str
    put: float
    took: float | None = None


def measure_rate(url: str, address: str, posts: Sequence[Post], rate: int) -> str:
    """The table of a run at so many posts a second. Ends the bench where something said never came to the board."""
    store, bus = open_store(url), open_bus(address)
    with workers(url, address, 1) as (readers, fusers):
        time.sleep(BEFORE / 4)
        begun, spent = time.monotonic(), [cpu(readers), cpu(fusers)]
        probes = speak(store, bus, posts, rate)
        seconds = time.monotonic() - begun
        waiting = sum(bus.waiting(stream) for stream in STREAMS)
        until = time.monotonic() + PATIENCE
        while any(each.took is None for each in probes) and time.monotonic() < until:
            look(store, probes)
            time.sleep(TICK)
        shares = [(cpu(some) - before) / seconds for some, before in zip((readers, fusers), spent, strict=True)]
    store.close()
    bus.close()
    return tell(probes, rate, int(rate * seconds), waiting, shares)


def speak(store: Store, bus: Bus, posts: Sequence[Post], rate: int) -> list[Probe]:
    """Put posts at that rate until the time is over; what was probed meanwhile."""
    begun, done, probes, free = time.monotonic(), 0, list[Probe](), unspoken(store)
    while (passed := time.monotonic() - begun) < SECONDS:
        due = int(passed * rate)
        put_posts(bus, [as_now(posts[n % len(posts)], n) for n in range(done, due)])
        done = due
        if passed > BEFORE and passed < SECONDS - PATIENCE / 4 and passed - BEFORE > APART * len(probes):
            probes += [probe(bus, name) for name in islice(free, 1)]
        look(store, probes)
        time.sleep(TICK)
    return probes


def as_now(post: Post, number: int) -> Post:
    return replace(post, id=f"n{number}", posted_at=now(), author=f"{number % 5_000:016x}")


def unspoken(store: Store) -> Iterator[str]:
    """Crossings of which nobody has spoken until they are asked for, each once."""
    for crossing in sorted(each.id for region in load_regions() for each in region.crossings):
        if next(iter(store.reports(crossing=crossing)), None) is None:
            yield crossing


def probe(bus: Bus, crossing: str) -> Probe:
    """Somebody says that a crossing is closed."""
    chat = Chat(title=f"Probe {crossing}", kind="group", about=crossing)
    post = Post(id=f"probe-{crossing}", chat=chat, posted_at=now(), text=CLOSED, lang="ru", author="f" * 16)
    found = Probe(crossing, time.monotonic())
    put_posts(bus, [post])
    return found


def look(store: Store, probes: list[Probe]) -> None:
    """Note which of what was probed the board knows."""
    for each in probes:
        if each.took is None and store.estimates_at(now(), each.crossing):
            each.took = time.monotonic() - each.put


def tell(probes: Sequence[Probe], rate: int, said: int, waiting: int, shares: Sequence[float]) -> str:
    took = [each.took for each in probes if each.took is not None]
    p99 = statistics.quantiles(took, n=100, method="inclusive")[98]
    row = (
        f"{rate} posts/s, {said:,} in all", f"{len(took)} of {len(probes)}", f"{statistics.median(took):.1f}",
        f"{p99:.1f}", f"{max(took):.1f}", f"{waiting:,}", " + ".join(f"{100 * share:.0f} %" for share in shares),
    )  # fmt: skip
    head = ("one reader, one fuser", "closings known", "median, s", "p99, s", "longest, s", "waits at the end",
            "of a core, reading + fusing")  # fmt: skip
    return markdown(head, [row]) + f"\nLoad {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores.\n"
