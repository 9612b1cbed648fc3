"""How sure something must be before it is told, and how many people must have said it."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta

from verst.model import Estimate, Evidence
from verst.notices import Figure

LEAST_VOICES = 3  # fewer are not published, and nothing good rests on fewer
LEAST_FRESH = 2  # people who said good news anew, each in their own words
FRESH = timedelta(hours=2)  # older words are no news
LIKELY = 0.6  # least probability of a state that is told; doubt and silence take from it
SHARE = {"bad": 0.75, "good": 0.85}  # least share among what people say
MANY, SHARE_OF_MANY = 4, 0.7  # where so many of one mind say good news, that share is enough
LATELY = timedelta(hours=1)  # in which nobody may speak against good news
FACTOR = 2.0  # a wait doubled or halved
LEAST_MINUTES = 60.0  # a wait from 10 to 20 minutes is no news: the longer of the two is at least this

SAME = 1.25  # figures within that factor are one rumour
UNSAID = ("unknown", "absent")
Agrees = Callable[[Evidence], bool]


def odds_of(told: Estimate, options: tuple[str, ...]) -> tuple[float, float]:
    """Probability that one of these options holds, and its share among the options that people speak of."""
    said = [(option, odds) for option, odds in told.odds or () if option not in UNSAID]
    if not said:
        return (0.0, 0.0)
    mine, total = sum(odds for option, odds in said if option in options), sum(odds for _, odds in said)
    return mine, mine / total if total > 0 else 0.0


def range_of(told: Estimate | Figure | None) -> tuple[float, float, float] | None:
    """Low end, middle and high end of an amount; None where any of them is not known."""
    if told is None or not isinstance(told.value, int | float) or told.p10 is None or told.p90 is None:
        return None
    return told.p10, float(told.value), told.p90


def apart(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    """Whether two ranges do not touch."""
    return one[2] < other[0] or other[2] < one[0]


def is_fresh(told: Estimate, at: datetime, since: datetime | None) -> bool:
    """Whether somebody spoke lately, and after what was known before."""
    if told.newest is None or at - told.newest > FRESH:
        return False
    return since is None or told.newest > since


def backed(told: Estimate, since: datetime | None, agrees: Agrees) -> int:
    """How many posts said so after ``since``, each in full weight (no copy, no hearsay) and of this very kind."""
    return sum(
        piece.note is None and piece.kind in (None, told.kind) and (since is None or piece.said_at > since)
        and agrees(piece)
        for piece in told.evidence
    )  # fmt: skip


def of_one_mind(told: Estimate, agrees: Agrees) -> int:
    """How many say so in the hour before the newest word, where nobody says otherwise; else none.

    That an estimate is disputed does not tell: one that changed is so for hours, between those who spoke before the
    change and those who spoke after it.
    """
    if told.newest is None:
        return 0
    lately = [
        piece
        for piece in told.evidence
        if piece.note is None and piece.kind in (None, told.kind) and piece.said_at > told.newest - LATELY
    ]
    return len(lately) if all(agrees(piece) for piece in lately) else 0


def official(told: Estimate, agrees: Agrees) -> bool:
    """Whether an authority says so in its own name."""
    return any(piece.source == "official" and piece.note is None and agrees(piece) for piece in told.evidence)


def said_option(*options: str) -> Agrees:
    """Whether a post said one of these options."""
    return lambda piece: piece.value in options


def said_figure(figure: float, rather_than: float) -> Agrees:
    """Whether a post named a figure nearer to the one than to the other."""
    return lambda piece: isinstance(piece.value, int | float) and nearer(float(piece.value), figure, rather_than)


def nearer(value: float, one: float, other: float) -> bool:
    """Whether a figure is nearer to one than to the other, as shares of each other."""
    mine, a, b = (math.log(max(1.0, each)) for each in (value, one, other))
    return abs(mine - a) < abs(mine - b)


def near(one: float | str | None, other: float | str | None) -> bool:
    """Whether two rumours say the same: the same word, or figures within a quarter.

    >>> near(35.0, 36.0), near(35, 3), near("closed", "closed")
    (True, False, True)
    """
    if isinstance(one, int | float) and isinstance(other, int | float):
        low, high = sorted((max(1e-9, float(one)), max(1e-9, float(other))))
        return high <= SAME * low
    return one == other


def count_to_publish(count: int) -> int | None:
    """A count as it may be published: None under the threshold."""
    return count if count >= LEAST_VOICES else None
