"""A text laid out for reading figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verst.reading.forms import Found
from verst.reading.text import Token


@dataclass(slots=True)
class Ground:
    """A text laid out for reading figures: its tokens, and for each the roles of the forms that begin there."""

    toks: Sequence[Token]
    folded: str
    found: list[Found]

    def role(self, index: int, name: str) -> int | None:
        """The token after a form of this role that begins at ``index``; None: there is none."""
        if not 0 <= index < len(self.toks):
            return None
        hit = self.found[index].get(name)
        return hit[0] if hit else None

    def glued(self, index: int) -> bool:
        """Whether a token touches the one before it."""
        return 0 < index < len(self.toks) and self.toks[index - 1].end == self.toks[index].start

    def text(self, index: int) -> str:
        """A token's letters; empty beyond the ends."""
        return self.toks[index].text if 0 <= index < len(self.toks) else ""

    def same_line(self, index: int) -> bool:
        """Whether a token stands on the line of the one before it."""
        if not 0 < index < len(self.toks):
            return False
        return "\n" not in self.folded[self.toks[index - 1].end : self.toks[index].start]


def is_digits(text: str) -> bool:
    """Whether a token is a run of digits 0-9."""
    return text.isascii() and text.isdigit()
