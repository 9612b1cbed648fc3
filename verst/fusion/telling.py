"""From the state of a crossing to its estimates: one for each quantity that somebody has spoken of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from verst.fusion.answers import DISPUTED, amount, passage_odds, relation_doubt
from verst.fusion.opinions import counts, offers, votes
from verst.fusion.place import REMEMBER, Place, PlaceState, Quantity, Told, ratio_of
from verst.fusion.quarrels import disputed, unverified
from verst.fusion.rows import CODES, HEARSAY, NEWS, OTHER, PASSAGE, REFUSED, THROUGHPUT, instant
from verst.fusion.voices import NOTES
from verst.model import Estimate, Evidence, Kind

EVIDENCE = 12
COUPLED = ("queue_count", "queue_length", "wait")
# Doubt (variance of a log) below which a relation is good enough to derive from, and below which it was ever learned:
# in between, a figure derived before is "nobody has said" again, and said so.
WELL_KNOWN, EVER_KNOWN = 0.2, {"queue_count": 0.34, "queue_length": 0.34, "wait": 0.7}
JUDGED = {
    "confirmed": "confirmed at the desk",
    "rejected": "rejected at the desk",
    "corrected": "corrected at the desk",
    "hostile": "its source is marked as hostile",
}
TWINS = {"any": "car", "car": "any"}  # where cars queue, a queue without a means is theirs


def estimates_of(
    crossing: str, place: Place, state: PlaceState, at: float, kinds: Mapping[str, Kind]
) -> Iterator[Estimate]:
    """Every quantity of one crossing at minute ``at``. Runs queues forward to then: only doubt grows."""
    from verst.fusion.stepping import CARRY, pass_time

    for queue in state.queues.values():
        queue.p = pass_time(queue.p, queue.past, queue.facts, at, CARRY)
    quantities = {*state.told, *derivable(state, kinds)}
    for quantity in sorted(quantities, key=lambda q: tuple(part or "" for part in q)):
        told = lately(state.told.get(quantity, ()), at, REMEMBER)
        behind = [*told, *coupled(quantity, state, at, 1440.0 if told else REMEMBER)]
        if behind:
            yield _estimate(crossing, quantity, kinds[quantity[0]], told, behind, state, place, at)


def lately(told: Sequence[Told], at: float, within: float) -> Sequence[Told]:
    """Those of the last minutes (``within``) of reports in order of time."""
    if not told or at - told[0].row.t <= within:
        return told
    return [each for each in told if at - each.row.t <= within]


def derivable(state: PlaceState, kinds: Mapping[str, Kind]) -> Iterator[Quantity]:
    """Queues, lengths and waits that follow from each other, once it was learned here how they do."""
    for key, queue in state.queues.items():
        for name in COUPLED:
            if name in kinds and relation_doubt(queue.facts, CODES[name]) < EVER_KNOWN[name]:
                yield (name, *key, "")


def _estimate(
    crossing: str, quantity: Quantity, kind: Kind, told: Sequence[Told], behind: Sequence[Told], state: PlaceState,
    place: Place, at: float,
) -> Estimate:  # fmt: skip
    """``told``: of this very quantity; ``behind``: those and what moved it in other units.
    Derived: neither this kind nor its twin was told.
    """
    first = told[0].row if told else None
    sound = [each for each in behind if each.row.judged not in REFUSED]
    told = told if len(sound) == len(behind) else [each for each in told if each.row.judged not in REFUSED]
    ages = [each.row.t - each.row.age for each in sound]
    lives = max(1440.0, 12.0 * kind.half_life_minutes)
    alive = [each for each, since in zip(sound, ages, strict=True) if at - since <= lives]
    queue = state.queues.get(quantity[1:4]) if CODES.get(kind.id, OTHER) < THROUGHPUT else None
    split = disputed(kind, told if kind.id not in COUPLED else alive, at, queue)
    figure: tuple[float, float, float] | None = None
    odds: list[tuple[str, float]] | None = None
    said = any(each.row.kind == kind.id for each in alive)  # of this quantity, or of its twin without a means
    sure = bool(told) or said or (queue is not None and relation_doubt(queue.facts, CODES[kind.id]) < WELL_KNOWN)
    if alive and sure:
        figure, odds = _picture(quantity, kind, alive, state, place, at, split)
    lone = unverified(alive) if figure is not None else False
    value = odds[0][0] if odds and odds[0][0] != "unknown" else (figure[0] if figure else None)
    heard = alive if sure else []  # whom a figure that cannot be derived would have rested on says nothing of it
    voices = {each.row.author for each in heard if each.weight > 0.01 and not each.row.denies}
    return Estimate(
        at=instant(at), crossing=crossing, kind=kind.id, mode=quantity[3], toward=quantity[1], side=quantity[2],  # type: ignore[arg-type]
        currency=first.currency if first else None, service=first.service if first else None,
        tag=first.tag if first else None, value=value,
        p10=figure[1] if figure else None, p90=figure[2] if figure else None,
        odds=tuple(odds) if odds else None, voices=len(voices),
        newest=instant(max(ages)) if sound else None, oldest=instant(min(ages)) if sound else None,
        disputed=split or lone, evidence=evidence(behind, lone, kind.id), derived=not (told or said),
    )  # fmt: skip


def _picture(
    quantity: Quantity, kind: Kind, told: Sequence[Told], state: PlaceState, place: Place, at: float, split: bool
) -> tuple[tuple[float, float, float] | None, list[tuple[str, float]] | None]:
    """The figure (middle, 10 %, 90 %) of an amount, or the odds of options."""
    code = CODES.get(kind.id, OTHER)
    queue = state.queues.get((quantity[1], quantity[2], quantity[3]))
    if code == PASSAGE and queue:
        return None, passage_odds(queue)
    if code < PASSAGE and queue:
        return amount(queue, code, ratio_of(place.crossing, quantity[3]), DISPUTED if split else 0.0), None
    if kind.shape == "amount":
        return (offers if kind.id == "price" else counts)(told, at, kind.half_life_minutes), None
    options = kind.options or (("available", "missing") if kind.id == "service" else ("present", "absent"))
    return None, votes(told, options, at, kind.half_life_minutes)


def coupled(quantity: Quantity, state: PlaceState, at: float, within: float) -> list[Told]:
    """Reports of the last minutes (``within``) of the same queue in other units, or told without its means."""
    if quantity[0] not in COUPLED:
        return []
    wanted = [(name, *quantity[1:]) for name in COUPLED if name != quantity[0]]
    twin = TWINS.get(quantity[3])
    if twin:
        wanted += [(name, *quantity[1:3], twin, quantity[4]) for name in COUPLED]
    return [each for other in wanted if other in state.told for each in lately(state.told[other], at, within)]


def evidence(told: Sequence[Told], lone: bool, kind: str) -> tuple[Evidence, ...]:
    """A dozen reports, each with why it counts less than it might: those of the kind itself first, then by weight.

    What the desk decided about is among them, whatever it weighs.
    """
    chosen = sorted([each for each in told if each.row.kind == kind], key=_rank)[:EVIDENCE]
    if len(chosen) < EVIDENCE:
        chosen += sorted([each for each in told if each.row.kind != kind], key=_rank)[: EVIDENCE - len(chosen)]
    return tuple(
        Evidence(
            post=each.row.post, weight=round(min(1.0, each.weight), 4), value=each.row.value,
            stance=each.row.stance, source=each.row.source,  # type: ignore[arg-type]
            said_at=instant(each.row.t - each.row.age), note=_note(each, lone),
            kind=each.row.kind if each.row.kind != kind else None,
        )
        for each in chosen
    )  # fmt: skip


def _rank(told: Told) -> tuple[bool, float, float, str]:
    row = told.row
    return row.judged is None, -told.weight, -row.t, row.post


def _note(told: Told, lone: bool) -> str | None:
    if told.row.judged is not None:
        return JUDGED[told.row.judged]
    if told.row.denies:
        return "speaks against this figure"
    if lone:
        return NOTES[1] if told.note == 1 else "unverified: one root"
    if NOTES[told.note]:
        return NOTES[told.note]
    return "heard, not seen" if told.row.tier in (NEWS, HEARSAY) else None
