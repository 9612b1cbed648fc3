"""Which of several states of one place holds: a pause says more than a movement, one's own word more than hearsay."""

from __future__ import annotations

from verst.reading.draft import Draft
from verst.reading.scene import Clause, Scene


def settle(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """One state for each place and means: a pause says more than a movement, and a means more than none."""
    order = {"closed": 2 if scene.has("ev_shift") else 0, "paused": 1, "free": 2, "moving": 3, "open": 4}
    kept: list[Draft] = []
    drafts = [draft for draft in drafts if not _answered_back(scene, draft, drafts)]
    for draft in sorted(drafts, key=lambda d: (order[str(d.value)], d.mode == "any", d.first)):
        here = scene.sentence(draft.first)
        beside = [k for k in kept if scene.sentence(k.first) is here]
        beside = [k for k in beside if not _of_different_places(scene, k, draft)]
        if any(k.mode == draft.mode or (k.value == draft.value and draft.mode == "any") for k in beside):
            continue
        kept.append(draft)
    return kept


def _answered_back(scene: Scene, draft: Draft, drafts: list[Draft]) -> bool:
    """«кто-то говорил, что закрыто, а мы только что проехали, открыто»: hearsay, and their own word."""
    clause, sentence = scene.clause(draft.first), scene.sentence(draft.first)
    if draft.value not in ("closed", "paused") or not scene.has("hearsay", Clause(sentence.first, clause.last)):
        return False
    own = [c for c in sentence.clauses if c.first > clause.last and scene.has("first_person", c)]
    return bool(own) and any(
        other.value in ("open", "free", "moving")
        and sentence.first <= other.first <= sentence.last
        and other.first > own[0].first
        for other in drafts
    )


def _of_different_places(scene: Scene, one: Draft, other: Draft) -> bool:
    """ "at Uzhhorod you sail through, at Chop nobody is let across": another crossing is named in between."""
    first, second = sorted((one.first, other.first))
    places, others = (place_before(scene, at) for at in (first, second))
    return places is not None and others is not None and places != others


def place_before(scene: Scene, token: int) -> str | None:
    """The crossing named last before a token in its sentence."""
    head = scene.sentence(token).first
    named = [h.ids[0] for h in scene.places if h.what == "crossing" and head <= h.first_token <= token]
    return named[-1] if named else None
