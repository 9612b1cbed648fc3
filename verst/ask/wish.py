"""What a question wants: its intent, topic, places and means of travel, from reading and from words on a shelf."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from verst.model import Chat, Mode, Post, Question, Reading, Region
from verst.reading.latin import is_latin_russian, to_cyrillic
from verst.reading.places import Gazetteer
from verst.reading.tags import SERVICES
from verst.reading.text import fold, tokens
from verst.shelves import data_shelf

Patterns = dict[str, list[list[list[str]]]]


class ReadsPosts(Protocol):
    """Whatever reads posts and finds places, as ``verst.reading.reader.Reader`` does."""

    places: Gazetteer

    def read(self, post: Post) -> Reading:
        """Everything found in one post."""

    def language(self, text: str) -> str:
        """The code of the language a text is in, of those that are read."""

    def beside(self, code: str) -> frozenset[str]:
        """That language and those people mix into it."""


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


def understand(
    question: str, at: datetime, regions: Sequence[Region], reader: ReadsPosts, about: str | None = None
) -> Wish:
    """What ``question`` wants. ``at`` (UTC) is when it is asked; ``about``: the crossing meant where none is named."""
    if question.isascii() and is_latin_russian(weigh_tongues([t.text for t in tokens(fold(question))])):
        question = to_cyrillic(question)[0]
    question = ELISION.sub(r"\1 ", question)
    marked = question if "?" in question else f"{question}?"
    reading = reader.read(_post(marked, at, about))
    said = [token.text for token in tokens(fold(question))]
    lang = reading.lang or find_language(question, said, reader)
    shelf = load_intents(reader.beside(lang))
    asked = reading.question
    crossings, countries, anywhere = find_places(question, regions, reader)
    if asked and asked.crossing and asked.crossing not in crossings and "-" in asked.crossing:
        crossings.insert(0, asked.crossing)
    stranger = None if anywhere else find_stranger(question, shelf)
    placed = bool(crossings or countries or anywhere or stranger)
    somewhere = _anywhere(regions) if asked is None and match(said, shelf["border"]) else None
    about_any = reader.read(_post(marked, at, somewhere)).question if somewhere else None
    topic = find_topic(said, shelf, asked, about_any)
    tag = first(match(said, shelf["tags"]))
    lost = topic in ELSEWHERE_TOO and tag is None and not placed and not match(said, shelf["border"])
    intent = find_intent(said, shelf, crossings) or ("off_topic" if lost else None)
    topic = topic or "passage"
    topic = "service" if tag in SERVICES and topic in OUTWEIGHED else topic
    mode = asked.mode if asked and asked.mode != "any" else find_mode(said, shelf)
    if not crossings and not countries:
        countries = match(said, shelf.get("home", {}))
    return Wish(
        intent=intent,
        topic=topic,
        crossings=tuple(crossings),
        countries=tuple(countries),
        tag=tag,
        mode="any" if topic in MEANS_ASIDE else mode,  # type: ignore[arg-type]
        lang=lang,
        stranger=stranger,
    )


def find_topic(
    said: Sequence[str], shelf: dict[str, Patterns], asked: Question | None, about_any: Question | None
) -> str | None:
    """What is asked about: firm words first, then what reading found, then words that leave it open, then a guess.

    Who asks for the papers of an animal or a child asks about these.
    """
    read, guessed = (each.topic if each and each.topic != "other" else None for each in (asked, about_any))
    loose = match(said, shelf["topics"])
    topic = first(match(said, shelf["firm_topics"])) or read or first(loose) or guessed
    return next((whose for whose in ("pets", "child") if topic == "documents" and whose in loose), topic)


def find_intent(said: Sequence[str], shelf: dict[str, Patterns], crossings: Sequence[str]) -> str | None:
    """What is wanted beside plain facts; who names a crossing and speaks of a border asks of no other subject."""
    found = match(said, shelf["intents"])
    named = any(not place.isupper() for place in crossings)  # a border, ``RU-PL``, may be but a town's
    meant = named and match(said, shelf["border"])
    return first(intent for intent in found if not (intent == "off_topic" and meant))


def _post(question: str, at: datetime, about: str | None) -> Post:
    """A question as somebody would post it in a chat about a crossing."""
    return Post(id="question", chat=Chat(title="", kind="group", about=about), posted_at=at, text=question)


def _anywhere(regions: Sequence[Region]) -> str | None:
    """A crossing to read a question at that names none: what it is about does not hang on where."""
    return next((crossing.id for region in regions for crossing in region.crossings), None)


def find_language(question: str, said: Sequence[str], reader: ReadsPosts) -> str:
    """The language of a question; where its letters leave open which, a word that only one of them has decides."""
    found = reader.language(question)
    left_open = data_shelf("ask/intents").get(found, {}).get("left_open", False)
    return (first(match(said, load_tongues(), every=True)) or found) if left_open else found


# «l'Ukraine», «d'attente»: the word behind the sign is one of its own
ELISION = re.compile(r"(?<![\w'’])([ldjmnstc]|qu)['’](?=\w)", re.IGNORECASE)
# what people speak of anywhere: about a border only with a word of one, or a place
ELSEWHERE_TOO = (None, "passage", "service", "event", "documents", "onward", "flow", "rule")
OUTWEIGHED = ("passage", "wait", "queue_length", "queue_count")  # «где погреться в очереди?» is about the warmth

# Counts are of everybody, and of a price it is the thing sold that matters: a bicycle may be for sale to a walker.
MEANS_ASIDE = {"flow", "price"}


def find_mode(said: Sequence[str], shelf: Mapping[str, Patterns]) -> str:
    """The means named last ("not on foot, but by bike?"), and never the one it is held against ("than by car").

    Of two that end in one word the longer is meant: "without a car" is no car.
    """
    items, than = shelf["modes"], _words(shelf, "than")
    end = next((place for place, word in enumerate(said) if word in than), len(said))
    ends = [
        (place + len(way), len(way), mode)
        for mode, ways in items.items()
        for way in ways
        if (place := _last(said[:end], way)) >= 0
    ]
    return max(ends)[2] if ends else "any"


def _words(shelf: Mapping[str, Patterns], name: str) -> list[str]:
    """The single words of a list in the tables [little]."""
    return [word for way in shelf["little"].get(name, []) for choices in way for word in choices]


def _last(said: Sequence[str], way: Sequence[Sequence[str]]) -> int:
    """Where the words of a pattern are said last, one right behind the other; -1: nowhere."""
    starts = range(len(said) - len(way), -1, -1)
    return next((at for at in starts if all(_place([said[at + i]], way[i]) == 0 for i in range(len(way)))), -1)


def first(found: Iterable[str]) -> str | None:
    """The first of them, or None."""
    return next(iter(found), None)


@cache
def load_intents(codes: frozenset[str]) -> dict[str, Patterns]:
    """``verst/ask/intents/*.toml`` of these languages together: table, item, patterns of words by choices."""
    shelf = data_shelf("ask/intents")
    # where two items fit alike, the order of English decides
    merged: dict[str, Patterns] = {name: {item: [] for item in items} for name, items in _tables(shelf["en"])}
    for code in sorted(codes & shelf.keys()):
        for name, items in _tables(shelf[code]):
            for item, patterns in items.items():
                merged.setdefault(name, {}).setdefault(item, []).extend(_ways(patterns))
    return merged


def _tables(file: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Sequence[str]]]]:
    return [(name, table) for name, table in file.items() if isinstance(table, Mapping)]


def _ways(patterns: Sequence[str]) -> list[list[list[str]]]:
    return [[fold(word).split("|") for word in pattern.split()] for pattern in patterns]


@cache
def load_tongues() -> Patterns:
    """Words that give a language away, of every language that has some."""
    shelf = data_shelf("ask/intents")
    told = (table["tongues"] for table in shelf.values() if "tongues" in table)
    return {code: _ways(patterns) for tongues in told for code, patterns in tongues.items()}


def weigh_tongues(said: Sequence[str]) -> str | None:
    """The language most of whose own words are said; None where there is none."""
    counts = {
        code: sum(any(_place([word], way[0]) == 0 for way in ways if len(way) == 1) for word in said)
        for code, ways in load_tongues().items()
    }
    most = max(counts.values(), default=0)
    return first(code for code, count in counts.items() if count == most) if most else None


def match(said: Sequence[str], items: Patterns, *, every: bool = False) -> list[str]:
    """Items one of whose patterns is in the words said, the longest pattern first; ``every``: in the order said.

    In a pattern each word must be said, in any order: ``обойт* кпп|границ*`` is said in "как КПП обойти". Of items
    whose longest patterns are alike, that for which more words speak comes first.
    """
    found: list[tuple[int, int, int, str]] = []
    for item, ways in items.items():
        tried = [[_place(said, choices) for choices in way] for way in ways]
        fits = [[place for place in places if place is not None] for places in tried if None not in places]
        if fits:
            spoken = {place for places in fits for place in places}
            found.append((min(spoken), -max(map(len, fits)), -len(spoken), item))
    found.sort(key=(lambda hit: hit[:1]) if every else (lambda hit: hit[1:3]))
    return [item for *_, item in found]


def _place(said: Sequence[str], choices: Sequence[str]) -> int | None:
    for position, word in enumerate(said):
        if any(word.startswith(c[:-1]) if c.endswith("*") else word == c for c in choices):
            return position
    return None


def find_places(question: str, regions: Sequence[Region], reader: ReadsPosts) -> tuple[list[str], list[str], bool]:
    """Crossings (by a town beside one, if by no other name) and countries in the order said; whether any place was."""
    folded = fold(question)
    hits = reader.places.find(tokens(folded), folded, question)
    borders = [crossing.border.split("-") for region in regions for crossing in region.crossings]
    crossings = [hit.ids[0] for hit in hits if hit.what == "crossing"]
    crossings += [hit.ids[0] for hit in hits if hit.what == "border"]
    crossings = crossings or [hit.ids[0] for hit in hits if hit.what == "town" and hit.ids]
    countries = [hit.ids[0] for hit in hits if hit.what == "country"]
    telling = [
        c for c in countries if 2 * sum(c in border for border in borders) <= len(borders)
    ]  # Russia is everywhere
    return list(dict.fromkeys(crossings)), list(dict.fromkeys(telling)), bool(hits)


def find_stranger(question: str, shelf: Mapping[str, Patterns]) -> str | None:
    """A place named after "at", "in", "через" that no shelf knows, or a crossing of elsewhere; None: neither."""
    before = "|".join(map(re.escape, _words(shelf, "before_place")))
    for found in re.finditer(rf"\b(?:{before})\s+([A-ZА-ЯЁІЇЄҐ][\w'ʼ’-]{{3,}})", question) if before else ():
        word = found.group(1)
        if not match([token.text for token in tokens(fold(word))], shelf["towns"]):
            return word
    return find_elsewhere(question, shelf["elsewhere"])


def find_elsewhere(question: str, items: Patterns) -> str | None:
    """A crossing that people ask about and that the shelf of regions does not have, as the question spells it."""
    marks = tokens(fold(question))
    said = [mark.text for mark in marks]
    for way in (way for ways in items.values() for way in ways):
        at = _last(said, way)
        if at >= 0:
            return question[marks[at].start : marks[at + len(way) - 1].end]
    return None
