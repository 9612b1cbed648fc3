"""Events, services and rules that people speak of: no figure, a tag."""

from __future__ import annotations

from verst.reading.draft import Draft
from verst.reading.lexicon import Mark
from verst.reading.manner import asserted
from verst.reading.scene import Scene

EVENTS = ("draft_point", "armour", "fight", "robbery", "accident", "shift", "weather", "it_down", "strike", "bribe", "aid")
SERVICES = ("fuel", "water", "food", "toilet", "sim", "atm", "charge", "warmth", "medical", "lodging")
RULES = ("exit_military", "entry_refusal", "entry_stay", "documents", "child", "pets", "vehicle", "customs")
_REACH = 6


def events(scene: Scene) -> list[Draft]:
    """What happens at the crossing beside the queue."""
    found = []
    for tag in EVENTS:
        marks = [m for m in scene.marks.by.get(f"ev_{tag}", ()) if _happens(scene, m)]
        if marks:
            mark = marks[0]
            found.append(Draft(kind="event", first=mark.first, last=mark.last, rule=f"tags.{tag}", tag=tag, mode="any"))
    return found


def _happens(scene: Scene, mark: Mark) -> bool:
    if scene.ad or not asserted(scene, mark.first):
        return False
    return not scene.marks.has("no", max(0, mark.first - 2), mark.first - 1)


def services(scene: Scene) -> list[Draft]:
    """Fuel, water, food … at the crossing: there is some, or there is none."""
    found = []
    for tag in SERVICES:
        for mark in scene.marks.by.get(f"s_{tag}", ()):
            value = _supply(scene, mark)
            if value:
                found.append(Draft(kind="service", first=mark.first, last=mark.last, rule=f"tags.{tag}", tag=tag,
                                   value=value, mode="any"))  # fmt: skip
                break
    return found


def _supply(scene: Scene, mark: Mark) -> str | None:
    if not asserted(scene, mark.first):
        return None
    clause = scene.clause(mark.first)
    first, last = max(clause.first, mark.first - _REACH), min(clause.last, mark.last + _REACH)
    if scene.marks.any(("missing", "no"), first, last):
        return "missing"
    if scene.marks.has("available", first, last):
        return "available"
    sentence = scene.sentence(mark.first)
    if scene.marks.has("available", sentence.first, sentence.last) and not scene.has("missing", sentence):
        return "available"
    return "available" if scene.ad and not scene.has("svc_seat svc_bicycle svc_transfer svc_lodging svc_insurance") else None


def rules(scene: Scene) -> list[Draft]:
    """What is asked for, accepted or refused: papers, men, children, animals, goods, vehicles, visas."""
    found = []
    for tag in RULES:
        for mark in scene.marks.by.get(f"r_{tag}", ()):
            if _governs(scene, mark):
                found.append(Draft(kind="rule", first=mark.first, last=mark.last, rule=f"tags.{tag}", tag=tag, mode="any"))
                break
    return found


def _governs(scene: Scene, mark: Mark) -> bool:
    """A noun of papers, people or goods with a verb of asking, letting through or refusing nearby."""
    if scene.ad or not asserted(scene, mark.first, past=True):
        return False
    sentence = scene.sentence(mark.first)
    first, last = max(sentence.first, mark.first - _REACH), min(sentence.last, mark.last + _REACH)
    return scene.marks.any(("r_check", "r_enough", "refuse", "may_not", "let", "may"), first, last)
