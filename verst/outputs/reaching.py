"""Reaching an address that somebody named: only public ones, checked where the connection goes, never redirected.

A name is resolved once, every address it has is checked, and the connection goes to one that was checked: a name that
changes its mind in between leads nowhere. Environment proxies are not used. No error text names an address.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

from verst.errors import BadSetting
from verst.outputs import DELIVERED, Outcome
from verst.relay.wire import read_events

SECONDS = 20.0  # for connecting, and for each piece
MOST_SECONDS = 60.0  # for an answer as a whole
MOST_BYTES = 64 * 1024  # of an answer that are read
LONGEST_WAIT = 6 * 3600.0  # seconds: whoever asks for more is tried before
MOST_PLACES = 3
AGAIN = (408, 425, 429)
NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unreachable(Exception):
    """Nothing was heard from the other side. ``forever``: it is no use to try again as it is set."""

    def __init__(self, fault: str, *, forever: bool = False) -> None:
        self.fault, self.forever = fault, forever
        super().__init__(fault)

    def outcome(self) -> Outcome:
        """As the outcome of an attempt."""
        return Outcome(state="refused" if self.forever else "waiting", fault=self.fault)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said. Header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def post(url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool) -> Answer:
    """One POST; of a long answer the beginning. Raises Unreachable."""
    return _ask_places(_Question("POST", url, headers, body, MOST_SECONDS, MOST_BYTES), allow_private)


def get(url: str, headers: Mapping[str, str], *, allow_private: bool, seconds: float, largest: int) -> Answer:
    """One GET, which follows no redirect. Raises Unreachable, also for an answer of more than ``largest`` bytes."""
    answer = _ask_places(_Question("GET", url, headers, None, seconds, largest + 1), allow_private)
    if len(answer.body) > largest:
        raise Unreachable(f"an answer of more than {largest >> 20} MB", forever=True)
    return answer


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked: ``seconds`` for the whole answer, and how many bytes of it are read at most."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    seconds: float
    most: int


def _ask_places(asked: _Question, allow_private: bool) -> Answer:
    """Ask the first place of a host that answers; all of them were checked. Raises Unreachable."""
    for parts, reached, headers in _reach(asked.url, asked.headers, allow_private):
        try:
            return _ask(replace(asked, url=reached, headers=headers), parts.hostname or "")
        except ConnectionError:
            continue
    raise Unreachable("nobody answers there")


def _reach(url: str, headers: Mapping[str, str], allow_private: bool) -> list[tuple[SplitResult, str, dict[str, str]]]:
    """The places of an address, which were checked: its parts, the address with a number in it, the headers for it."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)  # they would write addresses, tokens and all
    parts = split_url(url)
    host = parts.hostname or ""
    places = find_addresses(host, parts.port or (443 if parts.scheme == "https" else 80), allow_private)
    port = f":{parts.port}" if parts.port else ""
    sent = {"Host": f"{f'[{host}]' if ':' in host else host}{port}", "User-Agent": "Verst", **headers}
    numbers = [f"[{place}]" if place.version == 6 else str(place) for place in places]
    return [(parts, parts._replace(netloc=f"{number}{port}", fragment="").geturl(), sent) for number in numbers]


def _ask(asked: _Question, host: str) -> Answer:
    """One request to an address that was checked. Raises ConnectionError before anything was sent, else Unreachable."""
    import httpx

    until = time.monotonic() + asked.seconds
    try:
        with (
            httpx.Client(trust_env=False, timeout=SECONDS) as client,
            client.stream(
                asked.method, asked.url, content=asked.body, headers=asked.headers, extensions={"sni_hostname": host}
            ) as answer,
        ):
            found = bytearray()
            for piece in answer.iter_bytes():
                found += piece
                if len(found) >= asked.most:
                    break
                if time.monotonic() > until:
                    raise Unreachable("the answer did not come to its end")
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status_code, headers, bytes(found[: asked.most]))
    except (httpx.ConnectError, httpx.ConnectTimeout):
        raise ConnectionError from None
    except (httpx.HTTPError, OSError, ValueError) as error:
        raise Unreachable(f"no answer ({type(error).__name__})") from None


def open_events(
    url: str, headers: Mapping[str, str], *, allow_private: bool, seconds: float, largest: int
) -> Iterator[tuple[bytes, str | None]]:
    """The data of events as a server sends them, each with its id. Raises Unreachable when that ends ill.

    ``seconds``: without a word for so long, the connection counts as broken. ``largest``: bytes of one event.
    """
    import httpx

    parts, reached, sent = _reach(url, {"Accept": "text/event-stream", **headers}, allow_private)[0]
    try:
        with (
            httpx.Client(trust_env=False, timeout=httpx.Timeout(SECONDS, read=seconds)) as client,
            client.stream("GET", reached, headers=sent, extensions={"sni_hostname": parts.hostname}) as answer,
        ):
            if answer.status_code != 200:
                raise Unreachable(f"HTTP {answer.status_code}")
            yield from read_events(answer.iter_bytes(), largest)
    except (httpx.HTTPError, OSError, ValueError) as error:
        raise Unreachable(f"the stream broke off ({type(error).__name__})") from None


def split_url(url: str) -> SplitResult:
    """The parts of an address. Raises BadSetting, which does not repeat it: it may hold a secret."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise BadSetting("an address to tell is no http(s) address, or has a name and password in it; write https://…")
    return parts


def find_addresses(host: str, port: int, allow_private: bool) -> list[Address]:
    """Where a host is, a few places at most. Raises Unreachable when it is nowhere, or anywhere that is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("the host has no address now") from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses:
        raise Unreachable("the host has no address now")
    if not allow_private and not all(is_public(address) for address in addresses):
        raise Unreachable("its address is not public; set allow_private where that is meant", forever=True)
    return list(dict.fromkeys(addresses))[:MOST_PLACES]


def is_public(address: Address) -> bool:
    """Whether an address is one of the public Internet, also where it hides one of version 4.

    >>> [is_public(ipaddress.ip_address(a)) for a in ("93.184.216.34", "127.0.0.1", "::ffff:10.0.0.1", "169.254.0.1")]
    [True, False, False, False]
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.teredo is not None:
            return False
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def outcome_of(answer: Answer) -> Outcome:
    """What a status says: told, to be tried again, or refused for good. A redirect is refused, not followed."""
    if 200 <= answer.status < 300:
        return DELIVERED
    fault = f"HTTP {answer.status}"
    if answer.status in AGAIN or answer.status >= 500:
        return Outcome(state="waiting", fault=fault, after=read_retry_after(answer.headers))
    return Outcome(state="refused", fault=fault)


def read_retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of a Retry-After header: as they are, or from its date to the answer's own; at most six hours.

    >>> [read_retry_after({"retry-after": said}) for said in ("120", "soon", "Sat, 24 Sep 2022 10:00:00 +" + 20 * "9")]
    [120.0, None, None]
    """
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said[:9]), LONGEST_WAIT)
    until, now = _read_date(said), _read_date(headers.get("date", ""))
    if until is None or now is None:
        return None
    return min(max(0.0, (until - now).total_seconds()), LONGEST_WAIT)


def _read_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if found.tzinfo is not None else None
