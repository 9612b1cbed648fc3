"""Where everything that Verst keeps lies: one folder, ``VERST_HOME``."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from verst.errors import BadSetting
from verst.store import Store, open_store

if TYPE_CHECKING:
    from verst.sources import Door

AboutOf = Callable[[str], str | None]


def home_folder() -> Path:
    """``VERST_HOME``, else the user's data folder as the system names it. Nothing is made yet."""
    told = os.environ.get("VERST_HOME")
    if told:
        return Path(told).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("verst", appauthor=False))


def make_home() -> Path:
    """The folder, made when missing and closed to other users. Raises BadSetting when it cannot be."""
    folder = home_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        do = "let this user write there, or set VERST_HOME to a folder of yours"
        raise BadSetting(f"{folder} cannot be made ({error.strerror}); {do}") from error
    return folder


def open_home_store(url: str | None) -> Store:
    """The store at ``url``, else the SQLite file in the home folder."""
    return open_store(url or f"sqlite:///{make_home() / 'verst.db'}")


def open_door(about_of: AboutOf | None = None) -> Door:
    """The door with the key that lies in the home folder, made on first use.

    ``about_of`` tells from a chat's title which one crossing the chat is about, where the source does not say.
    """
    from verst.sources import Door

    return Door.from_key_file(make_home() / "key", about_of=about_of)


def passing_door(about_of: AboutOf | None = None) -> Door:
    """A door with a key of its own for what is read once and not kept: its hashes leave no trace."""
    from verst.sources import Door

    return Door(b"nothing of this reading is kept", about_of=about_of)


def authors_key() -> bytes:
    """The key that authors are hashed with, made on first use. `renew_authors_key` puts another in its place."""
    from verst.sources import read_key

    return read_key(make_home() / "key")


def subscribers_key() -> bytes:
    """The key under which it is kept whom an alert was for, made on first use; it stays when that of authors goes.

    Raises BadSetting when the file cannot be read or written, or holds no key.
    """
    from verst.sources import read_key

    return read_key(make_home() / "subscribers-key")


def renew_authors_key() -> bool:
    """Put a new random key in the place of that of authors, in one step; False when there was none to replace.

    What runs meanwhile keeps the key it has read. Raises BadSetting when it cannot be written; the old one stays then.
    """
    from verst.sources import read_key

    folder = make_home()
    key, fresh = folder / "key", folder / "key.new"
    was = key.exists()
    try:
        fresh.unlink(missing_ok=True)
        read_key(fresh)
        with ExitStack() as stack:
            old = stack.enter_context(key.open("r+b")) if was else None
            fresh.replace(key)
            if old is not None:  # it has no name any more; where the file system writes in place, nothing of it is left
                old.write(b"0" * os.fstat(old.fileno()).st_size)
                old.flush()
                os.fsync(old.fileno())
    except OSError as error:
        do = "take away what stands there, and let this user write in the folder"
        raise BadSetting(f"{fresh} cannot take the place of {key} ({error.strerror}); {do}") from error
    return was
