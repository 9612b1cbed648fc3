"""Too much to read: listeners then leave out chatter, never a claim, and say so.

How much was left out goes over the bus to the planner, who writes it down where the health page finds it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from time import monotonic

import msgspec

from verst.bus import POSTS, TOLD, Bus, Item
from verst.errors import BadSetting
from verst.model import Post
from verst.reading.chatter import is_chatter
from verst.reading.reader import Reader
from verst.store import Store
from verst.work.apart.places import as_json
from verst.work.apart.readers import Told
from verst.work.context import Following

SHED = "shed"
MANY = 20_000  # posts that wait to be read: from there on chatter is left out
LOOK_SECONDS, SAY_SECONDS = 1.0, 60.0
TOGETHER = timedelta(hours=2)  # what is left out within that time is told as one


class Shed(msgspec.Struct, frozen=True, kw_only=True):
    """How many posts were left out: in all, and lately; until when."""

    total: int = 0
    lately: int = 0
    at: datetime | None = None


def most_waiting() -> int:
    """``VERST_BUS_WAITING``: how many posts may wait before chatter is left out. Raises BadSetting."""
    told = os.environ.get("VERST_BUS_WAITING", str(MANY))
    if not (told.isascii() and told.isdigit()):
        raise BadSetting("VERST_BUS_WAITING is no number of posts; write 20000")
    return int(told)


class Sieve:
    """Lets everything through while readers keep up; when they do not, all but chatter."""

    def __init__(self, bus: Bus, reader: Reader, clock: Callable[[], datetime], warn: Callable[[str], None]) -> None:
        self._bus, self._reader, self._clock, self._warn = bus, reader, clock, warn
        self._following, self._most = Following(), most_waiting()
        self._looked, self._said, self._waiting, self._shed = -LOOK_SECONDS, -SAY_SECONDS, 0, 0

    def sift(self, posts: Sequence[Post]) -> list[Post]:
        """The posts to be put on the bus. Raises BusError."""
        if monotonic() - self._looked >= LOOK_SECONDS:
            self._waiting, self._looked = self._bus.waiting(POSTS), monotonic()
            self._say()
        told = [(post, self._following.follow(post)) for post in posts]
        if self._waiting < self._most:
            return list(posts)
        reader = self._reader
        left_out = {post.id for post, follows in told if is_chatter(reader, post, reader.read(follows))}
        self._count(left_out)
        return [post for post in posts if post.id not in left_out]

    def _count(self, left_out: set[str]) -> None:
        """Tell the planner; of the same posts once, however often they are heard."""
        if left_out:
            self._shed += len(left_out)
            name = blake2b("\0".join(sorted(left_out)).encode(), digest_size=12).hexdigest()
            self._bus.put(TOLD, [Item(0, f"shed.{name}", as_json(Told(shed=len(left_out), at=self._clock())))])

    def _say(self) -> None:
        if not self._shed:
            return
        if self._waiting < self._most:
            self._warn(f"readers keep up again; {self._shed:,} posts that say nothing of a border were left out")
            self._shed = 0
        elif monotonic() - self._said >= SAY_SECONDS:
            self._warn(f"{self._waiting:,} posts wait to be read: {self._shed:,} that say nothing of a border left out")
            self._said = monotonic()


def recall_shed(store: Store) -> Shed:
    """What was left out, as the planner wrote it down."""
    kept = store.state(SHED)
    return msgspec.json.decode(kept, type=Shed) if kept else Shed()


def add_shed(before: Shed, told: Sequence[Told]) -> Shed:
    """What was left out before, and what is told now."""
    shed = before
    for each in told:
        if each.shed and each.at is not None:
            lasts = shed.at is not None and each.at - shed.at < TOGETHER
            lately = each.shed + (shed.lately if lasts else 0)
            shed = Shed(total=shed.total + each.shed, lately=lately, at=max(each.at, shed.at or each.at))
    return shed
