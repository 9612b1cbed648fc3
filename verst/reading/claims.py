"""Drafts become claims: crossing, direction, means, stance and time are found for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from verst.model import Claim, Mode
from verst.reading.draft import Draft
from verst.reading.manner import holds_at, mode_right_after, mode_words, stance
from verst.reading.scene import Scene, Sentence
from verst.reading.since import SHORTEST_MINUTES
from verst.reading.tags import TURNED_AWAY
from verst.reading.where import Atlas, borders_at, crossings_at
from verst.reading.whither import said_direction, said_side, toward

_BORDER_KINDS = {"flow", "flow_change", "passage", "queue_length", "queue_count", "rule", "event"}
_OF_THE_BORDER = {"flow", "flow_change"}
_SIDED = {"wait", "queue_length", "queue_count", "passage", "throughput"}
PARTED = 2.0  # times as long as a part is what it is a part of
_UNDIRECTED = {"event", "service"}


def complete(scene: Scene, atlas: Atlas, drafts: Iterable[Draft]) -> list[Claim]:
    """One claim for each draft and crossing it is about; a draft about none is dropped."""
    found: dict[tuple[object, ...], Claim] = {}
    for draft in drafts:
        for crossing, goal in _ends(scene, atlas, draft):
            claim = _claim(scene, atlas, draft, crossing, goal)
            key = (
                claim.kind,
                crossing,
                claim.mode,
                claim.value,
                claim.low,
                claim.high,
                claim.tag,
                claim.service,
                claim.toward,
            )
            found.setdefault(key, claim)
    return _parts_apart(scene, atlas, list(found.values()))


def _parts_apart(scene: Scene, atlas: Atlas, claims: list[Claim]) -> list[Claim]:
    """A wait told beside a longer one, in words that name one side's country, is the part that is stood there.

    «6 часов, финны 30 мин», «Грузию прошёл за 40 минут, на российской стояли 46 часов»
    """
    waits = [claim for claim in claims if claim.kind == "wait" and isinstance(claim.value, float)]
    return [
        replace(claim, side=_side_named(scene, atlas, claim, waits))
        if claim in waits and claim.side is None and any(_far_longer(other, claim) for other in waits)
        else claim
        for claim in claims
    ]


def _far_longer(other: Claim, claim: Claim) -> bool:
    assert isinstance(other.value, float) and isinstance(claim.value, float)
    return other.crossing == claim.crossing and other.value >= PARTED * claim.value


def _side_named(scene: Scene, atlas: Atlas, claim: Claim, waits: list[Claim]) -> str | None:
    """The side whose country or people alone the sentence of a wait names, or its clause where others stand beside."""
    at = [_token(scene, each) for each in waits]
    token, sides = _token(scene, claim), set(atlas.sides(claim.crossing))
    sentence = scene.sentence(token)
    alone = sum(sentence.first <= each <= sentence.last for each in at) == 1
    span = sentence if alone else scene.clause(token)
    named = {h.ids[0] for h in scene.places if h.what == "country" and span.first <= h.first_token <= span.last} & sides
    return named.pop() if len(named) == 1 else None


def _token(scene: Scene, claim: Claim) -> int:
    """Where the words of a claim begin."""
    start = claim.span[0] if claim.span is not None else 0
    return next((n for n, each in enumerate(scene.toks) if each.end > start), 0)


def _ends(scene: Scene, atlas: Atlas, draft: Draft) -> list[tuple[str, str | None]]:
    if draft.ends:
        return [(id_, None) for id_ in draft.ends]
    sentence = scene.sentence(draft.first)
    here = any(h.what == "crossing" and sentence.first <= h.first_token <= sentence.last for h in scene.places)
    if not here and draft.kind in _BORDER_KINDS and scene.post.chat.about is None:
        refusal = draft.tag == "entry_refusal" and draft.rule != TURNED_AWAY
        of_border = draft.kind in _OF_THE_BORDER or refusal
        countries = _countries(scene, atlas, sentence) and not _of_the_post_before(scene, draft, sentence)
        if of_border and countries:
            borders = borders_at(scene, atlas, draft.first, title=False)
            if borders:
                return borders
    crossings = crossings_at(scene, atlas, draft.first, draft.last)
    if crossings:
        return [(id_, None) for id_ in crossings]
    allowed = draft.kind in _BORDER_KINDS or draft.service == "bribe"
    return borders_at(scene, atlas, draft.first) if allowed else []


def _of_the_post_before(scene: Scene, draft: Draft, sentence: Sentence) -> bool:
    """«КПП «Верхний Ларс» … За сутки в Грузию выехали 6320»: of the post named before, unless of a whole border."""
    named = any(h.what == "crossing" and h.first_token < sentence.first for h in scene.places)
    return named and draft.kind == "flow" and not scene.has("border", sentence)


def _countries(scene: Scene, atlas: Atlas, sentence: Sentence) -> bool:
    """Whether a sentence names a border or country; people of the country that a crossing leaves are of the crossing.

    «… на Алтанбулаге; в воскресенье прошли 610 россиян»
    """
    named = [
        h for h in scene.places if h.what in ("country", "border") and sentence.first <= h.first_token <= sentence.last
    ]
    before = [h.ids[0] for h in scene.places if h.what == "crossing" and h.first_token < sentence.first]
    home = atlas.sides(before[-1])[:1] if before else ()
    return any(h.what == "border" or h.ids[0] not in home for h in named)


def _claim(scene: Scene, atlas: Atlas, draft: Draft, crossing: str, goal: str | None) -> Claim:
    return Claim(
        kind=draft.kind,
        crossing=crossing,
        toward=_toward(scene, atlas, draft, crossing, goal),
        side=said_side(scene, atlas.sides(crossing), draft.first) if draft.kind in _SIDED else None,
        mode=_mode(scene, atlas, draft, crossing),
        value=draft.value,
        low=draft.low,
        high=draft.high,
        bound="exact" if isinstance(draft.value, str) or draft.value is None else draft.bound,
        stance=draft.stance or stance(scene, draft.first),
        holds_at=holds_at(scene, draft.first),
        currency=draft.currency,
        service=draft.service,
        tag=draft.tag,
        span=scene.offsets(draft.first, draft.last),
        rule=draft.rule,
    )


def _toward(scene: Scene, atlas: Atlas, draft: Draft, crossing: str, goal: str | None) -> str | None:
    if draft.kind in _UNDIRECTED or draft.service == "lodging":
        return said_direction(scene, atlas.sides(crossing), scene.clause(draft.first))
    if scene.has("both_ways", scene.sentence(draft.first)) and draft.value != "paused":
        return None
    if draft.value == "closed":
        return said_direction(scene, atlas.sides(crossing), scene.clause(draft.first))
    if _is_airport(atlas, crossing) and (draft.service == "ticket" or len(atlas.sides(crossing)) == 1):
        abroad = {h.ids[0] for h in scene.places if h.what == "country"} - set(atlas.sides(crossing))
        return abroad.pop() if len(abroad) == 1 else None
    said = toward(scene, atlas, crossing, draft.first, draft.last)
    return said or goal


def _mode(scene: Scene, atlas: Atlas, draft: Draft, crossing: str) -> Mode:
    if _is_airport(atlas, crossing) and (
        draft.kind in ("wait", "passage", "queue_count", "rule") or draft.service in ("ticket", "seat")
    ):
        return "air"
    if draft.mode is not None:
        return draft.mode
    if draft.kind == "wait":
        return _standing_mode(scene, draft.first) or "any"
    return "any"


def _is_airport(atlas: Atlas, crossing: str) -> bool:
    place = atlas.crossings.get(crossing)
    return place is not None and place.modes == ("air",)


def _unspent_modes(scene: Scene, first: int) -> list[Mode]:
    """The means named in a post but for those of another wait: "11 hours door to door, bikes about 2h"."""
    waits = sorted(a.first_token for a in scene.amounts if a.unit == "minute" and a.value >= SHORTEST_MINUTES)
    spent: set[Mode] = set()
    free: set[Mode] = set()
    for sentence in scene.sentences:
        for clause in sentence.clauses:
            ahead = [at for at in waits if clause.first <= at <= sentence.last]
            of_another = bool(ahead) and scene.clause(ahead[0]) is not scene.clause(first)
            # «пеших не пускают», «пешком бы дошли»: nobody went so
            of_another = of_another or scene.has("refuse may_not sell cond wish", clause)
            ahead_of_us = {
                mode_right_after(scene, m.last) for m in scene.marks.within("ahead", clause.first, clause.last)
            }
            (spent if of_another else free).update(m for m in mode_words(scene, clause) if m not in ahead_of_us)
    return [mode for mode in mode_words(scene, None) if mode in free or mode not in spent]


def _lorries(scene: Scene, first: int) -> Mode | None:
    """ "350 lorries wait, the waiting time is 96 hours": the one means counted, where it is no car."""
    sentence = scene.sentence(first)
    alone = scene.crossings_named == 1
    counted = {
        a.mode for a in scene.amounts
        if a.unit == "vehicle" and (alone or sentence.first <= a.first_token <= sentence.last)
    }  # fmt: skip
    return "truck" if counted == {"truck"} else None


def _asked_mode(scene: Scene) -> Mode | None:
    """The one means that a question is about: «двадцять хвилин» to «Порубне пішки хтось ходив?»."""
    asked = scene.reply
    named = mode_words(asked, None) if asked is not None and any(s.asks for s in asked.sentences) else []
    return named[0] if len(named) == 1 and not mode_words(scene, None) else None


def _standing_mode(scene: Scene, first: int) -> Mode | None:
    """The writer's own means: said elsewhere in the post, in the question answered, or the queue they stand in."""
    if scene.post.chat.kind not in ("group", "social") or not (stance(scene, first) == "saw" or scene.has("relative")):
        return _lorries(scene, first) or _asked_mode(scene) or scene.title_mode
    sentence, several = scene.sentence(first), scene.crossings_named > 1
    standing = [
        a for a in scene.amounts
        if a.unit == "vehicle" and a.value and not (a.per or a.per_minutes)
        and not (several and scene.sentence(a.first_token) is not sentence)
    ]  # fmt: skip
    counted = [a.mode for a in standing if a.mode and a.mode != "any"]
    if counted and len(set(counted)) == 1:
        return counted[0]
    named = _unspent_modes(scene, first)
    if len(named) == 1:
        return named[0]
    if not named and scene.reply is not None:
        asked = mode_words(scene.reply, None)
        return asked[0] if len(asked) == 1 else scene.title_mode
    return scene.title_mode
