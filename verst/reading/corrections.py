"""Corrections: «не 18 а 8 км» takes one figure back and puts another in its place."""

from __future__ import annotations

from verst.reading.amounts import Amount
from verst.reading.scene import Scene

_INSTEAD = 3  # tokens from "instead of" to its figure
_DENIED = 2  # tokens from «нема» to the figure denied
_REACH = 8  # tokens from the figure taken back to the one put in its place


def corrected(scene: Scene, amount: Amount) -> bool:
    """«не 18 а 8 км»: the figure that a correction takes back."""
    first, sentence = amount.first_token, scene.sentence(amount.first_token)
    later = [a for a in scene.amounts if amount.last_token < a.first_token <= sentence.last]
    before = first - 1 - scene.marks.has("cost", first - 1, first - 1)  # «не за пять тысяч, а за пятнадцать»
    if scene.marks.has("no", before, before):
        return bool(later)
    if later and any(
        first - mark.last <= _INSTEAD for mark in scene.marks.within("instead", sentence.first, first - 1)
    ):
        return any(other.unit == amount.unit for other in later)  # "instead of the usual three hours, 50 min today"
    if later and scene.marks.has("denial", amount.last_token + 1, amount.last_token + 1 + _DENIED):
        return True  # «пять тысяч машин — брехня, тысячи полторы»
    if later and scene.marks.has("not_so", amount.last_token + 1, amount.last_token + 1):
        return True  # "12 değil, 7"
    none = scene.marks.any(("no", "nope", "missing", "free"), first - _DENIED, first - 1)
    return none and any(other.unit in ("none", amount.unit) and other.bound != "exact" for other in later)


def corrects(scene: Scene, amount: Amount) -> str | None:
    """The unit of the figure taken back, for the bare figure put in its place: «не 12 км а 21»."""
    denied = scene.has("denial", scene.sentence(amount.first_token))
    reach = _REACH if amount.bound == "exact" and not denied else 2 * _REACH
    before = [a for a in scene.amounts if 0 < amount.first_token - a.last_token <= reach]
    return before[-1].unit if before and corrected(scene, before[-1]) else None
