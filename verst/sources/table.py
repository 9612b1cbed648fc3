"""Official counts as a CSV table, with a small TOML mapping beside it that says what the columns mean.

A wide table has one row a time and one ``[[column]]`` a count; a long table has one row a count::

    [table]
    time_column = "date"
    time_format = "%d.%m.%Y"         # left out: ISO 8601
    zone = "Europe/Helsinki"         # of times that name no offset
    title = "Border guard, daily counts"
    official = true
    label = "reconstructed from dated public facts"
    delay_hours = 24                 # how long after that time the row was published; 0 when left out
    [[column]]                       # wide
    name = "vaalimaa"
    kind = "flow"
    crossing = "vaalimaa-torfyanovka"
    toward = "FI"

A long table names its columns in ``[table]`` (``crossing_column``, ``value_column``, ``kind_column``,
``toward_column``, ``mode_column``, ``side_column``, ``tag_column``, ``fact_column``, ``url_column``); ``kind``,
``crossing``, ``toward``, ``mode``, ``side`` and ``tag`` there hold for every row whose own cell is empty.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from verst.errors import BadFile, BadShelf
from verst.model import Claim, Skipped
from verst.sources.door import RawPost
from verst.sources.marks import Given, Source
from verst.sources.table_mapping import Column, Mapping, load_mapping

_NOTHING = {"", "-", "–", "—", "n/a", "na", "nan", "null", "none", "..", "н/д"}
_WORD_KINDS = {"passage", "mode_rule", "service", "rule", "event"}
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
csv.field_size_limit(1 << 20)


def _items(given: Given) -> Iterator[RawPost | Skipped]:
    try:
        mapping = load_mapping(given.mapping, given.file, given.beside)
    except (BadShelf, BadFile, OSError) as error:
        yield Skipped(file=given.file, what=f"the table was left unread: {error}")
        return
    text = io.TextIOWrapper(given.stream, encoding="utf-8-sig", errors="replace", newline="")
    reader = csv.reader(text, delimiter=mapping.separator, strict=True)
    header: list[str] | None = None
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Skipped(file=given.file, line=line, what=f"not a row of a table ({error}); mend its quotes")
            continue
        if cells is None:
            return
        if header is None:
            header = [cell.strip() for cell in cells]
            missing = sorted(mapping.needed() - set(header))
            if missing:
                what = f"the table has no column called {', '.join(missing)}; mend the mapping or the header"
                yield Skipped(file=given.file, line=line, what=what)
                return
        elif any(cell.strip() for cell in cells):
            yield from read_row(mapping, header, cells, given.file, line)


def read_row(
    mapping: Mapping, header: list[str], cells: list[str], file: str, line: int
) -> Iterator[RawPost | Skipped]:
    """The post of one row, and what is wrong with its cells; ``header`` names them."""
    if len(cells) != len(header):
        what = f"{len(cells)} cells under a header of {len(header)}; mend the separators of the row"
        yield Skipped(file=file, line=line, what=what)
        return
    row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    try:
        at, offset = mapping.time_of(row[mapping.time_column])
    except (ValueError, OverflowError):
        what = f"no time as {mapping.time_format or 'ISO 8601'}; mend the cell or time_format in the mapping"
        yield Skipped(file=file, line=line, field=mapping.time_column, what=what)
        return
    claims: list[Claim] = []
    for column in mapping.columns_of(row):
        claim = _claim(mapping, column, row, at)
        if isinstance(claim, Claim):
            claims.append(claim)
        elif claim is not None:
            yield Skipped(file=file, line=line, field=column.name, what=claim)
    if claims:
        yield _raw(mapping, row, at, offset, tuple(claims), file, line)


def _claim(mapping: Mapping, column: Column, row: dict[str, str], at: datetime) -> Claim | str | None:
    """The claim of one cell, None for an empty one, or what is wrong with it."""
    cell = row[column.name]
    if cell.lower() in _NOTHING:
        return None
    if not _ID.fullmatch(column.crossing) or not _ID.fullmatch(column.kind):
        return "no id of a crossing or kind for this figure; write ids, in the cells or in the mapping"
    if any(told is not None and not _ID.fullmatch(told) for told in (column.toward, column.side, column.tag)):
        return "toward, side or tag is no id; write a country's two letters, or a tag of the guide"
    value: float | str
    if column.kind in _WORD_KINDS:
        value = cell.lower()
        if not _ID.fullmatch(value):
            return "not an option of that kind; write one word of the guide, such as closed"
    else:
        try:
            value = number(cell, mapping.decimal)
        except ValueError:
            return "not a number; leave the cell empty where nothing was counted"
    return Claim(
        kind=column.kind,
        crossing=column.crossing,
        toward=column.toward,
        side=column.side,
        mode=column.mode,
        value=None if column.kind in ("rule", "event") else value,
        tag=column.tag or (str(value) if column.kind in ("rule", "event") else None),
        stance="official" if mapping.official else "heard",
        holds_at=at if mapping.delay else None,
        rule="table",
    )


def number(cell: str, decimal: str = ".") -> float:
    """A figure as tables write it.

    >>> number("8 572"), number("8,572"), number("3,5", decimal=","), number("120 %")
    (8572.0, 8572.0, 3.5, 120.0)

    Raises ValueError when it is none.
    """
    plain = "".join(cell.split()).replace("\u2212", "-").rstrip("%").replace("." if decimal == "," else ",", "")
    value = float(plain.replace(",", "."))
    if not abs(value) < 1e12:
        raise ValueError(f"{cell!r} is beyond any count")
    return value


def _raw(
    mapping: Mapping, row: dict[str, str], at: datetime, offset: int, claims: tuple[Claim, ...], file: str, line: int
) -> RawPost:
    facts = row.get(mapping.fact_column or "", "").replace(",", " ").split()
    told = [f"{claim.kind} {claim.crossing} {claim.toward} {claim.side} {claim.mode} {claim.tag}" for claim in claims]
    identity = "\n".join([mapping.title, at.isoformat(), *told]).encode()
    return RawPost(
        id=f"table-{blake2b(identity, digest_size=8).hexdigest()}",
        chat_title=mapping.title,
        chat_kind="channel",
        posted_at=(at + mapping.delay).astimezone(UTC),
        offset_minutes=offset,
        text=_sentence(mapping.title, at, offset, claims),
        author=f"table:{mapping.title}",
        url=row.get(mapping.url_column or "") or mapping.url,
        facts=tuple(facts),
        label=mapping.label,
        official=mapping.official,
        given=claims,
        file=file,
        line=line,
    )


def _sentence(title: str, at: datetime, offset: int, claims: tuple[Claim, ...]) -> str:
    """The row in words: every figure with what it counts."""
    local = (at + timedelta(minutes=offset)).strftime("%Y-%m-%d %H:%M")
    parts = [_phrase(claim) for claim in claims]
    return f"{title}, {local}: {'; '.join(parts)}."


def _phrase(claim: Claim) -> str:
    value = claim.value if claim.value is not None else claim.tag
    shown = f"{value:,.10g}".replace(",", " ") if isinstance(value, float) else str(value)
    words = [claim.kind.replace("_", " "), "at", claim.crossing]
    words += ["toward", claim.toward] if claim.toward else []
    words += [f"({claim.mode})"] if claim.mode != "any" else []
    return f"{' '.join(words)}: {shown}"


def _likeness(head: bytes, name: str) -> int:
    if name.endswith((".csv", ".tsv")):
        return 8
    lines = head.splitlines()[:5]
    for separator in (b",", b";", b"\t"):
        counts = [line.count(separator) for line in lines]
        if len(counts) > 1 and counts[0] > 0 and len(set(counts)) == 1 and not head.lstrip().startswith((b"{", b"<")):
            return 3
    return 0


SOURCE = Source(likeness=_likeness, items=_items)
