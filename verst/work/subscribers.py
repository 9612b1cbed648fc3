"""Who is told of what, by which channel and in which language, by the operator's file (``verst.toml``).

Addresses and tokens are read from it and go to the channel, and nowhere else: no log, error or store has them. A
subscriber is known by a keyed hash of channel and address, so that a retraction finds the same people after the file
was ordered anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from verst.errors import BadSetting
from verst.model import Region
from verst.notices import REASONS, Alert
from verst.outputs import Channel, Target, channels
from verst.work.configuration import Config, read_config

OWN = ("channel", "address", "lang", "crossings", "regions", "reasons")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """One who asked to be told. ``id``: keyed hash of channel and address; empty wishes: everything."""

    id: str
    channel: str
    target: Target
    lang: str = "en"
    crossings: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()

    def wants(self, alert: Alert) -> bool:
        """Whether an alert is of a place and a reason that was asked for."""
        here = not self.crossings or not self.crossings.isdisjoint(alert.crossings)
        return here and (not self.reasons or alert.reason in self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What the file says. ``board``: where the public finds the board, for links; ``push_key``: for browsers."""

    subscribers: tuple[Subscriber, ...] = ()
    board: str | None = None
    push_key: str | None = None


def read_telling(file: Path, key: Callable[[], bytes], regions: Sequence[Region]) -> Telling:
    """Who is told, by the operator's file; nobody where there is none, unless it was named. Raises BadSetting.

    ``key`` gives the key of this installation; it is not asked for where nobody is told.
    """
    config = read_config(file)
    return make_telling(config, key(), regions) if config.table else Telling()


def make_telling(config: Config, key: bytes, regions: Sequence[Region]) -> Telling:
    """The same from what stands in the file. Raises BadSetting, which names the place and repeats no secret."""
    table, file = config.table, config.file.name
    board, allow = table.get("board"), table.get("allow_private", False)
    if board is not None and not (isinstance(board, str) and board.startswith(("http://", "https://"))):
        raise BadSetting(f'{file}: board is no address; write board = "https://board.example.org"')
    if not isinstance(allow, bool) or not isinstance(table.get("subscriber", []), list):
        raise BadSetting(f"{file}: write allow_private = true or false, and [[subscriber]] before each subscriber")
    places = {region.id: [crossing.id for crossing in region.crossings] for region in regions}
    found = [make_subscriber(row, n, config, key, places) for n, row in enumerate(table.get("subscriber", []), 1)]
    return Telling(
        subscribers=tuple(merge(found, file)),
        board=board.rstrip("/") if board else None,
        push_key=find_push_key(config),
    )


def find_push_key(config: Config) -> str | None:
    """The public half of the key of web push; None where none is set. Raises BadSetting."""
    if "web_push" not in config.table:
        return None
    from verst.outputs.web_push import CHANNEL, public_key

    where = config.where("web_push")
    try:
        return public_key(Target(address="", shared=pick(config.table["web_push"], CHANNEL.shared, where)))
    except BadSetting as error:
        raise BadSetting(f"{where}: {error}") from None


def make_subscriber(
    row: Any, number: int, config: Config, key: bytes, places: Mapping[str, Sequence[str]]
) -> Subscriber:
    """One subscriber. Raises BadSetting."""
    known, where = channels(), config.where("subscriber", number)
    if not isinstance(row, dict) or row.get("channel") not in known:
        raise BadSetting(f"{where}: no such channel; write channel = one of {', '.join(known)}")
    name: str = row["channel"]
    channel = known[name]
    allowed = {each.rstrip("?") for each in channel.own}
    if unknown := set(row) - {*OWN, *allowed}:
        does = ", ".join((*OWN, *sorted(allowed)))
        where = config.where("subscriber", number, min(unknown))
        raise BadSetting(f"{where}: nothing is called {min(unknown)[:40]!r}; known are {does}")
    if not isinstance(row.get("address"), str) or not row["address"]:
        raise BadSetting(f'{where}: no address; write address = "{channel.address}"')
    target = Target(
        address=row["address"],
        own=pick(row, channel.own, where),
        shared=pick(config.table.get(name, {}), channel.shared, config.where(name)),
        allow_private=config.table.get("allow_private", False),
    )
    check(channel, target, where)
    crossings, reasons = find_wishes(row, where, places)
    return Subscriber(
        id=hash_address(key, name, row["address"]),
        channel=name,
        target=target,
        lang=str(row.get("lang", "en")),
        crossings=frozenset(crossings),
        reasons=frozenset(reasons),
    )


def check(channel: Channel, target: Target, where: str) -> None:
    """Let the channel look at a target. Raises BadSetting that says which subscriber it is."""
    try:
        channel.check(target)
    except BadSetting as error:
        raise BadSetting(f"{where}: {error}") from None


def pick(table: Any, names: Iterable[str], where: str) -> dict[str, str]:
    """The settings of those names; all but those that end in ``?`` must be there. Raises BadSetting."""
    table = table if isinstance(table, dict) else {}
    found = {}
    for name in names:
        value = table.get(name.rstrip("?"))
        if value is None and name.endswith("?"):
            continue
        if not isinstance(value, str) or not value:
            raise BadSetting(f'{where}: {name.rstrip("?")} is missing or no text; write {name.rstrip("?")} = "…"')
        found[name.rstrip("?")] = value
    return found


def find_wishes(row: Mapping[str, Any], where: str, places: Mapping[str, Sequence[str]]) -> tuple[set[str], set[str]]:
    """Crossings and reasons that a subscriber asks for; none: all. Raises BadSetting."""
    known = {"crossings": {name for some in places.values() for name in some}, "regions": set(places)}
    known["reasons"] = set(REASONS)
    for field, names in known.items():
        asked = row.get(field, [])
        wrong = [each for each in asked if each not in names] if isinstance(asked, list) else [asked]
        if wrong:
            does = "see verst shelves" if field != "reasons" else f"known are {', '.join(REASONS)}"
            raise BadSetting(f"{where}: {field} has {str(wrong[0])[:40]!r}, which is none; {does}")
    crossings = {*row.get("crossings", []), *(c for region in row.get("regions", []) for c in places[region])}
    return crossings, set(row.get("reasons", []))


def hash_address(key: bytes, channel: str, address: str) -> str:
    """Whom a delivery is for, as the store keeps it.

    >>> hash_address(b"k" * 32, "ntfy", "a") == hash_address(b"k" * 32, "ntfy", "a") != hash_address(b"j", "ntfy", "a")
    True
    """
    return blake2b(f"{channel}\0{address}".encode(), key=key[:64], digest_size=8).hexdigest()


def merge(found: Iterable[Subscriber], file: str) -> list[Subscriber]:
    """Each address once. Raises BadSetting when one stands there twice with other wishes."""
    merged: dict[str, Subscriber] = {}
    for each in found:
        other = merged.get(each.id)
        if other is not None and wishes_of(other) != wishes_of(each):
            raise BadSetting(
                f"{file}: one address stands under [[subscriber]] twice with other wishes; make one of them"
            )
        merged.setdefault(each.id, each)
    return list(merged.values())


def wishes_of(each: Subscriber) -> tuple[frozenset[str], frozenset[str], str]:
    """What a subscriber asks for."""
    return each.crossings, each.reasons, each.lang
