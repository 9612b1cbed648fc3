"""The nouns of Verst. All frozen; instants are aware and UTC; units stand in the names.

A `Post` is what somebody wrote, already without a name in it (only the door in `verst.sources` makes one).
Reading turns it into a `Reading`: `Claim` s, perhaps a `Question`, perhaps an advertisement.
A `Report` is a claim with what fusion may know about who said it. Fusion makes an `Estimate` of many reports.
A `Saying` is what no estimate may rest on; `Heard` is to it what a report is to a claim, for the ledger of rumours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Mode = Literal["car", "truck", "bus", "motorcycle", "bicycle", "foot", "train", "air", "any"]
Bound = Literal["exact", "approx", "min", "max"]
Stance = Literal["saw", "heard", "official"]
ChatKind = Literal["group", "channel", "social", "news"]
SourceKind = Literal["group", "channel", "social", "news", "official"]
Judged = Literal["confirmed", "rejected", "corrected", "hostile"]
SayingKind = Literal["total", "closing", "queue", "picture"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """Where a post stood. ``about`` is a crossing id when the whole chat is about that one crossing."""

    title: str
    kind: ChatKind
    about: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The post that a post answers: its id where known, its (scrubbed) words where known."""

    post: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing a post says about a border, as the annotation guide defines it field by field."""

    kind: str
    crossing: str
    toward: str | None = None
    side: str | None = None
    mode: Mode = "any"
    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    bound: Bound = "exact"
    stance: Stance = "saw"
    holds_at: datetime | None = None  # UTC; None: when it was posted
    currency: str | None = None
    service: str | None = None
    tag: str | None = None
    span: tuple[int, int] | None = None  # the words that say it: start and end in Post.text
    rule: str | None = None  # which rule read it, for `verst follow`
    trust: float = 1.0  # share of what was read like this that is right; below 1 for a second reader alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One public message after the door: scrubbed, its author a keyed hash, its times UTC."""

    id: str
    chat: Chat
    posted_at: datetime
    text: str
    offset_minutes: int = 0  # of the writer's clock against UTC; "at 6 in the morning" is said on that clock
    lang: str | None = None  # BCP 47 where the source says it
    author: str | None = None  # keyed hash, 16 hex digits
    reply_to: Reply | None = None
    edited_at: datetime | None = None
    forwarded_from: str | None = None  # keyed hash of the origin (channel or person); same origin, same key
    forwarded_at: datetime | None = None  # when the origin said it
    url: str | None = None  # public page or channel post it can be read at; never a link to a person
    before: tuple[str, ...] = ()  # words of the same writer just before that it may go on from: known to reading alone
    media: tuple[str, ...] = ()  # kinds of what was attached: "photo", "video", …
    prints: tuple[str, ...] = ()  # of pictures attached, by which one that was seen before is known again
    facts: tuple[str, ...] = ()  # ids of the dated facts a reconstructed post states
    label: str | None = None  # such as "reconstructed from dated public facts", shown wherever the post is
    official: bool = False  # posted by an authority's own channel, as the source's description says
    given: tuple[Claim, ...] = ()  # what the source states as data (a row of official counts); reading passes it on


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a post asks. ``topic`` is a kind or a rule tag."""

    topic: str
    crossing: str | None = None
    mode: Mode = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a post says that spreads and can be held against evidence, but that no estimate may ever rest on.

    ``total``: so many people (``value``) went that way between ``since`` and when it was said; nobody at a place can
    see that. ``closing``: from ``due`` on the way will be shut, to all or to ``who``. ``queue``: there is ``some`` or
    ``none`` (``value``), without a figure. ``picture``: what goes round of a place is an older picture.
    """

    kind: SayingKind
    where: str  # crossing id, border id (``RU-GE``), or the country that is left (``RU``)
    toward: str | None = None
    mode: Mode = "any"
    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    bound: Bound = "exact"
    tag: str | None = None  # of a closing for some: the tag of the rule announced (exit_military, entry_refusal)
    who: str | None = None  # men, tourists; None: everybody
    since: datetime | None = None  # UTC; of a total: from when it counts
    due: datetime | None = None  # UTC; of a closing: its first instant
    stance: Stance = "saw"
    denies: bool = False  # the post speaks against it
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything reading found in one post. ``denials`` are claims that the post speaks against."""

    claims: tuple[Claim, ...] = ()
    question: Question | None = None
    ad: bool = False
    denials: tuple[Claim, ...] = ()
    lang: str | None = None
    sayings: tuple[Saying, ...] = ()  # never claims


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A claim with what fusion may know of who said it. Fusion sees reports, never posts."""

    claim: Claim
    post: str
    posted_at: datetime
    author: str | None = None  # keyed hash; None counts as a voice of its own, weakly
    source: SourceKind = "group"
    copy_of: str | None = None  # id of the first post of its copy group
    community: str | None = None  # chat it was said in: people in one chat are wrong together
    denies: bool = False  # the post speaks against the claim
    ad: bool = False
    judged: Judged | None = None  # what the desk decided about it, or about its source


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A saying with what the ledger of rumours may know of who passed it on: as much as of a report, and no more."""

    saying: Saying
    post: str
    posted_at: datetime
    author: str | None = None
    source: SourceKind = "group"
    copy_of: str | None = None
    community: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A picture that was seen in a post: its print, and what the ledger of rumours may know of who showed it.

    ``group``: the print it was first known by; those of one group look the same. ``seen_at``: when it was shown, by who
    is passed on (``origin``); ``known_at``: when the post could be read; ``places``: what the post speaks of.
    """

    print: str
    group: str
    post: str
    seen_at: datetime
    known_at: datetime
    author: str | None = None
    origin: str | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one post did to an estimate: its weight (0..1) and what the claim said."""

    post: str
    weight: float
    value: float | str | None
    stance: Stance
    source: SourceKind
    said_at: datetime
    note: str | None = None  # why it was discounted, in plain words
    kind: str | None = None  # what it speaks of, where that is another unit of the same queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The best picture of one quantity at one time. ``value`` None: nobody has said, which is a value."""

    at: datetime
    crossing: str
    kind: str
    mode: Mode = "any"
    toward: str | None = None
    side: str | None = None
    currency: str | None = None  # of a price
    service: str | None = None  # of a price
    tag: str | None = None  # of an event, a rule people speak of, a service
    value: float | str | None = None
    p10: float | None = None
    p90: float | None = None
    odds: tuple[tuple[str, float], ...] | None = None  # for state kinds: option and probability, likeliest first
    voices: int = 0  # independent people or offices it rests on
    newest: datetime | None = None  # when the newest report behind it was said to hold
    oldest: datetime | None = None
    disputed: bool = False
    evidence: tuple[Evidence, ...] = ()
    derived: bool = False  # nobody said this figure: it follows from what was said in other units


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A formal rule: who set it, from when to when it holds, where it is written. Posts never change it."""

    id: str
    where: str  # crossing id, border id (``RU-FI``) or country
    kind: str  # mode_rule, rule, passage
    mode: Mode = "any"
    toward: str | None = None
    value: str | None = None
    tag: str | None = None
    text: tuple[tuple[str, str], ...] = ()  # language code and sentence
    source: str = ""
    starts_at: datetime | None = None  # None: since before the archive
    ends_at: datetime | None = None  # None: until further notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One end of a crossing."""

    country: str  # ISO 3166 alpha-2
    name: tuple[tuple[str, str], ...] = ()  # language code and name
    zone: str = "UTC"  # IANA time zone of that end
    forms: tuple[str, ...] = ()  # other ways people write this end, for reading
    towns: tuple[str, ...] = ()  # places beside this end that mean it only in context
    road: tuple[tuple[float, float], ...] = ()  # latitude, longitude: from the gate back along the road to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """An official crossing."""

    id: str
    border: str  # ``RU-GE``
    sides: tuple[Side, ...]
    names: tuple[tuple[str, str], ...] = ()  # language code and the name shown on the board
    forms: tuple[str, ...] = ()  # other ways people write it, for reading
    lat: float | None = None
    lon: float | None = None
    modes: tuple[Mode, ...] = ()
    metres_per_vehicle: float = 8.0
    lanes: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Crossings watched together, and the formal rules there."""

    id: str
    names: tuple[tuple[str, str], ...]
    crossings: tuple[Crossing, ...]
    rules: tuple[Rule, ...] = ()
    borders: tuple[tuple[str, tuple[str, ...]], ...] = ()  # border id and the ways people write the whole border
    leaving_implied: tuple[tuple[str, datetime, datetime], ...] = ()  # country fled from, first and last instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Something that can be claimed."""

    id: str
    shape: Literal["amount", "state", "tag"]
    unit: str | None = None
    options: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    half_life_minutes: float = 180.0  # how fast what was said about it grows old
    names: tuple[tuple[str, str], ...] = ()
    labels: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = field(default=())  # option or tag, its names


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Something a source could not use: where, why, what to do. It costs nothing else."""

    file: str
    what: str
    line: int | None = None
    field: str | None = None
