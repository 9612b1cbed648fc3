"""Which words stand for what: the [words] of all languages in one dictionary, looked up word by word.

A form is one or more words; ``*`` at the end of a word stands for any ending. ``хвост*, стоит колом, не двига*``
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import Any

import msgspec

from verst.errors import BadShelf
from verst.reading.concepts import CONCEPTS
from verst.reading.text import Token, fold, tokens

_CACHE_LIMIT = 200_000  # words remembered; a post of never-seen words cannot make it grow without end


class Mark(msgspec.Struct, frozen=True, gc=False):
    """A form found: what it stands for, its first and last token, and the language it was found in."""

    concept: str
    first: int
    last: int
    lang: str


@dataclass(slots=True)
class _Node:
    """A word on the way through the forms that begin alike."""

    after: dict[str, _Node] = field(default_factory=dict)
    ends: list[tuple[str, str]] = field(default_factory=list)
    langs: set[str] = field(default_factory=set)  # of the forms that go through here


# Of a word: its entries, where each entry leads that may come next, and what it stands for alone.
_Start = tuple[tuple[str, ...], dict[str, tuple[_Node, ...]], tuple[tuple[str, str], ...]]


class _Met(dict[str, _Start]):
    """What begins with each word met, for texts of some languages: chatter says the same words again and again."""

    def __init__(self, start: Callable[[str], _Start]) -> None:
        super().__init__()
        self._start = start

    def __missing__(self, word: str) -> _Start:
        if len(self) >= _CACHE_LIMIT:
            self.clear()
        made = self[word] = self._start(word)
        return made


_FEW = 16  # marks up to which looking at each is quicker than searching
_first = attrgetter("first")


class Marks:
    """The marks of one text, asked by concept and place. ``concepts``: those that occur anywhere."""

    __slots__ = ("by", "concepts")

    def __init__(self, found: Iterable[Mark]) -> None:
        self.by: dict[str, list[Mark]] = {}
        for mark in found:
            self.by.setdefault(mark.concept, []).append(mark)
        for marks in self.by.values():
            if len(marks) > _FEW:
                marks.sort(key=_first)
        self.concepts = frozenset(self.by)

    def within(self, concept: str, first: int, last: int) -> list[Mark]:
        """Marks of a concept that lie between two tokens, both included."""
        if concept not in self.by:
            return []
        return [mark for mark in self._from(concept, first, last) if mark.first >= first and mark.last <= last]

    def _from(self, concept: str, first: int, last: int) -> Sequence[Mark]:
        """Marks of a concept that occurs; where there are many, those alone that begin between the two tokens."""
        marks = self.by[concept]
        if len(marks) <= _FEW:
            return marks
        return marks[bisect_left(marks, first, key=_first) : bisect_right(marks, last, key=_first)]

    def has(self, concept: str, first: int, last: int) -> bool:
        """Whether such a mark lies between two tokens."""
        return concept in self.by and self.any((concept,), first, last)

    def any(self, concepts: Iterable[str], first: int, last: int) -> bool:
        """Whether a mark of one of these concepts lies between two tokens."""
        for concept in concepts:
            if concept not in self.by:
                continue
            for mark in self._from(concept, first, last):
                if mark.first >= first and mark.last <= last:
                    return True
        return False

    def __contains__(self, concept: str) -> bool:
        return concept in self.by


def split_forms(value: object) -> list[str]:
    """The forms of one entry: a list, or a text with commas between them.

    >>> split_forms("хвост*, стоит колом")
    ['хвост*', 'стоит колом']
    """
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise TypeError("neither a list of words nor a text with commas")
    return [part.strip() for part in parts if part.strip()]


class Lexicon:
    """All forms of all languages. Built once; finding is a walk over the tokens."""

    def __init__(self) -> None:
        self._root = _Node()
        self._prefixes: dict[str, set[str]] = {}
        self._shortest = 99
        self._longest = 0
        self._exact: set[str] = set()
        self._known: dict[str, tuple[str, ...]] = {}
        self._met: dict[frozenset[str] | None, _Met] = {}
        self._particles: tuple[str, ...] = ()

    @classmethod
    def from_languages(cls, languages: Mapping[str, Mapping[str, Any]]) -> Lexicon:
        """Take the [words] of every language. Raises BadShelf for an unknown concept or an unusable form."""
        lexicon = cls()
        particles: set[str] = set()
        for code, shelf in languages.items():
            particles.update(fold(str(part)) for part in shelf.get("attached", ()))
            for concept, value in shelf.get("words", {}).items():
                if concept not in CONCEPTS:
                    raise BadShelf(f"languages/{code}.toml", f"[words] {concept} is no concept", "see concepts.py")
                try:
                    forms = split_forms(value)
                except TypeError as error:
                    raise BadShelf(f"languages/{code}.toml", f"[words] {concept} is {error}", "mend it") from error
                for form in forms:
                    lexicon.add(form, concept, code)
            lexicon._learn_aside(code, shelf)
        lexicon._particles = tuple(sorted(particles, key=len, reverse=True))
        return lexicon

    def _learn_aside(self, code: str, shelf: Mapping[str, Any]) -> None:
        """What a language says outside of [words]: changes, months, and whether its nobody stands alone."""
        for percent, value in shelf.get("changes", {}).items():
            for form in split_forms(value):
                self.add(form, f"change:{float(percent)}", code)
        for names in shelf.get("times", {}).get("month", {}).values():
            for name in names.split():
                self.add(name.replace("_", " "), "month", code)
        if shelf.get("one_no"):
            for form in split_forms(shelf.get("words", {}).get("nobody", "")):
                self.add(form, "nobody_alone", code)

    def add(self, form: str, concept: str, lang: str) -> None:
        """Let a form of a language stand for a concept."""
        for words in _spellings(_words_of(form)):
            self._add(words, concept, lang)
        self._known.clear()
        self._met.clear()

    def _add(self, words: list[str], concept: str, lang: str) -> None:
        node = self._root
        for word in words:
            if word.endswith("*"):
                stem = word[:-1]
                self._prefixes.setdefault(stem, set()).add(word)
                self._shortest, self._longest = min(self._shortest, len(stem)), max(self._longest, len(stem))
            else:
                self._exact.add(word)
            node = node.after.setdefault(word, _Node())
            node.langs.add(lang)
        if (concept, lang) not in node.ends:
            node.ends.append((concept, lang))

    def keys(self, word: str) -> tuple[str, ...]:
        """The entries a word matches: itself and every stem that it begins with."""
        known = self._known.get(word)
        if known is None:
            known = self._look_up(word)
            known += tuple(
                entry
                for particle in self._particles
                # «d'essence» may stand in a phrase, and is essence all the same
                if (not known or particle.endswith("'"))
                and word.startswith(particle)
                and len(word) - len(particle) >= 3
                for entry in self._look_up(word[len(particle) :])
            )
            if len(self._known) >= _CACHE_LIMIT:
                self._known.clear()
            self._known[word] = known
        return known

    def _look_up(self, word: str) -> tuple[str, ...]:
        found = [word] if word in self._exact else []
        for length in range(self._shortest, min(len(word), self._longest) + 1):
            if word[:length] in self._prefixes:
                found.append(word[:length] + "*")
        return tuple(found)

    def find(self, toks: Sequence[Token], langs: frozenset[str] | None = None) -> list[Mark]:
        """Every form in the tokens, the longest of each concept at each place, in the order of the text."""
        found: list[Mark] = []
        met = self._met.get(langs)
        if met is None:
            met = self._met[langs] = _Met(partial(self._start, langs))
        words = [met[token.text] for token in toks]
        last = len(words) - 1
        for first, (_, onward, alone) in enumerate(words):
            if onward and first < last and not onward.keys().isdisjoint(words[first + 1][0]):
                best = _walk(words, first, langs)
                found.extend([Mark(concept, first, at, lang) for (concept, lang), at in best.items()])
                continue
            for concept, lang in alone:
                found.append(Mark(concept, first, first, lang))
        return found

    def _start(self, langs: frozenset[str] | None, word: str) -> _Start:
        """What begins with a word, of the forms of these languages."""
        entries = self.keys(word)
        begins = [self._root.after[entry] for entry in entries if entry in self._root.after]
        onward: dict[str, tuple[_Node, ...]] = {}
        for node in begins:
            for entry, after in node.after.items():
                if langs is None or not langs.isdisjoint(after.langs):
                    onward[entry] = (*onward.get(entry, ()), after)
        ends = (end for node in reversed(begins) for end in node.ends if langs is None or end[1] in langs)
        return entries, onward, tuple(dict.fromkeys(ends))


def _walk(words: Sequence[_Start], first: int, langs: frozenset[str] | None) -> dict[tuple[str, str], int]:
    """The forms that begin at a token and may go on, each with the last token of its longest."""
    _, onward, alone = words[first]
    best = dict.fromkeys(alone, first)
    paths = [(node, first + 1) for entry in words[first + 1][0] for node in onward.get(entry, ())]
    while paths:
        node, at = paths.pop()
        for end in node.ends:
            if langs is None or end[1] in langs:
                best[end] = max(best.get(end, at), at)
        if node.after and at + 1 < len(words):
            paths += [(node.after[entry], at + 1) for entry in words[at + 1][0] if entry in node.after]
    return best


def _spellings(words: list[str]) -> list[list[str]]:
    """The words, and once more without soft signs, as people in a hurry or in Latin letters leave them out."""
    plain = [word.replace("ь", "") for word in words]
    return [words] if plain == words or any(len(word) < 4 for word in plain) else [words, plain]


def _words_of(form: str) -> list[str]:
    """The folded words of a form; a star stays with the word before it."""
    words: list[str] = []
    for token in tokens(fold(form)):
        if token.text == "*" and words:
            words[-1] += "*"
        else:
            words.append(token.text)
    return words
