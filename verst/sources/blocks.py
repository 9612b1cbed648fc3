"""One input in blocks of a fixed size, for many workers: each takes every n-th block, and no name leaves the door.

A block is the same whoever takes it, and of how many. What goes before a block in the same input is admitted with it,
so that an answer or a message in parts finds its beginning.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from verst.errors import BadFile
from verst.model import Post, Skipped
from verst.sources import choose_source
from verst.sources.apart import Apart, Elsewhere
from verst.sources.door import Door, RawPost
from verst.sources.here import Counted, Here
from verst.sources.inside import Blocks
from verst.sources.looking import admit_with

SIZE = 2_000  # items of a block
BEFORE = 200  # posts before a block that are read with it, of the last ITEMS_BEFORE items
ITEMS_BEFORE = 2 * BEFORE


@dataclass(slots=True)
class Block:
    """Items of one input: the posts of them, those before, and what could not be used. ``read``: items in all."""

    number: int
    posts: list[Post] = field(default_factory=list)
    before: list[Post] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    read: int = 0


def read_blocks(
    path: Path, door: Door, *, part: int, of: int, source: str | None = None, mapping: Path | None = None,
    apart: Apart | None = None,
) -> Iterator[Block]:  # fmt: skip
    """The blocks ``part``, ``part + of`` … of an input. Raises BadFile and BadSetting before anything is read.

    ``apart``: the limited process that reads it.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise BadFile((error.strerror or "cannot be read").lower(), file=str(path), do="check its name") from error
    beside = path.with_suffix(".toml")
    told = mapping if mapping is not None else beside if beside.is_file() else None
    with stream:
        opened = _open(stream, path, source, told, Blocks(part=part, of=of, size=SIZE, before=ITEMS_BEFORE), apart)
        yield from _blocks(opened, path, door, part, of, apart)


def _open(
    stream: BinaryIO, path: Path, source: str | None, mapping: Path | None, wanted: Blocks, apart: Apart | None
) -> Here | Elsewhere:
    if apart is not None:
        return apart.open(stream, str(path), True, source, mapping, path.stat().st_size, wanted)
    counted = Counted(stream)
    name, reader = choose_source(source, counted.head, path)
    return Here(name, reader, counted, str(path), mapping)


def _blocks(
    opened: Here | Elsewhere, path: Path, door: Door, part: int, of: int, apart: Apart | None
) -> Iterator[Block]:
    recent: deque[tuple[int, RawPost]] = deque(maxlen=BEFORE)
    block: Block | None = None
    last = -1
    for item in opened.items():
        number = opened.number // SIZE
        if block is not None and block.number != number:
            yield block
            block = None
        if opened.number != last + 1:
            recent.clear()
        if block is None and number % of == part:
            block = _begin(number, recent, door)
        if block is not None:
            _take(block, item, path, door, apart)
        if isinstance(item, RawPost):
            recent.append((opened.number, item))
        last = opened.number
    if block is not None:
        yield block


def _begin(number: int, recent: Iterable[tuple[int, RawPost]], door: Door) -> Block:
    """A block with what lies before it: no more of that than whoever takes this block alone is handed."""
    near = [raw for at, raw in recent if number * SIZE - at <= ITEMS_BEFORE]
    before = [post for raw in near for post in door.admit(raw) if isinstance(post, Post)]
    return Block(number, before=before)


def _take(block: Block, item: RawPost | Skipped, path: Path, door: Door, apart: Apart | None) -> None:
    block.read += 1
    for found in (item,) if isinstance(item, Skipped) else admit_with(item, path, door, apart):
        if isinstance(found, Skipped):
            block.skipped.append(found)
        else:
            block.posts.append(found)
