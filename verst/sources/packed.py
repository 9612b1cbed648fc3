"""What lies in a ZIP archive that a stranger made: its names, and one file of it at a time, of so many bytes at most.

It is opened where it is read: in the limited process, where there is one.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from verst.errors import BadFile
from verst.sources.films import HEAD, LARGEST_FILM, container_of
from verst.sources.pictures import LARGEST

BEGINS = b"PK\x03\x04"
MOST_MEMBERS = 100_000
_FIRST_NAME = 30  # bytes before the name of the first file


def first_name(head: bytes) -> str:
    """The name of the first file of an archive, from how it begins; empty where that is none.

    >>> first_name(b"PK\\x03\\x04" + b"\\0" * 22 + b"\\x09\\0\\0\\0_chat.txt")
    '_chat.txt'
    """
    if not head.startswith(BEGINS):
        return ""
    size = int.from_bytes(head[26:28], "little")
    return head[_FIRST_NAME : _FIRST_NAME + size].decode("utf-8", "replace")


@contextmanager
def open_archive(stream: IO[bytes], file: str) -> Iterator[zipfile.ZipFile]:
    """An archive. Raises BadFile for what is none, is broken, or has too many files in it."""
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadFile("no ZIP archive, or a broken one", file=file, do="export the chat again") from error
    with archive:
        if len(archive.namelist()) > MOST_MEMBERS:
            raise BadFile(f"an archive of more than {MOST_MEMBERS:,} files", file=file, do="leave it")
        yield archive


@contextmanager
def open_text(stream: IO[bytes], file: str, wanted: re.Pattern[str]) -> Iterator[IO[bytes]]:
    """The first file of an archive with a name that fits, to be read piece by piece. Raises BadFile."""
    with open_archive(stream, file) as archive:
        name = next((each for each in archive.namelist() if wanted.fullmatch(each)), None)
        if name is None:
            raise BadFile("an archive without a chat in it", file=file, do="export the chat again, as a whole")
        with archive.open(name) as text:
            yield text


@contextmanager
def open_member(stream: IO[bytes], name: str) -> Iterator[IO[bytes] | None]:
    """One picture or video of an archive, in memory; None where it was not exported. Raises BadFile."""
    with open_archive(stream, "archive") as archive:
        if name not in archive.namelist():
            yield None
            return
        try:
            with archive.open(name) as member:
                head = member.read(HEAD)
                most = LARGEST_FILM if container_of(head) is not None else LARGEST
                data = head + member.read(most)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
            raise BadFile("a picture that the archive has broken", file="picture") from error
    if len(data) > most:
        raise BadFile(f"one of more than {most >> 20} MB", file="picture")
    yield io.BytesIO(data)
