"""An alert in words: what changed, from what to what, how sure, on how many voices, and until when it says anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from zoneinfo import ZoneInfo

from verst.fusion.verdicts import Reason as TurnReason
from verst.fusion.verdicts import Rumour, Turn
from verst.model import Crossing, Kind, Region
from verst.notices import Alert, Figure
from verst.web import rumoured
from verst.web.answer import tidy
from verst.web.moment import Moment
from verst.web.page import Page
from verst.web.phrases import crossing_zone, say_amount
from verst.web.texts import Tongue, load_tongues

BORDER_DASH = "\u2013"
OF_ESTIMATES = ("closed", "opened", "refused", "allowed", "wait_doubled", "wait_halved")
GOOD = ("opened", "allowed", "wait_halved", "rumour_contradicted")
SHORT_NUMBER = 8  # digits of an id that people may name


@dataclass(frozen=True, slots=True)
class Words:
    """An alert in one language: a headline and some lines, without markup."""

    title: str
    body: str
    lang: str


def write_alert(alert: Alert, code: str, regions: Sequence[Region], kinds: Mapping[str, Kind]) -> Words:
    """The words of an alert in the language of that code, or the one that it falls back to for alerts."""
    tongues = load_tongues()
    tongue = tongues.get(code, tongues["en"]).find("alert.closed")
    moment = Moment(at=alert.at, first=alert.at, last=alert.at)
    page = Page(tongue=tongue, moment=moment, path="/", kinds=kinds, regions=tuple(regions))
    crossing = next(iter(crossings_of(alert, regions)), None)
    lines = [*say_label(page, alert), *say_lines(page, alert, crossing_zone(crossing))]
    body = "\n".join(tidy(line) for line in lines)
    return Words(f"{say_place(page, alert, crossing)}: {say_headline(page, alert)}", body, tongue.code)


def crossings_of(alert: Alert, regions: Iterable[Region]) -> list[Crossing]:
    """The crossings an alert is about, each once, in its own order."""
    known = {crossing.id: crossing for region in regions for crossing in region.crossings}
    return [known[name] for name in alert.crossings if name in known]


def say_place(page: Page, alert: Alert, crossing: Crossing | None) -> str:
    """The crossing by name; a border or country by the names of its countries."""
    if crossing is not None and crossing.id == alert.where:
        return page.name(crossing)
    return (
        f" {BORDER_DASH} ".join(page.country(code) for code in alert.where.split("-") if len(code) == 2) or alert.where
    )


def say_headline(page: Page, alert: Alert) -> str:
    """What happened, in one line; that it is taken back, first."""
    mode = "" if alert.mode == "any" else page.word("mode", alert.mode)
    if alert.reason == "rule_changed":
        what = page.say("alert.rule_begins" if alert.starts else "alert.rule_ends")
    elif alert.reason == "rumour_contradicted":
        what = page.say("alert.rumour_contradicted")
    else:
        what = page.say(f"alert.{alert.reason}", mode=mode, into=page.into(alert.toward))
    what = tidy(what).strip()
    return page.say("alert.taken_back", what=what) if alert.takes_back else what


def say_label(page: Page, alert: Alert) -> Iterator[str]:
    """That the posts behind it are no live ones."""
    if alert.label:
        yield f"{page.label_words(alert.label)}."


def say_lines(page: Page, alert: Alert, zone: ZoneInfo) -> Iterator[str]:
    """The lines under the headline."""
    if alert.why is not None:
        yield page.say(f"alert.{alert.why}")
    if alert.reason == "rule_changed":
        yield from say_rule(page, alert)
    elif alert.reason == "rumour_contradicted":
        yield from say_rumour_of(page, alert, zone)
    else:
        yield from say_figures(page, alert)
    if alert.probability is not None:
        yield page.say("alert.probability", percent=page.tongue.number(round(alert.probability * 100)))
    if alert.reason in OF_ESTIMATES and alert.newest is not None and not alert.takes_back:
        time = page.time(alert.newest, zone)
        voices = page.count("count.voices", alert.voices) if alert.voices is not None else None
        rests = page.say("alert.rests", voices=voices, time=time) if voices else page.say("alert.rests_few", time=time)
        yield rests
    if alert.takes_back or alert.reason in GOOD:
        yield page.say("alert.no_all_clear")
    yield page.say("alert.until", time=page.time(alert.expires, zone))
    yield page.say("alert.number", id=(alert.takes_back or alert.id)[:SHORT_NUMBER])


def say_rule(page: Page, alert: Alert) -> Iterator[str]:
    """A rule in the words it is written in, and that it is the rule."""
    yield page.tongue.pick(alert.text, page.word("tag", alert.tag or alert.kind))
    yield page.say("alert.is_rule")
    if alert.source:
        yield page.say("alert.source", source=alert.source)


def say_rumour_of(page: Page, alert: Alert, zone: ZoneInfo) -> Iterator[str]:
    """What was told, and what speaks against it."""
    one = rumour_of(alert)
    yield page.say("alert.told", what=rumoured.say_rumour(page, one, zone))
    if alert.because is not None and not alert.takes_back:
        yield f"{rumoured.say_turn(page, one, one.turns[-1])}."


def rumour_of(alert: Alert) -> Rumour:
    """An alert as the entry of the ledger that it is of, as far as its words need."""
    instead = alert.now.value if alert.now is not None else None
    reason = cast(TurnReason, alert.because or "denied")
    turn = Turn(at=alert.at, verdict="contradicted", why="", post="", reason=reason, value=instead)
    return Rumour(
        crossing=alert.where, kind=alert.kind, value=alert.was.value if alert.was is not None else None, tag=alert.tag,
        mode=alert.mode, first_seen=alert.at, last_seen=alert.at, first_source="", posts=0, roots=0, communities=0,
        witnesses=0, speaks_for=0.0, speaks_against=0.0, verdict="contradicted", turns=(turn,), toward=alert.toward,
        who=alert.who, since=alert.since, due=alert.due,
    )  # fmt: skip


def say_figures(page: Page, alert: Alert) -> Iterator[str]:
    """What was known or told before, and what is known instead."""
    was, now = say_figure(page, alert, alert.was), say_figure(page, alert, alert.now)
    if was:
        yield page.say("alert.told" if alert.takes_back else "alert.before", what=was)
    if now:
        yield page.say("alert.since", what=now)


def say_figure(page: Page, alert: Alert, figure: Figure | None) -> str:
    """An option in words, an amount as a range; empty where nothing was known."""
    if figure is None or figure.value is None:
        return ""
    if isinstance(figure.value, str):
        return rumoured.say_value(page, alert.kind, figure.value)
    low = figure.value if figure.p10 is None else figure.p10
    high = figure.value if figure.p90 is None else figure.p90
    return say_amount(page.tongue, alert.kind, low, high, mode=alert.mode, unit=page.unit(alert.kind))


def alert_tongues() -> list[Tongue]:
    """The languages that have words of their own for alerts, English first."""
    return [tongue for tongue in load_tongues().values() if tongue.find("alert.closed") is tongue]
