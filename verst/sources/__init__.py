"""1. Where posts come from. Only the door here makes a Post, so only it ever holds a name."""

from __future__ import annotations

import io
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from verst.errors import BadFile, BadSetting
from verst.model import Post, Skipped
from verst.shelves import code_shelf
from verst.sources.door import Door, RawPost, read_key
from verst.sources.here import HEAD, Counted, Here
from verst.sources.looking import admit_with
from verst.sources.marks import Given, Mark, Source

if TYPE_CHECKING:
    from verst.sources.apart import Apart, Elsewhere

__all__ = ["Door", "Mark", "read", "read_bytes", "read_key", "sources"]

EVERY = 1_000  # items between marks
LEAST_LIKENESS = 2  # below it nothing but the lack of anything better speaks for a source
DO_KNOWN = (
    "give a Telegram export (result.json), a WhatsApp export (text), a feed (RSS, Atom, JSON Feed), posts one to a "
    "line (JSONL), a page (HTML or text) or a table (CSV), "
    "saved as UTF-8, or name the source with --source"
)


def sources() -> dict[str, Source]:
    """Every source of this shelf by name."""
    return code_shelf(sys.modules[__name__], "SOURCE")


def read(
    location: Path | str,
    door: Door,
    *,
    source: str | None = None,
    mapping: Path | None = None,
    start: str | None = None,
    apart: Apart | None = None,
) -> Iterator[Post | Skipped | Mark]:
    """Read one input through the door: posts, what could not be used, and marks to go on from.

    ``location``: a file, the folder of a Telegram export, or ``-`` for standard input (bytes, read once).
    ``source``: its name on this shelf; None: guessed from the content. ``mapping``: a TOML file that some need.
    ``start``: the position of an earlier Mark. The input is read again from its beginning, since later posts rest
    on earlier ones, but nothing is yielded before that mark; when the input is no longer what it was then, that is
    reported and all of it is yielded. The last item is always a Mark. ``apart``: a limited process that reads it, for
    files of strangers; what ends that process is told like anything that cannot be used.

    Raises BadSetting (no such source) and BadFile (no such file) before anything is yielded.
    """
    path = _file_of(location)
    stream, size = _open(path)
    try:
        beside = path.with_suffix(".toml") if path is not None else None
        if mapping is None and beside is not None and beside.is_file():
            mapping = beside
        opened = _open_source(stream, path, source, mapping, size, apart)
        yield from _Run(opened, _shown(path), mapping, door, size, start, apart).items(path)
    finally:
        if path is not None:
            stream.close()


def read_bytes(
    data: bytes, name: str, door: Door, *, source: str, mapping: Path | None = None, apart: Apart | None = None,
    pictures: dict[str, tuple[str, ...]] | None = None,
) -> Iterator[Post | Skipped]:  # fmt: skip
    """What was fetched, through the door, all of it. ``name`` is for messages. Raises BadSetting (no such source).

    ``pictures`` is told, by post id, the addresses at which the pictures of posts lie.
    """
    if apart is not None:
        items = apart.open(io.BytesIO(data), name, False, source, mapping, len(data)).items()
    else:
        _, reader = choose_source(source, data[:HEAD], None)
        stream = cast(BinaryIO, io.BufferedReader(io.BytesIO(data)))  # which can look ahead, as that of a file
        items = reader.items(Given(stream=stream, file=name, mapping=mapping))
    for item in items:
        if isinstance(item, Skipped):
            yield item
            continue
        for found in door.admit(item):
            if pictures is not None and item.pictures and isinstance(found, Post):
                pictures[found.id] = item.pictures
            yield found


def _open_source(
    stream: BinaryIO, path: Path | None, source: str | None, mapping: Path | None, size: int | None, apart: Apart | None
) -> Here | Elsewhere:
    """An input with the source that reads it, here or in a process of its own. Raises BadSetting and BadFile."""
    if apart is not None:
        return apart.open(stream, _shown(path), path is not None, source, mapping, size)
    counted = Counted(stream)
    name, reader = choose_source(source, counted.head, path)
    return Here(name, reader, counted, _shown(path), mapping)


