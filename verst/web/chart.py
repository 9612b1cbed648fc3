"""A chart of one estimate over the last days, as geometry for an SVG that the server draws.

Units inside: pixels of a 720 x 260 drawing; the template only prints them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from verst.model import Estimate, Mode, Report, Rule, SourceKind
from verst.units import MINUTES_PER_HOUR
from verst.work.silence import SILENT_AFTER

PlaceX = Callable[[datetime], float]
PlaceY = Callable[[float], float]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 260, 56, 10, 20, 28
SPAN = timedelta(days=4)
BINS = 144
MOST_DOTS = 150
NICE = (0.5, 1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 30, 36, 48, 60, 72, 96, 120, 160, 200, 240, 400, 600, 1000)


@dataclass(frozen=True, slots=True)
class Series:
    """Which quantity is drawn."""

    kind: str
    toward: str | None
    side: str | None
    mode: Mode

    def holds(self, estimate: Estimate) -> bool:
        """Whether an estimate is of this quantity."""
        return (estimate.kind, estimate.toward, estimate.side, estimate.mode) == (
            self.kind,
            self.toward,
            self.side,
            self.mode,
        )

    def heard_in(self, report: Report) -> bool:
        """Whether a report speaks of it: what it leaves open is taken as this."""
        claim = report.claim
        return (
            claim.kind == self.kind
            and isinstance(claim.value, int | float)
            and claim.toward in (None, self.toward)
            and claim.side in (None, self.side)
            and (claim.mode == self.mode or "any" in (claim.mode, self.mode))
            and not report.ad
            and not report.denies
        )


@dataclass(frozen=True, slots=True)
class Dot:
    """One report on the chart."""

    x: float
    y: float
    source: SourceKind
    value: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Area:
    """A stretch of the estimate: shaded outline and middle line. ``pale``: nobody was saying."""

    outline: str
    line: str
    pale: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the template draws, and the rows of the same as a table."""

    series: Series
    areas: tuple[Area, ...]
    dots: tuple[Dot, ...]
    marks: tuple[tuple[float, Rule], ...]
    days: tuple[tuple[float, datetime], ...]
    levels: tuple[tuple[float, float], ...]
    rows: tuple[Estimate, ...]
    since: datetime
    until: datetime

    def place(self, at: datetime) -> float:
        """Where a time stands from left to right."""
        return place_time(at, self.since)


def place_time(at: datetime, since: datetime) -> float:
    """Pixels from the left for a time on a chart that begins at ``since``."""
    return round(LEFT + (WIDTH - LEFT - RIGHT) * ((at - since) / SPAN), 1)


def pick_series(estimates: Iterable[Estimate], limit: int = 2) -> list[Series]:
    """The quantities worth drawing: of each kind the one with most points, waits before queues."""
    counts: dict[Series, int] = {}
    for told in estimates:
        if told.kind in ("wait", "queue_length") and isinstance(told.value, int | float):
            series = Series(told.kind, told.toward, told.side, told.mode)
            counts[series] = counts.get(series, 0) + max(1, told.voices)
    chosen: dict[str, Series] = {}
    for series in sorted(counts, key=lambda item: (-counts[item], str(item))):
        chosen.setdefault(series.kind, series)
    return [chosen[kind] for kind in ("wait", "queue_length") if kind in chosen][:limit]


def scale_of(kind: str) -> float:
    """What a value is divided by for the axis: waits are drawn in hours."""
    return MINUTES_PER_HOUR if kind == "wait" else 1.0


