"""Listening: each ear is asked when it is due, and what it says goes the way of everything that is loaded.

An ear fails alone: it is asked again later and later, up to six hours apart, and the others go on. What is kept of an
ear is how far it was heard, when it is due, and how long it is usually silent, so that a silence can be noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from statistics import median

import msgspec
from msgspec.structs import replace

from verst.errors import VerstError, name_fault
from verst.model import Post, Skipped
from verst.outputs.reaching import Answer, Unreachable, read_retry_after
from verst.sources import Door, read_bytes
from verst.sources.apart import stand_by
from verst.store import Batch, Store
from verst.work.caution import CarefulReader, ReadsPosts, Said
from verst.work.ears import Ear
from verst.work.gallery import with_pictures
from verst.work.intake import Tally, keep_posts, tells
from verst.work.streams import Stream
from verst.work.turns import SOMEBODY_WAITS, in_turn

LONGEST_WAIT = timedelta(hours=6)
JITTER = 0.2  # of a wait, either way: many ears on one site do not ask it at once
LOADS = 2.0  # seconds: who is in the store for longer loads, and does not just settle
MOST_GAPS = 20
LEAST_GAPS = 5  # fewer say nothing about what is usual
SILENT_TIMES = 10  # so many usual gaps …
SILENT_LEAST = timedelta(hours=2)  # … and so long without a word are a silence

Fetch = Callable[..., Answer]
Keep = Callable[[list[Post]], set[str]]  # keeps posts wherever they go; gives the ids of those that were known
NO_STREAMS: Mapping[str, Stream] = {}


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of one ear. Times are UTC; ``gaps``: seconds between the last new posts; ``place``: of a stream.

    ``asked``: when ``due`` was set.
    """

    due: datetime | None = None
    asked: datetime | None = None
    etag: str | None = None
    modified: str | None = None
    failures: int = 0
    fault: str | None = None
    newest: datetime | None = None
    gaps: tuple[float, ...] = ()
    place: str | None = None


@dataclass(slots=True)
class Round:
    """What one round of listening brought: posts by ear, and what went wrong by ear."""

    new: dict[str, int] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    next_due: datetime | None = None


def recall(store: Store, ear: Ear) -> Heard:
    """What is kept of an ear; nothing where it was never asked."""
    kept = store.state(f"listen:{ear.name}")
    return msgspec.json.decode(kept, type=Heard) if kept else Heard()


def listen_round(
    ears: Sequence[Ear], store: Store, door: Door, reader: ReadsPosts, *, at: datetime, fetch: Fetch, dice: Random,
    on_skip: Said, streams: Mapping[str, Stream] = NO_STREAMS, keep: Keep | None = None,
) -> Round:  # fmt: skip
    """Ask every ear that is due and keep what it says. Raises StoreError; nothing an ear does ends the round.

    ``keep``: where posts go; None: into the store. Nobody else is kept from the store while an ear is waited for;
    StoreBusy is raised where somebody keeps us from it.
    """
    with in_turn(store, LOADS):
        pass  # while somebody else loads, nobody is asked for what could not be kept
    told = Round()
    careful = CarefulReader(reader, on_skip)
    keep = keep or keep_in(store, careful)
    for ear in ears:
        heard = recall(store, ear)
        if ear.name in streams:
            _hear(ear, heard, store, keep, door, careful, at, streams[ear.name], on_skip, told)
            continue
        if is_due(heard, at):
            heard = _ask(ear, heard, store, keep, door, careful, at, fetch, dice, on_skip, told)
            store.keep(Batch(states=[(f"listen:{ear.name}", msgspec.json.encode(heard))]))
        if heard.due is not None:
            told.next_due = min(told.next_due or heard.due, heard.due)
    return told


def is_due(heard: Heard, at: datetime) -> bool:
    """Whether an ear is to be asked: also where it was asked at a time that has not come, by a clock set back since."""
    return heard.due is None or heard.due <= at or (heard.asked is not None and heard.asked > at)


def _ask(
    ear: Ear, heard: Heard, store: Store, keep: Keep, door: Door, reader: CarefulReader, at: datetime, fetch: Fetch,
    dice: Random, on_skip: Said, told: Round,
) -> Heard:  # fmt: skip
    """One ear asked: what is kept of it afterwards."""
    try:
        answer = fetch(ear.url, _conditions(heard), allow_private=ear.allow_private)
        if answer.status == 304:
            return _well(heard, ear, at, dice)
        if answer.status != 200:
            raise _Refused(f"HTTP {answer.status}", read_retry_after(answer.headers))
        fresh, any_read = _keep(ear, answer.body, store, keep, door, reader, fetch, on_skip)
    except (Unreachable, _Refused) as error:
        told.faults[ear.name] = str(error)
        return _ill(heard, ear, at, dice, str(error), getattr(error, "after", None))
    told.new[ear.name] = len(fresh)
    marks = answer.headers if any_read else {}  # what could not be read is asked for again, whole
    heard = replace(heard, etag=marks.get("etag"), modified=marks.get("last-modified"))
    return _well(_measured(heard, fresh, at), ear, at, dice)


