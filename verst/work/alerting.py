"""What is worth saying now, from the store's estimates and rumours, put into the outbox for those who asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from verst.alerts import find_alerts, still_standing
from verst.alerts.keys import subject_of
from verst.fusion.verdicts import Rumour
from verst.model import Estimate, Kind, Region
from verst.notices import Alert
from verst.store import Outbox, Store, outbox_of
from verst.work.ruling import regions_at
from verst.work.rumoured import find_rumours
from verst.work.subscribers import Subscriber
from verst.work.telling import EVERY, ceil_to

LOOK_BACK = timedelta(hours=6)  # what is known now is held against what was known then
REMEMBERED = timedelta(days=14)  # alerts that are still looked at
KEPT = timedelta(days=60)  # alerts that are still kept
RUMOURS_EVERY = timedelta(minutes=15)  # the ledger of two weeks is dear


class Alerting:
    """Finds alerts again and again, in whatever process: what was told before is read from the outbox each time."""

    def __init__(self, store: Store, regions: Sequence[Region], kinds: Mapping[str, Kind]) -> None:
        self._store, self._regions, self._kinds = store, tuple(regions), dict(kinds)
        self._outbox: Outbox = outbox_of(store)
        self._rumoured: datetime | None = None

    def find(self, at: datetime) -> list[Alert]:
        """What is worth saying at ``at`` (UTC) and was not said yet; nothing is kept."""
        told = self._outbox.alerts(since=at - REMEMBERED, limit=100_000)
        now = self._store.estimates_at(at)
        found = find_alerts(
            self._store.estimates_at(at - LOOK_BACK),
            now,
            at=at,
            regions=regions_at(self._store, self._regions, at),
            kinds=self._kinds,
            rumours=self._rumours(at),
            told=told,
            then=find_then(self._store, still_standing(told, at), at),
        )
        behind = {subject_of(each): each for each in now}
        return [self._labelled(alert, behind.get(subject_of(alert))) for alert in found]

    def tell(self, at: datetime, subscribers: Iterable[Subscriber] = ()) -> list[Alert]:
        """Put what is worth saying into the outbox, each for those who want it; gives what was new."""
        whom = list(subscribers)
        found = [(alert, [each.id for each in whom if each.wants(alert)]) for alert in self.find(at)]
        fresh = self._outbox.accept(found, at) if found else []
        self._outbox.forget(at - KEPT)
        return fresh

    def _rumours(self, at: datetime) -> list[Rumour]:
        if self._rumoured is not None and timedelta() <= at - self._rumoured < RUMOURS_EVERY:
            return []
        self._rumoured = at
        return find_rumours(self._store, at, regions=self._regions)

    def _labelled(self, alert: Alert, told: Estimate | None) -> Alert:
        """With the label that posts behind it carry, such as that they were reconstructed."""
        if alert.label is not None or told is None:
            return alert
        posts = self._store.posts([piece.post for piece in told.evidence])
        return replace(alert, label=next((post.label for post in posts.values() if post.label), None))


def find_then(store: Store, standing: Iterable[Alert], at: datetime) -> dict[str, Estimate]:
    """What is known today of the quantity of each alert about when it was told: late posts and edits change it.

    Looked at is the point of the grid after it, once that has come: until then an estimate is made at each post, and
    afterwards at the point alone, so that of the minute itself nothing is left but what was known before it.
    """
    seen: dict[tuple[str, datetime], dict[object, Estimate]] = {}
    found = {}
    for alert in standing:
        place = (alert.where, ceil_to(alert.at, EVERY))
        if place[1] > at:
            continue
        if place not in seen:
            seen[place] = {subject_of(each): each for each in store.estimates_at(place[1], alert.where)}
        told = seen[place].get(subject_of(alert))
        if told is not None:
            found[alert.id] = told
    return found
