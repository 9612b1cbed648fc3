"""A WhatsApp chat as its "export chat" writes it: a text, every line a message or more of the one before, or its ZIP.

Pictures and videos that were exported with it lie beside the text, or in the archive.
The file does not name the clock of its times, nor, in some countries, which number is the day; a small mapping does::

    [chat]
    zone = "Europe/Moscow"        # the clock of the phone that made the export
    title = "Верхний Ларс"        # left out: the name of the file
    about = "verkhny-lars"        # the crossing the chat is about, if it is about one
    dates = "day-first"           # or "month-first", "year-first"; left out: what the first dates can only be
"""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import IO, BinaryIO, cast
from zoneinfo import ZoneInfo

from verst.errors import BadFile, BadShelf
from verst.model import Skipped
from verst.shelves import read_toml
from verst.sources.door import RawPost
from verst.sources.marks import Given, Source
from verst.sources.packed import BEGINS, first_name, open_text
from verst.sources.people import People

LONGEST_LINE = 1 << 16  # letters
LOOKED_AT = 400  # lines from which the order of day and month is told
ORDERS = {"day-first": (2, 1, 0), "month-first": (2, 0, 1), "year-first": (0, 1, 2)}  # where year, month, day stand
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\ufeff"))  # of direction, which phones put in
_STAMP = re.compile(
    r"\[?(\d{1,4})[./-](\d{1,2})[./-](\d{1,4}),?\s(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\s?([AaPp])\.?[Mm]\.?)?\]?"
    r"(?:\s-\s|(?<=\])\s)(.*)",
    re.DOTALL,
)
_SAID = re.compile(r"([^:\n]{1,80}): (.*)", re.DOTALL)
_LEFT_OUT = re.compile(r"<[^<>\n]{3,40}>|[\w ]{3,30} (?:omitted|weggelassen|absente?|pominięto)", re.IGNORECASE)
# What a phone writes where a file was attached: «IMG-20220926-WA0001.jpg (file attached)», and <attached: 1-PHOTO.jpg>.
_ENDS = r"\.(?:jpe?g|png|webp|gif|(mp4|mov|m4v|3gp|webm))"
_ATTACHED = re.compile(rf"<[^<>:\n]{{3,30}}: ([^<>/\n]{{1,120}}{_ENDS})>|([\w.-]{{1,120}}{_ENDS}) \([^()\n]{{3,40}}\)")
_CHAT = re.compile(r"(?:[^/]{0,80}/)?(?:_chat|WhatsApp[^/]{0,80})\.txt", re.IGNORECASE)  # in the archive
_FIELDS = {"zone": str, "title": str, "about": str, "dates": str}


@dataclass(slots=True)
class _Chat:
    zone: ZoneInfo
    title: str
    about: str | None
    order: tuple[int, int, int] | None


@dataclass(slots=True)
class _Told:
    """One message as it stands there, growing while lines that begin none follow."""

    stamp: re.Match[str]
    line: int
    text: str
    more: list[str] = field(default_factory=list)


def _items(given: Given) -> Iterator[RawPost | Skipped]:
    try:
        chat = _load_mapping(given.mapping, given.file, given.beside)
    except (BadShelf, BadFile, OSError) as error:
        yield Skipped(file=given.file, what=f"the chat was left unread: {error}")
        return
    try:
        with open_text(given.stream, given.file, _CHAT) if _is_packed(given) else nullcontext(given.stream) as text:
            yield from _read(text, chat, given.file)
    except BadFile as error:
        yield Skipped(file=given.file, what=error.what)


def _is_packed(given: Given) -> bool:
    """Whether it is an archive; what cannot be gone back in is none."""
    peek = getattr(given.stream, "peek", None)
    return peek is not None and given.stream.seekable() and peek(len(BEGINS)).startswith(BEGINS)


def _read(text: IO[bytes], chat: _Chat, file: str) -> Iterator[RawPost | Skipped]:
    """Every message of a chat's text."""
    stream = io.TextIOWrapper(cast(BinaryIO, text), encoding="utf-8", errors="replace")
    lines = enumerate(iter(lambda: stream.readline(LONGEST_LINE), ""), 1)
    ahead = deque(islice(lines, LOOKED_AT))
    order = chat.order or _order_of(line for _, line in ahead)
    people, seen = People(), dict[str, int]()
    for told in _messages(ahead, lines):
        yield from _posts(told, chat, order, people, seen, file)


def _messages(ahead: deque[tuple[int, str]], lines: Iterator[tuple[int, str]]) -> Iterator[_Told]:
    """Messages with all their lines."""
    told: _Told | None = None
    while ahead or (ahead := deque(islice(lines, LOOKED_AT))):
        number, line = ahead.popleft()
        line = _plain(line)
        stamp = _STAMP.fullmatch(line)
        if stamp is None:
            if told is not None:
                told.more.append(line)
            continue
        if told is not None:
            yield told
        told = _Told(stamp, number, stamp.group(8))
    if told is not None:
        yield told


def _plain(line: str) -> str:
    return line.translate(_MARKS).replace("\u202f", " ").replace("\xa0", " ").rstrip("\r\n")


