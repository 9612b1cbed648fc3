"""Writing files that others read: whole, or not at all."""

from __future__ import annotations

from pathlib import Path

from verst.errors import BadSetting


def replace_whole(file: Path, body: bytes) -> None:
    """Put ``body`` in place of a file in one step. Raises BadSetting where it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.new")
        fresh.write_bytes(body)
        fresh.replace(file)
    except OSError as error:
        raise BadSetting(f"{file} cannot be written ({error.strerror}); make room or name another folder") from error
