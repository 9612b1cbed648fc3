"""Folding and tokens: one spelling to match against, letter for letter as long as the original, so spans hold."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import msgspec

LEADER = 3  # more dots than these in a row lead from a label to its figure; fewer are a pause

_SAME = {
    "ё": "е", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "−": "-", "‑": "-", "‐": "-", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2007": " ",
    "\u200a": " ", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "s", "æ": "a",
    "أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي", "ٱ": "ا", "ی": "ي", "ک": "ك",
    "٫": ".", "٬": ",", "،": ",", "؛": ";", "؟": "?", "，": ",", "。": ".", "：": ":", "！": "!", "？": "?", "、": ",",
    "（": "(", "）": ")", "～": "~", "〜": "~",
}  # fmt: skip


@lru_cache(maxsize=65536)
def _fold_letter(letter: str) -> str:
    if letter in _SAME:
        return _SAME[letter]
    low = letter.lower()
    low = low if len(low) == 1 else low[0]
    if low in _SAME:
        return _SAME[low]
    if low.isdigit() and low not in "0123456789":
        try:
            return str(unicodedata.digit(low))
        except ValueError:
            return low
    if "\u00c0" <= low <= "\u024f" or "\u1e00" <= low <= "\u1eff":  # Latin with a mark: people leave the mark out
        return unicodedata.normalize("NFD", low)[0]
    return low


class _Table(dict[int, str]):
    def __missing__(self, code: int) -> str:
        made = _fold_letter(chr(code))
        self[code] = made
        return made


_TABLE = _Table()


def fold(text: str) -> str:
    """Lower case, plain quotes and dashes, marks off Latin letters, ё as е; the length never changes.

    >>> fold("Чёрный ЖӘНІБЕК — Wierchnij Łars, ١٢ km")
    'черный жәнібек - wierchnij lars, 12 km'
    """
    return text.translate(_TABLE)


class Token(msgspec.Struct, frozen=True, gc=False):
    """A word, a run of digits or one other sign; ``start`` and ``end`` count letters of the text."""

    text: str
    start: int
    end: int


_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+(?:'[^\W\d_\u3400-\u9fff]+)*|\d+|[^\w\s]|_")


def tokens(folded: str) -> list[Token]:
    """Split folded text. A hyphen is a token of its own, an apostrophe inside a word is not, a Chinese sign is.

    >>> [t.text for t in tokens("яраг-казмаляр, 2-3 сут., п'ять")]
    ['яраг', '-', 'казмаляр', ',', '2', '-', '3', 'сут', '.', ',', "п'ять"]
    """
    return [Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(folded)]
