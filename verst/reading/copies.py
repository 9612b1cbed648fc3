"""Copies: forwards, reposts and near-copies of one text are one voice, first seen in one post.

Near-copies are found by MinHash over words in threes, banded (Broder 1997, Leskovec et al. ch. 3), among the posts of
the last days; short everyday words ("+", "спасибо", "стоим") are nobody's copy. What is one voice in other words
(a bulletin translated, an offer under other names) is found by what it says: `verst.reading.retold`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rensa import RMinHash

from verst.model import Post, Report
from verst.reading.retold import RetoldFinder
from verst.reading.text import fold, tokens

_PERMUTATIONS = 64
_BANDS = 16
_ROWS = _PERMUTATIONS // _BANDS
_ALIKE = 0.72  # share of equal hash values from which two texts are one
_FEWEST_WORDS = 6
WINDOW = timedelta(days=4)  # how long a text is remembered
_MOST = 200_000


@dataclass(frozen=True, slots=True)
class _Seen:
    post: str
    at: datetime
    digest: tuple[int, ...]


class CopyFinder:
    """Remembers the texts of the last four days. Feed it posts in the order of their time."""

    def __init__(self) -> None:
        self._bands: list[dict[tuple[int, ...], str]] = [{} for _ in range(_BANDS)]
        self._seen: OrderedDict[str, _Seen] = OrderedDict()
        self._forwards: OrderedDict[tuple[str, str], tuple[str, datetime]] = OrderedDict()
        self._retold = RetoldFinder()

    def find(self, post: Post, reports: Sequence[Report] = ()) -> str | None:
        """The id of the first post of the copy group this one belongs to; None when it is the first itself.

        ``reports``: what the post says, by which it is known in other words.
        """
        self._forget(post.posted_at)
        words = _words_of(post)
        root = self._alike(post, words) or self._forwarded(post, words) or self._retold.find(post, reports)
        root = root if root != post.id else None
        self._take(post, words, root, reports)
        return root

    def remember(self, post: Post, root: str | None, reports: Sequence[Report] = ()) -> None:
        """Take in a post whose copy group was found before, as `find` left it: to go on in the middle of a history."""
        self._take(post, _words_of(post), root, reports)

    def copy(self) -> CopyFinder:
        """Another that remembers the same, and goes on from it by itself."""
        other = CopyFinder()
        other._bands = [dict(band) for band in self._bands]
        other._seen, other._forwards = self._seen.copy(), self._forwards.copy()
        other._retold = self._retold.copy()
        return other

    def _take(self, post: Post, words: list[str], root: str | None, reports: Sequence[Report]) -> None:
        """First posts are remembered by their words and by what they say; of forwards, where they come from."""
        if post.forwarded_from and words:
            self._forwards.setdefault(_origin(post, words), (root or post.id, post.posted_at))
        if root is None:
            self._retold.remember(post, reports)
        if root is None and len(words) >= _FEWEST_WORDS:
            digest = _digest(words)
            self._seen[post.id] = _Seen(post.id, post.posted_at, digest)
            for number, band in enumerate(self._bands):
                band.setdefault(digest[number * _ROWS : (number + 1) * _ROWS], post.id)

    def _forwarded(self, post: Post, words: list[str]) -> str | None:
        known = self._forwards.get(_origin(post, words)) if post.forwarded_from and words else None
        return known[0] if known is not None else None

    def _alike(self, post: Post, words: list[str]) -> str | None:
        if len(words) < _FEWEST_WORDS:
            return None
        digest = _digest(words)
        for number, band in enumerate(self._bands):
            candidate = self._seen.get(band.get(digest[number * _ROWS : (number + 1) * _ROWS], ""))
            if candidate is not None and candidate.post != post.id and _likeness(candidate.digest, digest) >= _ALIKE:
                return candidate.post
        return None

    def _forget(self, now: datetime) -> None:
        while self._seen:
            oldest = next(iter(self._seen.values()))
            if len(self._seen) <= _MOST and now - oldest.at <= WINDOW:
                break
            del self._seen[oldest.post]
            for number, band in enumerate(self._bands):
                key = oldest.digest[number * _ROWS : (number + 1) * _ROWS]
                if band.get(key) == oldest.post:
                    del band[key]
        while self._forwards and now - next(iter(self._forwards.values()))[1] > WINDOW:
            self._forwards.popitem(last=False)


def _words_of(post: Post) -> list[str]:
    return [token.text for token in tokens(fold(post.text)) if token.text[0].isalnum()]


def _origin(post: Post, words: list[str]) -> tuple[str, str]:
    return str(post.forwarded_from), " ".join(words[:40])


def _digest(words: list[str]) -> tuple[int, ...]:
    """Hash values of the words in threes; figures count as they are: 5 km and 8 km are two texts."""
    threes = [" ".join(words[i : i + 3]) for i in range(len(words) - 2)]
    figures = [f"#{word}" for word in words if word.isdigit()]
    hashed = RMinHash(num_perm=_PERMUTATIONS, seed=42)
    hashed.update(threes + figures)
    return tuple(hashed.digest())


def _likeness(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)
