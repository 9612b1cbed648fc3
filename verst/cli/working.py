"""`verst work`: the steps of the work as processes of their own, over a bus."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated

import typer

from verst.cli.loading import BusOption, StoreOption, opened_bus
from verst.cli.says import warn, warn_skipped
from verst.errors import BadSetting

if TYPE_CHECKING:
    from verst.bus import Bus
    from verst.store import Store
    from verst.work.apart.running import Worker

work = typer.Typer(
    name="work",
    help="The steps of the work as processes of their own over a bus, any number of each; verst listen joins them.",
    no_args_is_help=True,
)


AttachedOption = Annotated[
    bool, typer.Option("--attached", help="end when standard input does: whoever began this is gone then")
]


@work.command()
def read(store: StoreOption = None, bus: BusOption = None, attached: AttachedOption = False) -> None:
    """Read posts from the bus into the store until ended; what was begun is brought to its end first."""
    from verst.reading.reader import Reader
    from verst.work.apart.readers import Readers
    from verst.work.second import with_second

    with opened(store, bus) as (kept, carried):
        run(Readers(kept, carried, with_second(Reader.load(), warn_skipped), warn_skipped), carried, attached)


@work.command()
def fuse(store: StoreOption = None, bus: BusOption = None, attached: AttachedOption = False) -> None:
    """Make the estimates of what readers tell of until ended; each crossing is fused by one process at a time."""
    from verst.clock import now
    from verst.geography import load_kinds, load_regions
    from verst.work.apart.fusers import Fusers

    with opened(store, bus) as (kept, carried):
        kinds = {kind.id: kind for kind in load_kinds()}
        run(Fusers(kept, carried, load_regions(), kinds, now, warn_skipped), carried, attached)


@contextmanager
def opened(store: str | None, bus: str | None) -> Iterator[tuple[Store, Bus]]:
    """The store and the bus of these addresses. Raises BadSetting where no bus is named."""
    from verst.work import open_home_store

    if not bus:
        raise BadSetting("no bus is named; write --bus nats://127.0.0.1:4222, or set VERST_BUS")
    with opened_bus(bus) as carried:
        kept = open_home_store(store)
        try:
            yield kept, carried
        finally:
            kept.close()


def run(worker: Worker, bus: Bus, attached: bool = False) -> None:
    """Let a worker work until SIGTERM or Ctrl-C; one that is ``attached``, until its standard input ends, too."""
    from verst.work.apart.running import work_on

    ended = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    if attached:
        Thread(target=end_with_input, args=(ended,), name="input", daemon=True).start()
    warn(f"work {worker.role}: begun    (Ctrl-C ends it when its step is done; nothing is lost)")
    work_on(worker, bus, ended, lambda text: warn(f"work {worker.role}: {text}"))
    warn(f"work {worker.role}: ended, nothing is left half-done")


def end_with_input(ended: Event) -> None:
    """Set ``ended`` when standard input has come to its end, which a system brings about when its writer is gone."""
    while os.read(0, 4_096):
        pass
    ended.set()
