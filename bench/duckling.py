"""How many phrases of duckling's public corpus are read right: ``python -m bench.duckling [--misses]``.

In scope are durations, numerals and distances of the languages Verst reads that name one amount which could be said of
a border: not negative, not a bare part of a sentence without a number. Out of scope, and counted as such, are:
inches, feet, yards and parts of a metre; spans of a quarter of a year; letters M and G for millions (m is metres or
minutes here); vague words that duckling gives a number («a few» is 3 there; here a vague word is no number); zero
said by "nothing" or "none"; and whole numbers above a thousand million, which count nothing at a border.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from verst.reading.amounts import Amount, Amounts
from verst.reading.text import fold, tokens
from verst.shelves import data_shelf

CORPUS = Path(os.environ.get("VERST_SHARED", "../shared")) / "data/duckling_corpus/duckling_corpus.jsonl"
LANGUAGES = ("RU", "UK", "AR", "EN", "FR", "DE", "PL", "TR", "KA", "ZH", "FI", "ET")
DIMENSIONS = ("Duration", "Numeral", "Distance")
_KM = {"Kilometre": 1.0, "Metre": 0.001, "M": 0.001, "Mile": 1.609}
_YEAR = 525_600.0  # minutes
_VAGUE = {
    "a few", "few", "ცოტა", "რამდენიმე", "რამოდენიმე", "wenig", "wenige", "einige", "нисколько", "nic", "yok", "hiç",
    "kein", "keiner", "keine", "keins", "keinen", "nichts", "none", "naught", "3k",
}  # fmt: skip
_LETTERS = re.compile(r"\d[MMММGГlкКB]?[MМGГBlb]$|l[a]?kh")


def why_not(phrase: dict[str, Any]) -> str | None:
    """Why a phrase is out of scope; None: it is in scope."""
    text, number = phrase["text"].strip(), phrase.get("number", phrase.get("seconds"))
    if phrase.get("negative"):
        return None
    if text.lower() in _VAGUE or text in _VAGUE:
        return "vague word, or nothing"
    if phrase.get("unit") == "Quarter":
        return "quarters of a year"
    if isinstance(number, (int, float)) and (number < 0 or (number >= 1e9 and phrase["dim"] == "Numeral")):
        return "negative or beyond a thousand million"
    if re.match(r"^[.,٫]\d", text) or _LETTERS.search(text):
        return "point without a figure before it, or a letter for millions"
    if phrase["dim"] == "Distance" and not distance(phrase):
        return "inches, feet, yards, parts of a metre"
    return None


def distance(phrase: dict[str, Any]) -> tuple[float, float | None, str] | None:
    """Kilometres, the high end of a range, and the bound a phrase of the corpus stands for."""
    unit = phrase.get("unit")
    if unit in _KM and "number" in phrase:
        return phrase["number"] * _KM[unit], None, "exact"
    between = re.match(r"between (\w+) \(([\d.]+), ([\d.]+)\)", phrase["value"])
    if between and between[1] in _KM:
        return float(between[2]) * _KM[between[1]], float(between[3]) * _KM[between[1]], "approx"
    limit = re.match(r"(under|above) (\w+) ([\d.]+)", phrase["value"])
    if limit and limit[2] in _KM:
        return float(limit[3]) * _KM[limit[2]], None, "max" if limit[1] == "under" else "min"
    return None


def is_right(phrase: dict[str, Any], amounts: list[Amount]) -> bool:
    """Whether the amounts found are the one the corpus names, and nothing more."""
    if phrase.get("negative"):
        return not any(a.unit == "minute" and not a.bare for a in amounts)
    if len(amounts) != 1:
        return False
    amount = amounts[0]
    if phrase["dim"] == "Duration":
        minutes = (
            amount.value * _YEAR if amount.unit == "age" else amount.value
        )  # years: of age or not, the sentence says
        return amount.unit in ("minute", "age") and _close(
            minutes, phrase["seconds"] / 60, 0.015 if minutes >= _YEAR else 1e-4
        )
    if phrase["dim"] == "Numeral":
        return _close(amount.value, phrase["number"])
    wanted = distance(phrase)
    assert wanted is not None
    low, high, bound = wanted
    if amount.unit not in ("km", "minute" if re.search(r"\dm$|\d m$", phrase["text"]) else "km"):
        return False
    if high is not None:
        return _close(amount.low, low) and _close(amount.high, high)
    value = amount.value / 1000 if amount.unit == "minute" else amount.value  # "9m" may be minutes: the sentence says
    return _close(value, low) and (bound == "exact" or amount.bound == bound)


def _close(one: float | None, other: float, share: float = 1e-4) -> bool:
    """Within a share; a year has 365 days or twelve months of 30, as duckling counts either way."""
    return one is not None and abs(one - other) <= max(1e-4, abs(other) * share)


def measure() -> tuple[Counter[tuple[str, str, str]], list[str], Counter[str]]:
    """Counts of right and all by language and dimension, the misses, and the reasons for leaving phrases out."""
    amounts = Amounts.from_languages(data_shelf("languages"))
    counts: Counter[tuple[str, str, str]] = Counter()
    misses, out = [], Counter[str]()
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        phrase = json.loads(line)
        if phrase["lang"] not in LANGUAGES or phrase["dim"] not in DIMENSIONS:
            continue
        reason = why_not(phrase)
        if reason is not None:
            out[reason] += 1
            continue
        folded = fold(phrase["text"])
        found = amounts.find(tokens(folded), folded, phrase["lang"].lower())
        key = (phrase["lang"], phrase["dim"])
        counts[(*key, "all")] += 1
        if is_right(phrase, found):
            counts[(*key, "right")] += 1
        else:
            told = ", ".join(f"{a.figures}={a.value:g} {a.unit}" for a in found) or "nothing"
            misses.append(f"{key[0]} {key[1]} {phrase['text']!r} is {phrase['value']}, read {told}")
    return counts, misses, out


def main() -> None:
    """Print the table, the reasons for leaving out, and with ``--misses`` every miss."""
    counts, misses, out = measure()
    right = whole = 0
    for lang, dim, what in sorted(counts):
        if what == "all":
            got, of = counts[(lang, dim, "right")], counts[(lang, dim, "all")]
            right, whole = right + got, whole + of
            print(f"{lang:3} {dim:9} {got:4} of {of:4}  {got / of:6.1%}")
    print(f"all           {right:4} of {whole:4}  {right / whole:6.1%}")
    for reason, count in out.most_common():
        print(f"out of scope: {count:3} {reason}")
    if "--misses" in sys.argv:
        print("\n".join(misses))


if __name__ == "__main__":
    main()
