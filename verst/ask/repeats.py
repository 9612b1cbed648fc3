"""The same question asked again and again: clusters with counts, and an answer to pin beside the one before."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from verst.ask.answering import answer
from verst.ask.answers import Answer
from verst.ask.wish import ReadsPosts
from verst.model import Kind, Mode, Post, Region
from verst.store import Asked, Batch, Store

_WORD = re.compile(r"\w+")
MOST_ASKED = 20_000  # questions looked at
SAYS = ("rule", "head", "practice", "nobody", "advice", "label")  # of an answer, what a pinned message says


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """One question that many ask. ``askers``: different people; ``answered``: how often somebody answered it."""

    crossing: str
    topic: str
    mode: Mode
    count: int
    askers: int
    answered: int
    typical: Post  # the question that has most words in common with the others

    @property
    def name(self) -> str:
        """What it is kept under."""
        return f"draft:{self.crossing}|{self.topic}|{self.mode}"


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer to pin: its text, the one drafted before, and what changed, a line each with ``+`` or ``-``."""

    text: str
    before: str
    changes: tuple[str, ...]
    told: Answer


def find_repeats(store: Store, since: datetime, until: datetime, least: int = 2) -> list[Repeat]:
    """Questions asked at least so many times by different people, the most asked first."""
    clusters: dict[tuple[str, str, Mode], list[Asked]] = {}
    for asked in store.asked(None, since, until, MOST_ASKED):
        question = asked.question
        if question.crossing is not None:
            clusters.setdefault((question.crossing, question.topic, question.mode), []).append(asked)
    found = [_repeat(key, some) for key, some in clusters.items()]
    return sorted((r for r in found if r.askers >= least), key=lambda r: (-r.askers, -r.count, r.name))


def _repeat(key: tuple[str, str, Mode], some: Sequence[Asked]) -> Repeat:
    crossing, topic, mode = key
    return Repeat(
        crossing=crossing,
        topic=topic,
        mode=mode,
        count=len(some),
        askers=len({asked.post.author or asked.post.id for asked in some}),
        answered=sum(bool(asked.answers) for asked in some),
        typical=_typical([asked.post for asked in some]),
    )


def _typical(posts: Sequence[Post]) -> Post:
    """The post that has most words in common with the others; of those alike the newest."""
    words = {post.id: set(_WORD.findall(post.text.lower())) for post in posts}
    common = Counter(word for said in words.values() for word in said)

    def shared(post: Post) -> tuple[float, object, str]:
        said = words[post.id]
        return sum(common[word] - 1 for word in said) / (len(said) + 1), post.posted_at, post.id

    return max(posts, key=shared)


def draft(
    repeat: Repeat,
    at: datetime,
    store: Store,
    regions: Sequence[Region],
    kinds: Iterable[Kind] | Mapping[str, Kind],
    reader: ReadsPosts | None = None,
    lang: str | None = None,
) -> Draft:
    """What to pin as the answer now, and what is new in it."""
    told = answer(repeat.typical.text, at, store, regions, kinds, reader, lang, about=repeat.crossing)
    text = "\n".join(line.text for line in told.lines if line.what in SAYS)
    before = (store.state(repeat.name) or b"").decode()
    lines = difflib.ndiff(before.splitlines(), text.splitlines())
    return Draft(text, before, tuple(line for line in lines if line[:1] in "+-"), told)


def keep_draft(store: Store, repeat: Repeat, text: str) -> None:
    """This is what was pinned: the next draft is held against it."""
    store.keep(Batch(states=[(repeat.name, text.encode())]))
