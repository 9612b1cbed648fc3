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


def print_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table as text, columns as wide as their widest cell."""
    widths = [max(len(line[column]) for line in (head, *rows)) for column in range(len(head))]
    print(title)
    for line in (head, *rows):
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    print()
