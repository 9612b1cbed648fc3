"""Passage: open, closed, paused, moving, free."""

from __future__ import annotations

import re

from verst.reading.draft import Draft
from verst.reading.idle import idle_time, nobody_is_let
from verst.reading.lexicon import Mark
from verst.reading.manner import asserted, mode_words
from verst.reading.permissions import PERMITS, permissions
from verst.reading.scene import Clause, Scene, Sentence
from verst.reading.settling import place_before, settle
from verst.reading.state_modes import state_mode
from verst.reading.unsaid import unsaid

_STATES = ("closed", "paused", "open", "normal", "moving", "free")
_SAID = {"normal": "open"}
_SHUT = ("closed", "paused")
_SERVED = (
    "s_fuel s_water s_food s_toilet s_sim s_atm s_charge s_warmth s_medical s_lodging ev_draft_point svc_insurance"
)
_SHORT_ANSWER = 4  # tokens
_SHORT_SENTENCE = 12  # tokens
_A_QUEUE_KM = 0.5
_EMPTY = re.compile(r"(?:ой|ая|ый|ий|ій|ня)$|^empty$")
_LONGEST_PREPOSITION = 3  # letters
_RIGHT_BESIDE = 2  # tokens from a word of letting through to one of no queue
_FIXTURE_REACH = 5  # tokens from a lift or a sign to what is said of it


def states(scene: Scene) -> list[Draft]:
    """Passages and permissions; a gate shut to those on foot or bicycles is their refusal, said once."""
    allowed = permissions(scene)
    refused = {(draft.mode, scene.clause(draft.first).first) for draft in allowed if draft.value == "refused"}
    whole = {draft.mode for draft in allowed if draft.rule == "permissions.answer"}
    kept = [
        p for p in passages(scene)
        if p.value not in _SHUT or not ((p.mode, scene.clause(p.first).first) in refused or p.mode in whole)
    ]  # fmt: skip
    return kept + allowed


def passages(scene: Scene) -> list[Draft]:
    """What the post says of the crossing being open, closed, paused, moving or free; once for each means."""
    found: dict[tuple[str, str | None, int, str | None], Draft] = {}
    for concept in _STATES:
        for mark in scene.marks.by.get(concept, ()):
            value = _value(scene, mark, concept)
            if not _says_state(scene, mark, concept):
                continue
            mode = state_mode(scene, mark)
            sentence = scene.sentence(mark.first)
            key = (value, mode, sentence.first, place_before(scene, mark.first))
            found.setdefault(key, Draft(kind="passage", first=mark.first, last=mark.last, rule=f"states.{value}",
                                        mode=mode or "any", value=value))  # fmt: skip
    return settle(scene, [*found.values(), *unsaid(scene)]) or _yes_or_no(scene)


def _value(scene: Scene, mark: Mark, concept: str) -> str:
    """What a word of a state says: «не двигается» and «ни одной машины за 3 часа» say that nothing moves."""
    if concept == "moving" and _negated(scene, mark):
        return "paused"
    if concept == "free" and (idle_time(scene, mark) is not None or nobody_is_let(scene, mark)):
        return "paused"
    return _SAID.get(concept, concept)


def _yes_or_no(scene: Scene) -> list[Draft]:
    """«да» to «Ваалимаа открыта?», «нет» to «закрыли?»: the answer says the state that was asked about."""
    asked = scene.reply
    if asked is None or len(scene.toks) > _SHORT_ANSWER or not any(s.asks for s in asked.sentences):
        return []
    named = [state for state in ("open", "closed") if asked.has(state)]
    opening = Clause(0, min(1, len(scene.toks) - 1))
    yes, nope = scene.has("yes", opening), scene.has("nope", opening)
    meant = asked.has("border") or bool(asked.places) or scene.post.chat.about is not None
    if not meant or len(named) != 1 or yes == nope or asked.has(_SERVED) or not asserted(scene, 0, past=True):
        return []
    value = named[0] if yes else {"open": "closed", "closed": "open"}[named[0]]
    modes = mode_words(asked, None)
    return [Draft(kind="passage", first=0, last=opening.last, rule="states.yes_or_no", value=value,
                  mode=modes[0] if len(modes) == 1 else "any")]  # fmt: skip


