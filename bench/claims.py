"""Posts a second that one core reads into claims, beside merely parsing the same file: ``python -m bench.claims``."""

from __future__ import annotations

import json
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from bench import locate_shared, print_table
from verst.model import Post
from verst.reading.reader import Reader
from verst.sources import Door, read

POSTS = 20_000
CHATTER = 0.9  # of all posts: in a real group most say nothing about a border
ROUNDS = 3


def labelled(shared: Path) -> list[dict[str, object]]:
    """The labelled posts of the development sets."""
    files = sorted((shared / "eval").glob("dev*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def make_mix(posts: list[dict[str, object]], count: int, chance: random.Random) -> Iterator[dict[str, object]]:
    """``count`` posts, nine tenths of them chatter; figures are changed so that no two are quite alike."""
    chatter = [p for p in posts if not p["claims"] and not p["question"] and not p["ad"]]
    telling = [p for p in posts if p["claims"] or p["question"] or p["ad"]]
    for number in range(count):
        post = dict(chance.choice(chatter if chance.random() < CHATTER else telling))
        text = re.sub(r"\d", lambda d: str(chance.randint(1, 9)), str(post["text"]))
        keep = ("chat", "lang", "posted_at", "reply_to")
        yield {"id": f"p{number}", "text": text, **{key: post[key] for key in keep}}


def best_of(work: Callable[[], int]) -> float:
    """Posts a second of CPU time, the best of a few rounds."""
    rates = []
    for _ in range(ROUNDS):
        start = time.process_time()
        count = work()
        rates.append(count / (time.process_time() - start))
    return max(rates)


def parse_only(file: Path) -> int:
    """Merely parse each line."""
    decode = msgspec.json.Decoder().decode
    with file.open("rb") as lines:
        return sum(1 for line in lines if decode(line))


def read_claims(file: Path, reader: Reader) -> int:
    """What `verst claims` does to each line, printing aside: source, door, reading."""
    posts = (item for item in read(file, Door(b"bench" * 4)) if isinstance(item, Post))
    return sum(1 for post in posts if reader.read(post) is not None)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "posts.jsonl"
        mix = make_mix(labelled(locate_shared()), POSTS, random.Random(1))
        file.write_text("".join(json.dumps(post, ensure_ascii=False) + "\n" for post in mix), encoding="utf-8")
        reader = Reader.load()
        read_claims(file, reader)  # loading the shelves and filling caches is not what is measured
        parsing, reading = best_of(lambda: parse_only(file)), best_of(lambda: read_claims(file, reader))
    rows = [
        ("parsing with msgspec only", f"{parsing:,.0f}", "1"),
        ("source, door and reading", f"{reading:,.0f}", f"{reading / parsing:.4f} (1 : {parsing / reading:.0f})"),
    ]
    print_table(f"{POSTS:,} posts, {CHATTER:.0%} chatter, one core", ("step", "posts a CPU second", "ratio"), rows)


if __name__ == "__main__":
    main()
