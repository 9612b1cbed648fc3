"""From the store's reports to its estimates: what came in, in whatever order, ends in the same history.

Each crossing is fused by itself, in the order of (posted_at, post id). When something came in for an hour that was
already fused, the crossing goes back to a checkpoint before it, or to its beginning, and its estimates from there on
are written anew (`verst.work.histories`): the history is a function of the posts kept and of the acts of the desk, not
of the order in which they came.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from verst.desk import JUDGING, Act
from verst.errors import VerstError, name_fault
from verst.fusion.judging import is_from
from verst.model import Kind, Region, Skipped
from verst.store import Batch, Store
from verst.store.desk import acts_of
from verst.work.caution import Said
from verst.work.copying import Copies, mark_copies, marked_by
from verst.work.histories import BEGINNING, MICROSECOND, make_history
from verst.work.intake import UNSETTLED, unsettled

CROSSINGS, SETTLED = "crossings", "settled"
AHEAD = timedelta(minutes=15)  # the clocks of others may be so far ahead of ours
ACTS = "acts"  # how many acts of the desk the estimates know of
AT_ONCE = 2_000  # estimates that are kept in one transaction
Progress = Callable[[int, int], None]


def settle(
    store: Store,
    regions: Sequence[Region],
    kinds: Mapping[str, Kind],
    *,
    now: datetime | None = None,
    on_progress: Progress | None = None,
    on_skip: Said | None = None,
    copies: Copies | None = None,
) -> int:
    """Make the estimates of everything that came in; gives how many crossings were fused. The caller holds `sole`.

    ``now``: until when silence is told (a live board); None: until the newest post. What is dated further ahead of now
    than clocks go wrong is heard when its time has come. A process that ends half-way leaves whole crossings done, and
    the next call does the rest. ``on_skip`` is told of a crossing that cannot be fused: it keeps what was told of it
    before and is tried again by the next call. None: its error is raised. ``copies``: of who settles again and again.
    """
    if (span := store.span(now + AHEAD if now is not None else None)) is None:
        return 0
    end = max(span[1], now) if now is not None else span[1]
    acts = [act for act in acts_of(store) if act.at <= end]
    touched = with_acts(store, mark_copies(store, unsettled(store), copies), acts)
    every = sorted({*known_crossings(store), *touched})
    moved_on = store.state(SETTLED) != slot_of(end)
    todo = every if moved_on else sorted(touched)
    failed, made = dict[str, datetime](), list[Batch]()
    for number, crossing in enumerate(todo, 1):
        try:
            made.append(make_history(store, crossing, touched.get(crossing), end, regions, kinds, acts))
        except (VerstError, MemoryError):
            raise
        except Exception as error:
            if on_skip is None:
                raise
            failed[crossing] = touched.get(crossing, BEGINNING)
            what = f"cannot be fused ({name_fault(error)}); it shows what was known before, the others go on"
            on_skip(Skipped(file=f"crossing {crossing}", what=what))
        if sum(len(each.estimates) for each in made) >= AT_ONCE:
            store.keep(join(made))
            made = []
        if on_progress is not None:
            on_progress(number, len(todo))
    if todo or moved_on:
        done = [(UNSETTLED, msgspec.json.encode(failed) if failed else b""), (CROSSINGS, msgspec.json.encode(every)),
                (SETTLED, slot_of(end)), acts_known(acts), marked_by(None if moved_on else copies)]  # fmt: skip
        store.keep(join([*made, Batch(states=done)]))
    return len(todo) - len(failed)


def join(made: Sequence[Batch]) -> Batch:
    """Histories of several crossings in one transaction: each costs the disk a turn."""
    return Batch(
        cleared=[each for batch in made for each in batch.cleared],
        estimates=[each for batch in made for each in batch.estimates],
        states=[each for batch in made for each in batch.states],
    )


def known_crossings(store: Store) -> list[str]:
    """The crossings that were ever spoken of."""
    return msgspec.json.decode(store.state(CROSSINGS) or b"[]", type=list[str])


def slot_of(end: datetime) -> bytes:
    """Names the quarter of an hour that an end lies in: within it, silence elsewhere changes nothing."""
    return str(int(end.timestamp() // 900)).encode()


def with_acts(store: Store, touched: Mapping[str, datetime], acts: Sequence[Act]) -> dict[str, datetime]:
    """Crossings to fuse anew, and since when, with those that acts are about which no estimate knows of yet."""
    out = dict(touched)
    for act in acts[int(store.state(ACTS) or b"0") :]:
        for crossing in crossings_of(store, act, acts):
            before = act.at - MICROSECOND  # what was not told yet until the act is told as it was before it
            out[crossing] = min(before, out.get(crossing, before))
    return out


def crossings_of(store: Store, act: Act, acts: Sequence[Act]) -> set[str]:
    """The crossings whose estimates an act changes: of a mark, those that its source spoke of."""
    if act.verb == "undo":
        return {name for each in acts if each.n == act.undoes for name in crossings_of(store, each, acts)}
    if act.verb == "mark":
        return {r.claim.crossing for r in store.reports(since=act.since) if is_from(r, act.source)}
    return {act.crossing} if act.verb in JUDGING and act.crossing is not None else set()


def acts_known(acts: Sequence[Act]) -> tuple[str, bytes]:
    """The state that says how many acts the estimates know of."""
    return ACTS, str(len(acts)).encode()


def settle_acts(store: Store, regions: Sequence[Region], kinds: Mapping[str, Kind], end: datetime) -> int:
    """Make anew the estimates that the newest acts of the desk change, and no others. The caller holds `sole`.

    ``end``: until when the board is told of. What came in besides is left to `settle`, which the next load calls.
    """
    acts = [act for act in acts_of(store) if act.at <= end]
    touched = with_acts(store, {}, acts)
    waiting = unsettled(store)
    for crossing, since in touched.items():
        since = min(since, waiting.get(crossing, since))
        store.keep(make_history(store, crossing, since, end, regions, kinds, acts))
    store.keep(Batch(states=[acts_known(acts)]))
    return len(touched)
