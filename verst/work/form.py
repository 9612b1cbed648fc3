"""What somebody at a border says in the form of the board, without an account: it becomes posts, as everything does.

Nothing about who says it is kept: not the address, not the browser. So that one person is not many, a sender has a
number while the process runs, made with a secret that lives in memory alone and is a new one every day.
"""

from __future__ import annotations

import ipaddress
import os
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from threading import Lock

from verst.clock import in_offset
from verst.model import Claim, Mode, Post
from verst.sources import Door
from verst.sources.door import RawPost
from verst.store import Store
from verst.work.caution import ReadsPosts
from verst.work.intake import Tally, keep_posts
from verst.work.turns import SOMEBODY_WAITS, in_turn

TITLE = "Verst: said at the border"
SALT_LASTS = timedelta(days=1)
MOST_AN_HOUR = 12  # of one sender
MOST_OF_ALL = 900  # an hour, of everybody
MOST_SENDERS = 50_000
_IN_LETTERS = str.maketrans("0123456789", "ghijklmnop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the form says. ``waited`` in minutes: so far, unless ``across``; ``words``: what they add, as written."""

    crossing: str
    toward: str
    mode: Mode = "any"
    passage: str | None = None
    waited: float | None = None
    across: bool = False
    km: float | None = None
    vehicles: float | None = None
    words: str = ""


@dataclass(slots=True)
class Senders:
    """Numbers for senders, and how much each has said lately. In memory only; safe for several threads."""

    salt: bytes = field(default_factory=lambda: os.urandom(32))
    made: datetime | None = None
    said: dict[str, deque[datetime]] = field(default_factory=dict)
    all_said: deque[datetime] = field(default_factory=deque)
    lock: Lock = field(default_factory=Lock)
    most_of_one: int = MOST_AN_HOUR
    most_of_all: int = MOST_OF_ALL

    def name(self, address: str, at: datetime) -> str:
        """A number for who sends from an address today; of version 6, from its network of one home."""
        with self.lock:
            if self.made is None or at - self.made >= SALT_LASTS:
                self.salt, self.made = os.urandom(32), at
                self.said.clear()
            return blake2b(_home(address).encode(), key=self.salt, digest_size=9).hexdigest()

    def may_say(self, name: str, at: datetime) -> bool:
        """Whether a sender has not said too much in the last hour, nor all of them together; counts it when not."""
        with self.lock:
            own = self.said.setdefault(name, deque())
            for told in (own, self.all_said):
                while told and at - told[0] >= timedelta(hours=1):
                    told.popleft()
            if len(own) >= self.most_of_one or len(self.all_said) >= self.most_of_all:
                return False
            own.append(at)
            self.all_said.append(at)
            while len(self.said) > MOST_SENDERS:
                self.said.pop(next(iter(self.said)))
            return True


def _home(address: str) -> str:
    """What of an address stands for one place: all of version 4, the first half of version 6.

    >>> _home("2001:db8:1:2:3::4"), _home("::ffff:192.0.2.1"), _home("nobody")
    ('2001:db8:1:2::/64', '192.0.2.1', 'nobody')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    inner = found.ipv4_mapped
    return str(inner) if inner is not None else str(ipaddress.ip_network((found, 64), strict=False))


def keep_told(store: Store, door: Door, reader: ReadsPosts, told: Told, *, name: str, once: str, at: datetime,
              offset_minutes: int) -> int:  # fmt: skip
    """Keep what was told; gives how many posts are new: none where the same form was sent before.

    ``name``: the sender's number; ``once``: of the form that was sent. Raises StoreBusy and other StoreError.
    """
    posts: list[Post] = []
    for raw in _raw_posts(told, name, once, at, offset_minutes):
        posts += [item for item in door.admit(raw) if isinstance(item, Post)]
    tally = Tally()
    with in_turn(store, SOMEBODY_WAITS):
        keep_posts(posts, store, reader, tally, [])
    return tally.new


def _raw_posts(told: Told, name: str, once: str, at: datetime, offset_minutes: int) -> Iterable[RawPost]:
    """A post of what was chosen and counted, and one of their own words, which are read like any others."""
    claims = claims_of(told)
    texts = [("said", _sentence(told, claims, at, offset_minutes), claims)] if claims else []
    texts += [("words", told.words, ())] if told.words.strip() else []
    for part, text, given in texts:
        yield RawPost(
            id=f"form-{part}-{in_letters(once)}",
            chat_title=TITLE,
            chat_kind="group",
            about=told.crossing,
            posted_at=at,
            offset_minutes=offset_minutes,
            text=text,
            author=f"form:{name}",
            given=given,
            file="form",
        )


def in_letters(once: str) -> str:
    """A form's own name in a post's id: letters alone, for the door takes long runs of digits for a person's number.

    >>> in_letters("a form")
    'klcpommbegjnoeiahf'
    """
    return blake2b(once.encode(), digest_size=9).hexdigest().translate(_IN_LETTERS)


def claims_of(told: Told) -> tuple[Claim, ...]:
    """The claims of what was chosen and counted.

    >>> [(c.kind, c.value, c.bound) for c in claims_of(Told(crossing="a", toward="GE", waited=120))]
    [('wait', 120, 'min')]
    """
    found = [
        ("passage", told.passage, "exact"),
        ("wait", told.waited, "exact" if told.across else "min"),
        ("queue_length", told.km, "approx"),
        ("queue_count", told.vehicles, "approx"),
    ]
    return tuple(
        Claim(
            kind=kind,
            crossing=told.crossing,
            toward=told.toward,
            mode=told.mode,
            value=value,
            bound=bound,  # type: ignore[arg-type]
            stance="saw",
            rule="form",
        )
        for kind, value, bound in found
        if value is not None
    )


def _sentence(told: Told, claims: Iterable[Claim], at: datetime, offset_minutes: int) -> str:
    """What was chosen, in words, for whoever opens the evidence."""
    clock = in_offset(at, offset_minutes).strftime("%H:%M")
    said = "; ".join(f"{claim.kind.replace('_', ' ')}: {_value(claim)}" for claim in claims)
    by = "" if told.mode == "any" else f", {told.mode}"
    return f"{clock}, into {told.toward}{by}: {said}"


def _value(claim: Claim) -> str:
    units = {"wait": "min", "queue_length": "km", "queue_count": "vehicles"}
    least = "at least " if claim.bound == "min" else ""
    shown = f"{claim.value:g}" if isinstance(claim.value, (int, float)) else str(claim.value)
    return f"{least}{shown} {units.get(claim.kind, '')}".strip()
