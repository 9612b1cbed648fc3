"""What a Telegram bot is told (Bot API, ``getUpdates``): messages of groups and channels it was let into.

Private chats are nobody else's business: nothing of them is a post. What a bot sent is none either.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from verst.model import ChatKind, Skipped
from verst.sources.door import RawPost
from verst.sources.marks import Given, Source
from verst.sources.people import People
from verst.sources.posts import explain
from verst.sources.records import pieces

_KINDS: dict[str, ChatKind] = {"group": "group", "supergroup": "group", "channel": "channel"}
_MEDIA = {"photo": "photo", "video": "video", "voice": "voice", "animation": "video", "video_note": "video"}
LONGEST_REPLY = 1_000


class _Chat(msgspec.Struct):
    id: int
    type: str = ""
    title: str = ""
    username: str | None = None


class _User(msgspec.Struct):
    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""


class _Origin(msgspec.Struct):
    type: str = ""
    date: int = 0
    sender_user: _User | None = None
    sender_user_name: str | None = None
    sender_chat: _Chat | None = None
    chat: _Chat | None = None


class _Message(msgspec.Struct):
    """The fields of a message that Verst uses; all others pass by unread."""

    message_id: int
    date: int
    chat: _Chat
    text: str | None = None
    caption: str | None = None
    sender: _User | None = msgspec.field(name="from", default=None)
    sender_chat: _Chat | None = None
    edit_date: int | None = None
    reply_to_message: _Message | None = None
    forward_origin: _Origin | None = None
    via_bot: _User | None = None
    photo: Any = None
    video: Any = None
    voice: Any = None
    animation: Any = None
    video_note: Any = None


class _Update(msgspec.Struct):
    update_id: int
    message: _Message | None = None
    edited_message: _Message | None = None
    channel_post: _Message | None = None
    edited_channel_post: _Message | None = None


_DECODE = msgspec.json.Decoder(_Update).decode


def _items(given: Given) -> Iterator[RawPost | Skipped]:
    for line, piece in pieces(given.stream, given.file, inside=("result",)):
        item = piece if isinstance(piece, Skipped) else read_update(piece, given.file, line)
        if item is not None:
            yield item


def read_update(update: bytes, file: str, line: int | None = None) -> RawPost | Skipped | None:
    """The post of one update; None where it is none, or has no words."""
    try:
        told = _DECODE(update)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        what, field = explain(error)
        return Skipped(file=file, line=line, field=field, what=what)
    message = told.message or told.edited_message or told.channel_post or told.edited_channel_post
    if message is None or message.chat.type not in _KINDS or (message.sender is not None and message.sender.is_bot):
        return None
    text = (message.text or message.caption or "").strip()
    if not text or message.via_bot is not None or text.startswith("/"):
        return None
    try:
        return _raw(message, text, file, line)
    except (ValueError, OverflowError, OSError):
        what = "a message whose time lies beyond all calendars; it was left out, nothing can be done about it"
        return Skipped(file=file, line=line, field="date", what=what)


def post_id(chat: int, message: int) -> str:
    """The id of a message's post."""
    return f"tgbot-{chat}-{message}"


def _raw(message: _Message, text: str, file: str, line: int | None) -> RawPost:
    chat, answered, origin = message.chat, message.reply_to_message, message.forward_origin
    reply = (answered.text or answered.caption or "")[:LONGEST_REPLY] if answered is not None else None
    public = f"https://t.me/{chat.username}/{message.message_id}" if chat.username else None
    return RawPost(
        id=post_id(chat.id, message.message_id),
        chat_title=chat.title or "Telegram",
        chat_kind=_KINDS[chat.type],
        posted_at=datetime.fromtimestamp(message.date, UTC),
        text=text,
        author=_author(message),
        reply_post=post_id(chat.id, answered.message_id) if answered is not None else None,
        reply_text=reply or None,
        edited_at=datetime.fromtimestamp(message.edit_date, UTC) if message.edit_date else None,
        forwarded_from=_origin(origin),
        forwarded_at=datetime.fromtimestamp(origin.date, UTC) if origin is not None and origin.date else None,
        url=public,
        media=tuple(sorted({kind for name, kind in _MEDIA.items() if getattr(message, name) is not None})),
        people=_people(message),
        file=file,
        line=line,
    )


def _people(message: _Message) -> People:
    """The names that are shown beside a message: of who writes, is answered, or is forwarded."""
    people, origin = People(), message.forward_origin
    answered = message.reply_to_message
    users = (message.sender, answered.sender if answered else None, origin.sender_user if origin else None)
    for user in users:
        if user is not None:
            people.meet(f"{user.first_name} {user.last_name}".strip())
    if origin is not None and origin.sender_user_name:
        people.meet(origin.sender_user_name)
    return people


def _author(message: _Message) -> str:
    if message.sender_chat is not None:
        return f"tg:chat{message.sender_chat.id}"
    return f"tg:user{message.sender.id}" if message.sender is not None else f"tg:chat{message.chat.id}"


def _origin(origin: _Origin | None) -> str | None:
    if origin is None:
        return None
    if origin.sender_user is not None:
        return f"tg:user{origin.sender_user.id}"
    chat = origin.chat or origin.sender_chat
    told = f"chat{chat.id}" if chat is not None else origin.sender_user_name
    return f"tg:{told}" if told else None


def _likeness(head: bytes, name: str) -> int:
    return 9 if b'"update_id"' in head else 0


SOURCE = Source(likeness=_likeness, items=_items)
