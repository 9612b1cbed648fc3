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
from verst.model import Mode, Report

Verdict = Literal["unverified", "supported", "disputed", "contradicted"]

Key = tuple[str, str, str | None, str | None]  # crossing, kind, tag, and the means a permission is for

Reason = Literal["denied", "denied_there", "said", "seen", "other", "other_there"]
WHY: dict[Reason, str] = {
    "denied": "denied by an authority",
    "denied_there": "denied there",
    "said": "said by an authority",
    "seen": "seen there",
    "other": "an authority says",
    "other_there": "somebody there says",
}
SAME = 0.25  # figures closer than that (log) are one rumour
APART = math.log(3.0)  # a figure from the place so far off speaks against it
NEAR = timedelta(hours=24)  # … when said within a day of it
SPREAD = 3  # posts by hearsay that make a rumour of a claim
AFAR = 0.5  # of a witness: a post on a social network, by somebody who need not be there
DENIED = {OFFICIAL: 2.0, WITNESS: 1.0}
OTHERWISE = {OFFICIAL: 1.5, WITNESS: 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A moment at which the verdict changed, why, and the post that changed it.

    ``reason`` is why in one word, for a page in another language; ``value`` what was said instead.
    """

    at: datetime
    verdict: Verdict
    why: str
    post: str
    reason: Reason
    value: float | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rumour:
    """One claim that spread. ``witnesses`` are independent people at the place, or authorities, who say the same."""

    crossing: str
    kind: str
    value: float | str | None
    tag: str | None
    mode: Mode  # of a permission; any: of whatever means
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
    denied: bool = False  # somebody said outright that it is not so
    supporters: dict[str, float] = field(default_factory=dict)  # by root: copies of one post are one voice
    opponents: dict[str, float] = field(default_factory=dict)
    spoken: set[str] = field(default_factory=set)  # people who were counted: each speaks once
    turns: list[Turn] = field(default_factory=list)


def ledger(reports: Iterable[Report], at: datetime) -> list[Rumour]:
    """Every rumour known by ``at``, the most spread first; reports in any order, each counted once."""
    entries: dict[Key, list[_Entry]] = {}
    recent: dict[Key, list[Report]] = {}
    known = sorted((each for each in reports if each.posted_at <= at), key=lambda each: (each.posted_at, each.post))
    for report in known:
        claim = report.claim
        key = (claim.crossing, claim.kind, claim.tag, claim.mode if claim.kind == "mode_rule" else None)
        _note(entries.setdefault(key, []), recent.setdefault(key, []), report)
    found = [_rumour(entry) for group in entries.values() for entry in group if _is_rumour(entry)]
    return sorted(found, key=lambda each: (-each.posts, each.first_seen, each.crossing, each.kind, str(each.value)))


def _is_rumour(entry: _Entry) -> bool:
    """A claim that spread by hearsay, or one that was heard and denied outright. Another figure alone is no denial."""
    return entry.heard >= SPREAD or (entry.heard >= 1 and entry.denied)


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
    tier, root, voice = tier_of(evidence), evidence.copy_of or evidence.post, evidence.author or evidence.post
    counted = root in entry.supporters or root in entry.opponents
    if tier not in DENIED or (voice in entry.spoken and not counted):
        return
    far, office = (AFAR if tier == WITNESS and evidence.source == "social" else 1.0), tier == OFFICIAL
    reason: Reason
    if evidence.denies:
        if not same(entry.first, evidence):
            return
        entry.denied, reason = True, "denied" if office else "denied_there"
        entry.opponents[root] = DENIED[tier] * far
    elif same(entry.first, evidence):
        reason = "said" if office else "seen"
        entry.supporters[root] = OTHERWISE[tier] * far
    elif _contradicts(entry.first, evidence):
        reason = "other" if office else "other_there"
        entry.opponents[root] = OTHERWISE[tier] * far
    else:
        return
    entry.spoken.add(voice)
    verdict = judge(sum(entry.supporters.values()), sum(entry.opponents.values()))
    before = entry.turns[-1].verdict if entry.turns else "unverified"
    if verdict != before:
        entry.turns.append(_turn(now.posted_at, verdict, reason, evidence))


def _turn(at: datetime, verdict: Verdict, reason: Reason, evidence: Report) -> Turn:
    value = evidence.claim.value if reason in ("other", "other_there") else None
    why = f"{WHY[reason]} {value}" if value is not None else WHY[reason]
    return Turn(at=at, verdict=verdict, why=why, post=evidence.post, reason=reason, value=value)


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
        mode=claim.mode if claim.kind == "mode_rule" else "any",
        first_seen=entry.first.posted_at, last_seen=entry.last, first_source=entry.first.source,
        posts=entry.posts, roots=len(entry.roots), communities=len(entry.communities),
        witnesses=len(entry.supporters), speaks_for=speaks_for, speaks_against=speaks_against,
        verdict=judge(speaks_for, speaks_against), turns=tuple(entry.turns),
    )  # fmt: skip
