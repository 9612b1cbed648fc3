"""Read first: understand, choose the places, say the rule, say the practice, say what became of the question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from verst.ask.advice import ADVICE, say_advice
from verst.ask.answers import Answer, Line, Outcome
from verst.ask.facts import say_never, say_practice
from verst.ask.overview import OVERVIEWS
from verst.ask.places import choose_places, say_stranger
from verst.ask.rules import asks_for_rule, say_rules
from verst.ask.rumours import say_rumour
from verst.ask.scope import Scope, shorten
from verst.ask.wish import ReadsPosts, Wish, understand
from verst.ask.words import choose_words
from verst.model import Kind, Region
from verst.store import Store
from verst.work.ruling import regions_at

MOST_LETTERS = 500  # of a question that are read


def answer(
    question: str,
    at: datetime,
    store: Store,
    regions: Sequence[Region],
    kinds: Iterable[Kind] | Mapping[str, Kind],
    reader: ReadsPosts | None = None,
    lang: str | None = None,
    about: str | None = None,
) -> Answer:
    """Answer ``question`` from what was known at ``at`` (UTC), in its own language or in ``lang``.

    Without a ``reader``, the one of the shelves reads the question. ``about``: the crossing meant where none is named.
    """
    question = question.strip()[:MOST_LETTERS]
    wish = understand(question, at, regions, reader or load_reader(), about)
    if about is not None and not (wish.crossings or wish.countries or wish.stranger):
        wish = replace(wish, crossings=(about,))
    words = choose_words(lang or wish.lang, question if lang is None else "")
    known = dict(kinds) if isinstance(kinds, Mapping) else {kind.id: kind for kind in kinds}
    scope = Scope(store, regions_at(store, regions, at), known, at, words)
    lines = once([*say_all(scope, wish)])
    lines += say_ways(scope, lines)
    lines += say_labels(scope, lines)
    return Answer(
        question=question,
        lang=words.code,
        at=at,
        topic=wish.topic,
        places=(*wish.crossings, *wish.countries),
        mode=wish.mode,
        outcome=find_outcome(wish, lines),
        lines=tuple(lines),
        intent=wish.intent,
        tag=wish.tag,
    )


@cache
def load_reader() -> ReadsPosts:
    """The reader of the shelves, loaded once."""
    from verst.reading.reader import Reader

    return Reader.load()


def once(lines: Sequence[Line]) -> list[Line]:
    """Every line the first time it is said: one post may stand behind several sentences."""
    kept: dict[object, Line] = {}
    for number, line in enumerate(lines):
        kept.setdefault(line.text if line.what == "evidence" else number, line)
    return list(kept.values())


def say_all(scope: Scope, wish: Wish) -> list[Line]:
    """Every sentence of the answer, in order."""
    if wish.intent in OVERVIEWS:
        return OVERVIEWS[wish.intent](scope, wish)
    if wish.intent == "rumour":
        return say_rumour(scope, wish)
    if wish.intent in ADVICE:
        advice, follow = say_advice(scope, wish)
        return [*advice, *(say_plain(scope, follow) if follow else ())]
    if wish.stranger and wish.topic in ("passage", "wait", "other", "queue_length"):
        return say_stranger(scope, wish.stranger)
    return say_plain(scope, wish)


def say_plain(scope: Scope, wish: Wish) -> list[Line]:
    """A plain question: for each place the rule, then the practice, each under its own head."""
    places, named = choose_places(scope, wish)
    lines: list[Line] = []
    if not named and places:
        lines.append(Line(what="head", text=scope.words.say("which")))
    rules = say_rules(scope, wish, (*wish.crossings, *wish.countries) or tuple(places))
    lines += rules
    for place in places:
        moment = scope.words.moment(scope.at, scope.zone(place))
        head = scope.words.say("head_seen" if rules else "head", place=scope.name(place), at=moment)
        lines.append(Line(what="head", text=head, crossing=place, link=scope.link(place)))
        lines += say_practice(scope, wish, place, most=6 if len(places) == 1 else 2)
        lines += say_asked(scope, wish, place)
    if not places:
        lines.append(say_never(scope, wish, None))
    if len(places) > 1:
        lines.append(Line(what="advice", text=scope.words.say("compare")))
    if asks_for_rule(wish) and wish.topic not in ("mode_rule", "vehicle", "pets", "customs"):
        lines.append(Line(what="advice", text=scope.words.say("advice.legal")))
    return lines


def say_asked(scope: Scope, wish: Wish, place: str) -> list[Line]:
    """What others who asked the same were answered in the last day, the newest two."""
    since = scope.at - timedelta(days=1)
    same = [
        (asked, [post for post in asked.answers if post.posted_at <= scope.at])
        for asked in scope.store.asked(place, since, scope.at)
        if asked.question.topic == wish.topic and wish.mode in ("any", asked.question.mode)
    ]
    return [
        Line(
            what="asked",
            text=scope.words.say(
                "asked", age=scope.words.span(scope.at - asked.post.posted_at), words=shorten(answers[0].text)
            ),
            crossing=place,
            newest=answers[0].posted_at,
            sources=tuple(scope.source(post, "heard") for post in answers[:2]),
        )
        for asked, answers in same
        if answers
    ][:2]


def say_ways(scope: Scope, lines: Iterable[Line]) -> list[Line]:
    """Where all the words behind an answer stand, once a crossing that any were found for."""
    places = dict.fromkeys(line.crossing for line in lines if line.sources)
    found = [(place, link) for place in places if (link := scope.link(place))]
    return [
        Line(what="way", text=scope.words.say("way", link=link), crossing=place, link=link) for place, link in found
    ]


def say_labels(scope: Scope, lines: Iterable[Line]) -> list[Line]:
    """What the posts behind an answer must be labelled with, each label once."""
    labels = sorted({source.label for line in lines for source in line.sources if source.label})
    known = {"reconstructed from dated public facts": scope.words.say("reconstructed")}
    return [Line(what="label", text=known.get(label, label)) for label in labels]


def settles(line: Line, wish: Wish) -> bool:
    """Whether a fresh sentence answers the question: a wait does not say that one is let through."""
    if wish.intent in OVERVIEWS or wish.topic not in ("passage", "mode_rule"):
        return True
    return line.kind == "mode_rule" or (line.kind == "passage" and (wish.topic == "passage" or wish.mode == "any"))


DECLINED = {"contact", "bribe", "bypass", "forgery", "persons", "ads"}


def find_outcome(wish: Wish, lines: Sequence[Line]) -> Outcome:
    """What became of the question: the freshest thing found decides."""
    if wish.intent in DECLINED:
        return "declined"
    practice = [line for line in lines if line.what == "practice"]
    if any(not line.stale and settles(line, wish) for line in practice):
        return "known"
    if asks_for_rule(wish) and any(line.what == "rule" and line.newest for line in lines):
        return "known"
    if any(line.stale for line in practice):
        return "stale"
    if any(line.what == "advice" for line in lines) and wish.intent in ADVICE:
        return "advice"
    return "no_such_place" if wish.stranger else "nobody"
