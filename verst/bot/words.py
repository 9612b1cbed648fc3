"""What the bot itself says, in each language it speaks; what it says of crossings comes from asking and the board."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from verst.errors import BadShelf
from verst.shelves import data_shelf

PLAIN = "en"
_WORDS = re.compile(r"\w+")


@cache
def load_words() -> dict[str, Mapping[str, str]]:
    """The sentences by language. Raises BadShelf where one is missing in a language, or alone in it."""
    shelf: dict[str, Mapping[str, str]] = {**data_shelf("bot/texts")}
    for code, sentences in shelf.items():
        odd = sorted(set(sentences) ^ set(shelf[PLAIN]))
        if odd:
            raise BadShelf(
                f"bot/texts/{code}.toml", f"{odd[0]!r} is not in it or only in it", "let all languages have it"
            )
    return shelf


def say(lang: str | None, key: str, **values: object) -> str:
    """A sentence in a language, or in English where the bot does not speak that one."""
    shelf = load_words()
    return shelf.get(lang or PLAIN, shelf[PLAIN])[key].format(**values)


def has_words(text: str, key: str) -> bool:
    """Whether a text has one of the ways of a list of the bot's words, in any language; «…*» is a beginning."""
    said = f" {' '.join(_WORDS.findall(text.lower()))} "
    ways = [way.strip() for words in load_words().values() for way in words[key].split(",")]
    return any(f" {way.removesuffix('*')}{'' if way.endswith('*') else ' '}" in said for way in ways)
