"""4. What is remembered: one protocol, one contract suite, several engines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, cast, runtime_checkable

from verst.errors import BadSetting
from verst.model import Estimate, Heard, Post, Question, Reading, Report, Sighting
from verst.notices import Alert, Delivery, State
from verst.shelves import code_shelf

MOVED = "somebody else has gone on from {}; what they wrote is gone on from"
PICTURES_STAY = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one step of work writes, all of it or nothing of it.

    ``posts`` with their readings; ``reports``: all that the posts named in them report (what was kept of these posts
    before is replaced), ``heard`` likewise what they say that is no claim, ``sightings`` the pictures they show;
    ``words`` that posts are found by, by post id; ``readings``: anew, of posts already kept; ``cleared``: crossings
    whose estimates after an instant are dropped first; ``estimates`` that changed; ``cursors``: how far each input was
    read, by its name; ``states``: opaque state, by its name (empty: forgotten); ``roots``: of kept posts, the first
    post of the copy group that their reports are marked with (None: they are no copies); ``expects``: cursors as they
    must stand (None: not begun), or nothing of the batch is written.
    """

    posts: Sequence[tuple[Post, Reading]] = ()
    reports: Sequence[Report] = ()
    words: Sequence[tuple[str, str]] = ()
    readings: Sequence[tuple[str, Reading]] = ()
    cleared: Sequence[tuple[str, datetime]] = ()
    estimates: Sequence[Estimate] = ()
    cursors: Sequence[tuple[str, str]] = ()
    states: Sequence[tuple[str, bytes]] = ()
    heard: Sequence[Heard] = ()
    roots: Sequence[tuple[str, str | None]] = ()
    expects: Sequence[tuple[str, str | None]] = ()
    sightings: Sequence[Sighting] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a batch changed: posts that were new, posts that replaced an older edit, and the new revision."""

    new: int
    edited: int
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question somebody asked, with the posts that answer it."""

    post: Post
    question: Question
    answers: tuple[Post, ...] = ()


