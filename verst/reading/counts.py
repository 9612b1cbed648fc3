"""Kilometres, vehicles, people and per cent: queues, throughput, flows and their change."""

from __future__ import annotations

from verst.reading.amounts import Amount
from verst.reading.draft import Draft
from verst.reading.lexicon import Mark
from verst.reading.manner import asserted, mode_near
from verst.reading.scene import Scene

_LONGEST_KM = 120.0
_QUEUE = "queue ahead stand hold_list"


def lengths(scene: Scene) -> list[Draft]:
    """Queue lengths in kilometres."""
    found = []
    for amount in scene.amounts:
        if amount.unit != "km" or amount.value is None or not 0 < amount.value <= _LONGEST_KM:
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
    if not asserted(scene, first, past=scene.has("entered", scene.clause(first))) or scene.has("figure_elsewhere", sentence):
        return None
    kind, scale = _kind(scene, amount, unit)
    if kind is None:
        return None
    times = lambda x: None if x is None else x * scale  # noqa: E731
    mode = "any" if kind == "flow" else _mode(scene, amount, unit)
    if kind == "queue_count" and amount.value == 0:
        return Draft(kind="passage", first=first, last=last, rule="counts.zero", mode=mode, value="free")
    return Draft(kind=kind, first=first, last=last, rule=f"counts.{kind}", mode=mode, value=times(amount.value),
                 low=times(amount.low), high=times(amount.high), bound=amount.bound)  # fmt: skip


def _counted(scene: Scene, amount: Amount) -> str | None:
    """What a number counts: vehicles or people by its noun, or by what the sentence and the question speak of."""
    if amount.unit in ("vehicle", "person"):
        return amount.unit
    if amount.unit != "none" or amount.currency:
        return None
    clause = scene.clause(amount.first_token)
    if scene.reply is not None and scene.reply.has("q_many"):
        return "person" if scene.reply.has("m_foot people_noun") else "vehicle"
    rate = amount.per is not None or amount.per_minutes
    if rate and scene.has("let", clause):
        return "person" if scene.has("m_foot people_noun", scene.sentence(amount.first_token)) else "vehicle"
    return None


def _kind(scene: Scene, amount: Amount, unit: str) -> tuple[str | None, float]:
    first, last = amount.first_token, amount.last_token
    clause, sentence = scene.clause(first), scene.sentence(first)
    moved = scene.near("entered let flow_noun", first, last, 8) or scene.has("entered", sentence)
    if amount.per_minutes:
        return "throughput", 60.0 / amount.per_minutes
    if amount.per == "hour":
        return "throughput", 1.0
    if unit == "person" and (amount.per == "day" or scene.has("per_day", clause) or _day_named(scene, first)) and moved:
        return (None, 1.0) if scene.has("total", sentence) else ("flow", 1.0)
    if amount.per == "day":
        return ("flow", 1.0) if moved and scene.has("let", clause) else (None, 1.0)
    if scene.has("total", sentence) or scene.near("sell buy svc_bicycle", first, last, 2):
        return None, 1.0
    if scene.has(_QUEUE, clause) or scene.near(_QUEUE, first, last, 6):
        return "queue_count", 1.0
    if moved and not scene.has("queue", sentence):
        return None, 1.0
    return ("queue_count", 1.0) if _stands_at(scene, first, unit) else (None, 1.0)


def _day_named(scene: Scene, first: int) -> bool:
    sentence = scene.sentence(first)
    return any(h.kind == "at" and sentence.first <= h.first_token <= sentence.last for h in scene.times)


def _stands_at(scene: Scene, first: int, unit: str) -> bool:
    """«Краковець – 40 авто»: a crossing and a number of vehicles in one line."""
    sentence = scene.sentence(first)
    named = any(h.what == "crossing" and sentence.first <= h.first_token <= sentence.last for h in scene.places)
    asked = scene.reply is not None and scene.reply.has("q_many q_long queue q_how")
    by_side = scene.has("side_of queue", sentence)
    return (named or asked or by_side) if unit == "vehicle" else (by_side or scene.has("m_foot", sentence))


def _mode(scene: Scene, amount: Amount, unit: str) -> str | None:
    if unit == "person":
        return "foot"
    if amount.mode:
        return amount.mode
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
