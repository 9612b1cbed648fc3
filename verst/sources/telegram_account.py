"""Messages of channels and groups that a Telegram account has joined, as ``telethon`` tells them: one to a line.

A line has the chat, the message as Telethon writes it, and the names shown beside it, which are cut out of the words.
Conversations between two people are no posts, and are not even asked for (`verst.work.telegram_account`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b

import msgspec

from verst.clock import parse_instant
from verst.model import ChatKind, Skipped
from verst.sources.door import RawPost
from verst.sources.lines import TOO_LONG, numbered_lines
from verst.sources.marks import Given, Source
from verst.sources.people import People
from verst.sources.posts import explain

_KINDS = {"MessageMediaPhoto": "photo", "MessageMediaGeo": "location", "MessageMediaVenue": "location",
          "MessageMediaGeoLive": "location", "MessageMediaContact": "contact", "MessageMediaPoll": "poll"}  # fmt: skip


class _Chat(msgspec.Struct):
    id: int
    title: str = ""
    kind: ChatKind = "channel"
    username: str | None = None


class _Peer(msgspec.Struct):
    user_id: int | None = None
    channel_id: int | None = None
    chat_id: int | None = None


class _Forward(msgspec.Struct):
    date: str | None = None
    from_id: _Peer | None = None
    from_name: str | None = None


class _Answers(msgspec.Struct):
    reply_to_msg_id: int | None = None
    reply_to_peer_id: _Peer | None = None


class _Document(msgspec.Struct):
    mime_type: str = ""


class _Media(msgspec.Struct):
    kind: str = msgspec.field(name="_", default="")
    document: _Document | None = None


class _Message(msgspec.Struct):
    """The fields of a message that Verst uses; all others pass by unread."""

    id: int
    date: str
    message: str | None = None
    from_id: _Peer | None = None
    fwd_from: _Forward | None = None
    reply_to: _Answers | None = None
    edit_date: str | None = None
    media: _Media | None = None


class _Line(msgspec.Struct):
    chat: _Chat
    message: _Message
    names: list[str] = []


_DECODE = msgspec.json.Decoder(_Line).decode


def _items(given: Given) -> Iterator[RawPost | Skipped]:
    people = People()
    for number, line in numbered_lines(given.stream):
        if line is None:
            yield Skipped(file=given.file, line=number, what=TOO_LONG)
        elif line.strip():
            item = _item(line, people, given.file, number)
            if item is not None:
                yield item


def _item(line: bytes, people: People, file: str, number: int) -> RawPost | Skipped | None:
    """The post of one message; None where it has no words."""
    try:
        told = _DECODE(line)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        what, field = explain(error, _Line)
        return Skipped(file=file, line=number, field=field, what=what)
    for name in told.names:
        people.meet(name)
    if not (told.message.message or "").strip():
        return None
    try:
        return _raw(told, people, file, number)
    except (ValueError, OverflowError):
        what = "a message whose time is no ISO 8601 time; it was left out, nothing can be done about it"
        return Skipped(file=file, line=number, field="message.date", what=what)


def _raw(told: _Line, people: People, file: str, number: int) -> RawPost:
    chat, message, passed = told.chat, told.message, told.message.fwd_from
    slug = slug_of(chat.id)
    answered = message.reply_to.reply_to_msg_id if message.reply_to and not message.reply_to.reply_to_peer_id else None
    return RawPost(
        id=f"{slug}-{message.id}",
        chat_title=chat.title or "Telegram",
        chat_kind=chat.kind,
        posted_at=parse_instant(message.date)[0],
        text=message.message or "",
        author=_identity(message.from_id) or f"tg:channel{chat.id}",
        reply_post=f"{slug}-{answered}" if answered is not None else None,
        edited_at=_instant(message.edit_date),
        forwarded_from=(_identity(passed.from_id) or _named(passed.from_name)) if passed else None,
        forwarded_at=_instant(passed.date) if passed else None,
        url=f"https://t.me/{chat.username}/{message.id}" if chat.username else None,
        media=_media(message.media),
        pictures=_pictures(chat.id, message),
        people=people,
        file=file,
        line=number,
    )


def slug_of(chat: int) -> str:
    """How posts of a chat are called: as in an export of the same chat, so that both are known to be one."""
    return f"tg-{blake2b(str(chat).encode(), digest_size=4).hexdigest()}"


def _identity(peer: _Peer | None) -> str | None:
    """Who it is on Telegram, as an export writes it."""
    for kind, number in (("user", peer.user_id), ("channel", peer.channel_id), ("chat", peer.chat_id)) if peer else ():
        if number is not None:
            return f"tg:{kind}{number}"
    return None


def _named(name: str | None) -> str | None:
    return f"tg:{name}" if name else None


def _instant(told: str | None) -> datetime | None:
    return parse_instant(told)[0] if told else None


def _media(media: _Media | None) -> tuple[str, ...]:
    if media is None:
        return ()
    if media.document is not None:
        kind = media.document.mime_type.partition("/")[0]
        return ({"video": "video", "audio": "voice", "image": "photo"}.get(kind, "file"),)
    return (_KINDS[media.kind],) if media.kind in _KINDS else ()


def _pictures(chat: int, message: _Message) -> tuple[str, ...]:
    """Where the account finds the small copy of a picture, or the still of a video."""
    seen = message.media is not None and _media(message.media)[:1] in (("photo",), ("video",))
    return (f"telegram:{chat}/{message.id}",) if seen else ()


def _likeness(head: bytes, name: str) -> int:
    return 9 if head.lstrip()[:1] == b"{" and b'"chat"' in head and b'"_": "Message"' in head[:4096] else 0


SOURCE = Source(likeness=_likeness, items=_items)
