"""Questions: whether a post asks something, about what, at which crossing, for which means."""

from __future__ import annotations

from verst.model import Mode, Question
from verst.reading.amounts import Amount
from verst.reading.lexicon import Mark
from verst.reading.manner import mode_words
from verst.reading.scene import Scene, Sentence
from verst.reading.tags import EVENTS, SERVICES
from verst.reading.where import Atlas, borders_at, crossings_at

_RULES = ("exit_military", "pets", "child", "customs", "vehicle", "entry_stay", "documents")
_STATE = "open closed paused moving free q_how"
_GOVERNED = "let refuse may may_not crossed entered r_check r_documents r_enough border q_how elsewhere to plan future"
_TOLD = "free stand waited crossed"
_OF_WAITING = "queue stand waited crossed wait_noun let"
_PAID_FOR = (
    "charge_for svc_bicycle svc_ticket svc_insurance svc_lodging svc_transfer svc_seat svc_queue_place per_person"
)
_OF_SERVICES = " ".join(f"s_{tag}" for tag in SERVICES)
_OF_EVENTS = " ".join(f"ev_{tag}" for tag in EVENTS)
_FIGURES = ("minute", "km", "vehicle", "person", "money")
# Without one of these, nothing but a question mark asks.
_ASKING = "particle asks_first ask q_long q_many q_price q_where q_how q_other whether"
_INTERJECTION = 2  # letters of «ну», «а», "so"
_SHORT_STORY = 14  # tokens
_STORY = 4  # sentences from which on a question inside a story is part of the story


def mark_questions(scene: Scene) -> None:
    """Let every sentence know that it asks, also where the question mark was left out."""
    for sentence in scene.sentences:
        sentence.asks = sentence.asks or _asks(scene, sentence)
    if scene.reply is not None:
        mark_questions(scene.reply)


def question(scene: Scene, atlas: Atlas, *, answered: bool = False) -> Question | None:
    """The main question of the post, or None. ``answered``: the post answers another and claims something."""
    asking = [sentence for sentence in scene.sentences if sentence.asks]
    if not asking or scene.ad or scene.has("rhetorical") or _tells_a_story(scene, asking):
        return None
    if answered and asking[-1] is not scene.sentences[-1]:
        return None
    where = _where(scene, atlas, asking)
    if where is None:
        return None
    whole = Sentence(0, len(scene.toks) - 1)
    topic, span = _best_topic(scene, asking, whole)
    topic = topic or _asked_before(scene) or _by_means(scene, asking) or _how_it_went(scene, asking)
    topic = topic or _let_at_all(scene, asking)
    return Question(topic=topic, crossing=where, mode=_mode(scene, span, atlas, where)) if topic else None


def _best_topic(scene: Scene, asking: list[Sentence], whole: Sentence) -> tuple[str | None, Sentence]:
    """The topic of the sentences that ask, «как там?» last; a bare «развернут?» is about what the post names."""
    found = [(topic, span) for span in asking if (topic := _topic(scene, span))]
    found.sort(key=lambda pair: pair[0] in ("passage", "rule"))
    topic, span = found[0] if found else (_topic(scene, whole), whole)
    if topic in ("documents", "vehicle") and not scene.has("m_car m_motorcycle", span):
        so_far = Sentence(0, span.last)
        whose = next((tag for tag in ("child", "pets") if scene.has(f"r_{tag}", so_far)), topic)
        return whose, span  # «еду с дочкой. свидетельства хватит?»
    if topic == "rule":
        named = next((tag for tag in _RULES if scene.has(f"r_{tag}")), None)
        return named or topic, span
    return topic, span


def _where(scene: Scene, atlas: Atlas, asking: list[Sentence]) -> str | None:
    first = next((h.ids[0] for h in scene.places if h.what == "crossing"), None)
    if first:
        return first
    crossings = crossings_at(scene, atlas, asking[0].first, asking[-1].last)
    if crossings:
        return crossings[0]
    return next((id_ for id_, _ in borders_at(scene, atlas, asking[-1].first)), None)


def _tells_a_story(scene: Scene, asking: list[Sentence]) -> bool:
    last = scene.sentences[-1]
    if len(scene.toks) <= _SHORT_STORY or any(scene.has("whether", span) for span in asking):
        return False
    return len(scene.sentences) >= _STORY and asking[-1] is not last and not scene.has("ask")


