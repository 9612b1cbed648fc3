"""A total of people, held against what the daily counts of authorities make possible.

No more people can have gone one way than days have passed, times what the busiest day carries. The busiest day need
not have been counted yet, so twice the largest daily count known by then is allowed: at Lars in September 2022 a usual
day carried 5,000 to 6,000 people and the busiest 11,400; in Finland 3,000 to 5,000 and 8,600 (dated facts ex22-0005
to ex22-0196). The days run until the total was first told: told again days later it is another one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta

from verst.fusion.pieces import Entry, Known, Piece, Step, Sums, denials_of, piece_of, weigh
from verst.fusion.rows import OFFICIAL, tier_of
from verst.fusion.verdicts import DENIED, OTHERWISE, SAME, Verdict, judge
from verst.model import Heard, Report, Saying

BUSIEST = 2.0  # times the largest daily count known
APART = math.log(2.0)  # an authority's own total so far below speaks against it
DAY = timedelta(days=1)
_OFFICE = {OFFICIAL: OTHERWISE[OFFICIAL]}


def weigh_total(entry: Entry, known: Known) -> list[Step]:
    """Where a total stands after each count, total and denial known by then."""
    pieces = [*_impossible(entry, known), *_other_totals(entry, known), *denials_of(entry)]
    return weigh(pieces, _verdict, ("for",))


def _verdict(sums: Sums, _: Piece) -> Verdict:
    return judge(sums.get("for", 0.0), sum(weight for way, weight in sums.items() if way != "for"))


def _impossible(entry: Entry, known: Known) -> Iterator[Piece]:
    """A piece when the counts known make the total impossible, and its contrary when a later count lifts that."""
    saying, first = entry.saying, entry.posts[0].posted_at
    least = saying.low if saying.low is not None else saying.value
    if not isinstance(least, int | float) or saying.since is None or saying.bound == "max":
        return
    each_day = BUSIEST * max(1.0, (first - saying.since) / DAY)
    held = False
    for report, peak in _peaks(known, saying, first):
        if (least > each_day * peak) != held:
            held = not held
            weight = DENIED[OFFICIAL] if held else -DENIED[OFFICIAL]
            yield _limit_piece(report, max(first, report.posted_at), each_day * peak, weight)


def _peaks(known: Known, saying: Saying, first: datetime) -> Iterator[tuple[Report, float]]:
    """The largest count known when the total was first told, then each larger one that came later."""
    counts = [(report, count) for report in known.reports if (count := daily_count(report, saying)) is not None]
    before = [(report, count) for report, count in counts if report.posted_at <= first]
    peak = 0.0
    for report, count in [*sorted(before, key=lambda each: -each[1])[:1], *counts[len(before) :]]:
        if count > peak:
            peak = count
            yield report, peak


def _limit_piece(report: Report, at: datetime, limit: float, weight: float) -> Piece:
    name = f"{report.post} {weight:+g}"
    return Piece(at=at, way="impossible", weight=weight, reason="impossible", post=report.post, root=name, voice=name,
                 value=float(f"{limit:.2g}"))  # fmt: skip


def daily_count(report: Report, saying: Saying) -> float | None:
    """People a day that an authority counted there and that way (the upper end of a range); None: it is no such."""
    claim = report.claim
    there = claim.crossing == saying.where and claim.kind == "flow" and claim.toward in (None, saying.toward)
    if not there or report.denies or tier_of(report) != OFFICIAL or not isinstance(claim.value, int | float):
        return None
    return max(float(claim.value), float(claim.high or 0.0))


def _other_totals(entry: Entry, known: Known) -> Iterator[Piece]:
    """An authority's own total of the same way: the same figure bears it out, one of half and less is against it."""
    saying, first = entry.saying, entry.posts[0].posted_at
    for heard in known.heard:
        if not _is_official_total(heard, saying) or heard.posted_at - entry.last > 3 * DAY:
            continue
        apart = math.log(float(saying.value or 1.0)) - math.log(float(heard.saying.value or 1.0))
        value = heard.saying.value
        if abs(apart) < SAME:
            piece = piece_of(heard, "for", _OFFICE, "said", at=first)
        elif apart > APART and heard.saying.bound != "min" and _covers(heard.saying, saying):
            piece = piece_of(heard, "other", _OFFICE, "other", at=first, value=value)
        else:
            continue
        if piece is not None:
            yield piece


def _covers(official: Saying, saying: Saying) -> bool:
    """Whether the authority counts from as early at least: fewer people over fewer days are no contradiction."""
    return official.since is None or saying.since is None or official.since <= saying.since


def _is_official_total(heard: Heard, saying: Saying) -> bool:
    other = heard.saying
    same = (other.kind, other.where, other.toward) == ("total", saying.where, saying.toward)
    return same and not other.denies and isinstance(other.value, int | float) and tier_of(heard) == OFFICIAL
