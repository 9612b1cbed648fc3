"""Looking at the pictures that lie beside an export: those of its own folder alone, and whatever is wrong with one."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from verst.errors import BadFile, BadSetting
from verst.model import Post, Skipped
from verst.sources.door import Door, RawPost
from verst.sources.pictures import LARGEST

if TYPE_CHECKING:
    from verst.sources.apart import Apart

MOST = 4  # pictures of one post


def look_at(raw: RawPost, folder: Path, apart: Apart) -> Iterator[str | Skipped]:
    """The prints of a post's pictures; what is wrong with one as Skipped. One that is not there was not exported.

    No name of a picture's file is repeated: it may be that of somebody.
    """
    for name in raw.pictures[:MOST] if not apart.blind else ():
        try:
            path = find_beside(folder, name)
            if path is None:
                continue
            with path.open("rb") as stream:
                print_ = apart.look(stream, "picture")
            if print_ is not None:
                yield print_
        except BadFile as error:
            yield Skipped(file=raw.file, line=raw.line, field="picture", what=error.what)
        except BadSetting as error:
            apart.blind = True
            yield Skipped(file=raw.file, what=str(error))
        except (OSError, ValueError):
            yield Skipped(file=raw.file, line=raw.line, field="picture", what="a picture that cannot be opened")


def admit_with(raw: RawPost, path: Path | None, door: Door, apart: Apart | None) -> Iterator[Post | Skipped]:
    """What the door gives for a post, with its pictures looked at where they lie beside a file."""
    if not raw.pictures or path is None or apart is None:
        yield from door.admit(raw)
        return
    seen = list(look_at(raw, path.parent, apart))
    yield from (each for each in seen if isinstance(each, Skipped))
    yield from door.admit(raw, tuple(each for each in seen if isinstance(each, str)))


def find_beside(folder: Path, name: str) -> Path | None:
    """A file of that name in a folder or below it; None where there is none. Raises BadFile for what lies elsewhere."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise BadFile("a picture that lies outside of the export", file="picture")
    if not path.exists():
        return None
    told = path.stat()
    if not stat.S_ISREG(told.st_mode) or told.st_size > LARGEST:
        raise BadFile(f"no file, or one of more than {LARGEST >> 20} MB", file="picture")
    return path
