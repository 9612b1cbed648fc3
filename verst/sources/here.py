"""Reading an input in this very process: its bytes, counted, and its items as a source finds them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from verst.model import Skipped
from verst.sources.door import RawPost
from verst.sources.marks import Given, Source

HEAD = 1 << 16  # bytes a source is guessed from


class Counted(io.RawIOBase):
    """The stream again from its beginning after its head was looked at, counting what was taken."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self.head = self._left = _up_to(stream, HEAD)
        self.taken = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """Whether one can go back in it: in a file, but not in a pipe."""
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go on from another place, for what is not read from its beginning to its end."""
        if whence == io.SEEK_CUR:
            offset, whence = offset + self._stream.tell() - len(self._left), io.SEEK_SET
        self._left = b""
        return self._stream.seek(offset, whence)

    def readinto(self, buffer: Any) -> int:
        """The next bytes, from the head as long as there are any."""
        piece = self._left[: len(buffer)] if self._left else self._stream.read(len(buffer))
        self._left = self._left[len(piece) :]
        buffer[: len(piece)] = piece
        self.taken += len(piece)
        return len(piece)


def _up_to(stream: BinaryIO, size: int) -> bytes:
    pieces: list[bytes] = []
    while size > 0 and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


class Here:
    """One input, read in this process."""

    def __init__(self, name: str, reader: Source, counted: Counted, file: str, mapping: Path | None) -> None:
        self.name, self._reader, self._counted = name, reader, counted
        self.number = -1  # of the item that was yielded last
        self._given = Given(stream=cast(BinaryIO, io.BufferedReader(counted, 1 << 18)), file=file, mapping=mapping)

    @property
    def taken(self) -> int:
        """Bytes taken in so far."""
        return self._counted.taken

    def items(self) -> Iterator[RawPost | Skipped]:
        """Everything in it, in order."""
        for self.number, item in enumerate(self._reader.items(self._given)):  # noqa: B020
            yield item
