"""The answer first: what is known of a crossing now, in sentences, each with the fact it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verst.web.page import Page
from verst.web.view import Fact, Lane, Now, lane_status, toward_order

MOST_SENTENCES = 6


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
        known = [sentence for lane in lanes for sentence in say_lane(page, lane)]
        unknown = page.say("answer.unknown", into=page.into(toward))
        sentences += known or ([Sentence(tidy(unknown), None)] if toward is not None else [])
    return sentences[:MOST_SENTENCES]


def say_lane(page: Page, lane: Lane) -> Iterator[Sentence]:
    """The sentences of one lane, fresh facts only: silence never speaks of an open way."""
    rule = lane.fresh("mode_rule")
    if rule:
        option = str(rule.estimate.value)
        if page.tongue.has(f"answer.{option}"):
            yield Sentence(tidy(page.say(f"answer.{option}", mode=page.word("mode", lane.mode))), rule)
    status, passage = lane_status(lane), lane.fresh("passage")
    if passage and status in ("closed", "paused", "unclear", "open", "free"):
        yield Sentence(tidy(page.say(f"answer.{status}", into=direction(page, lane))), passage)
    yield from say_amounts(page, lane)


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
