"""How a thing is said: by what means of travel, by whom, how surely, and for what time."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from verst.model import Mode, Stance
from verst.reading.concepts import MODE_WORDS
from verst.reading.corrections import corrects
from verst.reading.lexicon import Mark
from verst.reading.scene import Clause, Scene, Sentence

_MEANS = frozenset(MODE_WORDS)
_UNSURE = "cond wish joke plan"
_NOT_YET = "future maybe fear"
SUPPOSING = f"{_UNSURE} {_NOT_YET} ask"
_FAR = 60  # tokens from which on a means belongs to something else
_PUT_INSTEAD = "queue stand waited crossed entered"  # a figure after a denied one, with such a word, is told
_LABEL = 4  # tokens from the name of an authority to its colon: «МВД Северной Осетии: 2300 машин»
_IN_BRACKETS = 4  # tokens
_AS_OF_SECONDS = 4000


def mode_words(scene: Scene, span: Clause | Sentence | None, *, counted: bool = True) -> list[Mode]:
    """The means named in a span, in order, each once; without those that stand in a count unless ``counted``."""
    first, last = (span.first, span.last) if span else (0, len(scene.toks) - 1)
    counts = [] if counted else [a for a in scene.amounts if a.unit == "vehicle"]
    found = [
        (mark.first, mode)
        for mark, mode in _mode_marks(scene, first, last)
        if not any(a.first_token <= mark.first <= a.last_token for a in counts)
    ]
    return list(dict.fromkeys(cast(Mode, mode) for _, mode in sorted(found)))


def mode_near(scene: Scene, first: int, last: int) -> Mode | None:
    """The means named nearest to the tokens in their clause, else in their sentence when there is only one."""
    clause, sentence = scene.clause(first), scene.sentence(first)
    best: tuple[int, int, str] | None = None
    for mark, mode in _mode_marks(scene, max(clause.first, first - _FAR), min(clause.last, last + _FAR)):
        gap = min(abs(mark.first - last), abs(first - mark.last))
        rank = (gap, 0 if mark.first <= first else 1, mode)
        best = min(best, rank) if best else rank
    if best:
        return cast(Mode, best[2])
    there = mode_words(scene, Clause(sentence.first, last))
    return there[0] if len(there) == 1 and len(mode_words(scene, sentence)) == 1 else None


def mode_in_brackets(scene: Scene, last: int) -> Mode | None:
    """ "2 h (cars), 12 h (trucks)": the means that alone stands in brackets right after a figure."""
    after = [token.text for token in scene.toks[last + 1 : last + 2 + _IN_BRACKETS]]
    if after[:1] != ["("] or ")" not in after:
        return None
    named = mode_words(scene, Clause(last + 2, last + after.index(")")))
    return named[0] if len(named) == 1 else None


def mode_right_before(scene: Scene, token: int) -> Mode | None:
    """The means whose word ends right before a token."""
    ending = [(mark, mode) for mark, mode in _mode_marks(scene, 0, token - 1) if mark.last == token - 1]
    return cast(Mode, ending[0][1]) if ending else None


def mode_right_after(scene: Scene, token: int) -> Mode | None:
    """The means whose word begins right after a token: «перед нами автобус» is another's."""
    begun = [mode for mark, mode in _mode_marks(scene, token + 1, len(scene.toks) - 1) if mark.first == token + 1]
    return cast(Mode, begun[0]) if begun else None


def _mode_marks(scene: Scene, first: int, last: int) -> list[tuple[Mark, str]]:
    """Words of the means of travel between two tokens; «kuorma-autot» are lorries, and no cars inside them."""
    if _MEANS.isdisjoint(scene.marks.concepts):
        return []
    found = [(mark, mode) for concept, mode in MODE_WORDS.items() for mark in scene.marks.within(concept, first, last)]
    if found and (ends := scene.marks.by.get("tail_end")):  # «от последней машины в хвосте»
        found = [(m, mode) for m, mode in found if not any(e.first <= m.first and m.last <= e.last for e in ends)]
    wides = [mark for mark, _ in found if mark.last > mark.first]
    if not wides or len(found) < 2:
        return found
    return [
        (mark, mode)
        for mark, mode in found
        if not any(
            wide.first <= mark.first and mark.last <= wide.last and wide.last - wide.first > mark.last - mark.first
            for wide in wides
        )
    ]


