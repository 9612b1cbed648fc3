"""The words of the pages: one TOML file a language, every key in each of them, plurals as each language has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from verst.errors import BadShelf
from verst.shelves import read_toml

CORE = (
    "site.", "board.", "time.", "age.", "amount.", "count.voices", "silent.", "sure.", "status.", "passage.", "kind.",
    "mode.", "allowed.", "answer.", "into.", "month.", "digest.", "map.",
)  # fmt: skip
LENT = (
    "site.data",
    "site.map_data",
    "site.export",
    "board.no_region",
)  # for whoever sets a board up or programs with it
CATEGORIES = ("zero", "one", "two", "few", "many", "other")


def plural_en(n: float) -> str:
    """Category of ``n`` in English.

    >>> plural_en(1), plural_en(1.5), plural_en(3)
    ('one', 'other', 'other')
    """
    return "one" if n == 1 else "other"


def plural_slavic(n: float) -> str:
    """Category of ``n`` in Russian and Ukrainian.

    >>> [plural_slavic(n) for n in (1, 3, 5, 11, 12, 21, 22, 1.5)]
    ['one', 'few', 'many', 'many', 'many', 'one', 'few', 'other']
    """
    if n != int(n):
        return "other"
    tens, ones = int(n) % 100, int(n) % 10
    if ones == 1 and tens != 11:
        return "one"
    return "few" if 2 <= ones <= 4 and not 12 <= tens <= 14 else "many"


def plural_ar(n: float) -> str:
    """Category of ``n`` in Arabic.

    >>> [plural_ar(n) for n in (0, 1, 2, 3, 11, 100, 103, 1.5)]
    ['zero', 'one', 'two', 'few', 'many', 'other', 'few', 'other']
    """
    if n != int(n):
        return "other"
    if n in (0, 1, 2):
        return ("zero", "one", "two")[int(n)]
    hundreds = int(n) % 100
    if 3 <= hundreds <= 10:
        return "few"
    return "many" if hundreds >= 11 else "other"


def plural_fr(n: float) -> str:
    """Category of ``n`` in French, where one and a half is still one.

    >>> plural_fr(1), plural_fr(1.5), plural_fr(2)
    ('one', 'one', 'other')
    """
    return "one" if n < 2 else "other"


def plural_none(n: float) -> str:
    """Kazakh and Georgian say every number of things alike."""
    return "other"


PLURALS: dict[str, tuple[Callable[[float], str], tuple[str, ...]]] = {
    "english": (plural_en, ("one", "other")),
    "slavic": (plural_slavic, ("one", "few", "many", "other")),
    "arabic": (plural_ar, CATEGORIES),
    "french": (plural_fr, ("one", "other")),
    "one_form": (plural_none, ("other",)),
}


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language of the pages. ``words`` by dotted key; ``counted`` by dotted key, then plural category.

    A language that names another in ``falls_back`` has at least the core sentences (`CORE`) of its own.
    """

    code: str
    direction: str
    name: str
    comma: str
    plural: str
    words: dict[str, str]
    counted: dict[str, dict[str, str]]
    falls_back: str | None = None
    lent: tuple[Tongue, ...] = ()  # where what is missing here is said

    def say(self, key: str, **values: object) -> str:
        """The sentence of that key with ``values`` put in. Raises KeyError for a key nobody wrote."""
        text = self.find(key).words[key]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Whether somebody wrote that key."""
        return key in self.find(key).words

    def find(self, key: str) -> Tongue:
        """The language that says this key: this one, or the one it falls back to."""
        here = key in self.words or key in self.counted
        return self if here or not self.lent else self.lent[0].find(key)

    def count(self, key: str, n: float, **values: object) -> str:
        """The sentence of that key for ``n`` things, ``{n}`` in it written as this language writes numbers."""
        tongue = self.find(key)
        category = PLURALS[tongue.plural][0](n)
        return tongue.counted[key][category].format(n=values.pop("shown", self.number(n)), **values)

    def number(self, value: float) -> str:
        """A number with thin spaces between thousands and this language's decimal mark; at most one decimal."""
        whole = round(value, 1)
        text = f"{int(whole):,}" if whole == int(whole) else f"{whole:,.1f}"
        return text.replace(".", "·").replace(",", "\u202f" if abs(whole) >= 10_000 else "").replace("·", self.comma)

    def pick(self, names: Sequence[tuple[str, str]], fallback: str) -> str:
        """The name in this language, else in the one it falls back to, else in English, else the first there is."""
        known = dict(names)
        return (
            known.get(self.code)
            or known.get(self.falls_back or "en")
            or known.get("en")
            or next(iter(known.values()), fallback)
        )

    def word(self, table: str, item: str, labels: Sequence[tuple[str, str]] = ()) -> str:
        """The word for an option, tag or means: ours, else the shelf's own label, else its id in plain letters."""
        key = f"{table}.{item}"
        return self.say(key) if self.has(key) else self.pick(labels, item.replace("_", " "))


