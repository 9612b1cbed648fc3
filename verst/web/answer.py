"""The answer first: what is known of a crossing now, in sentences, each with the fact it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verst.web.page import Page
from verst.web.view import Fact, Lane, Now, lane_status, toward_order

MOST_SENTENCES = 6
STOPPED = ("closed", "paused", "unclear")


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
    text = " ".join(text.split()).replace(" .", ".").replace(" ;", ";").replace(" :", ":")
    return text[:1].upper() + text[1:]


def write_answer(page: Page, now: Now) -> list[Sentence]:
    """What to say first about a crossing: direction by direction, the leaving one first."""
    sentences: list[Sentence] = []
    for toward in toward_order(now.crossing):
        lanes = [lane for lane in now.lanes if lane.toward == toward]
        if not lanes and toward is None:
            continue
        waited = any(lane.fresh("wait") for lane in lanes)
        known = [sentence for lane in lanes for sentence in say_lane(page, lane, waited)]
        unknown = page.say("answer.unknown", into=page.into(toward))
        sentences += known or ([Sentence(tidy(unknown), None)] if toward is not None else [])
    return sentences[:MOST_SENTENCES]


def say_lane(page: Page, lane: Lane, waited: bool) -> Iterator[Sentence]:
    """The sentences of one lane, fresh facts only: silence never speaks of an open way.

    ``waited``: a wait in this direction is known, so that "people are let through" would add nothing.
    """
    status, passage = lane_status(lane), lane.fresh("passage")
    if passage and status in STOPPED:
        yield Sentence(tidy(page.say(f"answer.{status}", into=direction(page, lane))), passage)
    yield from say_amounts(page, lane)
    rule = lane.fresh("mode_rule")
    if rule and rule.estimate.value:
        yield Sentence(tidy(page.say("answer.rule", mode=page.word("mode", lane.mode), seen=page.value(rule))), rule)
    if passage and status in ("open", "free") and not waited:
        yield Sentence(tidy(page.say(f"answer.{status}", into=direction(page, lane))), passage)


def direction(page: Page, lane: Lane) -> str:
    """Means and direction of a lane, as far as they were said."""
    mode = "" if lane.mode == "any" else page.word("mode", lane.mode)
    return f"{mode} {page.into(lane.toward)}".strip()


def say_amounts(page: Page, lane: Lane) -> Iterator[Sentence]:
    """Wait and queue of one lane."""
    suffix = "_any" if lane.mode == "any" else ""
    for kind, key in (("wait", "wait"), ("queue_length", "queue"), ("queue_count", "queue")):
        fact = lane.fresh(kind)
        if fact and not (kind == "queue_count" and lane.fresh("queue_length")):
            words = {"amount": page.value(fact), "mode": page.word("mode", lane.mode), "into": page.into(lane.toward)}
            yield Sentence(tidy(page.say(f"answer.{key}{suffix}", **words)), fact)
