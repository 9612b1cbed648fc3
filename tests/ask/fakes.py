"""A small store in memory and a region of two crossings, for tests of answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

from verst.model import (
    Chat,
    Claim,
    Crossing,
    Estimate,
    Evidence,
    Kind,
    Post,
    Question,
    Reading,
    Region,
    Report,
    Rule,
    Side,
)
from verst.reading.language import Languages
from verst.reading.places import Gazetteer
from verst.shelves import data_shelf
from verst.store import Asked, Batch, Kept

NOON = datetime(2022, 9, 24, 9, 0, tzinfo=UTC)  # noon at Verkhny Lars
LARS = "verkhny-lars"


def ago(hours: float) -> datetime:
    return NOON - timedelta(hours=hours)


def make_post(id: str, text: str, hours: float = 1, **more: object) -> Post:
    chat = Chat(title="Ларс", kind="group", about=LARS)
    return Post(id=id, chat=chat, posted_at=ago(hours), text=text, **more)  # type: ignore[arg-type]


def make_estimate(kind: str, value: float | str | None, hours: float = 1, **more: object) -> Estimate:
    posts: tuple[str, ...] = more.pop("posts", ("p1",))  # type: ignore[assignment]
    said = tuple(
        Evidence(post=post, weight=0.5, value=value, stance="saw", source="group", said_at=ago(hours)) for post in posts
    )
    fields: dict[str, object] = {"mode": "car", "toward": "GE", "voices": len(posts), **more}
    return Estimate(
        at=NOON, crossing=LARS, kind=kind, value=value, newest=ago(hours), evidence=said, **fields  # type: ignore[arg-type]
    )  # fmt: skip


def regions() -> tuple[Region, ...]:
    russia, georgia = Side(country="RU", zone="Europe/Moscow"), Side(country="GE", zone="Asia/Tbilisi")
    finland = Side(country="FI", zone="Europe/Helsinki")
    lars = Crossing(
        id=LARS,
        border="RU-GE",
        sides=(russia, georgia),
        names=(("ru", "Верхний Ларс"), ("uk", "Верхній Ларс"), ("en", "Verkhny Lars"), ("ar", "فيرخني لارس")),
        forms=("Ларс", "Lars"),
    )
    vaalimaa = Crossing(
        id="vaalimaa", border="RU-FI", sides=(russia, finland), names=(("en", "Vaalimaa"), ("ru", "Ваалимаа"))
    )
    rules = (
        Rule(
            id="lars-foot",
            where=LARS,
            kind="mode_rule",
            mode="foot",
            value="refused",
            text=(("en", "vehicles only"), ("ru", "только на транспорте")),
            source="rosgranstroy.example",
        ),
        Rule(
            id="fi-ban",
            where="RU-FI",
            kind="rule",
            tag="entry_stay",
            toward="FI",
            text=(("ru", "въезд туристам закрыт"),),
            source="valtioneuvosto.example",
            starts_at=datetime(2022, 9, 29, 21, tzinfo=UTC),
        ),
    )
    return (Region(id="russia", names=(("en", "Russia"),), crossings=(lars, vaalimaa), rules=rules),)


KINDS = (
    Kind(id="wait", shape="amount", unit="minutes", half_life_minutes=180),
    Kind(id="queue_length", shape="amount", unit="km", half_life_minutes=180),
    Kind(id="passage", shape="state", options=("open", "closed"), half_life_minutes=180),
    Kind(id="mode_rule", shape="state", options=("allowed", "refused"), half_life_minutes=180),
    Kind(id="price", shape="amount", half_life_minutes=720),
    Kind(id="event", shape="tag", tags=("robbery",), half_life_minutes=180),
    Kind(id="service", shape="state", options=("available", "missing"), half_life_minutes=180),
)


class FakeStore:
    """What the store's protocol says, over three lists."""

    def __init__(
        self,
        estimates: Iterable[Estimate] = (),
        posts: Iterable[Post] = (),
        reports: Iterable[Report] = (),
        asked: Iterable[Asked] = (),
    ) -> None:
        self._estimates, self._reports, self._asked = list(estimates), list(reports), list(asked)
        self._posts = {post.id: post for post in posts}

    def keep(self, batch: Batch) -> Kept:
        raise AssertionError("an answer writes nothing")

    def sole(self) -> AbstractContextManager[None]:
        raise AssertionError("an answer loads nothing")

    def answers(self, ids: Iterable[str]) -> list[Post]:
        return []

    def known(self, ids: Iterable[str]) -> set[str]:
        return {id for id in ids if id in self._posts}

    def cursor(self, name: str) -> str | None:
        return None

    def state(self, name: str) -> bytes | None:
        return None

    def posts(self, ids: Iterable[str]) -> dict[str, Post]:
        return {id: self._posts[id] for id in ids if id in self._posts}

    def readings(self, ids: Iterable[str]) -> dict[str, Reading]:
        return {}

    def reports(
        self, *, crossing: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Report]:
        for report in self._reports:
            late = (since and report.posted_at < since) or (until and report.posted_at > until)
            if not late and crossing in (None, report.claim.crossing):
                yield report

    def estimates_at(self, at: datetime, crossing: str | None = None) -> list[Estimate]:
        return [e for e in self._estimates if e.at <= at and crossing in (None, e.crossing)]

    def estimates_between(self, crossing: str, since: datetime, until: datetime) -> list[Estimate]:
        return []

    def asked(self, crossing: str | None, since: datetime, until: datetime, limit: int = 50) -> list[Asked]:
        return [a for a in self._asked if since <= a.post.posted_at <= until][:limit]

    def span(self, until: datetime | None = None) -> tuple[datetime, datetime] | None:
        return None

    def revision(self) -> int:
        return 0

    def close(self) -> None:
        return None


class FakeReader:
    """Says of every post that it asks this; finds places as the real one does."""

    def __init__(self, topic: str | None = None, crossing: str | None = None, mode: str = "any") -> None:
        self.places = Gazetteer.from_regions(regions(), data_shelf("languages"))
        self._question = Question(topic=topic, crossing=crossing, mode=mode) if topic else None  # type: ignore[arg-type]

    def read(self, post: Post) -> Reading:
        return Reading(question=self._question)

    def language(self, text: str) -> str:
        return Languages(data_shelf("languages")).of_text(text, None)

    def beside(self, code: str) -> frozenset[str]:
        return frozenset({code})


def make_report(post: str, kind: str, value: str | None, hours: float = 2, *, denies: bool = False) -> Report:
    claim = Claim(kind=kind, crossing=LARS, value=value, stance="official" if denies else "heard")
    return Report(claim=claim, post=post, posted_at=ago(hours), author=f"author of {post}", denies=denies)
