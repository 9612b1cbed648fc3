"""A limited process that reads what strangers hand over, and what comes back of it (inside is `verst.sources.inside`).

It has so much memory and processor time, no network, no files but the one it was handed, no other process, no secret.
Whatever a file does to it costs that file alone: a new one is begun for the next.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO, cast

import msgspec

from verst.errors import BadFile, BadSetting
from verst.model import Skipped
from verst.sources.door import RawPost
from verst.sources.inside import MOST_PEOPLE, Blocks, Errand, Wrong
from verst.sources.people import People

LONGEST_LINE = 64 << 20  # bytes of one item
QUIET_SECONDS = 900.0  # without a word it counts as stuck
MOST_MAPPING = 1 << 20  # bytes
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZDIR", "TMPDIR", "SYSTEMROOT")
_PRINTS = re.compile(rb"(?:[0-9a-f]{16}(?: [0-9a-f]{16}){0,15})?")
_MAIN = "from verst.sources.inside import main; main()"


@contextmanager
def limited() -> Iterator[Apart | None]:
    """A limited process while this lasts; None where the system cannot hand an open file to another process."""
    if not hasattr(socket, "send_fds") or not hasattr(os, "memfd_create"):
        yield None
        return
    apart = Apart()
    try:
        yield apart
    finally:
        apart.end()


def stand_by() -> Apart | None:
    """The limited process that stands ready as long as this process lasts, for what comes again and again."""
    return _standing(os.getpid()) if hasattr(socket, "send_fds") and hasattr(os, "memfd_create") else None


@cache
def _standing(process: int) -> Apart:
    """One for each process: what a fork brings along is the other's."""
    return Apart()


