"""What the columns of a table of counts mean, as its TOML mapping says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from verst.errors import BadFile, BadShelf
from verst.model import Mode
from verst.shelves import read_toml

_ROLES = ("crossing", "value", "kind", "toward", "mode", "side", "tag", "fact", "url")
_TABLE_KEYS = {
    "time_column", "time_format", "zone", "official", "label", "title", "url", "separator", "decimal", "delay_hours",
    "kind", "crossing", "toward", "mode", "side", "tag", "records", *(f"{role}_column" for role in _ROLES),
}  # fmt: skip
_THOUSANDTHS = 1e11  # more seconds than this lie past the year 5000
_COLUMN_KEYS = {"name", "kind", "crossing", "toward", "mode", "side", "tag"}


@dataclass(frozen=True, slots=True)
class Column:
    """What one cell counts, where."""

    name: str
    kind: str
    crossing: str
    toward: str | None
    mode: Mode
    side: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping file, checked."""

    title: str
    time_column: str
    time_format: str | None
    zone: ZoneInfo
    official: bool
    label: str | None
    url: str | None
    separator: str
    decimal: str
    delay: timedelta
    records: str | None  # of JSON: where the list stands
    columns: tuple[Column, ...]
    fixed: dict[str, Any]
    roles: dict[str, str]

    @property
    def fact_column(self) -> str | None:
        """Where the ids of the facts stand that a row states."""
        return self.roles.get("fact")

    @property
    def url_column(self) -> str | None:
        """Where the address of the page stands that a row was read on."""
        return self.roles.get("url")

    def needed(self) -> set[str]:
        """Names of the columns the table must have."""
        return {self.time_column, *self.roles.values(), *(column.name for column in self.columns)}

    def columns_of(self, row: dict[str, str]) -> Iterator[Column]:
        """The cells of a row that hold figures."""
        yield from self.columns
        if "value" in self.roles:
            told = {role: row.get(self.roles.get(role, "")) or self.fixed.get(role) for role in _ROLES}
            yield Column(
                name=self.roles["value"],
                kind=told["kind"] or "",
                crossing=told["crossing"] or "",
                toward=told["toward"],
                mode=cast(Mode, told["mode"] if told["mode"] in get_args(Mode) else "any"),
                side=told["side"],
                tag=told["tag"],
            )

    def time_of(self, cell: str) -> tuple[datetime, int]:
        """The instant of a row in UTC and its offset in minutes; a bare date means noon on the table's clock.

        The format "unix" means seconds since 1970, or thousandths of them. Raises ValueError and OverflowError when the
        cell holds no such time.
        """
        if self.time_format == "unix":
            seconds = float(cell)
            told = datetime.fromtimestamp(seconds / 1000 if seconds > _THOUSANDTHS else seconds, self.zone)
            return told.astimezone(UTC), round((told.utcoffset() or timedelta()).total_seconds() / 60)
        told = datetime.strptime(cell, self.time_format) if self.time_format else datetime.fromisoformat(cell)
        bare = "%H" not in self.time_format and "%s" not in self.time_format if self.time_format else len(cell) <= 10
        if bare:
            told = told.replace(hour=12)
        told = told if told.tzinfo else told.replace(tzinfo=self.zone)
        offset = told.utcoffset() or timedelta()
        return told.astimezone(UTC), round(offset.total_seconds() / 60)


def load_mapping(path: Path | None, table: str, text: str | None = None) -> Mapping:
    """Read the mapping of the table called ``table``; ``text``: what stands in it, where it cannot be opened here.

    Raises BadFile when there is none, BadShelf when it says something wrong, OSError when it cannot be read.
    """
    if path is None:
        beside = "name one with --mapping" if table == "standard input" else "put one beside it with the ending .toml"
        raise BadFile("a table needs a mapping that says what its columns mean", file=table, do=beside)
    try:
        told = read_toml(str(path), path.read_text(encoding="utf-8") if text is None else text)
    except UnicodeDecodeError as error:
        raise BadShelf(str(path), f"not UTF-8 (byte {error.start})", "save it as UTF-8") from error
    table_keys, columns = told.get("table"), told.get("column", [])
    if not isinstance(table_keys, dict) or not isinstance(columns, list):
        raise BadShelf(str(path), "no [table] section", "begin it with [table] and a time_column")
    _check(path, "[table]", table_keys, _TABLE_KEYS, {"time_column"})
    for column in columns:
        _check(path, "[[column]]", column, _COLUMN_KEYS, {"name", "kind", "crossing"})
    roles = {role: table_keys[f"{role}_column"] for role in _ROLES if f"{role}_column" in table_keys}
    if not columns and "value" not in roles:
        raise BadShelf(str(path), "no figures are named", "add [[column]] sections, or value_column under [table]")
    return Mapping(
        title=table_keys.get("title") or Path(table).stem,
        time_column=table_keys["time_column"],
        time_format=table_keys.get("time_format") or None,
        zone=_zone(path, table_keys.get("zone", "UTC")),
        official=table_keys.get("official", False) is True,
        label=table_keys.get("label") or None,
        url=table_keys.get("url") or None,
        separator=table_keys.get("separator") or ("\t" if table.endswith(".tsv") else ","),
        decimal=table_keys.get("decimal", "."),
        delay=timedelta(hours=float(table_keys.get("delay_hours", 0))),
        records=table_keys.get("records") or None,
        columns=tuple(_column(path, column) for column in columns),
        fixed={key: table_keys[key] for key in _COLUMN_KEYS - {"name"} if key in table_keys},
        roles=roles,
    )


def _check(path: Path, section: str, told: dict[str, Any], allowed: set[str], required: set[str]) -> None:
    strange, missing = sorted(set(told) - allowed), sorted(required - set(told))
    if strange:
        raise BadShelf(str(path), f"{section} has no key {strange[0]!r}", f"use one of {', '.join(sorted(allowed))}")
    if missing:
        raise BadShelf(str(path), f"{section} lacks {missing[0]!r}", "add it")
    for key, value in told.items():
        if key == "official" or key == "delay_hours":
            fits = isinstance(value, bool) if key == "official" else isinstance(value, (int, float))
        else:
            fits = isinstance(value, str)
        if not fits:
            raise BadShelf(str(path), f"{section} {key} has a value of the wrong type", "write text in quotes")


def _column(path: Path, told: dict[str, Any]) -> Column:
    mode = told.get("mode", "any")
    if mode not in get_args(Mode):
        raise BadShelf(
            str(path), f"mode {mode!r} of column {told['name']!r}", f"use one of {', '.join(get_args(Mode))}"
        )
    return Column(
        name=told["name"],
        kind=told["kind"],
        crossing=told["crossing"],
        toward=told.get("toward"),
        mode=mode,
        side=told.get("side"),
        tag=told.get("tag"),
    )


def _zone(path: Path, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadShelf(str(path), f"no time zone is called {name!r}", "use a name such as Europe/Helsinki") from error