def stance(scene: Scene, first: int) -> Stance:
    """Official, heard or seen by the writer."""
    sentence, clause = scene.sentence(first), scene.clause(first)
    kind = scene.post.chat.kind
    if scene.post.official or _officially(scene, sentence) or (kind == "channel" and scene.title_official):
        return "official"
    if kind in ("channel", "news"):
        if scene.has("office", sentence) and (scene.has("hearsay", sentence) or _heads(scene, sentence)):
            return "official"
        attributed = scene.has("hearsay media relative", sentence)
        named = any(
            scene.has("authority", other) and _may_speak_for(scene, other, sentence) for other in scene.sentences
        )
        return "official" if named and not attributed else "heard"
    so_far = Clause(sentence.first, clause.last)
    if _told_by_others(scene, so_far) or _attributed_after(scene, sentence, clause):
        return "heard"
    told = any(
        not (_is_addressed(scene, m) or _together(scene, m)) for m in scene.marks.within("relative", 0, sentence.first)
    )
    return "heard" if told and not scene.has("first_person", sentence) else "saw"


def _heads(scene: Scene, sentence: Sentence) -> bool:
    """«Бурятская таможня: за вчерашний день …»: an office before the colon at the head says what follows."""
    named = scene.marks.within("office", sentence.first, sentence.first + _LABEL)
    return any(mark.last + 1 < len(scene.toks) and scene.toks[mark.last + 1].text == ":" for mark in named)


def _is_addressed(scene: Scene, mark: Mark) -> bool:
    """«Друзья, сводка»: who is spoken to, not who has told it."""
    after = scene.toks[mark.last + 1].text if mark.last + 1 < len(scene.toks) else "."
    return mark.first == 0 and after in (",", "!", ".", "-")


def _told_by_others(scene: Scene, span: Clause) -> bool:
    """Somebody else says it; «сводка от меня» is the writer's own, and "with my brother" says who was there too."""
    if scene.has("by_me", span):
        return False
    named = scene.marks.within("relative", span.first, span.last)
    return scene.has("hearsay media", span) or any(
        not (_together(scene, m) or _is_addressed(scene, m) or _is_spoken_of(scene, m)) for m in named
    )


def _is_spoken_of(scene: Scene, mark: Mark) -> bool:
    """«без согласия отца», «у жены и сына фамилии разные»: whom a paper is about, not who has told it."""
    return scene.marks.has("r_child", mark.first - 3, mark.last + 2)


def _together(scene: Scene, mark: Mark) -> bool:
    """Whether "with" stands right before somebody, or before their "my"."""
    if any(
        scene.marks.has("together", at, at) and not scene.marks.has("hearsay", at, mark.first)
        for at in (mark.first - 1, mark.first - 2)
    ):
        return True
    listed = scene.marks.has("and", mark.first - 1, mark.first - 1)  # «с двумя собаками и тёщей»
    return mark.first > 1 and listed and scene.marks.has("together", mark.first - _LABEL, mark.first - 2)


def _may_speak_for(scene: Scene, other: Sentence, sentence: Sentence) -> bool:
    """Whether who is named in a sentence says another one: one before, or «…, сообщает оперштаб» behind all."""
    return other.first <= sentence.first or scene.has("hearsay", other)


def _officially(scene: Scene, sentence: Sentence) -> bool:
    """Whether an authority says it; in chats «пограничник вернул паспорт» only tells what an officer did."""
    marks = scene.marks.within("authority", sentence.first, sentence.last)
    if not marks or scene.post.chat.kind not in ("group", "social"):
        return bool(marks)
    if scene.has("hearsay", sentence):
        return True
    return any(
        mark.last > mark.first or ":" in (t.text for t in scene.toks[mark.last + 1 : mark.last + 1 + _LABEL])
        for mark in marks
    )


def _attributed_after(scene: Scene, sentence: Sentence, clause: Clause) -> bool:
    """«35 км очередь, не едьте, пишет знакомая»: a last clause that only names who said it."""
    last = sentence.clauses[-1]
    if last.first <= clause.first or not scene.has("hearsay media relative", last):
        return False
    if not scene.has("hearsay media", last) and last.last - last.first > _LABEL:
        return False  # «стоим с 9 утра, сосед играет на баяне»
    own = scene.has("let refuse free closed open moving paused may only", last) or bool(mode_words(scene, last))
    return not own and not any(last.first <= a.first_token <= last.last for a in scene.amounts)


def asserted(scene: Scene, first: int, *, past: bool = False) -> bool:
    """Whether the clause states something, rather than asks, wishes, fears, jokes or supposes it.

    ``past`` says that the words themselves are in the past, which no future in the same sentence takes back.
    """
    sentence, clause = scene.sentence(first), scene.clause(first)
    if (sentence.asks and not stated_first(scene, clause, sentence)) or scene.has("ask", clause):
        return False
    if scene.has("wish plan past_season joke", clause) or _supposes(scene, clause):
        return False
    if any(h.kind == "season" and clause.first <= h.first_token <= clause.last for h in scene.times):
        return False  # «в мае проезжал за сорок минут»
    if scene.has("joke", sentence) and not past:
        return False
    if scene.has("denial", sentence) and _is_denied(scene, sentence, first):
        return False
    if _is_taken_back(scene, sentence):
        return False
    return past or not any(not _hedges(scene, mark) for mark in _not_yet(scene, clause))


