"""Being the one that loads and settles, as soon as whoever is at it is done: a live board is settled every minute."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from verst.errors import StoreBusy
from verst.store import Store

SOMEBODY_WAITS = 8.0  # seconds that a person who sent something is let wait
NOBODY_WAITS = 120.0  # seconds that a command waits which would else have to be given again
AGAIN = 0.1  # seconds between looks


@contextmanager
def in_turn(store: Store, seconds: float) -> Iterator[None]:
    """Be alone in the store, waiting so long for it. Raises StoreBusy when another is still at it then."""
    until = time.monotonic() + seconds
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(store.sole())
                break
            except StoreBusy:
                if time.monotonic() >= until:
                    raise
            time.sleep(AGAIN)
        yield
