"""Durations that are waits: stood, standing, needed to get across."""

from __future__ import annotations

from verst.model import Bound, Mode
from verst.reading.amounts import Amount
from verst.reading.corrections import corrected, corrects
from verst.reading.draft import Draft
from verst.reading.manner import mode_in_brackets, mode_near, mode_right_before, mode_words
from verst.reading.scene import Clause, Scene, Sentence
from verst.reading.since import LONGEST_MINUTES, SHORTEST_MINUTES, between, from_to, since
from verst.reading.waiting import is_wait, only_already

_LONG_UNITS = ("week", "month", "year")
_SHORT_CLAUSE = 4
_FEW_KM = 20
_DAY = 1440
_BESIDE_PLACE = 3  # tokens
_SHORT_ANSWER = 14  # tokens


def waits(scene: Scene) -> list[Draft]:
    """Every wait the post states, from durations and from «с 6 утра стоим»."""
    found = [draft for amount in scene.amounts if (draft := _wait(scene, amount)) is not None]
    summed = [draft for draft in found if scene.near("sum", draft.first, draft.last, 2)]
    return summed or _both_sides(scene, found) or found or between(scene) or since(scene) or from_to(scene)


def _both_sides(scene: Scene, found: list[Draft]) -> list[Draft]:
    """«45 минут наша сторона, 20 минут финская»: the two stages of one crossing make one wait."""
    if len(found) != 2 or any(draft.mode or draft.low is not None for draft in found):
        return []
    one, other = found
    clauses = [scene.clause(one.first), scene.clause(other.first)]
    if all(scene.names(clause, "crossing") for clause in clauses):
        return []  # each is of its own crossing
    if any(one.last < h.first_token < other.first and h.kind == "at" for h in scene.times):
        return []  # «позавчора до Угорщини сто хвилин, сьогодні назад двадцять»
    near = scene.sentence(one.first) is scene.sentence(other.first)
    if clauses[0] is clauses[1]:  # «две часа на нашей стороне и ещё час на польской»
        clauses = [Clause(clauses[0].first, other.first - 1), Clause(other.first, clauses[1].last)]
    sided = [scene.has("side first_person queue here border", c) or scene.names(c, "country") for c in clauses]
    if not near or not all(sided) or not _tells_stages(scene, one):
        return []
    total = float(one.value or 0) + float(other.value or 0)
    return [Draft(kind="wait", first=one.first, last=other.last, rule="durations.both_sides", value=total,
                  bound=one.bound if one.bound == other.bound else "approx")]  # fmt: skip


def _tells_stages(scene: Scene, one: Draft) -> bool:
    sentence = scene.sentence(one.first)
    return scene.has("side border", sentence) or scene.names(sentence, "country")


def _wait(scene: Scene, amount: Amount) -> Draft | None:
    minutes = _minutes(scene, amount)
    if minutes is None:
        return None
    value, low, high = minutes
    if scene.marks.any(("open", "normal"), amount.first_token, amount.last_token):
        return None  # "działa całą dobę"
    if corrected(scene, amount):
        return None  # «не 40 часов, а все 50»
    if value is None or not SHORTEST_MINUTES <= value <= LONGEST_MINUTES:
        return None
    if not is_wait(scene, amount) and _put_right(scene, amount) is None and not _goes_with_one_before(scene, amount):
        return None
    return Draft(kind="wait", first=amount.first_token, last=amount.last_token, rule="durations.wait",
                 mode=_mode(scene, amount), value=value, low=low, high=high, bound=_bound(scene, amount))  # fmt: skip


def _minutes(scene: Scene, amount: Amount) -> tuple[float | None, float | None, float | None] | None:
    if amount.per or amount.per_minutes or _is_day_of(scene, amount) or _is_hour_of(scene, amount):
        return None
    if (
        amount.bare
        and amount.value > 60
        and not scene.answers_how_long
        and not (amount.bound != "exact" and scene.reply is not None and scene.reply.has("q_how"))
        and not scene.near("stand waited crossed queue", amount.first_token, amount.last_token, 3)
        and mode_right_before(scene, amount.first_token) is None
    ):
        return None
    if amount.bare and amount.unit_said in _LONG_UNITS:
        return None
    if amount.unit == "minute":
        return amount.value, amount.low, amount.high
    clause = scene.clause(amount.first_token)
    if amount.unit == "clock" and amount.as_minutes and scene.has("stand waited crossed", clause):
        return amount.as_minutes, None, None
    if amount.unit == "none" and (unit := _unit_before(scene, amount)):
        return _times(amount, unit)
    if amount.unit == "none" and (unit := _put_right(scene, amount)):
        return _times(amount, unit)
    if amount.unit == "none" and (unit := _unit_of_sentence_before(scene, amount)):
        return _times(amount, unit)
    if amount.unit == "none" and (unit := _doubted_unit(scene, amount)):
        return _times(amount, unit)
    if amount.unit == "none" and scene.answers_how_long and (unit := _asked_unit(scene)):
        return _times(amount, unit)
    return None


