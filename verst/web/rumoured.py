"""What spread, in the words of a page: claims with their figure, totals of people, closings announced, no queues."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from verst.fusion.verdicts import Rumour, Turn
    from verst.web.page import Page

OPTION_WORDS = {"passage": "passage", "mode_rule": "allowed", "service": "crossing"}  # where options of a kind stand

CLOSINGS = {"men": "told.closing_men", "tourists": "told.closing_tourists"}


def say_rumour(page: Page, one: Rumour, zone: ZoneInfo) -> str:
    """What a rumour says: a claim's kind with its figure, option or tag; a saying as a sentence of its own."""
    if one.kind == "total":
        return say_total(page, one, zone)
    if one.kind == "closing":
        day = page.day(one.due, zone) if one.due else "?"
        means = f" ({page.word('mode', one.mode)})" if one.mode != "any" else ""
        return page.say(CLOSINGS.get(one.who or "", "told.closing"), day=day) + means
    if one.kind == "queue":
        return page.say("told.no_queue")
    if one.kind == "picture":
        return page.say("told.picture", day=page.day(one.since, zone) if one.since else "?")
    said = page.word("kind", one.kind) if one.tag is None else page.word("tag", one.tag, one.kind)
    means = f" ({page.word('mode', one.mode)})" if one.mode != "any" else ""
    return f"{said}{means}: {say_value(page, one.kind, one.value)}" if one.value is not None else f"{said}{means}"


def say_total(page: Page, one: Rumour, zone: ZoneInfo) -> str:
    """So many people into a country, or out of one, and from when they are counted."""
    people = say_value(page, one.kind, one.value or 0.0)
    if one.toward is not None:
        said = page.say("told.total", people=people, into=page.into(one.toward))
    else:
        said = page.say("told.total_out", people=people, country=page.country(one.crossing))
    return page.say("told.since", what=said, day=page.day(one.since, zone)) if one.since else said


def say_value(page: Page, kind: str, value: float | str) -> str:
    """A figure with its unit, or an option in words."""
    if isinstance(value, str):
        return page.word(OPTION_WORDS.get(kind, "tag"), value, kind)
    return page.count("amount.people", value) if kind == "total" else page.plain_amount(kind, value)


def say_turn(page: Page, one: Rumour, turn: Turn) -> str:
    """Why a verdict turned, in words."""
    return page.say(f"turn.{turn.reason}", value="" if turn.value is None else say_value(page, one.kind, turn.value))


def say_place(page: Page, one: Rumour) -> str:
    """What else than the crossing a rumour is about: its whole border, or leaving a country."""
    if len(one.crossing) == 2:
        return page.say("rumour.country", country=page.country(one.crossing))
    return page.say("rumour.border")


def verdict_key(verdict: str) -> str:
    """A verdict as a key of the texts and a class of the page.

    >>> verdict_key("partly true"), verdict_key("disputed")
    ('partly', 'disputed')
    """
    return verdict.split()[0]
