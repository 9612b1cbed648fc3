"""A post laid out for reading: its tokens, what they stand for, amounts, times, places, sentences and clauses."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from operator import attrgetter
from typing import TypeVar

from verst.model import Mode, Post
from verst.reading.amounts import Amount
from verst.reading.lexicon import Mark, Marks
from verst.reading.places import PlaceHit
from verst.reading.text import LEADER, Token
from verst.reading.times import TimeHit

_ENDS = {".", "!", "?", ";", "…", "•", "|"}
_ENDS_TELLING = _ENDS - {"?"}
_SOFT = {",", ":", "(", ")", "/"}
_BULLETS = re.compile(r"[\u2190-\u21ff\u2600-\u27bf\U0001f300-\U0001faff]")


@cache
def split_names(concepts: str) -> frozenset[str]:
    """Names of concepts with spaces between, as a set. The texts are the rules' own, so there are few."""
    return frozenset(concepts.split())


@dataclass(slots=True)
class Clause:
    """Tokens from ``first`` to ``last``, both included."""

    first: int
    last: int


@dataclass(slots=True)
class Sentence:
    """A sentence or a line of its own."""

    first: int
    last: int
    asks: bool = False  # ends with a question mark
    clauses: list[Clause] = field(default_factory=list)


_FEW = 16  # spans up to which looking at each is quicker than searching
_last = attrgetter("last")
_S = TypeVar("_S", Clause, Sentence)


def _first_to_reach(spans: list[_S], token: int) -> _S:
    """The first span that does not end before a token, else the last of all."""
    if len(spans) > _FEW:
        return spans[min(bisect_left(spans, token, key=_last), len(spans) - 1)]
    for span in spans:
        if token <= span.last:
            return span
    return spans[-1]


@dataclass(slots=True)
class Scene:
    """Everything the rules look at. ``reply`` is the scene of the post that is answered, where its words are known."""

    post: Post
    folded: str
    toks: list[Token]
    marks: Marks
    amounts: list[Amount]
    times: list[TimeHit]
    places: list[PlaceHit]
    sentences: list[Sentence]
    reply: Scene | None = None
    ad: bool = False
    title_official: bool = False  # the name of the chat is an authority's
    title_mode: Mode | None = None  # the means a chat of lorry drivers or cyclists is about
    title: list[PlaceHit] = field(default_factory=list)  # places the name of the chat names
    offset_minutes: int = 0  # of the clock the post speaks by, against UTC

    def sentence(self, token: int) -> Sentence:
        """The sentence a token lies in."""
        return _first_to_reach(self.sentences, token)

    def clause(self, token: int) -> Clause:
        """The clause a token lies in."""
        return _first_to_reach(self.sentence(token).clauses, token)

    def has(self, concepts: str | Iterable[str], span: Clause | Sentence | None = None) -> bool:
        """Whether one of the concepts (names with spaces between, or a list) occurs in a clause, sentence or post."""
        names = split_names(concepts) if isinstance(concepts, str) else frozenset(concepts)
        if names.isdisjoint(self.marks.concepts):
            return False
        return span is None or self.marks.any(names, span.first, span.last)

    def names(self, span: Clause | Sentence | None, what: str) -> bool:
        """Whether a place of that sort (crossing, border, country, town) is named in a span, or anywhere."""
        first, last = (span.first, span.last) if span else (0, len(self.toks))
        return any(hit.what == what and first <= hit.first_token <= last for hit in self.places)

    @property
    def crossings_named(self) -> int:
        """How many different crossings the post names."""
        return len({hit.ids for hit in self.places if hit.what == "crossing"})

    def between_places(self, span: Clause | Sentence) -> bool:
        """«от поста до аула»: a way between the border and somewhere else, which is no queue and no wait."""
        ends = [
            self._at_border(mark.last + 1)
            for concept in ("from", "to")
            for mark in [m for m in self.marks.within(concept, span.first, span.last) if not self._in_figure(m)][:1]
        ]
        return len(ends) == 2 and ends[0] != ends[1]

    def _in_figure(self, mark: Mark) -> bool:
        """«три с половиной часа», «16 часов с маленьким»: a "with" that is part of a figure, or says who is there."""
        if any(a.first_token <= mark.first and mark.last <= a.last_token for a in self.amounts):
            return True
        after = mark.last + 1
        placed = self._at_border(after) or any(after <= h.first_token <= after + 1 for h in self.places)
        return self.marks.has("together", mark.first, mark.last) and not placed

    def _at_border(self, token: int) -> bool:
        """Whether the next words name a crossing or a part of it."""
        near = token, min(token + 2, len(self.toks) - 1)
        named = any(h.what == "crossing" and near[0] <= h.first_token <= near[1] for h in self.places)
        return named or self.marks.any(("border", "queue"), *near)

    @property
    def from_newsroom(self) -> bool:
        """Whether the post is of a news site or a channel, which speak of others' crossings."""
        return self.post.chat.kind in ("news", "channel")

    @property
    def in_group_about_one(self) -> bool:
        """Whether the post stands in a group that is about one crossing."""
        return self.post.chat.kind == "group" and self.post.chat.about is not None

    @property
    def answers_how_long(self) -> bool:
        """Whether the post answers how long somebody stands or stood: «сколько стоять?», «сколько вы отстояли?»."""
        asked = self.reply
        if asked is None:
            return False
        return asked.has("q_long") or any(s.asks and asked.has("stand waited", s) for s in asked.sentences)

    def near(self, concepts: str, first: int, last: int, reach: int) -> bool:
        """Whether one of the concepts occurs at most ``reach`` tokens before or after a span of a sentence."""
        sentence = self.sentence(first)
        return self.marks.any(
            split_names(concepts), max(sentence.first, first - reach), min(sentence.last, last + reach)
        )

    def offsets(self, first: int, last: int) -> tuple[int, int]:
        """Letters from the first token to the last: a span of the text."""
        return self.toks[first].start, self.toks[last].end