class Store(Protocol):
    """Where posts, reports, estimates and cursors live. Instants are UTC; one writer, many readers."""

    def keep(self, batch: Batch) -> Kept:
        """Write one batch in one transaction. A post already known changes nothing, unless it is a later edit.

        When this returns, the batch is on the disk. Raises StoreMoved where a cursor is not as expected, StoreBusy,
        StoreFull or StoreError; then nothing of it is.
        """

    def sole(self) -> AbstractContextManager[None]:
        """Be the only one that loads and settles, in any process. Raises StoreBusy when another is.

        Who works `beside` others is waited for, and begins nothing meanwhile.
        """

    def beside(self) -> AbstractContextManager[None]:
        """Work while others do so too, for one step; not while somebody is `sole`. Raises StoreBusy when that lasts."""

    def known(self, ids: Iterable[str]) -> set[str]:
        """Which of these post ids are kept."""

    def cursor(self, name: str) -> str | None:
        """How far the input of that name was read; None: not begun."""

    def state(self, name: str) -> bytes | None:
        """The state of that name as it was last kept."""

    def posts(self, ids: Iterable[str]) -> dict[str, Post]:
        """The posts of these ids that are still kept, by id."""

    def readings(self, ids: Iterable[str]) -> dict[str, Reading]:
        """The readings of these posts, by id."""

    def answers(self, ids: Iterable[str]) -> list[Post]:
        """Kept posts that answer one of these posts, by time, then id."""

    def posts_near(self, instants: Iterable[datetime], reach: timedelta) -> list[Post]:
        """Kept posts posted within ``reach`` before or after one of these instants, by time, then id."""

    def reports(
        self, *, crossing: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Report]:
        """Reports with since <= posted_at <= until, ordered by posted_at, then post id."""

    def heard(
        self, *, place: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Heard]:
        """Sayings with since <= posted_at <= until, of one place (crossing, border or country) or all, as reports are.

        Copies are not marked in them: who asks for sayings finds out which are.
        """

    def sightings(
        self, *, groups: Iterable[str] | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> list[Sighting]:
        """Pictures with since <= known_at <= until, of these groups or all, ordered by known_at, post and print."""

    def alike(self, print_: str) -> list[str]:
        """Groups of pictures one byte of whose name is the same, in its place, as in this print: among them its own."""

    def estimates_at(self, at: datetime, crossing: str | None = None) -> list[Estimate]:
        """For every quantity the newest estimate at or before ``at``."""

    def estimates_between(self, crossing: str, since: datetime, until: datetime) -> list[Estimate]:
        """Every kept estimate of one crossing in that time, ordered by time: what a chart is drawn from."""

    def asked(self, crossing: str | None, since: datetime, until: datetime, limit: int = 50) -> list[Asked]:
        """Questions asked in that time, newest first, each with the posts that answer it, whenever they did.

        What was edited after ``until`` is left out: nobody could read those words then.
        """

    def search(self, terms: Sequence[Sequence[str]], until: datetime, limit: int = 50) -> list[Post]:
        """Posts of each of whose lists of terms at least one is among the words kept for them, newest first.

        A term that ends in ``*`` is the beginning of a word. What was posted or edited after ``until`` is left out.
        """

    def span(self, until: datetime | None = None) -> tuple[datetime, datetime] | None:
        """First and last instant with a post, of those not after ``until``; None: there is none.

        Posts may be dated ahead, by years: who wants to know how fresh the newest is gives the present as ``until``.
        """

    def by_hour(self) -> dict[datetime, int]:
        """Number of posts of every hour in which there are any, by the hour's beginning in UTC."""

    def revision(self) -> int:
        """A number that grows with every batch kept."""

    def every_post(self) -> Iterator[tuple[Post, Reading, str]]:
        """Every kept post with its reading and the words it is found by, by time, then id."""

    def cursors(self) -> dict[str, str]:
        """How far every input was read, by its name."""

    def states(self) -> dict[str, bytes]:
        """Every state, by its name."""

    def expire(self, before: datetime) -> int:
        """Forget the words of posts posted before that time: gives how many. What they reported stays, without them.

        Pictures stay for `PICTURES_STAY` after the words of their posts: an old one comes back after weeks.
        """

    def forget(self, ids: Iterable[str]) -> int:
        """Forget these posts and all that they reported, said and showed: gives how many were kept."""

    def close(self) -> None:
        """Let go of files and connections."""


class Outbox(Protocol):
    """Alerts, and to whom each is still to be told. Any process may write; each call is on the disk, or none of it is.

    A subscriber is told things in the order in which they were accepted: while one waits, the next do too.
    """

    def accept(self, alerts: Iterable[tuple[Alert, Sequence[str]]], at: datetime) -> list[Alert]:
        """Keep alerts, each with the subscribers it is for; gives those that were new. A known id changes nothing.

        A retraction goes to those alone who were told what it takes back, or may have been; from the others what waits
        for them is withdrawn, and they hear of neither.
        """

    def alerts(self, *, crossing: str | None = None, since: datetime | None = None, limit: int = 1_000) -> list[Alert]:
        """Alerts found at or after ``since``, newest first."""

    def alert(self, name: str) -> Alert | None:
        """The alert of that id."""

    def claim(self, at: datetime, until: datetime, limit: int = 100) -> list[Delivery]:
        """What is due at ``at``, the first of each subscriber; nobody else is given it before ``until``.

        Each claim is an attempt, whatever becomes of it: what was claimed and never settled is given out again.
        """

    def settle(self, claimed: Delivery, state: State, *, due: datetime | None = None, fault: str | None = None) -> None:
        """What became of a claimed delivery; ``waiting`` with ``due``: to be tried again then.

        Changes nothing where it has been given to somebody else since, unless it was delivered.
        """

    def deliveries(self, alert: str | None = None) -> list[Delivery]:
        """Every delivery, or those of one alert, in the order in which they were accepted."""

    def tally(self) -> dict[State, int]:
        """How many deliveries are in each state."""

    def next_due(self) -> datetime | None:
        """When the next delivery may be tried; None: nothing waits."""

    def forget(self, before: datetime) -> int:
        """Forget alerts found before that time whose deliveries are all done; gives how many."""

    def put_back(self, alerts: Iterable[Alert], deliveries: Iterable[Delivery]) -> None:
        """Write alerts and deliveries as another outbox had them, into an empty one."""


@runtime_checkable
class KeepsOutbox(Protocol):
    """A store that keeps an outbox beside its posts and estimates."""

    @property
    def outbox(self) -> Outbox:
        """The outbox of this store."""


def outbox_of(store: Store) -> Outbox:
    """The outbox of a store. Raises BadSetting when a store of its kind keeps none."""
    if not isinstance(store, KeepsOutbox):
        raise BadSetting("a store of this kind keeps no alerts yet; name one that does: sqlite:///verst.db")
    return store.outbox


@dataclass(frozen=True, slots=True)
class Engine:
    """What a module of this shelf offers as ``STORE``: the scheme of its addresses, and how one is opened."""

    scheme: str
    open: Callable[[str], Store]


def engines() -> dict[str, Engine]:
    """Every store of the shelf, by the scheme of its addresses."""
    found = cast(dict[str, Engine], code_shelf(sys.modules[__name__], "STORE"))
    return {engine.scheme: engine for engine in found.values()}


def open_store(url: str) -> Store:
    """Open the store at an address such as ``sqlite:///verst.db`` or ``sqlite:////srv/verst.db``; made when missing.

    Raises BadSetting (no such kind of store) and StoreError (cannot be opened).
    """
    scheme, colon, _ = url.partition(":")
    known = engines()
    if not colon or scheme not in known:
        shown = ", ".join(f"{name}://…" for name in known)
        raise BadSetting(f"no store has an address like {scheme!r}:…; write one of {shown}")
    return known[scheme].open(url)
