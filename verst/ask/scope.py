"""What every part of an answer needs at hand: the store, the shelves, the time asked about, and the words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from verst.ask.answers import Source
from verst.ask.words import Words
from verst.model import Crossing, Estimate, Evidence, Kind, Post, Region, Rule
from verst.store import Store

MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Scope:
    """``at`` is UTC: nothing said later is used. ``kinds`` by id."""

    store: Store
    regions: Sequence[Region]
    kinds: Mapping[str, Kind]
    at: datetime
    words: Words

    def crossing(self, where: str) -> Crossing | None:
        """The crossing of that id."""
        return next((c for region in self.regions for c in region.crossings if c.id == where), None)

    def name(self, where: str) -> str:
        """A crossing's or border's name in the language of the answer."""
        found = self.crossing(where)
        if found:
            return self.words.pick(found.names, where)
        return f"{self.wide_name(where)} ({self.words.say('border_any')})"

    def wide_name(self, where: str) -> str:
        """A border's or a country's name: ``Russia – Georgia`` of ``RU-GE``."""
        return " \u2013 ".join(self.words.country(code) for code in where.split("-"))

    def link(self, where: str | None) -> str | None:
        """The page of the board where everything said of a crossing stands, as it was known at the time asked about."""
        if where is None or self.crossing(where) is None:
            return None
        span = self.store.span()
        then = f"?at={self.at:%Y-%m-%dT%H:%MZ}" if span and self.at < span[1] else ""
        return f"/c/{where}{then}"

    def zone(self, where: str) -> str:
        """The clock at the first side of a crossing, or of a border's first crossing; of a country, its own."""
        known = [c for region in self.regions for c in region.crossings]
        clocks = [side.zone for c in known if where in (c.id, c.border) for side in c.sides]
        clocks += [side.zone for c in known for side in c.sides if side.country == where]
        return clocks[0] if clocks else "UTC"

    def rules(self) -> list[Rule]:
        """Every rule in force at the time asked about."""
        return [
            rule
            for region in self.regions
            for rule in region.rules
            if (rule.starts_at is None or rule.starts_at <= self.at)
            and (rule.ends_at is None or self.at < rule.ends_at)
        ]

    def fresh_for(self, kind: str) -> timedelta:
        """How long after it was said something of a kind still counts as news: twice its half-life, 3 h to 3 days."""
        known = self.kinds.get(kind)
        minutes = 2 * known.half_life_minutes if known else 360.0
        return timedelta(minutes=min(max(minutes, 180.0), 4320.0))

    def is_stale(self, estimate: Estimate) -> bool:
        """Whether no value is left, or nobody has said anything newer for longer than news of that kind lasts."""
        return (
            estimate.value is None
            or estimate.newest is None
            or self.at - estimate.newest > self.fresh_for(estimate.kind)
        )

    def value(self, estimate: Estimate) -> str:
        """An estimate's value in words: a range with its unit, called so if worked out, or options with their odds."""
        if isinstance(estimate.value, int | float):
            low = estimate.value if estimate.p10 is None else estimate.p10
            high = estimate.value if estimate.p90 is None else estimate.p90
            worked_out = "derived_wait" if estimate.kind == "wait" else "derived"
            told = self.words.amount(estimate.kind, low, high, estimate.mode, estimate.currency)
            return self.words.say(worked_out, value=told) if estimate.derived else told
        if estimate.odds:
            likely = [(option, odds) for option, odds in estimate.odds if odds >= 0.1][:3]
            return self.words.join(
                self.words.say("odds.likely", option=self.option(estimate.kind, o), percent=round(100 * p))
                for o, p in likely
            )
        return self.option(estimate.kind, str(estimate.value))

    def option(self, kind: str, option: str) -> str:
        """The word for an option of a kind."""
        labels = dict(self.kinds[kind].labels) if kind in self.kinds else {}
        return self.words.word("options", option, labels.get(option, ()))

    def what(self, estimate: Estimate) -> str:
        """What an estimate is of: kind, service or tag, direction, side, means."""
        kind = self.kinds.get(estimate.kind)
        labels = dict(kind.labels) if kind else {}
        about = [self.words.word("kinds", estimate.kind, kind.names if kind else ())]
        about += [
            self.words.word("tags", item, labels.get(item, ())) for item in (estimate.tag, estimate.service) if item
        ]
        if estimate.toward:
            about.append(self.words.toward(estimate.toward))
        if estimate.side:
            about.append(self.words.beside(estimate.side))
        if estimate.mode != "any" or estimate.kind in ("wait", "mode_rule"):
            about.append(self.words.word("modes", estimate.mode))
        return self.words.join(about)

    def sources(self, evidence: Iterable[Evidence], most: int = 3) -> tuple[Source, ...]:
        """The weightiest posts behind it that are kept, of its own kind where there are any, newest first."""
        known = [item for item in evidence if item.said_at <= self.at]
        known = [item for item in known if item.kind is None] or known
        weighty = sorted(known, key=lambda e: (e.source != "official", -e.weight, e.post))[:most]
        posts = self.store.posts([item.post for item in weighty])
        made = [self.source(posts[e.post], e.stance, e.said_at) for e in weighty if e.post in posts]
        return tuple(sorted(made, key=lambda source: (source.said_at, source.post), reverse=True))

    def source(self, post: Post, stance: str, said_at: datetime | None = None) -> Source:
        """One post as a source, its words cut to a readable length."""
        return Source(
            post=post.id,
            said_at=said_at or post.posted_at,
            stance=stance,
            words=shorten(post.text),
            url=post.url,
            label=post.label,
        )


def host_of(address: str | None) -> str:
    """The short name of an address, the address itself where it is none.

    >>> host_of("https://www.rtl.fr/actu/42"), host_of("ordinance no. 255"), host_of(None)
    ('rtl.fr', 'ordinance no. 255', '')
    """
    return (urlsplit(address).hostname or address).removeprefix("www.") if address else ""


def shorten(text: str) -> str:
    """The first words of a text on one line.

    >>> shorten("Стоим\\n с шести")
    'Стоим с шести'
    """
    flat = " ".join(text.split())
    return flat if len(flat) <= MOST_WORDS else flat[: MOST_WORDS - 1].rstrip() + "…"
