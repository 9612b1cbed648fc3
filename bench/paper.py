"""On paper: what a hundred million posts a day take, from what was measured. ``python -m bench.paper [MILLIONS]``.

Every figure comes from a table of docs/scale.md that another bench wrote there (`bench.live`, `bench.growth`,
`bench.serve`, `bench.static`), and from what is assumed below and said beside it. ``--write`` puts it into
docs/scale.md; a test says when a table has changed since.
"""

from __future__ import annotations

import math
import re
import sys
from dataclasses import dataclass

from bench import ROOT, markdown, write_block

PAGE = ROOT / "docs" / "scale.md"
MILLIONS = 100
PEAK = 4.0  # times the mean, in the fullest hour
BUSY = 0.5  # of a core at the peak: the rest is for what is caught up after a restart, and for the machine itself
CROSSINGS, READERS, VIEWS = 1_000, 1_000_000, 1_000_000  # live; who hold a page open; who open one within a minute
CORE, TERABYTE = 10.0, 50.0  # euros a month for a rented core with 4 GB, and for a terabyte of fast disk, twice kept
KEEP_DAYS = 14


@dataclass(frozen=True, slots=True)
class Measured:
    """What the tables say: CPU milliseconds a post, posts a second of a whole machine, and so on."""

    reading: float
    fusing: float
    together: float  # posts a second of two cores with bus, database and everything
    live: float  # ms a crossing that a minute takes
    size: float  # KB a post
    readers: int
    memory: float  # MB for them
    served: float  # requests a second of a core


def main() -> None:
    millions = next((int(word) for word in sys.argv[1:] if word.isdigit()), MILLIONS)
    text = tell(read_page(PAGE.read_text(encoding="utf-8")), millions)
    print(text)
    if "--write" in sys.argv:
        write_block(PAGE, "bench.paper", text)


def read_page(page: str) -> Measured:
    """What the tables of the page say. Raises ValueError where one is not there."""
    live, growth = rows(page, "bench.live"), rows(page, "bench.growth")
    one = next(row for row in live if row[0].startswith("1 reader"))
    reading, fusing = (number(part) for part in one[4].split("+"))
    most = max(growth[1:], key=lambda row: (number(row[1]), number(row[0])))
    column = {name: place for place, name in enumerate(growth[0])}
    memory = re.search(r"in all ([\d,]+) MB", block(page, "bench.serve"))
    if memory is None:
        raise ValueError("docs/scale.md says no memory of bench.serve")
    served = min(number(row[3]) for row in rows(page, "bench.static")[1:])
    return Measured(
        reading=reading, fusing=fusing, together=number(one[1]), live=number(most[column["live, ms"]]),
        size=number(most[column["KB"]]), readers=int(number(rows(page, "bench.serve")[1][1].split(" of ")[0])),
        memory=number(memory[1]), served=served,
    )  # fmt: skip


def block(page: str, maker: str) -> str:
    """What a maker wrote on the page. Raises ValueError where it wrote nothing."""
    found = re.search(rf"<!-- made by {re.escape(maker)}, do not edit -->\n(.*?)<!-- end -->", page, re.DOTALL)
    if found is None:
        raise ValueError(f"docs/scale.md has nothing of {maker}")
    return found[1]


def rows(page: str, maker: str) -> list[list[str]]:
    """The first table of a maker: its head, then its rows, by cells."""
    lines = [line for line in block(page, maker).split("\n\n")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "---" not in line]


def number(cell: str) -> float:
    """The number in a cell.

    >>> number(" 3,684 ")
    3684.0
    """
    found = re.search(r"[\d,]+(?:\.\d+)?", cell)
    if found is None:
        raise ValueError(f"{cell!r} holds no number")
    return float(found[0].replace(",", ""))


def tell(known: Measured, millions: int) -> str:
    """The table, and what it rests on."""
    mean = millions * 1e6 / 86_400
    peak = PEAK * mean
    both = 2 * peak / known.together
    steps = peak * (known.reading + known.fusing) / 1_000
    boards = CROSSINGS * known.live / 60_000
    relays = 2 * READERS / known.readers
    files = VIEWS / 60 / known.served
    disk = millions * 1e6 * known.size * KEEP_DAYS / 1e9
    lines = [
        ("reading", f"{peak:,.0f} posts/s × {known.reading:.2f} ms", peak * known.reading / 1_000),
        ("fusing and planning", f"{peak:,.0f} posts/s × {known.fusing:.2f} ms", peak * known.fusing / 1_000),
        ("bus and database", f"the rest of 2 cores at {known.together:,.0f} posts/s", max(0.0, both - steps)),
        ("the board of each minute", f"{CROSSINGS:,} crossings × {known.live:.1f} ms", boards),
        (f"{READERS:,} open pages", f"{known.readers:,} on 2 cores and {known.memory:,.0f} MB", relays),
        (f"{VIEWS:,} pages opened in a minute", f"{known.served:,.0f} a second of a core", files),
    ]
    cores = [math.ceil(each / BUSY) for _, _, each in lines]
    table = [
        (name, what, f"{each:.2f}", f"{count:,}", f"{count * CORE:,.0f} €")
        for (name, what, each), count in zip(lines, cores, strict=True)
    ]
    table.append(
        (
            f"disk: {KEEP_DAYS} days of words",
            f"{known.size:.1f} KB a post",
            "",
            f"{disk:,.0f} TB",
            f"{disk * TERABYTE:,.0f} €",
        )
    )
    table.append(("in all", "", "", f"{sum(cores):,} cores", f"{sum(cores) * CORE + disk * TERABYTE:,.0f} € a month"))
    head = ("what", "measured", "cores' work", "to rent", "a month")
    return markdown(head, table) + (
        f"\n{millions} million posts a day are {mean:,.0f} a second, {peak:,.0f} in the fullest hour (assumed: "
        f"{PEAK:g} times the mean). Assumed too: cores no more than {100 * BUSY:.0f} % busy then, {CORE:g} € a month "
        f"for a core with 4 GB, {TERABYTE:g} € for a terabyte of fast disk that is kept twice.\n"
    )


if __name__ == "__main__":
    main()
