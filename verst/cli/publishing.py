"""`verst publish`: the board as static files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from verst.cli.loading import StoreOption
from verst.cli.says import print_line, warn


def publish(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="an empty folder, or one published into before")],
    address: Annotated[
        str | None, typer.Option(help="where it will be found, for links in feeds (default: board in verst.toml)")
    ] = None,
    store: StoreOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the counts as JSON")] = False,
) -> None:
    """Write the whole public board as files for any web server or memory card. Only what changed is written."""
    from verst.cli.telling import load_telling
    from verst.geography import load_kinds, load_regions
    from verst.web.publish import publish as write_files
    from verst.work import open_home_store

    regions = load_regions()
    address = address or load_telling(regions).board
    opened = open_home_store(store)
    try:
        done = write_files(folder, opened, regions, load_kinds(), address=address)
    finally:
        opened.close()
    if as_json:
        print_line(asdict(done))
    else:
        left = f"{done.same:,} as they were, {done.removed:,} removed"
        warn(f"{done.written:,} files written ({done.size:,} bytes), {left}")
        warn(f"open {folder / 'index.html'}")