def _says_state(scene: Scene, mark: Mark, concept: str) -> bool:
    clause, sentence = scene.clause(mark.first), scene.sentence(mark.first)
    if not asserted(scene, mark.first) or scene.has("no_data before_then ev_armour", clause):
        return False  # «до этого стояли намертво»
    if any(h.kind == "future" and clause.first <= h.first_token <= clause.last for h in scene.times):
        return False  # «закрывают с 1 октября»
    if concept != "paused" and _of_what_is_served(scene, mark, concept, clause):
        return False
    if concept in ("open", "closed", "normal") and not _of_a_crossing(scene, mark):
        return False
    if _is_by_favour(scene, mark, concept, clause, sentence):
        return False
    alone = concept == "paused" and mark.first == mark.last
    if (concept in ("open", "closed") or alone) and _negated(scene, mark):
        return False
    if concept == "free" and (
        scene.has("svc_transfer ev_bribe", scene.sentence(mark.first))
        or _past_the_queue(scene, mark, sentence)
        or (scene.has("r_child m_bus", scene.sentence(mark.first)) and scene.has(PERMITS, clause))
        or scene.has("r_child", clause)
        or _let_past(scene, mark, clause)
    ):
        return False  # «провезу без очереди», «с детьми пускают без очереди», «автобусы пускают без очереди»
    if concept == "free" and scene.marks.any(("m_foot", "m_bicycle"), mark.first, mark.last):
        return False  # «пеших нет»: none are there, or none are let
    if concept == "moving":
        return not (scene.has("moved", clause) and any(a.unit == "km" for a in scene.amounts))
    if concept == "closed":
        return _says_closed(scene, mark, clause, sentence)
    if concept == "open":
        papers = scene.has("r_documents r_pets", sentence) and not (_named_in(scene, clause) or _was_asked(scene))
        return not papers and not _counts_windows(scene, clause)
    return concept != "free" or _says_free(scene, mark, clause, sentence)


def _is_by_favour(scene: Scene, mark: Mark, concept: str, clause: Clause, sentence: Sentence) -> bool:
    """«сунул пять тысяч, и шлагбаум открылся» is a bribe, «motocyklistę normalnie przepuścili» a permission."""
    if concept == "normal":
        return bool(mode_words(scene, clause)) and scene.near("let", mark.first, mark.last, 1)
    return concept == "open" and scene.has("svc_bribe ev_bribe", sentence)


def _of_what_is_served(scene: Scene, mark: Mark, concept: str, clause: Clause) -> bool:
    """Whether fuel, food or a bed is near, and not in another clause than a border that is said to be shut."""
    if not scene.near(_SERVED, mark.first, mark.last, 5 if concept != "normal" else 12):
        return False
    shut = concept == "closed" and (scene.has("border", clause) or scene.names(clause, "crossing"))
    return scene.has(_SERVED, clause) or not (concept == "moving" or shut)


def _past_the_queue(scene: Scene, mark: Mark, sentence: Sentence) -> bool:
    """Whether a way past the queue is spoken of, in other words than those of no queue: «без чаргі» is both."""
    return any(
        place.last < mark.first or mark.last < place.first or scene.ad
        for place in scene.marks.within("svc_queue_place", sentence.first, sentence.last)
    )


def _let_past(scene: Scene, mark: Mark, clause: Clause) -> bool:
    """«коляски пускают без очереди»: whom they let past a queue there is; but not those whose means is named."""
    past = any(
        abs(let.first - mark.first) <= _RIGHT_BESIDE for let in scene.marks.within("let", clause.first, clause.last)
    )
    return past and not scene.has("those", clause) and not mode_words(scene, clause)


def _says_closed(scene: Scene, mark: Mark, clause: Clause, sentence: Sentence) -> bool:
    """ "shut to tourists" is a rule, «сортир один на тысячу душ и тот на замке» is no crossing."""
    if (
        scene.has("r_entry_refusal denial", sentence)
        or scene.has("nobody", clause)
        or any(a.unit == "vehicle" and a.first_token == mark.last + 1 for a in scene.amounts)
    ):
        return False  # «заблоковано 870 вантажівок»
    if scene.has("r_documents r_pets", clause) and not _named_in(scene, clause):
        return False  # «паспорт ветеринарный открыли и закрыли»
    return not scene.has(_SERVED, clause) or _named_in(scene, clause)


def _says_free(scene: Scene, mark: Mark, clause: Clause, sentence: Sentence) -> bool:
    """No "no line of 35 km", nothing that is sold or given away."""
    if any(a.unit == "km" and 0 < a.first_token - mark.last <= 2 for a in scene.amounts):
        return False
    if scene.marks.has("crossed", mark.first, mark.last) and any(
        a.unit == "minute" and clause.first <= a.first_token <= clause.last for a in scene.amounts
    ):
        return False  # «пролетели за 12 минут»
    if scene.has("figure_elsewhere", sentence) or _is_of_a_thing(scene, mark, clause):
        return False
    if any(a.unit == "money" and sentence.first <= a.first_token <= sentence.last for a in scene.amounts):
        return False
    if mark.first == mark.last and scene.has(_SERVED + " ev_aid", clause):
        return False
    if scene.has("only", clause) and scene.has("let", clause):
        return False  # «пускают только с детьми без очереди»
    if _is_held_against(scene, clause, sentence):
        return False
    return not (scene.ad or scene.has("svc_queue_place ad_offer", clause))


