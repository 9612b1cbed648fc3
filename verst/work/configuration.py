"""The operator's one file: what is listened to, who is told, where the board is. ``verst init`` writes it.

Whatever is wrong in it is named with its line. What must stay secret may stand elsewhere: ``{ env = "NAME" }`` is taken
from the environment, ``{ file = "path" }`` from a file, and neither is repeated anywhere.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from verst.errors import BadSetting
from verst.outputs import channels
from verst.work.home import home_folder

FILE = "verst.toml"
OWN = ("board", "allow_private", "ear", "subscriber", "telegram_account")
LONGEST_SECRET = 16_384  # bytes of a file that holds one


@dataclass(frozen=True, slots=True)
class Config:
    """What the file says, its secrets looked up, and its lines, to say where something stands."""

    file: Path
    table: Mapping[str, Any]
    lines: tuple[str, ...] = ()

    def where(self, name: str, number: int | None = None, key: str | None = None) -> str:
        """Where a table, one of several, or a key in it stands: "verst.toml, line 12, subscriber 2"."""
        line = find_line(self.lines, name, number, key)
        shown = name if number is None else f"{name} {number}"
        parts = (self.file.name, f"line {line}" if line else "", shown if number else f"[{name}]")
        return ", ".join(part for part in parts if part)


def config_file(home: Path | None = None) -> Path:
    """``VERST_CONFIG``, else ``verst.toml`` in the home folder."""
    told = os.environ.get("VERST_CONFIG")
    return Path(told).expanduser() if told else (home or home_folder()) / FILE


def read_config(file: Path) -> Config:
    """What the file says; nothing where there is none, unless it was named. Raises BadSetting."""
    if not file.exists() and "VERST_CONFIG" not in os.environ:
        return Config(file, {})
    try:
        text = file.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        do = "check VERST_CONFIG and who may read it, or write it: verst init"
        raise BadSetting(f"{file} cannot be read as UTF-8; {do}") from error
    except tomllib.TOMLDecodeError as error:
        place = str(error).rpartition("(")[2].rstrip(")")
        raise BadSetting(f"{file} is not valid TOML ({place}); mend that line") from None
    known = (*OWN, *channels())
    config = Config(file, table, tuple(text.splitlines()))
    for name in table:
        if name not in known:
            line = find_line(config.lines, name, None, None) or find_line(config.lines, None, None, name)
            where = f"{file.name}, line {line}" if line else file.name
            raise BadSetting(f"{where}: nothing is called {name[:40]!r}; known are {', '.join(known)}")
    check_closed(file, table)
    return Config(file, dict(look_up(table, config)), config.lines)


def write_example(file: Path) -> None:
    """The file with everything explained and nothing switched on; readable by its owner alone. Raises BadSetting."""
    text = (resources.files("verst.work") / "verst.example.toml").read_text(encoding="utf-8")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            file.chmod(0o600)
            out.write(text)
    except OSError as error:
        raise BadSetting(f"{file} cannot be written ({error.strerror}); name another with VERST_CONFIG") from error


def check_closed(file: Path, table: Mapping[str, Any]) -> None:
    """A file that holds addresses or tokens is read by its owner alone. Raises BadSetting."""
    holds = any(name in table for name in ("subscriber", "telegram_account", *channels()))
    if holds and os.name == "posix" and file.stat().st_mode & 0o077:
        raise BadSetting(f"{file} can be read by others, and holds addresses; close it: chmod 600 {file}")


def look_up(table: Mapping[str, Any], config: Config) -> Iterator[tuple[str, Any]]:
    """A table with its secrets in it. Raises BadSetting."""
    for name, value in table.items():
        if isinstance(value, dict) and set(value) in ({"env"}, {"file"}):
            yield name, find_secret(name, value, config)
        elif isinstance(value, dict):
            yield name, dict(look_up(value, config))
        elif isinstance(value, list):
            yield name, [dict(look_up(each, config)) if isinstance(each, dict) else each for each in value]
        else:
            yield name, value


def find_secret(name: str, value: Mapping[str, Any], config: Config) -> str:
    """A secret from the environment or a file, without the line's end. Raises BadSetting, which does not repeat it."""
    line = next((n for n, told in enumerate(config.lines, 1) if re.match(rf"\s*{re.escape(name)}\s*=", told)), None)
    where = f"{config.file.name}, line {line}, {name}" if line else f"{config.file.name}, {name}"
    if "env" in value:
        told = os.environ.get(str(value["env"]))
        if not told:
            raise BadSetting(f"{where}: the environment has no {str(value['env'])[:60]}; set it, or write the value")
        return told
    place = (config.file.parent / str(value["file"])).expanduser()
    try:
        told = place.read_bytes()[:LONGEST_SECRET].decode("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise BadSetting(f"{where}: {place} cannot be read; check its name and who may read it") from None
    if not told:
        raise BadSetting(f"{where}: {place} is empty; put the secret in it")
    return told


def find_line(lines: tuple[str, ...], name: str | None, number: int | None, key: str | None) -> int | None:
    """The line of a table's head, or of a key in it; the first of the file for no name. None: not found.

    >>> find_line(("a = 1", "[[ear]]", 'name = "x"', "[[ear]]", 'name = "y"'), "ear", 2, "name")
    5
    """
    heads = [n for n, line in enumerate(lines) if name is not None and re.match(rf"\s*\[\[?{re.escape(name)}\]", line)]
    at = heads[number - 1] if number and len(heads) >= number else heads[0] if heads else None
    if key is None or (name is not None and at is None):
        return None if at is None else at + 1
    for n in range(0 if at is None else at + 1, len(lines)):
        if lines[n].lstrip().startswith("["):
            break
        if re.match(rf"\s*{re.escape(key)}\s*=", lines[n]):
            return n + 1
    return None if at is None else at + 1
