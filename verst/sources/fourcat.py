"""A dataset of 4CAT as NDJSON: Telegram messages as it collected them, or rows of any network as it maps them.

Rows that 4CAT maps hold their times as UTC, under ``unix_timestamp`` or ``timestamp``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from verst.model import Skipped
from verst.sources.door import RawPost
from verst.sources.lines import TOO_LONG, numbered_lines
from verst.sources.marks import Given, Source
from verst.sources.posts import explain

Name = str | int | None


class _Chat(msgspec.Struct):
    id: Name = None
    title: str | None = None
    username: str | None = None
    megagroup: bool = False
    broadcast: bool = True


class _Sender(msgspec.Struct):
    id: Name = None
    username: str | None = None


class _Answered(msgspec.Struct):
    reply_to_msg_id: Name = None


class _Origin(msgspec.Struct):
    channel_id: Name = None
    user_id: Name = None


class _Forward(msgspec.Struct):
    date: float | None = None
    from_name: str | None = None
    from_id: _Origin | int | None = None


class _Row(msgspec.Struct):
    """The fields Verst uses, of a message as collected (``message``, ``date``) or of a row as mapped (``body`` …)."""

    id: str | int
    message: str | None = None
    date: float | None = None
    edit_date: float | None = None
    chat: _Chat | None = msgspec.field(name="_chat", default=None)
    sender: _Sender | None = msgspec.field(name="_sender", default=None)
    reply_to: _Answered | Name = None
    reply_to_msg_id: Name = None
    fwd_from: _Forward | None = None
    body: str | None = None
    subject: str | None = None
    timestamp: str | float | None = None
    unix_timestamp: str | float | None = None
    author: Name = None
    thread_id: Name = None
    room: Name = msgspec.field(name="chat", default=None)
    language: str | None = None


_DECODE = msgspec.json.Decoder(_Row, strict=False).decode


def _items(given: Given) -> Iterator[RawPost | Skipped]:
    seen: set[str] = set()
    for number, line in numbered_lines(given.stream):
        if line is None:
            yield Skipped(file=given.file, line=number, what=TOO_LONG)
        elif line.strip():
            item = _item(line, number, given.file)
            if isinstance(item, RawPost):
                if item.id in seen:
                    continue
                seen.add(item.id)
            if item is not None:
                yield item


def _item(line: bytes, number: int, file: str) -> RawPost | Skipped | None:
    """The post of one row; None where it has no words."""
    try:
        told = _DECODE(line)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        what, field = explain(error)
        return Skipped(file=file, line=number, field=field, what=what)
    try:
        raw = _collected(told) if told.message is not None else _mapped(told)
    except (ValueError, OverflowError, OSError):
        what = "no time under date, unix_timestamp or timestamp; give the dataset as 4CAT wrote it"
        return Skipped(file=file, line=number, field="timestamp", what=what)
    if raw is not None:
        raw.file, raw.line = file, number
    return raw


def _collected(told: _Row) -> RawPost | None:
    """A Telegram message as it was collected."""
    text = (told.message or "").strip()
    if not text:
        return None
    chat = told.chat or _Chat()
    room = f"4cat-{chat.username or chat.id or 'chat'}"
    answered = told.reply_to.reply_to_msg_id if isinstance(told.reply_to, _Answered) else told.reply_to_msg_id
    sender = (told.sender.id or told.sender.username) if told.sender else None
    return RawPost(
        id=f"{room}-{told.id}",
        chat_title=chat.title or chat.username or "Telegram",
        chat_kind="group" if chat.megagroup or not chat.broadcast else "channel",
        posted_at=_instant(told.date),
        text=text,
        author=f"tg:{sender or chat.username or chat.id}",
        reply_post=f"{room}-{answered}" if answered else None,
        edited_at=_instant(told.edit_date) if told.edit_date else None,
        forwarded_from=_origin(told.fwd_from),
        forwarded_at=_instant(told.fwd_from.date) if told.fwd_from and told.fwd_from.date else None,
    )


def _origin(forward: _Forward | None) -> str | None:
    if forward is None:
        return None
    given = forward.from_id
    told = (given.channel_id or given.user_id) if isinstance(given, _Origin) else given
    return f"tg:{told or forward.from_name}" if told or forward.from_name else None


def _mapped(told: _Row) -> RawPost | None:
    """A row of any network, as 4CAT maps it."""
    text = "\n\n".join(part.strip() for part in (told.subject, told.body) if part and part.strip())
    if not text:
        return None
    room = f"4cat-{told.room or told.thread_id or 'rows'}"
    answered = told.reply_to if isinstance(told.reply_to, (str, int)) else None
    return RawPost(
        id=f"{room}-{told.id}",
        chat_title=str(told.room or "4CAT"),
        chat_kind="social",
        posted_at=_instant(told.unix_timestamp or told.timestamp),
        text=text,
        lang=told.language.split("-")[0].lower() if told.language else None,
        author=f"4cat:{told.author}" if told.author else None,
        reply_post=f"{room}-{answered}" if answered else None,
    )


def _instant(said: str | float | None) -> datetime:
    """Seconds since 1970, or a time written out, both UTC. Raises ValueError, OverflowError and OSError."""
    if said is None:
        raise ValueError("no time")
    try:
        return datetime.fromtimestamp(float(said), UTC)
    except ValueError:
        written = datetime.fromisoformat(str(said))
        return written.astimezone(UTC) if written.tzinfo else written.replace(tzinfo=UTC)


def _likeness(head: bytes, name: str) -> int:
    line = head.lstrip()[: 1 << 14].split(b"\n", 1)[0]
    if not line.startswith(b"{"):
        return 0
    collected = b'"_chat"' in line and b'"message"' in line
    mapped = b'"thread_id"' in line and b'"body"' in line and b'"timestamp"' in line
    return 9 if collected or mapped else 0


SOURCE = Source(likeness=_likeness, items=_items)
