"""The answer first: what is known of a crossing now, in sentences, each with the fact it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from verst.model import Mode, Rule
from verst.web.page import Page
from verst.web.phrases import crossing_zone, say_since
from verst.web.view import Fact, Lane, Now, find_conflict, lane_status, toward_order

MOST_SENTENCES = 7
HALTED = ("closed", "paused", "unclear")
LAST_KNOWN = timedelta(hours=48)  # after that, what was known says nothing any more
MEANS_WITH_RULES = ("foot", "bicycle", "motorcycle")

Since = Mapping[tuple[str | None, str | None, Mode], datetime]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; ``fact`` None says that nothing is known."""

    text: str
    fact: Fact | None


def tidy(text: str) -> str:
    """One space between words, none before a full stop, a capital first.

    >>> tidy("about 3 hours  .")
    'About 3 hours.'
    """
    text = " ".join(part for part in text.split(" ") if part)  # thin spaces inside numbers stay
    for mark in (".", ";", ":", ","):
        text = text.replace(f" {mark}", mark)
    return text[:1].upper() + text[1:]


def write_answer(page: Page, now: Now, rules: Sequence[Rule] = (), since: Since | None = None) -> list[Sentence]:
    """What to say first about a crossing: direction by direction, the leaving one first.

    ``rules``: the formal ones that hold there; ``since``: from when on people see what they see now.
    """
    sentences: list[Sentence] = []
    for toward in toward_order(now.crossing):
        lanes = [lane for lane in now.lanes if lane.toward == toward]
        if not lanes and toward is None:
            continue
        known = say_direction(page, now, lanes, rules, since or {})
        if toward is not None and not any(sentence.fact for sentence in known):
            unknown = Sentence(tidy(page.say("answer.unknown", into=page.into(toward))), None)
            known = [unknown, *say_last(page, lanes), *known]
        sentences += known
    sentences += say_bare_rules(page, now, rules)
    return sentences[:MOST_SENTENCES]


def say_direction(page: Page, now: Now, lanes: Sequence[Lane], rules: Sequence[Rule], since: Since) -> list[Sentence]:
    """Everything fresh of one direction: whether one passes, how long, how many, then by which means."""
    waits = [lane.fresh("wait") for lane in lanes]
    waited = any(wait and not wait.derived for wait in waits)
    return [
        *(sentence for lane in lanes for sentence in say_halt(page, lane)),
        *(sentence for lane in lanes for sentence in say_amounts(page, lane)),
        *(sentence for lane in lanes for sentence in say_practice(page, now, lane, rules, since)),
        *(sentence for lane in lanes if not waited for sentence in say_passing(page, lane)),
    ]


def say_halt(page: Page, lane: Lane) -> Iterator[Sentence]:
    """That a lane is closed, stopped or unclear."""
    passage, status = lane.fresh("passage"), lane_status(lane)
    if passage and status in HALTED:
        yield Sentence(tidy(page.say(f"answer.{status}", into=direction(page, lane, passage))), passage)


def say_passing(page: Page, lane: Lane) -> Iterator[Sentence]:
    """That people are let through, where no wait says more. Silence never speaks of an open way."""
    passage, status = lane.fresh("passage"), lane_status(lane)
    if passage and status in ("open", "free"):
        yield Sentence(tidy(page.say(f"answer.{status}", into=direction(page, lane, passage))), passage)


def direction(page: Page, lane: Lane, fact: Fact) -> str:
    """Means and direction of a fact, as far as they were said."""
    mode = "" if fact.estimate.mode == "any" else page.word("mode", fact.estimate.mode)
    return f"{mode} {page.into(lane.toward)}".strip()


def say_amounts(page: Page, lane: Lane) -> Iterator[Sentence]:
    """Wait and queue of one lane."""
    for kind, key in (("wait", "wait"), ("queue_length", "queue"), ("queue_count", "queue")):
        fact = lane.fresh(kind)
        if fact and not (kind == "queue_count" and lane.fresh("queue_length")):
            mode = fact.estimate.mode
            words = {
                "amount": page.value(fact),
                "mode": "" if mode == "any" else page.word("mode", mode),
                "into": page.into(lane.toward) or page.say("answer.across"),
            }
            yield Sentence(tidy(page.say(f"answer.{key}", **words)), fact)


def say_practice(page: Page, now: Now, lane: Lane, rules: Sequence[Rule], since: Since) -> Iterator[Sentence]:
    """Whether people are let through by these means, since when, and where the rules say otherwise."""
    seen = lane.fresh("mode_rule")
    if seen is None or not seen.estimate.value:
        return
    rule = next((rule for rule in rules if speaks_of(rule, lane.mode, lane.toward)), None)
    clash = rule is not None and find_conflict(rule.value, seen)
    began = since.get((lane.toward, lane.side, lane.mode))
    words = {
        "mode": page.word("mode", lane.mode),
        "seen": page.value(seen),
        "since": say_since(page.tongue, began, now.at, crossing_zone(now.crossing)) if began else "",
        "though": page.say(f"answer.though_{rule.value}") if clash and rule else "",
    }
    yield Sentence(tidy(page.say("answer.rule", **words)), seen)


def speaks_of(rule: Rule, mode: Mode, toward: str | None) -> bool:
    """Whether a formal rule is about these means in that direction."""
    return rule.kind == "mode_rule" and rule.mode == mode and (None in (rule.toward, toward) or rule.toward == toward)


def say_bare_rules(page: Page, now: Now, rules: Sequence[Rule]) -> Iterator[Sentence]:
    """What the rules say of means nobody spoke of lately; that is never taken for what happens."""
    seen = {lane.mode for lane in now.lanes if lane.fresh("mode_rule")}
    for mode in MEANS_WITH_RULES:
        rule = next((rule for rule in rules if rule.kind == "mode_rule" and rule.mode == mode), None)
        if rule and mode not in seen and rule.value in ("refused", "allowed"):
            yield Sentence(tidy(page.say(f"answer.only_{rule.value}", mode=page.word("mode", mode))), None)


def say_last(page: Page, lanes: Sequence[Lane]) -> Iterator[Sentence]:
    """The last wait or queue anybody spoke of, with its age and the warning that it is gone by now."""
    heard = [lane.facts[kind] for lane in lanes for kind in ("wait", "queue_length") if kind in lane.facts]
    heard = [fact for fact in heard if fact.age is not None and fact.age <= LAST_KNOWN and page.value(fact)]
    last = min(heard, key=lambda fact: fact.age or LAST_KNOWN, default=None)
    if last and last.age is not None:
        what = f"{page.word('kind', last.kind)} {page.value(last)}"
        yield Sentence(tidy(page.say("answer.last", age=page.age(now_of(page, last)), what=what)), None)


def now_of(page: Page, fact: Fact) -> datetime:
    """When the newest word behind a fact held."""
    return page.moment.at - (fact.age or timedelta())
