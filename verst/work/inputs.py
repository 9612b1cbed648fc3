"""What there is to load in a folder: exports, posts, pages and tables, in a fixed order."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from verst.errors import BadFile

READABLE = frozenset((".json", ".jsonl", ".ndjson", ".html", ".htm", ".txt", ".csv"))
EXPORT = "result.json"  # a folder with one is a Telegram export: whatever else lies in it is its media


def find_inputs(location: Path | str) -> list[Path | str]:
    """The inputs at a location: ``-`` and files as they are, folders searched to their last corner.

    Mapping files are no inputs: the table they stand beside finds them. Raises BadFile for a folder with nothing to
    load in it.
    """
    if str(location) == "-" or not Path(location).is_dir():
        return [location]
    found: list[Path] = []
    for folder, inner, files in os.walk(location):
        inner.sort()
        if EXPORT in files:
            inner.clear()
            found.append(Path(folder) / EXPORT)
        else:
            found += [Path(folder) / name for name in sorted(files) if is_readable(name)]
    if not found:
        ends = ", ".join(sorted(READABLE))
        raise BadFile("nothing to load lies in this folder", file=str(location), do=f"files end in {ends}")
    return list(found)


def is_readable(name: str) -> bool:
    """Whether a file's name says that some source reads it; hidden files are left alone."""
    if name.lower().endswith(".zip") and "whatsapp" in name.lower():
        return True  # of archives, that of an exported chat alone
    return not name.startswith(".") and Path(name).suffix.lower() in READABLE


def size_of(locations: Iterable[Path | str]) -> int | None:
    """Bytes of all inputs together; None when one of them has no size, such as standard input."""
    try:
        return sum(Path(location).stat().st_size for location in locations)
    except OSError:
        return None
