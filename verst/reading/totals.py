"""Totals of people: «250 000 россиян уже в Грузии после мобилизации», "261,000 men have left Russia in four days"."""

from __future__ import annotations

from datetime import datetime, timedelta

from verst.model import Saying
from verst.reading.amounts import Amount
from verst.reading.lexicon import Marks
from verst.reading.manner import stance
from verst.reading.scene import Clause, Scene
from verst.reading.times import TimeHit
from verst.reading.where import Atlas, border_of_chat, borders_at
from verst.reading.whither import implied, toward

LEAST = 1_000.0  # so many or fewer are of a day or a queue, and a lone "thousand" is often half a number
_PAID = "sell svc_ticket svc_seat svc_transfer per_person"
_DAY_MINUTES = 1440.0
_HALF_A_DAY = timedelta(hours=12)  # a day without an hour is told as its noon


def totals(scene: Scene, marks: Marks, atlas: Atlas) -> list[Saying]:
    """Every figure of people who went somewhere over days; and those that the post denies."""
    found = []
    for amount in scene.amounts:
        denies = is_denied(scene, amount)
        if _counts_people(scene, amount) and (denies or _is_total(scene, marks, atlas, amount)):
            found += _placed(scene, marks, atlas, amount, denies=denies)
    return found


def is_denied(scene: Scene, amount: Amount) -> bool:
    """«250 тысяч -- неправда», "No, not 250,000": the figure is named to say that it is false."""
    first, sentence = amount.first_token, scene.sentence(amount.first_token)
    if scene.has("denial", sentence):
        return True
    return scene.marks.has("no", first - 1, first - 1) and scene.has("nope denial", sentence)


def _counts_people(scene: Scene, amount: Amount) -> bool:
    """People, or a bare number, of no hour or day, and not of reservists or rents."""
    people = amount.unit in ("person", "none") and amount.currency is None and not amount.ordinal
    daily = amount.per is not None or amount.per_minutes is not None
    return people and not daily and amount.value > LEAST and not scene.has("figure_elsewhere", _sentence(scene, amount))


def _sentence(scene: Scene, amount: Amount) -> Clause:
    sentence = scene.sentence(amount.first_token)
    return Clause(sentence.first, sentence.last)


def _is_total(scene: Scene, marks: Marks, atlas: Atlas, amount: Amount) -> bool:
    """Told, of people who went, and not of one named day nor of money."""
    sentence, clause = scene.sentence(amount.first_token), scene.clause(amount.first_token)
    if (
        sentence.asks
        or scene.has("ask cond wish joke maybe future per_day queue", clause)
        or scene.has(_PAID, sentence)
    ):
        return False
    hits = [h for h in scene.times if sentence.first <= h.first_token <= sentence.last]
    of_a_day = any(h.kind == "at" or (h.kind == "future" and h.precision == "day") for h in hits)
    span = sentence if amount.unit == "person" or scene.has("total sum", clause) else clause
    went = marks.any(("went", "out"), span.first, span.last) or _are_there(scene, marks, atlas, amount)
    return went and not of_a_day


def _are_there(scene: Scene, marks: Marks, atlas: Atlas, amount: Amount) -> bool:
    """«уже 250 тысяч россиян в Грузии»: people, and the country where they are by now."""
    clause, fled = scene.clause(amount.first_token), atlas.fled_at(scene.post.posted_at)
    hosts = (h for h in scene.places if h.what == "country" and h.ids[0] != fled)
    there = any(clause.first <= h.first_token <= clause.last for h in hosts)
    return there and amount.unit == "person" and marks.has("already", clause.first, clause.last)


