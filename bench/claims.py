"""Posts a second that one core reads into claims, beside merely parsing the same file: ``python -m bench.claims``.

``--write`` puts what it prints into docs/reading.md.

Peers are run where they are installed (``pip install natasha dateparser setuptools``, in an environment of their own).
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import msgspec

from bench import ROOT, locate_shared, markdown, write_block
from bench.places_speed import invent
from verst.geography import load_regions
from verst.model import Post
from verst.reading.reader import Reader
from verst.shelves import data_shelf
from verst.sources import Door, read

PAGE = ROOT / "docs" / "reading.md"
POSTS = 20_000
CHATTER = 0.9  # of all posts: in a real group most say nothing about a border
ROUNDS = 3
PIECE = 250  # posts timed together: of each piece the best round counts, lest a busy machine disturb all of a round
FEW = 2_000  # posts for the cost of a language, which takes a reader for each
NAMES = 50_000
PEERED = 300  # posts for the peers, which are slow


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


def best_of(work: Callable[[Path], int], files: list[Path]) -> float:
    """Posts a second of CPU time, of each file in the best of a few rounds; one round before fills caches."""
    count = sum(work(file) for file in files)
    best = [float("inf")] * len(files)
    for _ in range(ROUNDS):
        for at, file in enumerate(files):
            start = time.process_time()
            work(file)
            best[at] = min(best[at], time.process_time() - start)
    return count / sum(best)


def parse_only(file: Path) -> int:
    """Merely parse each line."""
    decode = msgspec.json.Decoder().decode
    with file.open("rb") as lines:
        return sum(1 for line in lines if decode(line))


def read_claims(file: Path, reader: Reader) -> int:
    """What `verst claims` does to each line, printing aside: source, door, reading."""
    posts = (item for item in read(file, Door(b"bench" * 4)) if isinstance(item, Post))
    return sum(1 for post in posts if reader.read(post) is not None)


def with_names(count: int) -> Reader:
    """A reader that knows so many crossings more, which are nowhere."""
    return Reader(data_shelf("languages"), [*load_regions(), invent(count)])


def cost_of_languages(files: list[Path]) -> list[tuple[str, float]]:
    """What each language adds to the time of reading posts of the others, as a share of the time without it."""
    shelf = dict(data_shelf("languages"))
    groups: dict[str, list[Post]] = {}
    for item in (item for file in files for item in read(file, Door(b"bench" * 4))):
        if isinstance(item, Post):
            groups.setdefault((item.lang or "").split("-")[0], []).append(item)
    pieces = [(code, posts[n : n + PIECE]) for code, posts in groups.items() for n in range(0, len(posts), PIECE)]
    readers = {
        code: Reader({other: words for other, words in shelf.items() if other != code}, load_regions())
        for code in ["", *shelf]
    }
    best: dict[tuple[str, int], float] = {}
    for number in range(ROUNDS + 1):
        for at, (_, posts) in enumerate(pieces):
            for code, reader in readers.items():  # readers take turns, so that a busy machine slows all alike
                start = time.process_time()
                for post in posts:
                    reader.read(post)
                spent = time.process_time() - start
                if number:  # the first round fills caches
                    best[code, at] = min(spent, best.get((code, at), spent))

    def others(reader: str, code: str) -> float:
        return sum(best[reader, at] for at, (group, _) in enumerate(pieces) if group != code)

    return [(code, others("", code) / others(code, code) - 1.0) for code in shelf]


def peers(texts: list[str]) -> Iterator[tuple[str, float | None]]:
    """Texts a CPU second of libraries that look for names or for times alone; None where one is not installed."""
    for name, load in (("natasha, names alone", load_natasha), ("dateparser.search, times alone", load_dateparser)):
        try:
            act = load()
        except ImportError:
            yield name, None
            continue
        act(texts[0])
        start = time.process_time()
        for text in texts:
            act(text)
        yield name, len(texts) / (time.process_time() - start)


def load_natasha() -> Callable[[str], object]:
    """Natasha's tagger of names (Russian). Raises ImportError."""
    natasha = import_module("natasha")
    segmenter, tagger = natasha.Segmenter(), natasha.NewsNERTagger(natasha.NewsEmbedding())

    def act(text: str) -> object:
        document = natasha.Doc(text)
        document.segment(segmenter)
        document.tag_ner(tagger)
        return document.spans

    return act


def load_dateparser() -> Callable[[str], object]:
    """dateparser's search in the three languages most posts are in. Raises ImportError."""
    search = import_module("dateparser.search")
    return lambda text: search.search_dates(text, languages=["ru", "uk", "en"])


def measure(files: list[Path], mix: list[dict[str, object]]) -> str:
    """Posts a second: parsing alone, the whole way with the shipped names and with many more, and the peers."""
    reader, many = Reader.load(), with_names(NAMES)
    parsing, reading = best_of(parse_only, files), best_of(lambda file: read_claims(file, reader), files)
    named = best_of(lambda file: read_claims(file, many), files)
    rows = [("parsing with msgspec only", f"{parsing:,.0f}", "1", f"{parsing / named:,.0f}")]
    measured = [("source, door and reading", reading), (f"the same with {NAMES:,} names more", named)]
    for step, rate in (*measured, *peers([str(post["text"]) for post in mix[:PEERED]])):
        if rate is None:
            rows.append((step, "not installed", "", ""))
            continue
        rows.append((step, f"{rate:,.0f}", f"1 : {parsing / rate:,.0f}", f"{rate / named:.4g}"))
    return markdown(("step", "posts a CPU second", "to parsing", f"to reading with {NAMES:,} names"), rows)


def tell_costs(files: list[Path]) -> str:
    """What a language adds to the time of reading posts of the others."""
    costs = cost_of_languages(files)
    mean = sum(share for _, share in costs) / len(costs)
    told = ", ".join(f"{code} {share:+.1%}" for code, share in sorted(costs, key=lambda pair: -pair[1]))
    return f"A language adds {mean:+.1%} to the time of reading posts of the others, in the mean: {told}.\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        mix = list(make_mix(labelled(locate_shared()), POSTS, random.Random(1)))
        lines = [json.dumps(post, ensure_ascii=False) + "\n" for post in mix]
        files = [Path(name) / f"{n}.jsonl" for n in range(0, POSTS, PIECE)]
        for n, file in enumerate(files):
            file.write_text("".join(lines[n * PIECE : (n + 1) * PIECE]), encoding="utf-8")
        told = measure(files, mix), tell_costs(files[: FEW // PIECE])
        text = f"{POSTS:,} posts, {CHATTER:.0%} chatter, one core:\n\n{told[0]}\n{told[1]}"
    print(text)
    if "--write" in sys.argv:
        write_block(PAGE, "bench.claims", text)


if __name__ == "__main__":
    main()
