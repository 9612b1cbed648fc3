"""People who came or went in a day, and the totals that are none."""

from __future__ import annotations

from verst.reading.amounts import Amount
from verst.reading.counted import counted
from verst.reading.lexicon import Mark
from verst.reading.scene import Scene

_TWO_DAYS = 2 * 1440
_LAST_DAY = 31
_RIGHT_AFTER = 3  # tokens


def is_flow(scene: Scene, amount: Amount) -> bool:
    """People a day: by the unit, or by a day and a word of entering in the sentence."""
    clause, sentence = scene.clause(amount.first_token), scene.sentence(amount.first_token)
    if scene.has("ev_draft_point", clause):
        return False  # «в военкомат пришли 120 человек»
    if amount.per == "day" and not scene.has("queue", sentence):
        return True
    before = [a for a in scene.amounts if sentence.first <= a.first_token < amount.first_token]
    day = amount.per == "day" or scene.has("per_day", clause) or _day_named(scene, amount.first_token)
    counted_before = any(other.unit == "person" or counted(scene, other) == "person" for other in before)
    day = day or any(other.per == "day" for other in before)  # «за сутки 6109 въехало, 5186 уехало»
    day = day or (counted_before and scene.has("per_day", sentence))  # «минулої доби 5480 осіб, назад повернулися 4910»
    return day and moved(scene, amount)


def is_total(scene: Scene, amount: Amount) -> bool:
    """«11,526 arrivals on Friday, 90,000 since the war began»: a word of total is about the figure nearest to it."""
    sentence = scene.sentence(amount.first_token)
    if any(a.unit == "minute" and a.value >= _TWO_DAYS and 0 < amount.first_token - a.last_token <= _RIGHT_AFTER
           for a in scene.amounts):  # fmt: skip
        return True  # "in four days 53 thousand came"
    if any(_ends_a_span(scene, h.first_token) for h in scene.times if sentence.first <= h.first_token <= sentence.last):
        return True  # "entered between 17 and 30 September"
    figures = [a for a in scene.amounts if sentence.first <= a.first_token <= sentence.last and a.unit != "minute"]
    return any(
        min(figures, key=lambda figure: _apart(figure, mark)) is amount
        for mark in scene.marks.within("total", sentence.first, sentence.last)
    )


def _ends_a_span(scene: Scene, first: int) -> bool:
    """Whether a day is the end of a span of days: a number and one word of going on right before it."""
    if first < 2 or not scene.toks[first - 2].text.isdigit():
        return False
    joined = scene.toks[first - 1].text == "-" or scene.marks.any(("until", "and"), first - 1, first - 1)
    return joined and int(scene.toks[first - 2].text[:3]) <= _LAST_DAY


def _apart(amount: Amount, mark: Mark) -> int:
    return max(amount.first_token - mark.last, mark.first - amount.last_token)


def moved(scene: Scene, amount: Amount) -> bool:
    """Whether those who are counted came, went or were let through."""
    clause, sentence = scene.clause(amount.first_token), scene.sentence(amount.first_token)
    counted_so = scene.marks.has("flow_noun", amount.last_token, amount.last_token + 1)
    told = scene.from_newsroom and scene.has("crossed", clause)
    told = (told or scene.has("flow_noun", sentence)) and not scene.has("stand queue wait_noun ahead", clause)
    return counted_so or told or scene.has("let process", clause) or scene.has("entered", sentence)


def _day_named(scene: Scene, first: int) -> bool:
    sentence = scene.sentence(first)
    return any(h.kind == "at" and sentence.first <= h.first_token <= sentence.last for h in scene.times)
