"""The way in: reports are taken, estimates come out. Pure: no clock, no chance, no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from verst.fusion.keeping import read_places, write_places
from verst.fusion.place import Place
from verst.fusion.rows import Gate, Row, minutes, row_of
from verst.fusion.telling import estimates_of
from verst.model import Estimate, Kind, Region, Report

LATENESS = 360.0  # minutes for which reports may come in any order
Kinds = Mapping[str, Kind] | Iterable[Kind]  # as `verst.geography.load_kinds` gives them, or by id


def kinds_by_id(kinds: Kinds) -> dict[str, Kind]:
    """Kinds by their id. Raises TypeError when something else than kinds was given."""
    found = dict(kinds) if isinstance(kinds, Mapping) else {getattr(kind, "id", ""): kind for kind in kinds}
    wrong = next((kind for kind in found.values() if not isinstance(kind, Kind)), None)
    if wrong is not None:
        raise TypeError(f"kinds holds {wrong!r}: give what verst.geography.load_kinds() gives, or a mapping by id")
    return found


class Fusion:
    """The state of every crossing, fed with reports.

    Within six hours reports may come in any order and the estimates are the same to the last digit; a report that
    comes later still is heard when it comes, as something said long ago.
    """

    def __init__(self, regions: Sequence[Region], kinds: Kinds, *, lateness: float = LATENESS) -> None:
        self._gate, self._kinds, self._lateness = Gate(tuple(regions)), kinds_by_id(kinds), lateness
        self._places: dict[str, Place] = {}

    def take(self, reports: Iterable[Report]) -> None:
        """Hear reports. Those of an unknown kind or without a usable figure change nothing."""
        by_place: dict[str, list[Row]] = {}
        for report in reports:
            row = row_of(report, self._gate, self._kinds)
            if row is not None:
                by_place.setdefault(report.claim.crossing, []).append(row)
        for crossing, rows in by_place.items():
            self._place(crossing).take(rows)

    def estimates(self, at: datetime) -> list[Estimate]:
        """Every quantity that somebody has spoken of by ``at`` (aware), by crossing, kind, direction, side, means.

        Raises ValueError when ``at`` lies further back than the lateness window.
        """
        t = minutes(at)
        found: list[Estimate] = []
        for crossing in sorted(self._places):
            place = self._places[crossing]
            state = place.run_to(t)
            found += estimates_of(crossing, place, state, t, self._kinds)
        return found

    def dump(self) -> bytes:
        """Everything heard, to go on from later with `load`."""
        return write_places(self._places)

    def load(self, data: bytes) -> None:
        """Go on from a `dump`. Raises ValueError when it is none, or of another version."""
        self._places = read_places(data, self._place)

    def _place(self, crossing: str) -> Place:
        if crossing not in self._places:
            self._places[crossing] = Place(self._gate.crossings.get(crossing), self._lateness)
        return self._places[crossing]


def fuse(
    reports: Iterable[Report], times: Iterable[datetime], regions: Sequence[Region], kinds: Kinds
) -> Iterator[Estimate]:
    """Estimates at each of ``times`` from the reports posted by then, in order of time, then crossing and key."""
    fusion = Fusion(regions, kinds, lateness=0.0)
    ordered = sorted(reports, key=lambda report: report.posted_at)
    done = 0
    for at in sorted(times):
        start = done
        while done < len(ordered) and ordered[done].posted_at <= at:
            done += 1
        fusion.take(ordered[start:done])
        yield from fusion.estimates(at)
