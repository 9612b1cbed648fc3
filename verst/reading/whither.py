"""Whither: the country being entered, and the side on which a queue or a wait stands."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from verst.reading.lexicon import Mark
from verst.reading.places import PlaceHit
from verst.reading.scene import Clause, Scene, Sentence
from verst.reading.where import Atlas

_ARROWS = {"-", "→", "->", "➡", "➡\ufe0f", ">"}


def toward(scene: Scene, atlas: Atlas, crossing: str, first: int, last: int) -> str | None:
    """The country being entered: said in the clause, sentence or post, else implied by the flight, else None."""
    sides = atlas.sides(crossing)
    clause, sentence = scene.clause(first), scene.sentence(first)
    whole = Sentence(0, len(scene.toks) - 1)
    away = implied(atlas, sides, scene.post.posted_at)
    spans: list[Clause | Sentence] = [clause, sentence]
    if scene.crossings_named <= 1 or scene.sentences[0] is not sentence:
        spans.append(Sentence(scene.sentences[0].first, scene.sentences[0].last))
    spans.append(whole)
    both = _out_and_in(scene, sides, clause, sentence)
    if both:
        return both
    for span in spans:
        said = said_direction(scene, sides, span, away=away)
        if said:
            return said
    if scene.reply is not None:
        asked = Sentence(0, max(0, len(scene.reply.toks) - 1))
        answered = said_direction(scene.reply, sides, asked, away=away)
        if answered:
            return answered
    return away


def _out_and_in(scene: Scene, sides: tuple[str, ...], clause: Clause, sentence: Sentence) -> str | None:
    """«на выезд 11 200, на въезд 4 100», «в Казахстан въехали 32 тысячи, выехали 28»: two clauses, two ways."""
    if len(sides) != 2 or not (scene.has("leaving", sentence) and scene.has("entering", sentence)):
        return None
    leaving, entering = scene.has("leaving", clause), scene.has("entering", clause)
    if leaving == entering or scene.names(clause, "country"):
        return None
    named = [h for h in scene.places if h.what == "country" and h.first_token <= sentence.last and h.ids[0] in sides]
    left = [h.ids[0] for h in named if _way(scene, h, sentence.first) == "from"]
    entered = [h.ids[0] for h in named if scene.marks.has("to", h.first_token - 1, h.first_token - 1)]
    home = (left or entered or sides)[0]
    return home if entering else _other(sides, home)


def _other(sides: tuple[str, ...], side: str) -> str:
    return next(each for each in sides if each != side)


def implied(atlas: Atlas, sides: tuple[str, ...], when: datetime) -> str | None:
    """Away from the country people flee from, while they do."""
    fled = atlas.fled_at(when)
    if fled in sides:
        return next((side for side in sides if side != fled), None)
    return None


def said_direction(
    scene: Scene, sides: tuple[str, ...], span: Clause | Sentence, *, away: str | None = None
) -> str | None:
    """The direction that words of a span state, by route, country, side or way.

    ``away``: the direction that a flight implies; against it only plain words count.
    """
    first, last = span.first, span.last
    routed = _routed(scene, sides, first, last)
    if routed:
        return routed
    for hit in scene.places:
        if hit.what != "country" or not first <= hit.first_token <= last or hit.ids[0] not in sides:
            continue
        if _is_side(scene, hit):
            continue
        way = _way(scene, hit, first)
        against = away is not None and hit.ids[0] != away
        if way == "to" and (not against or _straight_to(scene, hit)):
            return hit.ids[0]
        if way == "from" and len(sides) == 2:
            return next((side for side in sides if side != hit.ids[0]), None)
    return _from_a_side(scene, sides, first, last, away is not None) or _by_words(scene, sides, first, last)


def _way(scene: Scene, hit: PlaceHit, first: int) -> str | None:
    """Whether the words before a country, or its own form, make it the goal or the start."""
    for concept, way in (("from", "from"), ("to", "to")):
        if scene.marks.has(concept, hit.first_token, hit.last_token):
            return way
    start = max(first, hit.first_token - 3)
    if _bordered(scene, hit):
        return None  # «кордон з Молдовою»
    closest: tuple[int, str] | None = None
    for concept, way in (("toward", "to"), ("to", "to"), ("entering", "to"), ("from", "from"), ("side_of", "from"),
                         ("leaving", "from"), ("back", "to")):  # fmt: skip
        for mark in scene.marks.within(concept, start, hit.first_token - 1):
            if _hedges(scene, mark):
                continue
            if closest is None or mark.last > closest[0]:
                closest = (mark.last, way)
    return closest[1] if closest else None


def _bordered(scene: Scene, hit: PlaceHit) -> bool:
    """Whether a country stands right behind a word of border and one of company: «граница с Грузией»."""
    before = hit.first_token - 1
    return scene.marks.has("from", before, before) and scene.marks.has("border", before - 1, before - 1)


def _straight_to(scene: Scene, hit: PlaceHit) -> bool:
    """Whether «обратно в», «в сторону», «на въезд в» stand before a country: needed for a way against a flight."""
    before = hit.first_token - 3, hit.last_token
    into = scene.marks.has("to", hit.first_token - 1, hit.first_token - 1)
    ways = ("toward_only", "back", "entering") if into else ("toward_only", "back")
    marks = [mark for way in ways for mark in scene.marks.within(way, *before)]
    return any(not _hedges(scene, mark) for mark in marks)


def _hedges(scene: Scene, mark: Mark) -> bool:
    """Whether a word of direction belongs to a figure: «до 10 тысяч россиян», «نحو 10 آلاف»."""
    return any(a.first_token <= mark.first <= a.last_token for a in scene.amounts)


def _is_side(scene: Scene, hit: PlaceHit) -> bool:
    """«на российской стороне»: where they stand, not where they go."""
    return scene.marks.has("side", hit.last_token + 1, hit.last_token + 1)


def said_side(scene: Scene, sides: tuple[str, ...], token: int) -> str | None:
    """The side a queue or a wait stands on, where the sentence says it: «на нашей стороне», "on the Russian side"."""
    sentence = scene.sentence(token)
    for hit in scene.places:
        inside = hit.what == "country" and sentence.first <= hit.first_token <= sentence.last
        if inside and hit.ids[0] in sides and _is_side(scene, hit):
            return hit.ids[0]
    ours = [m for m in scene.marks.within("side", sentence.first, sentence.last) if _ours(scene, m)]
    return sides[0] if ours and sides else None


def _ours(scene: Scene, mark: Mark) -> bool:
    return scene.marks.has("first_person", mark.first - 1, mark.first - 1)


def _routed(scene: Scene, sides: tuple[str, ...], first: int, last: int) -> str | None:
    """Two places of different sides with an arrow or dash between them: «Керчь→Тамань», «Львів–Варшава»."""
    hits = [h for h in scene.places if h.side and first <= h.first_token <= last]
    for left, right in pairwise(hits):
        between = "".join(t.text for t in scene.toks[left.last_token + 1 : right.first_token])
        if left.side != right.side and right.side in sides and left.side in sides and between in _ARROWS:
            if left.what == right.what == "crossing" and between in {"-", "/"}:
                continue  # a crossing's two names
            return right.side
    return None


def _from_a_side(scene: Scene, sides: tuple[str, ...], first: int, last: int, flight: bool) -> str | None:
    """«со стороны Тамани», «из Керчи»: from one side's place to the other side."""
    if len(sides) != 2:
        return None
    for hit in scene.places:
        if hit.what == "country" or hit.side not in sides or not first <= hit.first_token <= last:
            continue
        before = max(first, hit.first_token - 2), hit.first_token - 1
        words = ("side_of",) if flight else ("side_of", "from")
        if scene.marks.any(words, *before):
            return next(side for side in sides if side != hit.side)
    return None


def _by_words(scene: Scene, sides: tuple[str, ...], first: int, last: int) -> str | None:
    """«на выезд», «на въезд», «обратно» with the flight's country, else the first side, as home."""
    if len(sides) != 2:
        return None
    home = sides[0]
    backwards = [m for m in scene.marks.within("back", first, last) if not _ago(scene, m)]
    if backwards and not scene.marks.has("refuse", first, last):
        return home
    leaving, entering = scene.marks.has("leaving", first, last), scene.marks.has("entering", first, last)
    if leaving and not entering:
        return sides[1]
    return None


def _ago(scene: Scene, mark: Mark) -> bool:
    """«неделю назад» is no way back."""
    spans = [(h.first_token, h.last_token) for h in scene.times] + [
        (a.first_token, a.last_token + 1) for a in scene.amounts if a.unit == "minute"
    ]
    return any(start <= mark.first <= end for start, end in spans)
