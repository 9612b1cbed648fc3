"""A figure of before, held against one just told: «… выехали 1 150 человек. Неделей ранее было 590»."""

from __future__ import annotations

from dataclasses import replace

from verst.reading.amounts import Amount
from verst.reading.draft import Draft
from verst.reading.scene import Scene

_COMPARED = ("flow", "queue_length", "queue_count", "throughput")
_KINDS_UNITS = {"queue_length": "km"}
_A_DAY = 720  # minutes back from which a time is of another day


def compared(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """The figures that a clause of another day gives, of the kind and means of the figure told right before them."""
    taken = {draft.first for draft in drafts}
    made = []
    for before, amount in zip(scene.amounts, scene.amounts[1:], strict=False):
        told = next((d for d in drafts if d.kind in _COMPARED and d.first == before.first_token), None)
        if told is None or amount.first_token in taken or not _is_of_before(scene, told, amount):
            continue
        made.append(replace(told, first=amount.first_token, last=amount.last_token, rule="compared.before",
                            value=amount.value, low=amount.low, high=amount.high, bound=amount.bound))  # fmt: skip
    return made


def _is_of_before(scene: Scene, told: Draft, amount: Amount) -> bool:
    """Whether a figure of the same size stands alone with a time of before."""
    if amount.unit not in ("none", _KINDS_UNITS.get(told.kind, "none")) or amount.per or amount.per_minutes:
        return False
    clause, sentence = scene.clause(amount.first_token), scene.sentence(amount.first_token)
    past = any(
        hit.kind in ("at", "ago") and (hit.elapsed_minutes or 0) >= _A_DAY
        for hit in scene.times
        if sentence.first <= hit.first_token <= amount.first_token and hit.first_token >= clause.first
    )
    past = past or scene.has("before_then", clause)
    alike = isinstance(told.value, float) and told.value > 0 and 0.05 <= amount.value / told.value <= 20
    other = scene.has("sell cost buy figure_elsewhere r_child leaving entering back", clause) or sentence.asks
    return past and alike and not other and scene.clause(told.first) is not clause
