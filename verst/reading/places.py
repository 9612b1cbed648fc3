"""Crossings, borders, countries and towns in a text, however their names are bent or misspelt.

Built once from the regions; every written word is looked up once and remembered.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from verst.model import Crossing, Region
from verst.reading.place_forms import LEAST_RESPELT, forms_of, respelt, stems_of, transcribed
from verst.reading.place_words import PlaceWords
from verst.reading.text import Token, fold, tokens

What = Literal["crossing", "border", "country", "town"]
_MEMORY = 200_000  # words remembered at most; then the memory starts anew
_LONGEST = 80  # letters of the longest word looked up: a longer one is no name, and would cost much
_LEAST_MISSPELT = 6  # letters: shorter words are too close to ordinary ones


class PlaceHit(msgspec.Struct, frozen=True, gc=False):
    """A place named in a text: letters and tokens (both ends of tokens included), what it is, which side was named."""

    start: int
    end: int
    first_token: int
    last_token: int
    what: What
    ids: tuple[str, ...]
    side: str | None = None
    sure: bool = True
    form: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    words: tuple[str, ...]
    what: What
    id: str
    side: str | None
    wild: bool = False  # the last word may go on in any way


class Gazetteer:
    """Finds places. Build with `from_regions`; `find` depends on nothing but its arguments."""

    def __init__(self, forms: Iterable[_Form], words: PlaceWords) -> None:
        self._telling = words
        self._forms: dict[str, list[_Form]] = defaultdict(list)
        self._written: dict[str, set[str]] = defaultdict(set)  # a written word: the words of names it may be
        self._wild: dict[str, set[str]] = defaultdict(set)  # beginnings: words of names that go on in any way
        self._alike: dict[str, set[str]] = defaultdict(set)  # first or last three letters: written words
        self._memory: dict[str, tuple[str, ...]] = {}
        self._guessed: dict[str, tuple[str, ...]] = {}
        self._idle: set[str] = set()  # words met that begin no name
        for form in dict.fromkeys(forms):
            self._add(form)

    @classmethod
    def from_regions(cls, regions: Iterable[Region], languages: Mapping[str, Mapping[str, Any]]) -> Gazetteer:
        """All names of all regions, and the countries of all languages. A country's name is never a crossing's."""
        countries = list(_country_forms(languages))
        taken = [form for form in countries if len(form.words) == 1]
        exact = {form.words[0] for form in taken}
        begun = tuple(form.words[0] for form in taken if form.wild)
        places = [
            form
            for form in _place_forms(regions)
            if len(form.words) > 1 or (form.words[0] not in exact and not form.words[0].startswith(begun or ("\0",)))
        ]
        return cls([*places, *countries], PlaceWords.from_languages(languages))

    def _add(self, form: _Form) -> None:
        self._forms[form.words[0]].append(form)
        for at, word in enumerate(form.words):
            if form.wild and at == len(form.words) - 1:
                self._wild[word].add(word)
                continue
            bent = {word} if form.what == "country" else forms_of(word) | transcribed(word)
            for written in bent | (respelt(bent) if len(word) >= LEAST_RESPELT else set()):
                self._written[written].add(word)
            for written in bent:
                if len(written) >= _LEAST_MISSPELT and form.what == "crossing":
                    self._alike["<" + written[:3]].add(written)
                    self._alike[">" + written[-3:]].add(written)

    def find(self, toks: Sequence[Token], folded: str, original: str) -> list[PlaceHit]:
        """Every place named, from left to right; of names that overlap, the longest."""
        hits: list[PlaceHit] = []
        idle, free = self._idle, 0
        for at, token in enumerate(toks):
            if token.text in idle or at < free:
                continue
            hit = self._find_at(toks, at, original)
            if hit is None:
                self._note_idle(token.text)
                continue
            hits.append(hit)
            free = hit.last_token + 1
        return hits

    def _note_idle(self, text: str) -> None:
        """Remember a word that can begin no name, neither rightly written nor misspelt."""
        if any(base in self._forms for base in (*self._bases(text), *self._guesses(text))):
            return
        if len(self._idle) > _MEMORY:
            self._idle.clear()
        self._idle.add(text)

    def about(self, title: str) -> str | None:
        """The crossing that a chat of this title is about; None when it names none, or several."""
        folded = fold(title)
        hits = self.find(tokens(folded), folded, title)
        named = {hit.ids[0] for hit in hits if hit.what == "crossing"}
        named = named or {hit.ids[0] for hit in hits if hit.what == "town" and hit.form in self._telling.ordinary}
        return named.pop() if len(named) == 1 else None

    def _find_at(self, toks: Sequence[Token], at: int, original: str) -> PlaceHit | None:
        text = toks[at].text
        if len(text) > _LONGEST or (len(text) < 2 and not "\u3400" <= text <= "\u9fff"):
            return None
        best: tuple[int, _Form] | None = None
        for base in self._bases(text):
            for form in self._forms.get(base, ()):
                last = self._match(form, toks, at)
                if last is not None and (best is None or last > best[0]):
                    best = (last, form)
        if best is not None:
            return self._hit(toks, at, best[0], best[1], original, guessed=False)
        for base in self._guesses(text):
            for form in self._forms.get(base, ()):
                if len(form.words) == 1:
                    return self._hit(toks, at, at, form, original, guessed=True)
        return None

    def _hit(
        self, toks: Sequence[Token], first: int, last: int, form: _Form, original: str, *, guessed: bool
    ) -> PlaceHit | None:
        start, end = toks[first].start, toks[last].end
        said, words = original[start:end], self._telling
        name = " ".join(form.words)
        capital = said[:1] != said[:1].lower() or (start > 0 and original[start - 1] == "#")
        led = first > 0 and toks[first - 1].text in words.leading
        if guessed and not capital and not led:
            return None
        what, sure = form.what, True
        if what == "crossing" and name in words.ordinary and not capital and (not led or name in words.never_lower):
            what, sure = "town", False
        opens = first == 0 or toks[first - 1].text in ".!?•|" or "\n" in original[toks[first - 1].end : start]
        if what == "crossing" and name in words.never_lower and opens and not led and toks[first].text != name:
            what, sure = "town", False  # «Тёплый бокс под ваше авто»
        if name in words.capitals and said != said.upper():
            return None
        if what == "town":
            sure = False
        return PlaceHit(start, end, first, last, what, (form.id,), form.side, sure, name)

    def _match(self, form: _Form, toks: Sequence[Token], at: int) -> int | None:
        """The last token of the form when it starts at ``at``; hyphens between its words may be there or not."""
        for word in form.words[1:]:
            at += 1
            if at < len(toks) and toks[at].text in "-.":
                at += 1
            if at >= len(toks) or word not in self._bases(toks[at].text):
                return None
        return at

    def _bases(self, text: str) -> tuple[str, ...]:
        if len(text) > _LONGEST:
            return ()
        known = self._memory.get(text)
        if known is None:
            if len(self._memory) > _MEMORY:
                self._memory.clear()
            known = self._memory[text] = tuple(sorted(self._look_up(text)))
        return known

    def _look_up(self, text: str) -> set[str]:
        found = set(self._written.get(text, ()))
        for length in range(2, len(text) + 1):
            found |= self._wild.get(text[:length], set())
        if not found and not text.startswith(self._telling.unlike):
            for stem in stems_of(text):
                found |= self._written.get(stem, set())
                if "a" <= text[0] <= "z":
                    for vowel in "aeiy":
                        found |= self._written.get(stem + vowel, set()) if len(stem) > 4 else set()
                if found:
                    break
        if not found and text.isalpha() and text[-2:] in ("ce", "ze"):  # Polish: Medyka, w Medyce
            found |= self._written.get(text[:-2] + "ka", set())
        return found

    def _guesses(self, text: str) -> tuple[str, ...]:
        """Words of names one slip of the finger away; remembered, as most words are nobody's misspelling."""
        if len(text) < _LEAST_MISSPELT or text.startswith(self._telling.unlike):
            return ()
        known = self._guessed.get(text)
        if known is None:
            if len(self._guessed) > _MEMORY:
                self._guessed.clear()
            near = self._alike.get("<" + text[:3], set()) | self._alike.get(">" + text[-3:], set())
            alike = {word for word in near if word[0] == text[0] and _one_slip(word, text)}
            bases = {base for word in alike for base in self._written[word] if len(base) >= _LEAST_MISSPELT}
            known = self._guessed[text] = tuple(sorted(bases))
        return known


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter added, left out, changed or swapped with its neighbour turns one word into the other."""
    if one == other:
        return False
    left = 0
    while left < min(len(one), len(other)) and one[left] == other[left]:
        left += 1
    a, b = one[left:], other[left:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _words(name: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens(fold(name)) if token.text[0].isalnum())


def _place_forms(regions: Iterable[Region]) -> Iterator[_Form]:
    for region in regions:
        for id_, names in region.borders:
            for name in names:
                words = _words(name)
                if words:
                    yield _Form(words, "border", id_, None, name.endswith("*"))
        for crossing in region.crossings:
            yield from _crossing_forms(crossing)


def _crossing_forms(crossing: Crossing) -> Iterator[_Form]:
    whole = [name for _, name in crossing.names if " – " not in name] + list(crossing.forms)
    for side in crossing.sides:
        for name in [*(text for _, text in side.name), *side.forms]:
            words = _words(re.sub(r"\(.*\)", "", name))
            if words:
                yield _Form(words, "crossing", crossing.id, side.country)
            if len(words) > 1:  # as a hashtag
                yield _Form(("".join(words),), "crossing", crossing.id, side.country)
        for name in side.towns:
            words = _words(name)
            if words:
                yield _Form(words, "town", crossing.id, side.country)
    for name in whole:
        words = _words(re.sub(r"\(.*\)", "", name))
        if words:
            yield _Form(words, "crossing", crossing.id, None)


def _country_forms(languages: Mapping[str, Mapping[str, Any]]) -> Iterator[_Form]:
    for language in languages.values():
        for country, names in language.get("countries", {}).items():
            for name in names:
                words = _words(name)
                if words:
                    yield _Form(words, "country", country, country, name.endswith("*"))
