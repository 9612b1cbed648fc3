"""One voice in other words: a bulletin told by many outlets in their own languages, an offer under many names.

Two posts retell one bulletin when they give the same figures at the same crossings, neither as seen by the writer, in
two chats within a few hours; the figures must be too many or too odd to be equal by chance. An authority's own post is
nobody's retelling. Two offers are one when they ask the same price for the same and share most of their words.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from verst.model import Post, Report
from verst.reading.text import fold, tokens

TOLD_WITHIN = timedelta(hours=4)  # a bulletin and its retellings; later the same figures are news again
OFFERED_WITHIN = timedelta(days=4)
LEAST_DIGITS = 4  # of all equal figures together, zeros at their ends left out: 35 and 120, or 10804, but not 10 and 40
ALIKE_OFFERS = 0.6  # share of words in common, whatever their order
_LEAST_LETTERS = 3
_MOST = 20_000
_CUT = frozenset("phone handle name mail card address link plate".split())  # what stands where the door cut something


@dataclass(frozen=True, slots=True)
class _Told:
    post: str
    at: datetime
    chat: Hashable
    what: frozenset[Hashable]  # figures, or words
    official: bool = False


class RetoldFinder:
    """Remembers bulletins for hours and offers for days. Feed it posts in the order of their time."""

    def __init__(self) -> None:
        self._told: OrderedDict[Hashable, list[_Told]] = OrderedDict()

    def find(self, post: Post, reports: Sequence[Report]) -> str | None:
        """The first post of those that this one retells; None when it retells none."""
        told, keys = _told_by(post, reports)
        if not keys or post.official:
            return None
        if any(report.ad for report in reports):
            offers = self._known(keys, post.posted_at - OFFERED_WITHIN)
            return next((other.post for other in offers if _one_offer(told, other)), None)
        bulletins = self._known(keys, post.posted_at - TOLD_WITHIN)
        same = [other for other in bulletins if other.chat != told.chat and _one_bulletin(told, other)]
        return next((other.post for other in same if other.official), same[0].post if same else None)

    def remember(self, post: Post, reports: Sequence[Report]) -> None:
        """Take in a post that retells none."""
        told, keys = _told_by(post, reports)
        for key in keys:
            kept = [other for other in self._told.pop(key, ()) if told.at - other.at <= OFFERED_WITHIN]
            self._told[key] = [*kept, told]
        while len(self._told) > _MOST:
            self._told.popitem(last=False)

    def copy(self) -> RetoldFinder:
        """Another that remembers the same, and goes on from it by itself."""
        other = RetoldFinder()
        other._told = self._told.copy()  # what is kept under a key is replaced, never changed
        return other

    def _known(self, keys: Iterable[Hashable], since: datetime) -> list[_Told]:
        """What was told under one of the keys, the first first."""
        found = {told.post: told for key in keys for told in self._told.get(key, ()) if told.at >= since}
        return sorted(found.values(), key=lambda told: (told.at, told.post))


def _told_by(post: Post, reports: Sequence[Report]) -> tuple[_Told, frozenset[Hashable]]:
    """What a post tells, and by which it is found again: an offer by its prices, a bulletin by its figures."""
    if any(report.ad for report in reports):
        return _Told(post.id, post.posted_at, None, _words_of(post.text)), _prices_of(reports)
    figures = figures_of(reports)
    enough = figures if digits_of(figures) >= LEAST_DIGITS else frozenset()
    return _Told(post.id, post.posted_at, post.chat, figures, post.official), enough


def figures_of(reports: Iterable[Report]) -> frozenset[Hashable]:
    """The figures not seen by the writer: crossing, kind and value (the means is easily lost in translation)."""
    return frozenset(
        (report.claim.crossing, report.claim.kind, report.claim.value)
        for report in reports
        if isinstance(report.claim.value, float | int) and report.claim.stance != "saw" and not report.denies
    )


def digits_of(figures: Iterable[Hashable]) -> int:
    """How many digits the figures have together, zeros at their ends left out.

    >>> digits_of([("lars", "flow", 10804.0)]), digits_of([("lars", "wait", 600.0), ("lars", "queue_length", 5.0)])
    (5, 2)
    """
    values = [figure[2] for figure in figures if isinstance(figure, tuple)]
    return sum(len(f"{value:g}".replace(".", "").strip("0")) if abs(value) < 1e6 else 4 for value in values)


def _one_bulletin(one: _Told, other: _Told) -> bool:
    """Whether one gives nothing but figures of the other, and enough of them."""
    return (one.what <= other.what or other.what <= one.what) and digits_of(one.what & other.what) >= LEAST_DIGITS


def _one_offer(one: _Told, other: _Told) -> bool:
    return len(one.what & other.what) >= ALIKE_OFFERS * len(one.what | other.what)


def _prices_of(reports: Iterable[Report]) -> frozenset[Hashable]:
    claims = [report.claim for report in reports if report.claim.kind == "price"]
    return frozenset((claim.crossing, claim.service, claim.value, claim.currency) for claim in claims)


def _words_of(text: str) -> frozenset[Hashable]:
    words = (token.text for token in tokens(fold(text)) if token.text[0].isalpha())
    return frozenset(word for word in words if len(word) >= _LEAST_LETTERS and word not in _CUT)
