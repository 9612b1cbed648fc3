"""Questions that need care before facts: what Verst refuses, and what to do first when somebody is in danger."""

from __future__ import annotations

from dataclasses import dataclass, replace

from verst.ask.answers import Line
from verst.ask.scope import Scope
from verst.ask.wish import Wish


@dataclass(frozen=True, slots=True)
class Care:
    """Which facts follow the advice: a topic and tag, or ``topic`` None for none."""

    topic: str | None = None
    tag: str | None = None
    same: bool = False  # the question's own topic


ADVICE = {
    "contact": Care("price"),
    "bribe": Care("event", "bribe"),
    "bypass": Care("passage"),
    "forgery": Care("documents"),
    "persons": Care(),
    "order": Care("passage"),
    "medical": Care("service", "medical"),
    "cold": Care("service", "warmth"),
    "water": Care("service", "water"),
    "prepay": Care("event", "robbery"),
    "robbed": Care("event", "robbery"),
    "road_money": Care("event", "robbery"),
    "phone": Care("exit_military"),
    "privacy": Care(),
    "ride": Care(),
    "trust": Care(),
    "offline": Care(),
    "predict": Care(same=True),
    "off_topic": Care(),
}


def say_advice(scope: Scope, wish: Wish) -> tuple[list[Line], Wish | None]:
    """The advice for the wish's intent, and the plain wish whose facts should follow it; None: no facts follow."""
    assert wish.intent is not None
    care = ADVICE[wish.intent]
    lines = [Line(what="advice", text=scope.words.say(f"advice.{wish.intent}"))]
    if care.same:
        return lines, replace(wish, intent=None)
    if care.topic is None:
        return lines, None
    return lines, replace(wish, intent=None, topic=care.topic, tag=care.tag, stranger=None)
