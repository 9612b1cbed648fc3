"""The words answers are made of: one TOML file a language, amounts with their units, ages, local times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from verst.errors import BadShelf
from verst.shelves import data_shelf
from verst.units import MINUTES_PER_DAY, MINUTES_PER_HOUR

Names = Sequence[tuple[str, str]]
DASH = "\u2013"


@dataclass(frozen=True, slots=True)
class Words:
    """One language of answers; ``table`` is its file."""

    code: str
    table: dict[str, Any]

    def say(self, key: str, **values: object) -> str:
        """The sentence under a dotted key with ``values`` put in; KeyError when nobody wrote it."""
        found: Any = self.table
        for part in key.split("."):
            found = found[part]
        return str(found).format(**values).replace("..", ".")

    def word(self, table: str, item: str, labels: Names = ()) -> str:
        """The word for an option, tag, kind or means: ours, else the shelf's label, else its id in plain letters."""
        own = self.table.get(table, {}).get(item)
        return str(own) if own else self.pick(labels, item.replace("_", " "))

    def pick(self, names: Names, fallback: str) -> str:
        """The name in this language, else in English, else the first there is, else ``fallback``."""
        known = dict(names)
        own = known.get(self.code) or known.get(str(self.table.get("falls_back")))
        return own or known.get("en") or next(iter(known.values()), fallback)

    def join(self, parts: Iterable[str]) -> str:
        """Words in a row with this language's comma between them."""
        return self.say("comma").join(part for part in parts if part)

    def country(self, code: str) -> str:
        """The name of a country, its code where nobody wrote one."""
        return self.word("countries", code)

    def toward(self, code: str) -> str:
        """``into Georgia``, bent as the language bends it."""
        return self.table.get("into", {}).get(code) or self.say("toward", country=self.country(code))

    def beside(self, code: str) -> str:
        """``on the side of Georgia``."""
        return self.table.get("beside", {}).get(code) or self.say("side", country=self.country(code))

    def amount(self, kind: str, low: float, high: float, mode: str, currency: str | None) -> str:
        """A range with its unit: ``12–18 h``. ``low`` and ``high`` in the kind's unit."""
        if kind == "wait":
            return self._minutes(low, high)
        unit = currency or self._unit(kind, mode)
        return f"{_range(low, high)} {unit}".strip()

    def _unit(self, kind: str, mode: str) -> str:
        units: dict[str, str] = self.table["units"]
        return units.get(f"{kind}_{mode}") or units.get(kind, "")

    def _minutes(self, low: float, high: float) -> str:
        units: dict[str, str] = self.table["units"]
        if high < 90:
            return f"{_range(5 * round(low / 5), max(5.0, 5 * round(high / 5)))} {units['minutes']}"
        if high < 3 * MINUTES_PER_DAY:
            return f"{_range(low / MINUTES_PER_HOUR, high / MINUTES_PER_HOUR)} {units['hours']}"
        return f"{_range(low / MINUTES_PER_DAY, high / MINUTES_PER_DAY)} {units['days']}"

    def span(self, length: timedelta) -> str:
        """A length of time in its coarsest telling unit: ``40 min``, ``6 h``, ``3 days``."""
        minutes = max(1, round(length.total_seconds() / 60))
        if minutes < 90:
            return f"{minutes} {self.table['units']['minutes']}"
        if minutes < 2 * MINUTES_PER_DAY:
            return f"{round(minutes / MINUTES_PER_HOUR)} {self.table['units']['hours']}"
        return f"{round(minutes / MINUTES_PER_DAY)} {self.table['units']['days']}"

    def moment(self, instant: datetime, zone: str) -> str:
        """Day and time on the clock of ``zone``, with that clock's offset: ``24.09 14:20 UTC+3``."""
        offset = instant.astimezone(ZoneInfo(zone)).strftime("%z")
        minutes = f":{offset[3:]}" if offset[3:] != "00" else ""
        return f"{self.clock(instant, zone)} UTC{offset[0]}{int(offset[1:3])}{minutes}"

    def clock(self, instant: datetime, zone: str) -> str:
        """The same where the offset was just said: ``24.09 14:20``."""
        return f"{instant.astimezone(ZoneInfo(zone)):%d.%m %H:%M}"


def _figure(value: float) -> str:
    """Two figures that a person would say.

    >>> [_figure(v) for v in (0.26, 2.26, 13.4, 47.2, 1234)]
    ['0.5', '2.5', '13', '47', '1200']
    """
    if value < 10:
        return f"{round(value * 2) / 2:g}"
    magnitude = 10 ** max(0, len(str(int(value))) - 2)
    return f"{round(value / magnitude) * magnitude:g}" if value < 1e6 else f"{value:.2g}"


def _range(low: float, high: float) -> str:
    first, last = _figure(low), _figure(high)
    return last if first == last else f"{first}{DASH}{last}"


@cache
def load_words() -> dict[str, Words]:
    """Every language of ``verst/ask/texts``. Raises BadShelf when one lacks a key that English has."""
    shelf = data_shelf("ask/texts")
    english = _keys(shelf["en"])
    for code, table in shelf.items():
        missing = sorted(english - _keys(table))
        if missing:
            raise BadShelf(f"ask/texts/{code}.toml", f"{missing[0]} is missing", "write it as en.toml does")
    return {code: Words(code, table) for code, table in shelf.items()}


def _keys(table: dict[str, Any], before: str = "") -> set[str]:
    found: set[str] = set()
    for key, value in table.items():
        found |= _keys(value, f"{before}{key}.") if isinstance(value, dict) else {f"{before}{key}"}
    return found


def choose_words(lang: str | None, question: str) -> Words:
    """The words for a language code; for one without a file, those its readers most likely read.

    >>> choose_words("uk", "").code, choose_words(None, "Скільки чекати?").code, choose_words("fi", "Jono?").code
    ('uk', 'uk', 'fi')
    """
    known = load_words()
    code = (lang or "").partition("-")[0].lower()
    if code in known and not (code == "en" and not question.isascii() and _has(question, "\u0400", "\u04ff")):
        return known[code]
    if lang and lang.endswith("-Latn"):
        return known.get(code, known["en"])
    if _has(question, "\u0400", "\u04ff"):
        return known["uk" if set("іїєґ") & set(question.lower()) else "ru"]
    return known["ar" if _has(question, "\u0600", "\u06ff") else "en"]


def _has(text: str, first: str, last: str) -> bool:
    return any(first <= letter <= last for letter in text)