def _order_of(lines: Iterator[str]) -> tuple[int, int, int]:
    """The order of day and month that the first dates allow; where they allow both, the day stands first."""
    for line in lines:
        stamp = _STAMP.fullmatch(_plain(line))
        if stamp is None:
            continue
        first, second = int(stamp.group(1)), int(stamp.group(2))
        if first > 31:
            return ORDERS["year-first"]
        if first > 12:
            return ORDERS["day-first"]
        if second > 12:
            return ORDERS["month-first"]
    return ORDERS["day-first"]


def _posts(
    told: _Told, chat: _Chat, order: tuple[int, int, int], people: People, seen: dict[str, int], file: str
) -> Iterator[RawPost | Skipped]:
    """The post of one message; nothing for a line of the program itself, which has no sender."""
    said = _SAID.fullmatch("\n".join([told.text, *told.more]))
    if said is None:
        return
    try:
        local = _instant(told.stamp, order)
    except ValueError:
        what = 'no such date; say in the mapping which number is the day (dates = "month-first")'
        yield Skipped(file=file, line=told.line, field="date", what=what)
        return
    sender, text = said.group(1).strip(), said.group(2).strip()
    people.meet(sender)
    minute = f"{local:%Y%m%d%H%M%S}"
    seen[minute] = seen.get(minute, 0) + 1
    aware = local.replace(tzinfo=chat.zone)
    offset = aware.utcoffset()
    text, pictures, media = _attached(text)
    yield RawPost(
        id=f"wa-{blake2b(chat.title.encode(), digest_size=6).hexdigest()}-{minute}-{seen[minute]}",
        chat_title=chat.title,
        chat_kind="group",
        about=chat.about,
        posted_at=aware.astimezone(UTC),
        offset_minutes=int(offset.total_seconds() // 60) if offset is not None else 0,
        text=text,
        author=f"wa:{sender}",
        media=media,
        pictures=pictures,
        people=people,
        file=file,
        line=told.line,
    )


def _attached(text: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The words of a message, the names of its pictures and videos, and the kinds of what was attached.

    >>> _attached("IMG-1.jpg (file attached)\\nочередь")
    ('очередь', ('IMG-1.jpg',), ('photo',))
    """
    if _LEFT_OUT.fullmatch(text):
        return "", (), ("attachment",)
    found = list(_ATTACHED.finditer(text))
    names = tuple(each[1] or each[3] for each in found)
    kinds = dict.fromkeys("video" if each[2] or each[4] else "photo" for each in found)
    return _ATTACHED.sub("", text).strip(), names, tuple(kinds)


def _instant(stamp: re.Match[str], order: tuple[int, int, int]) -> datetime:
    """The time a message bears, on the phone's clock. Raises ValueError for no such time."""
    numbers = [int(stamp.group(at)) for at in (1, 2, 3)]
    year, month, day = (numbers[at] for at in order)
    hour, half = int(stamp.group(4)), (stamp.group(7) or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("no such hour")
        hour = hour % 12 + 12 * (half == "p")
    return datetime(year + 2000 * (year < 100), month, day, hour, int(stamp.group(5)), int(stamp.group(6) or 0))


def _load_mapping(path: Path | None, file: str, text: str | None) -> _Chat:
    """What the mapping says of a chat. Raises BadFile (there is none) and BadShelf (it says something wrong)."""
    if path is None:
        do = 'write one with [chat] and zone = "Europe/Moscow" in it, beside the export as NAME.toml or with --mapping'
        raise BadFile("a WhatsApp export needs a mapping that names its clock", file=file, do=do)
    table = read_toml(str(path), path.read_text(encoding="utf-8") if text is None else text).get("chat")
    if not isinstance(table, dict):
        raise BadShelf(str(path), "no table [chat]", "write [chat] with zone and, if you like, title, about and dates")
    for name, value in table.items():
        if name not in _FIELDS or not isinstance(value, _FIELDS[name]):
            raise BadShelf(str(path), f"chat, {name}: unknown, or no text", f"use {', '.join(_FIELDS)}, each a text")
    try:
        zone = ZoneInfo(table["zone"])
    except (KeyError, ValueError, OSError) as error:
        raise BadShelf(str(path), "chat, zone: missing, or nobody knows it", "give an IANA zone") from error
    dates = table.get("dates")
    if dates is not None and dates not in ORDERS:
        raise BadShelf(str(path), f"chat, dates: {dates!r} is no order of dates", f"use one of {', '.join(ORDERS)}")
    title = table.get("title") or Path(file).stem
    return _Chat(zone, title, table.get("about"), ORDERS[dates] if dates else None)


def _likeness(head: bytes, name: str) -> int:
    if head.startswith(BEGINS):
        return 8 if "whatsapp" in name or _CHAT.fullmatch(first_name(head)) else 0
    text = head[:4096].decode("utf-8", "replace")
    stamped = sum(_STAMP.fullmatch(_plain(line)) is not None for line in text.split("\n")[:20])
    return 8 if stamped >= 2 or (stamped and name.endswith(".txt")) else 0


SOURCE = Source(likeness=_likeness, items=_items)
