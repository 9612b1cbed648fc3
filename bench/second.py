"""What a second reader would add, and how far it can be trusted: ``python -m bench.second``.

Always: on how many labelled posts the rules doubt their own reading, and how many of the posts on which they miss a
claim are among those. With a second reader set (``VERST_SECOND_URL``): the share of what it adds that the labels have,
which is the trust to set, and how many posts are right with it and without.
"""

from __future__ import annotations

import json
import sys

from bench.reading import CORPUS, SHARED, _post
from verst.geography import load_kinds, load_regions
from verst.model import Claim, Post, Skipped
from verst.reading.doubt import doubts
from verst.reading.reader import Reader
from verst.work.second import SecondReader, second_settings

Row = dict[str, object]


def labelled() -> list[tuple[Post, list[dict[str, object]]]]:
    """Every labelled post there is, with its claims."""
    files = [*sorted(SHARED.glob("dev*.jsonl")), *sorted(CORPUS.glob("round*.jsonl"))]
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line.strip()]
    return [(_post(row), row["claims"]) for row in rows]


def is_right(claim: Claim, gold: list[dict[str, object]]) -> bool:
    """Whether the labels have it: kind, crossing, value and tag."""
    told = (claim.kind, claim.crossing, claim.tag)
    return any(
        (each["kind"], each["crossing"], each.get("tag")) == told and _same(claim.value, each.get("value"))
        for each in gold
    )


def _same(value: float | str | None, gold: object) -> bool:
    if isinstance(value, int | float) and isinstance(gold, int | float):
        return abs(value - gold) <= 0.05 * max(abs(value), abs(gold))
    return value == gold


def main() -> None:
    """Print the table."""
    rules, told = Reader.load(), labelled()
    read = [(post, gold, rules.read(post)) for post, gold in told]
    doubted = {post.id for post, _, reading in read if doubts(rules, post, reading)}
    short = {post.id for post, gold, reading in read if len(gold) > len(reading.claims)}
    print(f"{len(told)} labelled posts; the rules doubt {len(doubted)}, {len(doubted) / max(1, len(told)):.1%}")
    print(f"a claim is missed on {len(short)}; the rules doubt {len(short & doubted)} of these")
    settings = second_settings()
    if settings is None:
        print("no second reader is set (VERST_SECOND_URL), so its trust is not measured")
        return
    failed: list[Skipped] = []
    second = SecondReader(rules, settings, load_kinds(), load_regions(), failed.append)
    added = right = 0
    for post, gold, before in read:
        fresh = [claim for claim in second.read(post).claims if claim not in before.claims]
        added, right = added + len(fresh), right + sum(is_right(claim, gold) for claim in fresh)
    print(f"asked {second.asked} posts; it added {added} claims, {right} of them right; {len(failed)} messages")
    if added:
        print(f"VERST_SECOND_TRUST={right / added:.2f}")


if __name__ == "__main__":
    sys.exit(main())
