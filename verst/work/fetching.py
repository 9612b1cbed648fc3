"""Fetching an address that the operator named, politely: only what changed, only so much, only from public places.

Where a redirect leads is held to the same. What is fetched is bytes for a source to read; nothing in it is followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

from verst.errors import BadSetting
from verst.outputs.reaching import Answer, Unreachable, get, split_url

MOST_SECONDS = 120.0  # for an answer as a whole
LARGEST = 8 << 20  # bytes of an answer; a larger one is refused
MOST_REDIRECTS = 3
MOVED = (301, 302, 303, 307, 308)


def fetch(url: str, headers: Mapping[str, str], *, allow_private: bool = False) -> Answer:
    """One GET, over a few redirects at most. Raises Unreachable, and BadSetting for what is no address."""
    for _ in range(MOST_REDIRECTS + 1):
        answer = get(url, headers, allow_private=allow_private, seconds=MOST_SECONDS, largest=LARGEST)
        if answer.status not in MOVED or "location" not in answer.headers:
            return answer
        try:
            url = urljoin(url, answer.headers["location"])
            split_url(url)
        except (BadSetting, ValueError):
            raise Unreachable("a redirect to what is no http(s) address") from None
    raise Unreachable(f"more than {MOST_REDIRECTS} redirects")
