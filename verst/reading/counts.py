"""Kilometres, vehicles, people and per cent: queues, throughput, flows and their change."""

from __future__ import annotations

from verst.model import Mode
from verst.reading.amounts import Amount
from verst.reading.draft import Draft
from verst.reading.lexicon import Mark
from verst.reading.manner import asserted, mode_near, mode_words
from verst.reading.scene import Clause, Scene

_LONGEST_KM = 120.0
_LONGEST_RATE_MINUTES = 720
_SHORT_ANSWER = 14
_ALONE = 20
_QUEUE = "queue ahead stand hold_list"


def lengths(scene: Scene) -> list[Draft]:
    """Queue lengths in kilometres."""
    found = []
    for amount in scene.amounts:
        told = amount.unit == "km" or (amount.unit == "none" and (_answers_km(scene, amount) or corrects(scene, amount) == "km"))
        if not told or corrected(scene, amount) or not 0 < amount.value <= _LONGEST_KM:
            continue
        first, last = amount.first_token, amount.last_token
        if not _is_length(scene, first, last):
            continue
        ahead = scene.near("ahead remain", first, last, 4) and not scene.near("queue", first, last, 3)
        bound = "min" if ahead and amount.bound in ("exact", "approx") else amount.bound
        found.append(Draft(kind="queue_length", first=first, last=last, rule="counts.length",
                           mode=mode_near(scene, first, last), value=amount.value, low=amount.low, high=amount.high,
                           bound=bound))  # fmt: skip
    return found


def corrected(scene: Scene, amount: Amount) -> bool:
    """«не 18 а 8 км»: the figure that a correction takes back."""
    if not scene.marks.has("no", amount.first_token - 1, amount.first_token - 1):
        return False
    clause = scene.sentence(amount.first_token)
    return any(amount.last_token < other.first_token <= clause.last for other in scene.amounts)


def corrects(scene: Scene, amount: Amount) -> str | None:
    """The unit of the figure taken back, for the bare figure put in its place: «не 12 км а 21»."""
    before = [a for a in scene.amounts if a.last_token < amount.first_token and amount.first_token - a.last_token <= 3]
    return before[-1].unit if before and corrected(scene, before[-1]) else None


def _answers_km(scene: Scene, amount: Amount) -> bool:
    """«там максимум три» to «хвост километров семь»."""
    if scene.reply is None or len(scene.toks) > _SHORT_ANSWER or amount.per or amount.per_minutes:
        return False
    alone = sum(a.unit in ("none", "km") for a in scene.amounts) == 1
    return alone and any(other.unit == "km" for other in scene.reply.amounts)


def _is_length(scene: Scene, first: int, last: int) -> bool:
    clause, sentence = scene.clause(first), scene.sentence(first)
    if not asserted(scene, first) or scene.has("denial figure_elsewhere", sentence):
        return False
    queue = scene.has("queue", clause) or scene.near("queue ahead", first, last, 5)
    if scene.has("moved", clause) and not queue:
        return False
    if queue or scene.near("ahead remain", first, last, 4):
        return True
    if scene.reply is not None and scene.reply.has("q_many q_long queue"):
        return True
    named = any(h.what == "crossing" and sentence.first <= h.first_token <= sentence.last for h in scene.places)
    if (named or scene.has("vehicle_noun", sentence)) and not scene.has("moved elsewhere figure_elsewhere", sentence):
        return not (scene.has("from", clause) and scene.has("to", clause))
    if scene.post.chat.about and scene.post.chat.kind == "group" and not scene.has("moved elsewhere from svc_bicycle", clause):
        return True
    return scene.has("queue", sentence) or (scene.has("m_truck m_car vehicle_noun", clause) and not scene.has("moved", sentence))


def tallies(scene: Scene) -> list[Draft]:
    """Vehicles and people: queued, let through an hour, entered a day."""
    found = []
    for amount in scene.amounts:
        draft = _tally(scene, amount)
        if draft is not None:
            found.append(draft)
    return found


def _tally(scene: Scene, amount: Amount) -> Draft | None:
    unit = _counted(scene, amount)
    if unit is None or amount.value is None:
        return None
    first, last = amount.first_token, amount.last_token
    sentence = scene.sentence(first)
    if corrected(scene, amount):
        return None
    if not asserted(scene, first, past=scene.has("entered", scene.clause(first))) or scene.has("figure_elsewhere", sentence):
        return None
    kind, scale = _kind(scene, amount, unit)
    if kind is None:
        return None
    times = lambda x: None if x is None else x * scale  # noqa: E731
    mode = "any" if kind == "flow" else _mode(scene, amount, unit)
    if amount.value == 0:
        return Draft(kind="passage", first=first, last=last, rule="counts.zero", mode=_zero_mode(scene, amount), value="free")
    return Draft(kind=kind, first=first, last=last, rule=f"counts.{kind}", mode=mode, value=times(amount.value),
                 low=times(amount.low), high=times(amount.high), bound=amount.bound)  # fmt: skip


