"""Figures that another of the post takes the place of: the same words read twice, hearsay the writer puts right."""

from __future__ import annotations

from verst.reading.draft import Draft
from verst.reading.scene import Clause, Scene

_MEASURES = ("wait", "queue_length", "queue_count")


def without_overruled(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """The drafts without counts that are a wait, and without what others say where the writer knows better."""
    waits = {(draft.first, draft.last) for draft in drafts if draft.kind == "wait"}
    return [
        draft
        for draft in drafts
        if not (draft.kind == "queue_count" and (draft.first, draft.last) in waits)
        and not _put_right(scene, draft, drafts)
    ]


def _put_right(scene: Scene, draft: Draft, drafts: list[Draft]) -> bool:
    """«пишут, пять дней стоят, а по факту мы за 26 часов»: hearsay, and behind it what the writer saw themselves."""
    if draft.kind not in _MEASURES:
        return False
    clause, sentence = scene.clause(draft.first), scene.sentence(draft.first)
    if not scene.has("hearsay media", Clause(sentence.first, clause.last)):
        return False
    own = next((c for c in sentence.clauses if c.first > clause.last and scene.has("by_me correction", c)), None)
    return own is not None and any(
        other.kind == draft.kind and own.first <= other.first <= sentence.last for other in drafts
    )
