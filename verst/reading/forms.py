"""Words and phrases of the language files, found in running text with one look-up a word.

A form is written as people write it; ``*`` at its end stands for any ending, ``_`` for a space inside a phrase.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from verst.reading.compounds import split_compound
from verst.reading.text import Token, fold, tokens

_CACHED_WORDS = 200_000
_LONG_ENOUGH = 4  # letters from which a word of another language can hardly be a word of this one
_BEYOND_CYRILLIC = "\u0530"  # scripts from here on are each one language's own

Pattern = tuple[str, bool]  # folded word, whether any ending may follow


@dataclass(frozen=True, slots=True)
class Entry:
    """What a form stands for. ``value``: the number, or how many base units one of this unit is."""

    role: str
    lang: str
    value: float = 0.0
    unit: str = ""
    detail: str = ""  # mode of a vehicle, ISO currency, unit as said
    linked: bool = False  # "and" is stuck to the word
    approx: bool = False
    pieces: tuple[tuple[float, bool, bool], ...] = ()  # of a compound: value, scale, linked


Start = tuple[tuple[Pattern, ...], Entry]
_Sorted = tuple[tuple[Start, ...], tuple[tuple[str, Entry], ...], tuple[str, ...]]
Found = Mapping[str, tuple[int, Entry]]
NOTHING: Found = {}


@dataclass(slots=True)
class Tongue:
    """How one language's forms are told from another's: its kin, the letters that give it away, stuck prefixes."""

    code: str
    kin: frozenset[str] = frozenset()
    letters: frozenset[str] = frozenset()
    strip: tuple[tuple[str, bool], ...] = ()


@dataclass(slots=True)
class Forms:
    """All forms of all languages. Built once; `find` is fast and pure."""

    tongues: dict[str, Tongue] = field(default_factory=dict)
    _exact: dict[str, list[Start]] = field(default_factory=dict)
    _prefix: dict[str, list[Start]] = field(default_factory=dict)
    _lengths: list[int] = field(default_factory=list)
    _cache: dict[str, dict[str, tuple[Start, ...]]] = field(default_factory=dict)
    _sorted: dict[str, dict[str, _Sorted]] = field(default_factory=dict)
    _triggers: dict[str, set[str]] = field(default_factory=dict)
    _hot: dict[str, bool] = field(default_factory=dict)
    _compounds: list[tuple[str, dict[str, tuple[float, bool]], Sequence[str]]] = field(default_factory=list)

    def add(self, phrases: str | Iterable[str], entry: Entry) -> None:
        """Learn forms: a string of forms with spaces between, or a list."""
        for phrase in phrases.split() if isinstance(phrases, str) else phrases:
            head, *tail = parse_form(phrase)
            book = self._prefix if head[1] else self._exact
            longest = max((head, *tail), key=lambda pattern: len(pattern[0]))
            trigger = head if longest[1] else longest  # of a phrase, the word that chatter has least
            if tail and not trigger[1]:
                self._triggers.setdefault(trigger[0], set()).add(entry.role)
            book.setdefault(head[0], []).append((tuple(tail), entry))
            if head[1] and len(head[0]) not in self._lengths:
                self._lengths.append(len(head[0]))
                self._lengths.sort(reverse=True)

    def learn_compounds(self, code: str, parts: dict[str, tuple[float, bool]], links: Sequence[str]) -> None:
        """Let a language write its number words as one: the parts they are made of, the links between."""
        self._compounds.append((code, parts, links))

    def starts(self, word: str, lang: str) -> tuple[Start, ...]:
        """The forms that begin with a word, those with the most words first, longer stems before shorter."""
        cache = self._cache.setdefault(lang, {})
        known = cache.get(word)
        if known is None:
            if len(cache) > _CACHED_WORDS:
                cache.clear()
            known = cache[word] = tuple(sorted(self._look_up(word, lang), key=lambda start: -len(start[0])))
        return known

    def _look_up(self, word: str, lang: str) -> list[Start]:
        found = self._of(word)
        for tongue in self.tongues.values():
            for prefix, linked in tongue.strip:
                if word.startswith(prefix) and len(word) - len(prefix) >= 2:
                    found += [
                        (tail, _link(entry) if linked else entry)
                        for tail, entry in self._of(word[len(prefix) :])
                        if entry.lang == tongue.code
                    ]
        return self._choose(found, word, lang)

    def _of(self, word: str) -> list[Start]:
        found = list(self._exact.get(word, ()))
        for length in self._lengths:
            if length <= len(word):
                found += self._prefix.get(word[:length], ())
        if not found and len(word) > 4:
            for code, parts, links in self._compounds:
                pieces = split_compound(word, parts, links)
                if pieces:
                    found.append(((), Entry("number", code, pieces=pieces)))
        return found

    def _choose(self, found: list[Start], word: str, lang: str) -> list[Start]:
        """Own language before its kin before all others; a short word of a stranger is not believed."""
        kin = self.tongues[lang].kin if lang in self.tongues else frozenset()
        ranked: dict[int, list[Start]] = {0: [], 1: [], 2: []}
        phrases: list[Start] = []
        for start in found:
            code = start[1].lang
            rank = 0 if code in (lang, "") else 1 if code in kin else 2
            letters = len(word) + sum(len(text) for text, _ in start[0])
            if rank == 2 and letters < _LONG_ENOUGH + 2 * bool(start[0]) and word[0] < _BEYOND_CYRILLIC:
                continue
            if start[0]:
                phrases.append(start)
            else:
                ranked[rank].append(start)
        return phrases + (ranked[0] or ranked[1] or ranked[2])

    def any_in(self, toks: Sequence[Token], roles: frozenset[str]) -> bool:
        """Whether a word of the text begins a form of one of the roles in any language, or is a number in digits.

        The one look-up a word that most posts cost. Always asked with the same roles.
        """
        known = self._hot
        for token in toks:
            hot = known.get(token.text)
            if hot is None:
                hot = self._is_hot(token.text, roles)
            if hot:
                return True
        return False

    def _is_hot(self, word: str, roles: frozenset[str]) -> bool:
        if len(self._hot) > _CACHED_WORDS:
            self._hot.clear()
        single = (start for code in self.tongues for start in self.starts(word, code))
        hot = (
            word[0].isdigit()
            or not roles.isdisjoint(self._triggers.get(word, ()))
            or any(entry.role in roles and (not tail or any(ending for _, ending in tail)) for tail, entry in single)
        )
        self._hot[word] = hot
        return hot

    def guess(self, toks: Sequence[Token], lang: str | None) -> str:
        """The language to read by: the one told, else the one whose letters or words are there."""
        code = (lang or "").split("-")[0]
        if code in self.tongues:
            return code
        letters = {letter for token in toks[:400] for letter in token.text}
        for tongue in self.tongues.values():
            if tongue.letters & letters:
                return tongue.code
        if any("\u0400" <= letter <= "\u04ff" for letter in letters):
            return "ru"
        votes: dict[str, int] = {}
        for token in toks[:60]:
            for _, entry in self._of(token.text):
                votes[entry.lang] = votes.get(entry.lang, 0) + len(token.text)
        return max(sorted(votes), key=lambda c: (votes[c], c == "en"), default="en")

    def find(self, toks: Sequence[Token], lang: str) -> list[Found]:
        """For every token the roles of the forms that begin there: role → (token after the form, entry)."""
        known = self._sorted.setdefault(lang, {})
        sorted_ = [known.get(token.text) or self._sort(token.text, lang, known) for token in toks]
        return [self._match(toks, at, of_word) if of_word[0] else NOTHING for at, of_word in enumerate(sorted_)]

    def _sort(self, word: str, lang: str, known: dict[str, _Sorted]) -> _Sorted:
        """What begins with a word: all, those of this word alone, and how the second word of the others may begin."""
        starts = self.starts(word, lang)
        alone: dict[str, Entry] = {}
        for tail, entry in starts:
            if not tail:
                alone.setdefault(entry.role, entry)
        onward = tuple({tail[0][0] for tail, _ in starts if tail})
        if len(known) > _CACHED_WORDS:
            known.clear()
        made = known[word] = (starts, tuple(alone.items()), onward)
        return made

    def _match(self, toks: Sequence[Token], index: int, of_word: _Sorted) -> Found:
        starts, alone, onward = of_word
        if not onward or index + 1 >= len(toks) or not toks[index + 1].text.startswith(onward):
            return {role: (index + 1, entry) for role, entry in alone} if alone else NOTHING
        found: dict[str, tuple[int, Entry]] = {}
        for tail, entry in starts:
            if entry.role not in found and (not tail or _follows(toks, index + 1, tail)):
                found[entry.role] = (index + 1 + len(tail), entry)
        return found


def parse_form(phrase: str) -> list[Pattern]:
    """The folded words of a form.

    >>> parse_form("с_половин*")
    [('с', False), ('половин', True)]
    """
    pieces: list[Pattern] = []
    for token in tokens(fold(phrase.replace("_", " "))):
        if token.text == "*" and pieces:
            pieces[-1] = (pieces[-1][0], True)
        else:
            pieces.append((token.text, False))
    return pieces


def _follows(toks: Sequence[Token], index: int, tail: tuple[Pattern, ...]) -> bool:
    if index + len(tail) > len(toks):
        return False
    for offset, (text, prefix) in enumerate(tail):
        word = toks[index + offset].text
        if word != text and not (prefix and word.startswith(text)):
            return False
    return True


def _link(entry: Entry) -> Entry:
    return Entry(entry.role, entry.lang, entry.value, entry.unit, entry.detail, True, entry.approx, entry.pieces)
