"""Units and how they turn into each other: minutes, kilometres, vehicles, people, per hour, per day."""

from __future__ import annotations

MINUTES_PER_HOUR = 60.0
MINUTES_PER_DAY = 1440.0

MODES = ("car", "truck", "bus", "motorcycle", "bicycle", "foot", "train", "air", "any")
SOURCES = ("group", "channel", "social", "news", "official")


def midpoint(low: float, high: float) -> float:
    """Half way between two figures.

    >>> midpoint(2880, 4320)
    3600.0
    """
    return (low + high) / 2
