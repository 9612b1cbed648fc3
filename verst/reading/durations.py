"""Durations that are waits: stood, standing, needed to get across."""

from __future__ import annotations

from collections.abc import Sequence

from verst.model import Bound, Mode
from verst.reading.amounts import Amount
from verst.reading.draft import Draft
from verst.reading.lexicon import Marks
from verst.reading.manner import asserted, mode_near, mode_words
from verst.reading.scene import Clause, Scene, Sentence
from verst.reading.text import Token
from verst.reading.times import TimeHit

_WAITS = "stand waited crossed wait_noun queue ahead"
_LONG_UNITS = ("week", "month", "year")
_ACROSS = "crossed border entered to"
_SHORT_CLAUSE = 4
_SHORT_SENTENCE = 6
_STAY = "r_entry_stay"
_STAY_MINUTES = 3 * 1440
_SHORTEST_MINUTES = 2
_LONGEST_MINUTES = 60 * 24 * 30


def waits(scene: Scene) -> list[Draft]:
    """Every wait the post states, from durations and from «с 6 утра стоим»."""
    found = [draft for amount in scene.amounts if (draft := _wait(scene, amount)) is not None]
    summed = [draft for draft in found if scene.near("sum", draft.first, draft.last, 2)]
    return summed or _both_sides(scene, found) or found or _since(scene) or _from_to(scene)


def _both_sides(scene: Scene, found: list[Draft]) -> list[Draft]:
    """«45 минут наша сторона, 20 минут финская»: the two stages of one crossing make one wait."""
    if len(found) != 2 or any(draft.mode or draft.low is not None for draft in found):
        return []
    one, other = found
    clauses = [scene.clause(one.first), scene.clause(other.first)]
    near = scene.sentence(one.first) is scene.sentence(other.first) and clauses[0] is not clauses[1]
    sided = [scene.has("side first_person", clause) or scene.names(clause, "country") for clause in clauses]
    if not near or not all(sided) or not scene.has("side", scene.sentence(one.first)):
        return []
    total = float(one.value or 0) + float(other.value or 0)
    return [Draft(kind="wait", first=one.first, last=other.last, rule="durations.both_sides", value=total,
                  bound=one.bound if one.bound == other.bound else "approx")]  # fmt: skip


def _wait(scene: Scene, amount: Amount) -> Draft | None:
    minutes = _minutes(scene, amount)
    if minutes is None:
        return None
    value, low, high = minutes
    if value is None or not _SHORTEST_MINUTES <= value <= _LONGEST_MINUTES or not _is_wait(scene, amount):
        return None
    return Draft(kind="wait", first=amount.first_token, last=amount.last_token, rule="durations.wait",
                 mode=_mode(scene, amount), value=value, low=low, high=high, bound=_bound(scene, amount))  # fmt: skip


