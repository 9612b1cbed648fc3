"""Kill -9 at random moments of a load: what was acknowledged stays, and the end is as if nothing had happened."""

from __future__ import annotations

import json
import random
import select
import subprocess
import sys
import time
from pathlib import Path

from tests.house import ROOT
from tests.work.child import main
from verst.store import Store, open_store

POSTS, KILLS = 40_000, 20


def write_posts(file: Path) -> None:
    with file.open("w", encoding="utf-8") as out:
        for n in range(POSTS):
            line = {"id": f"p{n}", "chat": {"title": "chat", "kind": "group"}, "text": f"wait {n % 900} of {n % 7}"}
            out.write(json.dumps(line | {"posted_at": f"2022-09-{21 + n // 4000:02}T12:00:{n % 60:02}+03:00"}) + "\n")


def content(store: Store) -> tuple[object, ...]:
    names = [f"p{n}" for n in range(POSTS)]
    return store.posts(names), store.readings(names), list(store.reports()), store.state("unsettled")


def run_and_kill(url: str, file: Path, seconds: float) -> int:
    """Start a load, kill it that long after its first word; gives the number of posts acknowledged to us."""
    command = [sys.executable, "-m", "tests.work.child", url, str(file)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    select.select([child.stdout], [], [], 30)
    time.sleep(seconds)
    child.kill()
    said = child.stdout.read().split("\n")[:-1]  # what follows the last line end was cut off and counts as unsaid
    child.wait()
    return max((int(line.split(":")[1]) for line in said), default=0)


def test_twenty_kills_lose_nothing_acknowledged(tmp_path: Path) -> None:
    file, url = tmp_path / "posts.jsonl", f"sqlite:///{tmp_path / 'killed.db'}"
    write_posts(file)
    chance, acknowledged, during = random.Random(7), 0, 0
    for _ in range(KILLS):
        acknowledged = max(acknowledged, run_and_kill(url, file, chance.uniform(0.0, 0.06)))
        store = open_store(url)
        kept = store.known(f"p{n}" for n in range(POSTS))
        assert {f"p{n}" for n in range(acknowledged)} <= kept, "something acknowledged is missing"
        reported = [report.post for report in store.reports()]
        assert len(reported) == 2 * len(kept) and set(reported) == kept, "something is half-written"
        during += len(kept) < POSTS
        store.close()
    assert during >= KILLS // 2, "the kills came too late to prove anything"
    main(url, str(file))
    whole = f"sqlite:///{tmp_path / 'whole.db'}"
    main(whole, str(file))
    killed_store, whole_store = open_store(url), open_store(whole)
    assert content(killed_store) == content(whole_store)
    killed_store.close()
    whole_store.close()
