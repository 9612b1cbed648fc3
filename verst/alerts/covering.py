"""One thing that happened is told once, though it changed several quantities: with and without means or direction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from verst.alerts.doubt import near
from verst.alerts.keys import APART
from verst.notices import Alert

LASTS = timedelta(hours=12)  # for so long what was told of one quantity speaks for those beside it


def leave_out_covered(found: Iterable[Alert], told: Sequence[Alert], at: datetime) -> list[Alert]:
    """The alerts that say something beyond what was told and beyond each other; those of most voices go first."""
    over = {alert.takes_back for alert in told} | {alert.follows for alert in told}
    known = [a for a in told if a.takes_back is None and a.id not in over and at - a.at < LASTS]
    kept: list[Alert] = []
    for alert in sorted(found, key=lambda a: (-(a.voices or 0), -len(a.crossings), a.mode != "any", a.id)):
        if not any(covers(other, alert) for other in (*known, *kept)):
            kept.append(alert)
    return kept


def covers(one: Alert, other: Alert) -> bool:
    """Whether who was told the one need not be told the other.

    What follows on something is more of it, such as a wait that doubled again. Posts that name no means mean the queue
    of cars; a direction or side that was not said may be any.
    """
    if (one.reason, one.kind, one.tag) != (other.reason, other.kind, other.tag) or other.follows == one.id:
        return False
    if one.reason == "rumour_contradicted":
        figures = [each.was.value if each.was is not None else None for each in (one, other)]
        what = [(each.mode, each.toward, each.who, each.due) for each in (one, other)]
        return what[0] == what[1] and set(other.crossings) <= set(one.crossings) and near(*figures)
    if one.reason in APART or one.where != other.where:
        return False
    sides = ((one.toward, other.toward), (one.side, other.side))
    same_way = all(a == b or None in (a, b) for a, b in sides)
    return same_way and (one.mode in (other.mode, "any") or (one.mode == "car" and other.mode == "any"))
