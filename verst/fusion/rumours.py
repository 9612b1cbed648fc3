"""The ledger of rumours: claims that spread by hearsay, what speaks for and against each, and since when.

It never says who: only how many, of what standing, and when. An authority's word is evidence, not the verdict: it is
weighed with what people at the place see, and what speaks for a claim counts like what speaks against it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from verst.fusion.rows import OFFICIAL, WITNESS, tier_of
from verst.fusion.sayings import told_rumours
from verst.fusion.sightings import PICTURED, WEIGHT, Recycled, picture_rumours, recycled
from verst.fusion.verdicts import (
    AFAR,
    DENIED,
    NEAR,
    OTHERWISE,
    SAME,
    SPREAD,
    Reason,
    Rumour,
    Turn,
    Verdict,
    judge,
    turn_of,
)
from verst.model import Heard, Region, Report, Sighting

_Item = TypeVar("_Item", Report, Heard)
Key = tuple[str, str, str | None, str | None]  # crossing, kind, tag, and the means a permission is for

APART = math.log(3.0)  # a figure from the place so far off speaks against it
QUEUES = ("queue_length", "queue_count", "wait")


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
    spoken: dict[str, str] = field(default_factory=dict)  # people who were counted, and by which root: each speaks once
    turns: list[Turn] = field(default_factory=list)


def ledger(
    reports: Iterable[Report],
    at: datetime,
    heard: Iterable[Heard] = (),
    regions: Sequence[Region] = (),
    evidence: Iterable[Report] | None = None,
    sightings: Iterable[Sighting] = (),
) -> list[Rumour]:
    """Every rumour known by ``at``, the most spread first; reports in any order, each counted once.

    ``heard``: sayings of totals, closings, queues and older pictures; ``regions``: which crossings are of which border;
    ``evidence``: the reports that sayings are held against, where they are others than ``reports``; ``sightings``: of
    pictures that posts show, with all earlier ones of the same.
    """
    known, told = _by_time(reports, at), _by_time(heard, at)
    borders = {crossing.id: crossing.border for region in regions for crossing in region.crossings}
    pictures = [each for each in told if each.saying.kind == "picture"]
    shown = recycled(sightings, at, pictures)
    entries = _entries(known, pictures, borders, shown)
    found = [_rumour(entry) for entry in entries if _is_rumour(entry)] + picture_rumours(known, shown, borders)
    found += told_rumours(told, known if evidence is None else _by_time(evidence, at), at, regions)
    return sorted(found, key=lambda each: (-each.posts, each.first_seen, each.crossing, each.kind, str(each.value)))


def _by_time(items: Iterable[_Item], at: datetime) -> list[_Item]:
    return sorted((each for each in items if each.posted_at <= at), key=lambda each: (each.posted_at, each.post))


def _entries(
    known: Sequence[Report], pictures: Sequence[Heard], borders: Mapping[str, str], shown: Mapping[str, Recycled]
) -> list[_Entry]:
    """What was claimed, in the order of time, each with what speaks for and against it.

    A queue told of a whole border is held against what is told of its crossings too: ``borders`` by crossing. Posts
    whose picture was seen before are in ``shown``.
    """
    entries: dict[Key, list[_Entry]] = {}
    recent: dict[Key, list[Report]] = {}
    waiting = list(pictures)
    for report in known:
        while waiting and waiting[0].posted_at < report.posted_at:
            _note_picture(entries, waiting.pop(0))
        claim = report.claim
        key = (claim.crossing, claim.kind, claim.tag, claim.mode if claim.kind == "mode_rule" else None)
        _note(entries.setdefault(key, []), recent.setdefault(key, []), report)
        if report.post in shown:
            _note_recycled(entries[key], report, shown[report.post], borders)
        border = borders.get(claim.crossing, claim.crossing) if claim.kind in QUEUES else claim.crossing
        if border != claim.crossing:
            wide = (border, *key[1:])
            _note_beside(entries.setdefault(wide, []), recent.setdefault(wide, []), report)
    for picture in waiting:
        _note_picture(entries, picture)
    return [entry for group in entries.values() for entry in group]


def _note_picture(entries: dict[Key, list[_Entry]], heard: Heard) -> None:
    """What goes round of a place with an older picture loses by it, and no more than by one voice."""
    for (crossing, kind, _, _), group in entries.items():
        for entry in group if crossing == heard.saying.where and kind in PICTURED else ():
            root, voice = heard.copy_of or heard.post, heard.author or heard.post
            spreads = entry.heard >= SPREAD and heard.posted_at - entry.last <= NEAR
            tier = tier_of(heard)
            if spreads and tier in DENIED and voice not in entry.spoken and root not in entry.opponents:
                entry.opponents[root] = DENIED[tier]
                entry.spoken[voice] = root
                _judge(entry, heard.posted_at, "older", heard.post)


def _note_recycled(group: list[_Entry], report: Report, picture: Recycled, borders: Mapping[str, str]) -> None:
    """A claim whose own picture was seen before loses by it as by one voice, however many show that picture."""
    reason = picture.reason(report, borders)
    own = next((entry for entry in group if same(entry.first, report)), None)
    if own is not None and reason is not None:
        own.opponents[f"picture {picture.shown.group}"] = WEIGHT
        _judge(own, report.posted_at, reason, picture.first.post)


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


def _note_beside(group: list[_Entry], recent: list[Report], report: Report) -> None:
    """What is told of a crossing, for the entries of its whole border: it spreads none of them."""
    for entry in group:
        if report.posted_at - entry.last <= NEAR:
            _weigh(entry, report, report)
    recent.append(report)


def same(one: Report, other: Report) -> bool:
    """True when both speak of the same figure, option or tag."""
    return alike(one.claim.value, other.claim.value)


def alike(a: float | str | None, b: float | str | None) -> bool:
    """True for two figures that are one rumour, or the same option."""
    if isinstance(a, int | float) and isinstance(b, int | float):
        return abs(_log(a) - _log(b)) < SAME
    return a == b


def _log(value: float) -> float:
    return math.log(max(0.05, abs(value)))


def _weigh(entry: _Entry, evidence: Report, now: Report) -> None:
    """Count one report for or against an entry, and turn the verdict when it changes."""
    tier, root, voice = tier_of(evidence), evidence.copy_of or evidence.post, evidence.author or evidence.post
    counted = root in entry.supporters or root in entry.opponents
    if voice in entry.spoken and evidence.denies and entry.spoken[voice] in entry.opponents:
        root, counted = entry.spoken[voice], True  # who saw another figure and then denies this one is still one voice
    if tier not in DENIED or (voice in entry.spoken and not counted):
        return
    far, office = _nearness(entry, evidence, tier), tier == OFFICIAL
    reason: Reason
    if evidence.denies:
        if not same(entry.first, evidence):
            return
        entry.denied, reason = True, "denied" if office else "denied_there"
        entry.opponents[root] = max(DENIED[tier] * far, entry.opponents.get(root, 0.0))
    elif same(entry.first, evidence):
        reason = "said" if office else "seen"
        entry.supporters[root] = OTHERWISE[tier] * far
    elif _contradicts(entry.first, evidence):
        reason = "other" if office else "other_there"
        entry.opponents[root] = OTHERWISE[tier] * far
    else:
        return
    entry.spoken.setdefault(voice, root)
    value = evidence.claim.value if reason in ("other", "other_there") else None
    _judge(entry, now.posted_at, reason, evidence.post, value)


def _nearness(entry: _Entry, evidence: Report, tier: int) -> float:
    """How near a voice is: half from a social network, and half for a queue of a whole border, which nobody sees."""
    claim, first = evidence.claim, entry.first.claim
    wide = first.kind in QUEUES and is_border(first.crossing) and not (evidence.denies and is_border(claim.crossing))
    if tier != WITNESS:
        return AFAR if wide and claim.crossing != first.crossing else 1.0
    return (AFAR if evidence.source == "social" else 1.0) * (AFAR if wide else 1.0)


def is_border(place: str) -> bool:
    """Whether an id is that of a whole border.

    >>> is_border("RU-FI"), is_border("verkhny-lars")
    (True, False)
    """
    return len(place) == 5 and place[2] == "-" and place.isupper()


def _judge(entry: _Entry, at: datetime, reason: Reason, post: str, value: float | str | None = None) -> None:
    """Turn the verdict of an entry where what speaks for and against it now says another."""
    verdict = judge(sum(entry.supporters.values()), sum(entry.opponents.values()))
    before: Verdict = entry.turns[-1].verdict if entry.turns else "unverified"
    if verdict != before:
        entry.turns.append(turn_of(at, verdict, reason, post, value))


def _contradicts(first: Report, evidence: Report) -> bool:
    a, b = first.claim.value, evidence.claim.value
    if first.claim.mode != evidence.claim.mode and "any" not in (first.claim.mode, evidence.claim.mode):
        return False
    if isinstance(a, int | float) and isinstance(b, int | float):
        too_little = evidence.claim.bound == "min" and _log(b) < _log(a)  # "more than" cannot be too little
        return abs(_log(a) - _log(b)) > APART and not too_little
    stopped = {"closed", "paused"}
    return isinstance(a, str) and isinstance(b, str) and (a in stopped) != (b in stopped)


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
