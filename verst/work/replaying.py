"""Without a store: posts or claim lines in, estimates at chosen times out. The same posts give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from verst.errors import BadSetting, VerstError, name_fault
from verst.model import Estimate, Heard, Kind, Post, Region, Report, Skipped
from verst.work.caution import ReadsPosts, Said
from verst.work.context import Context
from verst.work.intake import is_later
from verst.work.reports import heard_of, known_at, reports_of
from verst.work.telling import ceil_to

MOST_TIMES = 1_000_000


@dataclass(frozen=True, slots=True)
class Replayed:
    """What posts report, and what they say that is no claim; both in the order of time, copies marked."""

    reports: list[Report]
    heard: list[Heard]


def replay_posts(posts: Iterable[Post], reader: ReadsPosts) -> list[Report]:
    """Reports of posts, in order of time whatever order they come in: of each the latest edit, copies marked."""
    return replay_all(posts, reader).reports


def replay_all(posts: Iterable[Post], reader: ReadsPosts) -> Replayed:
    """Reports and sayings of posts, as `replay_posts`. Copies among sayings are found apart, and change no report's."""
    from verst.reading.copies import CopyFinder

    ordered = sorted(_latest(posts), key=lambda post: (known_at(post), post.id))
    finder, beside = CopyFinder(), CopyFinder()
    made = Replayed([], [])
    for post, told in Context(ordered).told():
        reading = reader.read(told)
        if reports := reports_of(post, reading):
            root = finder.find(post, reports)
            made.reports.extend(replace(each, copy_of=root) for each in reports)
        if heard := heard_of(post, reading):
            root = beside.find(post)
            made.heard.extend(replace(each, copy_of=root) for each in heard)
    return made


def _latest(posts: Iterable[Post]) -> list[Post]:
    """Of each post the latest edit."""
    latest: dict[str, Post] = {}
    for post in posts:
        other = latest.get(post.id)
        if other is None or is_later(post, other) or (post.edited_at == other.edited_at and post.text < other.text):
            latest[post.id] = post
    return list(latest.values())


def fuse_reports(
    reports: Sequence[Report],
    times: Iterable[datetime],
    regions: Sequence[Region],
    kinds: Mapping[str, Kind],
    on_skip: Said | None = None,
) -> Iterator[Estimate]:
    """Estimates at each time from the reports posted by then, in order of time, then crossing.

    ``on_skip``: told of a crossing that cannot be fused, once; it is left out from then on. None: the error is raised.
    """
    from verst.fusion import Fusion

    waiting: dict[str, list[Report]] = {}
    for report in sorted(reports, key=lambda r: (r.posted_at, r.post))[::-1]:
        waiting.setdefault(report.claim.crossing, []).append(report)
    fusions = {crossing: Fusion(regions, kinds, lateness=0.0) for crossing in sorted(waiting)}
    for at in sorted(times):
        for crossing in list(fusions):
            try:
                fusions[crossing].take(_taken(waiting[crossing], at))
                yield from fusions[crossing].estimates(at)
            except (VerstError, MemoryError):
                raise
            except Exception as error:
                if on_skip is None:
                    raise
                del fusions[crossing]
                what = f"cannot be fused from {at.isoformat()} on ({name_fault(error)}); the others go on"
                on_skip(Skipped(file=f"crossing {crossing}", what=what))


def _taken(waiting: list[Report], at: datetime) -> list[Report]:
    """The reports posted by ``at``, taken off the end of those that wait (the latest first)."""
    taken: list[Report] = []
    while waiting and waiting[-1].posted_at <= at:
        taken.append(waiting.pop())
    return taken


def choose_times(
    reports: Sequence[Report],
    every: timedelta | None,
    at: Sequence[datetime],
    since: datetime | None,
    until: datetime | None,
) -> list[datetime]:
    """The times to tell estimates at: those named, and a grid over the reports or from ``since`` to ``until``.

    Raises BadSetting when the grid would have more than a million points.
    """
    times = set(at)
    if every is None or not (reports or (since and until)):
        return sorted(times)
    first = since or min(report.posted_at for report in reports)
    last = until or ceil_to(max(report.posted_at for report in reports), every)
    count = (last - ceil_to(first, every)) // every + 1
    if count > MOST_TIMES:
        raise BadSetting(f"{count:,} times are too many; take longer steps with --every, or --from and --to")
    times |= {ceil_to(first, every) + n * every for n in range(max(0, count))}
    return sorted(times)
