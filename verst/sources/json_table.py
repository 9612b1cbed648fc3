"""Official counts as JSON at an address: a list of records, with the same small TOML mapping beside it as a CSV table.

``records`` in ``[table]`` says where the list stands in the answer ("data.items"; left out: the answer is the list). A
column is named by the way to it inside a record, with dots::

    [table]
    records = "data.items"
    time_column = "updated"
    title = "Border guard, queues"
    official = true
    [[column]]
    name = "queue.cars"
    kind = "queue_count"
    crossing = "shehyni-medyka"
    toward = "PL"
    mode = "car"
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from verst.errors import BadFile, BadShelf
from verst.model import Skipped
from verst.sources.door import RawPost
from verst.sources.marks import Given, Source
from verst.sources.table import read_row
from verst.sources.table_mapping import Mapping, load_mapping

LARGEST = 32 << 20  # bytes of one answer
MOST_RECORDS = 200_000


def _items(given: Given) -> Iterator[RawPost | Skipped]:
    try:
        mapping = load_mapping(given.mapping, given.file, given.beside)
    except (BadShelf, BadFile, OSError) as error:
        yield Skipped(file=given.file, what=f"the answer was left unread: {error}")
        return
    data = given.stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        yield Skipped(file=given.file, what=f"more than {LARGEST >> 20} MB of JSON; ask for less at a time")
        return
    try:
        found = _walk(json.loads(data.decode("utf-8-sig")), mapping.records)
    except (ValueError, RecursionError):
        yield Skipped(file=given.file, what="not JSON, or cut off in the middle; fetch it again")
        return
    records = [found] if isinstance(found, dict) else found
    if not isinstance(records, list):
        what = f"no list under {mapping.records or 'the whole answer'}; mend records in the mapping"
        yield Skipped(file=given.file, field="records", what=what)
        return
    for number, record in enumerate(records[:MOST_RECORDS], 1):
        yield from _record(mapping, record, given.file, number)


def _record(mapping: Mapping, record: Any, file: str, number: int) -> Iterator[RawPost | Skipped]:
    """The post of one record; ``line`` of what is wrong with it is its number in the list."""
    names = sorted(mapping.needed())
    missing = [name for name in names if _walk(record, name) is None]
    if mapping.time_column in missing:
        what = f"the record has no {mapping.time_column}; mend time_column in the mapping"
        yield Skipped(file=file, line=number, field=mapping.time_column, what=what)
        return
    yield from read_row(mapping, names, [_cell(_walk(record, name)) for name in names], file, number)


def _walk(told: Any, way: str | None) -> Any:
    """What stands at a way with dots; None where there is nothing."""
    for name in way.split(".") if way else ():
        if isinstance(told, list) and name.isdigit() and int(name) < len(told):
            told = told[int(name)]
        elif isinstance(told, dict):
            told = told.get(name)
        else:
            return None
    return told


def _cell(told: Any) -> str:
    """A value as a table would hold it; a list or an object is no cell."""
    if told is None or isinstance(told, (dict, list)):
        return ""
    return str(told).lower() if isinstance(told, bool) else str(told)


def _likeness(head: bytes, name: str) -> int:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    exported = b'"messages"' in head or b'"chats"' in head
    if start[:1] not in (b"[", b"{") or exported or name.endswith("result.json"):
        return 0
    return 6 if name.endswith(".json") else 3


SOURCE = Source(likeness=_likeness, items=_items)