class _Run:
    """One reading of one input: its chain is a fingerprint of every item met so far."""

    def __init__(
        self,
        opened: Here | Elsewhere,
        file: str,
        mapping: Path | None,
        door: Door,
        size: int | None,
        start: str | None,
        apart: Apart | None,
    ) -> None:
        self.opened, self.name, self.file, self.mapping, self.door = opened, opened.name, file, mapping, door
        self.size, self.apart = size, apart
        self.skip, self.expected = _parse(start, opened.name)
        self.count, self.chain, self.posts = 0, 0, 0

    def items(self, path: Path | None) -> Iterator[Post | Skipped | Mark]:
        for item in self.opened.items():
            if self.count == self.skip and self.skip and self.chain != self.expected:
                yield from self.begin_again(path)
                return
            self.count += 1
            self.posts += not isinstance(item, Skipped)
            self.chain = zlib.crc32(_print_of(item), self.chain)
            if self.count <= self.skip:
                continue
            if isinstance(item, Skipped):
                yield item
            else:
                yield from admit_with(item, path, self.door, self.apart)
            if self.count % EVERY == 0:
                yield self.mark()
        if self.count < self.skip or (self.count == self.skip and self.chain != self.expected):
            yield from self.begin_again(path)
            return
        yield self.mark()

    def begin_again(self, path: Path | None) -> Iterator[Post | Skipped | Mark]:
        what = "not what it was when it was read last"
        if path is None:
            yield Skipped(file=self.file, what=f"{what}; load it from the beginning")
            yield Mark("", self.opened.taken, self.size)
            return
        yield Skipped(file=self.file, what=f"{what}; it is read again from the beginning")
        yield from read(path, self.door, source=self.name, mapping=self.mapping, apart=self.apart)

    def mark(self) -> Mark:
        """How far it was read; what gave no post so far is read from its beginning the next time, and told again."""
        position = f"{self.name}:{self.count}:{self.chain:08x}" if self.posts else ""
        return Mark(position, self.opened.taken, self.size)


def _file_of(location: Path | str) -> Path | None:
    if str(location) == "-":
        return None
    path = Path(location)
    if not path.is_dir():
        return path
    inside = path / "result.json"
    if not inside.is_file():
        raise BadFile("a folder without result.json", file=str(path), do="name the files to load one by one")
    return inside


def _open(path: Path | None) -> tuple[BinaryIO, int | None]:
    if path is None:
        return sys.stdin.buffer, None
    try:
        return path.open("rb"), path.stat().st_size
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise BadFile(reason.lower(), file=str(path), do="check the name and who may read it") from error


def choose_source(source: str | None, head: bytes, path: Path | None) -> tuple[str, Source]:
    """The source of that name, else the likeliest by how an input begins. Raises BadSetting and BadFile."""
    shelf = sources()
    if source is not None:
        if source not in shelf:
            raise BadSetting(f"no source is called {source!r}; there are {', '.join(shelf)}")
        return source, shelf[source]
    name = path.name.lower() if path is not None else ""
    likeness = {item: shelf[item].likeness(head, name) for item in shelf}
    best = max(likeness, key=likeness.__getitem__)
    if head and likeness[best] < LEAST_LIKENESS and (b"\0" in head or name.endswith(".json")):
        raise BadFile("no source knows what this is", file=_shown(path), do=DO_KNOWN)
    return best, shelf[best]


def _shown(path: Path | None) -> str:
    return "standard input" if path is None else str(path)


def _parse(start: str | None, name: str) -> tuple[int, int]:
    """Items to pass over and their fingerprint; a position of another source or of nobody counts as the beginning."""
    parts = (start or "").split(":")
    if len(parts) != 3 or parts[0] != name:
        return 0, 0
    try:
        return int(parts[1]), int(parts[2], 16)
    except ValueError:
        return 0, 0


def _print_of(item: RawPost | Skipped) -> bytes:
    if isinstance(item, Skipped):
        return f"{item.line}{item.what}".encode("utf-8", "replace")
    return f"{item.id}\0{item.posted_at}\0{item.text}".encode("utf-8", "replace")
