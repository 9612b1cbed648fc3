"""A report as fusion works with it: figures in vehicles, minutes and logs, voices as numbers, places as keys."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from verst.model import Claim, Crossing, Heard, Region, Report

COUNT, LENGTH, WAIT, THROUGHPUT, PASSAGE, OTHER = range(6)
CODES = {"queue_count": COUNT, "queue_length": LENGTH, "wait": WAIT, "throughput": THROUGHPUT, "passage": PASSAGE}
OPTIONS = ("open", "closed", "paused", "moving", "free")
POINT, LEAST, MOST, BETWEEN, NOT_NEAR = range(5)
OFFICIAL, WITNESS, NEWS, HEARSAY = range(4)

# What one claim weighs before anything is known of how many say it: an eyewitness speaks of what is there, a paper
# repeats others, hearsay is a quarter of a witness. An authority is a voice like a good witness, not an oracle.
WEIGHTS = (1.0, 0.8, 0.5, 0.25)
SEEN_TO = 3.0  # what the desk confirmed or corrected: one who asked several, and answers for it
NAMELESS = 0.6  # nobody knows whether two nameless posts are one person
REFUSED = frozenset(("rejected", "hostile"))  # what the desk decided counts for nothing
NUMBERS = (int, float)  # quicker to ask for than a union
PAID = 0.3  # who sells a way past the queue says it is long


Order = tuple[float, str, str, float, float, str]


class Row(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One report. Times are minutes since 1970 UTC; ``low`` and ``high`` are in the kind's own unit."""

    t: float
    post: str
    kind: str
    toward: str | None
    side: str | None
    mode: str
    label: str  # tag, or service and currency of a price; part of the key
    value: float | str | None
    low: float
    high: float
    bound: int
    age: float  # minutes between what it speaks of and when it was posted
    code: int
    tier: int
    weight: float
    root: int
    author: int
    community: int
    denies: bool
    stance: str
    source: str
    currency: str | None
    service: str | None
    tag: str | None
    judged: str | None = None

    @property
    def order(self) -> Order:
        """A total order that does not depend on who came first; equal only for the same claim of the same post."""
        where = f"{self.kind}|{self.toward}|{self.side}|{self.mode}|{self.label}|{self.bound}"
        return (self.t, self.post, where, self.low, self.high, self.value if isinstance(self.value, str) else "")


def number(name: str | None) -> int:
    """A stable 63-bit number for a name; 0 for no name."""
    if name is None:
        return 0
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") >> 1 or 1


@lru_cache(maxsize=16384)
def recurring(name: str | None) -> int:
    """`number` of what is likely to come again soon, such as people and chats; posts are not."""
    return number(name)


def minutes(instant: datetime) -> float:
    """Minutes since 1970 UTC."""
    return instant.timestamp() / 60.0


def instant(minute: float) -> datetime:
    """The instant of a minute since 1970, UTC, to the second."""
    return datetime.fromtimestamp(round(minute * 60.0), UTC)


def tier_of(told: Report | Heard) -> int:
    """Which budget a report draws on: authorities, witnesses, the press, hearsay."""
    if isinstance(told, Heard):
        stance = told.saying.stance
    elif told.judged is not None:  # somebody of the desk saw to it, and answers for it; refused, it only spreads
        return HEARSAY if told.judged in REFUSED else OFFICIAL
    else:
        stance = told.claim.stance
    if told.source == "official" or (stance == "official" and told.source == "news"):
        return OFFICIAL
    if told.source == "news":
        return NEWS
    return HEARSAY if stance == "heard" else WITNESS  # anyone can write "officially": that is a voice


HOW = {"min": LEAST, "max": MOST}


