"""Inside the fence: reads what it is handed, one input after another, and can do nothing else.

It is handed an open file with what is to be known of it, and answers in lines: ``N`` the source that reads it, ``P``
a post as it was found, ``S`` what could not be used, ``#`` the number of the next of them, ``T`` the bytes taken so
far, ``V`` the prints of a picture or a video, ``E`` what is wrong with the whole of it, ``.`` the end. The door, its
key and the store are on the other side.
"""

from __future__ import annotations

import io
import os
import re
import socket
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from verst.errors import BadFile, BadSetting, name_fault
from verst.fence import allow_seconds, close_in
from verst.model import Skipped
from verst.sources import choose_source
from verst.sources.door import RawPost
from verst.sources.films import prints_of
from verst.sources.here import Counted
from verst.sources.marks import Given
from verst.sources.packed import open_member
from verst.sources.people import People

MEMORY = 2 << 30  # bytes of addresses, of which a tenth is ever used
LEAST_SECONDS = 60  # of processor time for an input, and one more for every 200 KB of it
BYTES_A_SECOND = 200_000
MOST_PEOPLE = 100  # groups of names remembered at once
EVERY = 200  # items between two words of how much was taken
_LONE = re.compile("[\ud800-\udfff]")  # halves of a sign, which nothing can be written with


class Blocks(msgspec.Struct, kw_only=True):
    """Every ``of``-th block of ``size`` items, from ``part`` on, and the ``before`` items that lie before each."""

    part: int
    of: int
    size: int
    before: int

    def want(self, number: int) -> bool:
        """Whether the item of that number, from 0 on, is one of them.

        >>> wanted = Blocks(part=1, of=3, size=10, before=2)
        >>> [number for number in range(60) if wanted.want(number)][:14]
        [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 38, 39]
        """
        block = number // self.size
        following = block + 1 + (self.part - block - 1) % self.of
        return block % self.of == self.part or following * self.size - number <= self.before


class Errand(msgspec.Struct, kw_only=True):
    """What is to be read: its name for messages, the source where that is said, the mapping and what stands in it.

    ``picture``: it is one, or a video, and what is wanted are its prints; ``member``: it lies in a ZIP archive, under
    that name. ``blocks``: only those are wanted, of so many items.
    """

    file: str
    is_file: bool = True
    source: str | None = None
    mapping: str | None = None
    beside: str | None = None
    size: int | None = None
    picture: bool = False
    member: str | None = None
    blocks: Blocks | None = None


class Wrong(msgspec.Struct, kw_only=True):
    """Why an input cannot be read: ``kind`` file, setting or fault."""

    kind: str
    what: str
    file: str | None = None
    do: str | None = None


def main() -> None:
    """Close in, then read until there is nobody to read for."""
    control = socket.socket(fileno=0)
    out = open(0, "wb", buffering=1 << 16, closefd=False)  # noqa: SIM115 (to the end)
    held = close_in(memory=MEMORY, seconds=LEAST_SECONDS)
    out.write(b"H" + " ".join(held).encode() + b"\n")
    out.flush()
    while True:
        length, fds, _, _ = socket.recv_fds(control, 4, 1)
        if len(length) < 4 or not fds:
            return
        told = _exactly(int.from_bytes(length, "big"))
        errand = msgspec.json.decode(told, type=Errand)
        allow_seconds(LEAST_SECONDS + (errand.size if errand.size is not None else 1 << 40) // BYTES_A_SECOND)
        with open(fds[0], "rb", buffering=0) as stream:  # noqa: PTH123 (no path, an open file)
            for line in lines_of(errand, stream):
                out.write(line + b"\n")
        out.write(b".\n")
        out.flush()


def _exactly(size: int) -> bytes:
    told = b""
    while len(told) < size and (piece := os.read(0, size - len(told))):
        told += piece
    return told


def lines_of(errand: Errand, stream: Any) -> Iterator[bytes]:
    """What is answered about one input. Nothing that it holds raises."""
    try:
        yield from _look(errand, stream) if errand.picture else _read(errand, stream)
    except BadFile as error:
        yield _wrong(Wrong(kind="file", what=error.what, file=error.file, do=error.do))
    except BadSetting as error:
        yield _wrong(Wrong(kind="setting", what=str(error)))
    except MemoryError:
        yield _wrong(Wrong(kind="fault", what="it takes more memory than an input may"))
    except Exception as error:
        yield _wrong(Wrong(kind="fault", what=name_fault(error)))


def _look(errand: Errand, stream: Any) -> Iterator[bytes]:
    with open_member(stream, errand.member) if errand.member else nullcontext(stream) as picture:
        prints = prints_of(picture, errand.file) if picture is not None else ()
    yield b"V" + " ".join(prints).encode()


def _read(errand: Errand, stream: Any) -> Iterator[bytes]:
    counted = Counted(stream)
    path = Path(errand.file) if errand.is_file else None
    name, reader = choose_source(errand.source, counted.head, path)
    yield b"N" + name.encode()
    given = Given(
        stream=cast(BinaryIO, io.BufferedReader(counted, 1 << 18)), file=errand.file,
        mapping=Path(errand.mapping) if errand.mapping else None, beside=errand.beside,
    )  # fmt: skip
    write = Writer()
    following = 0
    for number, item in enumerate(reader.items(given)):
        if errand.blocks is None or errand.blocks.want(number):
            if number != following:
                yield b"#%d" % number
            yield write.line(item)
            following = number + 1
        if number % EVERY == 0:
            yield b"T%d" % counted.taken
    yield b"T%d" % counted.taken


class Writer:
    """Writes items as lines; of the names met in an input only those that are new."""

    def __init__(self) -> None:
        self._people: OrderedDict[int, tuple[People, int]] = OrderedDict()
        self._met = 0
        self._encode = msgspec.json.Encoder(enc_hook=self._names).encode

    def line(self, item: RawPost | Skipped) -> bytes:
        """One item."""
        kind = b"S" if isinstance(item, Skipped) else b"P"
        try:
            return kind + self._encode(item)
        except UnicodeEncodeError:
            return kind + self._encode(_whole(item))

    def _names(self, people: Any) -> tuple[int, list[str]]:
        if not isinstance(people, People):
            raise NotImplementedError
        if id(people) not in self._people:
            self._met += 1
            self._people[id(people)] = people, self._met  # kept, so that no other is found at its place
        self._people.move_to_end(id(people))
        if len(self._people) > MOST_PEOPLE:
            self._people.popitem(last=False)
        return self._people[id(people)][1], [_LONE.sub("", name) for name in people.take_new()]


def _whole(item: RawPost | Skipped) -> RawPost | Skipped:
    """The item without halves of signs in its words."""
    words = {each.name: getattr(item, each.name) for each in fields(item)}
    return replace(item, **{name: _LONE.sub("", word) for name, word in words.items() if isinstance(word, str)})  # type: ignore[arg-type]


def _wrong(wrong: Wrong) -> bytes:
    return b"E" + msgspec.json.encode(wrong)
