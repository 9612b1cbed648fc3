"""How items are found on a shelf. A code shelf is a package whose modules each offer one constant;
a data shelf is a folder of TOML files. Nothing registers on import; there is no list to add to.
"""

from __future__ import annotations

import importlib
import pkgutil
import tomllib
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from types import ModuleType
from typing import Any

from verst.errors import BadFile, BadShelf


def code_shelf(package: ModuleType, constant: str) -> dict[str, Any]:
    """Every module of ``package`` that offers ``constant``, by module name, in alphabetical order."""
    found: dict[str, Any] = {}
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda item: item.name):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        if hasattr(module, constant):
            found[info.name] = getattr(module, constant)
    return found


def data_shelf(name: str, more: Iterable[Path | str] = ()) -> dict[str, dict[str, Any]]:
    """Every ``verst/<name>/*.toml``, by file stem, in alphabetical order, then the files of ``more``.

    Raises BadShelf with file, line and column when one is not TOML, or is called as one before it; BadFile when a file
    of ``more`` cannot be read.
    """
    folder = resources.files("verst") / name
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=lambda item: item.name)
    found = {Path(item.name).stem: read_toml(f"{name}/{item.name}", item.read_text(encoding="utf-8")) for item in files}
    for file in more:
        stem = Path(file).stem
        if stem in found:
            raise BadShelf(str(file), f"a file called {stem} stands on the shelf {name} already", "call it otherwise")
        found[stem] = read_toml(str(file), _text_of(file))
    return found


def _text_of(file: Path | str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile("cannot be read as UTF-8", file=str(file), do="check the name and who may read it") from error


def read_toml(file: str, text: str) -> dict[str, Any]:
    """Parse one TOML text; the error names ``file`` and the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadShelf(file, f"not valid TOML: {error}", "mend that line") from error
