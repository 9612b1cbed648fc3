"""Questions: whether a post asks something, about what, at which crossing, for which means."""

from __future__ import annotations

from verst.model import Question
from verst.reading.manner import mode_words
from verst.reading.scene import Scene, Sentence
from verst.reading.tags import EVENTS, SERVICES
from verst.reading.where import Atlas, borders_at, crossings_at

_RULES = ("exit_military", "pets", "child", "customs", "vehicle", "entry_stay", "documents")
_STATE = "open closed paused moving free q_how"


def question(scene: Scene, atlas: Atlas) -> Question | None:
    """The main question of the post, or None."""
    asking = [sentence for sentence in scene.sentences if _asks(scene, sentence)]
    if not asking or scene.ad or scene.has("rhetorical"):
        return None
    last = asking[-1]
    crossings = crossings_at(scene, asking[0].first, last.last)
    where = crossings[0] if crossings else next((id_ for id_, _ in borders_at(scene, atlas, last.first)), None)
    if where is None:
        return None
    spans = [*asking, Sentence(0, len(scene.toks) - 1)]
    for span in spans:
        topic = _topic(scene, span)
        if topic:
            return Question(topic=topic, crossing=where, mode=_mode(scene, span))
    return None


def _asks(scene: Scene, sentence: Sentence) -> bool:
    if sentence.asks:
        return True
    return scene.has("ask", sentence) and not scene.has("yes nope", sentence)


def _topic(scene: Scene, span: Sentence) -> str | None:
    """The most telling topic of the words: rules first, then services and events, then figures and states."""
    if scene.has("q_price", span):
        return "price"
    permitted = scene.has("let may refuse may_not", span) and bool(mode_words(scene, span))
    for tag in _RULES:
        if scene.has(f"r_{tag}", span):
            return tag
    if permitted and [m for m in mode_words(scene, span) if m != "car"]:
        return "mode_rule"
    if any(scene.has(f"s_{tag}", span) for tag in SERVICES) and not scene.has("q_long q_many", span):
        return "service"
    if scene.has("q_many", span):
        return "queue_length" if scene.has("q_where queue", span) and not scene.has("vehicle_noun", span) else "wait"
    if scene.has("q_long wait_noun", span):
        return "wait"
    if any(scene.has(f"ev_{tag}", span) for tag in EVENTS):
        return "event"
    if scene.has(_STATE, span):
        return "passage"
    if permitted:
        return "mode_rule"
    return "rule" if scene.has("r_entry_refusal refuse", span) else None


def _mode(scene: Scene, span: Sentence) -> str:
    named = mode_words(scene, span) or mode_words(scene, None)
    if not named and scene.reply is not None:
        named = mode_words(scene.reply, None)
    return named[0] if named else "any"
