"""What is listened to, by the operator's file (``verst.toml``): addresses, each with the source that reads it.

::

    allow_private = false             # true: addresses that are not public may be fetched
    [[ear]]
    name = "yle"                      # of your choice, each its own
    url = "https://example.org/feed"
    source = "feed"                   # which source of the shelf reads what comes
    minutes = 10                      # how often it is asked, 1 at least; 10 when left out
    mapping = "counts.toml"           # for a table: beside this file

    pictures = true                   # fetch small copies of pictures, to know those that were seen before

    [[ear]]
    name = "bluesky"                  # wss:// and ws:// are streams
    url = "wss://jetstream2.us-east.bsky.network/subscribe?wantedCollections=app.bsky.feed.post"
    source = "bluesky"
    stream = true                     # https:// too: events as they come, instead of asking again and again
    keep = "telling"                  # "telling": only posts that say or ask something of a crossing; "all"

    [[ear]]
    name = "group"                    # heard by the account of [telegram_account], which has joined it
    url = "telegram:NAME"
    source = "telegram_account"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from verst.errors import BadSetting
from verst.outputs.reaching import split_url
from verst.sources import sources
from verst.work.configuration import Config, read_config

_SOCKETS = ("ws", "wss")
ACCOUNT = "telegram"  # telegram:NAME, read by the operator's own account
_FIELDS = {
    "name": str,
    "url": str,
    "source": str,
    "minutes": int,
    "mapping": str,
    "stream": bool,
    "keep": str,
    "pictures": bool,
}
_KEEPS = ("all", "telling")
MOST_MINUTES = 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class Ear:
    """One address that is asked every so many minutes, or listened to as it streams."""

    name: str
    url: str
    source: str = "feed"
    minutes: int = 10
    mapping: Path | None = None
    allow_private: bool = False
    stream: bool = False
    keep: str | None = None
    pictures: bool = False

    @property
    def is_stream(self) -> bool:
        """Whether it tells by itself, instead of being asked."""
        return self.stream or urlsplit(self.url).scheme in _SOCKETS

    @property
    def is_account(self) -> bool:
        """Whether the operator's Telegram account hears it."""
        return urlsplit(self.url).scheme == ACCOUNT

    @property
    def keeps_all(self) -> bool:
        """Whether posts are kept that say nothing of a crossing: from streams, which tell everything, they are not."""
        return (self.keep or ("telling" if self.is_stream else "all")) == "all"


def read_ears(file: Path) -> tuple[Ear, ...]:
    """Every ear of the file. Raises BadSetting that names the line or the ear; addresses are not repeated."""
    config = read_config(file)
    given, private = config.table.get("ear", []), config.table.get("allow_private", False)
    if not isinstance(given, list) or not given or not isinstance(private, bool):
        raise BadSetting(f"{file}: nothing to listen to; write [[ear]] with name and url (verst init shows how)")
    found = tuple(_ear(config, number, entry, private) for number, entry in enumerate(given, 1))
    names = [ear.name for ear in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadSetting(f"{file}: two ears are called {twice!r}; give each a name of its own")
    return found


def _ear(config: Config, number: int, entry: Mapping[str, Any], private: bool) -> Ear:
    where = config.where("ear", number)
    for name, value in entry.items():
        if name not in _FIELDS or type(value) is not _FIELDS[name]:
            where = config.where("ear", number, name)
            raise BadSetting(f"{where}: {name!r} is unknown or of the wrong kind; use {', '.join(_FIELDS)}")
    if not entry.get("name") or not entry.get("url"):
        raise BadSetting(f"{where}: no name or no url; write both")
    try:
        address = entry["url"]
        scheme = urlsplit(address).scheme
        if scheme == ACCOUNT:
            check_account(address, entry.get("source"))
        else:
            split_url(f"http{address[2:]}" if scheme in _SOCKETS else address)  # ws… is held to what http… is
    except (BadSetting, ValueError):
        what = "no http(s) address, no ws(s) one, and no telegram:NAME of the source telegram_account"
        raise BadSetting(f"{where}, url: {what}; write https://…") from None
    if entry.get("keep", "all") not in _KEEPS:
        raise BadSetting(f"{where}, keep: unknown; write one of {', '.join(_KEEPS)}")
    if entry.get("source", "feed") not in sources():
        raise BadSetting(f"{where}, source: no source is called so; there are {', '.join(sources())}")
    if not 1 <= entry.get("minutes", 10) <= MOST_MINUTES:
        raise BadSetting(f"{where}, minutes: asked too often or hardly ever; give 1 to {MOST_MINUTES}")
    mapping = config.file.parent / entry["mapping"] if "mapping" in entry else None
    if mapping is not None and not mapping.is_file():
        raise BadSetting(f"{where}, mapping: there is no such file beside this one; write it, or take the line out")
    told = {key: value for key, value in entry.items() if key != "mapping"}
    return Ear(**told, mapping=mapping, allow_private=private)


def check_account(address: str, source: object) -> None:
    """Raises ValueError for what names no chat of an account, or is read by another source.

    >>> check_account("telegram:lars_border", "telegram_account")
    """
    name = address.partition(":")[2]
    if source != "telegram_account" or not re.fullmatch(r"[A-Za-z0-9_]{1,64}", name):
        raise ValueError("no chat of an account")
