"""A text laid out for reading figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from verst.reading.forms import Found
from verst.reading.text import Token


class Ground:
    """A text laid out for reading figures: its tokens, and for each the roles of the forms that begin there.

    ``roles``: those that begin anywhere. ``numbers``: what was read at a token before, since many rules ask the same.
    """

    __slots__ = ("folded", "found", "numbers", "roles", "toks", "words")

    def __init__(self, toks: Sequence[Token], folded: str, found: list[Found]) -> None:
        self.toks, self.folded, self.found = toks, folded, found
        self.words = [token.text for token in toks]
        self.roles: frozenset[str] = frozenset().union(*found)
        self.numbers: dict[int, Any] = {}

    def role(self, index: int, name: str) -> int | None:
        """The token after a form of this role that begins at ``index``; None: there is none."""
        if name not in self.roles or not 0 <= index < len(self.found):
            return None
        hit = self.found[index].get(name)
        return hit[0] if hit else None

    def glued(self, index: int) -> bool:
        """Whether a token touches the one before it."""
        return 0 < index < len(self.toks) and self.toks[index - 1].end == self.toks[index].start

    def text(self, index: int) -> str:
        """A token's letters; empty beyond the ends."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def same_line(self, index: int) -> bool:
        """Whether a token stands on the line of the one before it."""
        if not 0 < index < len(self.toks):
            return False
        return "\n" not in self.folded[self.toks[index - 1].end : self.toks[index].start]


def is_digits(text: str) -> bool:
    """Whether a token is a run of digits 0-9."""
    return text.isascii() and text.isdigit()