def _is_day_of(scene: Scene, amount: Amount) -> bool:
    """«in the last 24 hours», «24 საათში»: the day of a flow, no wait."""
    near = scene.marks.within("per_day", amount.first_token - 2, amount.last_token + 1)
    if not near:
        return False
    after = scene.marks.any(("waited", "crossed", "stand"), amount.last_token + 1, amount.last_token + 2)
    if after or scene.answers_how_long:
        return False  # «за сутки отстояли»
    wide = [mark for mark in near if mark.last > mark.first and mark.last >= amount.last_token]
    return any(amount.value >= _DAY or mark.first <= amount.first_token for mark in wide)  # but "half a day"


def _is_hour_of(scene: Scene, amount: Amount) -> bool:
    """«საათში 60 მანქანა», an hour, 60 cars: the hour of a rate."""
    after = amount.last_token + 1
    return amount.bare and any(a.first_token == after and (a.per or a.per_minutes) for a in scene.amounts)


def _times(amount: Amount, unit: float) -> tuple[float | None, float | None, float | None]:
    low = None if amount.low is None else amount.low * unit
    high = None if amount.high is None else amount.high * unit
    return amount.value * unit, low, high


def _unit_before(scene: Scene, amount: Amount) -> float | None:
    """«Fußgänger 2 Stunden, Autos etwa 12», «за 3 часа, друзья уже 9 стоят»: the unit of the wait before."""
    clause, sentence = scene.clause(amount.first_token), scene.sentence(amount.first_token)
    elsewhere = _is_at_another_crossing(scene, amount)
    head = _with_one_before(scene, sentence).first if elsewhere else sentence.first
    before = [a for a in scene.amounts if head <= a.first_token < amount.first_token]
    if not before or before[-1].unit != "minute" or before[-1].per:
        return None
    if scene.marks.has("side", amount.last_token + 1, amount.last_token + 1):
        return None  # "iki taraf toplam"
    if amount.value == 1 and not amount.figures[:1].isdigit():
        return None  # „da steht ein Zelt“
    by_means = clause.last - clause.first <= _SHORT_CLAUSE and bool(set(mode_words(scene, clause)) - {"train"})
    by_means = by_means or elsewhere or _is_now(scene, amount, sentence) or _at_another_stage(scene, amount)
    beside = Clause(max(clause.first, amount.first_token - 2), min(clause.last, amount.last_token + 2))
    if not by_means and not scene.has("stand waited", beside):
        return None
    return before[-1].factor


def _is_at_another_crossing(scene: Scene, amount: Amount) -> bool:
    """«на Куничиной Горе три часа, на Шумилкино – пять», "Budomierz only four": a crossing and a number alone."""
    sentence = _with_one_before(scene, scene.sentence(amount.first_token))
    named = [h.last_token for h in scene.places if h.what == "crossing" and h.first_token >= sentence.first]
    beside = any(0 < amount.first_token - last <= _BESIDE_PLACE for last in named)
    before = [a for a in scene.amounts if sentence.first <= a.first_token < amount.first_token]
    apart = bool(before) and any(before[-1].last_token < last < amount.first_token for last in named)
    after = amount.last_token + 1
    alone = after > sentence.last or not scene.toks[after].text[0].isalnum()
    return beside and apart and alone and before[-1].unit == "minute"


def _with_one_before(scene: Scene, sentence: Sentence) -> Sentence:
    """A sentence and what a semicolon joins it to."""
    joined = sentence.first > 0 and scene.toks[sentence.first - 1].text == ";"
    return Sentence(scene.sentence(sentence.first - 1).first, sentence.last) if joined else sentence


def _at_another_stage(scene: Scene, amount: Amount) -> bool:
    """«минут 15 на нашей и 20 у эстонцев», «14 год в колоні і ще 2 на паспортному»: joined, and where it was."""
    clause = scene.clause(amount.first_token)
    before = [a for a in scene.amounts if clause.first <= a.first_token < amount.first_token]
    joint = scene.marks.any(("and", "remain"), amount.first_token - 1, amount.first_token - 1)
    after = Clause(amount.last_token + 1, min(clause.last, amount.last_token + 3))
    there = scene.has("border side", after) or scene.names(after, "country")
    return bool(before) and before[-1].unit == "minute" and joint and there


