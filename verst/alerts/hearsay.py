"""Rumours that turned out contradicted: said once, when the verdict turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from verst.alerts.doubt import count_to_publish, near
from verst.alerts.formal import crossings_of
from verst.alerts.keys import episode, make_key
from verst.model import Mode, Region
from verst.notices import Alert, Figure

NEWS = timedelta(hours=24)  # a verdict that turned longer ago is no news
SPREAD = 3  # posts; what fewer told is not worth repeating, even to contradict it


class Turned(Protocol):
    """A moment at which a verdict changed."""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def value(self) -> float | str | None:
        """What was said instead."""

    @property
    def reason(self) -> str:
        """Why, in one word."""


class Rumoured(Protocol):
    """An entry of the ledger of rumours, such as `verst.fusion.rumours.Rumour`."""

    @property
    def crossing(self) -> str:
        """Where: a crossing or a border."""

    @property
    def kind(self) -> str:
        """Of what."""

    @property
    def value(self) -> float | str | None:
        """What it says."""

    @property
    def tag(self) -> str | None:
        """Of an event, a rule or a service."""

    @property
    def mode(self) -> Mode:
        """Of a permission."""

    @property
    def toward(self) -> str | None:
        """The country entered, of a total or a closing."""

    @property
    def who(self) -> str | None:
        """Whom a closing is for."""

    @property
    def since(self) -> datetime | None:
        """From when a total counts."""

    @property
    def due(self) -> datetime | None:
        """When a closing begins."""

    @property
    def posts(self) -> int:
        """How often it was told."""

    @property
    def verdict(self) -> str:
        """What is known of it."""

    @property
    def last_seen(self) -> datetime:
        """When it was told last."""

    @property
    def turns(self) -> Sequence[Turned]:
        """When the verdict changed, oldest first."""


def find_contradicted(
    rumours: Sequence[Rumoured], at: datetime, regions: Sequence[Region], told: Sequence[Alert]
) -> Iterator[Alert]:
    """One alert for each rumour whose verdict turned to contradicted within a day before ``at``."""
    mine = [alert for alert in told if alert.reason == "rumour_contradicted"]
    for rumour in (each for each in rumours if each.kind != "picture"):  # what is told with it has its own alert
        places = tuple({name: None for region in regions for name in crossings_of(region, rumour.crossing)})
        turned = rumour.turns[-1].at if rumour.turns else None
        if rumour.verdict != "contradicted" or rumour.posts < SPREAD or turned is None or not places:
            continue
        same = [alert for alert in mine if is_of(alert, rumour)]
        last = max(same, key=lambda alert: (alert.at, alert.takes_back is not None), default=None)
        if at - NEWS < turned <= at and (last is None or last.takes_back is not None):
            yield make_alert(rumour, turned, places, at, last)


def make_alert(rumour: Rumoured, turned: datetime, places: tuple[str, ...], at: datetime, last: Alert | None) -> Alert:
    """A rumour that is contradicted, and what was said instead where somebody did."""
    before = last.id if last is not None else None
    instead = rumour.turns[-1].value
    return Alert(
        id=make_key("rumour", *what_of(rumour), rumour.value, episode(last, at)),
        at=at,
        expires=at + NEWS,
        reason="rumour_contradicted",
        where=rumour.crossing,
        crossings=places,
        kind=rumour.kind,
        mode=rumour.mode,
        toward=rumour.toward,
        tag=rumour.tag,
        who=rumour.who,
        since=rumour.since,
        due=rumour.due,
        because=rumour.turns[-1].reason,
        was=Figure(value=rumour.value) if rumour.value is not None else None,
        now=Figure(value=instead) if instead is not None else None,
        evidence=count_to_publish(rumour.posts),
        newest=turned,
        follows=before,
    )


def is_of(alert: Alert, rumour: Rumoured) -> bool:
    """Whether an alert is about that rumour: the same place and thing, and the same figure."""
    mine = (alert.where, alert.kind, alert.tag, alert.mode, alert.toward, alert.who, alert.due)
    if alert.reason != "rumour_contradicted" or mine != what_of(rumour):
        return False
    return near(alert.was.value if alert.was is not None else None, rumour.value)


def what_of(rumour: Rumoured) -> tuple[object, ...]:
    """What a rumour is about, apart from its figure."""
    return rumour.crossing, rumour.kind, rumour.tag, rumour.mode, rumour.toward, rumour.who, rumour.due
