"""What reading and the door cost on hostile text: CPU milliseconds of each pattern and step on 100,000 characters.

Run: ``python -m bench.hostile``; ``python -m bench.hostile --minutes 5`` reads random text for five minutes instead
and ends with an error when any of it raises, claims words that lie outside the text, or reads differently twice.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import random
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

import msgspec

import verst.reading
import verst.sources
from bench import ROOT, print_table
from verst.model import Chat, Post, Reading, Reply
from verst.reading.reader import Reader
from verst.reading.text import Token, fold, tokens
from verst.sources.door import Door, RawPost, clean
from verst.sources.scrub import scrub

LENGTH = 100_000
PROMISED_MS = 500.0
MOST_GROWTH = 8.0  # for four times the text: between 4, which is in proportion, and 16, which is quadratic
TOO_QUICK_MS = 20.0  # what ends within this is quick whatever its growth, and too short to be measured
POSTED = datetime(2022, 9, 25, 12, tzinfo=UTC)
CHAT = Chat(title="Верхний Ларс, очередь", kind="group", about="verkhny-lars")
UNLIMITED = {"words", "places", "figures"}  # meet what reading's own limit lets through; shown without it
LANGUAGES = (None, "ru", "ru-Latn", "uk-Latn", "ar", "zh", "en")

# Each is repeated until the text is as long as asked.
WORST = {
    "digits": "7",
    "digits and spaces": "1 ",
    "digits and dots": "1.",
    "digits and commas": "1,",
    "digits and dashes": "1-",
    "digits and colons": "12:",
    "fours": "4111 ",
    "thousands": "100 000 ",
    "phones": "+7 9 ",
    "handles": "@a",
    "addresses": "a.b@",
    "dotted words": "a.",
    "links": "http://a.b/",
    "link beginnings": "t.me/",
    "plates": "A123",
    "places on a map": "43.123, ",
    "capitals": "Ab ",
    "names": "Иван Петров ",
    "underscores": "a_",
    "accounts": "tg: ",
    "card letters": "AB12CD34",
    "brackets": "(",
    "question marks": "?",
    "quotes": "«не » ",
    "spaces": " ",
    "newlines": "\n",
    "lines of a word": "час\n",
    "marks": "e\u0315\u0300",
    "marks alone": "\u0315\u0300",
    "right to left": "\u200f1\u202e",
    "joined emoji": "\U0001f468\u200d\U0001f469\u200d",
    "one word": "ж",
    "one Latin word": "a",
    "one number word": "сто",
    "number words": "двадцать пять тысяч ",
    "halves": "полтора ",
    "hours": "час ",
    "lengths": "5 км ",
    "queues": "очередь 5 часов ",
    "hours of day": "в 5 утра ",
    "ranges": "от до ",
    "from to": "с 5 до 7 ",
    "since": "стоим с 6 утра ",
    "denials": "не ",
    "crossings": "Верхний Ларс ",
    "misspelt crossings": "Вархний Лрс ",
    "borders": "граница с Грузией ",
    "whither": "из Грузии в Россию ",
    "fares": "такси 5000 руб ",
    "closed": "закрыто ",
    "open?": "открыт? ",
    "Latin Russian": "ochered' stoim 5 chasov ",
    "apostrophes": "a'",
    "mixed scripts": "аaا中ა1",
    "Arabic": "٥ ساعات ",
    "Chinese": "五小时",
    "hyphens": "а-",
    "decades": "27-м ",
}  # fmt: skip


def repeat(piece: str, length: int) -> str:
    """A text of ``length`` characters made of ``piece``."""
    return (piece * (length // len(piece) + 1))[:length]


def patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled pattern of reading and the sources that matches text, by module and name."""
    found: dict[str, re.Pattern[str]] = {}
    for package in (verst.reading, verst.sources):
        for item in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            for name, value in vars(importlib.import_module(item.name)).items():
                found |= {f"{item.name.removeprefix('verst.')}.{label}": p for label, p in _inside(name, value)}
    return found


