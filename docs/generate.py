"""Writes the parts of the documentation that the program knows better: between two marks on a page, and only there.

``python -m docs.generate`` writes them, ``tests/test_docs.py`` says when one is no longer true.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
BLOCK = re.compile(r"(<!-- made by (\w+), do not edit -->\n)(.*?)(<!-- end -->)", re.DOTALL)
FOLLOWED = "Ларс, стоим с 6 утра. Пешком не пускают, на велике пропустили. Я у синей Нивы А123ВС15, @lars_marina"


def languages() -> str:
    """The languages of the shelf."""
    from verst.shelves import data_shelf

    rows = [
        (f"`{code}`", str(table.get("name", "")), f"`verst/languages/{code}.toml`")
        for code, table in data_shelf("languages").items()
    ]
    return _table(("code", "language", "file"), rows)


def kinds() -> str:
    """The kinds of claim."""
    from verst.geography import load_kinds

    rows = [
        (
            f"`{kind.id}`",
            dict(kind.names).get("en", ""),
            kind.unit or kind.shape,
            " ".join(f"`{option}`" for option in (*kind.options, *kind.tags)),
            f"{kind.half_life_minutes:g} min",
        )
        for kind in load_kinds()
    ]
    return _table(("kind", "shown as", "unit or shape", "options or tags", "half-life"), rows)


def regions() -> str:
    """The crossings and rules of each region."""
    from verst.geography import load_regions

    parts: list[str] = []
    for region in load_regions():
        rows = [
            (f"`{c.id}`", dict(c.names).get("en", ""), c.border, ", ".join(c.modes))
            for c in sorted(region.crossings, key=lambda c: (c.border, c.id))
        ]
        parts.append(f"### {dict(region.names).get('en', region.id)} (`verst/regions/{region.id}.toml`)\n\n")
        parts.append(f"{len(region.crossings)} crossings, {len(region.rules)} formal rules.\n\n")
        parts.append(_table(("id", "crossing", "border", "means"), rows) + "\n")
    return "".join(parts)


def sources() -> str:
    """The sources of the shelf."""
    from verst.sources import sources as shelf

    return _modules("verst.sources", sorted(shelf()))


def stores() -> str:
    """The stores of the shelf."""
    import verst.store
    from verst.shelves import code_shelf

    return _modules("verst.store", sorted(code_shelf(verst.store, "STORE")))


def buses() -> str:
    """The buses of the shelf."""
    import verst.bus
    from verst.shelves import code_shelf

    return _modules("verst.bus", sorted(code_shelf(verst.bus, "BUS")))


def outputs() -> str:
    """The outputs of the shelf."""
    from verst.outputs import outputs as shelf

    return _modules("verst.outputs", sorted(shelf()))


def channels() -> str:
    """The ways in which somebody is told, with what each needs."""
    from verst.outputs import channels as shelf

    rows = []
    for name, channel in sorted(shelf().items()):
        needs = [f"`{each.rstrip('?')}`{' (or not)' if each.endswith('?') else ''}" for each in channel.own]
        shared = [f"`{each.rstrip('?')}`{' (or not)' if each.endswith('?') else ''}" for each in channel.shared]
        row = (f"`{name}`", _said(f"verst.outputs.{name}"), f"`{channel.address}`", ", ".join(needs), ", ".join(shared))
        rows.append(row)
    return _table(("channel", "what it is", "address", "beside it", "in its own table"), rows)


def errors() -> str:
    """The tree of errors, as the module draws it."""
    import verst.errors

    return f"```text\n{(verst.errors.__doc__ or '').strip()}\n```\n"


def commands() -> str:
    """Every command with its help, as the program prints it."""
    return "".join(f"## `verst {name}`\n\n```text\n{_say(*name.split(), '--help')}```\n\n" for name in command_names())


def path() -> str:
    """One made-up post's way, as `verst follow` tells it."""
    return f'```text\n$ verst follow "{FOLLOWED}"\n{_say("follow", FOLLOWED)}```\n'


def command_names() -> list[str]:
    """The names of all commands."""
    from typer.main import get_command

    from verst.cli import app

    return sorted(_names_in(get_command(app)))


def _names_in(command: Any) -> Iterator[str]:
    """The names below a command: ``desk``, then ``desk add`` and the others of it."""
    for name, found in getattr(command, "commands", {}).items():
        yield name
        yield from (f"{name} {deeper}" for deeper in _names_in(found))


def _say(*words: str) -> str:
    """What ``verst`` prints for these words, for a terminal of 100 columns."""
    import os

    plain = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1", "TZ": "UTC"}
    program = Path(sys.executable).parent / "verst"
    told = subprocess.run(
        [str(program), *words], capture_output=True, text=True, check=True, env={**os.environ, **plain}
    )
    return re.sub(r"[ \t]+\n", "\n", told.stdout)


def _modules(package: str, names: list[str]) -> str:
    rows = [(f"`{n}`", _said(f"{package}.{n}"), f"`{package.replace('.', '/')}/{n}.py`") for n in names]
    return _table(("name", "what it is", "file"), rows)


def _said(module: str) -> str:
    """The first paragraph of a module's docstring."""
    import importlib

    return " ".join((importlib.import_module(module).__doc__ or "").split("\n\n")[0].split())


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *(tuple(cell.replace("|", "\\|") for cell in row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


MAKERS: dict[str, Callable[[], str]] = {
    maker.__name__: maker
    for maker in (languages, kinds, regions, sources, stores, buses, outputs, channels, errors, commands, path)
}


def pages() -> list[Path]:
    """The pages with something made in them."""
    return sorted(page for page in HERE.rglob("*.md") if BLOCK.search(page.read_text(encoding="utf-8")))


def make_page(page: Path) -> str:
    """A page as it should be now."""
    text = page.read_text(encoding="utf-8")
    return BLOCK.sub(lambda found: f"{found.group(1)}{MAKERS[found.group(2)]()}{found.group(4)}", text)


def main() -> None:
    """Write every page that is no longer true."""
    for page in pages():
        made = make_page(page)
        if made != page.read_text(encoding="utf-8"):
            page.write_text(made, encoding="utf-8")
            print(f"docs: {page.name} written")


if __name__ == "__main__":
    main()
