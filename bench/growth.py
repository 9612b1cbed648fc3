"""Whether a post costs the same however many came before, and at however many crossings: `python -m bench.growth`.

Posts of many people about invented crossings, as many an hour at each, are read, kept and fused, and the CPU time of
each step is told by post: first of ever longer times at ten crossings, then of a day at ever more. After each row a
minute's posts come live, up to ten times; before them one that has to look back over the last days, as a process does
every quarter of an hour. ``--most N`` leaves out rows of more posts (a million when left out; ten are
possible), ``--rows 10000x10,1000000x1000`` measures those; ``--write`` puts the table into docs/scale.md.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import ROOT, markdown, write_block
from bench.places_speed import invent
from verst.geography import load_kinds
from verst.model import Chat, Post, Reading
from verst.reading.reader import Reader
from verst.shelves import data_shelf
from verst.store import Store, open_store
from verst.work import settle
from verst.work.copying import Copies
from verst.work.intake import Tally, keep_posts

PAGE = ROOT / "docs" / "scale.md"
FEWEST, CROSSINGS = 10_000, 10  # of the first row: about a day
AN_HOUR = 40  # posts at each crossing, half of them chatter
AT_ONCE, MINUTES = 1_000, 10
PEOPLE = 2_000
BEGIN = datetime(2022, 9, 21, tzinfo=UTC)
SAID = (
    "стоим {n} часов, очередь {k} км", "прошли за {n} часов на машине", "пропускают, очередь движется",
    "закрыто, никого не пускают", "Waited {n} hours by car", "на машине {n} часов, хвост {k} км",
)  # fmt: skip
CHATTER = ("всем удачи!", "кто едет завтра?", "спасибо", "где купить воды?", "есть кто на месте?", "кот доехал хорошо")


@dataclass(slots=True)
class Cost:
    """CPU seconds of the steps, of settling a minute where all is looked at anew, and of the minutes after it."""

    posts: int
    crossings: int
    read: float = 0.0
    kept: float = 0.0
    fused: float = 0.0
    back: float = 0.0
    live: float = 0.0
    bytes: int = 0

    def each(self) -> list[float]:
        """Microseconds a post: read, kept, fused, and all of it."""
        found = [1e6 * part / self.posts for part in (self.read, self.kept, self.fused)]
        return [*found, sum(found)]


class Timed:
    """A reader that says what its reading cost."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.spent = reader, 0.0

    def read(self, post: Post) -> Reading:
        begun = time.process_time()
        found = self.reader.read(post)
        self.spent += time.process_time() - begun
        return found

    def findable(self, post: Post) -> str:
        begun = time.process_time()
        found = self.reader.findable(post)
        self.spent += time.process_time() - begun
        return found


def measure(posts: int, crossings: int) -> Cost:
    """One row: a store filled from nothing, then some minutes live."""
    region, kinds = invent(crossings), {kind.id: kind for kind in load_kinds()}
    cost, reader = Cost(posts, crossings), Timed(Reader(data_shelf("languages"), [region]))
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/verst.db")
        batches = make_posts(posts + 3 * AT_ONCE, [crossing.id for crossing in region.crossings])
        for _ in range(posts // AT_ONCE):
            cost.kept += spent(lambda: keep(next(batches), store, reader))
        cost.read = reader.spent
        cost.kept -= cost.read
        cost.fused = spent(lambda: settle(store, [region], kinds))
        copies, a_minute = Copies(), max(1, AN_HOUR * crossings // 60)
        for _ in range(2):  # the first begins another quarter of an hour, after which all is looked at anew
            keep(next(batches)[:a_minute], store, reader)
            cost.back = spent(lambda: settle(store, [region], kinds, copies=copies))
        later, minutes = next(batches), min(MINUTES, AT_ONCE // a_minute)
        for n in range(minutes):
            keep(later[n * a_minute : (n + 1) * a_minute], store, reader)
            cost.live += spent(lambda: settle(store, [region], kinds, copies=copies)) / minutes
        cost.bytes = sum(each.stat().st_size for each in Path(folder).glob("verst.db*"))
        store.close()
    return cost


def keep(posts: list[Post], store: Store, reader: Timed) -> None:
    keep_posts(posts, store, reader, Tally(), [])


def make_posts(count: int, names: list[str]) -> Iterator[list[Post]]:
    """Batches in the order of time: each crossing has its chat, and its people."""
    dice, step = random.Random(1), timedelta(hours=1) / (AN_HOUR * len(names))
    chats = {name: Chat(title=f"Chat {name}", kind="group", about=name) for name in names}
    for start in range(0, count, AT_ONCE):
        found = []
        for n in range(start, start + AT_ONCE):
            text = dice.choice(SAID if dice.random() < 0.5 else CHATTER)
            text = text.format(n=dice.randrange(2, 30), k=dice.randrange(1, 12))
            author = f"{dice.randrange(PEOPLE) * 7919:016x}"
            chat = chats[dice.choice(names)]
            found.append(Post(id=f"p{n}", chat=chat, posted_at=BEGIN + n * step, text=text, lang="ru", author=author))
        yield found


def spent(work: object) -> float:
    begun = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - begun


def tabulate(found: list[Cost]) -> str:
    """Microseconds a post, all of it as a ratio to the first row, and what a minute live costs a crossing."""
    head = ("posts", "crossings", "read, µs", "kept", "fused", "in all", "ratio", "live, ms", "look back, s", "KB")
    rows = []
    for cost in found:
        told = [f"{each:,.0f}" for each in cost.each()]
        ratio = f"{cost.each()[-1] / found[0].each()[-1]:.2f}"
        live, size = f"{1e3 * cost.live / cost.crossings:.1f}", f"{cost.bytes / cost.posts / 1e3:.1f}"
        rows.append([f"{cost.posts:,}", f"{cost.crossings:,}", *told, ratio, live, f"{cost.back:.1f}", size])
    return markdown(head, rows)


def main() -> None:
    most = int(sys.argv[sys.argv.index("--most") + 1]) if "--most" in sys.argv else 1_000_000
    measure(AT_ONCE, CROSSINGS)  # compiles, and fills caches
    sizes = [FEWEST * 10**n for n in range(1, 4) if FEWEST * 10**n <= most]
    rows = [(FEWEST, CROSSINGS), *((posts, CROSSINGS) for posts in sizes)]
    rows += [(posts, CROSSINGS * posts // FEWEST) for posts in sizes]
    if "--rows" in sys.argv:
        told = sys.argv[sys.argv.index("--rows") + 1].split(",")
        rows = [(int(posts), int(crossings)) for posts, crossings in (row.split("x") for row in told)]
    found = list[Cost]()
    for row in rows:
        found.append(measure(*row))
        print(tabulate(found[-1:]).splitlines()[-1], file=sys.stderr, flush=True)
    text = tabulate(found)
    print(text)
    if "--write" in sys.argv:
        write_block(PAGE, "bench.growth", text)


if __name__ == "__main__":
    main()
