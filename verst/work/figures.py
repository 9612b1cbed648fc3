"""An estimate as plain values: the one shape in which the API, the command line and exports tell it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from verst.clock import iso
from verst.model import Estimate


def figures(told: Estimate, at: datetime) -> dict[str, Any]:
    """What is estimated, value, range, voices and age, which is counted to ``at``. Instants are ISO 8601, UTC."""
    return {
        "kind": told.kind,
        "toward": told.toward,
        "side": told.side,
        "mode": told.mode,
        "currency": told.currency,
        "service": told.service,
        "tag": told.tag,
        "value": told.value,
        "p10": told.p10,
        "p90": told.p90,
        "odds": dict(told.odds) if told.odds else None,
        "voices": told.voices,
        "newest": iso(told.newest) if told.newest else None,
        "oldest": iso(told.oldest) if told.oldest else None,
        "age_minutes": max(0, int((at - told.newest).total_seconds() // 60)) if told.newest else None,
        "disputed": told.disputed,
        "derived": told.derived,
    }


def without_value(row: dict[str, Any]) -> dict[str, Any]:
    """The same where nobody said anything lately: what was said before is history, not the state."""
    return row | {"value": None, "p10": None, "p90": None, "odds": None}
