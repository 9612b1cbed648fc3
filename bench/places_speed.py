"""How long places take: microseconds a chatter post with the shipped names, and with 50,000 more.

Run: python bench/places_speed.py
"""

from __future__ import annotations

import random
import time
from dataclasses import replace

from verst.geography import load_regions
from verst.model import Crossing, Region, Side
from verst.reading.places import Gazetteer
from verst.reading.text import fold, tokens
from verst.shelves import data_shelf

CHATTER = (
    "Всем доброе утро, кто-нибудь знает, где тут можно зарядить телефон?",
    "спасибо большое, держитесь там, ребята",
    "Does anybody know whether they ask for the vaccination book of a cat?",
    "На Верхнем Ларсе стоим, двигаемся по чуть-чуть",
)


def invent(count: int, seed: int = 7) -> Region:
    """A region of crossings that exist nowhere."""
    dice = random.Random(seed)
    names = ["".join(dice.choice("бвгджзклмнпрст") + dice.choice("аеиоу") for _ in range(5)) for _ in range(count)]
    crossings = tuple(
        Crossing(id=f"invented-{n}", border="RU-GE", sides=(Side(country="RU", forms=(name,)),))
        for n, name in enumerate(names)
    )
    return Region(id="invented", names=(("en", "Invented"),), crossings=crossings)


def measure(gazetteer: Gazetteer, rounds: int = 4000) -> float:
    """Microseconds a post, after each word was seen once."""
    posts = [(tokens(fold(text)), fold(text), text) for text in CHATTER]
    for post in posts:
        gazetteer.find(*post)
    start = time.process_time()
    for _ in range(rounds):
        for post in posts:
            gazetteer.find(*post)
    return (time.process_time() - start) / rounds / len(posts) * 1e6


def main() -> None:
    regions, languages = load_regions(), data_shelf("languages")
    print(f"shipped names: {measure(Gazetteer.from_regions(regions, languages)):.1f} us a post")
    many = [*regions, replace(invent(50_000), id="many")]
    print(f"with 50,000 more: {measure(Gazetteer.from_regions(many, languages)):.1f} us a post")


if __name__ == "__main__":
    main()
