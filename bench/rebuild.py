"""Posts a second through `verst rebuild`: one worker, two, and Ray where it is there. `python -m bench.rebuild [N]`.

N posts (60,000 when left out) made of those of the bundled archive, digits changed, in one file of JSON lines. Each run
is a command of its own, its start included; the parse of the same lines is the limit beside it. Told by the clock, and
by processor time, which other work on the machine does not change: from it, what two workers would be to one with two
cores to themselves (Amdahl). The serial part is that of a run over a few posts; one worker has the limited process
that takes the input apart on the other core. ``--local`` leaves Ray out, ``--write`` puts the table into
docs/operations.md.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

import msgspec
import psutil

from bench import ROOT, markdown, write_block
from verst.cli.serving import archive_files
from verst.model import Post
from verst.sources import Door, read
from verst.work.inputs import find_inputs

PAGE = ROOT / "docs" / "operations.md"
POSTS, FEW, LONG = 60_000, 10, 2_000_000


def main() -> None:
    wanted = int(next((word for word in sys.argv[1:] if word.isdigit()), POSTS))
    with tempfile.TemporaryDirectory() as folder:
        text = measure(Path(folder), wanted)
    print(text)
    if "--write" in sys.argv:
        write_block(PAGE, "bench.rebuild", text)


class Run(NamedTuple):
    """Seconds by the clock; of processor time, of all and of the limited processes; and what was written."""

    seconds: float
    cpu: float
    apart: float
    told: str


def measure(folder: Path, wanted: int) -> str:
    file, few = folder / "posts.jsonl", folder / "few.jsonl"
    make_posts(file, wanted)
    make_posts(few, FEW)
    begun = time.perf_counter()
    for line in file.open("rb"):
        msgspec.json.decode(line)
    parse = time.perf_counter() - begun
    serial = run(few, folder / "few", "local", 1)
    runs = {"1 worker": run(file, folder / "1", "local", 1), "2 workers": run(file, folder / "2", "local", 2)}
    if find_spec("ray") and "--local" not in sys.argv:
        runs["ray, this machine"] = run(file, folder / "ray", "ray", 2)
    one, two, same = runs["1 worker"], runs["2 workers"], len({each.told for each in runs.values()}) == 1
    rows = [
        (name, f"{wanted / each.seconds:,.0f}", f"{one.seconds / each.seconds:.2f}×", f"{1e6 * each.cpu / wanted:,.0f}")
        for name, each in runs.items()
    ]
    alone, start = one.cpu - one.apart, serial.cpu - serial.apart
    ratio = alone / (start + (two.cpu - start) / 2)
    rows.append(("2 workers with two cores to themselves, by processor time", "", f"{ratio:.2f}×", ""))
    each_alone, each_two = (alone - start) / wanted, (two.cpu - 2 * start) / wanted  # both workers begin at once
    long = (start + LONG * each_alone) / (start + LONG * each_two / 2)
    rows.append((f"the same for {LONG:,} posts, of which the beginning is a smaller part", "", f"{long:.2f}×", ""))
    rows.append(("the same bytes from all of them", "yes" if same else "NO", "", ""))
    rows.append(("parse of the same lines", f"{wanted / parse:,.0f}", f"{one.seconds / parse:,.0f}×", ""))
    load = f"serial {start:.1f} s of {alone:.1f}; load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"
    return markdown(("", "posts/s", "ratio", "CPU µs a post"), rows) + f"\n{wanted:,} posts; {load}.\n"


def make_posts(file: Path, wanted: int) -> None:
    door = Door(b"k" * 32)
    posts = [item for each in find_inputs(archive_files()[0]) for item in read(each, door) if isinstance(item, Post)]
    with file.open("w", encoding="utf-8") as out:
        for n, post in enumerate(islice(cycle(posts), wanted)):
            text = "".join(str((int(sign) + n) % 10) if sign.isdigit() else sign for sign in post.text)
            row = {"id": f"p{n}", "posted_at": post.posted_at.isoformat(), "text": text, "author": f"u{n % 5_000}",
                   "chat": {"title": post.chat.title, "kind": post.chat.kind, "about": post.chat.about}}  # fmt: skip
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def run(file: Path, out: Path, engine: str, workers: int) -> Run:
    words = ["rebuild", str(file), "--out", str(out), "--workers", str(workers), "--engine", engine]
    command = [Path(sys.executable).parent / "verst", *words, "--no-keep", "--json"]
    begun = time.perf_counter()
    env = os.environ | {"VERST_HOME": str(file.parent / "home")}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    spent: dict[int, tuple[float, bool]] = {}
    while process.poll() is None:
        note_spent(process.pid, spent)
        time.sleep(0.1)
    seconds = time.perf_counter() - begun
    assert process.returncode == 0, (process.stderr or sys.stderr).read()[-500:]
    digest = hashlib.sha256()
    for each in sorted(out.glob("*.parquet")):
        digest.update(each.name.encode() + each.read_bytes())
    cpu = sum(each for each, _ in spent.values())
    return Run(seconds, cpu, sum(each for each, is_apart in spent.values() if is_apart), digest.hexdigest())


def note_spent(pid: int, spent: dict[int, tuple[float, bool]]) -> None:
    """Processor seconds of a process and all below it so far, and whether it is a limited one."""
    with suppress(psutil.NoSuchProcess):
        for each in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                times = each.cpu_times()
                spent[each.pid] = times.user + times.system, any("verst.sources.inside" in w for w in each.cmdline())


if __name__ == "__main__":
    main()
