"""Which of what came in are copies: found anew from the first post that is new, with what was found before it kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import msgspec

from verst.model import Heard, Report
from verst.reading.copies import WINDOW, CopyFinder
from verst.store import Batch, Store
from verst.work.intake import UNSETTLED

MOST = 500  # posts asked of the store at once
MICROSECOND = timedelta(microseconds=1)
MARKED = "copies"  # the state that says who marked copies last
SLACK = timedelta(minutes=10)  # what comes so late needs no looking back over days


def mark_copies(store: Store, touched: dict[str, datetime], copies: Copies | None = None) -> dict[str, datetime]:
    """Say of reports whose copies they are; gives, by crossing, the earliest that is new or changed.

    Nothing before the first new report can change, and a text is remembered for `WINDOW`: what was found in that time
    before it is all that has to be known. ``copies``: knows it already, unless somebody else marked some since.
    """
    if copies is not None and store.state(MARKED) != copies.name:
        copies.forget()
    out, changed = copies.find(store, touched) if copies is not None else find_copies(store, touched)
    if changed:
        store.keep(Batch(roots=list(changed.items()), states=[noted(out)]))
    return out


def marked_by(copies: Copies | None) -> tuple[str, bytes]:
    """The state that says who marked copies last; nobody, where everything is to be looked at anew the next time.

    Every quarter of an hour nobody did: so long words may be known by heart that the store has forgotten.
    """
    return MARKED, copies.name if copies is not None else b""


def find_copies(store: Store, touched: Mapping[str, datetime]) -> tuple[dict[str, datetime], dict[str, str | None]]:
    """What `mark_copies` gives, and of the posts whose reports are marked otherwise, whose copies they are."""
    if not touched:
        return {}, {}
    first = min(touched.values())
    return compare(touched, store, recall(store, first), first)


class Copies:
    """`find_copies` round after round, for one who alone does so: what was said earlier is looked at only once.

    ``name``: what whoever finds copies notes in the store, so that it is seen when somebody else did so meanwhile.
    """

    def __init__(self) -> None:
        self.name = uuid4().bytes
        self._finder = CopyFinder()
        self._edge: datetime | None = None

    def forget(self) -> None:
        """Look at everything anew in the next round."""
        self._finder, self._edge = CopyFinder(), None

    def find(self, store: Store, touched: Mapping[str, datetime]) -> tuple[dict[str, datetime], dict[str, str | None]]:
        """As `find_copies` gives it."""
        if not touched:
            return {}, {}
        first = min(touched.values()) - SLACK
        if self._edge is None or first + SLACK < self._edge:
            self._finder, self._edge = recall(store, first), first
        elif first > self._edge:
            remember(self._finder, store, self._edge, first)
            self._edge = first
        return compare(touched, store, self._finder.copy(), self._edge)


def compare(
    touched: Mapping[str, datetime], store: Store, finder: CopyFinder, since: datetime
) -> tuple[dict[str, datetime], dict[str, str | None]]:
    """What `find_copies` gives, with a finder as it stood just before ``since``."""
    reports = list(store.reports(since=since))
    roots = find_roots(reports, store, finder)
    out, changed = dict(touched), dict[str, str | None]()
    for report in reports:
        if report.copy_of != roots[report.post]:
            changed[report.post] = roots[report.post]
            crossing = report.claim.crossing
            out[crossing] = min(report.posted_at, out.get(crossing, report.posted_at))
    return out, changed


def noted(touched: Mapping[str, datetime]) -> tuple[str, bytes]:
    """The state that says which crossings are to be fused anew, and since when."""
    return UNSETTLED, msgspec.json.encode(dict(sorted(touched.items())))


def recall(store: Store, first: datetime) -> CopyFinder:
    """A finder as it stood just before ``first``."""
    finder = CopyFinder()
    remember(finder, store, first - WINDOW, first)
    return finder


def remember(finder: CopyFinder, store: Store, since: datetime, until: datetime) -> None:
    """Take in what was reported from ``since`` to just before ``until``, with the copies that were found in it."""
    found = by_post(store.reports(since=since, until=until - MICROSECOND))
    names = list(found)
    for start in range(0, len(names), MOST):
        posts = store.posts(names[start : start + MOST])
        for name in names[start : start + MOST]:
            if name in posts:
                finder.remember(posts[name], found[name][0].copy_of, found[name])


def by_post(reports: Iterable[Report]) -> dict[str, list[Report]]:
    """What each post reports, in the order in which the posts come first."""
    found: dict[str, list[Report]] = {}
    for report in reports:
        found.setdefault(report.post, []).append(report)
    return found


def find_roots(reports: Iterable[Report], store: Store, finder: CopyFinder) -> dict[str, str | None]:
    """For each post that reports something, the first post of its copy group; reports in the order of time."""
    roots = dict[str, str | None]()
    said = by_post(reports)
    names = list(said)
    for start in range(0, len(names), MOST):
        some = names[start : start + MOST]
        posts = store.posts(some)
        for name in some:
            roots[name] = finder.find(posts[name], said[name]) if name in posts else None
    return roots


def with_roots(store: Store, heard: Iterable[Heard]) -> list[Heard]:
    """Sayings in the order of time, each with the first post of its copy group; of posts that are gone, none."""
    some = list(heard)
    names = list(dict.fromkeys(each.post for each in some))
    finder, roots = CopyFinder(), dict[str, str | None]()
    for start in range(0, len(names), MOST):
        posts = store.posts(names[start : start + MOST])
        roots |= {name: finder.find(posts[name]) for name in names[start : start + MOST] if name in posts}
    return [replace(each, copy_of=roots.get(each.post)) for each in some]
