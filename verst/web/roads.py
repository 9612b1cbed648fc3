"""Queues along the roads they stand on, for the map: from the gate backwards, as long as reports say.

The road of a side is in its region file: points from the gate on, towards the next towns. A queue whose side nobody
named stands on the side it leaves from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import asin, cos, hypot, radians, sin, sqrt

from verst.model import Crossing, Side
from verst.web.view import Fact, Lane, Now

EARTH_KM = 6371.0
LEAST_PIXELS = 2.0  # a shorter queue is under its mark

Point = tuple[float, float]  # latitude, longitude


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: ``near`` is as long as it is at least, ``far`` goes on to what it may be; degrees, gate first."""

    now: Now
    fact: Fact
    near: tuple[Point, ...]
    far: tuple[Point, ...]


def find_queues(nows: Iterable[Now]) -> Iterator[Queue]:
    """For each side with a known road its longest queue of which somebody told lately."""
    for now in nows:
        longest: dict[str, Fact] = {}
        for lane in now.lanes:
            fact, side = lane.fresh("queue_length"), side_of(now.crossing, lane)
            if fact is None or side is None or not side.road or not isinstance(fact.estimate.value, int | float):
                continue
            if side.country not in longest or far_end(fact) > far_end(longest[side.country]):
                longest[side.country] = fact
        for side in now.crossing.sides:
            if side.country in longest:
                yield lay_out(now, side, longest[side.country])


def side_of(crossing: Crossing, lane: Lane) -> Side | None:
    """The side a queue stands on: the one named, else the one it leaves from; None when neither is known."""
    if lane.side is not None:
        return next((side for side in crossing.sides if side.country == lane.side), None)
    left = [side for side in crossing.sides if side.country != lane.toward]
    return left[0] if lane.toward is not None and len(left) == 1 else None


def lay_out(now: Now, side: Side, fact: Fact) -> Queue:
    """The queue on its road, from the crossing's own point on."""
    way = [(now.crossing.lat or 0.0, now.crossing.lon or 0.0), *side.road]
    return Queue(now, fact, walk(way, near_end(fact)), walk(way, far_end(fact)))


def near_end(fact: Fact) -> float:
    """The least length, in kilometres."""
    told = fact.estimate
    return float(told.p10 if told.p10 is not None else told.value or 0.0)


def far_end(fact: Fact) -> float:
    """The greatest length, in kilometres."""
    told = fact.estimate
    return float(told.p90 if told.p90 is not None else told.value or 0.0)


def walk(way: list[Point], km: float) -> tuple[Point, ...]:
    """The first so many kilometres of a way, or all of it when it is shorter.

    >>> [round(lat, 3) for lat, _ in walk([(42.0, 44.0), (43.0, 44.0)], 11.12)]
    [42.0, 42.1]
    """
    gone = [way[0]]
    for here, there in pairwise(way):
        step = distance_km(here, there)
        if step >= km:
            share = km / step if step else 0.0
            return (*gone, (here[0] + (there[0] - here[0]) * share, here[1] + (there[1] - here[1]) * share))
        gone.append(there)
        km -= step
    return tuple(gone)


def distance_km(one: Point, other: Point) -> float:
    """Kilometres between two points over a round earth (haversine formula)."""
    (lat, lon), (lat2, lon2) = one, other
    up, across = sin(radians(lat2 - lat) / 2), sin(radians(lon2 - lon) / 2)
    return 2 * EARTH_KM * asin(sqrt(up**2 + cos(radians(lat)) * cos(radians(lat2)) * across**2))


def is_seen(points: list[tuple[float, float]]) -> bool:
    """Whether a line of pixels is long enough to be seen."""
    return hypot(points[-1][0] - points[0][0], points[-1][1] - points[0][1]) >= LEAST_PIXELS
