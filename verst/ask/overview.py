"""Questions over many posts: a digest, what is asked most, what is contested, who said something first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from verst.ask.answers import Line
from verst.ask.facts import find_estimates, kinds_for, leave_repeats, say_fresh, say_stale
from verst.ask.places import choose_places
from verst.ask.rules import say_rules
from verst.ask.rumours import say_report
from verst.ask.scope import Scope
from verst.ask.wish import Wish

DIGEST_LETTERS = 850  # of a thousand: the way to the words and the label come after it
MOST_TOP = 10


def say_digest(scope: Scope, wish: Wish) -> list[Line]:
    """One message to keep: the rule, the few main facts, the emergency number; at most a thousand letters."""
    places, _ = choose_places(scope, wish)
    lines: list[Line] = []
    for place in places[:1]:
        moment = scope.words.moment(scope.at, scope.zone(place))
        lines.append(
            Line(what="head", text=scope.words.say("head", place=scope.name(place), at=moment), crossing=place)
        )
        broad = Wish(intent=None, topic="other", crossings=(place,))
        lines += say_rules(scope, broad, (place,), silent=True)[:2]
        found = leave_repeats(find_estimates(scope, broad, place))
        for estimate in found[:4]:
            said = list(say_stale(scope, estimate) if scope.is_stale(estimate) else say_fresh(scope, estimate))
            lines += said[:1]
    end = Line(what="advice", text=scope.words.say("digest_end"))
    if not any(line.what == "practice" and not line.stale for line in lines):
        lines.append(Line(what="nobody", text=scope.words.say("silent")))
    while lines and sum(len(line.text) + 1 for line in [*lines, end]) > DIGEST_LETTERS:
        lines.pop()
    return [*lines, end]


def say_top_questions(scope: Scope, wish: Wish) -> list[Line]:
    """What was asked most in the last hour; in the last day when the hour was quiet."""
    for length in (timedelta(hours=1), timedelta(days=1)):
        where = wish.crossings[0] if wish.crossings else None
        asked = scope.store.asked(where, scope.at - length, scope.at, 1000)
        counts = Counter((a.question.topic, a.question.crossing or "", a.question.mode) for a in asked)
        if counts:
            span = scope.words.span(length)
            ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_TOP]
            lines = [say_count(scope, count, *what) for what, count in ranked]
            return [Line(what="head", text=scope.words.say("top_questions", span=span)), *lines]
    return [Line(what="nobody", text=scope.words.say("no_questions", span=scope.words.span(timedelta(days=1))))]


def say_count(scope: Scope, count: int, topic: str, crossing: str, mode: str) -> Line:
    """How often one thing was asked."""
    kind = kinds_for(topic)[0]
    what = scope.words.word("kinds", kind) if kind != "rule" else scope.words.word("tags", topic)
    parts = [what, scope.words.word("modes", mode) if mode != "any" else "", scope.name(crossing) if crossing else ""]
    text = scope.words.say("top_question", count=count, what=scope.words.join(parts))
    return Line(what="practice", text=text, crossing=crossing or None, kind=topic, newest=scope.at, voices=count)


def say_contested(scope: Scope, wish: Wish) -> list[Line]:
    """Where reports contradict each other now, with both sides' posts."""
    known = scope.store.estimates_at(scope.at, wish.crossings[0] if wish.crossings else None)
    fresh = [e for e in known if not scope.is_stale(e)]
    contested = [e for e in fresh if e.disputed]
    contested.sort(key=lambda e: (-e.voices, e.crossing, e.kind, e.mode))
    if not contested:
        return [Line(what="nobody", text=scope.words.say("nothing_contested" if fresh else "silent"))]
    lines = [Line(what="head", text=scope.words.say("contested"))]
    for estimate in contested[:MOST_TOP]:
        lines.append(Line(what="head", text=scope.name(estimate.crossing), crossing=estimate.crossing))
        lines += say_fresh(scope, estimate)
    return lines


def say_sightings(scope: Scope, wish: Wish) -> list[Line]:
    """Every report behind a claim in order of time, forwards left out: who said it first stands first."""
    places, _ = choose_places(scope, wish)
    kind = kinds_for(wish.topic)[0]
    wanted = {"first": {"allowed", "open"}, "sources": {"refused", "closed"}}[wish.intent or "sources"]
    lines: list[Line] = []
    for place in places[:1]:
        lines.append(Line(what="head", text=scope.name(place), crossing=place))
        found = [
            report
            for report in scope.store.reports(crossing=place, until=scope.at)
            if report.claim.kind == kind
            and report.copy_of is None
            and wish.mode in ("any", report.claim.mode)
            and (not isinstance(report.claim.value, str) or report.claim.value in wanted)
        ]
        lines += [say_report(scope, r, "speaks_against" if r.denies else "says_so") for r in found[:MOST_TOP]]
    return lines if len(lines) > 1 else [Line(what="nobody", text=scope.words.say("rumour_none"))]


def say_command(scope: Scope, wish: Wish) -> list[Line]:
    """That the answer is a table which a command prints."""
    command = "verst replay POSTS.jsonl --every 1h"
    return [Line(what="advice", text=scope.words.say("by_command", command=command))]


def say_not_yet(scope: Scope, wish: Wish) -> list[Line]:
    """That nothing is kept which would answer it."""
    return [Line(what="nobody", text=scope.words.say("not_yet"))]


def say_only_moderators(scope: Scope, wish: Wish) -> list[Line]:
    """That nobody is told who posted what."""
    return [Line(what="advice", text=scope.words.say("advice.persons"))]


OVERVIEWS: dict[str | None, Callable[[Scope, Wish], list[Line]]] = {
    "digest": say_digest,
    "top": say_top_questions,
    "contested": say_contested,
    "first": say_sightings,
    "sources": say_sightings,
    "export": say_command,
    "official_compare": say_command,
    "rumours": say_not_yet,
    "ads": say_only_moderators,
}