def flatten(table: dict[str, Any], prefix: str = "") -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Sentences and counted sentences of a TOML table, by dotted key."""
    words: dict[str, str] = {}
    counted: dict[str, dict[str, str]] = {}
    for key, value in table.items():
        path = f"{prefix}{key}"
        if isinstance(value, str):
            words[path] = value
        elif "other" in value and set(value) <= set(CATEGORIES):
            counted[path] = value
        else:
            deeper, more = flatten(value, f"{path}.")
            words |= deeper
            counted |= more
    return words, counted


@cache
def load_tongues() -> dict[str, Tongue]:
    """Every language of ``verst/web/texts``, English first. Raises BadShelf when a file is not as it must be."""
    folder = resources.files("verst.web") / "texts"
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=lambda item: item.name)
    tongues = {}
    for item in sorted(files, key=lambda item: item.name != "en.toml"):
        code = Path(item.name).stem
        tongues[code] = make_tongue(code, item.read_text(encoding="utf-8"))
    return {code: replace(tongue, lent=lenders(tongues, tongue)) for code, tongue in tongues.items()}


def lenders(tongues: dict[str, Tongue], tongue: Tongue) -> tuple[Tongue, ...]:
    """Who says what a language does not. Raises BadShelf when it names one that is not there."""
    if tongue.falls_back is None:
        return ()
    if tongue.falls_back not in tongues:
        whole = ", ".join(code for code, other in tongues.items() if other.falls_back is None)
        raise BadShelf(f"web/texts/{tongue.code}.toml", f"no language {tongue.falls_back!r}", f"name one of {whole}")
    return (tongues[tongue.falls_back],)


def missing(tongue: Tongue, whole: Tongue) -> list[str]:
    """The keys of ``whole`` that a language must say itself and does not."""
    keys = [*whole.words, *whole.counted]
    own = tongue.words.keys() | tongue.counted.keys()
    must = (key for key in keys if tongue.falls_back is None or (key.startswith(CORE) and key not in LENT))
    return [key for key in must if key not in own]


def make_tongue(code: str, text: str) -> Tongue:
    """One language from the text of its file."""
    file = f"web/texts/{code}.toml"
    table = read_toml(file, text)
    about = table.pop("language", None)
    if not about or about.get("plural") not in PLURALS:
        raise BadShelf(file, "no [language] table with a known plural", f"name one of {', '.join(PLURALS)}")
    words, counted = flatten(table)
    return Tongue(
        code,
        about["direction"],
        about["name"],
        about["comma"],
        about["plural"],
        words,
        counted,
        about.get("falls_back"),
    )


def choose_tongue(asked: str | None, accepted: str | None) -> Tongue:
    """The language of ``?lang=``, else the best one of an Accept-Language header, else English.

    >>> choose_tongue(None, "pl,ru;q=0.8,en;q=0.5").code
    'ru'
    """
    tongues = load_tongues()
    if asked in tongues:
        return tongues[asked]
    wishes = [part.strip().partition(";q=") for part in (accepted or "").split(",")[:20]]
    for tag, _, _ in sorted(wishes, key=lambda wish: -read_quality(wish[2])):
        code = tag.partition("-")[0].lower()
        if code in tongues:
            return tongues[code]
    return tongues["en"]


def read_quality(text: str) -> float:
    """The weight of one wish in an Accept-Language header; 1 when it says none, 0 when it is no number."""
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