def draw_chart(
    series: Series,
    estimates: Sequence[Estimate],
    reports: Iterable[Report],
    rules: Iterable[Rule],
    until: datetime,
    zone: ZoneInfo,
) -> Chart | None:
    """The chart of one quantity up to ``until``; None when there are fewer than two points."""
    since = until - SPAN
    points = thin_out([told for told in estimates if series.holds(told)], since, until)
    if len(points) < 2:
        return None
    scale = scale_of(series.kind)
    heard = [report for report in reports if series.heard_in(report) and report.posted_at <= until]
    told_values = [float(report.claim.value) / scale for report in heard if isinstance(report.claim.value, int | float)]
    middles = [number_of(told) / scale for told in points]
    top = find_top([high_of(told) / scale for told in points], middles, told_values)

    def place_x(at: datetime) -> float:
        return place_time(at, since)

    def place_y(value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(1.0, value / scale / top), 1)

    return Chart(
        series=series,
        areas=tuple(trace(run, pale, place_x, place_y) for run, pale in split_runs(points)),
        dots=tuple(place_dots(heard[-MOST_DOTS:], since, until, place_x, place_y)),
        marks=tuple((place_x(at), rule) for at, rule in rule_changes(rules, since, until)),
        days=tuple((place_x(at), at) for at in midnights(since, until, zone)),
        levels=tuple((place_y(top * scale * part), top * part) for part in (0, 0.5, 1)),
        rows=tuple(points[:: max(1, len(points) // 16)][-17:]),
        since=since,
        until=until,
    )


def number_of(estimate: Estimate) -> float:
    """The middle of an estimate of an amount."""
    return float(estimate.value) if isinstance(estimate.value, int | float) else 0.0


def high_of(estimate: Estimate) -> float:
    """Upper end of an estimate of an amount."""
    return estimate.p90 if estimate.p90 is not None else number_of(estimate)


def thin_out(estimates: Iterable[Estimate], since: datetime, until: datetime) -> list[Estimate]:
    """The last estimate with a value in each of 144 equal stretches of time."""
    bins: dict[int, Estimate] = {}
    for told in estimates:
        if since <= told.at <= until and isinstance(told.value, int | float):
            bins[int((told.at - since) / SPAN * BINS)] = told
    return [bins[index] for index in sorted(bins)]


def find_top(highs: Sequence[float], middles: Sequence[float], told: Sequence[float]) -> float:
    """A round upper end of the axis that shows nine reports in ten, yet keeps far ones from flattening the line."""
    nine_tenths = sorted(told)[int(0.9 * (len(told) - 1))] if told else 0.0
    need = min(max(*highs, nine_tenths), 4 * max(max(middles), 0.1))
    return next((level for level in NICE if level >= need), need)


def is_pale(estimate: Estimate) -> bool:
    """Whether nobody had said anything lately when it was made."""
    return estimate.newest is None or estimate.at - estimate.newest > SILENT_AFTER


def split_runs(points: Sequence[Estimate]) -> list[tuple[list[Estimate], bool]]:
    """Stretches of heard and unheard time; each begins where the one before ends, so that no gap shows."""
    runs: list[tuple[list[Estimate], bool]] = [([points[0]], is_pale(points[0]))]
    for before, told in pairwise(points):
        pale = is_pale(told) or told.at - before.at > SILENT_AFTER
        if pale == runs[-1][1]:
            runs[-1][0].append(told)
        else:
            runs.append(([before, told], pale))
    return [run for run in runs if len(run[0]) > 1]


def trace(run: Sequence[Estimate], pale: bool, place_x: PlaceX, place_y: PlaceY) -> Area:
    """Outline and line of one stretch, as SVG point lists."""
    lows = [told.p10 if told.p10 is not None else number_of(told) for told in run]
    upper = [f"{place_x(told.at)},{place_y(high_of(told))}" for told in run]
    lower = [f"{place_x(told.at)},{place_y(low)}" for told, low in zip(run, lows, strict=True)]
    line = " ".join(f"{place_x(told.at)},{place_y(number_of(told))}" for told in run)
    return Area(" ".join(upper + lower[::-1]), line, pale)


def place_dots(
    reports: Iterable[Report], since: datetime, until: datetime, place_x: PlaceX, place_y: PlaceY
) -> Iterator[Dot]:
    """Each report where and when it held."""
    for report in reports:
        at, value = report.claim.holds_at or report.posted_at, report.claim.value
        if since <= at <= until and isinstance(value, int | float):
            yield Dot(place_x(at), place_y(value), report.source, float(value), at)


def rule_changes(rules: Iterable[Rule], since: datetime, until: datetime) -> list[tuple[datetime, Rule]]:
    """When formal rules began or ended in that time."""
    found = []
    for rule in rules:
        found += [(at, rule) for at in (rule.starts_at, rule.ends_at) if at and since <= at <= until]
    return sorted(found, key=lambda pair: (pair[0], pair[1].id))


def midnights(since: datetime, until: datetime, zone: ZoneInfo) -> list[datetime]:
    """Every midnight on the crossing's clock in that time."""
    day = since.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    found = []
    while day <= until:
        found.append(day)
        day += timedelta(days=1)
    return found
