"""How many amounts of the labelled posts are found: ``python -m bench.amounts [--misses]``.

For every labelled claim with a number (waits, lengths, counts, rates, flows, changes, prices) the post must hold an
amount, or a time since which somebody stands, that makes this number: as said, over an hour where it is a rate, or
negative where it fell. Whether the claim is then read right is another question; this is about figures only.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from verst.clock import parse_instant
from verst.model import Chat, Post
from verst.reading.latin import is_latin_russian, to_cyrillic
from verst.reading.reader import Reader
from verst.reading.scene import Scene

SHARED = Path(os.environ.get("VERST_SHARED", "../shared")) / "eval"
OWN = Path("tests/corpus")
NUMBERED = {"wait", "queue_length", "queue_count", "throughput", "flow", "flow_change", "price"}
_SHARE = 0.02  # as the scorer of the labelled posts allows


def posts() -> Iterator[dict[str, Any]]:
    """Every labelled post there is, the shared ones only where they are."""
    for path in (*sorted(SHARED.glob("dev*.jsonl")), *sorted(OWN.glob("*.jsonl"))):
        for line in path.read_text(encoding="utf-8").splitlines():
            post = json.loads(line)
            if not post.get("skip"):
                yield post


def lay_out(reader: Reader, labelled: dict[str, Any]) -> Scene | None:
    """The scene of a labelled post, as the reader sees it."""
    posted_at, offset = parse_instant(labelled["posted_at"])
    chat = Chat(**{name: labelled["chat"][name] for name in ("title", "kind", "about")})
    text, lang = labelled["text"], labelled["lang"]
    if is_latin_russian(lang):
        text = to_cyrillic(text)[0]
    post = Post(id=labelled["id"], chat=chat, posted_at=posted_at, offset_minutes=offset, text=text, lang=lang)
    return reader.lay_out(post, text)


def numbers_in(scene: Scene | None) -> set[float]:
    """Every number the amounts and times of a scene can stand for."""
    if scene is None:
        return set()
    found: set[float] = {hit.elapsed_minutes for hit in scene.times}
    for amount in scene.amounts:
        found |= {amount.value, amount.value * 60 / (amount.per_minutes or 60)}
        found |= {amount.as_minutes} if amount.as_minutes is not None else set()
    return found


def is_found(claim: dict[str, Any], numbers: set[float]) -> bool:
    """Whether a claim's number is among those of its post."""
    wanted = abs(claim["value"])
    return any(abs(number - wanted) <= _SHARE * max(number, wanted) for number in numbers)


def measure() -> tuple[Counter[tuple[str, str]], list[str]]:
    """Counts of found and all by language, and the misses."""
    reader = Reader.load()
    counts: Counter[tuple[str, str]] = Counter()
    misses = []
    for labelled in posts():
        claims = [c for c in labelled["claims"] if c["kind"] in NUMBERED and isinstance(c["value"], (int, float))]
        if not claims:
            continue
        numbers = numbers_in(lay_out(reader, labelled))
        lang = labelled["lang"].split("-")[0]
        for claim in claims:
            counts[(lang, "all")] += 1
            if is_found(claim, numbers):
                counts[(lang, "found")] += 1
            else:
                misses.append(f"{labelled['id']} {lang} {claim['kind']} {claim['value']:g}: {labelled['text']!r}")
    return counts, misses


def main() -> None:
    """Print the table, and with ``--misses`` every miss."""
    counts, misses = measure()
    for lang in sorted({lang for lang, _ in counts}):
        got, of = counts[(lang, "found")], counts[(lang, "all")]
        print(f"{lang:3} {got:4} of {of:4}  {got / of:6.1%}")
    got, of = (sum(n for (_, what), n in counts.items() if what == name) for name in ("found", "all"))
    print(f"all {got:4} of {of:4}  {got / of:6.1%}" if of else "no labelled posts here")
    if "--misses" in sys.argv:
        print("\n".join(misses))


if __name__ == "__main__":
    main()
