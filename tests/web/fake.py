"""A store in memory: what the pages are tested on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from verst.model import Estimate, Heard, Post, Reading, Report, Sighting
from verst.store import Asked, Batch, Kept


def holds(text: str, terms: Sequence[Sequence[str]]) -> bool:
    words = text.casefold().split()
    return all(any(word.startswith(term.rstrip("*")) for term in group for word in words) for group in terms)


@dataclass
class FakeStore:
    """The Store protocol over lists."""

    kept_posts: dict[str, Post] = field(default_factory=dict)
    kept_readings: dict[str, Reading] = field(default_factory=dict)
    kept_reports: list[Report] = field(default_factory=list)
    kept_heard: list[Heard] = field(default_factory=list)
    kept_sightings: list[Sighting] = field(default_factory=list)
    kept_estimates: list[Estimate] = field(default_factory=list)
    kept_asked: list[Asked] = field(default_factory=list)
    number: int = 0

    def keep(self, batch: Batch) -> Kept:
        for post, reading in batch.posts:
            self.kept_posts[post.id], self.kept_readings[post.id] = post, reading
        self.kept_reports += batch.reports
        self.kept_heard += batch.heard
        self.kept_sightings += batch.sightings
        self.kept_estimates += batch.estimates
        self.number += 1
        return Kept(new=len(batch.posts), edited=0, revision=self.number)

    def known(self, ids: Iterable[str]) -> set[str]:
        return set(ids) & self.kept_posts.keys()

    def cursor(self, name: str) -> str | None:
        return None

    def state(self, name: str) -> bytes | None:
        return None

    def posts(self, ids: Iterable[str]) -> dict[str, Post]:
        return {name: self.kept_posts[name] for name in ids if name in self.kept_posts}

    def readings(self, ids: Iterable[str]) -> dict[str, Reading]:
        return {name: self.kept_readings[name] for name in ids if name in self.kept_readings}

    def search(self, terms: Sequence[Sequence[str]], until: datetime, limit: int = 50) -> list[Post]:
        """By the words of the text alone."""
        found = [post for post in self.kept_posts.values() if post.posted_at <= until and holds(post.text, terms)]
        return sorted(found, key=lambda post: (-post.posted_at.timestamp(), post.id))[:limit]

    def reports(
        self, *, crossing: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Report]:
        for report in sorted(self.kept_reports, key=lambda item: (item.posted_at, item.post)):
            if crossing in (None, report.claim.crossing) and (since or report.posted_at) <= report.posted_at <= (
                until or report.posted_at
            ):
                yield report

    def sightings(
        self, *, groups: Iterable[str] | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> list[Sighting]:
        wanted = None if groups is None else set(groups)
        found = [each for each in self.kept_sightings if wanted is None or each.group in wanted]
        return [each for each in found if (since or each.known_at) <= each.known_at <= (until or each.known_at)]

    def heard(
        self, *, place: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Heard]:
        for each in sorted(self.kept_heard, key=lambda item: (item.posted_at, item.post)):
            told = each.posted_at
            if place in (None, each.saying.where) and (since or told) <= told <= (until or told):
                yield each

    def estimates_at(self, at: datetime, crossing: str | None = None) -> list[Estimate]:
        newest: dict[tuple[object, ...], Estimate] = {}
        for told in sorted(self.kept_estimates, key=lambda item: item.at):
            if told.at <= at and crossing in (None, told.crossing):
                newest[quantity(told)] = told
        return list(newest.values())

    def estimates_between(self, crossing: str, since: datetime, until: datetime) -> list[Estimate]:
        found = [e for e in self.kept_estimates if e.crossing == crossing and since <= e.at <= until]
        return sorted(found, key=lambda item: item.at)

    def asked(self, crossing: str | None, since: datetime, until: datetime, limit: int = 50) -> list[Asked]:
        found = [
            asked
            for asked in self.kept_asked
            if crossing in (None, asked.question.crossing) and since <= asked.post.posted_at <= until
        ]
        return sorted(found, key=lambda asked: asked.post.posted_at, reverse=True)[:limit]

    def span(self, until: datetime | None = None) -> tuple[datetime, datetime] | None:
        times = [post.posted_at for post in self.kept_posts.values() if until is None or post.posted_at <= until]
        return (min(times), max(times)) if times else None

    def by_hour(self) -> dict[datetime, int]:
        hours = (post.posted_at.replace(minute=0, second=0, microsecond=0) for post in self.kept_posts.values())
        return dict(Counter(hours))

    def revision(self) -> int:
        return self.number

    def close(self) -> None:
        return None


def quantity(told: Estimate) -> tuple[object, ...]:
    return told.crossing, told.kind, told.mode, told.toward, told.side, told.currency, told.service, told.tag
