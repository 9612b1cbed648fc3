"""What a number counts: vehicles or people, by its noun or by what the sentence and the question speak of."""

from __future__ import annotations

from typing import Literal

from verst.reading.amounts import Amount
from verst.reading.corrections import corrects
from verst.reading.manner import mode_words
from verst.reading.scene import Clause, Scene

Counted = Literal["vehicle", "person"]

_VEHICLES = ("vehicle_noun", "m_car", "m_truck")
_PAID = "svc_seat svc_bicycle svc_transfer svc_insurance charge_for buy sell cost per_car per_person"
_EARLIEST_YEAR, _LATEST_YEAR = 1950, 2035
_SHORT_ANSWER = 14
_LEAST_AGAIN = 20  # a second count without a noun: «Со стороны Керчи 130»
_LEAST_FLOW = 100
_LEAST_AHEAD = 4
_LINES = 40  # of a list, back to a count in words
_MEANS_AND_NUMBER = 2  # tokens behind the first of a clause, with its comma
_CLOCK = 3  # tokens of «час ноль-ноль»
_RIGHT_BEFORE = 2  # tokens from a country to its figure
_LISTED = 3  # tokens from the first of such a pair to the comma behind it


def counted(scene: Scene, amount: Amount) -> Counted | None:
    """Vehicles, people, or None where the number counts neither."""
    if amount.unit == "vehicle":
        return None if scene.marks.has("of_them", amount.first_token, amount.last_token - 1) else "vehicle"
    if amount.unit == "person":
        return "person"
    if scene.marks.has("of_them", amount.first_token - 1, amount.first_token - 1):
        return None  # «33 часа на машине, из них 30 спал»
    after = amount.last_token, amount.last_token + 1
    if amount.unit in ("none", "other") and scene.marks.any(("entered", "flow_noun"), *after):
        return "person"  # «243 arrivals»
    if amount.unit != "none" or amount.currency:
        return None
    clause = scene.clause(amount.first_token)
    if amount.per == "day" and amount.value >= _LEAST_FLOW and scene.has("entered flow_noun", clause):
        return "person"  # «въезжает около 10 тысяч в день»
    if amount.last_token < clause.last and scene.marks.has("queue", amount.last_token + 1, amount.last_token + 1):
        return None  # «две колонны машин»
    onto = scene.marks.has("to", amount.last_token + 1, amount.last_token + 1)  # «торговались за 20 на машину»
    if not onto and scene.marks.any(_VEHICLES, amount.last_token + 1, min(amount.last_token + 2, clause.last)):
        return "vehicle"  # «3500 ожидающих машин»
    if amount.value >= _LEAST_FLOW and scene.marks.has("m_foot", amount.last_token + 1, amount.last_token + 2):
        return "person"  # "three thousand on foot"
    if _walkers(scene, amount):
        return "person"
    if _listed(scene, amount) or _in_its_line(scene, amount) or _of_those_named(scene, amount):
        return "vehicle"
    return (
        _parallel(scene, amount)
        or _put_right(scene, amount)
        or _by_question(scene, amount)
        or _by_rate(scene, amount)
        or _by_line(scene, amount)
        or _again(scene, amount)
        or _in_front(scene, amount)
    )


def _walkers(scene: Scene, amount: Amount) -> bool:
    """«Пеших сотни три, стоят от памятника»: those on foot, and right behind them how many."""
    before = amount.first_token - 1, amount.first_token - 1
    named = scene.marks.has("m_foot", *before) and scene.marks.has("people_noun", *before)
    return named and amount.value >= _LEAST_AGAIN and not (amount.per or amount.per_minutes)


def _put_right(scene: Scene, amount: Amount) -> Counted | None:
    """«300 машин, это неправда, насчитал сто десять»: of what was counted before it."""
    return "vehicle" if corrects(scene, amount) == "vehicle" else None


def _listed(scene: Scene, amount: Amount) -> bool:
    """«фури 180», «машин 35, автобус один»: a means right before its number, nothing else between two commas.

    A number after a bus may be that of its line: it counts only beside other vehicles that are counted.
    """
    clause = scene.clause(amount.first_token)
    named = sum(h.last_token - h.first_token + 1 for h in scene.places if clause.first <= h.first_token <= clause.last)
    about = scene.marks.has("from", amount.first_token - 1, amount.first_token - 1) and amount.value >= _LEAST_AGAIN
    if about and scene.marks.any(_VEHICLES, amount.first_token - 2, amount.first_token - 2):
        return True  # «авто з двадцять»
    signed = not scene.toks[amount.first_token - 1].text[0].isalnum() and bool(
        mode_words(scene, Clause(amount.first_token - 1, amount.first_token - 1))
    )  # «🚗 110 🚌 7»
    if signed and not amount.per:
        return True
    if clause.last - clause.first - named > _LISTED or amount.per or amount.per_minutes:
        return False
    before = amount.first_token - 1, amount.first_token - 1
    if scene.marks.any(("m_car", "m_truck"), *before):
        alone = clause.last - clause.first - named <= _MEANS_AND_NUMBER and amount.value >= _LEAST_AHEAD  # «фуры 10, …»
        return (alone or amount.value >= _LEAST_AGAIN) and not _EARLIEST_YEAR <= amount.value <= _LATEST_YEAR
    others = [other for other in scene.amounts if other is not amount and other.unit in ("vehicle", "person")]
    rides = scene.marks.has("m_bicycle", *before) and amount.value >= _LEAST_AGAIN
    listed = bool(others) or any(scene.marks.has("m_car", a.first_token - 2, a.first_token - 1) for a in scene.amounts)
    return listed and (rides or scene.marks.has("m_bus", *before))


