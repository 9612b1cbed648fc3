"""How many labelled waits of a ferry route are read right: ``python -m bench.ferry [--write]``.

1,945 announcements of Washington State Ferries about two terminals, each labelled with hours of wait by the author of
the data (with a regular expression, so some labels are wrong). ``verst claims`` reads them with one region file more,
bench/regions/edmonds_kingston.toml, and nothing else. Right is: the wait of the label at its terminal, or that it is
free there where the label is 0, and no other wait or state beside it; nothing where there is no label.

Every disagreement was looked at: bench/ferry_examined.toml says, by row, who is wrong and why, without the words.
``--write`` puts the first table into docs/reading.md.
"""

from __future__ import annotations

import csv
import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bench import ROOT, locate_shared, markdown, print_table, write_block
from bench.command import read_with_command

REGION = ROOT / "bench" / "regions" / "edmonds_kingston.toml"
EXAMINED = ROOT / "bench" / "ferry_examined.toml"
PAGE = ROOT / "docs" / "reading.md"
TERMINALS = ("edmonds", "kingston")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One row: ``id`` is its file and number from 1; ``hours`` None where the author gave none."""

    id: str
    terminal: str
    text: str
    at: datetime
    hours: float | None

    @property
    def wanted(self) -> list[tuple[str, float | str]]:
        """The claims of the label: kind and value."""
        if self.hours is None:
            return []
        return [("wait", self.hours * 60)] if self.hours else [("passage", "free")]


def load_labelled() -> list[Labelled] | None:
    """All rows; None when the data is not here."""
    folder = locate_shared() / "data" / "wsf_ferry_tweets" / "hour_extracted"
    if not folder.is_dir():
        return None
    rows: list[Labelled] = []
    for terminal in TERMINALS:
        with (folder / f"{terminal}.csv").open(encoding="utf-8", newline="") as stream:
            for number, row in enumerate(csv.DictReader(stream), 1):
                at = datetime.strptime(row["time"], "%Y-%m-%d %H:%M %z")
                hours = float(row["wait_time"]) if row["wait_time"] else None
                rows.append(Labelled(f"{terminal}:{number}", terminal, row["tweet_text"], at, hours))
    return rows


def disagreements(rows: Sequence[Labelled]) -> list[tuple[Labelled, list[tuple[str, float | str]]]]:
    """The rows that are read otherwise than labelled, with what was read."""
    chat = {"title": "Washington State Ferries", "kind": "channel"}
    posts: list[dict[str, Any]] = [
        {"id": row.id, "chat": chat, "lang": "en", "official": True, "posted_at": row.at.isoformat(), "text": row.text}
        for row in rows
    ]
    found = []
    for row, claims in zip(rows, read_with_command(posts, "--region", str(REGION)), strict=True):
        here = [claim for claim in claims if claim["crossing"] == f"{row.terminal}-terminal"]
        read = [(claim["kind"], claim["value"]) for claim in here if claim["kind"] in ("wait", "passage")]
        if sorted(map(str, read)) != sorted(str((kind, _plain(value))) for kind, value in row.wanted):
            found.append((row, read))
    return found


def _plain(value: float | str) -> float | str:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def load_examined() -> dict[str, tuple[str, str]]:
    """By row: who is wrong (``label``, ``reading`` or ``text``) and why."""
    table = tomllib.loads(EXAMINED.read_text(encoding="utf-8"))
    return {id_: (entry["wrong"], entry["why"]) for entry in table["examined"] for id_ in entry["rows"]}


def main() -> None:
    """Print how many are right, by terminal, and every disagreement with its reason."""
    rows = load_labelled()
    if rows is None:
        print("bench.ferry: skipped, data/wsf_ferry_tweets is not in the shared folder")
        return
    wrong, examined = disagreements(rows), load_examined()
    of, off = Counter(row.terminal for row in rows), Counter(row.terminal for row, _ in wrong)
    table = [(name, str(of[name] - off[name]), str(of[name]), f"{1 - off[name] / of[name]:.1%}") for name in TERMINALS]
    table.append(("both", str(len(rows) - len(wrong)), str(len(rows)), f"{1 - len(wrong) / len(rows):.1%}"))
    head = ("terminal", "right", "of", "share")
    print_table("Labelled waits read right", head, table)
    blamed = Counter(examined.get(row.id, ("not examined",))[0] for row, _ in wrong)
    print_table("Disagreements, by who is wrong", ("wrong", "rows"), [(who, str(n)) for who, n in blamed.most_common()])
    listed = [(row.id, f"{row.hours}", f"{read}", examined.get(row.id, ("", "not examined"))[1]) for row, read in wrong]
    print_table("Each of them", ("row", "label, h", "read", "why"), listed)
    if "--write" in sys.argv:
        blame = "; ".join(f"{n} {who}" for who, n in blamed.most_common())
        write_block(PAGE, "bench.ferry", f"{markdown(head, table)}\nDisagreements, by who is wrong: {blame}.\n")
    stale = sorted(set(examined) - {row.id for row, _ in wrong})
    if stale:
        print(f"examined, and read as labelled by now: {', '.join(stale)}")


if __name__ == "__main__":
    main()
