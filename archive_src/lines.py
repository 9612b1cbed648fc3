"""Hand-written lines: how they are read. One file a group or a set of single posts.

A file opens with ``key = value`` lines, then days, then messages::

    == 24
    14:20 text of a message {0181,0219} [photo]
    > an answer to it
    >> an answer to that answer
    - the next message some minutes later, answering nobody
    * topic_created Name of a topic

``{…}`` are the numbers of the dated facts the text rests on; ``[photo]`` ``[video]`` ``[voice]`` ``[sticker X]`` what
is attached, ``[edit]`` an edited message, ``~key`` before a text a writer who comes back, ``@`` the one who asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from hashlib import blake2b
from pathlib import Path

_HEAD = re.compile(r"^([a-z_]+) = (.*)$")
_DAY = re.compile(r"^== (\d+)$")
_TIMED = re.compile(r"^(\d\d):(\d\d) (.*)$")
_FACTS = re.compile(r"\s*\{([\d, ]+)\}")
_EXTRA = re.compile(r"\s*\[(photo|video|voice|edit|sticker [^\]]+|file [^\]]+)\]")
_AUTHOR = re.compile(r"^~(\S+) ")


@dataclass
class Line:
    """One message as written; ``parent`` is the message it answers."""

    at: datetime
    text: str
    facts: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    author: str = ""
    parent: Line | None = None
    service: str | None = None
    forwarded_from: str | None = None
    forwarded_at: datetime | None = None


@dataclass
class Script:
    """One file: its head and its lines in the order written."""

    name: str
    head: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def number_from(*parts: object, below: int) -> int:
    """The same number for the same parts, on every machine."""
    told = "\n".join(str(part) for part in parts).encode()
    return int.from_bytes(blake2b(told, digest_size=6).digest(), "big") % below


def zone_of(head: dict[str, str]) -> timezone:
    """The offset a file's clock shows."""
    return timezone(timedelta(hours=int(head.get("offset", "3"))))


def day_of(number: int, zone: timezone) -> datetime:
    """Midnight of a day between 19 September and 6 October 2022."""
    return datetime(2022, 9 if number > 15 else 10, number, tzinfo=zone)


def read_script(path: Path) -> Script:
    """A file of lines. Raises ValueError with file and line when a line cannot be placed."""
    script = Script(path.stem)
    for place, words in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            _take(script, words.rstrip())
        except (ValueError, IndexError, KeyError) as error:
            raise ValueError(f"{path.name}:{place}: {error}") from error
    _spread(script)
    return script


def _take(script: Script, words: str) -> None:
    if not words or words.startswith("#"):
        return
    if not script.lines and "day" not in script.head and (head := _HEAD.match(words)):
        script.head[head[1]] = head[2]
    elif day := _DAY.match(words):
        script.head["day"] = day[1]
        script.head["minute"] = "0"
    else:
        script.lines.append(_line(script, words))


def _line(script: Script, words: str) -> Line:
    midnight = day_of(int(script.head["day"]), zone_of(script.head))
    last = script.lines[-1] if script.lines else None
    timed = _TIMED.match(words)
    if timed:
        at, parent, words = midnight + timedelta(hours=int(timed[1]), minutes=int(timed[2])), None, timed[3]
    else:
        mark, _, words = words.partition(" ")
        if last is None or mark not in {">", ">>", "-", "*"}:
            raise ValueError(f"a message begins with a time, >, >>, - or *, not {mark!r}")
        at = last.at + timedelta(minutes=1 + number_from(script.name, words, below=5 if mark != "-" else 8))
        parent = {">": _root(last), ">>": last}.get(mark)
        if mark == "*":
            return Line(at, "", service=words)
    return _dress(Line(at, words, parent=parent))


def _root(line: Line) -> Line:
    while line.parent is not None:
        line = line.parent
    return line


def _dress(line: Line) -> Line:
    """The marks of a line taken out of its words."""
    text = line.text
    if author := _AUTHOR.match(text):
        line.author, text = author[1], text[author.end() :]
    elif text.startswith("@ ") and line.parent is not None:
        line.author, text = "=", text[2:]
    line.facts = tuple(f"ex22-{number.strip()}" for found in _FACTS.findall(text) for number in found.split(","))
    line.extras = tuple(_EXTRA.findall(text))
    line.text = _EXTRA.sub("", _FACTS.sub("", text)).strip().replace("\\n", "\n")
    return line


def _spread(script: Script) -> None:
    """Seconds, so that messages of one minute have an order of their own."""
    for place, line in enumerate(script.lines):
        line.at += timedelta(seconds=number_from(script.name, place, below=60))
        if line.parent is not None and line.parent.at >= line.at:
            line.at = line.parent.at + timedelta(seconds=20)


def scripts_in(folder: Path) -> Iterator[Script]:
    """All files of a folder, by name."""
    for path in sorted(folder.glob("*.txt")):
        yield read_script(path)