def _zero_mode(scene: Scene, amount: Amount) -> Mode:
    """«Автобусы: 0»: the means that a zero is said of."""
    sentence = scene.sentence(amount.first_token)
    named = mode_words(scene, Clause(sentence.first, amount.first_token - 1))
    return amount.mode or (named[-1] if named else "any")


def _counted(scene: Scene, amount: Amount) -> str | None:
    """What a number counts: vehicles or people by its noun, or by what the sentence and the question speak of."""
    if amount.unit in ("vehicle", "person"):
        return amount.unit
    if amount.unit in ("none", "other") and scene.marks.any(("entered", "flow_noun"), amount.last_token, amount.last_token + 1):
        return "person"  # «243 arrivals»
    if amount.unit != "none" or amount.currency:
        return None
    clause = scene.clause(amount.first_token)
    if scene.reply is not None and scene.reply.has("q_many"):
        return "person" if scene.reply.has("m_foot people_noun") else "vehicle"
    rate = amount.per is not None or amount.per_minutes or _over(scene, amount)
    if rate and scene.has("let process", clause):
        return _counted_before(scene, amount) or ("person" if scene.has("m_foot people_noun") else "vehicle")
    answered = _answered_count(scene, amount)
    if answered:
        return answered
    if amount.value == 0 and _heads_line(scene, amount):
        return "vehicle"
    sentence = scene.sentence(amount.first_token)
    if amount.value >= 20 and scene.has("entered", sentence) and scene.has("leaving entering back", clause):
        return _counted_before(scene, amount)
    if amount.value >= 100 and scene.has("per_day", sentence) and scene.has("entered flow_noun", sentence):
        return "person"
    again = scene.has("authority", clause) or scene.has("side_of", sentence) or any(clause.first <= h.first_token <= clause.last for h in scene.times)
    if amount.value >= 20 and again and scene.has("queue side_of", sentence):
        return _counted_before(scene, amount)
    return None


def _answered_count(scene: Scene, amount: Amount) -> str | None:
    """«там максимум пятьдесят» to «машин двести»: a bare number in a short answer to a count."""
    if scene.reply is None or len(scene.toks) > _SHORT_ANSWER or len(scene.amounts) > 1:
        return None
    units = {other.unit for other in scene.reply.amounts}
    return "vehicle" if "vehicle" in units and "km" not in units else None


def _counted_before(scene: Scene, amount: Amount) -> str | None:
    """What the figure before counts: «человек 300 … по шесть в час»."""
    earlier = [a.unit for a in scene.amounts if a.unit in ("vehicle", "person") and a.last_token < amount.first_token]
    return earlier[-1] if earlier else None


def _heads_line(scene: Scene, amount: Amount) -> bool:
    """«Угринів 0»: nothing but a crossing before the number in its line."""
    sentence = scene.sentence(amount.first_token)
    named = any(
        h.what == "crossing" and h.first_token >= sentence.first and 0 < amount.first_token - h.last_token <= 2
        for h in scene.places
    )
    return named or bool(mode_words(scene, Clause(sentence.first, amount.first_token - 1)))


def _over(scene: Scene, amount: Amount) -> float | None:
    """Minutes of «за сорок минут пропустили десять», where the clause names a duration beside the number."""
    clause = scene.clause(amount.first_token)
    if not scene.has("let process", clause):
        return None
    return next(
        (
            other.value
            for other in scene.amounts
            if other.unit == "minute" and other is not amount and clause.first <= other.first_token <= clause.last
        ),
        None,
    )


def _kind(scene: Scene, amount: Amount, unit: str) -> tuple[str | None, float]:
    """The kind of claim a count makes, and the factor that brings it to the kind's unit."""
    first, last = amount.first_token, amount.last_token
    clause, sentence = scene.clause(first), scene.sentence(first)
    moved = scene.has("let process", clause) or scene.near("entered", first, last, 8) or scene.has("entered", sentence)
    rate = _rate(scene, amount)
    if rate is not None and not (unit == "person" and scene.has("per_day", clause) and scene.has("entered", sentence)):
        return rate
    if unit == "person" and amount.per == "day" and not scene.has("total queue", sentence):
        return (None, 1.0) if scene.has("future maybe figure_elsewhere", clause) else ("flow", 1.0)
    if unit == "person" and (amount.per == "day" or scene.has("per_day", clause) or _day_named(scene, first)) and moved:
        return (None, 1.0) if scene.has("total", sentence) or scene.has("future maybe", clause) else ("flow", 1.0)
    if amount.per == "day":
        return ("flow", 1.0) if moved and scene.has("let", clause) else (None, 1.0)
    if scene.has("total ev_accident", sentence) or scene.has("refuse", clause) or scene.near("sell buy svc_bicycle", first, last, 2):
        return None, 1.0
    if scene.has(_QUEUE, clause) or scene.near(_QUEUE, first, last, 6):
        return "queue_count", 1.0
    if moved and not scene.has("queue", sentence) and not (unit == "vehicle" and not scene.has("entered", clause)):
        return None, 1.0
    return ("queue_count", 1.0) if _stands_at(scene, first, unit) else (None, 1.0)


