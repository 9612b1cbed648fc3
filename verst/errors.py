"""Everything that can go wrong, in one tree.

::

    VerstError                 any error that Verst raises on purpose; shown without a traceback
    ├── BadInput               a file, line, field or post that cannot be used; the rest goes on
    │   ├── BadPost            one post (names file, line and field)
    │   ├── BadClaim           one claim line given to ``verst fuse``
    │   └── BadFile            a whole file that is not what it claims to be
    ├── BadShelf               a language, kind or region file that says something wrong or twice
    ├── BadSetting             a setting, flag or address that cannot be used
    ├── NotAllowed             somebody may not do that at the desk, or not now
    ├── NotFound               a crossing, region or post that nobody knows
    ├── BusError               the bus between processes cannot be reached, read or written
    │   └── BusFull            no room left on it
    └── StoreError             the store cannot be opened, read or written
        ├── StoreBusy          somebody else writes to it
        ├── StoreMoved         somebody else has gone on from where we stood
        └── StoreFull          no room left on the disk

Each message names the file, line, field or source, and says what to do.
"""

from __future__ import annotations

import traceback
from pathlib import Path


class VerstError(Exception):
    """Any error that Verst raises on purpose. ``exit_code`` is what the command line exits with."""

    exit_code = 1


class BadInput(VerstError):
    """Something that came from outside cannot be used.

    >>> str(BadInput("not JSON", file="posts.jsonl", line=3, do="end the line after the closing brace"))
    'posts.jsonl, line 3: not JSON; end the line after the closing brace'
    """

    exit_code = 3

    def __init__(
        self,
        what: str,
        *,
        file: str | None = None,
        line: int | None = None,
        field: str | None = None,
        do: str | None = None,
    ) -> None:
        self.what, self.file, self.line, self.field, self.do = what, file, line, field, do
        where = ", ".join(
            part
            for part in (file, f"line {line}" if line is not None else None, f"field {field!r}" if field else None)
            if part
        )
        super().__init__(f"{where + ': ' if where else ''}{what}{'; ' + do if do else ''}")


class BadPost(BadInput):
    """One post cannot be used."""


class BadClaim(BadInput):
    """One claim line cannot be used."""


class BadFile(BadInput):
    """A whole file is not what it claims to be."""


class BadShelf(VerstError):
    """A language, kind or region file says something wrong, or two of them say the same thing."""

    exit_code = 4

    def __init__(self, file: str, what: str, do: str) -> None:
        self.file, self.what, self.do = file, what, do
        super().__init__(f"{file}: {what}; {do}")


class BadSetting(VerstError):
    """A setting, flag or address cannot be used."""

    exit_code = 2


class NotFound(VerstError):
    """Nobody knows a crossing, region or post of that name."""

    exit_code = 5


class NotAllowed(VerstError):
    """Somebody may not do that at the desk, or not now. ``key`` names the sentence that says so in other languages."""

    exit_code = 7

    def __init__(self, what: str, *, key: str = "", **values: object) -> None:
        self.key, self.values = key, values
        super().__init__(what)


class StoreError(VerstError):
    """The store cannot be opened, read or written."""

    exit_code = 6


class StoreBusy(StoreError):
    """Somebody else writes to the store."""


class StoreMoved(StoreError):
    """Somebody else has gone on from where we stood: nothing of ours was written, and theirs is to be gone on from."""


class StoreFull(StoreError):
    """No room is left where the store lies."""


class BusError(VerstError):
    """The bus between processes cannot be reached, read or written."""

    exit_code = 8


class BusFull(BusError):
    """No room is left on the bus: what reads from it is behind."""


def name_fault(error: BaseException) -> str:
    """What went wrong and where in the program; never the message, which may hold words of a post.

    >>> try:
    ...     [][3]
    ... except IndexError as error:
    ...     name_fault(error).startswith("IndexError in ")
    True
    """
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" in {Path(last[0].filename).name}, line {last[0].lineno}" if last else ""
    return f"{type(error).__name__}{where}"
