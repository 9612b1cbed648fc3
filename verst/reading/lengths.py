"""Queue lengths in kilometres."""

from __future__ import annotations

from verst.model import Mode
from verst.reading.amounts import Amount
from verst.reading.corrections import corrected, corrects
from verst.reading.draft import Draft, draft_of
from verst.reading.manner import asserted, mode_near, mode_words
from verst.reading.scene import Clause, Scene

_SHORTEST_KM, _LONGEST_KM = 0.05, 120.0  # less is a gap between cars
_SHORT_ANSWER = 18
_SHORT_CLAUSE = 5  # tokens
_SERVED = "s_fuel s_food s_water s_toilet s_lodging s_atm s_medical s_warmth s_sim"
_GOING_ON = frozenset(("and", "until", "over", "of_them", "month"))  # behind a number they say that it goes on
_OF_VEHICLES = 3  # tokens from "3 km of trucks" to the vehicles


def lengths(scene: Scene) -> list[Draft]:
    """Queue lengths in kilometres; what still lies ahead of the writer is a lower bound."""
    return [draft for amount in scene.amounts if (draft := _length(scene, amount)) is not None]


def _length(scene: Scene, amount: Amount) -> Draft | None:
    first, last = amount.first_token, amount.last_token
    told = amount.unit == "km" or (
        amount.unit == "none"
        and (_answers_km(scene, amount) or corrects(scene, amount) == "km" or _of_other_means(scene, amount))
    )
    if not told or amount.per or amount.per_minutes:
        return None  # «100 метров в час»: how fast it moves
    if amount.bare and amount.bound == "exact" and not scene.near("queue remain ahead stand", first, last, 2):
        return None  # «не пугайте людей километрами»
    inside = scene.marks.has("over", first, last - 1)  # «метров за двести до поста»
    if inside or corrected(scene, amount) or not _SHORTEST_KM <= amount.value <= _LONGEST_KM:
        return None
    if not _is_length(scene, first, last):
        return None
    ahead = scene.near("ahead remain", first, last, 4) and not scene.near("queue", first, last, 3)
    ahead = ahead or _to_the_border(scene, first)
    bound = "min" if ahead and amount.bound in ("exact", "approx") else amount.bound
    return draft_of(amount, "queue_length", "lengths.length", mode=_mode(scene, first, last), bound=bound)


def _mode(scene: Scene, first: int, last: int) -> Mode | None:
    """The means near the kilometres, but not one that only stands in a count: «16 km et 5 500 voitures»."""
    clause = scene.clause(first)
    counted = mode_words(scene, clause) and not mode_words(scene, clause, counted=False)
    if counted and scene.marks.has("to", first - 1, first - 1):
        return next((a.mode for a in scene.amounts if a.last_token == first - 2), None)  # «600 авто на 1,5 км»
    near = mode_near(scene, first, last)
    if near == "car" and scene.has("queue", clause) and not mode_words(scene, clause):
        near = None  # «легковых 180, хвост полтора километра»
    if near in ("foot", "bicycle") and scene.has("let refuse may may_not", clause):
        near = None  # "the tail is 5 miles and they won't let walkers through"
    return None if counted else near or _all_of_them(scene, last)


def _all_of_them(scene: Scene, last: int) -> Mode | None:
    """«ещё 9 км, и всё это легковухи»: the one means of a later clause that says what all of it is."""
    for clause in scene.sentence(last).clauses:
        named = mode_words(scene, clause)
        if clause.first > last and scene.has("those", clause) and len(named) == 1:
            return named[0]
    return None


def said_not(scene: Scene, first: int) -> bool:
    """ "There is no line of 35 km": a word of having none right before the figure."""
    clause = scene.clause(first)
    return any(
        clause.first <= mark.first and first - mark.last <= 2 for mark in scene.marks.within("free", 0, first - 1)
    )


def _to_the_border(scene: Scene, first: int) -> bool:
    """«до поста 8 километров»: what is left to go, said right behind the words for the border."""
    named = [m for m in scene.marks.within("border", first - 3, first - 1) if m.last == first - 1]
    if scene.between_places(scene.clause(first)):
        return False  # «от Владикавказа до поста 32 км»
    return any(scene.marks.has("to", m.first - 1, m.first - 1) for m in named)


def _of_other_means(scene: Scene, amount: Amount) -> bool:
    """«легковые растянулись на 2 км, фуры на 5»: another means and a number alone, behind kilometres."""
    clause, sentence = scene.clause(amount.first_token), scene.sentence(amount.first_token)
    before = [a for a in scene.amounts if sentence.first <= a.first_token < clause.first]
    named = mode_words(scene, Clause(clause.first, amount.first_token - 1))
    alone = amount.last_token >= clause.last - 1 and clause.last - clause.first <= _SHORT_CLAUSE
    to = scene.marks.has("to", amount.first_token - 1, amount.first_token - 1)  # but «фуры три км, легковых 25»
    return bool(before) and before[-1].unit == "km" and len(named) == 1 and alone and to


