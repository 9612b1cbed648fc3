"""One crossing as a message: what matters in at most 1,000 characters of plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from verst.web.answer import Sentence
from verst.web.crossing import Crossed
from verst.web.page import Page

MOST_LETTERS = 1000


def digest_lines(page: Page, it: Crossed, answer: Sequence[Sentence]) -> list[str]:
    """Name, time, the answer with ages and voices, and what never may be left out, which comes last."""
    crossing = it.now.crossing
    zone = page.zone(crossing)
    lines = [page.name(crossing), page.clock(page.moment.at, zone)]
    for sentence in answer:
        small = f" ({page.small_words(sentence.fact)})" if sentence.fact else ""
        lines.append(f"{sentence.text}{small}")
    if it.now.status == "silent":
        lines.append(page.silence(it.now.last_heard, zone))
    if page.label:
        lines.append(f"{page.label_words(page.label)}.")
    return [*lines, page.say("digest.end")]


def join_lines(lines: Iterable[str], most: int = MOST_LETTERS) -> str:
    """Lines as one text of at most ``most`` characters: the last line stays, others from the end go whole.

    >>> join_lines(["Lars", "a long line that does not fit", "the end"], 15)
    'Lars\\nthe end'
    """
    *first, last = lines
    while first and sum(len(line) + 1 for line in first) + len(last) > most:
        first.pop()
    return "\n".join([*first, last])[:most]
