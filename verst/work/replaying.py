"""Without a store: posts or claim lines in, estimates at chosen times out. The same posts give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from verst.errors import BadSetting
from verst.model import Estimate, Kind, Post, Region, Report
from verst.work.intake import ReadsPosts, fill_replies, is_later
from verst.work.reports import reports_of
from verst.work.telling import ceil_to

MOST_TIMES = 1_000_000


def replay_posts(posts: Iterable[Post], reader: ReadsPosts) -> list[Report]:
    """Reports of posts, in order of time whatever order they come in: of each the latest edit, copies marked."""
    from verst.reading.copies import CopyFinder

    latest: dict[str, Post] = {}
    for post in posts:
        other = latest.get(post.id)
        if other is None or is_later(post, other) or (post.edited_at == other.edited_at and post.text < other.text):
            latest[post.id] = post
    ordered = sorted(latest.values(), key=lambda post: (post.posted_at, post.id))
    finder, reports = CopyFinder(), list[Report]()
    for post, told in fill_replies(ordered, None):
        found = reports_of(post, reader.read(told))
        if found:
            root = finder.find(post)
            reports += found if root is None else [replace(report, copy_of=root) for report in found]
    return reports


def fuse_reports(
    reports: Sequence[Report], times: Iterable[datetime], regions: Sequence[Region], kinds: Mapping[str, Kind]
) -> Iterator[Estimate]:
    """Estimates at each time from the reports posted by then."""
    from verst.fusion import fuse

    yield from fuse(sorted(reports, key=lambda r: (r.posted_at, r.post)), times, regions, kinds)


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
