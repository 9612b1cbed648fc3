"""Posts a second from the bus to the board, with one worker of each step and with two. `python -m bench.live [N]`.

N posts (20,000 when left out), a post every five seconds, one in ten of which says or asks something, are put on a real
NATS; then readers and fusers begin, each a process of its own, over a real PostgreSQL. Counted is from the first post
kept to the last estimate made, the best of two rounds; and the CPU time of readers and fusers in it, which other work
on the machine does not change. The bare JetStream beside it: the same bytes published, and pulled by one process.
Then they are said at 100 a second, live, and timed is how soon the board knows (`bench.live_rate`; ``--rate N``, and
``--only-rate`` for that alone).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import psutil

from bench import ROOT, markdown, write_block
from verst.bus import STREAMS, Bus, open_bus
from verst.cli.serving import archive_files
from verst.model import Post
from verst.reading.reader import Reader
from verst.sources import Door, read
from verst.store import Store, open_store
from verst.work.apart.putting import as_item, put_posts
from verst.work.inputs import find_inputs
from verst.work.intake import tells

PAGE = ROOT / "docs" / "scale.md"
COUNT, AT_ONCE = 20_000, 1_000
TELLING = 0.1
BEGIN, EVERY = datetime(2022, 9, 24, 6, tzinfo=UTC), timedelta(seconds=5)
VERST = Path(sys.executable).parent / "verst"
QUIET_SECONDS = 3.0
ROUNDS, WORKERS = 2, (1, 2)
RATE = 100


def main() -> None:
    read = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    read.add_argument("count", type=int, nargs="?", default=COUNT)
    read.add_argument("--rate", type=int, default=RATE, help="posts a second of the second half")
    read.add_argument("--only-rate", action="store_true")
    read.add_argument("--write", action="store_true")
    told = read.parse_args()
    posts = list(make_posts(told.count))
    from bench.live_rate import measure_rate
    from tests import postgres, servers

    if not told.only_rate:
        show("bench.live", measure(posts), told.write)
    with postgres.server() as server, servers.nats() as nats:
        show("bench.live_rate", measure_rate(server.new(), f"{nats}/rate", posts, told.rate), told.write)


def show(maker: str, text: str, write: bool) -> None:
    """Print a table, and put it on the page where that is wanted."""
    print(text)
    if write:
        write_block(PAGE, maker, text)


def make_posts(count: int) -> Iterator[Post]:
    """Posts of the archive with other digits, in the order of time."""
    reader, chance = Reader.load(), random.Random(7)
    door = Door(b"k" * 32, about_of=reader.places.about)
    found = [item for each in find_inputs(archive_files()[0]) for item in read(each, door) if isinstance(item, Post)]
    telling = [post for post in found if tells(reader.read(post))]
    chatter = [post for post in found if not tells(reader.read(post))]
    for n in range(count):
        post = chance.choice(telling if chance.random() < TELLING else chatter)
        text = re.sub(r"\d", lambda _: str(chance.randint(1, 9)), post.text)
        yield replace(
            post, id=f"p{n}", posted_at=BEGIN + n * EVERY, text=text, author=f"{n % 5_000:016x}", reply_to=None,
            edited_at=None, forwarded_at=None,
        )  # fmt: skip


class Run(NamedTuple):
    """What one run came to: posts a second, CPU milliseconds a post of readers and of fusers, and the board."""

    rate: float
    reading: float
    fusing: float
    board: list[object]


def measure(posts: list[Post]) -> str:
    from tests import postgres, servers

    data, bare = [as_item(post).data for post in posts], 0.0
    runs: dict[int, list[Run]] = {count: [] for count in WORKERS}
    with ExitStack() as stack:
        server, nats = stack.enter_context(postgres.server()), stack.enter_context(servers.nats())
        for number in range(ROUNDS):  # they take turns, so that a busy machine slows all alike
            bare = max(bare, len(data) / asyncio.run(publish_and_pull(nats, f"bare{number}", data)))
            for count in WORKERS:
                runs[count].append(run(server.new(), f"{nats}/live{number}-{count}", posts, count))
    return tabulate(runs, bare, len(posts))


def tabulate(runs: dict[int, list[Run]], bare: float, count: int) -> str:
    best = {workers: max(some, key=lambda each: each.rate) for workers, some in runs.items()}
    rows = [
        (f"{workers} reader{'s' * (workers > 1)}, {workers} fuser{'s' * (workers > 1)}", f"{each.rate:,.0f}",
         f"{each.rate / best[1].rate:.2f}×", f"1 / {bare / each.rate:,.1f}", f"{each.reading:.2f} + {each.fusing:.2f}")
        for workers, each in best.items()
    ]  # fmt: skip
    rows.append(("bare JetStream: published and pulled", f"{bare:,.0f}", "", "1", ""))
    boards = [each.board for some in runs.values() for each in some]
    rows.append(("the same board from all of them", "yes" if all(b == boards[0] for b in boards) else "NO", "", "", ""))
    head = ("", "posts/s", "to one of each", "to bare JetStream", "CPU ms a post, reading + fusing")
    load = f"{os.cpu_count()} cores for everything, NATS, PostgreSQL and other work too (load {os.getloadavg()[1]:.0f})"
    return markdown(head, rows) + f"\n{count:,} posts; the best of {ROUNDS} rounds; {load}.\n"


def run(url: str, address: str, posts: list[Post], count: int) -> Run:
    """The posts through so many readers and fusers."""
    store, bus = open_store(url), open_bus(address)
    for start in range(0, len(posts), AT_ONCE):
        put_posts(bus, posts[start : start + AT_ONCE])
    with workers(url, address, count) as (readers, fusers):
        begun, before = wait_for_first(store)
        spent = cpu(readers), cpu(fusers)
        ended = wait_for_board(store, bus)
        reading, fusing = cpu(readers) - spent[0], cpu(fusers) - spent[1]
    board: list[object] = list(store.estimates_at(posts[-1].posted_at + timedelta(days=1)))
    assert sum(store.by_hour().values()) == len(posts), "posts are missing"
    store.close()
    bus.close()
    done = len(posts) - before
    return Run(done / (ended - begun), 1_000 * reading / done, 1_000 * fusing / done, board)


def cpu(pids: list[int]) -> float:
    """Seconds of CPU that these processes have had."""
    times = [psutil.Process(pid).cpu_times() for pid in pids]
    return sum(each.user + each.system for each in times)


@contextmanager
def workers(url: str, address: str, count: int) -> Iterator[tuple[list[int], list[int]]]:
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "VERST_HOME": home, "VERST_STORE": url, "VERST_BUS": address}
        words = [[VERST, "work", role] for role in ("read", "fuse") for _ in range(count)]
        running = [subprocess.Popen(each, env=env, stderr=subprocess.DEVNULL) for each in words]
        try:
            yield [each.pid for each in running[:count]], [each.pid for each in running[count:]]
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(60)


def wait_for_first(store: Store) -> tuple[float, int]:
    """When the first posts were kept, and how many there were of them."""
    while not (count := sum(store.by_hour().values())):
        time.sleep(0.02)
    return time.perf_counter(), count


def wait_for_board(store: Store, bus: Bus) -> float:
    """When the last estimate was made: nothing waits, and nothing has been written for a while since."""
    revision, since = store.revision(), time.perf_counter()
    while True:
        if store.revision() != revision:
            revision, since = store.revision(), time.perf_counter()
        quiet = time.perf_counter() - since > QUIET_SECONDS
        if quiet and not any(bus.waiting(stream) for stream in STREAMS):
            return since
        time.sleep(0.05)


async def publish_and_pull(address: str, name: str, data: list[bytes]) -> float:
    """Seconds for publishing and pulling messages, 256 on their way at a time, with acknowledgements."""
    import nats
    from nats.js.api import StreamConfig

    client = await nats.connect(address)
    stream = client.jetstream()
    await stream.add_stream(StreamConfig(name=name, subjects=[f"{name}.>"]))
    begun = time.perf_counter()
    for start in range(0, len(data), 256):
        await asyncio.gather(*(stream.publish(f"{name}.posts", each) for each in data[start : start + 256]))
    pulling = await stream.pull_subscribe(f"{name}.posts", durable=name)
    got = 0
    while got < len(data):
        for message in await pulling.fetch(256):
            await message.ack()
            got += 1
    seconds = time.perf_counter() - begun
    await client.close()
    return seconds


if __name__ == "__main__":
    main()