def _in_its_line(scene: Scene, amount: Amount) -> bool:
    """ "Krakovets cars: 18": a line of a crossing, a means with its colon, and a number that ends it."""
    first, sentence = amount.first_token, scene.sentence(amount.first_token)
    labelled = scene.toks[first - 1].text == ":" and scene.marks.any(_VEHICLES, first - 2, first - 2)
    labelled = labelled and any(h.what == "crossing" and h.last_token == first - 3 for h in scene.places)
    return labelled and amount.last_token == sentence.last and not (amount.per or amount.per_minutes)


def _of_those_named(scene: Scene, amount: Amount) -> bool:
    """«легковые ждут 12 часов, всего их в очереди около 520»: so many in the queue, of the vehicles named before."""
    clause, sentence = scene.clause(amount.first_token), scene.sentence(amount.first_token)
    if amount.value < _LEAST_AGAIN or not scene.has("here queue", clause) or scene.has(_PAID, clause):
        return False
    named = scene.marks.any(_VEHICLES, sentence.first, amount.first_token - 1)
    return named and _ends_at(scene, amount.last_token + 1)


def _parallel(scene: Scene, amount: Amount) -> Counted | None:
    """«Шегині – 20 авто, Краківець – 35, Устилуг – 15»: a crossing and a bare number, as one and a count before it."""
    ends = {hit.last_token for hit in scene.places if hit.what == "crossing"}
    if not ends & set(range(amount.first_token - 3, amount.first_token)):
        return None
    sentence, at = scene.sentence(amount.first_token), scene.amounts.index(amount)
    heading = Clause(sentence.first, min((end for end in ends if end >= sentence.first), default=sentence.first))
    if scene.marks.any(_VEHICLES, heading.first, heading.last) and scene.has("queue busy", heading):
        return "vehicle"  # «накопичення авто спостерігається в ПП «Порубне» - 180, «Дяківці» - 20»
    alike = [
        _what(scene, other)
        for other in scene.amounts[max(0, at - _LINES) : at]
        if other.first_token >= sentence.first and ends & set(range(other.first_token - 3, other.first_token))
    ]
    return next((what for what in alike if what), None)


def _what(scene: Scene, amount: Amount) -> Counted | None:
    """What a figure counts by its own noun: vehicles, or people who came."""
    if amount.unit == "vehicle":
        return "vehicle"
    return "person" if scene.marks.has("flow_noun", amount.last_token, amount.last_token + 1) else None


def _by_question(scene: Scene, amount: Amount) -> Counted | None:
    """«пятьдесят» to «сколько машин?», «там максимум пятьдесят» to «машин двести»."""
    if scene.reply is None or any(a.unit in ("vehicle", "person") for a in scene.amounts):
        return None
    if any(a.unit == "km" for a in scene.reply.amounts) or amount.value % 1:
        return None  # «6,4» to «сколько км хвост?»
    if scene.reply.has("q_many"):
        return "person" if scene.reply.has("m_foot people_noun") else "vehicle"
    if len(scene.toks) > _SHORT_ANSWER or len(scene.amounts) > 1:
        return None
    units = {other.unit for other in scene.reply.amounts}
    return "vehicle" if "vehicle" in units and "km" not in units else None


def _by_rate(scene: Scene, amount: Amount) -> Counted | None:
    """«за час пустили девять», «выпускают по шесть в час»."""
    rate = amount.per is not None or amount.per_minutes or over_minutes(scene, amount)
    if amount.per == "hour" and (counted_before := _before(scene, amount)) and _same_sentence(scene, amount):
        return counted_before  # "60 cars ahead of us and they take about 4 an hour"
    clause = scene.clause(amount.first_token)
    if rate and scene.has("moved", clause) and not any(a.unit == "km" for a in scene.amounts):
        return _before(scene, amount)  # «машин полсотни, за час сдвинулись на восемь»
    came = amount.per is None and scene.has("entered", clause)
    came = came or (amount.per == "hour" and scene.has("let", scene.sentence(amount.first_token)))
    if not rate or not (came or scene.has("let process moving", clause)):
        return None
    return _before(scene, amount) or ("person" if scene.has("m_foot people_noun") else "vehicle")


def _same_sentence(scene: Scene, amount: Amount) -> bool:
    """Whether vehicles or people are counted in the sentence before a number, and no money is in it."""
    sentence = scene.sentence(amount.first_token)
    units = {a.unit for a in scene.amounts if sentence.first <= a.first_token <= sentence.last}
    return bool(units & {"vehicle", "person"}) and "money" not in units


