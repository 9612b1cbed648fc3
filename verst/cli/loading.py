"""`verst load`: inputs into the store, and from there to the board."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import typer

from verst.cli.says import end_unless_used, print_line, warn, warn_skipped
from verst.errors import BadSetting

if TYPE_CHECKING:
    from verst.bus import Bus
    from verst.reading.reader import Reader
    from verst.sources import Mark
    from verst.store import Store
    from verst.work import Tally
    from verst.work.apart.putting import Putter

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store", envvar="VERST_STORE", show_envvar=False,
        help="such as sqlite:////srv/verst.db (default: VERST_STORE, else verst.db in VERST_HOME)",
    ),
]  # fmt: skip

BusOption = Annotated[
    str | None,
    typer.Option(
        "--bus", envvar="VERST_BUS", show_envvar=False,
        help="such as nats://127.0.0.1:4222: processes of their own do the work (default: VERST_BUS)",
    ),
]  # fmt: skip


def load(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="files, folders and all in them, or -")],
    store: StoreOption = None,
    source: Annotated[str | None, typer.Option(help="which source reads them (default: guessed)")] = None,
    mapping: Annotated[Path | None, typer.Option(help="a TOML file that says what a table's columns are")] = None,
    bus: BusOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the counts as JSON")] = False,
) -> None:
    """Load posts into the store. The same file twice changes nothing; what was killed goes on where it was."""
    from verst.work import open_home_store

    opened = open_home_store(store)
    try:
        if bus:
            with opened_bus(bus) as carried:
                tally = put_files(opened, carried, files, source=source, mapping=mapping)
        else:
            tally = load_and_settle(opened, files, source=source, mapping=mapping)
    finally:
        opened.close()
    counts = {"read": tally.read, "new": tally.new, "edited": tally.edited, "known": tally.known}
    counts |= {"claims": tally.claims, "skipped": tally.skips}
    if as_json:
        print_line(counts)
    else:
        warn(", ".join(f"{count:,} {name}" for name, count in counts.items()))
    end_unless_used(tally.read + tally.went_on, tally.skips)


def load_and_settle(store: Store, files: list[str], *, source: str | None = None, mapping: Path | None = None) -> Tally:
    """Load inputs and make the estimates, with a bar on a terminal."""
    from verst.clock import now
    from verst.geography import load_kinds, load_regions
    from verst.reading.reader import Reader
    from verst.work import live_until, load_inputs, settle
    from verst.work.home import open_door
    from verst.work.second import with_second
    from verst.work.turns import NOBODY_WAITS, in_turn

    kinds = {kind.id: kind for kind in load_kinds()}
    reader = Reader.load()
    with in_turn(store, NOBODY_WAITS), show_progress(find_size(files)) as bar:
        tally = load_inputs(
            files, store, open_door(reader.places.about), with_second(reader, warn_skipped),
            source=source, mapping=mapping, on_mark=bar.loading, on_skip=warn_skipped,
        )  # fmt: skip
        until = live_until(store, now())
        settle(store, load_regions(), kinds, now=until, on_progress=bar.fusing, on_skip=warn_skipped)
    return tally


def put_files(
    store: Store, bus: Bus, files: list[str], *, source: str | None = None, mapping: Path | None = None
) -> Tally:
    """Put the posts of inputs on the bus, where readers find them."""
    from verst.work.apart.putting import put_inputs
    from verst.work.home import open_door

    putter, reader = make_putter(store, bus)
    door = open_door(reader.places.about)
    return put_inputs(files, store, putter.put, door, source=source, mapping=mapping, on_skip=warn_skipped)


def make_putter(store: Store, bus: Bus, ended: Event | None = None) -> tuple[Putter, Reader]:
    """What puts posts on the bus until ``ended`` is set, and the reader by which it knows chatter."""
    from verst.clock import now
    from verst.reading.reader import Reader
    from verst.work.apart.putting import Putter
    from verst.work.apart.shedding import Sieve

    reader = Reader.load()
    return Putter(store, bus, Sieve(bus, reader, now, warn), ended), reader


@contextmanager
def opened_bus(bus: str) -> Iterator[Bus]:
    """The bus of that address. Raises BadSetting, and BusError where it cannot be reached."""
    from verst.bus import open_bus

    if bus.startswith("memory:"):
        raise BadSetting("a bus in memory reaches no other process; leave --bus out, and one process does the work")
    carried = open_bus(bus)
    try:
        yield carried
    finally:
        carried.close()


def settle_all(store: Store) -> None:
    """Make anew the estimates of whatever changed."""
    from verst.clock import now
    from verst.geography import load_kinds, load_regions
    from verst.work import live_until, settle

    kinds = {kind.id: kind for kind in load_kinds()}
    settle(store, load_regions(), kinds, now=live_until(store, now()), on_skip=warn_skipped)


def find_size(files: list[str]) -> int | None:
    """Bytes of all inputs together, where every one of them has a size."""
    from verst.errors import BadFile
    from verst.work.inputs import find_inputs, size_of

    try:
        return size_of(each for file in files for each in find_inputs(file))
    except BadFile:
        return None


class Bar:
    """A bar on standard error; silent when that is no terminal."""

    def __init__(self, progress: Any, size: int | None) -> None:
        self.progress, self.size = progress, size
        self.before, self.last = 0, 0
        self.task = progress.add_task("reading posts", total=size)

    def loading(self, mark: Mark) -> None:
        """So many bytes of one input were read and are kept."""
        if mark.done < self.last:  # another input has begun
            self.before += self.last
        self.last = mark.done
        self.progress.update(self.task, completed=self.before + self.last, total=self.size)

    def fusing(self, done: int, of: int) -> None:
        """So many crossings are done."""
        self.progress.update(self.task, description="fusing crossings", completed=done, total=of)


@contextmanager
def show_progress(size: int | None) -> Iterator[Bar]:
    """A progress bar while something is loaded."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    shown = console.is_terminal
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True, disable=not shown) as progress:
        yield Bar(progress, size)
