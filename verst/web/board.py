"""The region board: every crossing, worst first; those nobody speaks of apart, never as if they were well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from verst.model import Crossing, Estimate, Kind, Region
from verst.web.view import Now, badness, make_now


@dataclass(frozen=True, slots=True)
class Board:
    """A region at one time. ``known`` worst first; ``silent`` by when they were last heard of."""

    region: Region
    known: tuple[Now, ...]
    silent: tuple[Now, ...]

    @property
    def lately(self) -> list[Now]:
        """Those nobody speaks of now, though somebody once did."""
        return [now for now in self.silent if now.last_heard]

    @property
    def never(self) -> list[Now]:
        """Those nobody ever spoke of."""
        return [now for now in self.silent if not now.last_heard]

    @property
    def heard(self) -> bool:
        """Whether anybody ever spoke of it."""
        return any(now.last_heard for now in (*self.known, *self.silent))


def make_board(
    groups: Mapping[str, Sequence[Estimate]], region: Region, at: datetime, kinds: Mapping[str, Kind]
) -> Board:
    """Every crossing of ``region`` at ``at``, from the estimates of each."""
    nows = [make_now(crossing, groups.get(crossing.id, ()), at, kinds) for crossing in region.crossings]
    known = sorted((now for now in nows if now.status != "silent"), key=badness, reverse=True)
    silent = sorted(
        (now for now in nows if now.status == "silent"),
        key=lambda now: (-(now.last_heard.timestamp() if now.last_heard else 0), now.crossing.id),
    )
    return Board(region, tuple(known), tuple(silent))


def group_estimates(estimates: Iterable[Estimate]) -> dict[str, list[Estimate]]:
    """Estimates by crossing; asking for one that nobody spoke of gives an empty list."""
    groups: dict[str, list[Estimate]] = defaultdict(list)
    for estimate in estimates:
        groups[estimate.crossing].append(estimate)
    return groups


def choose_region(regions: Iterable[Region], groups: Mapping[str, Sequence[Estimate]]) -> Region | None:
    """The region most is said about; the first one when nobody said anything."""
    heard = {name: sum(told.voices for told in group) for name, group in groups.items()}

    def weight(region: Region) -> int:
        return sum(heard.get(crossing.id, 0) for crossing in region.crossings)

    return max(regions, key=weight, default=None)


def find_crossing(regions: Iterable[Region], name: str) -> tuple[Region, Crossing] | None:
    """A crossing and its region by id."""
    for region in regions:
        for crossing in region.crossings:
            if crossing.id == name:
                return region, crossing
    return None


def join_regions(regions: Iterable[Region], name: str) -> Region:
    """One region of all of them, each crossing once."""
    crossings = {crossing.id: crossing for region in regions for crossing in region.crossings}
    return Region(id=name, names=(), crossings=tuple(crossings.values()))
