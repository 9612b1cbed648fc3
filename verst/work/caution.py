"""What goes wrong in one post or at one crossing costs only that one: it is told, and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from verst.errors import BadFile, VerstError, name_fault
from verst.model import Post, Reading, Skipped

Said = Callable[[Skipped], None]


class ReadsPosts(Protocol):
    """Something that reads posts, such as `verst.reading.reader.Reader`."""

    def read(self, post: Post) -> Reading:
        """What a post claims, asks and offers."""

    def findable(self, post: Post) -> str:
        """The words a post is found by, with spaces between."""


class CarefulReader:
    """A reader to whom no post is fatal: one that it stumbles over is told to ``on_skip`` and claims nothing."""

    def __init__(self, reader: ReadsPosts, on_skip: Said) -> None:
        self._reader, self._on_skip = reader, on_skip

    def read(self, post: Post) -> Reading:
        """What a post claims, asks and offers; nothing when reading it fails."""
        try:
            return self._reader.read(post)
        except (VerstError, MemoryError):
            raise
        except Exception as error:
            what = f"this post could not be read ({name_fault(error)}); it is kept, and claims nothing"
            self._on_skip(Skipped(file=f"post {post.id}", what=what))
            return Reading()

    def findable(self, post: Post) -> str:
        """The words a post is found by; none when they cannot be told."""
        try:
            return self._reader.findable(post)
        except (VerstError, MemoryError):
            raise
        except Exception as error:
            what = f"the words of this post could not be told apart ({name_fault(error)}); nobody finds it by them"
            self._on_skip(Skipped(file=f"post {post.id}", what=what))
            return ""


def as_skipped(error: BadFile, location: Path | str) -> Skipped:
    """A whole file that cannot be read, told like anything else that cannot be used."""
    return Skipped(file=error.file or str(location), what=f"{error.what}; {error.do}" if error.do else error.what)
