"""What a post speaks against: «это фейк, никакой очереди в 35 км нет», or a plain «враньё» in answer to a claim.

A denial is evidence against the denied claim; the ledger of rumours lives on it.
"""

from __future__ import annotations

from verst.reading.amounts import Amount
from verst.reading.draft import Draft
from verst.reading.lengths import said_not
from verst.reading.manner import mode_near
from verst.reading.scene import Scene, Sentence

_KINDS = {"km": "queue_length", "vehicle": "queue_count", "minute": "wait", "person": "flow"}
_LEAST_WAIT_MINUTES = 60
_STATES = ("closed", "paused")
_OPENING_SENTENCES = 2
_OF_KM = (1.0, 0.001)  # kilometres and metres
_STEM = 3  # letters of «миля», «мили», «миль»


def denied(scene: Scene) -> list[Draft]:
    """Claims that the sentences with a word of denial name."""
    denying = [s for s in scene.sentences if scene.has("denial", s)] if scene.has("denial") else []
    found = [draft for sentence in denying for draft in _named(scene, sentence)]
    none = [a for a in scene.amounts if a.unit == "km" and said_not(scene, a.first_token)]
    return found or [draft for amount in none if (draft := _figure(scene, amount)) is not None]


def denied_before(scene: Scene) -> list[Draft]:
    """Claims of the answered post, where the answer opens with a denial. They belong to ``scene.reply``."""
    if scene.reply is None:
        return []
    opening = scene.sentences[:_OPENING_SENTENCES]
    if not any(scene.has("denial", sentence) for sentence in opening) or _minds_the_unit(scene, scene.reply):
        return []
    return [draft for sentence in scene.reply.sentences for draft in _named(scene.reply, sentence)]


def _minds_the_unit(scene: Scene, told: Scene) -> bool:
    """«какие мили, вы в Осетии» to «шесть миль, почти десять км»: the measure is laughed at, not the length."""
    odd = {a.unit_said[:_STEM] for a in told.amounts if a.unit == "km" and a.factor not in _OF_KM and a.unit_said}
    opening = scene.sentences[0]
    after = [mark.last + 1 for mark in scene.marks.within("denial", opening.first, opening.last)]
    return any(at <= opening.last and scene.toks[at].text[:_STEM] in odd for at in after)


def _named(scene: Scene, sentence: Sentence) -> list[Draft]:
    found = [
        draft
        for amount in scene.amounts
        if sentence.first <= amount.first_token <= sentence.last and (draft := _figure(scene, amount)) is not None
    ]
    if found:
        return found
    for state in _STATES:
        marks = scene.marks.within(state, sentence.first, sentence.last)
        if marks:
            return [
                Draft(
                    kind="passage",
                    first=marks[0].first,
                    last=marks[0].last,
                    rule="denying.state",
                    value=state,
                    mode="any",
                )
            ]
    return []


def _figure(scene: Scene, amount: Amount) -> Draft | None:
    kind = _KINDS.get(amount.unit)
    if kind is None or (kind == "wait" and amount.value < _LEAST_WAIT_MINUTES) or amount.per == "hour":
        return None
    mode = "any" if kind == "flow" else amount.mode or mode_near(scene, amount.first_token, amount.last_token)
    return Draft(kind=kind, first=amount.first_token, last=amount.last_token, rule="denying.figure", mode=mode,
                 value=amount.value, low=amount.low, high=amount.high, bound=amount.bound)  # fmt: skip
