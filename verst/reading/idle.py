"""Not one vehicle in so many hours: then nobody gets across, and the road is not free."""

from __future__ import annotations

from verst.reading.amounts import Amount
from verst.reading.lexicon import Mark
from verst.reading.scene import Clause, Scene

_REACH = 4  # tokens between none and the time it is said of


def is_none(scene: Scene, amount: Amount) -> bool:
    """«ни одной машины», «ни единой души» count nothing: the number is a part of the word for none."""
    first, last = amount.first_token, amount.last_token
    return any(
        mark.first <= first and last <= mark.last
        for concept in ("free", "nobody")
        for mark in scene.marks.by.get(concept, ())
    )


def idle_time(scene: Scene, mark: Mark) -> Amount | None:
    """How long not one vehicle is said to have passed: «ни одной машины за последние 3 часа»; None: not said."""
    if not scene.marks.any(("vehicle_noun", "people_noun", "m_car", "m_truck"), mark.first, mark.last):
        return None
    clause = scene.clause(mark.first)
    for amount in scene.amounts:
        if amount.unit != "minute" or not clause.first <= amount.first_token <= clause.last:
            continue
        if 0 < amount.first_token - mark.last <= _REACH or 0 < mark.first - amount.last_token <= 1:
            return amount
    return None


def nobody_is_let(scene: Scene, mark: Mark) -> bool:
    """«не выпускают ни одного человека», "no trucks are let through": none of those who wait, and no empty road."""
    travellers = ("vehicle_noun", "people_noun", "m_car", "m_truck", "m_bus", "m_foot", "m_bicycle", "m_motorcycle")
    clause = scene.clause(mark.first)
    none = scene.marks.any(travellers, mark.first, mark.last) or any(
        mark.first <= a.first_token and a.last_token <= mark.last for a in scene.amounts
    )
    gone = scene.has("crossed", clause) and scene.has("no", clause)  # «ни один автомобиль не проехал»
    return none and (gone or scene.has("let refuse process may", clause))


def lets_not(scene: Scene, clause: Clause) -> bool:
    """«никого не пускают», «ни одной не взяли», but not «никого не завернули»: a word of letting with its no."""
    let = [
        *scene.marks.within("let", clause.first, clause.last),
        *scene.marks.within("process", clause.first, clause.last),
    ]
    nots = {mark.last for mark in scene.marks.within("no", clause.first, clause.last)}
    negated = any(nots & {mark.first - 1, mark.first - 2} for mark in let)
    if let and scene.has("nobody_alone", clause):
        return True  # "niemand mehr abgefertigt": one no is enough
    refused = scene.marks.within("refuse", clause.first, clause.last)
    return negated or any(mark.last > mark.first for mark in refused)  # «не пускают»: its no is a part of it


def is_idle_time(scene: Scene, amount: Amount) -> bool:
    """Whether a duration is how long nobody passed, and so nobody's wait."""
    clause = scene.clause(amount.first_token)
    if scene.has("nobody", clause) and lets_not(scene, clause) and not scene.has("stand", clause):
        return True
    return any(idle_time(scene, mark) is amount for mark in scene.marks.by.get("free", ()))
