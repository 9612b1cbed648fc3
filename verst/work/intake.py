"""From inputs into the store: batches of posts with their readings and reports, each with how far the input was read.

Nothing is fused here. What came in since the last `verst.work.settling.settle` is noted in the state ``unsettled``,
written in the same transaction, so that whatever ends the process, the next run knows what is left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from verst.errors import BadFile, VerstError, name_fault
from verst.model import Post, Reading, Skipped
from verst.store import Batch, Store
from verst.work.caution import CarefulReader, ReadsPosts, Said, as_skipped
from verst.work.context import Context
from verst.work.inputs import find_inputs
from verst.work.reports import heard_of, reports_of
from verst.work.sightings import sightings_of

if TYPE_CHECKING:
    from verst.sources import Door, Mark
    from verst.sources.apart import Apart

BATCH = 1_000  # posts in one transaction
UNSETTLED = "unsettled"


@dataclass(slots=True)
class Tally:
    """What a load did: posts read, new ones, edits, posts known before, and what could not be used."""

    read: int = 0
    new: int = 0
    edited: int = 0
    claims: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    skips: int = 0
    went_on: int = 0  # inputs of which something had been read before

    @property
    def known(self) -> int:
        """Posts that were kept before, and not edited since."""
        return self.read - self.new - self.edited


Seen = Callable[["Mark"], None]


def load_inputs(
    locations: Iterable[Path | str],
    store: Store,
    door: Door,
    reader: ReadsPosts,
    *,
    source: str | None = None,
    mapping: Path | None = None,
    on_mark: Seen | None = None,
    on_skip: Said | None = None,
) -> Tally:
    """Load files, folders or ``-``, each from where it was read last. A file that cannot be read is told and passed.

    ``on_mark`` is called after each batch is on the disk. Raises StoreError; what was kept before it stays.
    """
    tally = Tally()
    careful = CarefulReader(reader, lambda item: _skip(item, tally, on_skip))
    from verst.sources.apart import limited

    with limited() as apart:
        for location in locations:
            try:
                for each in find_inputs(location):
                    _load_careful(each, store, door, careful, tally, source, mapping, on_mark, on_skip, apart)
            except BadFile as error:
                _skip(as_skipped(error, location), tally, on_skip)
    return tally


def _load_careful(
    location: Path | str,
    store: Store,
    door: Door,
    reader: ReadsPosts,
    tally: Tally,
    source: str | None,
    mapping: Path | None,
    on_mark: Seen | None,
    on_skip: Said | None,
    apart: Apart | None,
) -> None:
    """One input; whatever is wrong with it costs no other."""
    try:
        _load_one(location, store, door, reader, tally, source, mapping, on_mark, on_skip, apart)
    except BadFile as error:
        _skip(as_skipped(error, location), tally, on_skip)
    except (VerstError, MemoryError):
        raise
    except Exception as error:
        what = f"this input could not be read on ({name_fault(error)}); what came before that is kept"
        _skip(Skipped(file=str(location), what=what), tally, on_skip)


def _load_one(
    location: Path | str,
    store: Store,
    door: Door,
    reader: ReadsPosts,
    tally: Tally,
    source: str | None,
    mapping: Path | None,
    on_mark: Seen | None,
    on_skip: Said | None,
    apart: Apart | None,
) -> None:
    from verst.sources import Mark, read

    name = cursor_name(location)
    start = store.cursor(name) if name else None
    before = tally.read + tally.skips
    if start:
        tally.went_on += 1
    waiting: list[Post] = []
    for item in read(location, door, source=source, mapping=mapping, start=start, apart=apart):
        if isinstance(item, Post):
            waiting.append(item)
        elif isinstance(item, Skipped):
            _skip(item, tally, on_skip)
        elif isinstance(item, Mark):
            keep_posts(waiting, store, reader, tally, [(name, item.position)] if name else [])
            waiting = []
            if on_mark is not None:
                on_mark(item)
    if not start and tally.read + tally.skips == before:
        what = "nothing to read in it: it is empty, or holds no words"
        _skip(Skipped(file=shown_name(location), what=what), tally, on_skip)


def shown_name(location: Path | str) -> str:
    """An input as it is called in messages."""
    return "standard input" if str(location) == "-" else str(location)


def cursor_name(location: Path | str) -> str | None:
    """The name under which it is kept how far an input was read; standard input has none."""
    return None if str(location) == "-" else f"input:{Path(location).resolve()}"


def keep_posts(
    posts: list[Post], store: Store, reader: ReadsPosts, tally: Tally, cursors: list[tuple[str, str]]
) -> None:
    """Read posts that are new or edited and keep them with how far the input was read, in one transaction each."""
    if not posts and all(store.cursor(name) == position for name, position in cursors):
        return
    pieces = [posts[start : start + BATCH] for start in range(0, len(posts), BATCH)] or [[]]
    for number, piece in enumerate(pieces):
        last = number == len(pieces) - 1
        batch = make_batch(piece, store, reader, cursors if last else [])
        kept = store.keep(batch)
        tally.read += len(piece)
        tally.new, tally.edited = tally.new + kept.new, tally.edited + kept.edited
        tally.claims += sum(len(reading.claims) for _, reading in batch.posts)


def make_batch(posts: list[Post], store: Store, reader: ReadsPosts, cursors: list[tuple[str, str]]) -> Batch:
    """What keeping these posts writes, with what is to be fused anew noted for `settle`."""
    batch = read_batch(posts, store, reader)
    touched = find_touched(batch, store, unsettled(store))
    return replace(batch, cursors=cursors, states=[(UNSETTLED, msgspec.json.encode(touched))] if touched else [])


def read_batch(posts: list[Post], store: Store, reader: ReadsPosts) -> Batch:
    """What reading these posts writes: only those that change anything, and those read anew with them."""
    fresh = choose_fresh(posts, store)
    context = Context(fresh, store)
    read = [(post, reader.read(told)) for post, told in context.told()]
    reports = [report for post, reading in read for report in reports_of(post, reading)]
    again = [(post, reader.read(told)) for post, told in context.again()]
    reports += [report for post, reading in again for report in reports_of(post, reading)]
    heard = [each for post, reading in (*read, *again) for each in heard_of(post, reading)]
    readings = [(post.id, reading) for post, reading in again]
    sightings = sightings_of(read, store) if any(post.prints for post, _ in read) else []
    words = [(post.id, reader.findable(post) if tells(reading) else "") for post, reading in read]
    return Batch(posts=read, reports=reports, heard=heard, words=words, readings=readings, sightings=sightings)


def tells(reading: Reading) -> bool:
    """Whether a post says or asks something of a crossing: chatter is kept for nobody to search."""
    return bool(reading.claims or reading.denials or reading.question)


def find_touched(batch: Batch, store: Store, before: Mapping[str, datetime]) -> dict[str, datetime]:
    """Crossings to fuse anew, and since when: those noted, those spoken of now, and those spoken of before an edit.

    Nothing where no more is to be fused than ``before``.
    """
    touched = dict(before)
    times = {post.id: post.posted_at for post, _ in batch.posts}
    times |= {post.id: post.posted_at for post in store.posts(name for name, _ in batch.readings).values()}
    told = [(report.claim.crossing, report.posted_at) for report in batch.reports]
    for name, reading in store.readings(times).items():
        told += [(claim.crossing, times[name]) for claim in (*reading.claims, *reading.denials)]
    for crossing, instant in told:
        touched[crossing] = min(instant, touched.get(crossing, instant))
    return dict(sorted(touched.items())) if touched != before else {}


def unsettled(store: Store) -> dict[str, datetime]:
    """The time of the earliest report that came in since the estimates were made, by crossing."""
    return msgspec.json.decode(store.state(UNSETTLED) or b"{}", type=dict[str, datetime])


def choose_fresh(posts: Iterable[Post], store: Store) -> list[Post]:
    """The posts that are not kept yet, or are later edits; of each id the latest edit."""
    latest: dict[str, Post] = {}
    for post in posts:
        other = latest.get(post.id)
        if other is None or is_later(post, other):
            latest[post.id] = post
    kept = store.posts(latest)
    return [post for post in latest.values() if post.id not in kept or is_later(post, kept[post.id])]


def is_later(post: Post, other: Post) -> bool:
    """Whether a post is a later edit than another of the same id."""
    if post.edited_at is None:
        return False
    return other.edited_at is None or post.edited_at > other.edited_at


def _skip(item: Skipped, tally: Tally, on_skip: Said | None) -> None:
    tally.skips += 1
    if on_skip is not None:
        on_skip(item)
    elif len(tally.skipped) < 1_000:
        tally.skipped.append(item)
