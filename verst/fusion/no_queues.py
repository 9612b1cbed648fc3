"""An authority's "no queues", held against people there: an authority is a voice, not an oracle.

It does not bear itself out, however often it is passed on. For it speak people there who see none; against it people
who stand in one, and reports of waits, lengths and counts of the very place. What is said of the whole border counts
half.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from verst.fusion.pieces import Entry, Known, Piece, Step, Sums, piece_of, weigh
from verst.fusion.rows import WITNESS
from verst.fusion.verdicts import NEAR, OTHERWISE, Verdict, judge
from verst.model import Report

A_QUEUE = {"wait": 60.0, "queue_length": 0.5, "queue_count": 30.0}  # minutes, km, vehicles: from there on it is one
OF_THE_BORDER = 0.5
BEFORE = timedelta(hours=6)  # what people saw just before an authority denies it


def weigh_no_queue(entry: Entry, known: Known) -> list[Step]:
    """Where the denial stands after each report from the place."""
    return weigh([*_people(entry, known), *_figures(entry, known)], _verdict, ("for",))


def _verdict(sums: Sums, _: Piece) -> Verdict:
    return judge(sums.get("for", 0.0), sums.get("against", 0.0))


def _people(entry: Entry, known: Known) -> Iterator[Piece]:
    """Who sees a queue there, or none, without a figure."""
    own = {post.post for post in entry.posts}
    first = entry.posts[0].posted_at
    for heard in known.heard:
        share = _share(heard.saying.where, entry, known)
        official = "official" in (heard.source, heard.saying.stance)
        timely = first - BEFORE <= heard.posted_at <= entry.last + NEAR
        if heard.saying.kind != "queue" or not timely or not share or heard.post in own:
            continue
        if heard.saying.value == "some":
            piece = piece_of(heard, "against", OTHERWISE, "queue_there", at=first, share=share)
        elif not official:
            piece = piece_of(heard, "for", {WITNESS: 1.0}, "seen", at=first, share=share)
        else:
            continue
        if piece is not None:
            yield piece


def _figures(entry: Entry, known: Known) -> Iterator[Piece]:
    """Waits, lengths and counts of the place that are a queue."""
    first = entry.posts[0].posted_at
    for report in known.reports:
        timely = first - BEFORE <= report.posted_at <= entry.last + NEAR
        share = _share(report.claim.crossing, entry, known)
        if timely and share and _is_queue(report):
            piece = piece_of(report, "against", OTHERWISE, "queue_there", at=first, share=share)
            if piece is not None:
                yield piece


def _is_queue(report: Report) -> bool:
    claim = report.claim
    least = A_QUEUE.get(claim.kind)
    return not report.denies and least is not None and isinstance(claim.value, int | float) and claim.value >= least


def _share(place: str, entry: Entry, known: Known) -> float:
    """How much of a witness: of the very place, of its border, or of another (nothing)."""
    where = entry.saying.where
    if place == where:
        return 1.0
    return OF_THE_BORDER if place == "-".join(known.gate.border(where)) else 0.0
