"""Per cent against before: «на 40 % меньше», «вдвое больше»; falls lie below zero."""

from __future__ import annotations

from verst.model import Bound, Mode
from verst.reading.amounts import Amount
from verst.reading.draft import Draft
from verst.reading.lexicon import Mark
from verst.reading.manner import asserted, mode_near, mode_words
from verst.reading.scene import Clause, Scene
from verst.reading.state_modes import label_mode

_WHOLE = 100.0  # per cent: smaller words of change are fractions, which count other things, too
_BESIDE, _FAR = 3, 99  # tokens from such a word to one of rising or falling


def changes(scene: Scene) -> list[Draft]:
    """Changes of a flow, from per cent, else from words such as «вдвое»."""
    found = [
        draft for amount in scene.amounts if amount.unit == "percent" and (draft := _change(scene, amount)) is not None
    ]
    return found or [draft for mark, percent in _multiples(scene) if (draft := _multiple(scene, mark, percent))]


def _change(scene: Scene, amount: Amount) -> Draft | None:
    first, last = amount.first_token, amount.last_token
    counted = scene.marks.any(
        ("vehicle_noun", "people_noun"), last + 1, last + 3
    )  # "12% more cars than the day before"
    if not (_speaks_of_flow(scene, first) or (counted and asserted(scene, first, past=True))):
        return None
    down, up = _distance(scene, "down", first, last), _distance(scene, "up", first, last)
    if down is None and up is None:
        return None
    falls = down is not None and (up is None or down < up)
    low, high = (_minus(amount.high), _minus(amount.low)) if falls else (amount.low, amount.high)
    return Draft(
        kind="flow_change", first=first, last=last, rule="changes.percent", mode=_mode(scene, first, last),
        value=-amount.value if falls else amount.value, low=low, high=high, bound=amount.bound,
    )  # fmt: skip


def _mode(scene: Scene, first: int, last: int) -> Mode:
    """The means of its clause: that of a count beside it is not whose flow has changed."""
    sentence = scene.sentence(first)
    for mark in scene.marks.within("flow_noun", sentence.first, first):
        counted = mode_words(scene, Clause(mark.first, mark.last + 1))
        if counted:
            return counted[0]  # «число машин, выезжающих в Монголию, выросло на 45%»
    named = mode_words(scene, scene.clause(first)) and mode_near(scene, first, last)
    return named or label_mode(scene, scene.clause(first)) or "any"


def _multiples(scene: Scene) -> list[tuple[Mark, float]]:
    """Words that are a change in per cent: «вдвое» is 100."""
    return [
        (mark, float(concept.removeprefix("change:")))
        for concept, marks in scene.marks.by.items()
        if concept.startswith("change:")
        for mark in marks
    ]


def _multiple(scene: Scene, mark: Mark, percent: float) -> Draft | None:
    if not _speaks_of_flow(scene, mark.first):
        return None
    down, up = (_distance(scene, word, mark.first, mark.last) for word in ("down", "up"))
    sentence = scene.sentence(mark.first)
    spoken = scene.has("flow_noun entered", sentence) or (
        scene.from_newsroom and scene.has("crossed", sentence) and scene.has("people_noun", sentence)
    )
    if any(a.unit == "money" and scene.sentence(a.first_token) is scene.sentence(mark.first) for a in scene.amounts):
        return None  # "a taxi costs 20,000 tenge, twice the usual fare"
    if percent < _WHOLE and not spoken:
        return None
    if percent < _WHOLE and min(_FAR if gap is None else gap for gap in (down, up)) > _BESIDE:
        return None  # "a third gave up"
    falls = down is not None and (up is None or down < up)
    bound: Bound = "approx" if scene.near("about", mark.first, mark.last, 3) else "exact"
    return Draft(
        kind="flow_change", first=mark.first, last=mark.last, rule="changes.multiple", bound=bound,
        mode=mode_near(scene, mark.first, mark.last) or "any", value=_fall(percent) if falls else percent,
    )  # fmt: skip


def _fall(percent: float) -> float:
    """«Three times more» is 200, «three times less» leaves a third: -67."""
    return -percent if percent < 100 else round(100 / (1 + percent / 100) - 100)


def _speaks_of_flow(scene: Scene, first: int) -> bool:
    sentence = scene.sentence(first)
    if not asserted(scene, first, past=True) or scene.has("figure_elsewhere future", sentence):
        return False
    crossed = scene.from_newsroom and scene.has("crossed people_noun vehicle_noun m_truck", sentence)
    return crossed or scene.has("flow_noun entered")


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
