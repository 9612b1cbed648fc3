"""The nouns of telling: an `Alert` is a change worth saying, a `Notice` its words for one who asked to be told.

Instants are aware and UTC. Nothing here is about a person: whom a delivery is for is a keyed hash, and where it goes
stands in the operator's settings alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from verst.model import Mode

Reason = Literal[
    "closed", "opened", "refused", "allowed", "wait_doubled", "wait_halved", "rule_changed", "rumour_contradicted"
]
TakenBack = Literal["remade", "contradicted", "rule_withdrawn", "rumour_turned"]
State = Literal["waiting", "delivered", "refused", "expired", "withdrawn"]

REASONS: tuple[Reason, ...] = (
    "closed", "opened", "refused", "allowed", "wait_doubled", "wait_halved", "rule_changed", "rumour_contradicted",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was known of a quantity: the likeliest option or the median, with its 80 % range where it has one."""

    value: float | str | None
    p10: float | None = None
    p90: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A change worth saying, or that one said before is taken back (``takes_back``: its id).

    ``id`` is its idempotency key: the same change has the same one, whoever finds it and however often.
    """

    id: str
    at: datetime  # when it was found
    expires: datetime  # from when on it says nothing any more
    reason: Reason
    where: str  # a crossing, a border (``RU-GE``) or a country
    crossings: tuple[str, ...]  # the crossings it is about
    kind: str
    mode: Mode = "any"
    toward: str | None = None
    side: str | None = None
    tag: str | None = None
    was: Figure | None = None
    now: Figure | None = None
    probability: float | None = None  # that it is so; None where no estimate says (a formal rule)
    voices: int | None = None  # independent people or offices; None: too few to publish, or it rests on none
    evidence: int | None = None  # posts it rests on, under the same rule
    newest: datetime | None = None  # when the newest word behind it was said to hold
    follows: str | None = None  # the alert told before on the same thing
    takes_back: str | None = None
    why: TakenBack | None = None  # why it is taken back
    text: tuple[tuple[str, str], ...] = ()  # of a formal rule: language and sentence
    source: str = ""  # where a formal rule is written
    starts: bool = True  # of a formal rule: it begins; False: it ends
    who: str | None = None  # of a rumoured closing: whom it is for
    since: datetime | None = None  # of a rumoured total: from when it counts
    due: datetime | None = None  # of a rumoured closing: its first instant
    because: str | None = None  # of a rumour: what turned it, as the ledger calls it; ``now`` has what was said instead
    label: str | None = None  # such as "reconstructed from dated public facts", of the posts it rests on


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One alert in the words of one language, for one who asked to be told. ``key`` is the same at every attempt."""

    key: str
    alert: Alert
    title: str
    body: str
    lang: str
    link: str | None = None  # the crossing's page, where the board has a public address


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """That one alert is to be told to one subscriber. ``n`` is the order in which that subscriber is told things."""

    n: int
    alert: str
    subscriber: str  # keyed hash of channel and address
    attempts: int = 0
    due: datetime
    state: State = "waiting"
    fault: str | None = None  # what went wrong last, in a few words that name no address
