"""Writing files that others read: whole, or not at all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from verst.errors import BadSetting


def replace_whole(file: Path, body: bytes) -> None:
    """Put ``body`` in place of a file in one step. Raises BadSetting where it cannot be written."""
    fresh = file.with_name(f"{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(body)
        fresh.replace(file)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)  # half of it is of use to nobody, and takes the room
        raise BadSetting(f"{file} cannot be written ({error.strerror}); make room or name another folder") from error
