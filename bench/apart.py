"""What the limited process costs that reads files of strangers: ``python -m bench.apart [MEGABYTES]`` (64).

Writes an export of that size and a thousand small files in a temporary folder, reads both here and in the limited
process through the same door, and prints seconds on the clock, posts a second, and how long the process takes to begin.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from bench.load_memory import write_export
from verst.model import Post
from verst.sources import Door, read
from verst.sources.apart import Apart, limited

FILES = 1_000


def count_posts(paths: Iterable[Path], apart: Apart | None) -> tuple[int, float]:
    """Posts of some files, and seconds on the clock."""
    begun, door = time.perf_counter(), Door(b"k" * 32)
    posts = sum(isinstance(item, Post) for path in paths for item in read(path, door, apart=apart))
    return posts, time.perf_counter() - begun


def write_small(folder: Path) -> list[Path]:
    """A thousand files of one post each."""
    paths = []
    for number in range(FILES):
        post = {"id": str(number), "posted_at": "2022-09-24T14:20+03:00", "text": f"{number} машин, стоим с утра"}
        paths.append(folder / f"{number}.jsonl")
        paths[-1].write_text(json.dumps(post), encoding="utf-8")
    return paths


def main() -> None:
    size = float(sys.argv[1]) if len(sys.argv) > 1 else 64.0
    with tempfile.TemporaryDirectory() as folder, limited() as apart:
        export = Path(folder) / "result.json"
        write_export(export, size)
        small = write_small(Path(folder))
        _, begin = count_posts(small[:1], apart)
        print(f"to begin            {1e3 * begin:>10,.0f} ms   once for each load")
        for name, paths in ((f"export of {size:,.0f} MB", [export]), (f"{FILES:,} small files", small)):
            posts, here = count_posts(paths, None)
            same, there = count_posts(paths, apart)
            assert posts == same, "the limited process gives other posts"
            print(f"{name:<20}{posts:>10,} posts   here {here:.1f} s ({posts / here:,.0f}/s)   "
                  f"apart {there:.1f} s ({posts / there:,.0f}/s)   {there / here:.2f} x")  # fmt: skip


if __name__ == "__main__":
    main()
