"""The ledger of rumours: claims that spread by hearsay, what speaks for and against each, and since when.

It never says who: only how many, of what standing, and when. An authority's word is evidence, not the verdict: it is
weighed with what people at the place see, and what speaks for a claim counts like what speaks against it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from verst.fusion.rows import OFFICIAL, WITNESS, tier_of
from verst.model import Report

Verdict = Literal["unverified", "supported", "disputed", "contradicted"]

SAME = 0.25  # figures closer than that (log) are one rumour
APART = math.log(3.0)  # a figure from the place so far off speaks against it
NEAR = timedelta(hours=24)  # … when said within a day of it
SPREAD = 3  # posts by hearsay that make a rumour of a claim
DENIED = {OFFICIAL: 2.0, WITNESS: 1.0}
OTHERWISE = {OFFICIAL: 1.5, WITNESS: 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A moment at which the verdict changed, why, and the post that changed it."""

    at: datetime
    verdict: Verdict
    why: str
    post: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rumour:
    """One claim that spread. ``witnesses`` are independent people at the place, or authorities, who say the same."""

    crossing: str
    kind: str
    value: float | str | None
    tag: str | None
    first_seen: datetime
    last_seen: datetime
    first_source: str
    posts: int
    roots: int
    communities: int
    witnesses: int
    speaks_for: float
    speaks_against: float
    verdict: Verdict
    turns: tuple[Turn, ...]


@dataclass(slots=True)
class _Entry:
    first: Report
    last: datetime
    heard: int = 0
    posts: int = 0
    roots: set[str] = field(default_factory=set)
    communities: set[str] = field(default_factory=set)
    supporters: dict[str, float] = field(default_factory=dict)
    opponents: dict[str, float] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)


def ledger(reports: Iterable[Report], at: datetime) -> list[Rumour]:
    """Every rumour known by ``at``, the most spread first; reports in any order, each counted once."""
    entries: dict[tuple[str, str, str | None], list[_Entry]] = {}
    recent: dict[tuple[str, str, str | None], list[Report]] = {}
    known = sorted((each for each in reports if each.posted_at <= at), key=lambda each: (each.posted_at, each.post))
    for report in known:
        claim = report.claim
        key = (claim.crossing, claim.kind, claim.tag)
        _note(entries.setdefault(key, []), recent.setdefault(key, []), report)
    found = [_rumour(entry) for group in entries.values() for entry in group if _is_rumour(entry)]
    return sorted(found, key=lambda each: (-each.posts, each.first_seen, each.crossing, each.kind, str(each.value)))


def _is_rumour(entry: _Entry) -> bool:
    return entry.heard >= SPREAD or (entry.heard >= 1 and bool(entry.opponents))


def _note(group: list[_Entry], recent: list[Report], report: Report) -> None:
    recent[:] = [each for each in recent if report.posted_at - each.posted_at <= NEAR]
    own = next((entry for entry in group if same(entry.first, report)), None)
    if own is None and not report.denies:
        own = _Entry(first=report, last=report.posted_at)
        group.append(own)
        for earlier in recent:
            _weigh(own, earlier, report)
    if own is not None and not report.denies:
        own.last = report.posted_at
        own.posts += 1
        own.roots.add(report.copy_of or report.post)
        own.communities.add(report.community or report.source)
        own.heard += tier_of(report) not in (OFFICIAL, WITNESS)
    for entry in group:
        if report.posted_at - entry.last <= NEAR:
            _weigh(entry, report, report)
    recent.append(report)


def same(one: Report, other: Report) -> bool:
    """True when both speak of the same figure, option or tag."""
    a, b = one.claim.value, other.claim.value
    if isinstance(a, int | float) and isinstance(b, int | float):
        return abs(_log(a) - _log(b)) < SAME
    return a == b


def _log(value: float) -> float:
    return math.log(max(0.05, abs(value)))


def _weigh(entry: _Entry, evidence: Report, now: Report) -> None:
    """Count one report for or against an entry, and turn the verdict when it changes."""
    tier, voice = tier_of(evidence), evidence.author or evidence.post
    if tier not in DENIED:
        return
    if evidence.denies:
        if not same(entry.first, evidence):
            return
        entry.opponents[voice], why = DENIED[tier], "denied by an authority" if tier == OFFICIAL else "denied there"
    elif same(entry.first, evidence):
        entry.supporters[voice], why = OTHERWISE[tier], "said by an authority" if tier == OFFICIAL else "seen there"
    elif _contradicts(entry.first, evidence):
        entry.opponents[voice], why = OTHERWISE[tier], _other_word(evidence)
    else:
        return
    verdict = judge(sum(entry.supporters.values()), sum(entry.opponents.values()))
    before = entry.turns[-1].verdict if entry.turns else "unverified"
    if verdict != before:
        entry.turns.append(Turn(at=now.posted_at, verdict=verdict, why=why, post=evidence.post))


def _other_word(evidence: Report) -> str:
    who = "an authority" if tier_of(evidence) == OFFICIAL else "somebody there"
    return f"{who} says {evidence.claim.value}"


def _contradicts(first: Report, evidence: Report) -> bool:
    a, b = first.claim.value, evidence.claim.value
    if first.claim.mode != evidence.claim.mode and "any" not in (first.claim.mode, evidence.claim.mode):
        return False
    if isinstance(a, int | float) and isinstance(b, int | float):
        too_little = evidence.claim.bound == "min" and _log(b) < _log(a)  # "more than" cannot be too little
        return abs(_log(a) - _log(b)) > APART and not too_little
    stopped = {"closed", "paused"}
    return isinstance(a, str) and isinstance(b, str) and (a in stopped) != (b in stopped)


def judge(speaks_for: float, speaks_against: float) -> Verdict:
    """The verdict on what witnesses (1 each) and authorities (1.5, a denial 2) say.

    >>> judge(0.0, 0.0), judge(2.0, 0.0), judge(0.0, 1.5), judge(2.0, 1.5)
    ('unverified', 'supported', 'contradicted', 'disputed')
    """
    if speaks_against >= 1.5 and speaks_against > 2.0 * speaks_for:
        return "contradicted"
    if speaks_against > 0.0:
        return "disputed"
    return "supported" if speaks_for >= 2.0 else "unverified"


def _rumour(entry: _Entry) -> Rumour:
    claim = entry.first.claim
    speaks_for, speaks_against = sum(entry.supporters.values()), sum(entry.opponents.values())
    return Rumour(
        crossing=claim.crossing, kind=claim.kind, value=claim.value, tag=claim.tag,
        first_seen=entry.first.posted_at, last_seen=entry.last, first_source=entry.first.source,
        posts=entry.posts, roots=len(entry.roots), communities=len(entry.communities),
        witnesses=len(entry.supporters), speaks_for=speaks_for, speaks_against=speaks_against,
        verdict=judge(speaks_for, speaks_against), turns=tuple(entry.turns),
    )  # fmt: skip