_LABEL_WORDS = 3


def split_sentences(
    toks: Sequence[Token],
    folded: str,
    original: str,
    shortened: frozenset[int] = frozenset(),
    months: frozenset[int] = frozenset(),
) -> list[Sentence]:
    """Cut at ends of sentences and lines, then at commas, colons, brackets and free-standing dashes.

    ``shortened`` are the tokens that are abbreviations, ``months`` those that name one: no sentence ends at the dot
    after the one, nor at that between a number and the other.
    """
    sentences: list[Sentence] = []
    start, last = 0, len(toks) - 1
    lines = "\n" in folded
    for index, token in enumerate(toks):
        if not lines and index < last and token.text not in _ENDS:
            continue
        dotted = token.text == "." and index - 1 in shortened and _goes_on(toks, index, folded)
        dotted = dotted and not _begins_anew(toks, index, original)
        dotted = dotted or (index + 1 in months and token.text == "." and index > 0 and toks[index - 1].text.isdigit())
        if not dotted and _ends_sentence(toks, index, folded, original):
            sentence = Sentence(start, index)
            sentence.asks = _asks(toks, start, index)
            sentence.clauses = _split_clauses(toks, sentence, folded)
            sentences.append(sentence)
            start = index + 1
    return _join_stray_signs(sentences, toks)


def _goes_on(toks: Sequence[Token], index: int, folded: str) -> bool:
    """Whether something follows a token in its own line."""
    return index < len(toks) - 1 and "\n" not in folded[toks[index].end : toks[index + 1].start]


def _begins_anew(toks: Sequence[Token], index: int, original: str) -> bool:
    """«просять 3000 грн. Совість …»: a unit behind its figure, its dot, and a capital letter."""
    figure = index > 1 and toks[index - 2].text.isdigit()
    return figure and original[toks[index + 1].start].isupper()


