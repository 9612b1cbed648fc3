"""Vehicles and people: queued, let through an hour, entered a day."""

from __future__ import annotations

import re

from verst.model import Mode
from verst.reading.amounts import Amount
from verst.reading.corrections import corrected
from verst.reading.counted import Counted, counted, over_minutes
from verst.reading.draft import Draft, draft_of
from verst.reading.flows import is_flow, is_total, moved
from verst.reading.idle import is_none
from verst.reading.manner import asserted, mode_near, mode_right_before, mode_words
from verst.reading.scene import Clause, Scene, Sentence

_LONGEST_RATE_MINUTES = 720
_A_DAY_MINUTES = 1500
_MOST_VEHICLES = 20_000  # more never stood at one crossing: a total of days or a slip
_MOST_BICYCLES = 3_000
_A_PRICE = 1_000
_TWO_DAYS = 2 * 1440
_LEAST_FLOW = 10  # people a day; fewer are the ones a story is about
_CROWD = 30
_SHORT_LINE = 4  # tokens
_LABEL = 2  # tokens from the head of a sentence to the means all of it is about
_OWN_PARTY = 4
_ALONE = 20  # so many vehicles in a chat about one crossing are its queue, without another word
_HOLDS = re.compile(r"\d-[^\W\d]+$")  # "a 188-car ferry" says what it holds, "a 188-car queue" how many stand
_QUEUE = "queue ahead stand hold_list wait_noun"


def tallies(scene: Scene) -> list[Draft]:
    """Every count of vehicles or people that says something about a crossing."""
    return [draft for amount in scene.amounts if (draft := _tally(scene, amount)) is not None]


def _tally(scene: Scene, amount: Amount) -> Draft | None:
    unit = counted(scene, amount)
    first, last = amount.first_token, amount.last_token
    if amount.value % 1 and amount.low is None and unit == "vehicle" and not (amount.per or amount.per_minutes):
        return None  # a part of a car is none
    each = amount.value >= _A_PRICE and scene.marks.has("per_car", last + 1, last + 2)
    if each or unit is None or corrected(scene, amount) or is_none(scene, amount):
        return None  # «ни одной машины» counts nothing
    if unit == "person" and _of_a_rule(scene, first, last):
        return None  # «батькам трьох дітей»
    told = asserted(scene, first, past=scene.has("entered", scene.clause(first)))
    if not told or scene.has("figure_elsewhere", scene.sentence(first)):
        return None
    kind, scale = _kind(scene, amount, unit)
    if kind is None:
        return None
    if amount.value == 0:
        return Draft(kind="passage", first=first, last=last, rule="counts.zero", mode=_zero_mode(scene, amount),
                     value="free")  # fmt: skip
    mode = "any" if kind == "flow" else _mode(scene, amount, unit)
    return draft_of(amount, kind, f"counts.{kind}", mode=mode, scale=scale)


def _of_a_rule(scene: Scene, first: int, last: int) -> bool:
    """Whether who is counted are those a rule is about; «чоловік 30» are people, and men in other sentences."""
    men = scene.marks.within("r_exit_military", first, last)
    people = {mark.first for mark in scene.marks.within("people_noun", first, last)}
    counted_so = last == first + 1  # but "most of them men under 40"
    return scene.marks.has("r_child", first, last) or any(not counted_so or mark.first not in people for mark in men)


def _kind(scene: Scene, amount: Amount, unit: Counted) -> tuple[str | None, float]:
    """The kind of claim a count makes, and the factor that brings it to the kind's unit."""
    first = amount.first_token
    clause, sentence = scene.clause(first), scene.sentence(first)
    daily = scene.has("per_day", clause) and scene.has("entered", sentence)
    rate = _rate(scene, amount)
    if rate == (None, 1.0):
        return rate
    if rate is not None and not (unit == "person" and daily):
        return rate
    if unit == "person" and is_flow(scene, amount):
        few = amount.value < _LEAST_FLOW and amount.per is None
        spoilt = few or is_total(scene, amount) or scene.has("future maybe", clause)
        return (None, 1.0) if spoilt else ("flow", 1.0)
    if amount.per == "day":
        return ("flow", 1.0) if scene.has("let", clause) else (None, 1.0)
    return ("queue_count", 1.0) if _is_queue(scene, amount, unit) else (None, 1.0)


def _rate(scene: Scene, amount: Amount) -> tuple[str | None, float] | None:
    """Throughput: an hour, or another short time turned into one."""
    minutes = amount.per_minutes or (60.0 if amount.per == "hour" else over_minutes(scene, amount))
    beside = _joined_to(scene, amount) if minutes is None else None
    if minutes is None and (_shares_rate_before(scene, amount) or (beside is not None and beside.per == "hour")):
        return "throughput", 1.0
    if minutes is None or amount.per == "day":
        return None
    if minutes <= _LONGEST_RATE_MINUTES:
        return "throughput", 60.0 / minutes
    return ("flow", 1.0) if minutes <= _A_DAY_MINUTES else (None, 1.0)  # a total of several days is no claim


