"""Which words tell a name of a place from an ordinary word: the table [places] of the language files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from verst.errors import BadShelf
from verst.reading.text import fold

LISTS: dict[str, str] = {
    "ordinary": "names that are ordinary words as well: names with a capital letter, or after a word that leads to one",
    "never_lower": "of those, the ones that no leading word makes a name without a capital",
    "capitals": "abbreviations that are names in capitals alone",
    "leading": "words that lead to a place: prepositions, a post, a crossing",
    "unlike": "beginnings of words a letter away from a name, and no slip of the finger",
}


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """The lists of all languages together, each word folded; see `LISTS`."""

    ordinary: frozenset[str]
    never_lower: frozenset[str]
    capitals: frozenset[str]
    leading: frozenset[str]
    unlike: tuple[str, ...]

    @classmethod
    def from_languages(cls, languages: Mapping[str, Mapping[str, Any]]) -> PlaceWords:
        """Take [places] of every language. Raises BadShelf for an unknown list, or one that is no text."""
        found: dict[str, set[str]] = {name: set() for name in LISTS}
        for code, shelf in languages.items():
            for name, value in shelf.get("places", {}).items():
                if name not in LISTS or not isinstance(value, str):
                    what = "is unknown" if name not in LISTS else "is no text of words with spaces between"
                    raise BadShelf(f"languages/{code}.toml", f"[places] {name} {what}", "see reading/place_words.py")
                found[name].update(map(fold, value.split()))
        lists = {name: frozenset(words) for name, words in found.items() if name != "unlike"}
        return cls(unlike=tuple(sorted(found["unlike"])), **lists)
