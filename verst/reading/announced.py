"""What is announced for a day to come: «с 28 сентября мужчин не выпустят», "the border closes on the 28th"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from verst.clock import in_offset
from verst.model import Saying
from verst.reading.lexicon import Marks
from verst.reading.manner import mode_words, stance
from verst.reading.places import PlaceHit
from verst.reading.scene import Scene, Sentence
from verst.reading.totals import day_begins
from verst.reading.where import Atlas, border_of_chat, borders_at

_WEEK = timedelta(days=7)
_FURTHEST = timedelta(days=60)
_UNTOLD = "ask cond wish joke"
_WORDS = {False: ("shuts",), True: ("shuts", "shutting")}  # "it will not close" says no more than the verb


def announced(scene: Scene, marks: Marks, atlas: Atlas) -> list[Saying]:
    """Closings announced with their day, and what speaks against such an announcement."""
    found = []
    for sentence in scene.sentences:
        said = _announced(scene, marks, atlas, sentence) or _denied(scene, marks, atlas, sentence)
        if said is not None:
            found.append(said)
    return found


def _announced(scene: Scene, marks: Marks, atlas: Atlas, sentence: Sentence) -> Saying | None:
    against = _is_against(scene, marks, sentence)
    words = [m for name in _WORDS[against] for m in marks.within(name, sentence.first, sentence.last)]
    if not words or sentence.asks or scene.has(_UNTOLD, sentence):
        return None
    due, place = _due(scene, marks, sentence), _where(scene, marks, atlas, sentence)
    if due is None or place is None or not timedelta(0) < due + timedelta(days=1) - scene.post.posted_at < _FURTHEST:
        return None
    who, means = _who(marks, sentence), mode_words(scene, sentence)
    return Saying(
        kind="closing", where=place[0], toward=place[1], tag=_tag(marks, sentence, who, place[0]), who=who, due=due,
        mode=means[0] if len(means) == 1 else "any", denies=against, stance=stance(scene, words[0].first),
        span=scene.offsets(min(m.first for m in words), max(m.last for m in words)),
    )  # fmt: skip


def _is_against(scene: Scene, marks: Marks, sentence: Sentence) -> bool:
    """«не закроют 28-го», "it's a lie, the border will not close": the day is named to say that nothing will be."""
    if scene.has("denial", sentence) or marks.has("undecided", sentence.first, sentence.last):
        return True
    shuts = [m for name in _WORDS[True] for m in marks.within(name, sentence.first, sentence.last)]
    return any(scene.marks.has("no", mark.first - 1, mark.first - 1) for mark in shuts)


def _denied(scene: Scene, marks: Marks, atlas: Atlas, sentence: Sentence) -> Saying | None:
    """«Спросили про закрытие границ. Ответ: решений не принято»: of whatever day was announced."""
    against = marks.within("undecided", sentence.first, sentence.last)
    spoken_of = marks.any(("shutting", "shuts"), 0, sentence.last)
    place = _where(scene, marks, atlas, sentence) if against and spoken_of else None
    if place is None or sentence.asks:
        return None
    first = against[0].first
    return Saying(kind="closing", where=place[0], toward=place[1], denies=True, stance=stance(scene, first),
                  span=scene.offsets(first, against[-1].last))  # fmt: skip


def _who(marks: Marks, sentence: Sentence) -> str | None:
    return next((who for who in ("tourists", "men") if marks.has(who, sentence.first, sentence.last)), None)


def _tag(marks: Marks, sentence: Sentence, who: str | None, where: str) -> str | None:
    """The rule that would be announced: who may leave, or who is let in; None: the way is shut to all."""
    leaving = marks.has("at_exit", sentence.first, sentence.last)
    if who is None and not marks.has("at_entry", sentence.first, sentence.last):
        return None
    return "exit_military" if (leaving and who != "tourists") or len(where) == 2 else "entry_refusal"


def _due(scene: Scene, marks: Marks, sentence: Sentence) -> datetime | None:
    """The first instant of the day announced. A weekday is the next such day: what is announced lies ahead."""
    posted = scene.post.posted_at
    for hit in (h for h in scene.times if sentence.first <= h.first_token <= sentence.last):
        if hit.at > posted:
            return day_begins(hit)
        words = scene.folded[hit.start : hit.end]
        weekday = hit.precision == "day" and not any(letter.isdigit() for letter in words)
        if weekday and posted - hit.at < _WEEK:
            return day_begins(hit) + _WEEK
    return _due_by_ending(scene, marks, sentence)


def _due_by_ending(scene: Scene, marks: Marks, sentence: Sentence) -> datetime | None:
    """«с 28го»: a day of the month by its ending alone; the next such day."""
    for mark in marks.within("day_ending", sentence.first + 1, sentence.last):
        dashed = scene.toks[mark.first - 1].text == "-" and mark.first >= 2
        number, ending = scene.toks[mark.first - (2 if dashed else 1)], scene.toks[mark.first]
        glued = ending.start - number.end == (1 if dashed else 0)
        if number.text.isdigit() and glued and 1 <= int(number.text[:3]) <= 31:
            local = in_offset(scene.post.posted_at, scene.offset_minutes)
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
            days = (midnight + timedelta(days=ahead) for ahead in range(0, 32))
            return next((day.astimezone(UTC) for day in days if day.day == int(number.text)), None)
    return None


def _where(scene: Scene, marks: Marks, atlas: Atlas, sentence: Sentence) -> tuple[str, str | None] | None:
    """The border that would be shut and the country behind it, or the country nobody could leave."""
    named = [h for h in scene.places if h.what == "crossing" and _is_in(sentence, h)]
    if len({h.ids for h in named}) == 1:
        return named[0].ids[0], None
    about, fled = atlas.crossings.get(scene.post.chat.about or ""), atlas.fled_at(scene.post.posted_at)
    countries = [h.ids[0] for h in scene.places if h.what == "country" and _is_in(sentence, h)]
    borders = borders_at(scene, atlas, sentence.first, title=False)
    of_chat = border_of_chat(scene, atlas, sentence.first) if countries else None
    if of_chat is not None and len({*countries} - {fled}) == 1:
        return of_chat, next(country for country in countries if country != fled)
    if borders:
        return borders[0]
    titled = borders_at(scene, atlas, sentence.first) if about is None else []
    if marks.has("at_exit", sentence.first, sentence.last):
        home = about.sides[0].country if about is not None else titled[0][0][:2] if titled else None
        return (fled or home, None) if fled or home else None  # type: ignore[return-value]
    if about is not None:
        return about.border, None
    return titled[0] if titled else None


def _is_in(sentence: Sentence, hit: PlaceHit) -> bool:
    return sentence.first <= hit.first_token <= sentence.last
