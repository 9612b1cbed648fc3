"""Posts of Mastodon and its kin as their API gives them: a list of statuses, or one to a line of a stream.

Only what is public is taken. Addresses of posts name their writers there, so no post keeps one.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import msgspec

from verst.clock import parse_instant
from verst.model import Skipped
from verst.sources.door import RawPost
from verst.sources.html_text import text_of
from verst.sources.marks import Given, Source
from verst.sources.posts import explain
from verst.sources.records import pieces

_PUBLIC = ("public", "unlisted")
_MEDIA = {"image": "photo", "video": "video", "gifv": "video", "audio": "voice"}

_SEEN = ("image", "video", "gifv")


class _Account(msgspec.Struct):
    acct: str = ""
    url: str = ""


class _Media(msgspec.Struct):
    type: str = ""
    preview_url: str | None = None


class _Status(msgspec.Struct):
    """The fields of a status that Verst uses; all others pass by unread."""

    created_at: str
    account: _Account
    id: str = ""
    uri: str = ""
    content: str = ""
    spoiler_text: str = ""
    visibility: str = "public"
    language: str | None = None
    edited_at: str | None = None
    in_reply_to_id: str | None = None
    media_attachments: list[_Media] = []
    reblog: _Status | None = None


_DECODE = msgspec.json.Decoder(_Status).decode


def _items(given: Given) -> Iterator[RawPost | Skipped]:
    seen: set[str] = set()
    for line, piece in pieces(given.stream, given.file, inside=("statuses",)):
        item = piece if isinstance(piece, Skipped) else _item(piece, line, given.file)
        if isinstance(item, RawPost):
            if item.id in seen:
                continue
            seen.add(item.id)
        if item is not None:
            yield item


def _item(piece: bytes, line: int | None, file: str) -> RawPost | Skipped | None:
    """The post of one status; None where it is not public or has no words."""
    try:
        told = _DECODE(piece)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        what, field = explain(error)
        return Skipped(file=file, line=line, field=field, what=what)
    first = told.reblog or told
    if any(status.visibility not in _PUBLIC for status in (told, first)):
        return None
    text = "\n\n".join(filter(None, (first.spoiler_text.strip(), text_of(first.content))))
    try:
        return _raw(told, first, text, line, file) if text else None
    except (ValueError, OverflowError):
        what = "a status whose time is no ISO 8601 time; it was left out, the server should mend it"
        return Skipped(file=file, line=line, field="created_at", what=what)


def _raw(told: _Status, first: _Status, text: str, line: int | None, file: str) -> RawPost:
    host = first.uri.split("/")[2] if first.uri.count("/") >= 2 else ""
    boosted = told.reblog is not None
    return RawPost(
        id=f"status-{_short(told.uri or told.id)}",
        chat_title="Mastodon",
        chat_kind="social",
        posted_at=parse_instant(told.created_at)[0],
        text=text,
        lang=first.language.split("-")[0].lower() if first.language else None,
        author=f"ap:{_who(told.account, host)}",
        reply_post=f"status-{_short(first.in_reply_to_id)}" if first.in_reply_to_id else None,
        edited_at=parse_instant(first.edited_at)[0] if first.edited_at else None,
        forwarded_from=f"ap:{_who(first.account, host)}" if boosted else None,
        forwarded_at=parse_instant(first.created_at)[0] if boosted else None,
        media=tuple(sorted({_MEDIA[each.type] for each in first.media_attachments if each.type in _MEDIA})),
        pictures=tuple(each.preview_url for each in first.media_attachments if each.type in _SEEN and each.preview_url),
        file=file,
        line=line,
    )


def _who(account: _Account, host: str) -> str:
    """One identity for an account, on whichever server it is met: its address, else its name at its server."""
    return (account.url or (account.acct if "@" in account.acct else f"{account.acct}@{host}")).lower()


def _short(said: Any) -> str:
    return blake2b(str(said).encode("utf-8", "replace"), digest_size=9).hexdigest()


def _likeness(head: bytes, name: str) -> int:
    start = head.lstrip()[:1]
    return 9 if start in (b"[", b"{", b"e", b"d", b":") and b'"account"' in head and b'"created_at"' in head else 0


SOURCE = Source(likeness=_likeness, items=_items)
