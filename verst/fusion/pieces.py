"""What is held against a saying: pieces of evidence in the order of time, and where the saying stands after each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from verst.fusion.rows import WITNESS, Gate, tier_of
from verst.fusion.verdicts import AFAR, DENIED, Reason, Verdict
from verst.model import Heard, Report, Rule, Saying


@dataclass(slots=True)
class Entry:
    """One saying, the posts that pass it on (the first of them first), and those that deny it."""

    saying: Saying
    posts: list[Heard]
    denials: list[Heard] = field(default_factory=list)

    @property
    def last(self) -> datetime:
        """When it was passed on last."""
        return self.posts[-1].posted_at


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known at one moment, in the order of time."""

    heard: tuple[Heard, ...]
    reports: tuple[Report, ...]
    at: datetime
    gate: Gate
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of evidence: which ``way`` it speaks, and how much. One root and one voice count once each way."""

    at: datetime
    way: str
    weight: float
    reason: Reason
    post: str
    root: str
    voice: str
    value: float | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a saying stands after a piece of evidence."""

    at: datetime
    verdict: Verdict
    reason: Reason
    post: str
    value: float | str | None
    speaks_for: float
    against: float
    witnesses: int


Sums = dict[str, float]


def weigh(pieces: Iterable[Piece], verdict: Callable[[Sums, Piece], Verdict], supports: tuple[str, ...]) -> list[Step]:
    """The steps that pieces make, in order of time; ``supports`` are the ways that speak for the saying."""
    sums: Sums = {}
    counted: set[tuple[str, str]] = set()
    witnesses, steps = 0, list[Step]()
    for piece in sorted(pieces, key=lambda each: (each.at, each.post, each.way, each.weight)):
        marks = {(piece.way, f"root {piece.root}"), (piece.way, f"voice {piece.voice}")}
        if marks & counted:
            continue
        counted |= marks
        sums[piece.way] = sums.get(piece.way, 0.0) + piece.weight
        witnesses += piece.way in supports and piece.weight > 0.0
        for_it = sum(weight for way, weight in sums.items() if way in supports)
        steps.append(
            Step(at=piece.at, verdict=verdict(sums, piece), reason=piece.reason, post=piece.post, value=piece.value,
                 speaks_for=for_it, against=sum(sums.values()) - for_it, witnesses=witnesses)
        )  # fmt: skip
    return steps


def piece_of(
    told: Report | Heard, way: str, weights: dict[int, float], reason: Reason, *, at: datetime | None = None,
    share: float = 1.0, value: float | str | None = None,
) -> Piece | None:  # fmt: skip
    """A report or saying as evidence; None where its kind of source is no evidence. From afar it is worth half."""
    tier = tier_of(told)
    if tier not in weights:
        return None
    far = AFAR if tier == WITNESS and told.source == "social" else 1.0
    return Piece(
        at=max(told.posted_at, at) if at is not None else told.posted_at, way=way, weight=weights[tier] * far * share,
        reason=reason, post=told.post, root=told.copy_of or told.post, voice=told.author or told.post, value=value,
    )  # fmt: skip


def denials_of(entry: Entry) -> list[Piece]:
    """Who denies the saying outright: each a voice with its weight, an authority's the heaviest and no verdict."""
    found = []
    for heard in entry.denials:
        office = heard.source == "official" or heard.saying.stance == "official"
        found.append(piece_of(heard, "denied", DENIED, "denied" if office else "denied_there"))
    return [piece for piece in found if piece is not None]
