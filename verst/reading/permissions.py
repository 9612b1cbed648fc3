"""Who may cross by which means: rules people meet with, from words of letting through and turning back."""

from __future__ import annotations

from dataclasses import replace

from verst.model import Mode
from verst.reading.draft import Draft
from verst.reading.idle import nobody_is_let
from verst.reading.lexicon import Mark
from verst.reading.manner import asserted, mode_words
from verst.reading.scene import Clause, Scene, Sentence

_OTHER_REASONS = "r_pets r_documents r_child r_exit_military r_vehicle r_customs r_entry_stay"
PERMITS = "let refuse may may_not"
_NEAR = 3  # tokens
_SHORT_CLAUSE = 3  # tokens after its first


def permissions(scene: Scene) -> list[Draft]:
    """Who may cross by which means: a means with a word of letting through or turning back."""
    found: dict[tuple[int, str], Draft] = {}
    for concept in ("refuse", "may_not", "let", "may"):
        for mark in scene.marks.by.get(concept, ()):
            value = _permission(scene, mark, concept)
            if value is None:
                continue
            for mode in _permitted_modes(scene, mark):
                if mode in ("truck", "bus", "motorcycle") and _is_rate(scene, mark):
                    continue
                key = (scene.sentence(mark.first).first, mode)
                found.setdefault(key, _mode_rule(mark.first, mark.last, mode, value))
    told = [_no_longer(scene, draft) for draft in found.values()]
    return [*told, *_but_not(scene, told), *_too(scene, told), *_cars_alone(scene, told)] or _short_answer(scene)


def _mode_rule(first: int, last: int, mode: Mode, value: str) -> Draft:
    return Draft(kind="mode_rule", first=first, last=last, mode=mode, rule=f"permissions.{value}", value=value)


def _no_longer(scene: Scene, draft: Draft) -> Draft:
    """«пускали до обеда, сейчас нет»: a short clause behind takes the permission back."""
    if draft.value != "allowed":
        return draft
    for clause in scene.sentence(draft.first).clauses:
        short = clause.first > draft.last and clause.last - clause.first <= _SHORT_CLAUSE
        ends = scene.marks.has("now", clause.first, clause.last) and scene.has("no nope", clause)
        if short and ends and not scene.has(f"{PERMITS} queue free", clause) and not mode_words(scene, clause):
            return replace(draft, value="refused", rule="permissions.no_longer")
    return draft