def _rate(scene: Scene, amount: Amount) -> tuple[str | None, float] | None:
    """Throughput: an hour, or another short time turned into one."""
    minutes = amount.per_minutes or (60.0 if amount.per == "hour" else _over(scene, amount))
    if minutes is None or amount.per == "day":
        return None
    return ("throughput", 60.0 / minutes) if minutes <= _LONGEST_RATE_MINUTES else ("flow", 1.0)


def _day_named(scene: Scene, first: int) -> bool:
    sentence = scene.sentence(first)
    return any(h.kind == "at" and sentence.first <= h.first_token <= sentence.last for h in scene.times)


def _stands_at(scene: Scene, first: int, unit: str) -> bool:
    """«Краковець – 40 авто»: a crossing and a number of vehicles in one line."""
    sentence = scene.sentence(first)
    short = len(scene.sentences) <= 3
    named = any(h.what == "crossing" and (short or sentence.first <= h.first_token <= sentence.last) for h in scene.places)
    asked = scene.reply is not None and (scene.reply.has("q_many q_long queue q_how ask") or bool(scene.reply.places))
    by_side = scene.has("side_of queue", sentence)
    clause, amount_alone = scene.clause(first), scene.post.chat.about is not None and scene.post.chat.kind == "group"
    if amount_alone and unit == "vehicle" and not scene.has("refuse figure_elsewhere", sentence):
        size = next(a.value for a in scene.amounts if a.first_token == first)
        if size >= _ALONE or scene.has("border paused moving stand", sentence) or clause.last - clause.first <= 4:
            return True
    return (named or asked or by_side) if unit == "vehicle" else (by_side or scene.has("m_foot", sentence))


def _mode(scene: Scene, amount: Amount, unit: str) -> str | None:
    if unit == "person":
        return "foot"
    if amount.mode:
        named = mode_words(scene, scene.sentence(amount.first_token), counted=False)
        return "truck" if amount.mode == "car" and named == ["truck"] else amount.mode
    near = mode_near(scene, amount.first_token, amount.last_token)
    if near:
        return near
    for other in scene.amounts:
        if other.unit == "vehicle" and other.mode and other is not amount:
            return other.mode
    return "car" if amount.unit == "none" else None


def changes(scene: Scene) -> list[Draft]:
    """«на 40 % меньше», «вдвое больше»: per cent against before; falls lie below zero."""
    found = [
        draft
        for amount in scene.amounts
        if amount.unit == "percent" and amount.value is not None and (draft := _change(scene, amount)) is not None
    ]
    return found or [draft for mark, percent in _multiples(scene) if (draft := _multiple(scene, mark, percent))]


def _change(scene: Scene, amount: Amount) -> Draft | None:
    first, last = amount.first_token, amount.last_token
    if not _speaks_of_flow(scene, first) or amount.value is None:
        return None
    down, up = _distance(scene, "down", first, last), _distance(scene, "up", first, last)
    if down is None and up is None:
        return None
    falls = down is not None and (up is None or down < up)
    low, high = (_minus(amount.high), _minus(amount.low)) if falls else (amount.low, amount.high)
    return Draft(kind="flow_change", first=first, last=last, rule="counts.change", mode=_flow_mode(scene, first, last),
                 value=-amount.value if falls else amount.value, low=low, high=high, bound=amount.bound)  # fmt: skip


def _multiples(scene: Scene) -> list[tuple[Mark, float]]:
    return [
        (mark, float(concept.removeprefix("change:")))
        for concept, marks in scene.marks.by.items()
        if concept.startswith("change:")
        for mark in marks
    ]


def _multiple(scene: Scene, mark: Mark, percent: float) -> Draft | None:
    if not _speaks_of_flow(scene, mark.first):
        return None
    falls = _distance(scene, "down", mark.first, mark.last) is not None and percent < 100
    bound = "approx" if scene.near("about", mark.first, mark.last, 3) else "exact"
    return Draft(kind="flow_change", first=mark.first, last=mark.last, rule="counts.multiple", bound=bound,
                 mode=_flow_mode(scene, mark.first, mark.last), value=-percent if falls else percent)  # fmt: skip


def _speaks_of_flow(scene: Scene, first: int) -> bool:
    sentence = scene.sentence(first)
    if not asserted(scene, first, past=True) or scene.has("figure_elsewhere future", sentence):
        return False
    return scene.has("flow_noun entered", sentence) or scene.has("flow_noun entered")


def _flow_mode(scene: Scene, first: int, last: int) -> str:
    return mode_near(scene, first, last) or "any"


def _minus(number: float | None) -> float | None:
    return None if number is None else -number


def _distance(scene: Scene, concept: str, first: int, last: int) -> int | None:
    """Tokens to the nearest mark of a concept in the sentence; None: there is none."""
    sentence = scene.sentence(first)
    gaps = [
        min(abs(mark.first - last), abs(first - mark.last))
        for mark in scene.marks.within(concept, sentence.first, sentence.last)
    ]
    return min(gaps, default=None)
