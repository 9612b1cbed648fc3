"""The two shelves of facts: where crossings are (`verst/regions`) and what can be claimed (`verst/kinds`).

Both loaders check every key, so a slip of the pen is an error that names the file, never a silent gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, get_args
from zoneinfo import ZoneInfo

from verst.errors import BadShelf
from verst.model import Crossing, Kind, Mode, Region, Rule, Side
from verst.shelves import data_shelf

Shelf = Mapping[str, Mapping[str, Any]]

_MODES = frozenset(get_args(Mode))
_LANGUAGES = {"names": ("en", "ru"), "text": ("en", "ru", "uk", "ar")}
_REGION = {"id": str, "names": dict, "crossings": list, "rules": list, "borders": dict, "leaving_implied": list}
_CROSSING = {
    "id": str, "border": str, "sides": list, "names": dict, "forms": list, "lat": float, "lon": float,
    "modes": list, "metres_per_vehicle": float, "lanes": float,
}  # fmt: skip
_SIDE = {"country": str, "name": dict, "zone": str, "forms": list, "towns": list, "road": list}
_MOST_LAT, _MOST_LON = 90, 180
_RULE = {
    "id": str, "where": str, "kind": str, "mode": str, "toward": str, "value": str, "tag": str, "text": dict,
    "source": str, "starts_at": datetime, "ends_at": datetime,
}  # fmt: skip
_FLIGHT = {"country": str, "starts_at": datetime, "ends_at": datetime}
_KIND = {
    "id": str, "shape": str, "unit": str, "options": list, "tags": list, "half_life_minutes": float,
    "names": dict, "labels": dict,
}  # fmt: skip


def load_regions(shelf: Shelf | None = None) -> tuple[Region, ...]:
    """Every region of the shelf, by file name. Raises BadShelf with file, field and what to do."""
    return _shipped_regions() if shelf is None else _read_regions(shelf)


def load_kinds(shelf: Shelf | None = None) -> tuple[Kind, ...]:
    """Every kind of the shelf, by file name. Raises BadShelf with file, field and what to do."""
    return _shipped_kinds() if shelf is None else _read_kinds(shelf)


@lru_cache(maxsize=1)
def _shipped_regions() -> tuple[Region, ...]:
    return _read_regions(data_shelf("regions"))


@lru_cache(maxsize=1)
def _shipped_kinds() -> tuple[Kind, ...]:
    return _read_kinds(data_shelf("kinds"))


def _read_regions(shelf: Shelf) -> tuple[Region, ...]:
    regions = []
    said: dict[str, str] = {}
    for stem, table in shelf.items():
        file = f"regions/{stem}.toml"
        region = _region(file, table)
        for id_ in _said_in(region):
            _say_once(said, id_, file)
        regions.append(region)
    return tuple(regions)


def _said_in(region: Region) -> list[str]:
    said = [f"region {region.id}"]
    said += [f"crossing {crossing.id}" for crossing in region.crossings]
    said += [f"rule {rule.id}" for rule in region.rules]
    said += [f"border {id_}" for id_, _ in region.borders]
    return said + [f"leaving_implied {country} from {first}" for country, first, _ in region.leaving_implied]


def _read_kinds(shelf: Shelf) -> tuple[Kind, ...]:
    kinds = []
    said: dict[str, str] = {}
    for stem, table in shelf.items():
        file = f"kinds/{stem}.toml"
        kind = _kind(file, table)
        _say_once(said, f"kind {kind.id}", file)
        kinds.append(kind)
    return tuple(kinds)


def _say_once(said: dict[str, str], what: str, file: str) -> None:
    if what in said:
        raise BadShelf(file, f"{what} is already said in {said[what]}", "keep one of the two")
    said[what] = file


def _region(file: str, table: Mapping[str, Any]) -> Region:
    _check(file, "region", table, _REGION, ("id", "names"))
    return Region(
        id=table["id"],
        names=_texts(file, "names", table["names"]),
        crossings=tuple(_crossing(file, entry) for entry in table.get("crossings", ())),
        rules=tuple(_rule(file, entry) for entry in table.get("rules", ())),
        borders=tuple((id_, _words(file, f"borders.{id_}", forms)) for id_, forms in table.get("borders", {}).items()),
        leaving_implied=tuple(_flight(file, entry) for entry in table.get("leaving_implied", ())),
    )


def _crossing(file: str, table: Mapping[str, Any]) -> Crossing:
    where = f"crossing {table.get('id', '?')!r}"
    _check(file, where, table, _CROSSING, ("id", "border", "sides", "names"))
    modes = _words(file, f"{where}, modes", table.get("modes", []))
    _refuse_strangers(file, f"{where}, modes", modes, _MODES)
    _check_point(file, where, table)
    return Crossing(
        id=table["id"],
        border=table["border"],
        sides=tuple(_side(file, where, side) for side in table["sides"]),
        names=_texts(file, where, table["names"]),
        forms=_words(file, f"{where}, forms", table.get("forms", [])),
        lat=table.get("lat"),
        lon=table.get("lon"),
        modes=modes,  # type: ignore[arg-type]  # checked against Mode just above
        metres_per_vehicle=float(table.get("metres_per_vehicle", 8.0)),
        lanes=float(table.get("lanes", 1.0)),
    )


def _check_point(file: str, where: str, table: Mapping[str, Any]) -> None:
    for field, limit in (("lat", _MOST_LAT), ("lon", _MOST_LON)):
        if field in table and abs(table[field]) > limit:
            raise BadShelf(file, f"{where}, {field}: {table[field]} is not on the globe", f"give -{limit} to {limit}")
    if ("lat" in table) != ("lon" in table):
        raise BadShelf(file, f"{where}: only one of lat and lon", "give both or neither")
    for field in ("metres_per_vehicle", "lanes"):
        if table.get(field, 1) <= 0:
            raise BadShelf(file, f"{where}, {field}: {table[field]} is not above zero", "give a number above zero")


def _side(file: str, where: str, table: Mapping[str, Any]) -> Side:
    _check(file, f"{where}, side", table, _SIDE, ("country", "zone"))
    try:
        ZoneInfo(table["zone"])
    except (KeyError, ValueError, OSError) as error:
        raise BadShelf(file, f"{where}, zone: nobody knows {table['zone']!r}", "give an IANA zone") from error
    return Side(
        country=table["country"],
        name=tuple(sorted(table.get("name", {}).items())),
        zone=table["zone"],
        forms=_words(file, f"{where}, forms", table.get("forms", [])),
        towns=_words(file, f"{where}, towns", table.get("towns", [])),
        road=_road(file, f"{where}, road", table.get("road", [])),
    )


def _road(file: str, where: str, given: list[Any]) -> tuple[tuple[float, float], ...]:
    for point in given:
        numbers = isinstance(point, list) and len(point) == 2 and all(type(number) in (int, float) for number in point)
        if not numbers or abs(point[0]) > _MOST_LAT or abs(point[1]) > _MOST_LON:
            raise BadShelf(file, f"{where}: {point!r} is no point", "write each as [latitude, longitude] in degrees")
    return tuple((float(lat), float(lon)) for lat, lon in given)


def _rule(file: str, table: Mapping[str, Any]) -> Rule:
    where = f"rule {table.get('id', '?')!r}"
    _check(file, where, table, _RULE, ("id", "where", "kind", "text", "source"))
    _refuse_strangers(file, f"{where}, mode", (table.get("mode", "any"),), _MODES)
    start, end = (_instant(file, where, table, field) for field in ("starts_at", "ends_at"))
    if start is not None and end is not None and end <= start:
        raise BadShelf(file, f"{where}: it ends before it starts", "put ends_at after starts_at")
    return Rule(
        id=table["id"],
        where=table["where"],
        kind=table["kind"],
        mode=table.get("mode", "any"),
        toward=table.get("toward"),
        value=table.get("value"),
        tag=table.get("tag"),
        text=_texts(file, where, table["text"], _LANGUAGES["text"]),
        source=table["source"],
        starts_at=start,
        ends_at=end,
    )


def _flight(file: str, table: Mapping[str, Any]) -> tuple[str, datetime, datetime]:
    _check(file, "leaving_implied", table, _FLIGHT, tuple(_FLIGHT))
    first, last = (_instant(file, "leaving_implied", table, field) for field in ("starts_at", "ends_at"))
    assert first is not None and last is not None  # both are required just above
    if last <= first:
        raise BadShelf(file, "leaving_implied: it ends before it starts", "put ends_at after starts_at")
    return table["country"], first, last


def _kind(file: str, table: Mapping[str, Any]) -> Kind:
    _check(file, "kind", table, _KIND, ("id", "shape", "names"))
    _refuse_strangers(file, "shape", (table["shape"],), frozenset({"amount", "state", "tag"}))
    options, tags = (_words(file, field, table.get(field, [])) for field in ("options", "tags"))
    labels = table.get("labels", {})
    _refuse_strangers(file, "labels", tuple(labels), frozenset(options + tags))
    for needed in options + tags:
        if needed not in labels:
            raise BadShelf(file, f"labels: nothing for {needed!r}", f"add [labels.{needed}]")
    if table.get("half_life_minutes", 1) <= 0:
        raise BadShelf(file, "half_life_minutes: not above zero", "give minutes above zero")
    return Kind(
        id=table["id"],
        shape=table["shape"],
        unit=table.get("unit"),
        options=options,
        tags=tags,
        half_life_minutes=float(table.get("half_life_minutes", 180.0)),
        names=_texts(file, "names", table["names"]),
        labels=tuple((id_, _texts(file, f"labels.{id_}", names)) for id_, names in labels.items()),
    )


def _check(file: str, where: str, table: Any, known: Mapping[str, type], needed: tuple[str, ...]) -> None:
    if not isinstance(table, Mapping):
        raise BadShelf(file, f"{where}: not a table", "write it as a table of fields")
    for field, value in table.items():
        if field not in known:
            raise BadShelf(file, f"{where}: unknown field {field!r}", f"use one of {', '.join(sorted(known))}")
        kind = known[field]
        fits = (
            isinstance(value, int | float) and not isinstance(value, bool) if kind is float else isinstance(value, kind)
        )
        if not fits:
            raise BadShelf(file, f"{where}, {field}: {value!r} is no {kind.__name__}", f"give a {kind.__name__}")
    for field in needed:
        if field not in table:
            raise BadShelf(file, f"{where}: no {field!r}", "add it")


def _refuse_strangers(file: str, where: str, given: tuple[str, ...], known: frozenset[str]) -> None:
    for word in given:
        if word not in known:
            raise BadShelf(file, f"{where}: {word!r} is not known", f"use one of {', '.join(sorted(known))}")


def _words(file: str, where: str, given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(word, str) and word for word in given):
        raise BadShelf(file, f"{where}: not a list of words", 'write it as ["one", "other"]')
    return tuple(given)


def _texts(
    file: str, where: str, given: Mapping[str, Any], needed: tuple[str, ...] = _LANGUAGES["names"]
) -> tuple[tuple[str, str], ...]:
    for language in needed:
        if not isinstance(given.get(language), str) or not given[language]:
            raise BadShelf(file, f"{where}: no name in {language!r}", f"add {language}")
    return tuple(sorted(given.items()))


def _instant(file: str, where: str, table: Mapping[str, Any], field: str) -> datetime | None:
    value = table.get(field)
    if value is None:
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise BadShelf(file, f"{where}, {field}: no offset", "write it as 2022-09-30T00:00:00+03:00")
    return value.astimezone(UTC)
