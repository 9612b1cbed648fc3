"""A public Telegram channel as its web preview shows it (t.me/s/NAME): the last messages, without an account.

The preview says that a message was edited and not when: of several edits of one message the first is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, timedelta

from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode

from verst.clock import parse_instant
from verst.model import Skipped
from verst.sources.door import RawPost
from verst.sources.html_text import text_of
from verst.sources.marks import Given, Source

LARGEST = 8 << 20  # bytes of one page
_MESSAGE = "div.tgme_widget_message[data-post]"
_NAME = re.compile(r"[A-Za-z]\w{3,40}/\d{1,12}")
_LINK = re.compile(r"t\.me/(?:s/)?([A-Za-z]\w{3,40}(?:/\d{1,12})?)")
_EDITED = re.compile(r"\bedited\b")
_MEDIA = {
    "photo": ".tgme_widget_message_photo_wrap",
    "video": ".tgme_widget_message_video_wrap, .tgme_widget_message_video_player",
    "voice": ".tgme_widget_message_voice_player",
}


def _items(given: Given) -> Iterator[RawPost | Skipped]:
    data = given.stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        what = f"a page of more than {LARGEST >> 20} MB, which no preview is; it was left unread, give another address"
        yield Skipped(file=given.file, what=what)
        return
    tree = HTMLParser(data.replace(b"\0", b" "))
    messages = tree.css(_MESSAGE)
    if not messages:
        what = "no message in it: the channel is private or shows no preview; give the address https://t.me/s/NAME"
        yield Skipped(file=given.file, what=what)
        return
    title = _said(tree.body, ".tgme_channel_info_header_title") or _said(tree.body, ".tgme_widget_message_owner_name")
    seen: set[str] = set()
    for message in messages:
        name = message.attributes.get("data-post") or ""
        if not _NAME.fullmatch(name) or name in seen or "service_message" in (message.attributes.get("class") or ""):
            continue
        seen.add(name)
        item = _post(message, name, title, given.file)
        if item is not None:
            yield item


def _post(message: LexborNode, name: str, title: str, file: str) -> RawPost | Skipped | None:
    """The post of one message; None where it has no words."""
    when = message.css_first("time[datetime]")
    try:
        posted_at, offset = parse_instant((when.attributes.get("datetime") if when else None) or "")
    except (ValueError, OverflowError):
        what = "a message without a time; the site has changed, or the page was cut off: fetch it again"
        return Skipped(file=file, field="time", what=what)
    answered, reply = _take_reply(message)
    words = message.css_first(".tgme_widget_message_text")
    text = text_of(words) if words is not None else ""
    if not text:
        return None
    edited = bool(_EDITED.search(_said(message, ".tgme_widget_message_meta")))
    return RawPost(
        id=f"t.me/{name}",
        chat_title=title or name.partition("/")[0],
        chat_kind="channel",
        posted_at=posted_at,
        offset_minutes=offset,
        text=text,
        author=f"tg:{name.partition('/')[0].lower()}",
        reply_post=f"t.me/{answered}" if answered else None,
        reply_text=reply or None,
        edited_at=(posted_at + timedelta(seconds=1)).astimezone(UTC) if edited else None,
        forwarded_from=_origin(message),
        url=f"https://t.me/{name}",
        media=tuple(kind for kind, mark in _MEDIA.items() if message.css_first(mark) is not None),
        file=file,
    )


def _take_reply(message: LexborNode) -> tuple[str | None, str]:
    """The message that is answered and its words, taken out of the message: they stand before its own."""
    quoted = message.css_first("a.tgme_widget_message_reply")
    if quoted is None:
        return None, ""
    linked = _LINK.search(quoted.attributes.get("href") or "")
    words = quoted.css_first(".js-message_reply_text") or quoted.css_first(".tgme_widget_message_text")
    text = text_of(words) if words is not None else ""
    quoted.decompose()
    return (linked[1] if linked and "/" in linked[1] else None), text


def _origin(message: LexborNode) -> str | None:
    """Who a forward comes from: the channel linked, else the name shown."""
    named = message.css_first(".tgme_widget_message_forwarded_from_name")
    if named is None:
        return None
    linked = _LINK.search(named.attributes.get("href") or "")
    told = linked[1].partition("/")[0].lower() if linked else " ".join(named.text().split())
    return f"tg:{told}" if told else None


def _said(node: LexborNode | None, mark: str) -> str:
    found = node.css_first(mark) if node is not None else None
    return " ".join(found.text(separator=" ").split()) if found is not None else ""


def _likeness(head: bytes, name: str) -> int:
    return 10 if b"tgme_" in head else 0


SOURCE = Source(likeness=_likeness, items=_items)
