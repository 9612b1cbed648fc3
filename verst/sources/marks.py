"""What a source is handed, what it offers, and how far reading came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from verst.model import Skipped

if TYPE_CHECKING:
    from verst.sources.door import RawPost


@dataclass(frozen=True, slots=True)
class Mark:
    """Everything before this was yielded; ``read(..., start=position)`` goes on from here.

    ``done`` of ``of`` bytes were taken in (``of`` None: standard input has no size), for a progress bar.
    """

    position: str
    done: int = 0
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What a source reads: a stream of bytes from the beginning, its name for messages, a mapping beside it.

    ``beside``: what stands in the mapping, for a source that runs where no file can be opened.
    """

    stream: BinaryIO
    file: str
    mapping: Path | None = None
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One shape of input. A module of this package offers one as ``SOURCE``.

    ``likeness`` says from the first 64 KB and the file's name how surely the input has this shape: 0 (no) to 9.
    ``items`` reads it from the beginning, always in the same order; what it cannot use it yields as Skipped.
    """

    likeness: Callable[[bytes, str], int]
    items: Callable[[Given], Iterator[RawPost | Skipped]]
