"""From a post's arrival to the changed board, and to the sent alert: ``python -m bench.arrival``.

First in one process, with the bundled archive in the store, one post after another; then through the running bot and
board, at a hundred posts a second (`bench.alerting`).
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from starlette.testclient import TestClient

from bench import alerting, print_table
from verst.cli.serving import archive_files
from verst.geography import load_kinds, load_regions
from verst.reading.reader import Reader
from verst.sources import Door
from verst.store import Store, open_store
from verst.web import make_app
from verst.work import load_inputs, settle

POSTS = 20
CROSSING = "verkhny-lars"


def write_post(folder: Path, number: int, store: Store) -> Path:
    """One post that changes the estimate, a minute later than all that is kept."""
    span = store.span()
    assert span is not None
    post = {
        "id": f"arriving-{number}",
        "chat": {"title": "Ларс", "kind": "group", "about": CROSSING},
        "posted_at": (span[1] + timedelta(minutes=1)).isoformat(),
        "lang": "ru",
        "author": f"author {number}",
        "text": f"прошли Ларс за {3 + number % 9} часов на машине, очередь {2 + number % 7} км",
    }
    file = folder / f"{number}.jsonl"
    file.write_text(json.dumps(post, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def measure(store: Store, folder: Path) -> list[tuple[float, float, float]]:
    """For each post the seconds for keeping it, for fusing its crossing, and for making the changed page."""
    door, reader, regions = Door(b"bench" * 4), Reader.load(), load_regions()
    kinds = {kind.id: kind for kind in load_kinds()}
    load_inputs(archive_files(), store, door, reader)
    settle(store, regions, kinds)
    client = TestClient(make_app(store, regions, kinds))
    page = client.get(f"/c/{CROSSING}").text
    rounds = []
    for number in range(POSTS):
        file = write_post(folder, number, store)
        start = time.perf_counter()
        load_inputs([file], store, door, reader)
        kept = time.perf_counter()
        settle(store, regions, kinds)
        fused = time.perf_counter()
        before, page = page, client.get(f"/c/{CROSSING}").text
        assert page != before, "the page did not change"
        rounds.append((kept - start, fused - kept, time.perf_counter() - fused))
    return rounds[1:]  # the first one compiles


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        store = open_store(f"sqlite:///{name}/verst.db")
        try:
            with store.sole():
                rounds = measure(store, Path(name))
        finally:
            store.close()
    parts = [*zip(*rounds, strict=True), [sum(each) for each in rounds]]
    names = ("kept on disk", "fused and kept", "page made", "in all")
    rows = [
        (name, f"{1000 * statistics.median(part):,.0f}", f"{1000 * max(part):,.0f}")
        for name, part in zip(names, parts, strict=True)
    ]
    print_table(f"{len(rounds)} posts, one after another", ("step", "median ms", "longest ms"), rows)
    alerting.main()


if __name__ == "__main__":
    main()
