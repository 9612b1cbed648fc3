"""The next hours of a crossing, where its past is long enough to say anything. Never an estimate, never a promise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from verst.fusion.forecast import ENOUGH, SOME, Forecast, forecast
from verst.model import Estimate
from verst.store import Store
from verst.web.chart import SPAN, Series
from verst.web.view import Fact, Now

HOURS = (3, 6, 12, 24)
PAST = timedelta(days=14)  # two of each weekday; more would cost more time than it adds
LEAST = timedelta(hours=ENOUGH + max(HOURS))
MOST_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Ahead:
    """One quantity in the next hours, each with its 80 % range."""

    series: Series
    told: tuple[Forecast, ...]


def look_ahead(store: Store, now: Now, history: Sequence[Estimate]) -> list[Ahead]:
    """The next hours of what was said lately, one quantity a direction. ``history``: that of the last `SPAN`."""
    leads = list(pick_leads(now))
    if not leads:
        return []
    before = store.estimates_between(now.crossing.id, now.at - PAST, now.at - SPAN - timedelta(microseconds=1))
    past = [*before, *history]
    drawn = (next((found for fact in facts if (found := draw_ahead(fact, past, now.at))), None) for facts in leads)
    return [ahead for ahead in drawn if ahead][:MOST_AHEAD]


def pick_leads(now: Now) -> Iterator[list[Fact]]:
    """For each direction what somebody said lately of how long it takes: waits before queues, then by voices."""
    for toward in dict.fromkeys(lane.toward for lane in now.lanes):
        lanes = [lane for lane in now.lanes if lane.toward == toward]
        found = [fact for kind in ("wait", "queue_length") for lane in lanes if (fact := lane.fresh(kind))]
        said = [fact for fact in found if not fact.derived]
        if said:
            yield sorted(said, key=lambda fact: (fact.kind != "wait", -fact.estimate.voices))


def draw_ahead(fact: Fact, past: Sequence[Estimate], at: datetime) -> Ahead | None:
    """The forecast of one quantity; None where too little of its past is known to learn from."""
    it = fact.estimate
    series = Series(it.kind, it.toward, it.side, it.mode)
    known = [told for told in past if series.holds(told) and told.at <= at and isinstance(told.value, int | float)]
    if len(known) < SOME or known[-1].at - known[0].at < LEAST:
        return None
    return Ahead(series, tuple(forecast(known, at, HOURS)))
