"""Is all well with a running board: what a volunteer should know, as findings that a page puts into words.

Counts only: neither an address nor the name of a source is in it, for the page is public.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from verst.bus import POSTS
from verst.store import KeepsOutbox, Store
from verst.work.apart.looking import Look
from verst.work.apart.shedding import TOGETHER, most_waiting, recall_shed
from verst.work.intake import unsettled
from verst.work.listening import Heard, silence
from verst.work.watching import ARCHIVE_AFTER

LATELY = timedelta(hours=2)  # without a new post: worth a look
BEHIND = timedelta(minutes=10)  # a report so old that is in no estimate yet
MANY_WAITING = 100
ENOUGH_BYTES = 500_000_000
GIGABYTE = 1e9


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: the key of its sentence, whether it is well, and what the sentence holds."""

    key: str
    ok: bool
    values: Mapping[str, object] = field(default_factory=dict)
    age: timedelta | None = None  # said in words by the page


def look(store: Store, at: datetime, home: Path | None = None, bus: Look | None = None) -> list[Finding]:
    """Everything looked at, in order. ``home``: where the disk must have room; ``bus``: what waits on it."""
    found = [_posts(store, at), _settled(store, at), _ears(store, at), _told(store), *_shed(store, at)]
    found += [_bus(bus)] if bus is not None else []
    return found + ([_room(home)] if home is not None and home.exists() else [])


def _posts(store: Store, at: datetime) -> Finding:
    span = store.span(at)
    if span is None:
        return Finding("empty", False)
    age = max(timedelta(), at - span[1])
    if age > ARCHIVE_AFTER:
        return Finding("archive", True, age=age)
    return Finding("newest", age <= LATELY, age=age)


def _settled(store: Store, at: datetime) -> Finding:
    """Whether reports wait that no estimate holds."""
    waiting = [since for since in unsettled(store).values() if since <= at]
    late = len(waiting) if waiting and at - min(waiting) > BEHIND and _is_live(store, at) else 0
    return Finding("behind", False, {"count": late}) if late else Finding("settled", True)


def _is_live(store: Store, at: datetime) -> bool:
    span = store.span(at)
    return span is not None and at - span[1] <= ARCHIVE_AFTER


def _ears(store: Store, at: datetime) -> Finding:
    heard = [
        msgspec.json.decode(state, type=Heard) for name, state in store.states().items() if name.startswith("listen:")
    ]
    failing = sum(bool(each.fault) for each in heard)
    silent = sum(not each.fault and silence(each, at) is not None for each in heard)
    if not heard:
        return Finding("no_ears", True)
    values = {"count": len(heard), "failing": failing, "silent": silent}
    return Finding("ears_bad" if failing or silent else "ears", not (failing or silent), values)


def _told(store: Store) -> Finding:
    tally = store.outbox.tally() if isinstance(store, KeepsOutbox) else {}
    waiting, refused = tally.get("waiting", 0), tally.get("refused", 0)
    values = {"delivered": tally.get("delivered", 0), "waiting": waiting, "refused": refused}
    return Finding("told", waiting < MANY_WAITING and not refused, values)


def _shed(store: Store, at: datetime) -> list[Finding]:
    """Whether more came in lately than could be read."""
    shed = recall_shed(store)
    if shed.at is None or at - shed.at > TOGETHER:
        return []
    return [Finding("shed", False, {"count": shed.lately}, age=max(timedelta(), at - shed.at))]


def _bus(look: Look) -> Finding:
    if look.waiting is None:
        return Finding("bus_away", False)
    posts = look.waiting.get(POSTS, 0)
    return Finding("bus", posts < most_waiting(), {"posts": posts, "rest": sum(look.waiting.values()) - posts})


def _room(home: Path) -> Finding:
    free = shutil.disk_usage(home).free
    return Finding("room" if free >= ENOUGH_BYTES else "full", free >= ENOUGH_BYTES, {"free": f"{free / GIGABYTE:.1f}"})
