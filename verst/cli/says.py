"""What commands print: JSON lines on standard output, words for people on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from verst.errors import BadInput, BadSetting
from verst.log import log

if TYPE_CHECKING:
    from verst.model import Skipped

UNITS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_encode = msgspec.json.Encoder().encode


def print_line(line: Mapping[str, Any]) -> None:
    """One object as one line of JSON."""
    write_out(_encode(line) + b"\n")


def print_text(text: str) -> None:
    """Text for people, after whatever was printed before."""
    write_out(text.encode("utf-8", "replace") + b"\n")


def write_out(data: bytes) -> None:
    """Bytes to standard output; ends the program quietly when whoever read it has gone."""
    try:
        sys.stdout.buffer.write(data)
    except BrokenPipeError:
        leave_quietly()


def flush_output() -> None:
    """Send what still waits to be sent."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        leave_quietly()


def leave_quietly() -> NoReturn:
    """Nothing more can be said to anybody, and nothing is wrong."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


def warn(text: str) -> None:
    """A line on standard error."""
    log(text)


def warn_skipped(item: Skipped) -> None:
    """What could not be used, where, and why."""
    warn(str(BadInput(item.what, file=item.file, line=item.line, field=item.field)))


def end_unless_used(used: int, skipped: int) -> None:
    """End with the code of inputs that cannot be used when nothing of them could be."""
    if skipped and not used:
        raise SystemExit(BadInput.exit_code)


def whole(value: Any) -> Any:
    """Whole numbers as such, others to three places.

    >>> whole(360.0), whole(2.50001), whole("open"), whole(None)
    (360, 2.5, 'open', None)
    """
    if not isinstance(value, float):
        return value
    return int(value) if value.is_integer() else round(value, 3)


def read_time(text: str, option: str) -> datetime:
    """A time given as an option, in UTC. Raises BadSetting."""
    from verst.clock import parse_instant

    try:
        return parse_instant(text.strip())[0]
    except (ValueError, OverflowError) as error:
        raise BadSetting(f"{option} {text!r} is no time with an offset; write 2022-09-24T14:20+03:00") from error


def read_step(text: str) -> timedelta:
    """A step such as 15min, 1h or 1d. Raises BadSetting.

    >>> read_step("15min")
    datetime.timedelta(seconds=900)
    """
    figure = text.strip().rstrip("abcdefghijklmnopqrstuvwxyz ")
    unit = text.strip()[len(figure) :].strip() or "min"
    try:
        seconds = float(figure) * UNITS[unit]
        step = timedelta(seconds=seconds)
    except (ValueError, KeyError, OverflowError) as error:
        raise BadSetting(f"--every {text!r} is no step; write 15min, 1h or 1d") from error
    if step < timedelta(seconds=1):
        raise BadSetting(f"--every {text!r} is shorter than a second; write 15min, 1h or 1d")
    return step
