"""Which means a state is said of: «легковые свободно, а фуры стоят»."""

from __future__ import annotations

from verst.model import Mode
from verst.reading.lexicon import Mark
from verst.reading.manner import mode_near, mode_words
from verst.reading.scene import Clause, Scene

_LONGEST_LABEL = 4  # tokens, with its sign


def state_mode(scene: Scene, mark: Mark) -> Mode | None:
    """The means near the words of a state, in their label or short sentence, or in the question answered."""
    clause = scene.clause(mark.first)
    near = mode_near(scene, mark.first, mark.last)
    named = mode_words(scene, clause)
    if near and named:
        return near
    label = label_mode(scene, clause)
    if label is not None:
        return label
    own = scene.marks.has("first_person", mark.first, mark.last)  # «12 машин, идём бодро»
    own = own or scene.marks.any(("no", "nobody"), mark.first - 2, mark.last)
    if mark.concept == "moving" and not named and not own and _counts_cars(scene, mark):
        return "car"
    around = mode_words(scene, scene.sentence(mark.first), counted=False)
    if (
        len(around) == 1
        and mark.concept != "free"
        and (around[0] != "car" or mark.concept == "moving")
        and _same_breath(scene, mark, around[0])
    ):
        return around[0]
    if (
        mark.concept == "free"
        and around in (["foot"], ["bicycle"])
        and scene.has("crossed", scene.sentence(mark.first))
    ):
        return around[0]  # «очереди 0, пешком прошла за 12 минут»
    if scene.reply is not None and not mode_words(scene, None):
        asked = [m for m in mode_words(scene.reply, None, counted=False) if m != "car"]
        return asked[0] if len(asked) == 1 and any(s.asks for s in scene.reply.sentences) else None
    return None


def _counts_cars(scene: Scene, mark: Mark) -> bool:
    """ "40 cars in the line, it keeps moving": the cars counted are those that move, unless the figure is a rate."""
    counts = [a for a in scene.amounts if a.unit == "vehicle"]
    alone = mode_words(scene, scene.sentence(mark.first)) == ["car"] and [a.mode for a in counts] == ["car"]
    return alone and not any(a.per or a.per_minutes for a in counts)


def label_mode(scene: Scene, clause: Clause) -> Mode | None:
    """«Вантажівки – пропуск не здійснюється»: the means that alone stands before the dash or colon."""
    if clause.first == 0 or scene.toks[clause.first - 1].text not in ":-":
        return None
    before = scene.clause(clause.first - 1)
    named = mode_words(scene, before)
    return named[0] if len(named) == 1 and before.last - before.first < _LONGEST_LABEL else None


def _same_breath(scene: Scene, mark: Mark, mode: str) -> bool:
    """A means in the same clause, or the only one of a short sentence, is what the state is about."""
    clause, sentence = scene.clause(mark.first), scene.sentence(mark.first)
    return scene.marks.has(f"m_{mode}", clause.first, clause.last) or sentence.last - sentence.first <= 10
