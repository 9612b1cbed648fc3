"""Russian and Ukrainian typed in Latin letters, turned into Cyrillic with the way back kept for every letter."""

from __future__ import annotations

import re

from verst.reading.text import fold

_PAIRS = {
    "shch": "щ", "sch": "щ", "yo": "е", "jo": "жо", "yu": "ю", "ju": "ю", "iu": "ю", "ya": "я", "ja": "я", "ia": "ия",
    "zh": "ж", "kh": "х", "ts": "ц", "tz": "ц", "ch": "ч", "sh": "ш", "ye": "е", "je": "же", "iy": "ий", "yi": "ы",
    "tsya": "тся",
}  # fmt: skip
_LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", "абцдефгхижклмнопкрстуввхйз", strict=True)) | {
    "y": "ы", "c": "ц", "j": "ж", "w": "в", "x": "х", "q": "к", "'": "ь", "h": "х",
}  # fmt: skip
_VOWELS = set("aeiouy")
_LANG = re.compile(r"^(ru|uk|be)-latn$", re.IGNORECASE)


def is_latin_russian(lang: str | None) -> bool:
    """Whether a language tag says Russian, Ukrainian or Belarusian in Latin letters.

    >>> is_latin_russian("ru-Latn"), is_latin_russian("pl")
    (True, False)
    """
    return bool(lang and _LANG.match(lang))


def to_cyrillic(text: str) -> tuple[str, list[int]]:
    """The text in Cyrillic, and for each of its letters (and its end) the place in the original.

    >>> to_cyrillic("peshkom puskayut, 15k")[0]
    'пешком пускают, 15к'
    """
    folded = fold(text)
    letters: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(folded):
        made, taken = _next(folded, at)
        for letter in made:
            letters.append(letter)
            places.append(at)
        at += taken
    places.append(len(text))
    return "".join(letters), places


def _next(folded: str, at: int) -> tuple[str, int]:
    letter = folded[at]
    if letter not in _LETTERS:
        return letter, 1
    before = folded[at - 1] if at else " "
    if letter in "yj" and (before in _VOWELS - {"i"}) and (at + 1 >= len(folded) or folded[at + 1] not in _VOWELS):
        return "й", 1
    if letter == "i" and before in "aeou" and (at + 1 >= len(folded) or not folded[at + 1].isalpha()):
        return "й", 1
    if letter == "i" and before == "a" and folded[at + 1 : at + 2] not in _VOWELS:
        return "й", 1  # kairak, zhaisan
    if letter == "y" and folded[at : at + 2] in ("ye", "yi") and before not in _VOWELS and before.isalpha():
        return _LETTERS[letter], 1
    for size in (4, 3, 2):
        pair = folded[at : at + size]
        if len(pair) == size and pair in _PAIRS:
            return _PAIRS[pair], size
    return _LETTERS[letter], 1