def _join_stray_signs(sentences: list[Sentence], toks: Sequence[Token]) -> list[Sentence]:
    """A sentence of signs alone belongs to the one before it: "???" or "!!" or "..."."""
    joined: list[Sentence] = []
    for sentence in sentences:
        if joined and not any(toks[i].text[0].isalnum() for i in range(sentence.first, sentence.last + 1)):
            before = joined[-1]
            before.last = sentence.last
            before.asks = before.asks or sentence.asks
            before.clauses[-1].last = sentence.last
        else:
            joined.append(sentence)
    return joined


def _asks(toks: Sequence[Token], first: int, last: int) -> bool:
    while last > first and toks[last].text in _ENDS_TELLING:
        last -= 1
    return toks[last].text == "?"


def _ends_sentence(toks: Sequence[Token], index: int, folded: str, original: str) -> bool:
    token = toks[index]
    after = toks[index + 1] if index + 1 < len(toks) else None
    if after is None:
        return True
    gap = folded[token.end : after.start]
    if "\n" in gap:
        return True
    if token.text not in _ENDS:
        return False
    if token.text in {"!", "?", "…", "•", "|", ";"}:
        return True
    if _in_leader(toks, index) or _leads_to_figure(toks, index, folded):
        return False
    if not gap:  # 3.5, т.р., 12.30, or "..."
        return after.text == "."
    before = toks[index - 1] if index else None
    lower = original[after.start].islower() or original[after.start].isdigit()
    if before is not None and before.text.isdigit() and "a" <= folded[after.start] <= "z":
        return original[after.start].isupper()  # «dem 19. endgültig», but "by car: 2h10. They opened"
    short = before is not None and len(before.text) <= 3 and before.text.isalpha() and len(before.text) < 3
    return not (short and lower)


def _leads_to_figure(toks: Sequence[Token], index: int, folded: str) -> bool:
    """«Krakovets ... 42 cars»: dots between the name at the head of a line and its figure."""
    first = last = index
    while first > 0 and toks[first - 1].text == ".":
        first -= 1
    while last + 1 < len(toks) and toks[last + 1].text == ".":
        last += 1
    head = folded.rfind("\n", 0, toks[first].start) + 1
    label = folded[head : toks[first].start].strip()
    number = last + 1 < len(toks) and toks[last + 1].text.isdigit()
    listed = "\n" in folded and len(label.split()) <= _LABEL_WORDS
    return last > first and number and listed and "\n" not in folded[toks[last].end : toks[last + 1].start]


def _in_leader(toks: Sequence[Token], index: int) -> bool:
    """Whether a dot is one of those that lead from a name to its figure: «Шегині ........ 35»."""
    first = last = index
    while first > 0 and toks[first - 1].text == "." and index - first <= LEADER:
        first -= 1
    while last + 1 < len(toks) and toks[last + 1].text == "." and last - index <= LEADER:
        last += 1
    return last - first >= LEADER


def _split_clauses(toks: Sequence[Token], sentence: Sentence, folded: str) -> list[Clause]:
    clauses: list[Clause] = []
    start, last = sentence.first, sentence.last
    for index, token in enumerate(toks[start:last], start):
        if _may_end_clause(token.text) and _ends_clause(toks, index, folded):
            clauses.append(Clause(start, index))
            start = index + 1
    clauses.append(Clause(start, last))
    return clauses


@lru_cache(maxsize=65_536)
def _may_end_clause(text: str) -> bool:
    return text in _SOFT or text == "-" or _BULLETS.match(text) is not None


def _ends_clause(toks: Sequence[Token], index: int, folded: str) -> bool:
    token, after = toks[index], toks[index + 1]
    spaced = after.start > token.end
    if token.text in _SOFT:
        digits = index and toks[index - 1].text.isdigit() and after.text.isdigit()
        return not (digits and not spaced)
    if token.text == "-":
        return spaced and index > 0 and toks[index - 1].end < token.start
    return bool(_BULLETS.match(token.text))
