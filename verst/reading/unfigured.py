"""Queues said to be there, or not, without a figure; and pictures said to be older than what they are shown for."""

from __future__ import annotations

from verst.model import Saying
from verst.reading.lexicon import Mark, Marks
from verst.reading.manner import stance
from verst.reading.scene import Scene
from verst.reading.where import Atlas, borders_at, crossings_at

_UNTOLD = "ask cond wish joke future"


def queues(scene: Scene, marks: Marks, atlas: Atlas) -> list[Saying]:
    """«никаких очередей нет», «большие очереди»."""
    found = []
    for concept, value in (("queue_none", "none"), ("queue_some", "some")):
        for mark in [mark for mark in marks.by.get(concept, ()) if _is_told(scene, mark)][:1]:
            found += [_saying(scene, mark, place, value) for place in _places(scene, atlas, mark)]
    return found


def stood_in(scene: Scene, marks: Marks, asked: Marks, atlas: Atlas) -> list[Saying]:
    """«но я стою в ней» in answer to whoever says that there are queues, or none."""
    if "queue_none" not in asked and "queue_some" not in asked:
        return []
    told = [mark for mark in marks.by.get("in_it", ()) if _is_told(scene, mark)][:1]
    return [_saying(scene, mark, place, "some") for mark in told for place in _places(scene, atlas, mark)]


def pictures(scene: Scene, marks: Marks, atlas: Atlas) -> list[Saying]:
    """«видео старое», "filmed in August": of the place the post speaks of."""
    return [
        Saying(kind="picture", where=place, value="older", stance=stance(scene, mark.first),
               span=scene.offsets(mark.first, mark.last))
        for mark in marks.by.get("older", ())[:1]
        if _is_told(scene, mark)
        for place in _places(scene, atlas, mark)
    ]  # fmt: skip


def _is_told(scene: Scene, mark: Mark) -> bool:
    """Told, and not of a figure: «нет очереди в 35 км» denies 35 km, and no queue."""
    sentence, clause = scene.sentence(mark.first), scene.clause(mark.first)
    figured = any(a.unit == "km" and clause.first <= a.first_token <= clause.last for a in scene.amounts)
    return not sentence.asks and not figured and not scene.has(_UNTOLD, clause)


def _places(scene: Scene, atlas: Atlas, mark: Mark) -> list[str]:
    """Borders where a sentence names several countries, else the crossing it is about, else its border."""
    borders = [id_ for id_, _ in borders_at(scene, atlas, mark.first, title=False)]
    if len(borders) > 1:
        return borders
    return (
        crossings_at(scene, atlas, mark.first, mark.last)
        or borders
        or [id_ for id_, _ in borders_at(scene, atlas, mark.first)][:1]
    )


def _saying(scene: Scene, mark: Mark, place: str, value: str) -> Saying:
    return Saying(kind="queue", where=place, value=value, stance=stance(scene, mark.first),
                  span=scene.offsets(mark.first, mark.last))  # fmt: skip
