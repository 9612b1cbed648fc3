"""States that no one word says: nobody there, nobody let through, a means that goes, computers down."""

from __future__ import annotations

from verst.model import Mode
from verst.reading.draft import Draft
from verst.reading.idle import lets_not
from verst.reading.lexicon import Mark
from verst.reading.manner import asserted, mode_right_before, mode_words
from verst.reading.permissions import PERMITS
from verst.reading.scene import Clause, Scene
from verst.reading.state_modes import state_mode

_FEW_SENTENCES = 3
_LONGEST_ROLLING = 5  # tokens

# With one of these «никого» is said of officers, or of whom they let through: no all-clear.
_NOT_OF_TRAVELLERS = f"{PERMITS} paused closed authority process stand"


def unsaid(scene: Scene) -> list[Draft]:
    """The passages that several words together tell."""
    return [*_nobody_there(scene), *_nobody_let(scene), *_rolling(scene), *_systems_down(scene)]


def _nobody_there(scene: Scene) -> list[Draft]:
    """«Крымский мост из Керчи никого»: the place, and that nobody is there."""
    found = []
    for mark in scene.marks.by.get("nobody", ()):
        clause = scene.clause(mark.first)
        after = range(mark.last + 1, clause.last + 1)
        where = {at for c in ("beside", "border", "to") for m in scene.marks.within(c, mark.last + 1, clause.last)
                 for at in range(m.first, m.last + 1)}  # fmt: skip
        ends = not any(scene.toks[at].text[0].isalnum() and at not in where for at in after)
        sentence_of = scene.sentence(mark.first)
        short = len(scene.sentences) <= _FEW_SENTENCES and scene.names(None, "crossing")
        asked = scene.reply is not None and scene.reply.has("queue") and any(s.asks for s in scene.reply.sentences)
        alone = mark.first == clause.first and (scene.names(sentence_of, "crossing") or short or asked)
        here = scene.in_group_about_one or scene.names(None, "crossing")
        by_means = here and bool(mode_words(scene, clause))
        came = scene.has("joined", sentence_of) and scene.names(None, "crossing")
        there = (
            alone
            or _counted_before(scene, mark) is not None
            or by_means
            or came
            or scene.names(clause, "crossing")
            or scene.has("queue", clause)
        )
        if ends and there and asserted(scene, mark.first) and not _of_others(scene, mark, clause):
            found.append(Draft(kind="passage", first=mark.first, last=mark.last, rule="states.nobody", value="free",
                               mode=state_mode(scene, mark) or _counted_before(scene, mark) or "any"))  # fmt: skip
    return found


def _counted_before(scene: Scene, mark: Mark) -> Mode | None:
    """«У Шегинях 120 авто, у Нижанковичах жодного»: the means of the count that nobody is set against."""
    counts = [a for a in scene.amounts if a.unit == "vehicle" and a.last_token < mark.first]
    beside = bool(counts) and scene.sentence(counts[-1].first_token) is scene.sentence(mark.first)
    clause = scene.clause(mark.first)
    alone = scene.names(clause, "crossing") or scene.has("back leaving entering", clause)
    return counts[-1].mode if beside and alone else None


def _nobody_let(scene: Scene) -> list[Draft]:
    """«Жайсан никого не впускает», «ни одной не взяли за два часа»: nobody gets across, whatever their means."""
    for mark in scene.marks.by.get("nobody", ()):
        clause = scene.clause(mark.first)
        by_means = [mode for mode in mode_words(scene, clause) if mode != "car"]
        if lets_not(scene, clause) and not by_means and asserted(scene, mark.first):
            return [Draft(kind="passage", first=mark.first, last=mark.last, rule="states.nobody_let",
                          mode=state_mode(scene, mark) or "any", value="paused")]  # fmt: skip
    return []


def _rolling(scene: Scene) -> list[Draft]:
    """«Легковые едут, автобусы стоят»: a means with a verb of going, and nothing else in its clause."""
    found = []
    for mark in scene.marks.by.get("rolls", ()):
        clause = scene.clause(mark.first)
        mode = mode_right_before(scene, mark.first)
        if mode is None and not scene.marks.has("and", mark.first - 1, mark.first - 1):
            mode = mode_right_before(scene, mark.first - 1)  # «легкові потроху їдуть»
        short = clause.last - clause.first <= _LONGEST_ROLLING
        timed = any(a.unit == "minute" and clause.first <= a.first_token <= clause.last for a in scene.amounts)
        if mode and short and not timed and asserted(scene, mark.first) and not scene.has("no to toward only", clause):
            found.append(Draft(kind="passage", first=mark.first, last=mark.last, rule="states.rolling", mode=mode,
                               value="moving"))  # fmt: skip
    return found


def _systems_down(scene: Scene) -> list[Draft]:
    """«база висит, штампы не ставят», «Сагарчин стоит, базу положили»: nobody gets across while it lasts."""
    for mark in scene.marks.by.get("ev_it_down", ()):
        sentence = scene.sentence(mark.first)
        halted = any(m.first > mark.last for m in scene.marks.within("no", sentence.first, sentence.last))
        halted = halted or scene.has("stand", sentence)
        if halted and asserted(scene, mark.first) and not scene.has("moving open free let crossed", sentence):
            return [Draft(kind="passage", first=mark.first, last=mark.last, rule="states.systems_down",
                          mode=state_mode(scene, mark) or "any", value="paused")]  # fmt: skip
    return []


def _of_others(scene: Scene, mark: Mark, clause: Clause) -> bool:
    """Whether nobody is said of officers or of whom they let through, or is itself denied: «не никого»."""
    denied = any(
        no.first != mark.first and not scene.marks.has("missing", no.first, no.last)  # «вантажних немає жодного»
        for no in scene.marks.within("no", clause.first, clause.last)
    )
    return denied or scene.has(_NOT_OF_TRAVELLERS, clause)
