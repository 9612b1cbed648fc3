"""The names of changes: the same change has the same name, the same thing changing again another one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from verst.model import Estimate
from verst.notices import Alert

Subject = tuple[str, str, str, str, str | None, str | None, str | None]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
APART = ("rule_changed", "rumour_contradicted")  # reasons that are no news of an estimate


def make_key(*parts: object) -> str:
    """Twenty hex digits of the parts.

    >>> make_key("a", None) == make_key("a", None) != make_key("a", "None")
    True
    """
    text = "\0".join("-" if part is None else f"+{part}" for part in parts)
    return blake2b(text.encode(), digest_size=10).hexdigest()


def episode(last: Alert | None, at: datetime) -> str:
    """What tells one change from a like one at another time: what was told before it, else the fortnight it is in."""
    return last.id if last is not None else f"fortnight {(at - EPOCH) // timedelta(days=14)}"


def subject_of(item: Alert | Estimate) -> Subject:
    """What an alert or an estimate is about: what sort of news, place, kind, means, direction, side, tag."""
    if isinstance(item, Estimate):
        sort, where = "estimate", item.crossing
    else:
        sort, where = (item.reason if item.reason in APART else "estimate"), item.where
    return sort, where, item.kind, item.mode, item.toward, item.side, item.tag


def last_told(told: Iterable[Alert]) -> dict[Subject, Alert]:
    """The last thing told of each subject; a retraction comes after what it takes back."""
    ordered = sorted(told, key=lambda alert: (alert.at, alert.takes_back is not None, alert.id))
    return {subject_of(alert): alert for alert in ordered}


def still_standing(told: Iterable[Alert], at: datetime) -> list[Alert]:
    """What was told and holds: not expired, not taken back, nothing told after it on the same subject."""
    everything = list(told)
    gone = {alert.takes_back for alert in everything} | {alert.follows for alert in everything}
    found = [alert for alert in everything if alert.expires > at and alert.takes_back is None and alert.id not in gone]
    return sorted(found, key=lambda alert: (alert.at, alert.id))