def _asks(scene: Scene, sentence: Sentence) -> bool:
    """A question mark, a request to tell, a question word in front, or «… или нет»."""
    if sentence.asks:
        return True
    if not scene.has(_ASKING) or scene.has("no_question", sentence):
        return False
    chatting = scene.post.chat.kind in ("group", "social")
    if chatting and (scene.has("particle", sentence) or scene.marks.has("asks_first", sentence.first, sentence.first)):
        return not scene.has("ad_not", sentence)
    told = any(
        sentence.first <= a.first_token <= sentence.last and not _of_a_party(scene, a) and not _of_asking(scene, a)
        for a in scene.amounts
    )
    if any(not _is_relative(scene, mark) for mark in scene.marks.within("ask", sentence.first, sentence.last)):
        return not scene.has("yes nope ad_not" if scene.reply is not None else "ad_not", sentence)
    if (
        scene.has("q_long q_many q_price", sentence)
        and not told
        and not scene.has(_TOLD, sentence)
        and not scene.has("yes nope ad_not", sentence)
    ):
        return True
    short = len(scene.toks[sentence.first].text) <= _INTERJECTION  # «ну как там»
    opening = Sentence(sentence.first, min(sentence.first + 1 + short, sentence.last))
    if scene.has("q_where q_how q_other", opening) and chatting:
        return not scene.amounts
    asked_for = scene.has("r_check", sentence) and scene.has("r_pets r_customs r_vehicle", sentence)
    state = (
        asked_for
        or scene.has("let refuse may open closed paused moving q_faster", sentence)
        or (scene.reply is not None and mode_words(scene, sentence))
    )
    either = scene.has("whether", sentence) and bool(state)
    return either and scene.post.chat.kind == "group" and not any(a.unit in _FIGURES for a in scene.amounts)


def _is_relative(scene: Scene, mark: Mark) -> bool:
    """«перешлите тем, кто едет»: who is meant, not who is asked."""
    comma = mark.first > 0 and scene.toks[mark.first - 1].text == ","
    before = mark.first - 1 - comma
    return scene.marks.has("those", before, before)


def _of_a_party(scene: Scene, amount: Amount) -> bool:
    """«с двумя детьми»: who travels, no figure that answers anything."""
    return scene.marks.has("r_child", amount.last_token + 1, amount.last_token + 1)


def _of_asking(scene: Scene, amount: Amount) -> bool:
    """«сколько дней можно быть»: days that are asked for, no figure."""
    marks = scene.marks.within("q_long", amount.first_token, amount.last_token)
    return any(mark.first <= amount.first_token and amount.last_token <= mark.last for mark in marks)


def _asks_how_long_one_may(scene: Scene, span: Sentence) -> bool:
    """«сколько дней можно без регистрации?»: days that are allowed, none of waiting."""
    return scene.has("q_days", span) and scene.has("may", span) and not scene.has(_OF_WAITING, span)


def _topic(scene: Scene, span: Sentence) -> str | None:
    """The most telling topic: prices and rules first, then services and events, then figures and states."""
    if _asks_price(scene, span) or _asks_what_is_paid(scene, span):
        return "price"
    modes = mode_words(scene, span)
    supplied = scene.has(_OF_SERVICES, span)
    if supplied and _asks_for_supply(scene, span):
        return "service"
    for tag in _RULES:
        if _is_about(scene, tag, span):
            return tag
    if scene.has("q_faster", span) and not scene.has("let refuse may_not", span):
        return "wait"
    if scene.has("let may refuse may_not", span) and [m for m in modes if m != "car"]:
        return "mode_rule"
    if supplied and not scene.has("q_long q_many", span):
        return "service"
    if scene.has("q_many", span):
        return "queue_length" if scene.has("q_where queue", span) and not scene.has("vehicle_noun", span) else "wait"
    if scene.has("q_long wait_noun q_faster", span) or _asks_of_queue(scene, span):
        return "wait"
    if scene.has(_OF_EVENTS, span):
        return "event"
    coming = scene.has("future", span) and (scene.has("border", span) or scene.in_group_about_one)
    if scene.has(_STATE, span) or coming:
        return "passage"
    return "rule" if scene.has("r_entry_refusal refuse", span) else None


def _asks_for_supply(scene: Scene, span: Sentence) -> bool:
    """«сим-карту без паспорта продадут?», «бак почти сухой, заправка есть?»: whether it is there, no rule."""
    sold = scene.has("sell", span) and not scene.has("let", span)
    return sold or (scene.has("available", span) and not scene.has("let refuse may may_not r_check r_enough", span))


def _asks_of_queue(scene: Scene, span: Sentence) -> bool:
    """«кезек бар ма?»: whether there is a queue, with no figure that would tell of one."""
    counted = any(span.first <= a.first_token <= span.last for a in scene.amounts)
    return scene.has("queue", span) and not scene.has(_STATE, span) and not counted


