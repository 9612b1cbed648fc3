"""`verst export`: a time range as files for analysts."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from verst.cli.loading import StoreOption
from verst.cli.says import print_line, read_time, warn
from verst.errors import BadSetting


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="an empty folder, or one exported into before")],
    since: Annotated[str | None, typer.Option("--from", help="first instant (default: the first post kept)")] = None,
    until: Annotated[str | None, typer.Option("--to", help="last instant (default: the newest post kept)")] = None,
    store: StoreOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the counts as JSON")] = False,
) -> None:
    """Write estimates by the hour and rumours as CSV (HXL), JSON Lines, GeoJSON, ClaimReview and Parquet."""
    from verst.geography import load_kinds, load_regions
    from verst.work import open_home_store
    from verst.work.exporting import export as write_files

    opened = open_home_store(store)
    try:
        span = opened.span()
        if span is None:
            raise BadSetting("the store holds nothing to export; load posts first: verst load FILE…")
        first = read_time(since, "--from") if since else span[0]
        last = read_time(until, "--to") if until else span[1]
        kinds = {kind.id: kind for kind in load_kinds()}
        done = write_files(folder, opened, load_regions(), kinds, first, last)
    finally:
        opened.close()
    if as_json:
        print_line(asdict(done))
    else:
        warn(f"{done.rows:,} rows of estimates and {done.rumours:,} rumours in {len(done.files)} files")
        warn(f"read first: {folder / 'README.md'}")
