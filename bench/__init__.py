"""What is fast, measured. Each module prints a table; none is a timed test."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def locate_shared() -> Path:
    """The folder of third-party data and labelled posts; ends with a message when it is missing."""
    folder = Path(os.environ.get("VERST_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        sys.exit(f"bench: {folder} is not here; VERST_SHARED names the folder of shared data")
    return folder


def write_block(page: Path, maker: str, text: str) -> None:
    """Put a text between the marks of its maker on a page, in place of what stood there."""
    start, end = f"<!-- made by {maker}, do not edit -->\n", "<!-- end -->"
    head, rest = page.read_text(encoding="utf-8").split(start, 1)
    page.write_text(f"{head}{start}{text}{end}{rest.split(end, 1)[1]}", encoding="utf-8")


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table for a page."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def print_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table as text, columns as wide as their widest cell."""
    widths = [max(len(line[column]) for line in (head, *rows)) for column in range(len(head))]
    print(title)
    for line in (head, *rows):
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    print()
