"""Records of JSON, taken one by one out of what a server answered: a list, a list inside an object, or a line each.

A line may be one of a stream of events ("data: {…}"); its other lines say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import msgspec

from verst.model import Skipped
from verst.sources.lines import TOO_LONG, numbered_lines

LARGEST = 32 << 20  # bytes of one list; lines may go on without end
Piece = tuple[int | None, bytes | Skipped]


class _Whole(msgspec.Struct):
    pass


def pieces(stream: BinaryIO, file: str, *, inside: Sequence[str] = ()) -> Iterator[Piece]:
    """The bytes of each record, with its line where it has one; what is broken as Skipped.

    ``inside``: names under which a list may stand in an object.
    """
    data = stream.peek(1 << 16) if hasattr(stream, "peek") else b""
    if _is_whole(data, inside):
        yield from ((None, piece) for piece in _of_whole(stream, file, inside))
        return
    for number, line in numbered_lines(stream):
        if line is None:
            yield number, Skipped(file=file, line=number, what=TOO_LONG)
            continue
        told = line.strip().removeprefix(b"data:").strip()
        if told[:1] == b"{":
            yield number, told
        elif told and not line.startswith((b":", b"event:", b"id:", b"retry:")):
            yield (
                number,
                Skipped(file=file, line=number, what="not JSON, or cut off in the middle; mend it or take it out"),
            )


def _is_whole(head: bytes, inside: Sequence[str]) -> bool:
    """Whether what begins so is one list or object, and not a record to a line."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] == b"[":
        return True
    first = start.split(b"\n", 1)[0]
    return start[:1] == b"{" and (first.strip() == b"{" or any(f'"{name}"'.encode() in first[:4096] for name in inside))


def _of_whole(stream: BinaryIO, file: str, inside: Sequence[str]) -> Iterator[bytes | Skipped]:
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        yield Skipped(file=file, what=f"more than {LARGEST >> 20} MB in one list; ask for less at a time")
        return
    try:
        told = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=list[msgspec.Raw] | dict[str, msgspec.Raw])
        if isinstance(told, dict):
            name = next((name for name in inside if name in told), None)
            told = msgspec.json.decode(told[name], type=list[msgspec.Raw]) if name else []
            if name is None:
                yield Skipped(file=file, what=f"no list called {' or '.join(inside)} in it; give another address")
                return
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        yield Skipped(file=file, what="not JSON, or cut off in the middle; fetch it again")
        return
    yield from (bytes(piece) for piece in told)