def _inside(name: str, value: object) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield name, value
    elif isinstance(value, tuple | list):
        for number, item in enumerate(value):
            yield from _inside(f"{name}.{number}", item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _inside(f"{name}.{key}", item)


def find_all(pattern: re.Pattern[str], text: str) -> int:
    """How often a pattern is found; the whole text is walked, and tried from its start."""
    pattern.match(text)
    pattern.fullmatch(text)
    return sum(1 for _ in pattern.finditer(text))


def make_post(text: str, lang: str | None = None, reply: str | None = None) -> Post:
    answered = Reply(text=reply) if reply else None
    return Post(id="p", chat=CHAT, posted_at=POSTED, text=text, lang=lang, reply_to=answered)


def make_steps(reader: Reader) -> dict[str, Callable[[str], object]]:
    """The steps that meet a text; ``read`` and ``admit`` are what runs, the others show what their limits hide."""
    door = Door(b"k" * 32)

    def admit(text: str) -> object:
        return door.admit(
            RawPost(id="1", chat_title="t", chat_kind="group", posted_at=POSTED, text=text, reply_text=text)
        )

    def lay_out(find: Callable[[list[Token], str], object]) -> Callable[[str], object]:
        return lambda text: find(tokens(fold(text)), fold(text))

    return {
        "admit": admit,
        "clean": clean,
        "scrub": scrub,
        "read": lambda text: reader.read(make_post(text)),
        "read Latin": lambda text: reader.read(make_post(text, "ru-Latn")),
        "words": lay_out(lambda toks, folded: reader.lexicon.find(toks)),
        "places": lay_out(lambda toks, folded: reader.places.find(toks, folded, folded)),
        "figures": lay_out(lambda toks, folded: reader.find_figures(toks, folded, make_post(folded), "ru", 180)),
    }


def cpu_ms(act: Callable[[str], object], text: str, rounds: int = 1) -> float:
    """The least CPU milliseconds of ``rounds`` runs."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        act(text)
        best = min(best, (time.process_time() - start) * 1e3)
    return best


def find_growth(cost: Callable[[str], float], piece: str, length: int = LENGTH) -> float | None:
    """How many times more ``length`` characters cost than a quarter of them; None when they cost next to nothing."""
    long = cost(repeat(piece, length))
    return None if long < TOO_QUICK_MS else long / max(cost(repeat(piece, length // 4)), 0.1)


def measure() -> list[str]:
    """Prints the table; the steps and patterns that took longer than promised, or grow faster than their text."""
    reader = Reader.load()
    reader.read(make_post("Верхний Ларс стоим 5 часов"))
    acts = make_steps(reader) | {name: partial(find_all, pattern) for name, pattern in patterns().items()}
    rows, slow = [], []
    for name, act in acts.items():
        costs = {text: cpu_ms(act, repeat(piece, LENGTH)) for text, piece in WORST.items()}
        worst = max(costs, key=costs.__getitem__)
        growth = find_growth(partial(cpu_ms, act, rounds=3), WORST[worst])
        rows.append((name, f"{costs[worst]:.1f}", "-" if growth is None else f"{growth:.1f}", worst))
        if name not in UNLIMITED:
            slow += [f"{name} on {text}: {cost:.0f} ms" for text, cost in costs.items() if cost > PROMISED_MS]
            slow += [f"{name} on {worst}: grows {growth:.1f} times"] if growth and growth > MOST_GROWTH else []
    head = ("step or pattern", "ms", "times a quarter's", "worst text")
    print_table(f"CPU time on {LENGTH:,} characters", head, rows)
    return slow


def labelled() -> list[str]:
    """The texts of the labelled posts."""
    files = sorted((ROOT / "tests" / "corpus").glob("*.jsonl"))
    return [msgspec.json.decode(line)["text"] for file in files for line in file.read_bytes().splitlines()]


def invent(dice: random.Random, posts: list[str]) -> str:
    """A text of pieces of labelled posts, worst pieces repeated, and single signs from anywhere."""
    parts = []
    for _ in range(dice.randint(1, 8)):
        post = dice.choice(posts)
        start = dice.randrange(len(post) + 1)
        made = dice.random()
        if made < 0.5:
            parts.append(post[start : start + dice.randint(1, 80)])
        elif made < 0.8:
            parts.append(dice.choice(list(WORST.values())) * dice.choice((1, 1, 2, 3, 30)))
        else:
            parts.append("".join(chr(dice.randrange(0x110000)) for _ in range(dice.randint(1, 5))))
    return dice.choice(("", " ", "\n")).join(parts)


def find_wrong(post: Post, first: Reading, second: Reading) -> str | None:
    """What is wrong with two readings of one post, None when nothing is."""
    if first != second:
        return "read differently twice"
    for claim in (*first.claims, *first.denials):
        if claim.span is not None and not 0 <= claim.span[0] < claim.span[1] <= len(post.text):
            return f"{claim.rule} claims {claim.span} of {len(post.text)} characters"
    return None


def fuzz(minutes: float, seed: int) -> Counter[str]:
    """Reads random posts for so long; what went wrong, and how often. Each kind is printed once."""
    dice, posts = random.Random(seed), labelled()
    door, reader, other = Door(b"k" * 32), Reader.load(), Reader.load()
    wrong: Counter[str] = Counter()
    until, count, claims = time.monotonic() + 60 * minutes, 0, 0
    while time.monotonic() < until:
        text, reply, lang = invent(dice, posts), dice.choice((None, invent(dice, posts))), dice.choice(LANGUAGES)
        count += 1
        try:
            reader.read(make_post(text, lang, reply))  # as if it had come past the door
            raw = RawPost(
                id="1",
                chat_title=CHAT.title,
                chat_kind="group",
                posted_at=POSTED,
                text=text,
                reply_text=reply,
                lang=lang,
            )
            post = door.admit(raw)[0]
            assert isinstance(post, Post)
            other.read(make_post(invent(dice, posts)))  # what was read before must play no part
            read = reader.read(post)
            claims += len(read.claims)
            found = find_wrong(post, read, other.read(post))
        except Exception:
            found = traceback.format_exc(limit=-3)
        if found is not None:
            wrong[found] += 1
            if wrong[found] == 1:
                print(f"{found}\n  on {text!r}\n  answering {reply!r}, {lang}", flush=True)
    print(f"{count:,} random posts, {claims:,} claims, {sum(wrong.values())} went wrong")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, help="read random posts for so long instead")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.minutes is None:
        slow = measure()
        sys.exit("hostile: over the limit: " + "; ".join(slow) if slow else 0)
    sys.exit("hostile: reading went wrong" if fuzz(given.minutes, given.seed) else 0)


if __name__ == "__main__":
    main()
