"""One input in blocks of a fixed size, for many workers: each takes every n-th block, and no name leaves the door.

A block is the same whoever takes it, and of how many. What goes before a block in the same input is admitted with it,
so that an answer or a message in parts finds its beginning.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from verst.errors import BadFile
from verst.model import Post, Skipped
from verst.sources import choose_source
from verst.sources.door import Door, RawPost
from verst.sources.here import HEAD
from verst.sources.marks import Given

SIZE = 2_000  # items of a block
BEFORE = 200  # posts before a block that are read with it


@dataclass(slots=True)
class Block:
    """Items of one input: the posts of them, those before, and what could not be used. ``read``: items in all."""

    number: int
    posts: list[Post] = field(default_factory=list)
    before: list[Post] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    read: int = 0


def read_blocks(
    path: Path, door: Door, *, part: int, of: int, source: str | None = None, mapping: Path | None = None
) -> Iterator[Block]:
    """The blocks ``part``, ``part + of`` … of an input. Raises BadFile and BadSetting before anything is read."""
    try:
        stream = path.open("rb")
    except OSError as error:
        raise BadFile((error.strerror or "cannot be read").lower(), file=str(path), do="check its name") from error
    with stream:
        head = stream.read(HEAD)
        stream.seek(0)
        _, reader = choose_source(source, head, path)
        beside = path.with_suffix(".toml")
        told = mapping if mapping is not None else beside if beside.is_file() else None
        given = Given(
            stream=cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, stream), 1 << 18)), file=str(path), mapping=told
        )
        yield from _blocks(reader.items(given), door, part, of)


def _blocks(items: Iterator[RawPost | Skipped], door: Door, part: int, of: int) -> Iterator[Block]:
    recent: deque[RawPost] = deque(maxlen=BEFORE)
    block: Block | None = None
    for count, item in enumerate(items):
        number = count // SIZE
        if count % SIZE == 0:
            if block is not None:
                yield block
            block = _begin(number, recent, door) if number % of == part else None
        if block is not None:
            _take(block, item, door)
        if isinstance(item, RawPost):
            recent.append(item)
    if block is not None:
        yield block


def _begin(number: int, recent: deque[RawPost], door: Door) -> Block:
    before = [post for raw in recent for post in door.admit(raw) if isinstance(post, Post)]
    return Block(number, before=before)


def _take(block: Block, item: RawPost | Skipped, door: Door) -> None:
    block.read += 1
    for found in (item,) if isinstance(item, Skipped) else door.admit(item):
        if isinstance(found, Skipped):
            block.skipped.append(found)
        else:
            block.posts.append(found)
