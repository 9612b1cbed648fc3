"""`verst tell`: what is worth saying now, and telling it to those who asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import typer

from verst.cli.beside import beside
from verst.cli.loading import StoreOption
from verst.cli.names import check_word
from verst.cli.says import print_line, print_text, read_time, warn, warn_skipped
from verst.errors import BadSetting, VerstError

if TYPE_CHECKING:
    from verst.model import Kind, Region
    from verst.notices import Alert
    from verst.store import Store
    from verst.work.delivering import Teller, Write
    from verst.work.subscribers import Subscriber, Telling


def tell(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would be told; keep and send nothing")] = False,
    at: Annotated[
        str | None, typer.Option(help="with --dry-run: as of that time, such as 2022-09-24T14:20+03:00")
    ] = None,
    lang: Annotated[str, typer.Option(help="with --dry-run: in that language")] = "en",
    store: StoreOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON lines")] = False,
) -> None:
    """Find what changed beyond doubt and tell it to everybody in verst.toml, once (verst up does so all the time)."""
    from verst.geography import load_kinds, load_regions
    from verst.web.texts import load_tongues
    from verst.work import open_home_store

    check_word(lang, load_tongues(), "language of the board")
    if at is not None and not dry_run:
        raise BadSetting("--at is for looking back, and what is past is not told; add --dry-run")
    regions, kinds = load_regions(), {kind.id: kind for kind in load_kinds()}
    telling = load_telling(regions)
    opened = open_home_store(store)
    try:
        if dry_run:
            show(opened, regions, kinds, telling, choose_time(opened, at), lang, as_json)
        else:
            tell_once(opened, regions, kinds, telling, as_json)
    finally:
        opened.close()


def load_telling(regions: Sequence[Region]) -> Telling:
    """Who is told, by the operator's file. Raises BadSetting."""
    from verst.work.configuration import config_file
    from verst.work.home import subscribers_key
    from verst.work.subscribers import read_telling

    return read_telling(config_file(), subscribers_key, regions)


def choose_time(store: Store, at: str | None) -> datetime:
    """The time that was named, else now on a live store, else the end of the archive. Raises BadSetting."""
    from verst.clock import now
    from verst.work import live_until

    if at is not None:
        return read_time(at, "--at")
    span = store.span(now())
    return live_until(store, now()) or (span[1] if span else now())


def show(
    store: Store,
    regions: Sequence[Region],
    kinds: Mapping[str, Kind],
    telling: Telling,
    at: datetime,
    lang: str,
    as_json: bool,
) -> None:
    """Print what would be told at ``at``, and to how many."""
    from verst.outputs.webhook import as_data
    from verst.web.alert_words import write_alert
    from verst.work.alerting import Alerting

    found = Alerting(store, regions, kinds).find(at)
    for alert in found:
        words = write_alert(alert, lang, regions, kinds)
        whom = sum(each.wants(alert) for each in telling.subscribers)
        if as_json:
            print_line({"alert": as_data(alert), "title": words.title, "body": words.body, "to": whom})
        else:
            print_text(f"{words.title}\n{words.body}\n(to {whom} of {len(telling.subscribers)})\n")
    if not found and not as_json:
        warn("nothing is worth telling now, which does not mean that all is well")


def tell_once(
    store: Store, regions: Sequence[Region], kinds: Mapping[str, Kind], telling: Telling, as_json: bool
) -> None:
    """Find, keep and deliver once, and say how it went."""
    from verst.clock import now
    from verst.store import outbox_of
    from verst.work import live_until
    from verst.work.alerting import Alerting

    until = live_until(store, now())
    fresh = Alerting(store, regions, kinds).tell(until, telling.subscribers) if until is not None else []
    if until is None:
        warn("what is kept is an archive: nothing new is told of it (see --dry-run)")
    told = make_teller(store, regions, kinds, telling).round().by_state
    counts: dict[str, Any] = {"new": len(fresh)} | {str(state): count for state, count in told.items()}
    counts["still_waiting"] = outbox_of(store).tally().get("waiting", 0)
    if as_json:
        print_line(counts)
    else:
        warn(", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items()))


def make_teller(store: Store, regions: Sequence[Region], kinds: Mapping[str, Kind], telling: Telling) -> Teller:
    """A teller with the words of the pages."""
    from verst.clock import now
    from verst.outputs import channels
    from verst.store import outbox_of
    from verst.work.delivering import Teller

    write = write_with(regions, kinds, telling.board)
    return Teller(outbox_of(store), telling.subscribers, channels(), write, now, on_fault=warn_skipped)


def write_with(regions: Sequence[Region], kinds: Mapping[str, Kind], board: str | None) -> Write:
    """How an alert is put into words for a subscriber, with a link where the board has an address."""
    from verst.web.alert_entries import alert_path
    from verst.web.alert_words import write_alert

    def write(alert: Alert, whom: Subscriber) -> tuple[str, str, str, str | None]:
        words = write_alert(alert, whom.lang, regions, kinds)
        link = f"{board}{alert_path(alert, '/')}?lang={words.lang}" if board else None
        return words.title, words.body, words.lang, link

    return write


@contextmanager
def told_beside(
    store: Store, regions: Sequence[Region], kinds: Mapping[str, Kind], telling: Telling
) -> Iterator[Callable[[datetime], None]]:
    """While this lasts, what waits is told; gives what finds alerts at a time. What goes wrong ends no board."""
    from verst.store import KeepsOutbox
    from verst.work.alerting import Alerting

    if not isinstance(store, KeepsOutbox):
        warn("this store keeps no alerts; nobody is told of changes")
        yield lambda _: None
        return
    alerting = Alerting(store, regions, kinds)
    teller = make_teller(store, regions, kinds, telling)

    def find(at: datetime) -> None:
        if alerting.tell(at, telling.subscribers):
            teller.wake()

    with beside("tell", lambda ended: patiently(lambda: teller.run(ended), ended), 10) as ended:
        try:
            yield lambda at: once(lambda: find(at))
        finally:
            ended.set()
            teller.wake()


def patiently(work: Callable[[], object], ended: Event) -> None:
    """Do something that ends by itself, again and again, until ``ended`` is set; what goes wrong is told."""
    while not ended.is_set():
        once(work)
        ended.wait(30)


def once(work: Callable[[], object]) -> None:
    """Do something once; what goes wrong is told, without words of posts or addresses."""
    from verst.errors import name_fault

    try:
        work()
    except VerstError as error:
        warn(f"verst: {error}; it is tried again")
    except Exception as error:
        warn(f"verst: telling went wrong ({name_fault(error)}); it is tried again")