def _in_front(scene: Scene, amount: Amount) -> Counted | None:
    """«впереди ещё 240», «переді мною 217»: what is ahead of the writer, or «нас тут сто» after a count."""
    if amount.per or amount.per_minutes or amount.value < _LEAST_AHEAD or amount.unit_said:
        return None
    first, last = amount.first_token, amount.last_token
    if not (_ends_at(scene, last + 1) and scene.near("ahead", first, last, 2)):
        ours = scene.marks.has("first_person", first - 2, first - 1) and amount.value >= _LEAST_AGAIN
        ours = ours and scene.has("here", scene.clause(first))  # but "I am 61"
        return _before(scene, amount) if ours and _ends_at(scene, last + 1) else None
    return _before(scene, amount) or ("person" if scene.has("m_foot people_noun") else "vehicle")


def _ends_at(scene: Scene, token: int) -> bool:
    """Whether a clause ends there, or words of being ahead begin: nothing that is counted follows."""
    return (
        token >= len(scene.toks)
        or not scene.toks[token].text[0].isalnum()
        or scene.marks.has("ahead", token, token)
        or scene.clause(token) is not scene.clause(token - 1)
    )


def _by_line(scene: Scene, amount: Amount) -> Counted | None:
    """«Угринів 0», «Автобусы: 0»: nothing but a crossing or a means before the zero in its line."""
    if amount.value != 0 or any(
        a.unit == "minute" and 0 < amount.first_token - a.last_token <= _CLOCK for a in scene.amounts
    ):
        return None  # «час ноль-ноль»
    first, last = amount.first_token, amount.last_token
    if scene.marks.has("queue", first - 1, first - 1) and _ends_at(scene, last + 1):
        return "vehicle"  # «очереди ноль»
    sentence = scene.sentence(amount.first_token)
    named = any(
        h.what == "crossing" and h.first_token >= sentence.first and 0 < amount.first_token - h.last_token <= 2
        for h in scene.places
    )
    by_means = bool(mode_words(scene, Clause(sentence.first, amount.first_token - 1))) and _ends_at(scene, last + 1)
    return "vehicle" if named or by_means else None


def _again(scene: Scene, amount: Amount) -> Counted | None:
    """A further number of the kind counted before, for another way, day, side or authority."""
    clause, sentence = scene.clause(amount.first_token), scene.sentence(amount.first_token)
    if amount.value < _LEAST_AGAIN:
        return None
    moved_on = scene.has("entered", sentence) and (
        scene.has("leaving entering back", clause) or _from_another(scene, amount)
    )
    if moved_on and (alike := _before(scene, amount)):
        return alike
    if amount.value >= _LEAST_FLOW and scene.has("per_day", sentence) and scene.has("entered flow_noun", sentence):
        return "person"
    timed = any(clause.first <= hit.first_token <= clause.last for hit in scene.times)
    before = Clause(sentence.first, amount.first_token)
    if _EARLIEST_YEAR <= amount.value <= _LATEST_YEAR:
        return None  # «ларгус 2019»
    counted_so = scene.in_group_about_one and amount.value >= _LEAST_FLOW  # less may be somebody's age
    if counted_so and scene.has("vehicle_noun m_car m_truck", before) and not scene.has(_PAID, sentence):
        return "vehicle"  # «Легковых поднакопилось, 240 насчитал»
    waiting = scene.marks.has("stand", amount.last_token + 1, amount.last_token + 2)  # "with some 900 still waiting"
    again = timed or waiting or scene.has("authority", clause) or scene.has("side_of", sentence)
    return _before(scene, amount) if again and (waiting or scene.has("queue side_of", sentence)) else None


def _from_another(scene: Scene, amount: Amount) -> bool:
    """«з Польщі повернулися 17 тисяч людей, з Румунії – 6 тисяч»: a country with its "from" or "to" right before."""
    return any(
        h.what == "country"
        and 0 < amount.first_token - h.last_token <= _RIGHT_BEFORE
        and scene.marks.any(("from", "to"), h.first_token - 1, h.first_token)
        for h in scene.places
    )


def _before(scene: Scene, amount: Amount) -> Counted | None:
    """What the last figure before counts: «человек 300 … по шесть в час»."""
    earlier = [a.unit for a in scene.amounts if a.unit in ("vehicle", "person") and a.last_token < amount.first_token]
    if not earlier:
        return None
    return "person" if earlier[-1] == "person" else "vehicle"


def over_minutes(scene: Scene, amount: Amount) -> float | None:
    """Minutes of «за сорок минут пропустили десять», where the clause names a duration beside the number."""
    clause = scene.clause(amount.first_token)
    if not scene.has("let process entered moved", clause) or scene.has("waited here", clause):
        return None  # "two men who crossed told that they had spent 17 hours in the line"
    beside = (
        other.value
        for other in scene.amounts
        if other.unit == "minute" and other is not amount and clause.first <= other.first_token <= clause.last
    )
    return next(beside, None)
