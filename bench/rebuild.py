"""Posts a second through `verst rebuild`: one worker, two, and Ray where it is there. `python -m bench.rebuild [N]`.

N posts (60,000 when left out) made of those of the bundled archive, digits changed, in one file of JSON lines. Each run
is a command of its own, its start included; the parse of the same lines is the limit beside it.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path

import msgspec

from bench import ROOT, write_block
from verst.cli.serving import archive_files
from verst.model import Post
from verst.sources import Door, read
from verst.work.inputs import find_inputs

PAGE = ROOT / "docs" / "operations.md"
POSTS = 60_000


def main() -> None:
    wanted = int(next((word for word in sys.argv[1:] if word.isdigit()), POSTS))
    with tempfile.TemporaryDirectory() as folder:
        text = measure(Path(folder), wanted)
    print(text)
    if "--write" in sys.argv:
        write_block(PAGE, "bench.rebuild", text)


def measure(folder: Path, wanted: int) -> str:
    file = folder / "posts.jsonl"
    make_posts(file, wanted)
    begun = time.perf_counter()
    for line in file.open("rb"):
        msgspec.json.decode(line)
    parse = time.perf_counter() - begun
    runs = [("1 worker", "local", 1), ("2 workers", "local", 2)]
    runs += [("ray, this machine", "ray", 2)] if find_spec("ray") else []
    rows, first, prints = ["| | posts/s | ratio |", "| --- | --- | --- |"], 0.0, set()
    for name, engine, workers in runs:
        seconds, told = run(file, folder / name.replace(" ", ""), engine, workers)
        first = first or seconds
        prints.add(told)
        rows.append(f"| {name} | {wanted / seconds:,.0f} | {first / seconds:.2f}× |")
    rows.append(f"| the same bytes from all of them | {'yes' if len(prints) == 1 else 'NO'} | |")
    rows.append(f"| parse of the same lines | {wanted / parse:,.0f} | {first / parse:,.0f}× |")
    return "\n".join(rows)


def make_posts(file: Path, wanted: int) -> None:
    door = Door(b"k" * 32)
    posts = [item for each in find_inputs(archive_files()[0]) for item in read(each, door) if isinstance(item, Post)]
    with file.open("w", encoding="utf-8") as out:
        for n, post in enumerate(islice(cycle(posts), wanted)):
            text = "".join(str((int(sign) + n) % 10) if sign.isdigit() else sign for sign in post.text)
            row = {"id": f"p{n}", "posted_at": post.posted_at.isoformat(), "text": text, "author": f"u{n % 5_000}",
                   "chat": {"title": post.chat.title, "kind": post.chat.kind, "about": post.chat.about}}  # fmt: skip
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def run(file: Path, out: Path, engine: str, workers: int) -> tuple[float, str]:
    words = [
        "rebuild",
        str(file),
        "--out",
        str(out),
        "--workers",
        str(workers),
        "--engine",
        engine,
        "--no-keep",
        "--json",
    ]
    begun = time.perf_counter()
    env = os.environ | {"VERST_HOME": str(file.parent / "home")}
    subprocess.run([Path(sys.executable).parent / "verst", *words], env=env, check=True, capture_output=True)
    seconds = time.perf_counter() - begun
    digest = hashlib.sha256()
    for each in sorted(out.glob("*.parquet")):
        digest.update(each.name.encode() + each.read_bytes())
    return seconds, digest.hexdigest()


if __name__ == "__main__":
    main()
