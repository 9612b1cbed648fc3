"""`verst up`: the bundled archive on the first start, then the board."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import typer

from verst.cli.beside import beside
from verst.cli.crew import crew
from verst.cli.loading import BusOption, StoreOption, load_and_settle, opened_bus, put_files
from verst.cli.says import print_line, warn, warn_skipped
from verst.cli.telling import load_telling, told_beside
from verst.errors import BadSetting, VerstError

if TYPE_CHECKING:
    from verst.bus import Bus
    from verst.model import Kind, Region
    from verst.reading.reader import Reader
    from verst.sources import Door
    from verst.store import Store
    from verst.web.saying import Inbox
    from verst.work.apart.looking import Look

HOST = "127.0.0.1"
DEMO = "archive:exodus_2022"


def up(
    port: Annotated[int, typer.Option(min=0, max=65535, help="the board's port on this machine; 0: any")] = 8080,
    host: Annotated[
        str, typer.Option(help="the address to listen at; others than this machine's own: in a container")
    ] = HOST,
    store: StoreOption = None,
    demo: Annotated[bool, typer.Option(help="load the bundled archive into an empty store first")] = True,
    form: Annotated[bool, typer.Option("--form", help='take what people say in the form "I am at the border"')] = False,
    bus: BusOption = None,
    readers: Annotated[int, typer.Option(min=0, help="with --bus: processes that read, beside the board")] = 1,
    fusers: Annotated[int, typer.Option(min=0, help="with --bus: processes that fuse, beside the board")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="say where the board is as JSON")] = False,
) -> None:
    """Serve the board on this machine. The first start loads and replays the bundled archive."""
    from verst.work import open_home_store
    from verst.work.apart.looking import Look

    port = choose_port(port, host)
    with ExitStack() as stack:
        opened = open_home_store(store)
        stack.callback(opened.close)
        carried = stack.enter_context(opened_bus(bus)) if bus else None
        look = None
        if bus and carried is not None:
            look = stack.enter_context(closing(Look(carried)))
            stack.enter_context(crew(store, bus, {"read": readers, "fuse": fusers}))
        if demo:
            load_demo(opened, carried)
        serve(opened, port, as_json, form=form, host=host, bus=look)


def choose_port(port: int, host: str = HOST) -> int:
    """The port, or a free one for 0. Raises BadSetting when it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError as error:
            why = (error.strerror or "it is taken").lower()
            do = f"end what uses it, or: verst up --port {port + 1 if port < 65535 else 8080}"
            raise BadSetting(f"port {port} on this machine cannot be used ({why}); {do}") from error
        return int(probe.getsockname()[1])


def archive_files() -> list[str]:
    """The bundled archive; nothing where it is not bundled."""
    folder = Path(__file__).resolve().parent.parent / "archive" / "exodus_2022"
    return [str(folder)] if folder.is_dir() else []


def load_demo(store: Store, bus: Bus | None = None) -> None:
    """Load the archive into a store that holds nothing else, or put it on the bus; a load that was ended goes on."""
    from verst.store import Batch

    begun = store.cursor(DEMO)
    if begun == "loaded" or (begun is None and store.span() is not None):
        return
    files = archive_files()
    if not files:
        warn("no archive is bundled here; load posts of your own: verst load FILE…")
        return
    warn("first start: loading the bundled archive (Russia's borders, 20 September to 6 October 2022)")
    store.keep(Batch(cursors=[(DEMO, "begun")]))
    tally = load_and_settle(store, files) if bus is None else put_files(store, bus, files)
    store.keep(Batch(cursors=[(DEMO, "loaded")]))
    claims = f"{tally.claims:,} claims, " if bus is None else ""
    warn(f"{tally.read:,} posts, {claims}{tally.skips:,} that could not be used")


def serve(
    store: Store, port: int, as_json: bool, *, form: bool = False, host: str = HOST, bus: Look | None = None
) -> None:
    """Run the board until interrupted; beside it, what is live is kept current, unless others do that over a bus."""
    from verst.geography import load_kinds, load_regions
    from verst.web import make_app

    address = f"http://{HOST}:{port}"
    regions, kinds = load_regions(), {kind.id: kind for kind in load_kinds()}
    telling = load_telling(regions)
    inbox = make_inbox(store) if form else None
    app = make_app(store, regions, kinds, address=telling.board, push_key=telling.push_key, inbox=inbox, bus=bus)
    if as_json:
        print_line({"url": address})
        sys.stdout.flush()
    else:
        warn(f"the board: {address}    (Ctrl-C ends it; nothing is lost)")
        then = " --at 2022-09-26T12:00+03:00" if store.cursor(DEMO) == "loaded" else ""
        warn(f'next: verst ask "Можно ли пешком через Ларс?"{then}')
        warn("      verst load your/result.json   verst doctor")
    with (
        told_beside(store, regions, kinds, telling) as alert,
        kept_current(store, regions, kinds, alert, settles=bus is None),
    ):
        run_server(app, port, host)


def make_inbox(store: Store) -> Inbox:
    """Where the form leads: through the door and into the store. What reads its words is made when the first comes."""
    from functools import cache

    from verst.reading.reader import Reader
    from verst.web.saying import Inbox
    from verst.work.form import Told, keep_told
    from verst.work.home import open_door

    @cache
    def reading() -> tuple[Door, Reader]:
        reader = Reader.load()
        return open_door(reader.places.about), reader

    def keep(told: Told, name: str, once: str, at: datetime, offset_minutes: int) -> int:
        door, reader = reading()
        return keep_told(store, door, reader, told, name=name, once=once, at=at, offset_minutes=offset_minutes)

    return Inbox(keep)


@contextmanager
def kept_current(
    store: Store, regions: Sequence[Region], kinds: Mapping[str, Kind], after: Callable[[datetime], None],
    *, settles: bool = True,
) -> Iterator[None]:  # fmt: skip
    """While this lasts, a live store is settled now and then; what goes wrong there is told and ends no board.

    ``after`` is called with the time each settling was for.
    """
    from verst.clock import now
    from verst.errors import name_fault
    from verst.work import keep_current

    def run(ended: Event) -> None:
        while not ended.is_set():
            try:
                keep_current(store, regions, kinds, now, ended, on_skip=warn_skipped, after=after, settles=settles)
            except VerstError as error:
                warn(f"verst: {error}; it is tried again")
            except Exception as error:  # a board that stands still, and says nothing of it, is the worst of all
                warn(f"verst: settling went wrong ({name_fault(error)}); it is tried again")

    with beside("keep-current", run, 10):
        yield


def run_server(app: Any, port: int, host: str = HOST) -> None:
    """Serve an ASGI application, without an access log, until SIGINT or SIGTERM."""
    import asyncio
    import signal

    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server.embed import Server

    server = Server(app, host, port, interface=Interfaces.ASGI, log_level=LogLevels.error)

    def stop() -> None:
        app.state.changes.close()  # who listens would keep the server from ending
        server.stop()  # type: ignore[no-untyped-call]  # granian says no types

    async def run() -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)
        await server.serve()

    asyncio.run(run())
