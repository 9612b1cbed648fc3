"""What templates may say: the words, links and times of one page in one language at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup

from verst.fusion.forecast import Forecast
from verst.fusion.verdicts import Rumour, Turn
from verst.model import Crossing, Estimate, Kind, Region
from verst.web import phrases, rumoured
from verst.web.chart import Chart, Series
from verst.web.files import file_of, lead
from verst.web.moment import STEPS, Moment, short_iso
from verst.web.texts import Tongue, load_tongues
from verst.web.view import SURE, Fact, Lane, top_option

PLAIN = 0.85  # from here on an option is said without "probably"
EVERYWHERE = "all"  # the region of all regions
NOTE_KEYS = {
    "a copy of a post already counted": "copy",
    "the same figure was said before": "same_figure",
    "the same person said it before": "same_person",
    "its chat has said enough this hour": "chat_full",
    "too many newcomers at once": "newcomers",
    "only heard, and heard before": "heard_before",
    "others speak against this figure": "others_against",
    "its kind of source has said enough this hour": "kind_full",
    "nobody else says so while many speak": "alone",
    "speaks against this figure": "against",
    "unverified: one root": "one_root",
    "heard, not seen": "heard",
    "confirmed at the desk": "desk_confirmed",
    "rejected at the desk": "desk_rejected",
    "corrected at the desk": "desk_corrected",
    "its source is marked as hostile": "desk_hostile",
}  # what fusion notes, and the key of its words in [note]
RECONSTRUCTED = "reconstructed from dated public facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page for one reader's language and chosen time."""

    tongue: Tongue
    moment: Moment
    path: str
    kinds: Mapping[str, Kind]
    regions: tuple[Region, ...] = ()
    label: str | None = None
    front: bool = False  # the board at ``/``, whatever time it shows
    chosen_language: bool = False
    revision: int = 0
    keep: Mapping[str, str] = field(default_factory=dict)
    file: str | None = None  # where it stands among published files; None: a page of the live server
    saved: bool = False  # whether it is the one file that leads nowhere
    says: bool = False  # whether the server takes what somebody at the border says

    @property
    def keeps(self) -> bool:
        """Whether a browser keeps this page for when there is no network: the board at its door, or as it is now."""
        return self.file is None and (self.front or not self.moment.asked)

    def say(self, key: str, **values: object) -> str:
        """The sentence of that key."""
        return self.tongue.say(key, **values)

    def count(self, key: str, n: float) -> str:
        """The counted sentence of that key."""
        return self.tongue.count(key, n)

    def word(self, table: str, item: str, kind: str | None = None) -> str:
        """The word for an option, tag or means, from the pages' texts or the kind's own labels."""
        known = dict(self.kinds[kind].labels) if kind is not None and kind in self.kinds else {}
        return self.tongue.word(table, item, known.get(item, ()))

    def name(self, thing: Crossing | Region) -> str:
        """The name of a crossing or region in this language."""
        if thing.id == EVERYWHERE:
            return self.say("site.all_crossings")
        return self.tongue.pick(thing.names, thing.id)

    def label_words(self, label: str) -> str:
        """A label of posts in this language, where it is the one everybody ships; else as it was written."""
        return self.say("site.reconstructed") if label.lower() == RECONSTRUCTED else label

    # Links

    def go(self, path: str) -> str:
        """An address that is the same in every language and at any time: data, scripts, pictures."""
        return path if self.file is None else lead(self.file, file_of(path, self.tongue.code))

    def link(self, path: str, **changes: str | None) -> str:
        """An address that keeps the language and the time the reader chose. ``changes`` None drops a part."""
        if self.file is not None:
            return lead(self.file, file_of(path, changes.get("lang") or self.tongue.code))
        parts: dict[str, str | None] = {
            "lang": self.tongue.code if self.chosen_language else None,
            "at": short_iso(self.moment.at) if self.moment.asked else None,
        }
        kept = {key: value for key, value in (parts | changes).items() if value is not None}
        return f"{path}?{urlencode(kept, safe=':')}" if kept else path

    def feed(self, path: str, form: str) -> str:
        """The feed of alerts of the board or crossing at ``path``; among files only some languages have one."""
        told = self.tongue.code if self.file is None else self.tongue.find("alert.closed").code
        lang = told if self.chosen_language else None
        return self.link(f"{path}/feed.{form}", at=None, lang=lang)

    def languages(self) -> list[tuple[Tongue, str]]:
        """Every language with this page's address in it, the page's own first."""
        others = [tongue for code, tongue in load_tongues().items() if code != self.tongue.code]
        others.sort(key=lambda tongue: tongue.falls_back is not None)  # those with every text before the others
        return [(tongue, self.link(self.path, lang=tongue.code)) for tongue in (self.tongue, *others)]

    def steps(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Links earlier and later, each with its words; none where nothing is kept."""
        return [
            ("earlier", self.step_links(-1, ("day", "six", "hour"))),
            ("later", self.step_links(1, ("hour", "six", "day"))),
        ]

    def step_links(self, sign: int, names: tuple[str, ...]) -> list[tuple[str, str]]:
        """Links in one direction of time."""
        moved = [(self.say(f"time.{name}"), self.moment.moved(sign * STEPS[name])) for name in names]
        return [(words, self.link(self.path, at=short_iso(there))) for words, there in moved if there]

    # Times

    def time(self, instant: datetime, zone: ZoneInfo) -> str:
        """Day and time on that clock, UTC beside it."""
        return phrases.say_time(self.tongue, instant, zone)

    def clock(self, instant: datetime, zone: ZoneInfo) -> str:
        """The same with the year: the time a whole page is for."""
        return phrases.say_clock(self.tongue, instant, zone)

    def day(self, instant: datetime, zone: ZoneInfo) -> str:
        """Day, month and year on that clock."""
        return phrases.say_day(self.tongue, instant.astimezone(zone))

    def local(self, instant: datetime, zone: ZoneInfo) -> str:
        """Day and time on that clock alone, for tables whose head says the zone."""
        return phrases.say_local(self.tongue, instant, zone)

    def zone(self, crossing: Crossing | None = None) -> ZoneInfo:
        """The clock a page is written in."""
        return phrases.crossing_zone(crossing)

    def age(self, instant: datetime) -> str:
        """How long before the page's time that was."""
        return phrases.say_age(self.tongue, max(timedelta(), self.moment.at - instant))

    def iso(self, instant: datetime) -> str:
        """For ``datetime`` attributes and links."""
        return short_iso(instant)

    # What is known

    def country(self, code: str | None) -> str:
        """Name of a country."""
        return self.tongue.word("country", code) if code else ""

    def into(self, code: str | None) -> str:
        """``into Georgia``; empty when the direction was not said."""
        if code is None:
            return ""
        key = f"into.{code}"
        return self.say(key) if self.tongue.has(key) else self.say("into.other", country=code)

    def means(self, lane: Lane) -> str:
        """Means of a lane; where some of what stands in it named none, that is said."""
        word = self.word("mode", lane.mode)
        return self.say("mode.joined", mode=word) if lane.joined else word

    def heading(self, lane: Lane) -> str:
        """Direction of a lane as a heading."""
        words = self.into(lane.toward) or self.say("crossing.either")
        return words[:1].upper() + words[1:]

    def value(self, fact: Fact) -> str:
        """An estimate in words, as a range, without age and voices (those are in `small`)."""
        told = fact.estimate
        if isinstance(told.value, int | float):
            return phrases.say_estimate(self.tongue, told, self.unit(told.kind))
        option, odds, _ = top_option(told)
        word = self.word(rumoured.OPTION_WORDS.get(told.kind, "tag"), option or "unknown", told.kind)
        return self.say("sure.probably", what=word) if odds < PLAIN else word

    def unit(self, kind: str) -> str | None:
        """Unit of a kind that the pages have no phrase for."""
        return None if kind not in self.kinds or kind == "price" else self.kinds[kind].unit

    def small(self, fact: Fact) -> Markup:
        """Age, voices and doubts of a fact; the age stands as a time, so that it can grow on an open page."""
        return Markup(" · ").join((self.ago(fact), *self.doubts(fact)) if fact.age is not None else self.doubts(fact))

    def small_words(self, fact: Fact) -> str:
        """The same as plain text."""
        age = [phrases.say_age(self.tongue, fact.age)] if fact.age is not None else []
        return " · ".join([*age, *self.doubts(fact)])

    def ago(self, fact: Fact) -> Markup:
        """The age of a fact."""
        newest = self.moment.at - (fact.age or timedelta())
        words = phrases.say_age(self.tongue, fact.age or timedelta())
        return Markup('<time class="g" datetime="{}">{}</time>').format(f"{newest:%Y-%m-%dT%H:%MZ}", words)

    def doubts(self, fact: Fact) -> list[str]:
        """That nobody said a fact, the voices behind it, and whether they contradict each other."""
        told, parts = fact.estimate, []
        if fact.derived:
            parts.append(self.say("sure.derived_wait" if fact.kind == "wait" else "sure.derived"))
        if told.voices:
            parts.append(self.say("sure.thin") if fact.thin else self.count("count.voices", told.voices))
        if told.disputed or (told.odds and top_option(told)[2] < SURE):
            parts.append(self.say("sure.disputed"))
        return parts

    def unheard(self, last: datetime | None) -> str:
        """``Nobody has said in the last 9 hours.``"""
        if last is None:
            return self.say("silent.never")
        hours = int(max(timedelta(), self.moment.at - last).total_seconds() // 3600)
        key, n = ("silent.hours", max(1, hours)) if hours < 48 else ("silent.days", hours // 24)
        return self.count(key, n)

    def silence(self, last: datetime | None, zone: ZoneInfo) -> str:
        """``Nobody has said in the last 9 hours. Last heard …``."""
        if last is None:
            return self.unheard(last)
        return f"{self.unheard(last)} {self.say('silent.last', time=self.time(last, zone), age=self.age(last))}"

    def lane_silence(self, lane: Lane) -> str:
        """The same for one lane, without the date: it stands among others of one crossing."""
        newest = lane.newest
        return self.unheard(self.moment.at - newest.age if newest and newest.age is not None else None)

    # Charts

    def amount(self, told: Estimate) -> str:
        """An estimate's range in words."""
        return phrases.say_estimate(self.tongue, told, self.unit(told.kind))

    def rumoured(self, one: Rumour, zone: ZoneInfo) -> str:
        """What a rumour says."""
        return rumoured.say_rumour(self, one, zone)

    def rumour_place(self, one: Rumour) -> str:
        """What else than the crossing it is about."""
        return rumoured.say_place(self, one)

    def verdict(self, verdict: str) -> str:
        """A verdict as a key of the texts and a class of the page."""
        return rumoured.verdict_key(verdict)

    def turned(self, one: Rumour, turn: Turn) -> str:
        """Why a verdict turned, in words."""
        return rumoured.say_turn(self, one, turn)

    def note(self, note: str) -> str:
        """Why a post counts less, in this language."""
        key = NOTE_KEYS.get(note)
        return self.say(f"note.{key}") if key else note

    def expected(self, series: Series, told: Forecast) -> str:
        """The range of a forecast in words."""
        unit = self.unit(series.kind)
        return phrases.say_amount(self.tongue, series.kind, told.p10, told.p90, mode=series.mode, unit=unit)

    def plain_amount(self, kind: str, value: float) -> str:
        """One figure with its unit."""
        return phrases.say_amount(self.tongue, kind, value, value, unit=self.unit(kind))

    def date(self, instant: datetime, zone: ZoneInfo) -> str:
        """Day and month on that clock in figures, for the foot of a chart."""
        return f"{instant.astimezone(zone):%d.%m}"

    def fraction(self, at: datetime, chart: Chart) -> float:
        """Where a time stands on a chart, in its pixels."""
        return chart.place(at)