def _shares_rate_before(scene: Scene, amount: Amount) -> bool:
    """ "saatte 6 otobüs, 30 binek araç geçiriyorlar": the hour of the count before holds for this one too."""
    at = scene.amounts.index(amount)
    before = scene.amounts[at - 1] if at else None
    if amount.unit != "vehicle" or before is None or before.unit != "vehicle" or before.per != "hour":
        return False
    at = before.last_token + 1
    listed = at + 1 == amount.first_token and (scene.toks[at].text == "," or scene.marks.has("and", at, at))
    return listed and scene.has("let process", scene.sentence(amount.first_token))


def _joined_to(scene: Scene, amount: Amount) -> Amount | None:
    """«десять легковых и две фуры в час»: the count that an "and" joins to this one."""
    at = amount.last_token + 1
    if amount.unit != "vehicle" or not scene.marks.has("and", at, at):
        return None
    return next((a for a in scene.amounts if a.first_token == at + 1 and a.unit == "vehicle"), None)


def _is_queue(scene: Scene, amount: Amount, unit: Counted) -> bool:
    """Whether what is counted stands in line, and was not sold, turned back, wrecked or let through."""
    first, last = amount.first_token, amount.last_token
    clause, sentence = scene.clause(first), scene.sentence(first)
    if amount.value >= _A_PRICE and scene.marks.has("per_car", first, last):
        return False  # «7 тысяч с машины»
    if amount.value >= _A_PRICE and scene.near("charge_for buy", first, last, 2):
        return False  # «берут пятнашку косарей с тачки»
    if amount.mode in ("bicycle", "motorcycle") and amount.value > _MOST_BICYCLES:
        return False
    if amount.value > _MOST_VEHICLES or _of_days(scene, sentence) or scene.has("refuse", clause):
        return False
    listed = any(a.unit == "vehicle" and a is not amount for a in scene.amounts)
    spelt = amount.value == 1 and not any(sign.isdigit() for sign in amount.figures)
    if spelt and not listed and not scene.has("queue ahead", clause):
        return False  # "40 heures dans une Lada"
    sold = amount.value == 1 and scene.has("sell", clause)
    if sold or scene.has("sell buy svc_bicycle", _close(clause, first, last)) or _is_ratio(scene, first):
        return False
    if _is_own(scene, amount) or _is_each(scene, amount) or _goes_back(scene, amount):
        return False
    if _HOLDS.search(amount.figures) and not scene.near("queue", first, last, 2):
        return False
    passed = "entered crossed" if _is_labelled(amount) else "entered"
    if scene.has("per_day", sentence) and scene.has(passed, sentence) and not scene.has("queue stand waited", sentence):
        return False  # «за сутки проехали легковые: 1200, грузовые: 800»
    if (
        scene.has(_QUEUE, clause)
        or (unit == "person" and scene.has("hold_list", sentence))
        or scene.near(_QUEUE, first, last, 6)
    ):
        return True
    let_through = moved(scene, amount) and not scene.has("queue waited", sentence)
    if let_through and not (unit == "vehicle" and not scene.has("entered", clause)):
        return False
    return _stands_at(scene, amount, unit)


def _of_days(scene: Scene, sentence: Sentence) -> bool:
    """Whether a sentence tells a total or a crash; a "since" right behind hours only says how long they wait."""
    hours = {a.last_token for a in scene.amounts if a.unit == "minute" and a.value < _TWO_DAYS}
    totals = scene.marks.within("total", sentence.first, sentence.last)
    return scene.has("ev_accident", sentence) or any(mark.first - 1 not in hours for mark in totals)


def _close(clause: Clause, first: int, last: int) -> Clause:
    """The two tokens before and after a figure, inside its clause: «пешие 300, велики 150»."""
    return Clause(max(clause.first, first - 2), min(clause.last, last + 2))


def _is_own(scene: Scene, amount: Amount) -> bool:
    """«на двух мотоциклах»: what the writers travel by themselves."""
    few = amount.unit == "vehicle" and amount.value <= _OWN_PARTY and bool(amount.mode)
    by = scene.marks.has("to", amount.first_token - 1, amount.first_token - 1)
    by = by and not scene.has(_QUEUE, scene.clause(amount.first_token))
    return (few and by) or _rode_across(scene, amount)


def _goes_back(scene: Scene, amount: Amount) -> bool:
    """«разворачивают всех, человек тридцать обратно шли»."""
    turned = scene.has("refuse", scene.sentence(amount.first_token))
    return amount.unit == "person" and turned and scene.has("back", scene.clause(amount.first_token))


