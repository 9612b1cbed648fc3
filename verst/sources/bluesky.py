"""Posts of Bluesky: what its API answers (a feed, a search) or its stream of everything, a record to a line.

A stream line is one commit of Jetstream; of those only new posts are taken. Addresses of posts name their writers
there, so no post keeps one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from verst.clock import parse_instant
from verst.model import Skipped
from verst.sources.door import RawPost
from verst.sources.marks import Given, Source
from verst.sources.posts import explain
from verst.sources.records import pieces

_POST = "app.bsky.feed.post"
_MEDIA = {"images": "photo", "video": "video"}


class _Author(msgspec.Struct):
    did: str = ""


class _Ref(msgspec.Struct):
    uri: str = ""


class _Answers(msgspec.Struct):
    parent: _Ref | None = None


class _Embed(msgspec.Struct):
    type: str = msgspec.field(name="$type", default="")


class _Record(msgspec.Struct):
    text: str = ""
    createdAt: str = ""  # noqa: N815 (as the network writes it)
    langs: list[str] | None = None
    reply: _Answers | None = None
    embed: _Embed | None = None


class _Image(msgspec.Struct):
    thumb: str = ""


class _Shown(msgspec.Struct):
    images: list[_Image] = []
    thumbnail: str | None = None


class _Post(msgspec.Struct):
    uri: str
    author: _Author
    record: _Record
    indexedAt: str = ""  # noqa: N815
    embed: _Shown | None = None


class _Parent(msgspec.Struct):
    record: _Record | None = None


class _Parents(msgspec.Struct):
    parent: _Parent | None = None


class _Reason(msgspec.Struct):
    type: str = msgspec.field(name="$type", default="")
    by: _Author | None = None
    indexedAt: str = ""  # noqa: N815


class _Commit(msgspec.Struct):
    operation: str = ""
    collection: str = ""
    rkey: str = ""
    record: _Record | None = None


class _Line(msgspec.Struct):
    """One record: an item of a feed, a post of a search, or a commit of the stream."""

    post: _Post | None = None
    reply: _Parents | None = None
    reason: _Reason | None = None
    uri: str | None = None
    author: _Author | None = None
    record: _Record | None = None
    indexedAt: str = ""  # noqa: N815
    embed: _Shown | None = None
    did: str | None = None
    commit: _Commit | None = None


_DECODE = msgspec.json.Decoder(_Line).decode


def _items(given: Given) -> Iterator[RawPost | Skipped]:
    seen: set[str] = set()
    for line, piece in pieces(given.stream, given.file, inside=("feed", "posts")):
        item = piece if isinstance(piece, Skipped) else _item(piece, line, given.file)
        if isinstance(item, RawPost):
            if item.id in seen:
                continue
            seen.add(item.id)
        if item is not None:
            yield item


def _item(piece: bytes, line: int | None, file: str) -> RawPost | Skipped | None:
    """The post of one record; None where it is none, or has no words."""
    try:
        told = _DECODE(piece)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        what, field = explain(error)
        return Skipped(file=file, line=line, field=field, what=what)
    post = _post_of(told)
    if post is None or not post.record.text.strip():
        return None
    try:
        return _raw(told, post, line, file)
    except (ValueError, OverflowError):
        what = "a post whose time is no ISO 8601 time; it was left out, nothing can be done about it"
        return Skipped(file=file, line=line, field="createdAt", what=what)


def _post_of(told: _Line) -> _Post | None:
    if told.post is not None:
        return told.post
    if told.uri and told.author is not None and told.record is not None:
        return _Post(told.uri, told.author, told.record, told.indexedAt, told.embed)
    commit = told.commit
    if commit is None or commit.record is None or not told.did:
        return None
    if commit.operation != "create" or commit.collection != _POST:
        return None
    return _Post(f"at://{told.did}/{_POST}/{commit.rkey}", _Author(told.did), commit.record)


def _raw(told: _Line, post: _Post, line: int | None, file: str) -> RawPost:
    record, written = post.record, _written(post)
    parent = record.reply.parent if record.reply else None
    quoted = told.reply.parent.record if told.reply and told.reply.parent else None
    by = told.reason.by if told.reason and told.reason.by and told.reason.type.endswith("reasonRepost") else None
    return RawPost(
        id=f"bsky-{_short(f'{post.uri}|{by.did}' if by else post.uri)}",
        chat_title="Bluesky",
        chat_kind="social",
        posted_at=parse_instant(told.reason.indexedAt)[0] if by and told.reason else written,
        text=record.text,
        lang=record.langs[0].split("-")[0].lower() if record.langs else None,
        author=f"bsky:{(by or post.author).did}",
        reply_post=f"bsky-{_short(parent.uri)}" if parent and parent.uri else None,
        reply_text=quoted.text if quoted and quoted.text else None,
        forwarded_from=f"bsky:{post.author.did}" if by else None,
        forwarded_at=written if by else None,
        media=_media(record),
        pictures=_pictures(post.embed),
        file=file,
        line=line,
    )


def _written(post: _Post) -> datetime:
    """When it was written: as the writer's own clock says, unless the network had it before that."""
    said = parse_instant(post.record.createdAt)[0]
    return min(said, parse_instant(post.indexedAt)[0]) if post.indexedAt else said


def _media(record: _Record) -> tuple[str, ...]:
    kind = record.embed.type.rpartition(".")[2] if record.embed else ""
    return (_MEDIA[kind],) if kind in _MEDIA else ()


def _pictures(shown: _Shown | None) -> tuple[str, ...]:
    """Where the small copies of its pictures lie, as the API says; the stream does not say it."""
    if shown is None:
        return ()
    return tuple(filter(None, (*(image.thumb for image in shown.images), shown.thumbnail)))


def _short(said: Any) -> str:
    return blake2b(str(said).encode("utf-8", "replace"), digest_size=9).hexdigest()


def _likeness(head: bytes, name: str) -> int:
    return 9 if head.lstrip()[:1] in (b"{", b"[") and b"app.bsky." in head else 0


SOURCE = Source(likeness=_likeness, items=_items)
