"""A file that nobody reads without the key: what the bot has to know of people lies in one."""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from verst.errors import BadSetting

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

PURPOSE = b"verst bot wishes"  # the key of the installation serves other ends too; each has one of its own, made of it


class SealedFile:
    """One file, sealed with a key made of ``key`` (Fernet: AES-128-CBC and HMAC-SHA256), written whole or not at all.

    ``plain``: where it lay open before; what is found there is sealed, and the open file written over and taken away.
    """

    def __init__(self, file: Path, key: bytes, plain: Path | None = None) -> None:
        self._file, self._plain, self._seal = file, plain, make_seal(key)

    def read(self) -> bytes | None:
        """What it holds; None where there is none. Raises BadSetting where the key is not its own."""
        from cryptography.fernet import InvalidToken

        if not self._file.exists():
            return self._take_over()
        try:
            return self._seal.decrypt(self._file.read_bytes())
        except InvalidToken:
            do = "put back the key it was sealed with, or take the file away; people then have to ask anew"
            raise BadSetting(f"{self._file} does not open with the subscribers-key beside it; {do}") from None

    def write(self, data: bytes) -> None:
        """Put that in it, in place of what it held."""
        part = self._file.with_name(self._file.name + ".part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(self._seal.encrypt(data))
            out.flush()
            os.fsync(out.fileno())
        part.replace(self._file)

    def _take_over(self) -> bytes | None:
        if self._plain is None or not self._plain.exists():
            return None
        data = self._plain.read_bytes()
        self.write(data)
        with suppress(OSError), self._plain.open("r+b") as old:
            old.write(b"0" * len(data))  # where the file system writes in place, nothing of it is left
            old.flush()
            os.fsync(old.fileno())
        self._plain.unlink()
        return data


def make_seal(key: bytes) -> Fernet:
    """What seals and opens. Raises BadSetting where the package is missing."""
    try:
        from cryptography.fernet import Fernet
    except ImportError:
        raise BadSetting("the bot needs the package cryptography; install it: pip install 'verst[bot]'") from None
    return Fernet(urlsafe_b64encode(blake2b(PURPOSE, key=key[:64], digest_size=32).digest()))
