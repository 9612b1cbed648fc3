"""`verst rebuild`: whole archives read by many workers into Parquet, and a store made from them."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from verst.cli.beside import beside
from verst.cli.loading import StoreOption, settle_all
from verst.cli.says import print_line, warn
from verst.errors import BadSetting

PROGRESS_SECONDS = 10.0


def rebuild(
    archives: Annotated[list[str], typer.Argument(metavar="ARCHIVE…", help="files, and folders with all in them")],
    out: Annotated[Path, typer.Option(help="the folder of the Parquet files; what is there already is not made again")],
    workers: Annotated[
        int | None, typer.Option(min=1, help="processes, of a cluster too (default: one for each core here)")
    ] = None,
    engine: Annotated[str, typer.Option(help="local, or ray: a cluster (RAY_ADDRESS), or this machine")] = "local",
    keep: Annotated[bool, typer.Option(help="then keep the posts in the store and make the board")] = True,
    store: StoreOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the counts as JSON")] = False,
) -> None:
    """Read whole archives with many workers; one that was ended goes on where it was."""
    from verst.work import open_home_store
    from verst.work.home import authors_key
    from verst.work.rebuilding import ENGINES, check_pyarrow, files_of, keep_all, read_all, shares_of

    if engine not in ENGINES:
        raise BadSetting(f"no engine is called {engine!r}; there are {', '.join(ENGINES)}")
    check_pyarrow()
    count_of = workers or os.cpu_count() or 1
    shares = shares_of(archives, out, authors_key(), count_of)
    with beside("progress", lambda ended: tell_progress(out, ended)):
        count = read_all(shares, engine, count_of, lambda done, of: None)
    kept = 0
    if keep:
        opened = open_home_store(store)
        try:
            with opened.sole():
                kept = keep_all(files_of(shares), opened, lambda _: None)
                settle_all(opened)
        finally:
            opened.close()
    if as_json:
        print_line({"items": count.items, "posts": count.posts, "skipped": count.skipped, "failed": count.failed,
                    "claims": count.claims, "new": kept})  # fmt: skip
        return
    warn(f"{count.items:,} in = {count.posts:,} read + {count.skipped:,} skipped + {count.failed:,} failed; "
         f"{count.claims:,} claims; {kept:,} new in the store")  # fmt: skip


def tell_progress(out: Path, ended: Event) -> None:
    """Say now and then how much has been made, where it is more than before."""
    from verst.sources.blocks import SIZE

    before = 0
    while not ended.wait(PROGRESS_SECONDS):
        made = sum(1 for _ in out.glob("*.parquet"))
        if made > before:
            warn(f"{made:,} files so far, of {SIZE:,} items each")
        before = made
