"""Looking at the pictures that lie beside an export: those of its own folder alone, and whatever is wrong with one."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from verst.errors import BadFile, BadSetting
from verst.model import Post, Skipped
from verst.sources.door import Door, RawPost
from verst.sources.films import largest_of

if TYPE_CHECKING:
    from verst.sources.apart import Apart

MOST = 4  # pictures of one post
FILMS = (".mp4", ".mov", ".m4v", ".3gp", ".webm", ".mkv")


def look_at(raw: RawPost, path: Path, apart: Apart) -> Iterator[str | Skipped]:
    """The prints of a post's pictures; what is wrong with one as Skipped. One that is not there was not exported.

    They lie beside the file at ``path``, or in it where that is an archive. Videos are passed over where
    their package is missing. No name of a picture's file is repeated: it may be that of somebody.
    """
    for name in raw.pictures[:MOST] if not apart.blind else ():
        try:
            yield from _look(path, name, apart)
        except BadFile as error:
            yield Skipped(file=raw.file, line=raw.line, field="picture", what=error.what)
        except BadSetting as error:
            apart.blind = True
            yield Skipped(file=raw.file, what=str(error))
        except (OSError, ValueError):
            yield Skipped(file=raw.file, line=raw.line, field="picture", what="a picture that cannot be opened")


def _look(path: Path, name: str, apart: Apart) -> tuple[str, ...]:
    """The prints of one picture or video. Raises BadFile, BadSetting, OSError and ValueError."""
    if name.lower().endswith(FILMS) and not can_see_films():
        return ()
    if path.suffix.lower() == ".zip":
        with path.open("rb") as archive:
            return apart.look(archive, "picture", name)
    found = find_beside(path.parent, name)
    if found is None:
        return ()
    with found.open("rb", buffering=0) as stream:  # the other process begins where this one left off
        if found.stat().st_size > (most := largest_of(stream)):
            raise BadFile(f"one of more than {most >> 20} MB", file="picture")
        return apart.look(stream, "picture")


@cache
def can_see_films() -> bool:
    """Whether videos can be looked at here."""
    return find_spec("av") is not None


def admit_with(raw: RawPost, path: Path | None, door: Door, apart: Apart | None) -> Iterator[Post | Skipped]:
    """What the door gives for a post, with its pictures looked at where they lie beside a file."""
    if not raw.pictures or path is None or apart is None:
        yield from door.admit(raw)
        return
    seen = list(look_at(raw, path, apart))
    yield from (each for each in seen if isinstance(each, Skipped))
    yield from door.admit(raw, tuple(each for each in seen if isinstance(each, str)))


def find_beside(folder: Path, name: str) -> Path | None:
    """A file of that name in a folder or below it; None where there is none. Raises BadFile for what lies elsewhere."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise BadFile("a picture that lies outside of the export", file="picture")
    if not path.exists():
        return None
    if not stat.S_ISREG(path.stat().st_mode):
        raise BadFile("no file", file="picture")
    return path
