"""Text as XML may hold it: a control sign that a source let through must not break a whole document."""

from __future__ import annotations

import re

ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """The text without what XML 1.0 has no place for.

    >>> legal("a\\x00b\\x0bc\\ud800d")
    'abcd'
    """
    return ILLEGAL.sub("", text)
