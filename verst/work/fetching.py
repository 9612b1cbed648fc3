"""Fetching an address that the operator named, politely: only what changed, only so much, only from public places.

Where a redirect leads is held to the same. What is fetched is bytes for a source to read; nothing in it is followed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from urllib.parse import urljoin

from verst.errors import BadSetting
from verst.outputs.reaching import Answer, Unreachable, find_addresses, split_url

SECONDS = 20.0  # for connecting, and for each piece
MOST_SECONDS = 120.0  # for an answer as a whole
LARGEST = 8 << 20  # bytes of an answer; a larger one is refused
MOST_REDIRECTS = 3
MOVED = (301, 302, 303, 307, 308)


def fetch(url: str, headers: Mapping[str, str], *, allow_private: bool = False) -> Answer:
    """One GET, over a few redirects at most. Raises Unreachable, and BadSetting for what is no address."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)  # they would write addresses
    for _ in range(MOST_REDIRECTS + 1):
        answer = _get(url, headers, allow_private)
        if answer.status not in MOVED or "location" not in answer.headers:
            return answer
        try:
            url = urljoin(url, answer.headers["location"])
            split_url(url)
        except (BadSetting, ValueError):
            raise Unreachable("a redirect to what is no http(s) address") from None
    raise Unreachable(f"more than {MOST_REDIRECTS} redirects")


def _get(url: str, headers: Mapping[str, str], allow_private: bool) -> Answer:
    """One GET of the first place the host has, which was checked. Raises Unreachable."""
    import httpx

    parts = split_url(url)
    host, until = parts.hostname or "", time.monotonic() + MOST_SECONDS
    place = find_addresses(host, parts.port or (443 if parts.scheme == "https" else 80), allow_private)[0]
    port = f":{parts.port}" if parts.port else ""
    reached = parts._replace(netloc=f"{f'[{place}]' if place.version == 6 else place}{port}", fragment="").geturl()
    sent = {"Host": f"{f'[{host}]' if ':' in host else host}{port}", "User-Agent": "Verst", **headers}
    try:
        with (
            httpx.Client(trust_env=False, timeout=SECONDS) as client,
            client.stream("GET", reached, headers=sent, extensions={"sni_hostname": host}) as answer,
        ):
            found = bytearray()
            for piece in answer.iter_bytes():
                found += piece
                if len(found) > LARGEST:
                    raise Unreachable(f"an answer of more than {LARGEST >> 20} MB", forever=True)
                if time.monotonic() > until:
                    raise Unreachable("the answer did not come to its end")
            return Answer(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, bytes(found))
    except (httpx.HTTPError, OSError, ValueError) as error:
        raise Unreachable(f"no answer ({type(error).__name__})") from None
