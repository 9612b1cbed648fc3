"""What the bot knows and how it looks things up: the store, the places, the reader, and the board for links."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from verst.ask.answering import answer
from verst.ask.answers import Answer, Line
from verst.ask.wish import Wish, find_places, understand
from verst.bot.enough import CARE
from verst.model import Crossing, Kind, Region
from verst.store import Store
from verst.web.moment import Moment
from verst.web.page import Page
from verst.web.texts import choose_tongue, load_tongues
from verst.web.writing import Site, make_site, write_digest

MOST_LETTERS = 900  # of an answer in a group
LEAST_NAME = 3  # letters
_LAST = datetime(9990, 1, 1, tzinfo=UTC)
_SHOWN = ("rule", "head", "practice", "evidence")


@dataclass(slots=True)
class World:
    """Everything an answer comes from. ``board``: where the public finds it, for links."""

    store: Store
    regions: Sequence[Region]
    kinds: Mapping[str, Kind]
    reader: Any
    board: str | None = None
    site: Site | None = None

    def __post_init__(self) -> None:
        self.site = make_site(self.store, self.regions, self.kinds)

    def ask(self, question: str, about: str | None, at: datetime) -> Answer:
        """The answer to a question, about a place where it names none."""
        return answer(question, at, self.store, self.regions, self.kinds, self.reader, about=about)

    def about(self, title: str) -> str | None:
        """The crossing that a group of that title is about."""
        found: str | None = self.reader.places.about(title)
        return found

    def wish(self, question: str, about: str | None, at: datetime) -> Wish:
        """What a question wants."""
        return understand(question, at, self.regions, self.reader, about)

    def named(self, question: str) -> bool:
        """Whether a question names a crossing itself."""
        return bool(find_places(question, self.regions, self.reader)[0])

    def abouts(self, title: str) -> tuple[str, ...]:
        """The crossings that a group of that title is about: the one, or all that it names."""
        one = self.about(title)
        return (one,) if one is not None else tuple(find_places(title, self.regions, self.reader)[0])

    def digest(self, crossing: Crossing, lang: str | None, at: datetime) -> str:
        """A crossing in one message."""
        assert self.site is not None
        region = next(region for region in self.regions if crossing in region.crossings)
        page = Page(
            tongue=choose_tongue(lang, None),
            moment=Moment(at=at, first=at, last=at),
            path=f"/c/{crossing.id}",
            kinds=self.kinds,
            regions=tuple(self.regions),
            revision=self.store.revision(),
        )
        return write_digest(self.site, page, region, crossing) + self.link(crossing.id, lang)

    def name(self, crossing: Crossing, lang: str | None) -> str:
        """What a crossing is called."""
        return choose_tongue(lang, None).pick(crossing.names, crossing.id)

    def link(self, place: str, lang: str | None) -> str:
        """A line with the way to the board; empty where the board has no address."""
        from verst.bot.words import say

        if not self.board:
            return ""
        code = lang if lang in load_tongues() else "en"
        return "\n" + say(lang, "more", link=f"{self.board}/c/{place}?lang={code}")

    def find(self, name: str) -> Crossing | None:
        """The crossing of a name as a command has it: its id, a part of it that only one has, or a way to write it."""
        wanted = re.sub(r"[\s_]+", "-", name.strip().lower())
        if len(wanted) < LEAST_NAME:
            return None
        crossings = [crossing for region in self.regions for crossing in region.crossings]
        for fits in (
            lambda c: c.id == wanted,
            lambda c: wanted in c.id.split("-"),
            lambda c: wanted in {form.lower().replace(" ", "-") for form in _forms(c)},
            lambda c: any(part.startswith(wanted) for part in c.id.split("-")),
        ):
            found = [crossing for crossing in crossings if fits(crossing)]
            if len({crossing.id for crossing in found}) == 1:
                return found[0]
        return None

    def some_names(self, lang: str | None) -> str:
        """A few crossings to choose from: those most is said about."""
        told = (
            self.store.estimates_at(datetime.max.replace(tzinfo=self.site.clock().tzinfo, year=9990))
            if self.site
            else []
        )
        voices: dict[str, int] = {}
        for each in told:
            voices[each.crossing] = voices.get(each.crossing, 0) + each.voices
        best = sorted(voices, key=lambda name: -voices[name])[:4]
        return ", ".join(f"/{name.replace('-', '_')}" for name in best)


def _forms(crossing: Crossing) -> list[str]:
    return [*crossing.forms, *(name for _, name in crossing.names), *(f for side in crossing.sides for f in side.forms)]


def shorten(told: Answer, most: int = MOST_LETTERS, *, loosely: bool = False) -> str:
    """An answer as one short message: rule, practice with age and voices, one post behind each; the label stays.

    In need, what to do comes first. What is old is left out beside what is fresh; lines go whole, from the end.
    ``loosely``: how it is there, without what holds for some means alone.
    """
    lines = _without_old(told, loosely)
    kept = [line.text for line in lines if line.what == "advice"] if told.intent in CARE else []
    before = ""
    for line in lines:
        if line.what not in _SHOWN or (line.what == "evidence" and before != "practice" and not line.denies):
            before = line.what
            continue
        kept.append(("  " if line.what == "evidence" else "") + line.text)
        before = line.what
    if heads := [line.text for line in lines if line.what == "head"]:
        while kept and kept[-1] in heads:
            kept.pop()  # nothing is said under it
    labels = [line.text for line in lines if line.what == "label"]
    room = most - sum(len(label) + 1 for label in labels)
    while len(kept) > 1 and sum(len(each) + 1 for each in kept) > room:
        kept.pop()
    return "\n".join([*kept, *labels])[:most]


def _without_old(told: Answer, loosely: bool) -> list[Line]:
    """The lines without those too old to go by and the posts behind these, but for what was asked itself."""
    if not any(line.what == "practice" and not line.stale for line in told.lines):
        return list(told.lines)
    kept: list[Line] = []
    dropped = False
    for line in told.lines:
        if line.what != "evidence":
            widely = loosely and told.mode == "any"
            dropped = (line.stale and (widely or line.kind != told.topic)) or (widely and line.kind == "mode_rule")
        if not dropped:
            kept.append(line)
    return kept
