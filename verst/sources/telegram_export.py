"""Telegram Desktop's ``result.json``: one chat, or a whole account's export with its list of chats."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import msgspec

from verst.clock import parse_instant
from verst.model import ChatKind, Skipped
from verst.sources.door import RawPost, offset_from
from verst.sources.marks import Given, Source
from verst.sources.people import People
from verst.sources.posts import explain
from verst.sources.telegram_layout import Header, pieces

REMEMBERED = 5_000  # messages whose words a reply is given; an older one is found by its id later
_PRIVATE = {"personal_chat", "bot_chat", "saved_messages", "replies", "verification_codes"}
_MARKS = {
    "mention": "[handle]", "mention_name": "[name]", "phone": "[phone]", "email": "[mail]", "bank_card": "[card]",
}  # fmt: skip


class _Entity(msgspec.Struct):
    type: str = ""
    text: str = ""


class _Poll(msgspec.Struct):
    question: str | list[str | _Entity] = ""


class _Message(msgspec.Struct):
    """The fields of a message that Verst uses; all others pass by unread."""

    id: int
    type: str = "message"
    date: str | None = None
    date_unixtime: str | int | None = None
    edited_unixtime: str | int | None = None
    author: str | None = msgspec.field(name="from", default=None)
    author_id: str | int | None = msgspec.field(name="from_id", default=None)
    action: str | None = None
    title: str | None = None
    new_title: str | None = None
    reply_to_message_id: int | None = None
    reply_to_peer_id: str | int | None = None
    forwarded_from: str | None = None
    forwarded_from_id: str | int | None = None
    forwarded_date_unixtime: str | int | None = None
    forwarded_at: str | None = None
    text: str | list[str | _Entity] = ""
    photo: str | None = None
    file: str | None = None
    thumbnail: str | None = None
    media_type: str | None = None
    poll: _Poll | None = None
    location_information: Any = None
    contact_information: Any = None
    facts: tuple[str, ...] = ()
    source_url: str | None = None
    label: str | None = None
    official: bool | None = None


_DECODE = msgspec.json.Decoder(_Message).decode


@dataclass(slots=True)
class _Chat:
    """One chat while it is read: what it is, its topics, the latest messages."""

    slug: str
    title: str
    kind: ChatKind
    about: str | None = None
    label: str | None = None
    official: bool = False
    topics: dict[int, str] = field(default_factory=dict)
    latest: OrderedDict[int, tuple[str, str | None]] = field(default_factory=OrderedDict)

    def remember(self, number: int, text: str, topic: str | None) -> None:
        self.latest[number] = (text[:1_000], topic)
        if len(self.latest) > REMEMBERED:
            self.latest.popitem(last=False)


def _items(given: Given) -> Iterator[RawPost | Skipped]:
    chat: _Chat | None = None
    people = People()
    for piece in pieces(given.stream):
        if isinstance(piece, Header):
            chat = _chat(piece.keys)
            if chat is None:
                what = "a private conversation; left unread, Verst reads groups and channels"
                yield Skipped(file=given.file, what=what)
        elif piece.trouble is not None:
            yield Skipped(file=given.file, line=piece.line, what=piece.trouble)
        elif chat is not None and piece.data is not None:
            item = _item(piece.data, chat, people, given.file, piece.line)
            if item is not None:
                yield item


def _chat(keys: dict[str, Any]) -> _Chat | None:
    """The chat that a header tells of; None for conversations between two people."""
    kind = str(keys.get("type") or "")
    if kind in _PRIVATE:
        return None
    title = str(keys.get("name") or "Telegram")
    identity = f"{keys.get('id')}" if keys.get("id") else title
    about = keys.get("about")
    return _Chat(
        slug=f"tg-{blake2b(identity.encode('utf-8', 'replace'), digest_size=4).hexdigest()}",
        title=title,
        kind="channel" if "channel" in kind else "group",
        about=about if isinstance(about, str) and " " not in about else None,  # a whole export has a sentence there
        label=str(keys["label"]) if keys.get("label") else None,
        official=keys.get("official") is True,
    )


def _item(
    data: bytes | dict[str, Any], chat: _Chat, people: People, file: str, line: int | None
) -> RawPost | Skipped | None:
    try:
        told = _DECODE(data) if isinstance(data, bytes) else msgspec.convert(data, _Message)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        what, where = explain(error)
        return Skipped(file=file, line=line, field=where, what=what)
    if told.type != "message":
        _learn_topic(told, chat)
        return None
    try:
        instant, offset = _times(told)
        edited, forwarded = _instant(told.edited_unixtime), _forwarded(told)
    except (ValueError, OverflowError, OSError):
        what = "no usable date_unixtime; export again with a Telegram Desktop of 2022 or later"
        return Skipped(file=file, line=line, field="date_unixtime", what=what)
    raw = _raw(told, chat, instant, offset)
    raw.edited_at, raw.forwarded_at = edited, forwarded
    raw.people, raw.file, raw.line = people, file, line
    _meet(told, people)
    chat.remember(told.id, raw.text, raw.topic)
    return raw


def _raw(told: _Message, chat: _Chat, instant: datetime, offset: int) -> RawPost:
    reply_text, topic = _answered(told, chat)
    is_root = told.reply_to_message_id in chat.topics
    reply = told.reply_to_message_id if not is_root and told.reply_to_peer_id is None else None
    return RawPost(
        id=f"{chat.slug}-{told.id}",
        chat_title=chat.title,
        chat_kind=chat.kind,
        about=chat.about,
        topic=topic,
        posted_at=instant,
        offset_minutes=offset,
        text=_words(told.text) or (_words(told.poll.question) if told.poll else ""),
        author=_identity(told.author_id, told.author),
        reply_post=f"{chat.slug}-{reply}" if reply is not None else None,
        reply_text=reply_text,
        forwarded_from=_identity(told.forwarded_from_id, told.forwarded_from),
        url=told.source_url,
        media=_media(told),
        pictures=tuple(name for name in (told.photo, told.thumbnail, _film(told)) if name and not name.startswith("(")),
        facts=told.facts,
        label=told.label or chat.label,
        official=chat.official if told.official is None else told.official,
    )


def _answered(told: _Message, chat: _Chat) -> tuple[str | None, str | None]:
    """The words that a message answers, and the topic it stands in, as far as both are known."""
    to = told.reply_to_message_id
    if to is None or told.reply_to_peer_id is not None:
        return None, None
    if to in chat.topics:
        return None, chat.topics[to]
    text, topic = chat.latest.get(to, (None, None))
    return text or None, topic


def _learn_topic(told: _Message, chat: _Chat) -> None:
    if told.action == "topic_created" and told.title:
        chat.topics[told.id] = told.title
    elif told.action == "topic_edit" and told.new_title and told.reply_to_message_id in chat.topics:
        chat.topics[told.reply_to_message_id] = told.new_title


def _words(text: str | list[str | _Entity]) -> str:
    """The text of a message; entities that are personal become marks before anything else sees them."""
    if isinstance(text, str):
        return text
    return "".join(part if isinstance(part, str) else _marked(part) for part in text)


def _marked(entity: _Entity) -> str:
    mark = _MARKS.get(entity.type)
    if mark is None or (entity.type in ("phone", "bank_card") and sum(sign.isdigit() for sign in entity.text) < 7):
        return entity.text  # Telegram takes some plain figures for phones
    return mark


def _times(told: _Message) -> tuple[datetime, int]:
    """When it was posted, and how far the exporter's clock was ahead of UTC, in minutes."""
    instant = _instant(told.date_unixtime)
    if instant is None:
        raise ValueError("no date_unixtime")
    return instant, offset_from(datetime.fromisoformat(told.date).replace(tzinfo=None), instant) if told.date else 0


