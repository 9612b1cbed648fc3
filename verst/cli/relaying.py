"""`verst relay`: one board held open for tens of thousands."""

from __future__ import annotations

import os
import sys
from typing import Annotated
from urllib.parse import urlsplit

import typer

from verst.cli.says import warn
from verst.cli.serving import HOST, choose_port
from verst.errors import BadSetting


def relay(
    of: Annotated[str, typer.Option(help="the board whose changes are passed on")] = "http://127.0.0.1:8080",
    port: Annotated[int, typer.Option(min=0, max=65535, help="the port readers come to; 0: any")] = 8081,
    host: Annotated[str, typer.Option(help="the address to listen at")] = HOST,
    workers: Annotated[int, typer.Option(min=1, max=64, help="processes that share the port")] = 1,
) -> None:
    """Pass a board's live changes on to tens of thousands of readers, until interrupted; nothing else is kept here."""
    if urlsplit(of).scheme not in ("http", "https"):
        raise BadSetting(f"--of {of} is no http(s) address; write it like http://127.0.0.1:8080")
    port = choose_port(port, host)
    warn(f"live changes of {of}: http://{host}:{port}/events    (Ctrl-C ends it)")
    sys.stderr.flush()
    address = f"{of.rstrip('/')}/events"
    words = [sys.executable, "-m", "verst.relay.hearing", address, host, str(port), str(workers)]
    os.execv(sys.executable, words)  # in the place of this process, which holds more than passing on needs
