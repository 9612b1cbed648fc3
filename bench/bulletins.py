"""How many numbers of official bulletins are read right: ``python -m bench.bulletins [--write]``.

2,125 bulletins of the Ukrainian border guard about nine crossings to Poland, each beside the numbers that the data's
author took out of it: cars waiting, cars an hour, lorries waiting. ``verst claims`` reads the name of the crossing and
the words below it. A number is right when the claim of its kind and means says it at that crossing; none waiting is
the state ``free``. Where the words say instead that cars are not let through, the state ``paused`` is wanted.
Whatever else is claimed counts as made up. Every disagreement is listed, by row and without the words.
``--write`` puts the first table into docs/reading.md.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bench import ROOT, locate_shared, markdown, print_table, write_block
from bench.command import read_with_command

COLUMNS = {
    "cars_waiting": ("queue_count", "car"),
    "cars_per_hour": ("throughput", "car"),
    "trucks_waiting": ("queue_count", "truck"),
}
PAGE = ROOT / "docs" / "reading.md"
Said = tuple[str, str, float | str]  # kind, means, value


def load_bulletins() -> list[dict[str, str]] | None:
    """All rows; None when the data is not here."""
    file = locate_shared() / "data" / "plua_border_queue_logger" / "dpsu_physical_queue.csv"
    if not file.is_file():
        return None
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def wanted(row: Mapping[str, str]) -> dict[str, Said]:
    """What the parsed numbers of a row say, by column; ``state`` where words stand in the place of cars waiting."""
    found: dict[str, Said] = {}
    for column, (kind, mode) in COLUMNS.items():
        if row[column]:
            figure = float(row[column])
            found[column] = (kind, mode, figure) if figure else ("passage", mode, "free")
    if not row["cars_waiting"] and not re.search(r"ППр: *\d", row["state_of_busy_raw"].split("<br>")[0]):
        found["state"] = ("passage", "car", "paused")
    return found


def read_bulletins(rows: Sequence[Mapping[str, str]]) -> list[list[Said]]:
    """What is read in each row; the kind is ``elsewhere`` where it is claimed of another crossing than the row's."""
    chat = {"title": "Державна прикордонна служба України", "kind": "channel"}
    posts: list[dict[str, Any]] = [
        {
            "id": f"dpsu:{row['id']}", "chat": chat, "lang": "uk", "official": True,
            "posted_at": row["source_updated_utc"], "text": f"{row['dpsu_name']}\n{row['state_of_busy_raw']}",
        }
        for row in rows
    ]  # fmt: skip
    read: list[list[Said]] = []
    for row, claims in zip(rows, read_with_command(posts), strict=True):
        here = [c if c["crossing"].endswith(f"-{row['crossing_id']}") else {**c, "kind": "elsewhere"} for c in claims]
        read.append([(claim["kind"], claim["mode"], claim["value"]) for claim in here])
    return read


def compare(rows: Sequence[Mapping[str, str]]) -> tuple[Counter[tuple[str, bool]], list[tuple[str, str, Said]]]:
    """How many are right and wrong by column, and what is missing (column and what was wanted) or made up."""
    counts: Counter[tuple[str, bool]] = Counter()
    wrong: list[tuple[str, str, Said]] = []
    for row, read in zip(rows, read_bulletins(rows), strict=True):
        should = wanted(row)
        for column, said in should.items():
            counts[column, said in read] += 1
            if said not in read:
                wrong.append((f"dpsu:{row['id']}", column, said))
        made_up = [said for said in read if said not in should.values()]
        counts["made up", False] += len(made_up)
        wrong += [(f"dpsu:{row['id']}", "made up", said) for said in made_up]
    return counts, wrong


def main() -> None:
    """Print how many numbers are right, by column, and every one that is not."""
    rows = load_bulletins()
    if rows is None:
        print("bench.bulletins: skipped, data/plua_border_queue_logger is not in the shared folder")
        return
    counts, wrong = compare(rows)
    table = []
    right = whole = 0
    for column in (*COLUMNS, "state"):
        got, of = counts[column, True], counts[column, True] + counts[column, False]
        right, whole = (right + got, whole + of) if column != "state" else (right, whole)
        table.append((column, str(got), str(of), f"{got / of:.2%}" if of else "–"))
    table.append(("all numbers", str(right), str(whole), f"{right / whole:.2%}"))
    head = ("number", "right", "of", "share")
    print_table(f"Numbers of {len(rows):,} bulletins read right", head, table)
    print(f"claimed beside them, and made up: {counts['made up', False]}\n")
    if "--write" in sys.argv:
        write_block(PAGE, "bench.bulletins", f"{markdown(head, table)}\nMade up: {counts['made up', False]}.\n")
    if wrong:
        listed = [(id_, column, f"{said}") for id_, column, said in wrong]
        print_table("Each that is not", ("row", "number", "wanted, or made up"), listed)


if __name__ == "__main__":
    main()
