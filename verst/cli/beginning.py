"""`verst init`: the operator's file, with everything in it explained and nothing switched on."""

from __future__ import annotations

from typing import Annotated

import typer

from verst.cli.says import print_line, warn
from verst.errors import BadSetting


def init(
    force: Annotated[bool, typer.Option("--force", help="write it anew, also over one that is there")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="say where it is as JSON")] = False,
) -> None:
    """Write verst.toml, the one file of settings, with comments; nobody else can read it."""
    from verst.work.configuration import config_file, write_example
    from verst.work.home import make_home

    make_home()
    file = config_file()
    if file.exists() and not force:
        raise BadSetting(f"{file} is there already and was left as it is; edit it, or write it anew with --force")
    write_example(file)
    if as_json:
        print_line({"file": str(file)})
    else:
        warn(f"{file} is written, and readable by you alone; nothing in it is switched on yet")
        warn("next: edit it, then verst doctor")
