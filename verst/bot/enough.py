"""Whether what is known is good enough to be said to everybody in a group."""

from __future__ import annotations

from datetime import datetime, timedelta

from verst.ask.answers import Answer, Line
from verst.bot.words import has_words

_LENGTHS = ("wait", "queue_length", "queue_count")
# In a group: what the board is about, and which of its kinds say just that. Other topics are those of rules.
SAID_OF_A_CROSSING: dict[str, tuple[str, ...]] = {
    "wait": _LENGTHS, "queue_length": _LENGTHS, "queue_count": _LENGTHS, "passage": ("passage",),
    "mode_rule": ("mode_rule",), "throughput": (), "flow": ("flow",), "price": ("price",), "service": ("service",),
    "event": ("event",), "rule": (), "other": (),
}  # fmt: skip
THINGS = ("price", "service", "event")  # of which it must be said which one is asked for
FOR_MONEY = ("bicycle", "seat", "ticket")  # things that only their price is asked of
MET = ("exit_military",)  # rules of which it helps how people met them
CARE = frozenset(("medical", "cold", "water", "prepay", "robbed"))  # what to do first, true at every border
REFUSED = frozenset(("contact", "bribe", "bypass", "forgery", "persons", "ads", "order"))
ENTRY = ("entry_stay", "entry_refusal")
DENIED = timedelta(days=7)  # how old a word against a rumour may be
RECENT = timedelta(hours=12)  # how old the words may be that a thing or a rule as people met it rests on
_ANY_NEWS = ("known", "stale", "nobody")
LEAST_IN_DISPUTE = 3  # voices: one against another leaves a figure open


def is_good(told: Answer, *, loosely: bool = False) -> bool:
    """Whether an answer may be said to everybody: about a place, and either a rule on what was asked with its source,
    or fresh words on just that, which are not one voice against another. What to do first in need is good everywhere.

    ``loosely``: who asks how it is there is helped by a wait, too; who asks whether they let through is not.
    """
    if told.intent in CARE:
        return any(line.what == "advice" for line in told.lines)
    if not told.places or told.intent in REFUSED:
        return False
    if told.intent == "digest":
        return told.outcome == "known"
    if told.tag in FOR_MONEY and told.topic != "price":
        return False
    if told.topic in THINGS:
        return told.tag is not None and _is_met(told, told.topic)
    if told.topic not in SAID_OF_A_CROSSING:
        ruled = any(line.what == "rule" and line.tag in _tags(told.topic) for line in told.lines)
        return ruled or (told.topic in MET and _is_met(told, "rule"))
    return _is_known(told, loosely)


def is_ruled(told: Answer, text: str) -> bool:
    """Whether a rule alone answers it (the hours of a crossing, or who may come in on which visa), or a word that
    speaks against the rumour asked about.
    """
    denials = [line.newest for line in told.lines if line.denies and line.newest is not None]
    if told.intent == "rumour" and has_words(text, "rumours"):
        return any(told.at - said <= DENIED for said in denials)
    rules = [line for line in told.lines if line.what == "rule"]
    if told.topic == "passage" and has_words(text, "hours"):
        return any(line.kind == "passage" for line in rules)
    return told.topic == "rule" and has_words(text, "visas") and any(line.tag in ENTRY for line in rules)


def _tags(topic: str) -> tuple[str, ...]:
    """The rules that answer a question of a topic: who may come in is one matter with who may not."""
    return ENTRY if topic in ENTRY else (topic,)


def _is_known(told: Answer, loosely: bool) -> bool:
    """Whether the state of a crossing is known well enough."""
    if told.topic == "mode_rule" and any(line.what == "rule" and line.kind == "mode_rule" for line in told.lines):
        return told.outcome in _ANY_NEWS
    kinds = SAID_OF_A_CROSSING[told.topic]
    if loosely and told.topic == "passage" and told.outcome in _ANY_NEWS:
        return any(_is_sure(line) and line.kind in (*kinds, *_LENGTHS) for line in told.lines)
    return told.outcome == "known" and any(_is_sure(line) and line.kind in kinds for line in told.lines)


def _is_sure(line: Line) -> bool:
    """Whether a line says lately, and surely enough for everybody, what people saw."""
    fresh = line.what == "practice" and not line.stale and line.voices > 0
    return fresh and (not line.disputed or line.voices >= LEAST_IN_DISPUTE)


def _is_met(told: Answer, kind: str) -> bool:
    """Whether somebody who saw it themselves told of just that within hours: their words are what is shown."""
    met = [line for line in told.lines if line.kind == kind and _is_sure(line) and line.sources]
    first = [line.sources[0] for line in met]
    return any(each.stance != "heard" and told.at - each.said_at <= RECENT for each in first)


def newest_of(told: Answer) -> datetime:
    """When the newest was said that an answer rests on; long ago where it is a rule."""
    fresh = [line.newest for line in told.lines if line.what == "practice" and not line.stale and line.newest]
    return max(fresh, default=datetime.min.replace(tzinfo=told.at.tzinfo))
