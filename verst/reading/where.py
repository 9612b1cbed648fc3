"""Where a claim belongs: the crossing or the border."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from verst.model import Crossing, Region
from verst.reading.places import PlaceHit
from verst.reading.scene import Clause, Scene

_JOINERS = 4  # at most so many short words or signs between two crossings that share one predicate


@dataclass(frozen=True, slots=True)
class Atlas:
    """What the rules need to know of the regions."""

    crossings: Mapping[str, Crossing]
    borders: frozenset[str]  # "RU-FI"
    whole: Mapping[str, str]  # a border without posts, by the crossing that stands for all of it
    fled: tuple[tuple[str, datetime, datetime], ...]  # country, first and last instant of the flight

    @classmethod
    def from_regions(cls, regions: Iterable[Region]) -> Atlas:
        """Gather crossings, borders and times of flight from all regions."""
        listed = tuple(regions)
        crossings = {crossing.id: crossing for region in listed for crossing in region.crossings}
        fled = dict.fromkeys(entry for region in listed for entry in region.leaving_implied)
        whole = {c.border: c.id for c in crossings.values() if "any" in c.modes}
        return cls(crossings, frozenset(c.border for c in crossings.values()), whole, tuple(sorted(fled)))

    def sides(self, id_: str) -> tuple[str, ...]:
        """The two countries of a crossing or a border id; fewer where there are fewer."""
        crossing = self.crossings.get(id_)
        if crossing is not None:
            return tuple(side.country for side in crossing.sides)
        return tuple(part for part in id_.split("-") if len(part) == 2)

    def offset(self, id_: str, when: datetime) -> int:
        """Minutes ahead of UTC on the first side of a crossing at that time; 0 where the crossing is unknown."""
        crossing = self.crossings.get(id_)
        if crossing is None or not crossing.sides:
            return 0
        ahead = when.astimezone(ZoneInfo(crossing.sides[0].zone)).utcoffset()
        return round(ahead.total_seconds() / 60) if ahead else 0

    def border_of(self, one: str, other: str) -> str | None:
        """The id of the border between two countries."""
        for id_ in (f"{one}-{other}", f"{other}-{one}"):
            if id_ in self.borders:
                return id_
        return None

    def fled_at(self, when: datetime) -> str | None:
        """The country people flee from at that time, where a region says so."""
        return next((country for country, first, last in self.fled if first <= when <= last), None)


def crossings_at(scene: Scene, atlas: Atlas, first: int, last: int) -> list[str]:
    """The crossings a claim at these tokens is about: named nearby, else answered, else what the chat is about."""
    hits = [hit for hit in scene.places if hit.what == "crossing"]
    hit = _nearest(scene, hits, first)
    if hit is not None:
        return _together(scene, hits, hit)
    towns = [h for h in scene.places if h.what == "town" and h.ids]
    about = scene.post.chat.about
    about_sides = atlas.sides(about) if about else ()
    if about is None and towns and not scene.ad:
        near = _nearest(scene, towns, first)
        if near is not None:
            return [near.ids[0]]
    if scene.reply is not None:
        answered = [h for h in scene.reply.places if h.what == "crossing"]
        if answered:
            return [answered[0].ids[0]]
    if about and _speaks_elsewhere(scene, about_sides, first):
        return []
    return [about] if about else []


def _speaks_elsewhere(scene: Scene, sides: tuple[str, ...], token: int) -> bool:
    """«Финляндия: очередь 35 км» in a chat about Georgia is not about the chat's crossing."""
    sentence = scene.sentence(token)
    named = [h for h in scene.places if h.what == "country" and sentence.first <= h.first_token <= token]
    head = [h for h in named if h.first_token <= sentence.first + 1]
    return bool(head) and bool(sides) and not any(h.ids[0] in sides for h in named)


def _nearest(scene: Scene, hits: list[PlaceHit], token: int) -> PlaceHit | None:
    """The only one of its clause, else the last before the token in its sentence, else the first after it there,
    else the last before it at all.
    """
    sentence, clause = scene.sentence(token), scene.clause(token)
    own = [h for h in hits if clause.first <= h.first_token <= clause.last]
    if len({h.ids for h in own}) == 1:
        return own[-1]
    led = _led_to(scene, own, clause, token)
    if led is not None:
        return led
    inside = [h for h in hits if sentence.first <= h.first_token <= sentence.last]
    before = [h for h in inside if h.first_token <= token]
    if before:
        return before[-1]
    if inside:
        return inside[0]
    earlier = [h for h in hits if h.first_token < sentence.first]
    if earlier:
        return earlier[-1]
    return hits[0] if hits and len({h.ids for h in hits}) == 1 else None


