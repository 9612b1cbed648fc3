"""From when on a quantity counts as one that nobody speaks of."""

from __future__ import annotations

from datetime import datetime, timedelta

from verst.model import Estimate, Kind

SILENT_AFTER = timedelta(hours=6)


def silent_after(kind: Kind | None) -> timedelta:
    """How long after the last word something counts as not said: two half-lives, never under six hours."""
    return max(SILENT_AFTER, timedelta(minutes=2 * kind.half_life_minutes)) if kind else SILENT_AFTER


def is_silent(told: Estimate, at: datetime, kind: Kind | None) -> bool:
    """Whether an estimate says nothing any more at ``at``: no value is left, or nobody spoke lately."""
    return told.value is None or told.newest is None or at - told.newest > silent_after(kind)
