"""Waits told by clock times: since when they stand, from joining to across, «стоим 3:40»."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from verst.reading.amounts import Amount
from verst.reading.draft import Draft
from verst.reading.lexicon import Marks
from verst.reading.manner import asserted, mode_near, stated_first
from verst.reading.scene import Clause, Scene, Sentence
from verst.reading.text import Token
from verst.reading.times import TimeHit

LONGEST_MINUTES = 60 * 24 * 30
SHORTEST_MINUTES = 2
_NOW_MINUTES = 20
_LONGEST_DAY = 1440
_WALKED = 8  # tokens from "was over at Zosin" to "in 35 min"
_SUPPLIED = "s_fuel s_water s_food s_toilet s_sim s_atm s_charge"
_ACROSS = "crossed stamped border entered to"


def since(scene: Scene) -> list[Draft]:
    """«стоим с 6 утра»: at least the time between then and the post."""
    if _asked_of_something_else(scene):
        return []
    for hit in reversed(scene.times):
        if hit.kind not in ("since", "ago") or not hit.elapsed_minutes:
            continue
        span: Clause | Sentence = scene.clause(hit.first_token)
        sentence = scene.sentence(hit.first_token)
        standing = scene.has("stand", span) or (hit.kind == "since" and scene.has("stand ahead", sentence))
        standing = standing or (hit.kind == "since" and hit.first_token <= 1 and _asked_how_long(scene))
        standing = standing or (hit.kind == "since" and (_says_only_here(scene, hit) or _in_queue(scene, span)))
        if scene.has(_SUPPLIED, span) and not scene.has("stand first_person", span):
            continue  # «сим-карта таңертеңнен бері жоқ»: since when there is none
        away = scene.has("elsewhere", span) and not scene.has("stand", span)
        asks = sentence.asks and not stated_first(scene, span, sentence)
        if not standing or away or scene.has("paused refuse closed ev_strike nobody", span) or asks:
            continue
        told = sentence.asks or asserted(scene, hit.first_token, past=True)
        if 10 <= hit.elapsed_minutes <= LONGEST_MINUTES and told:
            return [Draft(kind="wait", first=hit.first_token, last=hit.last_token, rule="durations.since",
                          mode=mode_near(scene, hit.first_token, hit.last_token), value=float(hit.elapsed_minutes),
                          bound="exact" if _is_over(scene, hit) else "min")]  # fmt: skip
    return []


def _asked_of_something_else(scene: Scene) -> bool:
    """«стоит с вечера» to a question about armour or a draft office: what was asked about stands there."""
    asked = scene.reply
    return (
        asked is not None
        and asked.has("ev_armour ev_draft_point ev_accident")
        and not asked.has("q_long stand queue wait_noun")
        and not scene.has("first_person queue")
    )


def _is_over(scene: Scene, hit: TimeHit) -> bool:
    """«с 6:30 стою, вот только что поставили печать»: a later word of the same sentence says that they are across."""
    sentence = scene.sentence(hit.first_token)
    stamped = scene.marks.within("stamped", hit.last_token, sentence.last)
    return any(asserted(scene, mark.first, past=True) for mark in stamped)


def _says_only_here(scene: Scene, hit: TimeHit) -> bool:
    """«с четырёх дня тут»: a clause of the hour and of the place alone."""
    clause = scene.clause(hit.first_token)
    others = [
        at for at in range(clause.first, clause.last + 1)
        if not hit.first_token <= at <= hit.last_token and scene.toks[at].text[0].isalnum()
    ]  # fmt: skip
    own = {at for c in ("here", "first_person", "sizeable") for m in scene.marks.within(c, clause.first, clause.last)
           for at in range(m.first, m.last + 1)}  # fmt: skip
    return scene.has("here", clause) and set(others) <= own


def _in_queue(scene: Scene, clause: Clause | Sentence) -> bool:
    """ "has been in the walking queue since noon": in a queue, of which nothing else is told."""
    told = any(clause.first <= a.first_token <= clause.last for a in scene.amounts)
    return scene.has("here", clause) and scene.has("first_person relative", clause) and not told


def _asked_how_long(scene: Scene) -> bool:
    """«с 7:10 тут» to «сколько стоите?»"""
    return scene.reply is not None and scene.reply.has("q_long stand")


def from_to(scene: Scene) -> list[Draft]:
    """«встали вчера в два, в шесть утра на той стороне»: from joining the queue to getting across, or until now."""
    joined = [h for h in scene.times if h.kind in ("at", "since", "ago") and _said_with(scene, h, "joined")]
    if (
        not joined
        or scene.sentence(joined[0].first_token).asks
        or not asserted(scene, joined[0].first_token, past=True)
    ):
        return []
    start = joined[0]
    ends = [
        h for h in scene.times
        if h.first_token > start.last_token and h.at > start.at
        and (_said_with(scene, h, _ACROSS) or scene.names(scene.clause(h.first_token), "country"))
    ]  # fmt: skip
    if not ends and not _still_stands(scene, start):
        return []
    minutes = ((_not_to_come(scene, ends[-1].at) if ends else scene.post.posted_at) - start.at).total_seconds() / 60
    if not SHORTEST_MINUTES < minutes <= LONGEST_MINUTES / 3:
        return []
    return [Draft(kind="wait", first=start.first_token, last=start.last_token, rule="durations.from_to",
                  mode=mode_near(scene, start.first_token, start.last_token), value=float(round(minutes)),
                  bound="exact" if ends else "min")]  # fmt: skip


def between(scene: Scene) -> list[Draft]:
    """«с 9 до 13:30 в очереди»: two clocks side by side, with a word of waiting."""
    for start, end in pairwise(scene.times):
        minutes = (end.at - start.at).total_seconds() / 60
        dashed = scene.toks[end.first_token - 1].text == "-"
        beside = (start.kind == "since" or dashed) and 0 <= end.first_token - start.last_token <= 2
        if not beside or not SHORTEST_MINUTES < minutes <= _LONGEST_DAY or end.at > scene.post.posted_at:
            continue
        if _waited_between(scene, start):
            return [Draft(kind="wait", first=start.first_token, last=end.last_token, rule="durations.between",
                          mode=mode_near(scene, start.first_token, end.last_token),
                          value=float(round(minutes)))]  # fmt: skip
    return []


def _waited_between(scene: Scene, start: TimeHit) -> bool:
    """Whether a clause of two clocks tells of a queue, and not of when a gate is open."""
    clause, sentence = scene.clause(start.first_token), scene.sentence(start.first_token)
    waited = scene.has("stand waited queue here", clause) or scene.has("crossed joined", sentence)
    others = scene.marks.within("elsewhere", clause.first, start.first_token - 1)
    shut = scene.has("open normal closed paused", sentence)
    return waited and not others and not shut and asserted(scene, start.first_token, past=True)


def _not_to_come(scene: Scene, at: datetime) -> datetime:
    """«о 17 були в Словаччині», told at 15: the clock of the day before."""
    while at > scene.post.posted_at:
        at -= timedelta(days=1)
    return at


def _still_stands(scene: Scene, start: TimeHit) -> bool:
    """Whether who joined a queue is in it yet: it is said, or told of, and nothing of having got across."""
    if scene.has("stand remain ahead moved") or _says_now(scene, start):
        return True
    chatting = scene.post.chat.kind in ("group", "social")
    if chatting and scene.has("paused queue") and not scene.has("crossed entered stamped waited open moving free"):
        return True
    queue = scene.has("queue") and any(a.unit in ("km", "vehicle") for a in scene.amounts)
    return queue and not scene.has("crossed entered stamped waited")


def _says_now(scene: Scene, start: TimeHit) -> bool:
    """«встали вчера в 19:40, сейчас 16:10»: the time of day as it is when the post is written."""
    here = scene.post.posted_at + timedelta(minutes=scene.post.offset_minutes or 0)
    now = here.hour * 60 + here.minute
    clocks = [a.as_minutes for a in scene.amounts if a.unit == "clock" and a.as_minutes is not None]
    others = [h for h in scene.times if h.kind == "at" and h.precision != "day" and h.at > start.at]
    clocks += [now - (h.elapsed_minutes or 0) for h in others]
    return any(abs(clock - now) <= _NOW_MINUTES for clock in clocks)


def _said_with(scene: Scene, hit: TimeHit, concepts: str) -> bool:
    """Whether a word of these concepts stands in the clause of a time."""
    return scene.has(concepts, scene.clause(hit.first_token))


def standing_clocks(
    toks: Sequence[Token], folded: str, marks: Marks, times: list[TimeHit], amounts: list[Amount]
) -> tuple[list[TimeHit], list[Amount]]:
    """«стоим 3:40» is three hours and forty minutes, no time of day: move such clocks from the times to the amounts."""
    kept: list[TimeHit] = []
    moved: list[Amount] = []
    for hit in times:
        before = max(0, hit.first_token - _WALKED), hit.first_token
        if hit.kind == "future" and hit.elapsed_minutes and marks.any(("crossed", "waited"), *before):
            moved.append(_lasting(hit, folded, -float(hit.elapsed_minutes)))  # "walked over in 50 minutes"
            continue
        parts = [token.text for token in toks[hit.first_token : hit.last_token + 1]]
        clock = len(parts) == 3 and parts[1] in ":." and parts[0].isdigit() and parts[2].isdigit()
        ranged = hit.last_token + 2 < len(toks) and toks[hit.last_token + 1].text == "-"  # «стоял 7:30-9:10»
        ranged = ranged and toks[hit.last_token + 2].text.isdigit()
        if not clock or ranged or not marks.any(("stand", "waited"), hit.first_token - 2, hit.first_token - 1):
            kept.append(hit)
            continue
        minutes = 60.0 * int(parts[0]) + int(parts[2])
        moved.append(_lasting(hit, folded, minutes))
    return kept, sorted([*amounts, *moved], key=lambda amount: amount.first_token)


def _lasting(hit: TimeHit, folded: str, minutes: float) -> Amount:
    """The duration that a time hit turned out to be."""
    return Amount(
        start=hit.start, end=hit.end, first_token=hit.first_token, last_token=hit.last_token, value=minutes,
        unit="minute", unit_said="hour", factor=60.0, figures=folded[hit.start : hit.end],
    )  # fmt: skip
