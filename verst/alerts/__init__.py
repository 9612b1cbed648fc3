"""When a change is worth saying: a pure function from what was known, what is known and what was told, to alerts.

Worth saying are: a crossing closed or opened, people on foot (or by other means) let through or turned away, a wait
that doubled or halved beyond doubt, a formal rule that begins or ends, a rumour that turned out contradicted.

**Never a false all-clear.** Good news needs new words of several independent people; silence, a widened range or doubt
never make any. A figure has doubled or halved only when the 80 % ranges before and now do not touch. An alert that
later words or a later reading of the same hour take back is followed by one retraction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from verst.alerts.changes import find_changes
from verst.alerts.covering import leave_out_covered
from verst.alerts.formal import find_rule_changes, where_rules
from verst.alerts.hearsay import Rumoured, find_contradicted
from verst.alerts.keys import last_told, still_standing
from verst.alerts.retracting import Known, find_retractions
from verst.model import Estimate, Kind, Region
from verst.notices import Alert

__all__ = ["Rumoured", "find_alerts", "last_told", "still_standing"]


def find_alerts(
    before: Sequence[Estimate],
    now: Sequence[Estimate],
    *,
    at: datetime,
    regions: Sequence[Region],
    kinds: Mapping[str, Kind],
    rumours: Sequence[Rumoured] = (),
    told: Sequence[Alert] = (),
    then: Mapping[str, Estimate] | None = None,
) -> list[Alert]:
    """Everything worth saying at ``at`` that is not among ``told``; retractions first, then by place and quantity.

    ``before`` and ``now``: the newest estimate of each quantity some hours ago and now; where something was told of a
    quantity and still stands, that is compared with instead. ``told``: alerts of the last days, in any order.
    ``then``: by the id of a told alert, what is known today of its quantity at its time.
    """
    known = Known(now=now, then=then or {}, rules=where_rules(regions), rumours=rumours)
    taken = find_retractions(told, known, at)
    gone = {alert.takes_back for alert in taken}
    standing = [alert for alert in told if alert.id not in gone]
    ids = {alert.id for alert in told}
    found = [
        *find_changes(before, now, at, regions, kinds, [*standing, *taken]),
        *find_rule_changes(regions, at),
        *find_contradicted(rumours, at, regions, [*told, *taken]),
    ]
    fresh = leave_out_covered((alert for alert in found if alert.id not in ids), [*told, *taken], at)
    return [*taken, *sorted(fresh, key=lambda alert: (alert.where, alert.kind, alert.mode, alert.id))]
