"""Posts as JSON lines, the format of the annotation guide; fields that are not known are ignored."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from verst.clock import parse_instant
from verst.model import ChatKind, Skipped
from verst.sources.door import RawPost
from verst.sources.lines import TOO_LONG, numbered_lines
from verst.sources.marks import Given, Source

_REMEMBERED_IDS = 200_000  # repeats further apart than this are found by the store, not here


class _Chat(msgspec.Struct):
    title: str = ""
    kind: ChatKind = "group"
    about: str | None = None


class _Reply(msgspec.Struct):
    text: str | None = None
    id: str | int | None = None


class _Line(msgspec.Struct):
    id: str | int
    posted_at: str
    text: str
    chat: _Chat = msgspec.field(default_factory=_Chat)
    lang: str | None = None
    reply_to: _Reply | None = None
    author: str | int | None = None
    url: str | None = None
    facts: tuple[str, ...] | None = None
    label: str | None = None
    forwarded_from: str | int | None = None
    forwarded_at: str | None = None
    edited_at: str | None = None
    official: bool = False
    media: tuple[str, ...] | None = None


_DECODE = msgspec.json.Decoder(_Line).decode


def _items(given: Given) -> Iterator[RawPost | Skipped]:
    seen: OrderedDict[str, int] = OrderedDict()
    for number, line in numbered_lines(given.stream):
        if line is None:
            yield Skipped(file=given.file, line=number, what=TOO_LONG)
            continue
        if not line.strip():
            continue
        item = _item(given.file, number, line)
        if isinstance(item, RawPost) and item.edited_at is None:
            first = seen.setdefault(item.id, number)
            if first != number:
                what = f"the same id as line {first}; give each post an id of its own, or edited_at to an edit"
                item = Skipped(file=given.file, line=number, field="id", what=what)
            elif len(seen) > _REMEMBERED_IDS:
                seen.popitem(last=False)
        yield item


def _item(file: str, number: int, line: bytes) -> RawPost | Skipped:
    try:
        told = _DECODE(line)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        what, field = explain(error, _Line)
        return Skipped(file=file, line=number, field=field, what=what)
    field = "posted_at"
    try:
        posted_at, offset = parse_instant(told.posted_at)
        field = "edited_at"
        edited_at = _instant(told.edited_at)
        field = "forwarded_at"
        forwarded_at = _instant(told.forwarded_at)
    except (ValueError, OverflowError):
        what = "no ISO 8601 time with an offset; write it as 2022-09-24T14:20+03:00"
        return Skipped(file=file, line=number, field=field, what=what)
    raw = _raw(told, posted_at, offset)
    raw.edited_at, raw.forwarded_at, raw.file, raw.line = edited_at, forwarded_at, file, number
    return raw


def _raw(told: _Line, posted_at: datetime, offset: int) -> RawPost:
    reply = told.reply_to
    return RawPost(
        id=str(told.id),
        chat_title=told.chat.title,
        chat_kind=told.chat.kind,
        about=told.chat.about,
        posted_at=posted_at,
        offset_minutes=offset,
        text=told.text,
        lang=told.lang,
        author=_text(told.author),
        reply_post=_text(reply.id) if reply else None,
        reply_text=reply.text if reply else None,
        forwarded_from=_text(told.forwarded_from),
        url=told.url,
        media=told.media or (),
        facts=told.facts or (),
        label=told.label,
        official=told.official,
    )


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)


def _instant(text: str | None) -> datetime | None:
    return parse_instant(text)[0] if text else None


def explain(error: Exception, shape: type[msgspec.Struct] | None = None) -> tuple[str, str | None]:
    """What msgspec found wrong, without a word of the input: the sentence and the field.

    ``shape``: what was read, for the words that are allowed in its fields.
    """
    message = str(error)
    if isinstance(error, msgspec.ValidationError):
        what, _, path = message.partition(" - at `$")
        field = path.rstrip("`").lstrip(".") or None
        if "missing required field" in what:
            field = what.rsplit("`", 2)[-2]
            return f"the field {field} is missing; add it", field
        if what.startswith("Invalid enum value"):
            allowed = allowed_words(shape, field)
            what = f"not one of {', '.join(allowed)}" if allowed else "not one of the words allowed there"
        return f"{what[0].lower()}{what[1:]}; see the guide of posts for what belongs there", field
    if isinstance(error, UnicodeDecodeError) or "UTF-8" in message or "utf-8" in message:
        return "not UTF-8; save the file as UTF-8", None
    if isinstance(error, RecursionError) or "recursion" in message:
        return "nested too deeply; a post is a flat object", None
    return "not JSON, or cut off in the middle; mend it or take it out", None


def allowed_words(shape: Any, field: str | None) -> list[str]:
    """The words a field may hold; none when it is not a field of fixed words of this very shape.

    >>> allowed_words(_Line, "chat.kind")
    ['group', 'channel', 'social', 'news']
    """
    told: Any = shape
    for name in (field or "").split("."):
        inner = next((each for each in (told, *get_args(told)) if hasattr(each, "__struct_fields__")), None)
        if inner is None or name not in inner.__struct_fields__:
            return []
        told = get_type_hints(inner)[name]
    return [word for each in (told, *get_args(told)) if get_origin(each) is Literal for word in get_args(each)]


def _likeness(head: bytes, name: str) -> int:
    line = head.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0]
    if line.startswith(b"{") and b'"posted_at"' in line and b'"text"' in line:
        return 8
    if name.endswith((".jsonl", ".ndjson")):
        return 7
    return 2 if line.startswith(b"{") else 0


SOURCE = Source(likeness=_likeness, items=_items)