class Apart:
    """One limited process at a time, begun when it is first needed."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self.answers: BinaryIO | None = None
        self.held: tuple[str, ...] = ()
        self._reading: Elsewhere | None = None
        self._eye: Apart | None = None
        self._looking = Lock()
        self.blind = False  # whether it was found that pictures cannot be looked at here

    def try_out(self) -> tuple[str, ...]:
        """Begin the process, and end it: what the system grants of the fence. Raises OSError where it cannot begin."""
        self._begin()
        self.end()
        return self.held

    def look(self, stream: BinaryIO, file: str, member: str | None = None) -> tuple[str, ...]:
        """The prints of a picture or a video; none of a plain one. Raises BadFile and BadSetting.

        ``member``: the stream is a ZIP archive, and it lies in there under that name. It is looked at in a limited
        process of its own, so that this can be done while this one reads.
        """
        with self._looking:  # threads may ask at once
            if self._eye is None:
                self._eye = Apart()
            self._eye.hand_over(stream, Errand(file=file, size=0, picture=True, member=member))
            seen = Elsewhere(self._eye, file)
        if seen.broken is not None:
            raise BadFile(seen.broken, file=file)
        return seen.prints

    def open(
        self, stream: BinaryIO, file: str, is_file: bool, source: str | None, mapping: Path | None, size: int | None,
        blocks: Blocks | None = None,
    ) -> Elsewhere:  # fmt: skip
        """Hand over one input. Raises BadFile and BadSetting, as reading it here would."""
        errand = Errand(file=file, is_file=is_file, source=source, mapping=str(mapping) if mapping else None,
                        beside=_text_of(mapping), size=size, blocks=blocks)  # fmt: skip
        self.hand_over(stream, errand)
        self._reading = Elsewhere(self, file)
        return self._reading

    def hand_over(self, stream: BinaryIO, errand: Errand) -> None:
        """Give the process an open file; a new one is begun where there is none, or where it has ended meanwhile."""
        handle, lent = _handle_of(stream)
        told = msgspec.json.encode(errand)
        if self._reading is not None or (self.process is not None and self.process.poll() is not None):
            self.end()  # the rest of what was read before must not be taken for this
        control = self._begin()
        try:
            socket.send_fds(control, [len(told).to_bytes(4, "big")], [handle])
            control.sendall(told)
        finally:
            if lent:
                os.close(handle)

    def done(self, opened: Elsewhere) -> None:
        """An input was read to its end."""
        self._reading = None if self._reading is opened else self._reading

    def drop(self, opened: Elsewhere) -> None:
        """An input is read no further."""
        if self._reading is opened:
            self.end()

    def _begin(self) -> socket.socket:
        """The process that is there, or a new one, closed in already."""
        if self._socket is not None:
            return self._socket
        mine, its = socket.socketpair()
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        environment |= {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "OPENBLAS_NUM_THREADS": "1"}
        with its:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", _MAIN], env=environment, close_fds=True,
                stdin=its.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        mine.settimeout(QUIET_SECONDS)
        self._socket, self.answers = mine, cast(BinaryIO, mine.makefile("rb", 1 << 16))
        first = self.answers.readline(1000)
        self.held = tuple(first[1:].decode("ascii", "replace").split())
        return mine

    def end(self) -> str:
        """End the process, and the one beside it: gives how it ended, in words."""
        if self._eye is not None:
            self._eye.end()
        process, self.process, self._reading = self.process, None, None
        for each in (self.answers, self._socket):
            if each is not None:
                each.close()
        self._socket = self.answers = None
        if process is None:
            return "it had not begun"
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.kill()
        return _how(process.wait())


class Elsewhere:
    """One input, read in the limited process. It is read to its end before the next can be opened."""

    def __init__(self, apart: Apart, file: str) -> None:
        self._apart, self._file, self.name, self.taken = apart, file, "", 0
        self._people: OrderedDict[int, People] = OrderedDict()
        self._post = msgspec.json.Decoder(RawPost, dec_hook=self._names).decode
        self.broken: str | None = None
        self.prints: tuple[str, ...] = ()
        self.number = -1  # of the item that was yielded last
        kind, told = self._line()
        if kind == b"N":
            self.name = told.decode("ascii", "replace")
        elif kind == b"V" and _PRINTS.fullmatch(told):
            self.prints = tuple(told.decode().split())
            self._line()
        elif kind == b"E":
            self._raise(told)
        elif self.broken is None:
            self._break("what came back was nothing known")

    def items(self) -> Iterator[RawPost | Skipped]:
        """Everything in it, in order; what ended the process as the last. Raises BadFile and BadSetting."""
        try:
            while self.broken is None and (found := self._line())[0] not in (b".", b""):
                yield from self._item(*found)
            if self.broken is not None:
                yield Skipped(file=self._file, what=self.broken)
            self._apart.done(self)
        finally:
            self._apart.drop(self)

    def _item(self, kind: bytes, told: bytes) -> Iterator[RawPost | Skipped]:
        try:
            if kind in (b"P", b"S"):
                self.number += 1
                yield self._post(told) if kind == b"P" else msgspec.json.decode(told, type=Skipped)
            elif kind == b"#":
                self.number = int(told) - 1
            elif kind == b"T":
                self.taken = int(told)
            else:
                self._raise(told)
        except (msgspec.MsgspecError, ValueError, UnicodeDecodeError):
            self._break("what came back was no post")

    def _line(self) -> tuple[bytes, bytes]:
        """The next line: its kind, and the rest. Where the process has ended, that is noted, and the kind is empty."""
        try:
            answers = self._apart.answers
            line = answers.readline(LONGEST_LINE) if answers is not None else b""
        except OSError:
            line = b""
        if not line.endswith(b"\n"):
            self._break(None)
            return b"", b""
        return line[:1], line[1:-1]

    def _break(self, how: str | None) -> None:
        ended = self._apart.end()
        self.broken = f"reading it was ended ({how or ended}); what came before that is kept. Do not trust this file"

    def _raise(self, told: bytes) -> None:
        """What is wrong with the whole of it; a fault in between ends it, and what came before is kept."""
        wrong = msgspec.json.decode(told, type=Wrong)
        self._line()  # the end, which comes after it
        if wrong.kind == "setting":
            raise BadSetting(wrong.what)
        if wrong.kind == "file":
            raise BadFile(wrong.what, file=wrong.file, do=wrong.do)
        self.broken = f"this input could not be read on ({wrong.what}); what came before that is kept"

    def _names(self, kind: type, told: Any) -> Any:
        """The people met so far, with those that are new."""
        if kind is not People:
            raise NotImplementedError
        number, names = msgspec.convert(told, tuple[int, list[str]])
        people = self._people.setdefault(number, People())
        self._people.move_to_end(number)
        if len(self._people) > MOST_PEOPLE:
            self._people.popitem(last=False)
        for name in names:
            people.meet(name)
        people.take_new()
        return people


def _handle_of(stream: BinaryIO) -> tuple[int, bool]:
    """The number of an open file, and whether it was made for this: what is no file is put into memory like one."""
    try:
        return stream.fileno(), False
    except (OSError, AttributeError):
        handle = os.memfd_create("verst")
        with open(handle, "wb", closefd=False) as file:
            while piece := stream.read(1 << 20):
                file.write(piece)
        os.lseek(handle, 0, os.SEEK_SET)
        return handle, True


def _text_of(mapping: Path | None) -> str | None:
    """What stands in a mapping; None where it cannot be read, which reading then says."""
    if mapping is None:
        return None
    try:
        with mapping.open("rb") as file:
            return file.read(MOST_MAPPING).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _how(code: int) -> str:
    """How a process ended, in words.

    >>> _how(-signal.SIGXCPU), _how(1)
    ('it took more processor time than an input may', 'it broke down')
    """
    if code == -signal.SIGXCPU:
        return "it took more processor time than an input may"
    return f"ended by {signal.Signals(-code).name}" if code < 0 else "it broke down"
