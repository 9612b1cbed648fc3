"""Which places an answer is about: those named, else those of the country named, else those most is said about."""

from __future__ import annotations

import difflib
from collections import Counter
from datetime import datetime

from verst.ask.answers import Line
from verst.ask.facts import fits, kinds_for
from verst.ask.scope import Scope
from verst.ask.wish import Wish
from verst.reading.text import fold

MOST_PLACES = 5
MOST_UNASKED = 3


def choose_places(scope: Scope, wish: Wish) -> tuple[list[str], bool]:
    """Crossings or borders to speak of, and whether the question named them."""
    if wish.crossings:
        return list(wish.crossings[:MOST_PLACES]), True
    busy = rank_by_voices(scope, wish)
    if wish.countries:
        listed = of_countries(scope, wish.countries)
        ranked = [place for place in busy if place in listed]
        ranked = ranked or [place for place in rank_by_age(scope, wish) if place in listed]
        return (ranked or list(wish.countries))[:MOST_UNASKED], True
    return (busy or rank_by_age(scope, wish))[:MOST_UNASKED], False


def of_countries(scope: Scope, countries: tuple[str, ...]) -> list[str]:
    """Crossings with a side in one of these countries, and those countries' borders as a whole."""
    found: list[str] = []
    for region in scope.regions:
        for crossing in region.crossings:
            if set(crossing.border.split("-")) & set(countries):
                found += [crossing.id, crossing.border]
    return list(dict.fromkeys(found))


def rank_by_voices(scope: Scope, wish: Wish) -> list[str]:
    """Places by how many independent voices speak to the question there now."""
    kinds = kinds_for(wish.topic)
    voices: Counter[str] = Counter()
    for estimate in scope.store.estimates_at(scope.at):
        if (
            estimate.kind in kinds
            and (wish.mode == "any" or estimate.mode in (wish.mode, "any"))
            and not scope.is_stale(estimate)
        ):
            voices[estimate.crossing] += estimate.voices
    return sorted((place for place in voices if voices[place]), key=lambda place: (-voices[place], place))


def rank_by_age(scope: Scope, wish: Wish) -> list[str]:
    """Places where anything was ever said to the question, the newest first: what is old is not "never"."""
    kinds = kinds_for(wish.topic)
    newest: dict[str, datetime] = {}
    for estimate in scope.store.estimates_at(scope.at):
        said = estimate.newest
        if estimate.kind == kinds[0] and fits(estimate, wish) and said is not None and said <= scope.at:
            newest[estimate.crossing] = max(said, newest.get(estimate.crossing, said))
    return sorted(newest, key=lambda place: (newest[place], place), reverse=True)


def say_stranger(scope: Scope, name: str) -> list[Line]:
    """That no crossing of that name is known, and which names are spelt nearly so."""
    spelt: dict[str, str] = {}
    for region in scope.regions:
        for crossing in region.crossings:
            for _, known in crossing.names:
                spelt.setdefault(fold(known), scope.words.pick(crossing.names, crossing.id))
    near = [spelt[found] for found in difflib.get_close_matches(fold(name), sorted(spelt), n=3, cutoff=0.5)]
    if not near:
        return [Line(what="nobody", text=scope.words.say("stranger_none", name=name))]
    return [
        Line(what="nobody", text=scope.words.say("stranger", name=name, near=scope.words.join(dict.fromkeys(near))))
    ]
