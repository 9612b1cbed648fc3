"""What a question wants: its intent, topic, places and means of travel, from reading and from words on a shelf."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from verst.model import Chat, Crossing, Mode, Post, Reading, Region
from verst.reading.text import fold, tokens
from verst.shelves import data_shelf


class ReadsPosts(Protocol):
    """Whatever reads a post, as ``verst.reading.Reader`` does."""

    def read(self, post: Post) -> Reading:
        """Everything found in one post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to know. ``intent`` None: a plain question about ``topic``."""

    intent: str | None
    topic: str
    crossings: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    tag: str | None = None
    mode: Mode = "any"
    lang: str | None = None
    stranger: str | None = None  # a place it names that is no known crossing


def understand(question: str, at: datetime, regions: Sequence[Region], reader: ReadsPosts) -> Wish:
    """What ``question`` wants. ``at`` (UTC) is when it is asked."""
    chat = Chat(title="", kind="group")
    marked = question if "?" in question else f"{question}?"
    reading = reader.read(Post(id="question", chat=chat, posted_at=at, text=marked))
    said = [token.text for token in tokens(fold(question))]
    shelf = load_intents()
    crossings = find_crossings(said, regions)
    asked = reading.question
    if asked and asked.crossing and asked.crossing not in crossings and "-" in asked.crossing:
        crossings = (asked.crossing, *crossings)
    countries = tuple(match(said, shelf["countries"], every=True))
    topic = asked.topic if asked and asked.topic != "other" else first(match(said, shelf["topics"])) or "passage"
    own = first(match(said, shelf["firm_topics"]))
    mode = asked.mode if asked and asked.mode != "any" else first(match(said, shelf["modes"])) or "any"
    return Wish(
        intent=first(match(said, shelf["intents"])),
        topic=own or topic,
        crossings=crossings,
        countries=countries,
        tag=first(match(said, shelf["tags"])),
        mode=mode,  # type: ignore[arg-type]
        lang=reading.lang,
        stranger=None if crossings or countries else find_stranger(question, shelf),
    )


def first(found: Iterable[str]) -> str | None:
    """The first of them, or None."""
    return next(iter(found), None)


@cache
def load_intents() -> dict[str, dict[str, list[list[list[str]]]]]:
    """``verst/ask/intents/*.toml`` of all languages together: table, item, patterns; a pattern is words by choices."""
    merged: dict[str, dict[str, list[list[list[str]]]]] = {}
    for table in data_shelf("ask/intents").values():
        for name, items in table.items():
            for item, patterns in items.items():
                ways = [[fold(word).split("|") for word in pattern.split()] for pattern in patterns]
                merged.setdefault(name, {}).setdefault(item, []).extend(ways)
    return merged


def match(said: Sequence[str], items: dict[str, list[list[list[str]]]], *, every: bool = False) -> list[str]:
    """Items one of whose patterns is in the words said, the longest pattern first; ``every``: in the order said.

    In a pattern each word must be said, in any order: ``обойт* кпп|границ*`` is said in "как КПП обойти".
    """
    found: list[tuple[int, int, str]] = []
    for item, ways in items.items():
        for way in ways:
            places = [_place(said, choices) for choices in way]
            if None not in places:
                found.append((min(p for p in places if p is not None), -len(way), item))
    found.sort(key=(lambda hit: hit[0]) if every else (lambda hit: hit[1]))
    return list(dict.fromkeys(item for _, _, item in found))


def _place(said: Sequence[str], choices: Sequence[str]) -> int | None:
    for position, word in enumerate(said):
        if any(word.startswith(c[:-1]) if c.endswith("*") else word == c for c in choices):
            return position
    return None


def find_crossings(said: Sequence[str], regions: Sequence[Region]) -> tuple[str, ...]:
    """Crossings named in the words said, in the order said; a name's ending may be inflected."""
    found: dict[str, int] = {}
    for form, crossing in _forms(tuple(regions)):
        for start in range(len(said) - len(form) + 1):
            if all(_same(word, wanted) for word, wanted in zip(said[start:], form, strict=False)):
                found[crossing] = min(start, found.get(crossing, start))
                break
    return tuple(sorted(found, key=lambda crossing: found[crossing]))


@cache
def _forms(regions: tuple[Region, ...]) -> tuple[tuple[tuple[str, ...], str], ...]:
    forms: dict[tuple[str, ...], set[str]] = {}
    for region in regions:
        for crossing in region.crossings:
            for name in _names(crossing):
                form = tuple(token.text for token in tokens(fold(name)))
                if form and len("".join(form)) >= 4:
                    forms.setdefault(form, set()).add(crossing.id)
    return tuple((form, next(iter(ids))) for form, ids in sorted(forms.items()) if len(ids) == 1)


def _names(crossing: Crossing) -> list[str]:
    sides = [name for side in crossing.sides for name in (*(name for _, name in side.name), *side.forms)]
    return [*(name for _, name in crossing.names), *crossing.forms, *sides]


def _same(word: str, wanted: str) -> bool:
    """Whether a word is this one, its last letters aside: ``маштаково`` for ``маштакове``."""
    stem = wanted[: max(4, len(wanted) - 2)]
    return word == wanted or (len(stem) >= 4 and word.startswith(stem) and len(word) <= len(wanted) + 3)


_NAMED = re.compile(r"\b(?:[вуна]{1,2}|через|біля|возле|at|in|near|через)\s+([A-ZА-ЯЁІЇЄҐ][\w'ʼ’-]{3,})")


def find_stranger(question: str, shelf: dict[str, Any]) -> str | None:
    """A place named after "at", "in", "через" that no shelf knows; None where nothing looks like one."""
    for found in _NAMED.finditer(question):
        word = found.group(1)
        if not match([token.text for token in tokens(fold(word))], shelf["towns"]):
            return word
    return None
