"""When an estimate is made, and when it is worth keeping beside the one before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from verst.model import Estimate

EVERY = timedelta(minutes=15)  # the grid on which estimates are made where something was said
HOUR = timedelta(hours=1)  # and where nothing was: only doubt grows
SILENT_FOR = timedelta(hours=48)  # after which silence says no more than its age
MOVED = 0.03  # of the log of a figure: 3 %
ODDS_MOVED = 0.05
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Quantity = tuple[str, str, str, str | None, str | None, str | None, str | None, str | None]


def quantity_of(told: Estimate) -> Quantity:
    """What an estimate is of: one quantity, one history."""
    return (told.crossing, told.kind, told.mode, told.toward, told.side, told.currency, told.service, told.tag)


def telling_times(posted: Sequence[datetime], end: datetime) -> list[datetime]:
    """When to make estimates of a crossing until ``end``: a function of the reports' times, given in order.

    On the grid after each report (the last at its own time, while its point of the grid has not come yet), and at each
    full hour of the silence after it.
    """
    times: set[datetime] = set()
    for before, after in zip(posted, [*posted[1:], end], strict=False):
        point = ceil_to(before, EVERY)
        times.add(point if point <= end else before)
        times.update(silent_hours(before, after))
    return sorted(at for at in times if at <= end)


def silent_hours(before: datetime, after: datetime) -> list[datetime]:
    """Full hours between two instants, for two days at most."""
    first, until = ceil_to(before, HOUR), min(after, before + SILENT_FOR)
    return [first + n * HOUR for n in range(max(0, (until - first) // HOUR + 1))]


def ceil_to(instant: datetime, step: timedelta) -> datetime:
    """The first point of a grid since 1970 at or after an instant."""
    return _EPOCH - (_EPOCH - instant) // step * step


def is_news(before: Estimate | None, told: Estimate) -> bool:
    """Whether an estimate says anything that the one kept before it does not."""
    if before is None or (before.voices, before.newest, before.disputed) != (told.voices, told.newest, told.disputed):
        return True
    if [each.post for each in before.evidence] != [each.post for each in told.evidence]:
        return True
    figures = ((before.value, told.value), (before.p10, told.p10), (before.p90, told.p90))
    return any(_moved(a, b) for a, b in figures) or _odds_moved(before, told)


def _moved(before: float | str | None, told: float | str | None) -> bool:
    if isinstance(before, float | int) and isinstance(told, float | int):
        return abs(math.log1p(max(0.0, told)) - math.log1p(max(0.0, before))) > MOVED or (before < 0) != (told < 0)
    return before != told


def _odds_moved(before: Estimate, told: Estimate) -> bool:
    one, other = dict(before.odds or ()), dict(told.odds or ())
    return any(abs(one.get(option, 0.0) - other.get(option, 0.0)) > ODDS_MOVED for option in {*one, *other})
