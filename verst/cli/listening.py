"""`verst listen`: feeds and counts at addresses, asked again and again."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from verst.cli.loading import BusOption, StoreOption, make_putter, opened_bus
from verst.cli.says import print_line, print_text, warn, warn_skipped

if TYPE_CHECKING:
    from verst.bus import Bus
    from verst.outputs.reaching import Answer
    from verst.store import Store
    from verst.work.ears import Ear
    from verst.work.listening import Round
    from verst.work.streams import Stream

LONGEST_REST = timedelta(minutes=1)
LEAST_REST = 1.0  # seconds
FIRST_WAIT, LONGEST_WAIT = 5.0, 60.0  # seconds while somebody else has the store, or the bus cannot be reached


def listen(
    once: Annotated[bool, typer.Option("--once", help="ask those that are due, and end")] = False,
    show: Annotated[bool, typer.Option("--show", help="ask nobody; say how each was heard last")] = False,
    log_in: Annotated[bool, typer.Option("--log-in", help="log the Telegram account in, and end")] = False,
    store: StoreOption = None,
    bus: BusOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="print as JSON")] = False,
) -> None:
    """Listen to the addresses of verst.toml and keep what they say, until interrupted."""
    from verst.work import open_home_store
    from verst.work.configuration import config_file
    from verst.work.ears import read_ears

    if log_in:
        from verst.work.telegram_account import log_in as log_account_in

        log_account_in()
        warn("the account is logged in; what it may read is in VERST_HOME/telegram-account, keep that file closed")
        return
    ears = read_ears(config_file())
    opened = open_home_store(store)
    try:
        if show:
            show_ears(ears, opened, as_json)
        elif bus:
            with opened_bus(bus) as carried:
                run(ears, opened, once=once, bus=carried)
        else:
            run(ears, opened, once=once)
    finally:
        opened.close()


def run(ears: Sequence[Ear], store: Store, *, once: bool, bus: Bus | None = None) -> None:
    """Round after round; whoever else works in the store meanwhile is waited for. ``once``: streams are left out.

    ``bus``: posts go there instead of into the store; what cannot be reached is tried again later and later.
    """
    from verst.errors import BusError, StoreBusy, StoreError, StoreFull
    from verst.work.listening import recall
    from verst.work.streams import open_streams

    ended, woken = Event(), Event()

    def end(*_: object) -> None:
        ended.set()
        woken.set()

    signal.signal(signal.SIGTERM, end)
    asked = [ear for ear in ears if not (once and ear.is_stream)]
    listen_once = make_round(asked, store, bus, ended)
    wait = FIRST_WAIT
    places = {ear.name: recall(store, ear).place for ear in asked}
    with open_streams(asked, places, woken) as streams:
        while not ended.is_set():
            woken.clear()
            try:
                rest = listen_once(streams)
            except (StoreError, BusError) as error:
                lasts = isinstance(error, StoreFull) or (bus is None and not isinstance(error, StoreBusy))
                if once or lasts:
                    raise
                warn(f"verst: {error}")
                ended.wait(wait)
                wait = min(2 * wait, LONGEST_WAIT)
                continue
            wait = FIRST_WAIT
            if once:
                return
            woken.wait(max(1.0, min(rest, LONGEST_REST).total_seconds()))
            ended.wait(LEAST_REST if streams else 0)  # what streams is kept together, a little at a time


def make_round(
    ears: Sequence[Ear], store: Store, bus: Bus | None, ended: Event
) -> Callable[[Mapping[str, Stream]], timedelta]:
    """One round: ask, keep, fuse (which others do over a bus), say what came. It gives how long nothing is due."""
    from random import SystemRandom

    from verst.clock import now
    from verst.geography import load_kinds, load_regions
    from verst.reading.reader import Reader
    from verst.work import live_until, settle
    from verst.work.copying import Copies
    from verst.work.home import open_door
    from verst.work.intake import unsettled
    from verst.work.listening import listen_round
    from verst.work.second import with_second
    from verst.work.turns import SOMEBODY_WAITS, in_turn

    reader, kinds, dice = Reader.load(), {kind.id: kind for kind in load_kinds()}, SystemRandom()
    door, careful = open_door(reader.places.about), with_second(reader, warn_skipped)
    fetch, copies = choose_fetch(ears), Copies()
    keep = make_putter(store, bus, ended)[0].put if bus is not None else None

    def listen_once(streams: Mapping[str, Stream]) -> timedelta:
        told = listen_round(
            ears, store, door, careful, at=now(), fetch=fetch, dice=dice, on_skip=warn_skipped, streams=streams,
            keep=keep,
        )  # fmt: skip
        if bus is None and (any(told.new.values()) or unsettled(store)):
            with in_turn(store, SOMEBODY_WAITS):
                until = live_until(store, now())
                settle(store, load_regions(), kinds, now=until, on_skip=warn_skipped, copies=copies)
        say_round(told)
        return (told.next_due - now()) if told.next_due else LONGEST_REST

    return listen_once


def choose_fetch(ears: Sequence[Ear]) -> Callable[..., Answer]:
    """How ears are asked: over HTTP, or by the Telegram account. Raises BadSetting where that is not ready."""
    from verst.work.fetching import fetch

    if not any(ear.is_account for ear in ears):
        return fetch
    from verst.work.telegram_account import SCHEME, open_account

    account = open_account()

    def fetch_any(url: str, headers: Mapping[str, str], *, allow_private: bool = False) -> Answer:
        ask = account.fetch if url.startswith(SCHEME) else fetch
        return ask(url, headers, allow_private=allow_private)

    return fetch_any


def say_round(told: Round) -> None:
    """What a round brought, on standard error."""
    for name, new in told.new.items():
        warn(f"{name}: {new:,} new")
    for name, fault in told.faults.items():
        warn(f"{name}: {fault}; it is asked again later")


def show_ears(ears: Sequence[Ear], store: Store, as_json: bool) -> None:
    """How each ear was heard last, and whether it is silent for longer than it usually is."""
    from verst.clock import now
    from verst.work.listening import recall, silence

    present = now()
    for ear in ears:
        heard = recall(store, ear)
        quiet = silence(heard, present)
        if as_json:
            row = {"name": ear.name, "newest": _said(heard.newest), "due": _said(heard.due), "fault": heard.fault}
            print_line(row | {"failures": heard.failures, "silent": quiet is not None})
            continue
        said = f"last new post {_ago(present, heard.newest)}" if heard.newest else "nothing new so far"
        if quiet is not None:
            said += f"; SILENT: nothing for {_span(quiet[0])}, usually a post every {_span(quiet[1])}"
        if heard.fault:
            said += f"; failed {heard.failures} times in a row ({heard.fault})"
        print_text(f"{ear.name}: {said}")


def _said(instant: datetime | None) -> str | None:
    return None if instant is None else f"{instant:%Y-%m-%dT%H:%MZ}"


def _ago(present: datetime, instant: datetime) -> str:
    return f"{_span(present - instant)} ago"


def _span(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.0f} h"
