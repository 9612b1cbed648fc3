"""The posts an estimate rests on, with the words that say it marked, and why some count less."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from verst.model import Claim, Estimate, Evidence, Post, Reading
from verst.store import Asked, Store

MOST_SHOWN = 12
EACH_SHOWN = 4  # of one estimate, so that every one of them is heard
ASKED_SINCE = timedelta(days=3)
ANSWERS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """One post as evidence. ``pieces``: its text cut up, True where the words say the claim."""

    evidence: Evidence
    estimate: Estimate
    post: Post | None
    pieces: tuple[tuple[str, bool], ...]
    url: str | None


@dataclass(frozen=True, slots=True)
class Topic:
    """What people ask: how often, the newest way they asked it, and the answers people gave."""

    topic: str
    times: int
    newest: Post
    answers: tuple[Post, ...]


def safe_url(url: str | None) -> str | None:
    """A link that may be shown: web pages only.

    >>> safe_url("javascript:alert(1)"), safe_url("https://example.org/a")
    (None, 'https://example.org/a')
    """
    return url if url and url.startswith(("https://", "http://")) else None


def cut_spans(text: str, spans: Iterable[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    """The text in pieces, True for those inside a span. Spans may overlap or reach past the end.

    >>> cut_spans("stood 6 hours there", [(6, 13)])
    (('stood ', False), ('6 hours', True), (' there', False))
    """
    pieces, done = [], 0
    for start, end in sorted(spans):
        start, end = max(start, done), min(end, len(text))
        if start >= end:
            continue
        if start > done:
            pieces.append((text[done:start], False))
        pieces.append((text[start:end], True))
        done = end
    if done < len(text):
        pieces.append((text[done:], False))
    return tuple(pieces)


@dataclass(frozen=True, slots=True)
class Found:
    """One post that was searched for. ``pieces``: its text cut up, True where the words say something."""

    post: Post
    pieces: tuple[tuple[str, bool], ...]
    url: str | None


def find_posts(store: Store, terms: Sequence[Sequence[str]], until: datetime, limit: int) -> list[Found]:
    """The posts that were searched for, newest first, with the words that say something marked."""
    posts = store.search(terms, until, limit)
    readings = store.readings([post.id for post in posts])
    found = []
    for post in posts:
        reading = readings.get(post.id)
        spans = [claim.span for claim in reading.claims if claim.span is not None] if reading else []
        found.append(Found(post, cut_spans(post.text, spans), safe_url(post.url)))
    return found


def says(claim: Claim, estimate: Estimate, kind: str | None = None) -> bool:
    """Whether a claim is one of those an estimate is made of. ``kind``: of the claim, where it is another unit."""
    return (
        claim.kind == (kind or estimate.kind)
        and claim.crossing == estimate.crossing
        and claim.tag == estimate.tag
        and claim.span is not None
    )


def find_evidence(store: Store, estimates: Iterable[Estimate], limit: int = MOST_SHOWN) -> list[Shown]:
    """The posts behind these estimates, each once: the first estimates' first, and of each the newest first."""
    chosen: dict[str, tuple[Evidence, Estimate]] = {}
    for estimate in estimates:
        for piece in pick_pieces(estimate.evidence):
            chosen.setdefault(piece.post, (piece, estimate))
    pairs = list(chosen.values())[:limit]
    ids = [piece.post for piece, _ in pairs]
    posts, readings = store.posts(ids), store.readings(ids)
    return [show_post(piece, told, posts.get(piece.post), readings.get(piece.post)) for piece, told in pairs]


def pick_pieces(evidence: Iterable[Evidence]) -> list[Evidence]:
    """The heaviest few of an estimate's evidence, and its newest, whose age stands beside the figure; newest first."""
    ranked = sorted(evidence, key=weigh)
    picked = ranked[:EACH_SHOWN]
    if len(ranked) > EACH_SHOWN:
        newest = max(ranked, key=lambda piece: (piece.said_at, piece.post))
        picked = picked if newest in picked else [*picked[:-1], newest]
    return sorted(picked, key=lambda piece: (-piece.said_at.timestamp(), piece.post))


def weigh(piece: Evidence) -> tuple[bool, float, float, str]:
    """Posts of the kind itself first, then heavy ones, then new ones."""
    return piece.kind is not None, -piece.weight, -piece.said_at.timestamp(), piece.post


def show_post(piece: Evidence, estimate: Estimate, post: Post | None, reading: Reading | None) -> Shown:
    """One post with its words marked."""
    if post is None:
        return Shown(piece, estimate, None, (), None)
    claims = reading.claims if reading else ()
    spans = [claim.span for claim in claims if claim.span and says(claim, estimate, piece.kind)]
    return Shown(piece, estimate, post, cut_spans(post.text, spans), safe_url(post.url))


def find_topics(store: Store, crossing: str, at: datetime, limit: int = 6) -> list[Topic]:
    """What people asked in the last three days, most asked first. Answers written after ``at`` do not count."""
    groups: dict[str, list[Asked]] = {}
    for asked in store.asked(crossing, at - ASKED_SINCE, at, 200):
        groups.setdefault(asked.question.topic, []).append(asked)
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return [make_topic(topic, group, at) for topic, group in ranked[:limit]]


def make_topic(topic: str, group: list[Asked], at: datetime) -> Topic:
    """One topic, shown by the newest question that somebody answered, else by the newest."""
    newest_first = sorted(group, key=lambda asked: (asked.post.posted_at, asked.post.id), reverse=True)
    answers = {asked.post.id: [post for post in asked.answers if post.posted_at <= at] for asked in newest_first}
    shown = next((asked.post for asked in newest_first if answers[asked.post.id]), newest_first[0].post)
    ranked = sorted(answers[shown.id], key=lambda post: (post.posted_at, post.id), reverse=True)
    return Topic(topic, len(group), shown, tuple(ranked[:ANSWERS_SHOWN]))


def find_label(store: Store, estimates: Iterable[Estimate], limit: int = 40) -> str | None:
    """A label that posts behind these estimates carry, such as that they were reconstructed."""
    ids = list(islice((piece.post for estimate in estimates for piece in estimate.evidence), limit))
    posts = store.posts(ids)
    return next((post.label for name in ids if (post := posts.get(name)) and post.label), None)