def _rode_across(scene: Scene, amount: Amount) -> bool:
    """«прошли, семь мотоциклов, пять часов»: the writers' own company of riders."""
    sentence = scene.sentence(amount.first_token)
    riders = amount.mode in ("motorcycle", "bicycle") and amount.value <= _CROWD
    return riders and scene.has("crossed", sentence) and not scene.has(_QUEUE, sentence)


def _is_each(scene: Scene, amount: Amount) -> bool:
    """«五百美元一辆», five hundred dollars a piece: the one that a price is for."""
    return amount.value == 1 and any(
        a.unit == "money" and a.last_token == amount.first_token - 1 for a in scene.amounts
    )


def _is_ratio(scene: Scene, first: int) -> bool:
    """«один на двести душ»: so many to one, who stand nowhere."""
    return scene.marks.has("to", first - 1, first - 1) and any(a.last_token == first - 2 for a in scene.amounts)


def _stands_at(scene: Scene, amount: Amount, unit: Counted) -> bool:
    """«Краковець – 40 авто»: a crossing and a number in one line, or a number in a chat about one crossing."""
    sentence, clause = scene.sentence(amount.first_token), scene.clause(amount.first_token)
    if unit == "person":
        here = scene.in_group_about_one or (
            scene.post.chat.kind in ("group", "social") and scene.names(sentence, "crossing")
        )
        crowd = here and amount.value >= _CROWD and not scene.has("entered let total bus elsewhere m_bus", sentence)
        question = scene.reply
        answers = question is not None and question.has("m_foot") and any(s.asks for s in question.sentences)
        return crowd or (here and answers) or scene.has("side_of queue m_foot", sentence)
    line = scene.post.chat.kind == "channel" and clause.last - clause.first < _SHORT_LINE  # «фур более 300»
    line = line or (scene.post.chat.kind == "channel" and scene.has("border", clause))
    about_one = scene.in_group_about_one or (scene.post.chat.about is not None and (line or _is_labelled(amount)))
    if about_one and not scene.has("refuse", sentence):
        waiting = scene.has("border paused moving stand", sentence) or clause.last - clause.first <= 4
        waiting = waiting or _joined_to(scene, amount) is not None
        if amount.value >= _ALONE or waiting:
            return True
    whole = len(scene.sentences) <= 3 or _fills(amount, sentence)
    named = scene.names(None if whole else sentence, "crossing")
    asked = scene.reply is not None and (scene.reply.has("q_many q_long queue q_how ask") or bool(scene.reply.places))
    return named or asked or scene.has("side_of queue", sentence)


def _fills(amount: Amount, sentence: Sentence) -> bool:
    """«Вантажні: 1200»: a line of a list with nothing in it but what is counted and how many."""
    return amount.first_token <= sentence.first + 1 and amount.last_token >= sentence.last - 1


def _is_labelled(amount: Amount) -> bool:
    """Whether the count stands after its own label: «легкові – 20»."""
    return amount.figures[-1:].isdigit() and any(sign in amount.figures for sign in ":-=…")


def _mode(scene: Scene, amount: Amount, unit: Counted) -> Mode | None:
    """The means counted: by the noun, the words near it, the count before; people are on foot."""
    if unit == "person":
        return "foot"
    if amount.mode == "any":  # 货车1200辆: a word for each of what stands before it
        head = scene.sentence(amount.first_token).first
        label = mode_words(scene, Clause(head, min(head + _LABEL, amount.first_token)), counted=False)
        lorries = label == ["truck"] and mode_words(scene, None, counted=False) == ["truck"]
        return mode_right_before(scene, amount.first_token) or ("truck" if lorries else "any")
    if amount.mode:
        named = mode_words(scene, scene.sentence(amount.first_token), counted=False)
        before = scene.marks.has("m_truck", 0, amount.first_token)
        if amount.mode == "car" and _all_together(scene, amount):
            return "any"
        lorries = amount.mode == "car" and named == ["truck"] and before and not _is_labelled(amount)
        return "truck" if lorries else amount.mode
    near = mode_near(scene, amount.first_token, amount.last_token)
    if near:
        return near
    others = [other.mode for other in scene.amounts if other.unit == "vehicle" and other.mode and other is not amount]
    if others:
        return others[0]
    return "car" if amount.unit == "none" else None


def _all_together(scene: Scene, amount: Amount) -> bool:
    """«90 автомобилей, легковые и грузовые вместе»: cars and lorries are named behind one figure for both."""
    sentence = scene.sentence(amount.first_token)
    named = mode_words(scene, Clause(amount.last_token + 1, sentence.last))
    alone = sum(a.unit == "vehicle" and sentence.first <= a.first_token <= sentence.last for a in scene.amounts) == 1
    return alone and {"car", "truck"} <= set(named)


def _zero_mode(scene: Scene, amount: Amount) -> Mode:
    """«Автобусы: 0»: the means that a zero is said of."""
    sentence = scene.sentence(amount.first_token)
    named = mode_words(scene, Clause(sentence.first, amount.first_token - 1))
    return amount.mode or (named[-1] if named else "any")
