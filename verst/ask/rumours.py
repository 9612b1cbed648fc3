"""Is it true that …: what speaks for it and against it, each with its time; copies count once; no verdict beyond."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from verst.ask.answers import Line
from verst.ask.facts import kinds_for, say_practice
from verst.ask.places import choose_places, of_countries
from verst.ask.rules import say_rules
from verst.ask.scope import Scope, host_of
from verst.ask.wish import Wish
from verst.model import Report

LOOK_BACK = timedelta(days=14)
MOST_EACH = 3
# Of a state kind, the options that people ask about as rumours.
FEARED = {"passage": {"closed", "paused"}, "mode_rule": {"refused"}}


def say_rumour(scope: Scope, wish: Wish) -> list[Line]:
    """Reports for and against, then the rule and what people see."""
    places, _ = choose_places(scope, wish)
    looked = list(dict.fromkeys([*wish.crossings, *of_countries(scope, wish.countries)])) or places
    reports = [r for place in looked for r in find_reports(scope, wish, place)]
    lines = [Line(what="head", text=scope.words.say("rumour_head"))]
    against = [say_report(scope, r, "speaks_against") for r in pick(r for r in reports if r.denies)]
    if against or is_tagged(wish):
        lines += against
        # another figure than the one rumoured neither says so nor denies it
        lines += [
            say_report(scope, r, "says_so" if r.claim.value is None or isinstance(r.claim.value, str) else "reports")
            for r in pick(r for r in reports if not r.denies)
        ]
    else:
        lines += [say_report(scope, r, "says_so") for r in pick(r for r in reports if not r.denies and feared(r))]
    if len(lines) == 1:
        lines.append(Line(what="nobody", text=scope.words.say("rumour_none")))
    lines += say_rules(scope, wish, (*wish.crossings, *wish.countries) or tuple(places[:2]), silent=True)
    for place in places[:2]:
        moment = scope.words.moment(scope.at, scope.zone(place))
        lines.append(
            Line(what="head", text=scope.words.say("head", place=scope.name(place), at=moment), crossing=place)
        )
        lines += say_practice(scope, wish, place, most=2)
    return lines


def is_tagged(wish: Wish) -> bool:
    """Whether the rumour is of something that either happened or did not."""
    return kinds_for(wish.topic)[0] in ("event", "rule")


def feared(report: Report) -> bool:
    """Whether a report says the thing people fear."""
    options = FEARED.get(report.claim.kind)
    return options is None or report.claim.value in options


def find_reports(scope: Scope, wish: Wish, place: str) -> list[Report]:
    """Reports of the last two weeks at one place on what the rumour is about."""
    main = kinds_for(wish.topic)[0]
    return [
        report
        for report in scope.store.reports(crossing=place, since=scope.at - LOOK_BACK, until=scope.at)
        if report.claim.kind == main
        and report.copy_of is None
        and not report.ad
        and (wish.mode in ("any", report.claim.mode))
        and (main != "rule" or report.claim.tag == wish.topic)
        and (main != "event" or wish.tag is None or report.claim.tag == wish.tag)
    ]


def pick(reports: Iterable[Report]) -> list[Report]:
    """A few of them: official ones first, then the newest; one voice speaks once."""
    ranked = sorted(reports, key=lambda r: (r.claim.stance == "official", r.posted_at, r.post), reverse=True)
    heard: set[str] = set()
    chosen: list[Report] = []
    for report in ranked:
        voice = report.author or report.post
        if voice not in heard:
            heard.add(voice)
            chosen.append(report)
    return chosen[:MOST_EACH]


def say_report(scope: Scope, report: Report, key: str) -> Line:
    """One report as a sentence for or against."""
    post = scope.store.posts([report.post]).get(report.post)
    source = scope.source(post, report.claim.stance) if post else None
    text = scope.words.say(
        key,
        age=scope.words.span(scope.at - report.posted_at),
        moment=scope.words.moment(report.posted_at, scope.zone(report.claim.crossing)),
        by=scope.words.join(
            [scope.words.word("stances", report.claim.stance), host_of(source.url if source else None)]
        ),
        words=source.words if source else "…",
    )
    return Line(
        what="evidence",
        text=text,
        crossing=report.claim.crossing,
        kind=report.claim.kind,
        mode=report.claim.mode,
        newest=report.posted_at,
        voices=1,
        denies=report.denies,
        sources=(source,) if source else (),
    )
