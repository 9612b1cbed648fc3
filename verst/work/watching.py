"""A live board grows doubtful by itself: while nobody writes, estimates are made anew, and widen and age."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event

from verst.errors import StoreBusy
from verst.model import Kind, Region
from verst.store import Store
from verst.work.caution import Said
from verst.work.copying import Copies
from verst.work.forgetting import expire
from verst.work.settling import settle

ARCHIVE_AFTER = timedelta(days=3)  # without a post; from then on "now" is the end of what is kept


def live_until(store: Store, now: datetime) -> datetime | None:
    """Until when silence is told: now, while posts are fresh; None for an archive, whose board stays at its end."""
    span = store.span(now)
    return now if span is not None and now - span[1] <= ARCHIVE_AFTER else None


def keep_current(
    store: Store,
    regions: Sequence[Region],
    kinds: Mapping[str, Kind],
    clock: Callable[[], datetime],
    ended: Event,
    *,
    every_seconds: float = 60.0,
    on_skip: Said | None = None,
    after: Callable[[datetime], None] | None = None,
    settles: bool = True,
) -> None:
    """Settle a live store now and then until ``ended`` is set, and forget words that are kept no longer.

    What another process loads meanwhile, that one settles. ``settles``: False where processes over a bus do it.

    ``after`` is called with the time each settling was for, also where somebody else does it.

    Raises StoreError other than StoreBusy.
    """
    copies = Copies()
    while not ended.wait(every_seconds):
        until = live_until(store, clock())
        if until is None:
            continue
        if settles:
            with suppress(StoreBusy), store.sole():  # busy: somebody loads, and settles what they load
                settle(store, regions, kinds, now=until, on_skip=on_skip, copies=copies)
                expire(store, until)
        if after is not None:
            after(until)