def _is_now(scene: Scene, amount: Amount, sentence: Sentence) -> bool:
    """«вчера было 10 часов, сегодня легче, 4»: a number alone, right behind a word of now."""
    clause = scene.clause(amount.first_token)
    alone = clause.last == amount.last_token or scene.toks[amount.last_token + 1].text in ".!,"
    now = [m for m in scene.marks.within("now", sentence.first, amount.first_token) if amount.first_token - m.last <= 4]
    return alone and bool(now)


def _goes_with_one_before(scene: Scene, amount: Amount) -> bool:
    """Whether a number of now stands beside a wait of before."""
    sentence = scene.sentence(amount.first_token)
    before = [a for a in scene.amounts if sentence.first <= a.first_token < amount.first_token]
    if amount.unit != "none" or not before or not _is_now(scene, amount, sentence):
        return False
    return before[-1].unit == "minute" and is_wait(scene, before[-1])


def _put_right(scene: Scene, amount: Amount) -> float | None:
    """«не 40 а 14» to «40 часов», «не 40 часов, а все 50»: the unit of the duration that is put right."""
    if corrects(scene, amount) == "minute":
        return [a for a in scene.amounts if a.last_token < amount.first_token][-1].factor
    if scene.reply is None or corrects(scene, amount) != "none":
        return None
    taken_back = [a.value for a in scene.amounts if a.last_token < amount.first_token][-1]
    meant = [a for a in scene.reply.amounts if a.unit == "minute" and a.value == taken_back * a.factor]
    return meant[0].factor if meant else None


def _unit_of_sentence_before(scene: Scene, amount: Amount) -> float | None:
    """ "I said 5 hours. It took 13.": a short sentence that ends in a number of the hours told in the one before."""
    sentence = scene.sentence(amount.first_token)
    at = scene.sentences.index(sentence)
    words = [t for t in scene.toks[amount.last_token + 1 : sentence.last + 1] if t.text[0].isalnum()]
    took = scene.marks.any(("crossed", "waited"), amount.first_token - 2, amount.first_token - 1)
    if not at or words or not took or sentence.last - sentence.first > _SHORT_CLAUSE + 1:
        return None
    before = scene.sentences[at - 1]
    told = [a for a in scene.amounts if before.first <= a.first_token <= before.last and a.unit == "minute"]
    return told[-1].factor if told else None


def _doubted_unit(scene: Scene, amount: Amount) -> float | None:
    """«вигадують, дві з половиною» to «пишуть, що 12 годин?!»: the unit of the only wait that is answered."""
    told = [a for a in scene.reply.amounts if a.unit == "minute"] if scene.reply is not None else []
    alone = len(told) == 1 and len(scene.amounts) == 1 and len(scene.toks) <= _SHORT_ANSWER
    own = scene.has("denial crossed stand waited first_person", scene.sentence(amount.first_token))
    return told[0].factor if alone and own and not amount.per else None


def _asked_unit(scene: Scene) -> float | None:
    """The unit of «сколько часов?»: a question names it, the answer gives the bare number."""
    assert scene.reply is not None
    if scene.reply.has("q_hours"):
        return 60.0
    return 1440.0 if scene.reply.has("q_days") else None


def _bound(scene: Scene, amount: Amount) -> Bound:
    """What is still going on is at least so long."""
    if amount.bound != "exact":
        return amount.bound
    clause = scene.clause(amount.first_token)
    lasting = scene.near("stand", amount.first_token, amount.last_token, 5) and scene.has("stand", clause)
    over = scene.has("waited crossed wait_noun", clause) and not _so_far(scene, clause)
    if not over and scene.has("crossed", clause):
        return "min"
    return "min" if only_already(scene, amount) or (lasting and not over) else "exact"


def _so_far(scene: Scene, clause: Clause) -> bool:
    """«за девять часов проехали два», «за три часа прошли метров двести»: on the way yet."""
    gone = {mark.last + 1 for mark in scene.marks.within("crossed", clause.first, clause.last)}
    return any(a.first_token in gone and (a.unit == "km" or (a.unit == "none" and a.value < _FEW_KM))
               for a in scene.amounts)  # fmt: skip


def _mode(scene: Scene, amount: Amount) -> Mode | None:
    clause, sentence = scene.clause(amount.first_token), scene.sentence(amount.first_token)
    bracketed = mode_in_brackets(scene, amount.last_token)
    if bracketed is not None:
        return bracketed
    if mode_words(scene, clause):
        return mode_near(scene, amount.first_token, amount.last_token)
    labelled = scene.toks[amount.first_token - 1].text in (":", "-") and amount.first_token > 1
    if labelled and (label := mode_right_before(scene, amount.first_token - 1)):
        return label  # "cars: 3h, buses: 1h30"
    before = Clause(sentence.first, amount.first_token)
    own = scene.post.chat.kind == "group"
    named = mode_words(scene, before, counted=own)
    return named[-1] if named and len(set(named)) == 1 else None
