"""An announced closing, held against what passes and who is stopped after its day has come.

Before the day there is nothing to see: denials are noted with their weight, and the verdict stays "unverified". On the
day it is borne out when the way is shut to those it was announced for, and partly true when some are stopped while
others pass. That nothing came of it can be said only when the day is over: what shuts at its noon was true as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from verst.fusion.pieces import Entry, Known, Piece, Step, Sums, denials_of, piece_of, weigh
from verst.fusion.rows import OFFICIAL
from verst.fusion.verdicts import OTHERWISE, Reason, Verdict
from verst.model import Report, Saying

DAY = timedelta(days=1)
WATCHED = timedelta(days=3)  # from its day on: what happens later is another story
ENOUGH = 2.0  # two people there, or an authority and one of them
BESIDE = 0.5  # a draft office at the border stops some, and not by itself
PASSING = {"passage": ("open", "moving", "free"), "mode_rule": ("allowed",)}
_Way = tuple[str, Reason, float]  # shut, limited or passing; why; how much of a witness it is


def weigh_closing(entry: Entry, known: Known) -> list[Step]:
    """Where an announcement stands after each piece of evidence, and when its day is over."""
    due = entry.saying.due
    pieces = denials_of(entry)
    if due is not None and due <= known.at:
        pieces += [*_seen(entry, known, due), *_in_force(entry, known, due)]
    end = day_ends(entry)
    steps = weigh(pieces, lambda sums, piece: _verdict(entry.saying, end, sums, piece.at), ("shut", "limited"))
    return steps if end is None or end > known.at or not steps else _with_end_of_day(entry.saying, steps, end, pieces)


def day_ends(entry: Entry) -> datetime | None:
    """When the day announced is over on every clock on which it was announced."""
    days = [post.saying.due for post in entry.posts if post.saying.due is not None]
    return max(days) + DAY if days else None


def _with_end_of_day(saying: Saying, steps: list[Step], end: datetime, pieces: list[Piece]) -> list[Step]:
    """The steps, with one more at the end of the day: silence until then says something."""
    early = [piece for piece in pieces if piece.at < end]
    if not early:
        return steps
    mark = Piece(at=end, way="over", weight=0.0, reason="passing", post=early[-1].post, root="over", voice="over")
    made = weigh([*pieces, mark], lambda sums, piece: _verdict(saying, end, sums, piece.at), ("shut", "limited"))
    reasons: dict[Verdict, Reason] = {"partly true": "limited", "supported": "shut"}
    return [
        step
        if step.at != end or step.reason != "passing"
        else Step(at=end, verdict=step.verdict, reason=reasons.get(step.verdict, "passing"), post=step.post, value=None,
                  speaks_for=step.speaks_for, against=step.against, witnesses=step.witnesses)
        for step in made
    ]  # fmt: skip


def _verdict(saying: Saying, end: datetime | None, sums: Sums, at: datetime) -> Verdict:
    if saying.due is None or at < saying.due:
        return "unverified"
    shut, limited, passing = (sums.get(way, 0.0) for way in ("shut", "limited", "passing"))
    over = end is not None and at >= end
    if shut >= ENOUGH and passing < ENOUGH:
        return "supported"
    if shut + limited >= ENOUGH and (passing >= ENOUGH or over):
        return "partly true"
    against = passing + sums.get("denied", 0.0)
    return "contradicted" if over and passing > 0.0 and against >= ENOUGH else "unverified"


def _seen(entry: Entry, known: Known, due: datetime) -> Iterator[Piece]:
    """What was said from the places since the day began, by others than those who pass the saying on."""
    own = {post.post for post in entry.posts} | {post.copy_of for post in entry.posts if post.copy_of}
    for report in known.reports:
        timely = due <= report.posted_at <= due + WATCHED and (report.claim.holds_at or report.posted_at) >= due
        if not timely or report.denies or report.post in own or report.copy_of in own:
            continue
        way = _way(report, entry.saying, known)
        piece = piece_of(report, way[0], OTHERWISE, way[1], share=way[2]) if way is not None else None
        if piece is not None:
            yield piece


def _way(report: Report, saying: Saying, known: Known) -> _Way | None:
    """Which way a report speaks, if it is of that border, that direction and those people."""
    claim = report.claim
    if not _is_there(claim.crossing, saying.where, known):
        return None
    into = saying.toward is None or claim.toward in (None, saying.toward)
    homeward = len(saying.where) == 2 and claim.toward == saying.where
    if claim.kind == "rule" and claim.tag is not None and claim.tag == saying.tag:
        return ("shut", "shut", 1.0) if saying.who == "tourists" else ("limited", "limited", 1.0)
    if claim.kind == "event" and claim.tag == "draft_point" and saying.tag == "exit_military":
        return "limited", "limited", BESIDE
    if not into or homeward or (saying.mode != "any" and claim.mode != saying.mode):
        return None
    if claim.value == "closed" and claim.kind == "passage":
        if claim.mode != saying.mode:  # shut to walkers or lorries: of men or tourists it says nothing
            return ("limited", "limited", 1.0) if saying.tag is None else None
        whole = claim.crossing == saying.where or _is_only(claim.crossing, known)
        return ("shut", "shut", 1.0) if whole else ("limited", "limited", 1.0)
    if saying.who == "tourists":
        return None  # the others, who are most, pass as before
    counted = claim.kind in ("flow", "throughput") and isinstance(claim.value, int | float) and claim.value > 0
    return ("passing", "passing", 1.0) if counted or claim.value in PASSING.get(claim.kind, ()) else None


def _is_there(crossing: str, where: str, known: Known) -> bool:
    """Whether a crossing or border is, or is of, the crossing, border or country."""
    if crossing == where:
        return True
    sides = known.gate.border(crossing)
    return where in sides if len(where) == 2 else "-".join(sides) == where


def _is_only(crossing: str, known: Known) -> bool:
    """Whether a crossing is the only one of its border."""
    place = known.gate.crossings.get(crossing)
    return place is not None and sum(other.border == place.border for other in known.gate.crossings.values()) == 1


def _in_force(entry: Entry, known: Known, due: datetime) -> Iterator[Piece]:
    """A formal rule of that place that begins with the day announced: the record, not a voice."""
    saying = entry.saying
    for rule in known.rules:
        begins = rule.starts_at is not None and abs(rule.starts_at - due) <= DAY / 2 and rule.starts_at <= known.at
        about = rule.where == saying.where and (rule.tag == saying.tag if saying.tag else rule.value == "closed")
        if begins and about and rule.starts_at is not None:
            yield Piece(at=max(due, rule.starts_at), way="shut", weight=OTHERWISE[OFFICIAL] + ENOUGH, reason="in_force",
                        post=rule.id, root=rule.id, voice=rule.id)  # fmt: skip