def _instant(seconds: str | int | None) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else None


def _forwarded(told: _Message) -> datetime | None:
    return parse_instant(told.forwarded_at)[0] if told.forwarded_at else _instant(told.forwarded_date_unixtime)


def _identity(number: str | int | None, name: str | None) -> str | None:
    """Who it is on Telegram: the number where there is one; a hidden account that was forwarded has only a name."""
    if number is not None:
        return f"tg:{number}"
    return f"tg:{name}" if name else None


def _meet(told: _Message, people: People) -> None:
    for name, number in ((told.author, told.author_id), (told.forwarded_from, told.forwarded_from_id)):
        if name and not str(number or "").startswith(("channel", "chat")):
            people.meet(name)


def _media(told: _Message) -> tuple[str, ...]:
    kinds = (
        ("photo", told.photo),
        (_media_kind(told.media_type), told.file or told.media_type),
        ("location", told.location_information),
        ("contact", told.contact_information),
        ("poll", told.poll),
    )
    return tuple(kind for kind, there in kinds if there)


def _film(told: _Message) -> str | None:
    return told.file if _media_kind(told.media_type) == "video" else None


def _media_kind(media_type: str | None) -> str:
    known = {
        "video_file": "video", "video_message": "video", "animation": "video", "voice_message": "voice",
        "audio_file": "audio", "sticker": "sticker",
    }  # fmt: skip
    return known.get(media_type or "", "file")


def _likeness(head: bytes, name: str) -> int:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.startswith(b"{") or (b'"posted_at"' in text and b'"date_unixtime"' not in text):
        return 0
    if b'"messages"' in text and (b'"date_unixtime"' in text or b'"type"' in text):
        return 9
    if b'"personal_information"' in text or b'"chats"' in text:
        return 9
    return 5 if name.endswith("result.json") else 3 if name.endswith(".json") else 0


SOURCE = Source(likeness=_likeness, items=_items)