def _placed(scene: Scene, marks: Marks, atlas: Atlas, amount: Amount, *, denies: bool) -> list[Saying]:
    first, last = amount.first_token, amount.last_token
    place = where_to(scene, marks, atlas, first, last)
    if place is None:
        return []
    said = Saying(
        kind="total", where=place[0], toward=place[1], value=amount.value, low=amount.low, high=amount.high,
        bound=amount.bound, since=None if denies else since(scene, marks, atlas, first), denies=denies,
        stance=stance(scene, first), span=scene.offsets(first, last),
    )  # fmt: skip
    return [said]


def where_to(scene: Scene, marks: Marks, atlas: Atlas, first: int, last: int) -> tuple[str, str | None] | None:
    """The crossing, border or country that a total is of, and the country entered."""
    sentence = scene.sentence(first)
    named = [h for h in scene.places if h.what == "crossing" and sentence.first <= h.first_token <= sentence.last]
    if len({h.ids for h in named}) == 1:
        id_ = named[0].ids[0]
        return id_, _whither(scene, marks, atlas, id_, first, last)
    country = _left(scene, marks, atlas, first)
    if country is not None:
        return country, None  # a whole country has no one border
    of_chat = border_of_chat(scene, atlas, first)
    borders = borders_at(scene, atlas, first) if of_chat is None else [(of_chat, None)]
    if len(borders) != 1:
        return None
    id_, goal = borders[0]
    return id_, _whither(scene, marks, atlas, id_, first, last) or goal


def _left(scene: Scene, marks: Marks, atlas: Atlas, first: int) -> str | None:
    """The country that a sentence names alone, as the one people left: «из России выехали», no «до Польщі виїхало»."""
    sentence = scene.sentence(first)
    hits = [h for h in scene.places if h.what in ("country", "border")]
    if (
        not marks.has("out", sentence.first, sentence.last)
        or len({h.ids for h in hits}) != 1
        or hits[0].what == "border"
    ):
        return None
    fled = atlas.fled_at(scene.post.posted_at)
    goal = any(scene.marks.has("to", h.first_token - 1, h.first_token - 1) for h in hits)
    return hits[0].ids[0] if hits[0].ids[0] == fled or (fled is None and not goal) else None


def _whither(scene: Scene, marks: Marks, atlas: Atlas, id_: str, first: int, last: int) -> str | None:
    """Away from the flight's country, unless the clause says out and others came in before it: «…, выехали 62 120»."""
    sides, clause, sentence = atlas.sides(id_), scene.clause(first), scene.sentence(first)
    away = implied(atlas, sides, scene.post.posted_at)
    before = Clause(sentence.first, max(sentence.first, clause.first - 1))
    came_in = clause.first > sentence.first and marks.has("went", before.first, before.last)
    if marks.has("out", clause.first, clause.last) and came_in and away is not None:
        return next((side for side in sides if side != away), None)
    return away or toward(scene, atlas, id_, first, last)


def since(scene: Scene, marks: Marks, atlas: Atlas, first: int) -> datetime | None:
    """From when a total counts: as said, by a day or for so many days, else from when the flight began.

    None where it is of a time that is not understood, such as a month or a year.
    """
    sentence, posted = scene.sentence(first), scene.post.posted_at
    for hit in (h for h in scene.times if sentence.first <= h.first_token <= sentence.last):
        if hit.kind == "since" and hit.at < posted:
            return day_begins(hit)
        if hit.kind == "future" and hit.precision == "hour" and hit.at > posted:
            return posted - (hit.at - posted)  # "have left in four days" speaks of those gone by
    spans = [
        a.value
        for a in scene.amounts
        if a.unit == "minute" and a.value >= _DAY_MINUTES and sentence.first <= a.first_token <= sentence.last
    ]
    if spans:
        return posted - timedelta(minutes=max(spans))
    if marks.has("period", sentence.first, sentence.last):
        return None
    return next((began for _, began, ended in atlas.fled if began <= posted <= ended), None)


def day_begins(hit: TimeHit) -> datetime:
    """The first instant of a time: of a day its midnight on the writer's clock."""
    return hit.at - _HALF_A_DAY if hit.precision == "day" else hit.at