def _is_of_a_thing(scene: Scene, mark: Mark, clause: Clause) -> bool:
    """«пустой термос», "empty bottles": an adjective, and behind it a thing that is neither border nor road."""
    after = mark.last + 1
    adjective = mark.first == mark.last and _EMPTY.search(scene.toks[mark.first].text) is not None
    if not adjective or after > clause.last or not scene.toks[after].text.isalpha():
        return False
    if any(h.first_token == after for h in scene.times):
        return False  # "is empty tonight"
    return len(scene.toks[after].text) > _LONGEST_PREPOSITION and not scene.marks.any(scene.marks.by, after, after)


def _is_held_against(scene: Scene, clause: Clause, sentence: Sentence) -> bool:
    """Whether a sentence of calm also says that people stand, or how long a queue is: then nothing is free.

    Unless each is said of its own place or means: «легковые свободно, а фуры стоят».
    """
    if scene.names(clause, "crossing") or mode_words(scene, clause) or _in_a_list(scene, clause):
        return False
    if any(scene.has("stand", other) and not mode_words(scene, other) for other in sentence.clauses):
        return True
    inside = [a for a in scene.amounts if sentence.first <= a.first_token <= sentence.last and a.unit == "km"]
    return any(a.value >= _A_QUEUE_KM and scene.near("queue", a.first_token, a.last_token, 4) for a in inside)


def _in_a_list(scene: Scene, clause: Clause) -> bool:
    """«… очікують: «Рава» – 55 легкових, «Смільниця» – черг немає»: a crossing before the dash is who is meant."""
    dashed = clause.first > 0 and scene.toks[clause.first - 1].text in "-:"
    return dashed and scene.names(scene.clause(clause.first - 1), "crossing")


def _counts_windows(scene: Scene, clause: Clause) -> bool:
    """«шість будок відкрито», but not "all three crossings are open"."""
    return any(
        a.unit in ("none", "other")
        and clause.first <= a.first_token <= clause.last
        and not scene.marks.has("border", a.last_token + 1, a.last_token + 3)
        for a in scene.amounts
    )


def _named_in(scene: Scene, clause: Clause) -> bool:
    """Whether a clause names the border, a crossing or the queue."""
    return scene.has("border queue", clause) or scene.names(clause, "crossing")


def _around(clause: Clause, mark: Mark) -> Clause:
    """The part of a clause in which what is said to be shut or open stands."""
    return Clause(max(clause.first, mark.first - _FIXTURE_REACH), min(clause.last, mark.last + _FIXTURE_REACH))


def _of_a_crossing(scene: Scene, mark: Mark) -> bool:
    """«закрыто» is about the crossing when the sentence names it, its border, or the post says nothing else."""
    sentence = scene.sentence(mark.first)
    if scene.has("fixture", _around(scene.clause(mark.first), mark)) and not _was_asked(scene):
        return False  # a lift or a sign is out of order, not the crossing
    if scene.has("border", sentence) or scene.has("both_ways", sentence):
        return True
    if any(h.what in ("crossing", "border") and sentence.first <= h.first_token <= sentence.last for h in scene.places):
        return True
    asked = scene.reply
    if asked is not None and (asked.has("open closed q_how border") or asked.places) and not asked.has(_SERVED):
        return True  # but «закрыт» to «туалет на таможне работает?»
    if sentence.last - sentence.first >= _SHORT_SENTENCE:
        return False
    clause = scene.clause(mark.first)
    whom = bool(mode_words(scene, clause)) or scene.has("people_noun", clause)  # «а для людей-то закрыто»
    return scene.post.chat.about is not None or (scene.crossings_named == 1 and whom)


def _was_asked(scene: Scene) -> bool:
    """«открыто оно, паспорт подаю» to «закрыто?»: whether the crossing is open was the question."""
    return scene.reply is not None and scene.reply.has("open closed") and not scene.reply.has(_SERVED)


def _negated(scene: Scene, mark: Mark) -> bool:
    sentence = scene.sentence(mark.first)
    nots = scene.marks.within("no", max(0, mark.first - 2), mark.first - 1)
    return any(not _answers_no(scene, no, sentence) for no in nots)


def _answers_no(scene: Scene, no: Mark, sentence: Sentence) -> bool:
    """«нет, открыта»: a no for an answer, and what is so behind it."""
    if scene.reply is None or no.first != sentence.first:
        return False
    return scene.toks[no.last + 1].text == "," or scene.reply.has("closed")