def _but_not(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """«на велике пускают, пешком нет»: a means with a bare no in the clause after a permission."""
    found = []
    for draft in drafts:
        sentence = scene.sentence(draft.first)
        for clause in sentence.clauses:
            named = [m for m in mode_words(scene, clause) if m != draft.mode]
            bare = clause.first > draft.last and clause.last - clause.first <= _SHORT_CLAUSE + 1 and len(named) == 1
            turned = scene.has("no nope", clause) or (draft.value == "refused" and _is_welcome(scene, clause))
            if bare and turned and not scene.has("let refuse may may_not", clause):
                value = "refused" if draft.value == "allowed" else "allowed"
                found.append(Draft(kind="mode_rule", first=clause.first, last=clause.last, mode=named[0],
                                   rule="permissions.but_not", value=value))  # fmt: skip
    return found


def _is_welcome(scene: Scene, clause: Clause) -> bool:
    """«піших не беруть, а велосипед — будь ласка»: a "please" in the clause, or behind its dash."""
    after = scene.clause(clause.last + 1) if clause.last + 1 < len(scene.toks) else clause
    dashed = scene.toks[clause.last].text in "-," and scene.sentence(clause.first) is scene.sentence(after.first)
    return scene.has("please", clause) or (dashed and scene.has("please", after))


def _too(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """«велики пропускают, пеших тоже»: a means with an "as well" in the clause after a permission."""
    found = []
    for draft in drafts:
        for clause in scene.sentence(draft.first).clauses:
            named = [m for m in mode_words(scene, clause) if m != draft.mode]
            short = clause.first > draft.last and clause.last - clause.first <= _SHORT_CLAUSE and len(named) == 1
            if short and scene.has("also", clause) and not scene.has(f"no nope {PERMITS}", clause):
                found.append(_mode_rule(clause.first, clause.last, named[0], str(draft.value)))
    return found


def _cars_alone(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """«фури не пропускають, легкові пропускають»: cars have a permission of their own where others are turned back."""
    turned = [draft for draft in drafts if draft.value == "refused" and draft.mode in ("truck", "bus")]
    let = [draft for draft in drafts if draft.value == "allowed"]
    for mark in scene.marks.by.get("refuse", ()) if let else ():
        clause = scene.clause(mark.first)
        here = scene.sentence(mark.first) is scene.sentence(let[0].first)
        beside = mode_words(scene, Clause(max(clause.first, mark.first - _NEAR), mark.last + 1)) == ["car"]
        if here and beside and asserted(scene, mark.first, past=True):
            return [_mode_rule(mark.first, mark.last, "car", "refused")]
    for mark in scene.marks.by.get("let", ()) if turned else ():
        clause = scene.clause(mark.first)
        here = scene.sentence(mark.first) is scene.sentence(turned[0].first)
        if (
            here
            and mode_words(scene, clause) == ["car"]
            and asserted(scene, mark.first)
            and not scene.has("no", clause)
        ):
            return [_mode_rule(mark.first, mark.last, "car", "allowed")]
    return []


def _permission(scene: Scene, mark: Mark, concept: str) -> str | None:
    clause = scene.clause(mark.first)
    if concept == "let" and scene.marks.any(("buy", "charge_for"), mark.first, mark.last) and _is_paid(scene, clause):
        return None  # «за маршрутку взяли 25 євро»
    if not asserted(scene, mark.first, past=True) or (concept == "refuse" and scene.has("paused both_ways", clause)):
        return None
    if _none_of_them(scene, clause) and _for_a_while(scene, clause):
        return None  # «ни одной фуры с ночи не взяли» is a pause
    if _has_other_reason(scene, clause) or (
        concept not in ("let", "may")
        and scene.has("r_entry_refusal", clause)
        and not scene.has("m_foot m_bicycle m_bus m_motorcycle", clause)
    ):
        return None
    if concept in ("let", "may"):
        if concept == "let" and _in_so_long(scene, clause):
            return None  # "people get through in under 20 min"
        if scene.has("free", clause) and not _none_of_them(scene, clause):
            return None  # «пешие проходят с ходу» tells of no queue, no rule
        refused = scene.marks.any(("no", "nobody"), max(clause.first, mark.first - 3), mark.first - 1)
        refused = refused or scene.marks.has("nobody", mark.last + 1, clause.last) or _none_follows(scene, mark, clause)
        refused = refused or _none_of_them(scene, clause)
        return "refused" if refused else "allowed"
    return "refused"


def _has_other_reason(scene: Scene, clause: Clause) -> bool:
    """Whether papers, people or goods decide and not the means; «парня на велике пустили» is about the bicycle."""
    reasons = _OTHER_REASONS.split()
    if scene.has("m_foot m_bicycle m_motorcycle", clause):
        reasons.remove("r_exit_military")
    if scene.has("m_motorcycle", clause) and scene.has("no", clause):
        reasons.remove("r_vehicle")  # «на мопеде без номеров пропустили»
    return scene.has(" ".join(reasons), clause)


def _is_paid(scene: Scene, clause: Clause) -> bool:
    """Whether a sum stands in the clause, or in the sentence of goods that are bought to cross with."""
    sentence = scene.sentence(clause.first)
    span: Clause | Sentence = sentence if scene.has("svc_bicycle", sentence) else clause
    return any(a.unit == "money" and span.first <= a.first_token <= span.last for a in scene.amounts)


def _none_of_them(scene: Scene, clause: Clause) -> bool:
    """ "no trucks are let through": none of a means, by its own word."""
    return any(nobody_is_let(scene, mark) for mark in scene.marks.within("free", clause.first, clause.last))


def _in_so_long(scene: Scene, clause: Clause) -> bool:
    """Whether a clause tells how long getting through takes, and no count of a rate."""
    here = [a for a in scene.amounts if clause.first <= a.first_token <= clause.last]
    return [a.unit for a in here] == ["minute"] and not here[0].per_minutes and not mode_words(scene, clause)


def _for_a_while(scene: Scene, clause: Clause) -> bool:
    """Whether it is said since when, or for how long: what lasts so long is a standstill and no rule."""
    since = any(h.kind in ("since", "ago") and clause.first <= h.first_token <= clause.last for h in scene.times)
    return since or any(a.unit == "minute" and clause.first <= a.first_token <= clause.last for a in scene.amounts)


def _none_follows(scene: Scene, mark: Mark, clause: Clause) -> bool:
    """«izin yok», "lassen sie keinen durch": a word that is both not and none, right behind."""
    last = min(clause.last, mark.last + 2)
    nots = {m.first for m in scene.marks.within("no", mark.last + 1, last)}
    return any(m.first in nots for m in scene.marks.within("missing", mark.last + 1, last))


def _permitted_modes(scene: Scene, mark: Mark) -> list[Mode]:
    """The means of the clause, else of the sentence, else of the question that is answered."""
    sentence, clause = scene.sentence(mark.first), scene.clause(mark.first)
    before = Clause(sentence.first, mark.last)
    rated = _tells_rate(scene, clause)
    for span in (clause,) if rated else (clause, before, sentence):
        only = scene.has("only", span) and mark.concept in ("let", "may")
        said = mode_words(scene, span)
        if span is before and said[-1:] == ["car"] and not only:
            return []  # «фуры стоят, легковые объезжают и проходят»
        named: list[Mode] = [m for m in said if m not in ("air", "train") and (only or m != "car")]
        if (
            len(named) > 1
            and "bicycle" in named
            and scene.has("buy sell cost", span)
            and scene.has("svc_bicycle", span)
        ):
            named.remove("bicycle")  # bought, "because pedestrians are not allowed"
        if span is before:
            named = [m for m in named if not _spoken_for(scene, mark, m)]
        if named:
            return named if span is not before else named[-1:]
    if scene.reply is not None and not rated and not scene.marks.has("charge_for", mark.first, mark.last):
        asked: list[Mode] = [m for m in mode_words(scene.reply, None) if m != "car"]
        return asked[:1]
    return []


def _spoken_for(scene: Scene, mark: Mark, mode: Mode) -> bool:
    """«с велосипедом пустили, а дедушку отправили»: the means has its own permission in a clause before."""
    return any(
        clause.last < mark.first and mode in mode_words(scene, clause) and scene.has(PERMITS, clause)
        for clause in scene.sentence(mark.first).clauses
    )


def _tells_rate(scene: Scene, clause: Clause) -> bool:
    """«запускают по 10 штук в 20 минут»: so many in such a time."""
    here = [a for a in scene.amounts if clause.first <= a.first_token <= clause.last]
    counted = any(a.unit in ("vehicle", "person", "none") for a in here)
    return any(a.per or a.per_minutes for a in here) or (counted and any(a.unit == "minute" for a in here))


def _is_rate(scene: Scene, mark: Mark) -> bool:
    """«одну фуру в час пропускают» says how many, not who may."""
    sentence = scene.sentence(mark.first)
    rated = any((a.per or a.per_minutes) and sentence.first <= a.first_token <= sentence.last for a in scene.amounts)
    return rated or _tells_rate(scene, scene.clause(mark.first))


def _short_answer(scene: Scene) -> list[Draft]:
    """«неа, никого» to «а с великом пропускают?»"""
    asked = scene.reply
    if asked is None or not asked.has("let may") or not any(s.asks for s in scene.sentences[:0] or asked.sentences):
        return []
    modes = [m for m in mode_words(asked, None) if m not in ("car", "air", "train")]
    opening = Clause(0, min(3, len(scene.toks) - 1))
    if len(modes) != 1 or not asserted(scene, 0, past=True):
        return []
    if scene.has("nope nobody", opening):
        value = "refused"
    elif scene.has("yes", opening):
        value = "allowed"
    else:
        return []
    return [Draft(kind="mode_rule", first=0, last=opening.last, mode=modes[0], rule="permissions.answer", value=value)]