def _hear(
    ear: Ear, heard: Heard, store: Store, keep: Keep, door: Door, reader: CarefulReader, at: datetime, stream: Stream,
    on_skip: Said, told: Round,
) -> None:  # fmt: skip
    """Keep what a stream told since the last round, then how far it was heard: a kill in between lets it come again."""
    data, place = stream.take()
    if stream.fault:
        told.faults[ear.name] = stream.fault
    fresh, _ = _keep(ear, data, store, keep, door, reader, None, on_skip) if data else ([], False)
    if fresh:
        told.new[ear.name] = len(fresh)
    failures = heard.failures + 1 if stream.fault else 0
    kept = replace(
        _measured(heard, fresh, at), place=place or heard.place, fault=stream.fault or None, failures=failures
    )
    if kept != heard:
        store.keep(Batch(states=[(f"listen:{ear.name}", msgspec.json.encode(kept))]))
    stream.done()


class _Refused(Exception):
    def __init__(self, fault: str, after: float | None) -> None:
        self.after = after
        super().__init__(fault)


def _keep(
    ear: Ear,
    data: bytes,
    store: Store,
    keep: Keep,
    door: Door,
    reader: CarefulReader,
    fetch: Fetch | None,
    on_skip: Said,
) -> tuple[list[datetime], bool]:
    """Keep what an ear said: when what was new of it was posted, in order, and whether anything could be read."""
    posts: list[Post] = []
    told, apart = dict[str, tuple[str, ...]](), stand_by()
    try:
        for item in read_bytes(
            data, f"listen:{ear.name}", door, source=ear.source, mapping=ear.mapping, apart=apart, pictures=told
        ):
            if isinstance(item, Skipped):
                on_skip(item)
            else:
                posts.append(item)
    except (VerstError, MemoryError):
        raise
    except Exception as error:  # what came before it is kept, and the other ears go on
        what = f"its answer could not be read on ({name_fault(error)}); look at it, and tell us"
        on_skip(Skipped(file=f"listen:{ear.name}", what=what))
    if not ear.keeps_all:
        posts = [post for post in posts if tells(reader.read(post))]
    if not posts:
        return [], False
    if ear.pictures and apart is not None and fetch is not None:
        known = store.known(told)
        new = {name: addresses for name, addresses in told.items() if name not in known}
        posts = with_pictures(posts, new, fetch, apart, on_skip, allow_private=ear.allow_private)
    known = keep(posts)
    fresh = {post.id: post.posted_at for post in posts if post.id not in known}
    return sorted(fresh.values()), bool(posts)


def keep_in(store: Store, reader: ReadsPosts) -> Keep:
    """Posts go into the store, read; nobody else loads meanwhile."""

    def keep(posts: list[Post]) -> set[str]:
        with in_turn(store, SOMEBODY_WAITS):
            known = store.known(post.id for post in posts)
            keep_posts(posts, store, reader, Tally(), [])
        return known

    return keep


def _conditions(heard: Heard) -> Mapping[str, str]:
    said = {"If-None-Match": heard.etag, "If-Modified-Since": heard.modified}
    return {name: value for name, value in said.items() if value}


def _well(heard: Heard, ear: Ear, at: datetime, dice: Random) -> Heard:
    due = at + _spread(timedelta(minutes=ear.minutes), dice)
    return replace(heard, failures=0, fault=None, due=due, asked=at)


def _ill(heard: Heard, ear: Ear, at: datetime, dice: Random, fault: str, after: float | None) -> Heard:
    """Asked again later and later; where the other side says when, not before."""
    failures = heard.failures + 1
    wait = min(timedelta(minutes=ear.minutes) * 2 ** min(failures, 12), LONGEST_WAIT)
    due = at + max(_spread(wait, dice), timedelta(seconds=after or 0))
    return replace(heard, failures=failures, fault=fault, due=due, asked=at)


def _spread(wait: timedelta, dice: Random) -> timedelta:
    return wait * dice.uniform(1 - JITTER, 1 + JITTER)


def _measured(heard: Heard, fresh: Sequence[datetime], at: datetime) -> Heard:
    """With the gaps between new posts, by when they were posted: several may come at once."""
    gaps, newest = list(heard.gaps), heard.newest
    for posted in fresh:
        if posted > at:
            continue
        if newest is not None and posted > newest:
            gaps.append((posted - newest).total_seconds())
        newest = max(posted, newest or posted)
    return replace(heard, newest=newest, gaps=tuple(gaps[-MOST_GAPS:]))


def silence(heard: Heard, at: datetime) -> tuple[timedelta, timedelta] | None:
    """How long an ear has been silent and how long it usually is, when that is worth a look; None otherwise."""
    if heard.newest is None or len(heard.gaps) < LEAST_GAPS:
        return None
    lasting, usual = at - heard.newest, timedelta(seconds=median(heard.gaps))
    return (lasting, usual) if lasting >= max(SILENT_LEAST, SILENT_TIMES * usual) else None