def _asks_price(scene: Scene, span: Sentence) -> bool:
    """A word of how much, but not inside one of how long or how many: "paljonko jonoa?" asks for no money."""
    if scene.has("queue", span) and not scene.has(f"{_PAID_FOR} buy sell cost", span):
        return False  # "paljonko rajalla on jonoa?"
    wide = [m for concept in ("q_long", "q_many") for m in scene.marks.within(concept, span.first, span.last)]
    return any(
        not any(w.first <= mark.first and mark.last <= w.last for w in wide)
        for mark in scene.marks.within("q_price", span.first, span.last)
    )


def _asks_what_is_paid(scene: Scene, span: Sentence) -> bool:
    """«сколько сейчас велик стоит?», «скільки просять перевізники»: how much of what is paid for."""
    charged = scene.has("charge_for", span) and scene.has("q_other", span) and scene.has("svc_transfer svc_bribe", span)
    if charged and not any(a.unit == "money" for a in scene.amounts):
        return True  # «сколько таксисты берут от вокзала?»
    asked = scene.has("q_long q_many", span) and scene.has(_PAID_FOR, span)
    return asked and not scene.has("queue vehicle_noun crossed waited wait_noun q_hours plan", span)


def _is_about(scene: Scene, tag: str, span: Sentence) -> bool:
    """Whether a rule is asked about: by its words, or days that are allowed."""
    days = tag == "entry_stay" and _asks_how_long_one_may(scene, span)
    return days or (scene.has(f"r_{tag}", span) and _is_ruled(scene, tag, span))


def _is_ruled(scene: Scene, tag: str, span: Sentence) -> bool:
    """Whether a word of papers, people or goods asks about their rule: a lost dog and a child with earache do not."""
    if tag == "exit_military":
        return not scene.has("ev_draft_point", span) and not _only_calls(scene, span)
    if tag not in ("pets", "child"):
        return True
    if scene.has("q_long", span) and not scene.has("r_check r_documents let refuse may may_not", span):
        return False  # «сколько стоять с двумя детьми?»
    asks = any(s.asks and s.first == span.first and s.last == span.last for s in scene.sentences)
    return asks or scene.has(_GOVERNED, span)


def _only_calls(scene: Scene, span: Sentence) -> bool:
    """«мужики, телега с прицепом прокатит?»: the men are asked, not asked about."""
    marks = scene.marks.within("r_exit_military", span.first, span.last)
    return bool(marks) and all(m.first <= span.first + 1 and _called(scene, m.last + 1, span) for m in marks)


def _called(scene: Scene, at: int, span: Sentence) -> bool:
    return at <= span.last and (scene.toks[at].text == "," or scene.marks.has("ask", at, at + 1))


def _by_means(scene: Scene, asking: list[Sentence]) -> str | None:
    """«А на велике?» asks who may pass, «автобусы ходят?» whether one gets across, whatever the verb."""
    named = {mode for span in asking for mode in mode_words(scene, span)}
    if named & {"foot", "bicycle", "motorcycle"}:
        return "mode_rule"
    return "passage" if named & {"bus", "train"} else None


def _how_it_went(scene: Scene, asking: list[Sentence]) -> str | None:
    """«кто утром выезжал, отпишитесь, как прошли»"""
    return "passage" if any(scene.has("ask", span) and scene.has("crossed", span) for span in asking) else None


def _let_at_all(scene: Scene, asking: list[Sentence]) -> str | None:
    """«Пускают по земле в Азербайджан?»: whether anybody gets across, where nothing else is asked about."""
    marked = any(scene.has("let may", span) and _is_marked(scene, span) for span in asking)
    return "passage" if marked else None


def _is_marked(scene: Scene, span: Sentence) -> bool:
    return any(scene.toks[at].text in ("?", "؟") for at in range(span.first, span.last + 1))


def _asked_before(scene: Scene) -> str | None:
    """What a bare «а на велике?» asks: the topic of the post it answers."""
    if scene.reply is None:
        return None
    means = mode_words(scene, None) or mode_words(scene.reply, None)
    if means and scene.reply.has("let may refuse may_not only"):
        return "mode_rule"
    return _topic(scene.reply, Sentence(0, len(scene.reply.toks) - 1))


def _mode(scene: Scene, span: Sentence, atlas: Atlas, where: str) -> Mode:
    place = atlas.crossings.get(where)
    if place is not None and place.modes == ("air",):
        return "air"
    named = mode_words(scene, span) or mode_words(scene, None)
    if not named and scene.reply is not None:
        named = mode_words(scene.reply, None)
    return named[0] if named else "any"