def _minutes(scene: Scene, amount: Amount) -> tuple[float | None, float | None, float | None] | None:
    if amount.per or amount.per_minutes or _is_day_of(scene, amount):
        return None
    if (
        amount.bare
        and amount.value > 60
        and not scene.near("stand waited crossed queue", amount.first_token, amount.last_token, 3)
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
    if amount.unit == "none" and _answers(scene, "q_long") and (unit := _asked_unit(scene)):
        return _times(amount, unit)
    return None


def _is_day_of(scene: Scene, amount: Amount) -> bool:
    """«in the last 24 hours», «24 საათში»: the day of a flow, no wait."""
    near = scene.marks.within("per_day", amount.first_token - 2, amount.last_token + 1)
    return any(mark.last > mark.first and mark.last >= amount.first_token for mark in near)


def _times(amount: Amount, unit: float) -> tuple[float | None, float | None, float | None]:
    low = None if amount.low is None else amount.low * unit
    high = None if amount.high is None else amount.high * unit
    return amount.value * unit, low, high


def _unit_before(scene: Scene, amount: Amount) -> float | None:
    """«Fußgänger 2 Stunden, Autos etwa 12», «за 3 часа, друзья уже 9 стоят»: the unit of the wait before."""
    clause, sentence = scene.clause(amount.first_token), scene.sentence(amount.first_token)
    by_means = clause.last - clause.first <= _SHORT_CLAUSE and bool(mode_words(scene, clause))
    if not by_means and not scene.near("stand waited", amount.first_token, amount.last_token, 2):
        return None
    before = [a for a in scene.amounts if sentence.first <= a.first_token < amount.first_token]
    return before[-1].factor if before and before[-1].unit == "minute" and not before[-1].per else None


def _asked_unit(scene: Scene) -> float | None:
    """The unit of «сколько часов?»: a question names it, the answer gives the bare number."""
    assert scene.reply is not None
    if scene.reply.has("q_hours"):
        return 60.0
    return 1440.0 if scene.reply.has("q_days") else None


def _answers(scene: Scene, concept: str) -> bool:
    return scene.reply is not None and scene.reply.has(concept)


def _is_wait(scene: Scene, amount: Amount) -> bool:
    """A duration is a wait when words of waiting or crossing are near it and nothing says that it is another time."""
    first, last = amount.first_token, amount.last_token
    clause, sentence = scene.clause(first), scene.sentence(first)
    if scene.sentence(first).asks or not asserted(scene, first, past=scene.has("waited crossed stand", clause)):
        return False
    if amount.bare and scene.marks.any(("wait_noun", "q_long"), first, last + 1):
        return False  # «час очікування» is the time of waiting
    if amount.ordinal and (scene.post.chat.about or scene.places):
        return not scene.has("elsewhere", clause)
    if scene.has("closed paused ev_accident", clause) and not scene.has("stand waited crossed", clause):
        return False
    if scene.near("sum", first, last, 2):
        return True
    if scene.has("let entered", clause) and _counts_beside(scene, amount):
        return False
    close = scene.has(_WAITS, clause)
    if scene.has("elsewhere", clause) and not scene.near("stand waited crossed wait_noun", first, last, 4):
        return False
    if scene.has(_STAY, clause) and not close and amount.value >= _STAY_MINUTES:
        return False
    if scene.near("moved", first, last, 0) or scene.has("svc_insurance svc_lodging", clause):
        return False
    if close or scene.has(_WAITS, sentence) or _answers(scene, "q_long") or _after_crossing(scene, sentence):
        return True
    if _arrives(scene, sentence):
        return True
    named = any(h.what == "crossing" and sentence.first <= h.first_token <= sentence.last for h in scene.places)
    if scene.post.chat.kind == "group" and scene.post.chat.about and last - sentence.first <= 3 and not amount.bare:
        return not scene.has("elsewhere moved from s_food svc_seat svc_lodging", sentence) and sentence.first == 0
    if scene.between_places(clause):
        return False  # «от поста до аула двадцать минут»
    return (named or bool(mode_words(scene, sentence)) or scene.has("border", clause)) and not scene.has(
        "elsewhere", sentence
    )


def _after_crossing(scene: Scene, sentence: Sentence) -> bool:
    """«Прошли!! Семь часов всего»: the short sentence before tells that they got across or stood."""
    at = scene.sentences.index(sentence)
    if at == 0 or scene.post.chat.kind != "group" or scene.has("elsewhere", sentence):
        return False
    before = scene.sentences[at - 1]
    return (
        before.last - before.first <= _SHORT_SENTENCE
        and scene.has("crossed waited stand queue", before)
        and not before.asks
    )


def _arrives(scene: Scene, sentence: Sentence) -> bool:
    """«19 часов, и мы в Казахстане»: a country with a word of direction in the sentence."""
    return any(
        h.what == "country"
        and sentence.first <= h.first_token <= sentence.last
        and scene.marks.any(("to", "toward"), h.first_token - 1, h.last_token)
        for h in scene.places
    )


def _counts_beside(scene: Scene, amount: Amount) -> bool:
    """«за сорок минут пропустили десять» is a rate."""
    clause = scene.clause(amount.first_token)
    return any(
        other is not amount
        and other.unit in ("none", "vehicle", "person")
        and clause.first <= other.first_token <= clause.last
        for other in scene.amounts
    )


def _bound(scene: Scene, amount: Amount) -> Bound:
    """What is still going on is at least so long."""
    if amount.bound != "exact":
        return amount.bound
    clause = scene.clause(amount.first_token)
    lasting = scene.near("stand", amount.first_token, amount.last_token, 5) and scene.has("stand", clause)
    over = scene.has("waited crossed wait_noun", clause)
    return "min" if lasting and not over else "exact"


def _mode(scene: Scene, amount: Amount) -> Mode | None:
    clause, sentence = scene.clause(amount.first_token), scene.sentence(amount.first_token)
    if mode_words(scene, clause):
        return mode_near(scene, amount.first_token, amount.last_token)
    before = Clause(sentence.first, amount.first_token)
    own = scene.post.chat.kind == "group"
    named = mode_words(scene, before, counted=own)
    return named[-1] if named and len(set(named)) == 1 else None


def _since(scene: Scene) -> list[Draft]:
    """«стоим с 6 утра»: at least the time between then and the post."""
    for hit in reversed(scene.times):
        if hit.kind not in ("since", "ago") or not hit.elapsed_minutes:
            continue
        span: Clause | Sentence = scene.clause(hit.first_token)
        sentence = scene.sentence(hit.first_token)
        standing = scene.has("stand", span) or (hit.kind == "since" and scene.has("stand ahead", sentence))
        if not standing or scene.has("paused refuse closed elsewhere", span) or sentence.asks:
            continue
        if 10 <= hit.elapsed_minutes <= _LONGEST_MINUTES and asserted(scene, hit.first_token, past=True):
            return [Draft(kind="wait", first=hit.first_token, last=hit.last_token, rule="durations.since",
                          mode=mode_near(scene, hit.first_token, hit.last_token), value=float(hit.elapsed_minutes),
                          bound="min")]  # fmt: skip
    return []


def _from_to(scene: Scene) -> list[Draft]:
    """«встали вчера в два, в шесть утра на той стороне»: from joining the queue to getting across, or until now."""
    joined = [h for h in scene.times if h.kind in ("at", "since") and _said_with(scene, h, "joined")]
    if (
        not joined
        or scene.sentence(joined[0].first_token).asks
        or not asserted(scene, joined[0].first_token, past=True)
    ):
        return []
    start = joined[0]
    ends = [
        h for h in scene.times if h.first_token > start.last_token and h.at > start.at and _said_with(scene, h, _ACROSS)
    ]
    if not ends and not scene.has("stand remain ahead"):
        return []
    minutes = ((ends[-1].at if ends else scene.post.posted_at) - start.at).total_seconds() / 60
    if not _SHORTEST_MINUTES < minutes <= _LONGEST_MINUTES / 3:
        return []
    return [Draft(kind="wait", first=start.first_token, last=start.last_token, rule="durations.from_to",
                  mode=mode_near(scene, start.first_token, start.last_token), value=float(round(minutes)),
                  bound="exact" if ends else "min")]  # fmt: skip


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
        before = max(0, hit.first_token - 3), hit.first_token
        if hit.kind == "future" and hit.elapsed_minutes and marks.any(("crossed", "waited"), *before):
            moved.append(_lasting(hit, folded, -float(hit.elapsed_minutes)))  # "walked over in 50 minutes"
            continue
        parts = [token.text for token in toks[hit.first_token : hit.last_token + 1]]
        clock = len(parts) == 3 and parts[1] in ":." and parts[0].isdigit() and parts[2].isdigit()
        if not clock or not marks.any(("stand", "waited"), hit.first_token - 2, hit.first_token - 1):
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
