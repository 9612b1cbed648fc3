"""The command line: every command reads ``-`` as standard input, has ``--json``, and says in words what went wrong."""

from __future__ import annotations

import signal
import sys
from typing import NoReturn

import typer

from verst.cli.beginning import init
from verst.cli.bot import bot
from verst.cli.desk import desk
from verst.cli.explaining import drill, rumours, why
from verst.cli.exporting import export
from verst.cli.keeping import backup, forget, migrate, restore, rotate
from verst.cli.lines import claims, fuse, replay
from verst.cli.listening import listen
from verst.cli.loading import load
from verst.cli.looking import ask, doctor, follow, search, shelves
from verst.cli.publishing import publish
from verst.cli.rebuilding import rebuild
from verst.cli.relaying import relay
from verst.cli.repeating import repeats
from verst.cli.says import flush_output, warn
from verst.cli.serving import up
from verst.cli.telling import tell
from verst.cli.working import work
from verst.errors import VerstError

INTERRUPTED = 130

app = typer.Typer(
    name="verst",
    help="Every border crossing as it is now, from what people post.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _command in (
    init,
    up,
    relay,
    publish,
    export,
    load,
    rebuild,
    backup,
    restore,
    migrate,
    forget,
    rotate,
    listen,
    tell,
    bot,
    ask,
    search,
    repeats,
    why,
    rumours,
    follow,
    shelves,
    doctor,
    claims,
    fuse,
    replay,
    drill,
):
    app.command()(_command)
app.add_typer(desk)
app.add_typer(work)


def main() -> None:
    """Run one command; exit codes are those of `verst.errors`, 130 when interrupted."""
    signal.signal(signal.SIGINT, stop)
    try:
        app()
    except VerstError as error:
        warn(f"verst: {error}")
        sys.exit(error.exit_code)
    finally:
        flush_output()


def stop(*_: object) -> NoReturn:
    """Ctrl-C: say that nothing is lost, and end."""
    warn("verst: stopped; what was kept stays, and the same command goes on from there")
    sys.exit(INTERRUPTED)


__all__ = ["app", "main"]
