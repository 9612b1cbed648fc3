"""Events, services and rules that people speak of: no figure, a tag."""

from __future__ import annotations

from collections.abc import Mapping

from verst.reading.draft import Draft
from verst.reading.lexicon import Mark
from verst.reading.manner import asserted, mode_words
from verst.reading.scene import Clause, Scene

EVENTS = (
    "draft_point",
    "armour",
    "fight",
    "robbery",
    "accident",
    "shift",
    "weather",
    "it_down",
    "strike",
    "bribe",
    "aid",
)
SERVICES = ("fuel", "water", "food", "toilet", "sim", "atm", "charge", "warmth", "medical", "lodging")
RULES = ("exit_military", "entry_refusal", "child", "pets", "vehicle", "customs", "entry_stay", "documents")
_LEFT = ("RU", "UA", "BY")  # whose own officers turn people back for other reasons
_SOLD_BESIDE = "svc_seat svc_bicycle svc_transfer svc_lodging svc_insurance m_bus m_car"
_GENERAL = ("entry_stay", "documents")
TURNED_AWAY = "tags.turned_away"
_REACH = 6
_RULE_REACH = 10
_BESIDE = 4  # tokens from «у» to the place that it is at
_LIST = 2  # services named together in a chat are there
_OF_EVENTS = {f"ev_{tag}": tag for tag in EVENTS}
_OF_SERVICES = {f"s_{tag}": tag for tag in SERVICES}
_OF_RULES = {f"r_{tag}": tag for tag in RULES}


def events(scene: Scene) -> list[Draft]:
    """What happens at the crossing beside the queue."""
    found = []
    for concept, tag in _spoken_of(scene, _OF_EVENTS):
        mark = next((m for m in scene.marks.by[concept] if _happens(scene, m)), None)
        if mark is not None:
            found.append(Draft(kind="event", first=mark.first, last=mark.last, rule=f"tags.{tag}", tag=tag, mode="any"))
    return found