def bounds_of(claim: Claim, denies: bool) -> tuple[float, float, int]:
    """Low, high and how they bound: (value, value, POINT) for a single figure, an option's index for passage."""
    if claim.kind == "passage":
        place = OPTIONS.index(str(claim.value)) if claim.value in OPTIONS else -1
        return float(place), float(place), NOT_NEAR if denies else POINT
    if not isinstance(claim.value, NUMBERS) or not math.isfinite(claim.value):
        return 0.0, 0.0, NOT_NEAR if denies else POINT
    value = float(claim.value)
    if denies:
        return value, value, NOT_NEAR
    if claim.low is not None and claim.high is not None and claim.high > claim.low:
        return float(claim.low), float(claim.high), BETWEEN
    return value, value, HOW.get(claim.bound, POINT)


class Gate:
    """Knows the crossings, so that a report's key can be completed. Built once from the regions."""

    def __init__(self, regions: tuple[Region, ...]) -> None:
        self.crossings: dict[str, Crossing] = {}
        self._fled: list[tuple[str, float, float]] = []
        for region in regions:
            for crossing in region.crossings:
                self.crossings.setdefault(crossing.id, crossing)
            for country, first, last in region.leaving_implied:
                self._fled.append((country, minutes(first), minutes(last)))

    def border(self, crossing: str) -> tuple[str, ...]:
        """The two countries that meet there, where known: from the region, else from an id such as RU-FI."""
        known = self.crossings.get(crossing)
        parts = (known.border if known else crossing).split("-")
        return tuple(parts) if len(parts) == 2 and all(len(part) == 2 for part in parts) else ()

    def toward(self, claim: Claim, t: float) -> str | None:
        """The direction said, else the one of flight while that is implied, else None."""
        if claim.toward is not None:
            return claim.toward
        countries = self.border(claim.crossing)
        for country, first, last in self._fled:
            if first <= t <= last and country in countries:
                return next(other for other in countries if other != country)
        return None


def weight_of(report: Report, tier: int) -> float:
    """What a report weighs before anything is known of how many say it (0..1).

    Nothing where the desk refused it, `SEEN_TO` where the desk saw to it.
    """
    if report.judged in REFUSED:
        return 0.0
    if report.judged is not None:
        return SEEN_TO
    weight = WEIGHTS[tier] * (PAID if report.ad else 1.0) * min(1.0, max(0.0, report.claim.trust))
    return weight * NAMELESS if report.author is None and tier != OFFICIAL else weight


DIRECTED = frozenset(("wait", "queue_length", "queue_count", "throughput", "passage", "price", "mode_rule"))


def row_of(report: Report, gate: Gate, known: Mapping[str, object]) -> Row | None:
    """The row of one report; None when it says nothing that can be fused (unknown kind, no figure, no option)."""
    claim, t = report.claim, minutes(report.posted_at)
    if claim.kind not in known or (claim.kind not in ("rule", "event") and claim.value is None):
        return None
    if isinstance(claim.value, NUMBERS) and not math.isfinite(claim.value):
        return None
    low, high, bound = bounds_of(claim, report.denies)
    code = CODES.get(claim.kind, OTHER)
    if (code == PASSAGE and low < 0) or (code < PASSAGE and (isinstance(claim.value, str) or low < 0)):
        return None
    tier = tier_of(report)
    weight = weight_of(report, tier)
    return Row(
        t=t,
        post=report.post,
        kind=claim.kind,
        toward=gate.toward(claim, t) if claim.kind in DIRECTED else claim.toward,
        side=claim.side,
        mode=claim.mode,
        label=f"{claim.tag or ''}|{claim.service or ''}|{claim.currency or ''}" if code == OTHER else "",
        value=claim.value,
        low=low,
        high=high,
        bound=bound,
        age=max(0.0, t - minutes(claim.holds_at)) if claim.holds_at else 0.0,
        code=code,
        tier=tier,
        weight=weight,
        root=number(report.copy_of or report.post),
        author=recurring(report.author) if report.author else number(report.post),
        community=recurring(report.community),
        denies=report.denies,
        stance=claim.stance,
        source=report.source,
        currency=claim.currency,
        service=claim.service,
        tag=claim.tag,
        judged=report.judged,
    )
