"""Borders, lakes and rivers for the map, as arcs of longitude and latitude. See ``static/LAND.md`` for their source."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

Arc = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Land:
    """Lines of the map: ``borders`` between countries and coasts, ``waters``; ``towns`` with Latin and Russian name."""

    borders: tuple[Arc, ...]
    waters: tuple[Arc, ...]
    towns: tuple[tuple[float, float, str, str, int], ...]


@cache
def load_land() -> Land:
    """The shipped lines; 18 to 92 degrees east, 34 to 72 north."""
    packed = (resources.files("verst.web") / "static" / "land.json.gz").read_bytes()
    table = json.loads(gzip.decompress(packed))
    return Land(
        borders=tuple(unpack(arc) for arc in table["borders"]),
        waters=tuple(unpack(arc) for arc in table["waters"]),
        towns=tuple((x / 100, y / 100, latin, russian, size) for x, y, latin, russian, size in table["towns"]),
    )


def unpack(steps: list[int]) -> Arc:
    """Points from steps in hundredths of a degree: longitude, latitude, longitude, …

    >>> unpack([2000, 4000, 10, -5])
    ((20.0, 40.0), (20.1, 39.95))
    """
    x = y = 0
    points = []
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x / 100, y / 100))
    return tuple(points)
