"""Corrections: «не 18 а 8 км» takes one figure back and puts another in its place."""

from __future__ import annotations

from verst.reading.amounts import Amount
from verst.reading.scene import Scene

_REACH = 5  # tokens from the figure taken back to the one put in its place


def corrected(scene: Scene, amount: Amount) -> bool:
    """«не 18 а 8 км»: the figure that a correction takes back."""
    if not scene.marks.has("no", amount.first_token - 1, amount.first_token - 1):
        return False
    clause = scene.sentence(amount.first_token)
    return any(amount.last_token < other.first_token <= clause.last for other in scene.amounts)


def corrects(scene: Scene, amount: Amount) -> str | None:
    """The unit of the figure taken back, for the bare figure put in its place: «не 12 км а 21»."""
    before = [a for a in scene.amounts if 0 < amount.first_token - a.last_token <= _REACH]
    return before[-1].unit if before and corrected(scene, before[-1]) else None