def _led_to(scene: Scene, own: list[PlaceHit], clause: Clause, token: int) -> PlaceHit | None:
    """ "340 cars at A and 125 cars at B": where figures come before their places, the next place is the figure's."""
    figures = [a.first_token for a in scene.amounts if clause.first <= a.first_token <= clause.last]
    if len(figures) < 2 or not own or figures[0] > own[0].first_token:
        return None
    after = next((h for h in own if h.first_token > token), None)
    return after if after is not None and not any(token < at < after.first_token for at in figures) else None


def _together(scene: Scene, hits: list[PlaceHit], hit: PlaceHit) -> list[str]:
    """The crossing of a hit and those it is listed with: «на А та Б»."""
    found = [hit.ids[0]]
    at = hits.index(hit)
    for step in (-1, 1):
        here, next_ = at, at + step
        while 0 <= next_ < len(hits):
            left, right = sorted((here, next_))
            between = scene.toks[hits[left].last_token + 1 : hits[right].first_token]
            if len(between) > _JOINERS or any(
                len(t.text) > 3 or t.text[0].isdigit() or t.text in ".:-" for t in between
            ):
                break
            if any("\n" in scene.folded[hits[left].end : hits[right].start] for _ in (0,)):
                break
            found.append(hits[next_].ids[0])
            here, next_ = next_, next_ + step
    return list(dict.fromkeys(found))


def borders_at(scene: Scene, atlas: Atlas, first: int, *, title: bool = True) -> list[tuple[str, str | None]]:
    """Borders (and the country entered) that a sentence speaks of by naming countries only.

    Else those that the name of its chat names, if ``title``.
    """
    sentence = scene.sentence(first)
    named = [h for h in scene.places if h.what in ("border", "country")]
    inside = [h for h in named if sentence.first <= h.first_token <= sentence.last]
    found = _borders_among(scene, atlas, _own_countries(scene, inside, first)) or _borders_among(scene, atlas, inside)
    if not found:
        found = _borders_among(scene, atlas, named)
    if not found and scene.reply is not None:
        found = _borders_among(scene.reply, atlas, [h for h in scene.reply.places if h.what in ("border", "country")])
    return found or (_borders_among(scene, atlas, [*scene.title, *named]) if title else [])


def _own_countries(scene: Scene, named: list[PlaceHit], first: int) -> list[PlaceHit]:
    """«з Польщі 17 тисяч, з Румунії – 6 тисяч»: where figures and countries take turns, the one before a figure."""
    sentence = scene.sentence(first)
    figures = [a.first_token for a in scene.amounts
               if a.unit in ("person", "none") and sentence.first <= a.first_token <= sentence.last]  # fmt: skip
    countries = [h for h in named if h.what == "country"]
    ends = [sentence.first - 1, *figures]
    own = {end: [h for h in countries if start < h.first_token < end] for start, end in pairwise(ends)}
    in_turn = len(own) > 1 and all(len({h.ids for h in hits}) == 1 for hits in own.values())
    return own.get(first, []) if in_turn else []


def border_of_chat(scene: Scene, atlas: Atlas, first: int) -> str | None:
    """The border a chat about one crossing is about, unless the sentence names a country that is not of it."""
    about, sentence = atlas.crossings.get(scene.post.chat.about or ""), scene.sentence(first)
    if about is None:
        return None
    named = {h.ids[0] for h in scene.places if h.what == "country" and sentence.first <= h.first_token <= sentence.last}
    return about.border if named <= set(atlas.sides(about.id)) else None


def _borders_among(scene: Scene, atlas: Atlas, hits: list[PlaceHit]) -> list[tuple[str, str | None]]:
    for hit in hits:
        if hit.what == "border" and hit.ids[0] in atlas.borders:
            return [(hit.ids[0], None)]
    countries = list(dict.fromkeys(h.ids[0] for h in hits if h.what == "country"))
    fled = atlas.fled_at(scene.post.posted_at)
    hubs = sorted((c for c in (fled, "RU", "UA") if c), key=lambda country: country not in countries)
    for hub in dict.fromkeys(hubs):
        others = [c for c in countries if c != hub and atlas.border_of(hub, c)]
        if others and (hub in countries or hub == fled):
            ids = [(str(atlas.border_of(hub, other)), other) for other in others]
            return [(atlas.whole.get(id_, id_), other) for id_, other in ids]
    return []
