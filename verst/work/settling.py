"""From the store's reports to its estimates: what came in, in whatever order, ends in the same history.

Each crossing is fused by itself, in the order of (posted_at, post id). When something came in for an hour that was
already fused, the crossing goes back to a checkpoint before it, or to its beginning, and its estimates from there on
are written anew: the history is a function of the posts kept, not of the order in which they came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from verst.errors import VerstError
from verst.fusion import Fusion
from verst.model import Estimate, Kind, Region, Report, Skipped
from verst.store import Batch, Store
from verst.work.caution import Said, name_fault
from verst.work.copying import mark_copies
from verst.work.intake import UNSETTLED, unsettled
from verst.work.telling import Quantity, is_news, quantity_of, telling_times

DAY = timedelta(days=1)
LATENESS = timedelta(hours=6)  # posts that come so late need no going back to the beginning
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
CROSSINGS, SETTLED = "crossings", "settled"
Progress = Callable[[int, int], None]


class Checkpoint(msgspec.Struct, array_like=True):
    """The state of one crossing that has heard every report until ``at``, and what was last told of it."""

    at: datetime = BEGINNING
    fusion: bytes = b""
    told: list[Estimate] = []
    heard: datetime | None = None  # the last report it has heard


def settle(
    store: Store,
    regions: Sequence[Region],
    kinds: Mapping[str, Kind],
    *,
    now: datetime | None = None,
    on_progress: Progress | None = None,
    on_skip: Said | None = None,
) -> int:
    """Make the estimates of everything that came in; gives how many crossings were fused. The caller holds `sole`.

    ``now``: until when silence is told (a live board); None: until the newest post. A process that ends half-way
    leaves whole crossings done, and the next call does the rest. ``on_skip`` is told of a crossing that cannot be
    fused: it keeps what was told of it before and is tried again by the next call. None: its error is raised.
    """
    span = store.span()
    if span is None:
        return 0
    end = max(span[1], now) if now is not None else span[1]
    touched = mark_copies(store, unsettled(store))
    every = sorted({*known_crossings(store), *touched})
    moved_on = store.state(SETTLED) != _slot(end)
    todo = every if moved_on else sorted(touched)
    failed: dict[str, datetime] = {}
    for number, crossing in enumerate(todo):
        try:
            fuse_crossing(store, crossing, touched.get(crossing), end, regions, kinds)
        except (VerstError, MemoryError):
            raise
        except Exception as error:
            if on_skip is None:
                raise
            failed[crossing] = touched.get(crossing, BEGINNING)
            what = f"cannot be fused ({name_fault(error)}); it shows what was known before, the others go on"
            on_skip(Skipped(file=f"crossing {crossing}", what=what))
        if on_progress is not None:
            on_progress(number + 1, len(todo))
    if todo or moved_on:
        left = msgspec.json.encode(failed) if failed else b""
        done = [(UNSETTLED, left), (CROSSINGS, msgspec.json.encode(every)), (SETTLED, _slot(end))]
        store.keep(Batch(states=done))
    return len(todo) - len(failed)


def known_crossings(store: Store) -> list[str]:
    """The crossings that were ever spoken of."""
    return msgspec.json.decode(store.state(CROSSINGS) or b"[]", type=list[str])


def _slot(end: datetime) -> bytes:
    """Names the quarter of an hour that an end lies in: within it, silence elsewhere changes nothing."""
    return str(int(end.timestamp() // 900)).encode()


def fuse_crossing(
    store: Store,
    crossing: str,
    since: datetime | None,
    end: datetime,
    regions: Sequence[Region],
    kinds: Mapping[str, Kind],
) -> None:
    """Fuse one crossing from its checkpoint before ``since`` (None: nothing new) to ``end``, and keep all at once."""
    name = f"fusion:{crossing}"
    start = read_checkpoint(store.state(name), since)
    fusion = Fusion(regions, kinds, lateness=0.0)
    if start.fusion:
        try:
            fusion.load(start.fusion)
        except ValueError:  # kept by another version of the program: from the beginning
            start, fusion = Checkpoint(), Fusion(regions, kinds, lateness=0.0)
    reports = [r for r in store.reports(crossing=crossing, since=start.at) if start.at < r.posted_at <= end]
    posted = [start.heard, *(r.posted_at for r in reports)] if start.heard else [r.posted_at for r in reports]
    midnight = BEGINNING + (end - LATENESS - BEGINNING) // DAY * DAY
    run = _Run(fusion, {quantity_of(each): each for each in start.told}, start, start.heard)
    times = {at for at in telling_times(posted, end) if at > start.at}
    for at, some in steps(reports, sorted({*times, midnight} if start.at < midnight else times)):
        run.hear(some)
        if at in times:
            run.tell(at)
        if at == midnight:
            run.note(at)
    states = [(name, msgspec.msgpack.encode(run.checkpoint))] if run.checkpoint.fusion else [(name, b"")]
    store.keep(Batch(cleared=[(crossing, start.at)], estimates=run.kept, states=states))


class _Run:
    """One crossing on its way through time."""

    def __init__(self, fusion: Fusion, told: dict[Quantity, Estimate], start: Checkpoint, heard: datetime | None):
        self.fusion, self.told, self.checkpoint, self.heard = fusion, told, start, heard
        self.kept: list[Estimate] = []

    def hear(self, reports: Sequence[Report]) -> None:
        self.fusion.take(reports)
        if reports:
            self.heard = reports[-1].posted_at

    def tell(self, at: datetime) -> None:
        for estimate in self.fusion.estimates(at):
            quantity = quantity_of(estimate)
            if is_news(self.told.get(quantity), estimate):
                self.told[quantity] = estimate
                self.kept.append(estimate)

    def note(self, at: datetime) -> None:
        """Everything heard so far, to go on from. Nothing is run for it, so that it leaves no trace in the figures."""
        self.checkpoint = Checkpoint(at, self.fusion.dump(), list(self.told.values()), self.heard)


def read_checkpoint(state: bytes | None, since: datetime | None) -> Checkpoint:
    """The kept checkpoint, unless something came in for a time before it."""
    if state is None:
        return Checkpoint()
    found = msgspec.msgpack.decode(state, type=Checkpoint)
    return Checkpoint() if since is not None and since <= found.at else found


def steps(reports: Sequence[Report], times: Iterable[datetime]) -> Iterator[tuple[datetime, Sequence[Report]]]:
    """Each time to tell something, with the reports that came since the one before."""
    done = 0
    for at in times:
        start = done
        while done < len(reports) and reports[done].posted_at <= at:
            done += 1
        yield at, reports[start:done]
