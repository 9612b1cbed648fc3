"""What the ledger of rumours says of an entry: its verdict, what turned it and when, and what speaks for and against.

It never says who: only how many, of what standing, and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from verst.fusion.rows import OFFICIAL, WITNESS
from verst.model import Mode

Verdict = Literal["unverified", "supported", "disputed", "contradicted", "partly true"]
Reason = Literal[
    "denied", "denied_there", "said", "seen", "other", "other_there",
    "impossible", "older", "seen_before", "seen_elsewhere", "queue_there", "shut", "limited", "passing", "in_force",
]  # fmt: skip
WHY: dict[Reason, str] = {
    "denied": "denied by an authority",
    "denied_there": "denied there",
    "said": "said by an authority",
    "seen": "seen there",
    "other": "an authority says",
    "other_there": "somebody there says",
    "impossible": "the daily counts of authorities make possible at most",
    "older": "its picture is said to be older",
    "seen_before": "its picture was seen before",
    "seen_elsewhere": "its picture was shown of another place",
    "queue_there": "people stand there",
    "shut": "it is shut there",
    "limited": "some are stopped there while others pass",
    "passing": "people pass there",
    "in_force": "a formal rule says so and is in force",
}
SPREAD = 3  # posts by hearsay that make a rumour of what is said
SAME = 0.25  # figures closer than that (log) are one rumour
AFAR = 0.5  # of a witness: a post on a social network, by somebody who need not be there
NEAR = timedelta(hours=24)  # what is said further off in time is of another state of things
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
    """One thing that spread: a claim, or a saying (`verst.model.Saying`).

    ``witnesses`` are independent people at the place, or authorities, who say the same.
    """

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
    toward: str | None = None  # of a total, a closing: the country entered
    who: str | None = None  # of a closing: men, tourists; None: everybody
    since: datetime | None = None  # of a total: from when it counts; of a picture: when it was seen first
    due: datetime | None = None  # of a closing: its first instant


def turn_of(at: datetime, verdict: Verdict, reason: Reason, post: str, value: float | str | None = None) -> Turn:
    """A turn with its reason in words; ``value``: what was said instead, or how much is possible."""
    shown = f"{value:,.0f}" if reason == "impossible" and isinstance(value, int | float) else value
    why = f"{WHY[reason]} {shown}" if value is not None else WHY[reason]
    return Turn(at=at, verdict=verdict, why=why, post=post, reason=reason, value=value)


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