def stated_first(scene: Scene, clause: Clause | Sentence, sentence: Sentence) -> bool:
    """«стою за шестью машинами, а на Кулунде сколько ждать?»: what a first clause tells of the writer is not asked."""
    opens = clause.first == sentence.first and clause.last < sentence.last
    told = opens and scene.has("stand", clause) and scene.has("first_person", clause)
    return told and not scene.has("q_long q_many q_how q_other q_price ask cond whether", clause)


def _is_taken_back(scene: Scene, sentence: Sentence) -> bool:
    """«Пишут, что пост закрыли. Это не так»: the next sentence opens with a denial of what others say."""
    at = scene.sentences.index(sentence) + 1
    if at >= len(scene.sentences) or not scene.has("hearsay media", sentence):
        return False
    return scene.marks.has("denial", scene.sentences[at].first, scene.sentences[at].first + _LABEL)


def _supposes(scene: Scene, clause: Clause) -> bool:
    """An if in the clause or at the head of its sentence, but not that of a figure: «триста, если не больше»."""
    if not scene.has("cond"):
        return False
    head = scene.sentence(clause.first).first
    ifs = [*scene.marks.within("cond", clause.first, clause.last), *scene.marks.within("cond", head, head + 1)]
    return any(not any(a.first_token <= mark.first <= a.last_token for a in scene.amounts) for mark in ifs)


def _not_yet(scene: Scene, clause: Clause) -> list[Mark]:
    if not scene.has(_NOT_YET):
        return []
    return [mark for concept in _NOT_YET.split() for mark in scene.marks.within(concept, clause.first, clause.last)]


def _hedges(scene: Scene, mark: Mark) -> bool:
    """«ehkä 300 metriä», "perhaps three thousand": a doubt about a figure, no supposition."""
    return mark.concept == "maybe" and any(
        mark.last + 1 == a.first_token or a.first_token <= mark.first <= a.last_token + 1 for a in scene.amounts
    )


def _is_denied(scene: Scene, sentence: Sentence, first: int) -> bool:
    """A figure in a sentence of denial, but not what is put in its place: «какие 35 км, хвост километра четыре»."""
    own = next((a for a in scene.amounts if a.first_token <= first <= a.last_token), None)
    if own is None:
        return False
    if corrects(scene, own):
        return False  # «очередь не 20 км, а от силы 7»
    if scene.reply is not None and _only_opens(scene, sentence, first):
        return False  # «бред, сам стою, максимум 12» to «35 км пробка»
    if scene.has("denial", scene.clause(first)) or not scene.has(_PUT_INSTEAD, scene.clause(first)):
        return True
    return not any(a.unit == own.unit and sentence.first <= a.first_token < own.first_token for a in scene.amounts)


def _is_put_instead(scene: Scene, sentence: Sentence, first: int) -> bool:
    """ "Reports that it has been shut are false; it is open": a word of open behind the denial of a closing."""
    before = Clause(sentence.first, scene.clause(first).first - 1)
    told = any(m.first == first for m in scene.marks.by.get("open", ())) and not scene.has(
        "denial", scene.clause(first)
    )
    return told and before.last > before.first and scene.has("denial", before) and scene.has("closed", before)


def _only_opens(scene: Scene, sentence: Sentence, first: int) -> bool:
    """Whether a short first clause denies what is answered, and the figure stands in a later one."""
    opening = sentence.clauses[0]
    later = scene.clause(first).first > opening.last and opening.last - opening.first < _LABEL
    return later and not scene.has("denial", Clause(opening.last + 1, sentence.last))


def holds_at(scene: Scene, first: int) -> datetime | None:
    """The time a sentence gives its claims, where it is another than when it was posted."""
    sentence, clause = scene.sentence(first), scene.clause(first)
    for span in (clause, sentence):
        for hit in scene.times:
            if (
                hit.kind == "at"
                and span.first <= hit.first_token <= span.last
                and not scene.marks.has("now", hit.last_token + 1, first)
            ):  # «вчера было 10 часов, сегодня 4»
                away = abs((hit.at - scene.post.posted_at).total_seconds())
                return hit.at if away > _AS_OF_SECONDS and hit.at < scene.post.posted_at else None
    return None