def _gone(scene: Scene, first: int, last: int) -> bool:
    """«прошли метров двести»: a verb of getting on right beside the kilometres."""
    if scene.near("remain ahead", first, last, 2):
        return False  # «ещё километра три ползти»
    return scene.marks.has("crossed", first - 1, first - 1) or scene.marks.has("crossed", last + 1, last + 1)


def _answers_km(scene: Scene, amount: Amount) -> bool:
    """«там максимум три» to «хвост километров семь»."""
    if scene.reply is None or len(scene.toks) > _SHORT_ANSWER or amount.per or amount.per_minutes:
        return False
    after = amount.last_token + 1
    known = scene.marks.any(scene.marks.concepts - _GOING_ON, after, after)
    if after < len(scene.toks) and scene.toks[after].text[0].isalpha() and not known:
        return False  # «три-четыре ряда», «22 и 3 месяца», but «двадцать да, стоим»
    doubted = {other.value for other in scene.reply.amounts if other.unit == "km"}
    alone = sum(a.unit == "km" or (a.unit == "none" and a.value not in doubted) for a in scene.amounts) == 1
    return bool(doubted) and (alone or len(scene.amounts) == 1)  # «какие девять? максимум три»


def _is_length(scene: Scene, first: int, last: int) -> bool:
    """Whether kilometres are those of a queue, and not of a walk, a fence or the road to it."""
    clause, sentence = scene.clause(first), scene.sentence(first)
    if scene.has("s_charge", clause) and not scene.has("queue", clause):
        return False  # «заряда километров на 30»
    if scene.has("sell", sentence) and not scene.has("queue", sentence):
        return False  # «продают дом, до речки 200 метров»
    before = Clause(clause.first, first)
    if scene.has(_SERVED, before) and scene.has("missing no", before) and not scene.has("queue remain ahead", clause):
        return False  # «ни одного туалета на 5 км обочины»
    if scene.has(_SERVED, Clause(clause.first, first)) and scene.marks.has("border", last + 1, last + _OF_VEHICLES):
        return False  # "gas station 2 km before the checkpoint"
    if scene.marks.has("over", first - 2, first - 2) and not scene.has("queue", clause):
        return False  # «за ночь 600 метров»: how far they have come
    if scene.marks.has("over", first - 1, first - 1) and scene.marks.has("border", last + 2, last + _OF_VEHICLES):
        return False  # «за 200 м до КПП столик»
    if not asserted(scene, first) or scene.has("figure_elsewhere", sentence) or said_not(scene, first):
        return False
    if scene.has("moved", clause) and scene.has("no", clause) and not scene.has("queue ahead", clause):
        return False  # «bir kilometre bile gitmedik»
    queue = _beside_queue(scene, first, last)
    if (scene.has("moved", clause) or _gone(scene, first, last)) and not queue:
        return False
    if (
        queue
        or scene.near("ahead remain", first, last, 4)
        or (scene.in_group_about_one and _to_the_border(scene, first))
    ):
        return True
    return _stands_alone(scene, first)


def _stands_alone(scene: Scene, first: int) -> bool:
    """Whether kilometres without a queue beside them are one: in an answer, at a named crossing, in its own chat."""
    clause, sentence = scene.clause(first), scene.sentence(first)
    if scene.reply is not None and scene.reply.has("q_many q_long queue"):
        return True
    there = scene.names(sentence, "crossing") or scene.has("vehicle_noun", sentence)
    if there and not scene.has("moved elsewhere", sentence):
        return not scene.between_places(clause)
    if scene.in_group_about_one and not scene.has("moved elsewhere svc_bicycle s_fuel s_food", clause):
        return not scene.between_places(clause)
    of_vehicles = scene.has("m_truck m_car vehicle_noun", clause) and not scene.has("moved", sentence)
    return scene.has("queue", sentence) or of_vehicles


def _beside_queue(scene: Scene, first: int, last: int) -> bool:
    """Whether a queue is named near the kilometres, or the vehicles that stand on them."""
    if scene.has("queue", scene.clause(first)) or scene.near("queue ahead", first, last, 5):
        return True
    vehicles = ("m_truck", "m_car", "vehicle_noun")
    if scene.marks.any(vehicles, last + 1, last + _OF_VEHICLES):
        return True  # "3 km of trucks"
    return scene.marks.any(vehicles, first - 2, first - 2) and scene.marks.has("to", first - 1, first - 1)
