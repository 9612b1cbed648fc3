"""The part of an answer that rests on estimates: what people saw, how long ago, how many of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from verst.ask.answers import Line, Source
from verst.ask.scope import Scope, host_of
from verst.ask.wish import Wish
from verst.model import Estimate

# Which kinds answer a question about a topic, the first ones first.
ANSWERING = {
    "passage": ("passage", "mode_rule", "wait", "queue_length"),
    "mode_rule": ("mode_rule", "passage", "wait"),
    "wait": ("wait", "queue_length", "queue_count", "throughput", "passage"),
    "queue_length": ("queue_length", "queue_count", "wait"),
    "queue_count": ("queue_count", "queue_length", "wait"),
    "throughput": ("throughput", "flow", "passage"),
    "flow": ("flow", "flow_change"),
    "price": ("price",),
    "service": ("service",),
    "event": ("event",),
    "other": ("passage", "wait", "queue_length", "mode_rule"),
}
LENGTHS = ("wait", "queue_length", "queue_count")  # who asks for one of these is helped by another
MOST_LINES = 6
SAID_SOURCES = 2  # of the posts behind a sentence are said in words; the rest stand among its sources
# A queue of vehicles says nothing of the time these take.
BESIDE_THE_ROAD = {"foot", "bicycle", "train", "air"}


def kinds_for(topic: str) -> tuple[str, ...]:
    """The kinds of estimate that answer a question on ``topic``, a kind or a rule tag."""
    return ANSWERING.get(topic, ("rule",))


def find_estimates(scope: Scope, wish: Wish, crossing: str) -> list[Estimate]:
    """Estimates of one crossing that answer the question, fresh ones first, then in the order of the kinds."""
    kinds = kinds_for(wish.topic)
    fitting = [
        e
        for e in scope.store.estimates_at(scope.at, crossing)
        if e.kind in kinds and fits(e, wish) and e.newest is not None and e.newest <= scope.at
    ]
    own_mode = {"any": 1, wish.mode: 0}
    fitting.sort(
        key=lambda e: (
            scope.is_stale(e),
            kinds.index(e.kind),
            own_mode.get(e.mode, 2),
            e.toward is None,
            -e.voices,
            str((e.toward, e.side, e.mode, e.tag, e.service, e.currency)),
        )
    )
    return fitting


def fits(estimate: Estimate, wish: Wish) -> bool:
    """Whether an estimate speaks of the means, tag or service asked about."""
    if estimate.derived and estimate.value is None:
        return False  # neither said nor worked out
    if wish.mode != "any" and estimate.mode not in (wish.mode, "any"):
        return False
    if estimate.derived and wish.mode in BESIDE_THE_ROAD and estimate.mode != wish.mode:
        return False
    if estimate.kind == "mode_rule" and wish.mode != "any" and estimate.mode != wish.mode:
        return False
    if estimate.kind == "rule":
        return estimate.tag == wish.topic or wish.topic == "rule"
    if wish.tag and estimate.kind in ("service", "event"):
        return estimate.tag == wish.tag
    if wish.tag and estimate.kind == "price":
        return estimate.service == wish.tag
    return True


def say_practice(scope: Scope, wish: Wish, crossing: str, *, most: int = MOST_LINES) -> list[Line]:
    """What is known of one crossing; when nothing is, that nobody has said, and what was heard last."""
    found = find_estimates(scope, wish, crossing)
    main = kinds_for(wish.topic)[0]
    asked = [e for e in found if e.kind == main and wish.mode in ("any", e.mode)]
    if not asked and main not in LENGTHS and wish.mode != "any":
        found = [e for e in found if e.kind not in LENGTHS or e.mode == wish.mode]  # others' wait lets nobody through
    fresh = leave_repeats([e for e in found if not scope.is_stale(e)])
    lines = [line for e in fresh[:most] for line in say_fresh(scope, e)]
    if not any(not scope.is_stale(e) for e in asked):
        beside = [e for e in found if e not in asked and e.kind in LENGTHS]
        last = say_stale(scope, beside[0]) if not (asked or lines) and beside and main in LENGTHS else ()
        lines = [*(say_stale(scope, asked[0]) if asked else [say_never(scope, wish, crossing)]), *last, *lines]
    return lines


def leave_repeats(estimates: Iterable[Estimate]) -> list[Estimate]:
    """Without amounts of "any means" beside one of a means (or the other way round) that the same voices speak for."""
    told: list[Estimate] = []
    for estimate in estimates:
        if not any(_repeats(estimate, before) for before in told):
            told.append(estimate)
    return told


def _repeats(estimate: Estimate, before: Estimate) -> bool:
    of = [(e.kind, e.toward, e.side, e.tag, e.service, e.currency) for e in (estimate, before)]
    if of[0] != of[1] or "any" not in (estimate.mode, before.mode) or not isinstance(estimate.value, int | float):
        return False
    behind, shown = ({item.post for item in e.evidence} for e in (estimate, before))
    alike = (estimate.newest, estimate.voices) == (before.newest, before.voices)
    return alike or behind <= shown or shown <= behind


def say_fresh(scope: Scope, estimate: Estimate) -> Iterator[Line]:
    """One estimate that still counts as news, with the posts it rests on."""
    assert estimate.newest is not None
    text = scope.words.say(
        "practice",
        what=scope.what(estimate),
        value=scope.value(estimate),
        age=scope.words.span(scope.at - estimate.newest),
        moment=scope.words.moment(estimate.newest, scope.zone(estimate.crossing)),
        voices=estimate.voices,
    )
    if estimate.disputed:
        text = f"{text} {scope.words.say('disputed')}"
    sources = scope.sources(estimate.evidence)
    yield _line(scope, estimate, text, sources, stale=False)
    yield from (say_source(scope, source, estimate.crossing) for source in sources[:SAID_SOURCES])


def say_stale(scope: Scope, estimate: Estimate) -> Iterator[Line]:
    """One estimate that is too old to count: silence first, then what was heard last."""
    assert estimate.newest is not None
    if estimate.value is None:
        yield from say_faded(scope, estimate)
        return
    text = scope.words.say(
        "last_heard",
        what=scope.what(estimate),
        span=scope.words.span(scope.fresh_for(estimate.kind)),
        value=scope.value(estimate),
        age=scope.words.span(scope.at - estimate.newest),
        moment=scope.words.moment(estimate.newest, scope.zone(estimate.crossing)),
        voices=estimate.voices,
    )
    sources = scope.sources(estimate.evidence, most=1)
    yield _line(scope, estimate, text, sources, stale=True)
    yield from (say_source(scope, source, estimate.crossing) for source in sources)


def say_faded(scope: Scope, estimate: Estimate) -> Iterator[Line]:
    """Words so old or so contested that no value is left of them: silence, then the newest posts themselves."""
    assert estimate.newest is not None
    fresh = scope.at - estimate.newest <= scope.fresh_for(estimate.kind)
    text = scope.words.say(
        "unsettled" if fresh else "faded",
        what=scope.what(estimate),
        span=scope.words.span(scope.fresh_for(estimate.kind)),
        age=scope.words.span(scope.at - estimate.newest),
        moment=scope.words.moment(estimate.newest, scope.zone(estimate.crossing)),
    )
    newest = sorted(estimate.evidence, key=lambda item: (item.said_at, item.post), reverse=True)
    sources = scope.sources(newest[:2], most=2)
    yield _line(scope, estimate, text, sources, stale=True)
    yield from (say_source(scope, source, estimate.crossing) for source in sources)


def say_never(scope: Scope, wish: Wish, crossing: str | None) -> Line:
    """That nobody has ever said anything on it."""
    kind = kinds_for(wish.topic)[0]
    shown = scope.kinds.get(kind)
    about = [scope.words.word("kinds", kind, shown.names if shown else ())]
    if kind == "rule" and wish.topic != "rule":
        about.append(scope.words.word("tags", wish.topic))
    if wish.tag and shown and wish.tag in dict(shown.labels):
        about.append(scope.words.word("tags", wish.tag, dict(shown.labels)[wish.tag]))
    if wish.mode != "any":
        about.append(scope.words.word("modes", wish.mode))
    text = scope.words.say("never", what=scope.words.join(about))
    return Line(what="nobody", text=text, crossing=crossing, kind=kind, mode=wish.mode)


def say_source(scope: Scope, source: Source, crossing: str) -> Line:
    """One post an answer rests on, with its time, and by whom it is published where that is known."""
    text = scope.words.say(
        "evidence",
        moment=scope.words.clock(source.said_at, scope.zone(crossing)),
        by=scope.words.join([scope.words.word("stances", source.stance), host_of(source.url)]),
        words=source.words,
    )
    return Line(what="evidence", text=text, crossing=crossing, newest=source.said_at)


def _line(scope: Scope, estimate: Estimate, text: str, sources: tuple[Source, ...], *, stale: bool) -> Line:
    return Line(
        what="practice",
        text=text,
        crossing=estimate.crossing,
        kind=estimate.kind,
        mode=estimate.mode,
        toward=estimate.toward,
        newest=estimate.newest,
        voices=estimate.voices,
        stale=stale,
        derived=estimate.derived,
        disputed=estimate.disputed,
        tag=estimate.tag,
        link=scope.link(estimate.crossing),
        sources=sources,
    )
