"""Number words written as one, as German, Finnish or Georgian do."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST = 80  # letters of the longest word tried


def split_compound(
    word: str, parts: dict[str, tuple[float, bool]], links: Sequence[str]
) -> tuple[tuple[float, bool, bool], ...] | None:
    """Number words written as one: «zweiundzwanzig» is two, and, twenty. None: not made of parts alone.

    >>> split_compound("zweiundzwanzig", {"zwei": (2, False), "zwanzig": (20, False)}, ["und"])
    ((2, False, False), (20, False, True))
    """
    if len(word) > _LONGEST:
        return None
    ways: list[tuple[tuple[float, bool, bool], ...] | None] = [None] * (len(word) + 1)
    ways[0] = ()
    for start in range(len(word)):
        before = ways[start]
        if before is None:
            continue
        for link in ("", *links):
            if (link and not start) or not word.startswith(link, start):
                continue
            begin = start + len(link)
            for end in range(begin + 2, min(len(word), begin + 16) + 1):
                part = parts.get(word[begin:end])
                known = ways[end]
                if part is not None and (known is None or len(before) + 1 < len(known)):
                    ways[end] = (*before, (part[0], part[1], bool(link)))
    return ways[len(word)]
