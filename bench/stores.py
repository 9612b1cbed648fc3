"""The engines of the store beside each other: keeping posts, and what pages ask. `python -m bench.stores`.

One run, both engines, the same posts; PostgreSQL is the one of the tests, on loopback. Figures are ratios to the
embedded store, and the parse of the same posts as JSON lines is the limit beside them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from bench import ROOT, write_block
from verst.model import Chat, Claim, Estimate, Post, Question, Reading, Report
from verst.store import Batch, Store, open_store

POSTS = 50_000
AT_ONCE = 1_000
CROSSINGS = 40
NOON = datetime(2022, 9, 24, 9, tzinfo=UTC)
PAGE = ROOT / "docs" / "stores.md"
WORDS = "граница очередь машина вода пешком часов сутки штамп закрыто открыто ларс озинки стоим прошли пускают".split()


def main() -> None:
    batches = list(make_batches())
    lines = [msgspec.json.encode(post) for batch in batches for post, _ in batch.posts]
    parse = timed(lambda: [msgspec.json.decode(line, type=Post) for line in lines])
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        told = {"sqlite": measure(open_store(f"sqlite:///{folder / 'verst.db'}"), batches)}
        url = postgres_url(stack)
        if url:
            told["postgresql"] = measure(open_store(url), batches)
    text = tabulate(told, parse)
    print(text)
    if "--write" in sys.argv:
        write_block(PAGE, "bench.stores", text)


def postgres_url(stack: ExitStack) -> str | None:
    try:
        from tests import postgres
    except ImportError:
        return None
    return stack.enter_context(postgres.server()).new()


def make_batches() -> Any:
    for start in range(0, POSTS, AT_ONCE):
        posts, reports, words = [], [], []
        for n in range(start, start + AT_ONCE):
            at = NOON + timedelta(seconds=20 * n)
            crossing = f"crossing-{n % CROSSINGS}"
            claim = Claim(kind="wait", crossing=crossing, toward="GE", mode="car", value=float(n % 900))
            text = " ".join(WORDS[(n * k) % len(WORDS)] for k in (1, 3, 7, 11, 13))
            post = Post(id=f"p{n}", chat=Chat(title=crossing, kind="group", about=crossing), posted_at=at, text=text)
            asked = Question(topic="wait", crossing=crossing, mode="car") if n % 10 == 0 else None
            posts.append((post, Reading(claims=(claim,), question=asked)))
            reports.append(Report(claim=claim, post=post.id, posted_at=at, community=crossing))
            words.append((post.id, text))
        last = posts[-1][0].posted_at
        estimates = [estimate(f"crossing-{n}", last) for n in range(CROSSINGS)]
        yield Batch(posts=posts, reports=reports, words=words, estimates=estimates, cursors=[("bench", str(start))])


def estimate(crossing: str, at: datetime) -> Estimate:
    return Estimate(crossing=crossing, kind="wait", at=at, mode="car", toward="GE", value=600.0, p10=500.0, p90=700.0)


def measure(store: Store, batches: list[Batch]) -> dict[str, float]:
    """Seconds for each thing, once for keeping and the median of some for questions."""
    last = batches[-1].posts[-1][0].posted_at
    told = {"keep": timed(lambda: [store.keep(batch) for batch in batches])}
    again = [replace(batch, estimates=()) for batch in batches[:5]]
    told["the same again"] = timed(lambda: [store.keep(batch) for batch in again]) * len(batches) / 5
    asks: dict[str, Callable[[], Any]] = {
        "estimates_at": lambda: store.estimates_at(last),
        "estimates_between, a day": lambda: store.estimates_between("crossing-7", last - timedelta(days=1), last),
        "asked, a day": lambda: store.asked("crossing-7", last - timedelta(days=1), last),
        "search, one word": lambda: store.search([["закрыто"]], last),
        "search, two, a beginning": lambda: store.search([["очеред*"], ["вода", "штамп"]], last),
        "reports, a day": lambda: list(store.reports(since=last - timedelta(days=1))),
        "known, 1,000": lambda: store.known(f"p{n}" for n in range(0, 2_000, 2)),
    }
    for name, ask in asks.items():
        ask()
        told[name] = sorted(timed(ask) for _ in range(9))[4]
    store.close()
    return told


def timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def tabulate(told: dict[str, dict[str, float]], parse: float) -> str:
    """A line for each thing: posts a second for keeping, milliseconds for questions, and the ratio."""
    engines = list(told)
    rows = [f"| | {' | '.join(engines)} | ratio |", f"| --- |{' --- |' * (len(engines) + 1)}"]
    for name in told[engines[0]]:
        values = [told[engine][name] for engine in engines]
        keeping = name in ("keep", "the same again")
        shown = [f"{POSTS / value:,.0f} posts/s" if keeping else f"{1000 * value:,.2f} ms" for value in values]
        ratio = f"{values[-1] / values[0]:.1f}×" if len(values) > 1 else "–"
        rows.append(f"| {name} | {' | '.join(shown)} | {ratio} |")
    limit = " | ".join([f"{POSTS / parse:,.0f} posts/s"] * len(engines))
    rows.append(f"| parse of the same posts | {limit} | 1.0× |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