def bribes(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """Money to officials is an event as well as a price."""
    paid = [draft for draft in drafts if draft.service == "bribe"]
    told = scene.ad or any(draft.tag == "bribe" for draft in drafts)
    return [] if told else [
        Draft(kind="event", first=draft.first, last=draft.last, rule="tags.bribe", tag="bribe", mode="any")
        for draft in paid[:1]
    ]  # fmt: skip


def _spoken_of(scene: Scene, tags: Mapping[str, str]) -> list[tuple[str, str]]:
    """The concepts of tags that the post has words of, with their tags; of most posts none."""
    if scene.marks.concepts.isdisjoint(tags):
        return []
    return [(concept, tag) for concept, tag in tags.items() if concept in scene.marks.concepts]


def _happens(scene: Scene, mark: Mark) -> bool:
    if scene.ad or not asserted(scene, mark.first) or (mark.concept == "ev_robbery" and _is_dear(scene, mark)):
        return False
    if mark.concept == "ev_aid" and scene.marks.has("ad_not", mark.first, mark.last) and not _is_given(scene, mark):
        return False
    return not scene.marks.has("no", max(0, mark.first - 2), mark.first - 1)


def _is_given(scene: Scene, mark: Mark) -> bool:
    """Whether what is free of charge is something people need: «чемодан бесплатно» is part of a fare."""
    sentence = scene.sentence(mark.first)
    given = scene.has("m_bus m_train", sentence) or any(scene.has(f"s_{tag}", sentence) for tag in SERVICES)
    helpers = scene.marks.within("ev_aid", sentence.first, sentence.last)
    return given or any(not scene.marks.has("ad_not", m.first, m.last) for m in helpers if m.first != mark.first)


def _is_dear(scene: Scene, mark: Mark) -> bool:
    """«доллар 75, лари 30. Грабёж»: a word of robbery that stands alone behind a price."""
    clause = scene.clause(mark.first)
    alone = clause.last - clause.first <= 1
    return alone and any(a.unit == "money" or a.currency for a in scene.amounts if a.last_token < mark.first)


def services(scene: Scene) -> list[Draft]:
    """Fuel, water, food … at the crossing: there is some, or there is none."""
    found = []
    for concept, tag in _spoken_of(scene, _OF_SERVICES):
        for mark in scene.marks.by[concept]:
            value = None if _is_landmark(scene, mark) else _supply(scene, mark)
            if value:
                found.append(Draft(kind="service", first=mark.first, last=mark.last, rule=f"tags.{tag}", tag=tag,
                                   value=value, mode="any"))  # fmt: skip
                break
    return found


def _is_landmark(scene: Scene, mark: Mark) -> bool:
    """«туалет у заправки»: another service, and a place that only says where it is."""
    clause = scene.clause(mark.first)
    before = scene.marks.within("beside", max(clause.first, mark.first - _BESIDE), mark.first)
    if not before or scene.marks.any(("border", *_OF_SERVICES), before[-1].last + 1, mark.first - 1):
        return False
    return any(scene.has(concept, clause) for concept in _OF_SERVICES if concept != mark.concept)


def _supply(scene: Scene, mark: Mark) -> str | None:
    if not asserted(scene, mark.first):
        return None
    clause = scene.clause(mark.first)
    first, last = max(clause.first, mark.first - _REACH), min(clause.last, mark.last + _REACH)
    if scene.marks.has("snack", mark.first, mark.last):  # «чай бітті», «кофе не остыл»: one's own
        there = scene.has("available", clause) and not scene.has("first_person", clause)
        given = there or scene.has("sell open", clause) or _on_sale(scene, clause)
        given = given or scene.has("ev_aid", scene.sentence(mark.first))
        return "available" if given and not scene.ad else None
    if scene.marks.any(("missing", "no"), first, last):
        bought = scene.marks.has("buy", mark.last + 1, last) and not scene.has("missing", clause)
        return "available" if bought else "missing"  # «симку взяли без ИИН»
    if _shut_off(scene, mark):
        return "missing"
    if scene.marks.any(("available", "open"), first, last) or _on_sale(scene, clause):
        return "available"
    sentence = scene.sentence(mark.first)
    if scene.marks.has("available", sentence.first, sentence.last) and not scene.has("missing", sentence):
        return "available"
    if sentence.last > clause.last and scene.marks.has(
        "missing", clause.last, min(sentence.last, clause.last + _REACH)
    ):
        return "missing" if not scene.has("available", clause) else "available"
    if scene.has("ev_aid", sentence) and not scene.has("missing no", sentence):
        return "available"  # "volunteers at the exit, hot soup"
    listed = sum(scene.has(concept, sentence) for concept, _ in _spoken_of(scene, _OF_SERVICES))
    if listed >= _LIST and scene.post.chat.kind == "group" and not scene.has("missing no figure_elsewhere", sentence):
        return "available"
    return "available" if scene.ad and not scene.has(_SOLD_BESIDE) else None


def _on_sale(scene: Scene, clause: Clause) -> bool:
    """«чай 100р», «бензин по 200 тенге»: who names its price says that there is some."""
    return not scene.has(_SOLD_BESIDE, clause) and any(
        a.unit == "money" and clause.first <= a.first_token <= clause.last for a in scene.amounts
    )


def _shut_off(scene: Scene, mark: Mark) -> bool:
    """«кран воды перекрыли», «заправка закрыта»: what is shut there, and not the border."""
    clause = scene.clause(mark.first)
    near = scene.marks.has("closed", mark.last + 1, min(clause.last, mark.last + _REACH))
    return near and not scene.has("border", clause)


def rules(scene: Scene) -> list[Draft]:
    """What is asked for, accepted or refused: papers, men, children, animals, goods, vehicles, visas."""
    last = scene.sentences[-1]
    if last.asks and scene.has("let refuse may may_not r_check r_enough", last):
        return []  # «мужу 44, ограниченно годен. Таких разворачивают?»
    found: dict[str, Mark] = {}
    for concept, tag in _spoken_of(scene, _OF_RULES):
        mark = next((m for m in scene.marks.by[concept] if _governs(scene, m)), None)
        if mark is not None and not (tag in _GENERAL and _belongs_to_another(scene, mark, tag, found)):
            found[tag] = mark
    turned = _turned_away(scene) if not {"pets", "child", "vehicle", "customs"} & found.keys() else None
    if turned is not None:
        return [Draft(kind="rule", first=turned.first, last=turned.last, rule=TURNED_AWAY, tag="entry_refusal",
                      mode="any")]  # fmt: skip
    papers = found.get("documents")
    if papers is not None and len(found) > 1 and scene.has("no", scene.clause(papers.first)):
        del found["documents"]  # «ставят 30 дней, визу не просят»
    return [Draft(kind="rule", first=mark.first, last=mark.last, rule=f"tags.{tag}", tag=tag, mode="any")
            for tag, mark in found.items()]  # fmt: skip


def _turned_away(scene: Scene) -> Mark | None:
    """«латыши мужика завернули»: officers of the country entered, and a person sent back, whatever the means."""
    for mark in scene.marks.by.get("refuse", ()):
        clause, sentence = scene.clause(mark.first), scene.sentence(mark.first)
        by = any(
            h.what == "country" and h.ids[0] not in _LEFT and clause.first <= h.first_token <= clause.last
            for h in scene.places
        )
        whom = scene.has("relative first_person r_exit_military", clause)
        other = bool(mode_words(scene, sentence)) or scene.has("r_documents", sentence)
        if by and whom and not other and asserted(scene, mark.first, past=True):
            return mark
    return None


def _belongs_to_another(scene: Scene, mark: Mark, tag: str, found: dict[str, Mark]) -> bool:
    """Papers of a dog, a child or a car, and visas of people who are refused, are that rule, not one of papers."""
    clause = scene.clause(mark.first)
    others = [other for other in RULES if other != tag and other not in _GENERAL]
    if any(scene.has(f"r_{other}", clause) for other in others if other in found):
        return True
    refused = found.get("entry_refusal")
    return refused is not None and scene.sentence(refused.first).first <= mark.first


def _governs(scene: Scene, mark: Mark) -> bool:
    """A noun of papers, people or goods with a verb of asking, letting through or refusing nearby."""
    if scene.ad or not asserted(scene, mark.first, past=True):
        return False
    sentence, clause = scene.sentence(mark.first), scene.clause(mark.first)
    if scene.has("ask whether figure_elsewhere", clause) and scene.post.chat.kind == "group":
        return False
    first, last = max(sentence.first, mark.first - _RULE_REACH), min(sentence.last, mark.last + _RULE_REACH)
    if mark.concept == "r_child":  # «с утра пускают, сам на дочкином стелсе проехал»
        first, last = max(first, clause.first), min(last, clause.last)
    verbs = ["refuse", "may_not", "let", "may"]
    if mark.concept == "r_entry_refusal":
        return scene.marks.any(("refuse", "may_not"), sentence.first, sentence.last)
    if mark.concept == "r_exit_military" and scene.marks.has("refuse", sentence.first, mark.last + 3 * _RULE_REACH):
        return True
    if mark.concept == "r_documents" and scene.has("crossed", clause):
        return True
    if mark.concept == "r_entry_stay" and scene.has("entering stay", clause):
        return True  # «въезд россиянам без визы до года»
    return scene.marks.any([*verbs, "r_check", "r_enough"], first, last)
