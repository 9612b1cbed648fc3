"""No queue worth the name: "no extended wait", «нет больших очередей», «keine nennenswerte Wartezeit»."""

from __future__ import annotations

from collections.abc import Iterable

from verst.reading.lexicon import Mark

_LACKING = ("queue", "wait_noun")


def with_absences(marks: list[Mark]) -> list[Mark]:
    """The marks, and one of being free for each no, words of size and queue or wait that follow on one another."""
    sizes = {mark.first: mark for mark in _of(marks, ("sizeable",))}
    if not sizes:
        return marks
    lacking = {mark.first: mark for mark in sorted(_of(marks, _LACKING), key=lambda m: m.last)}
    made = [
        Mark("free", no.first, lacking[at].last, no.lang)
        for no in _of(marks, ("no",))
        if (at := _after_sizes(sizes, no.last + 1)) is not None and at in lacking
    ]
    return marks + made


def _of(marks: Iterable[Mark], concepts: tuple[str, ...]) -> list[Mark]:
    return [mark for mark in marks if mark.concept in concepts]


def _after_sizes(sizes: dict[int, Mark], at: int) -> int | None:
    """The token after the words of size that begin at a token; None: none does."""
    begun = at
    while at in sizes:
        at = sizes[at].last + 1
    return at if at > begun else None
