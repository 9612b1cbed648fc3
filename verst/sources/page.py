"""A news page, as HTML or plain text: its own paragraphs are news, the tweets embedded in it are posts of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from verst.errors import BadShelf
from verst.model import Skipped
from verst.sources.door import RawPost
from verst.sources.links import public_url
from verst.sources.marks import Given, Source
from verst.sources.page_parts import About, Paragraph, Tweet, parts_of_html, parts_of_text, sidecar
from verst.sources.people import People

LONGEST_PAGE = 5 << 20  # bytes


def _items(given: Given) -> Iterator[RawPost | Skipped]:
    data = given.stream.read(LONGEST_PAGE + 1)
    if len(data) > LONGEST_PAGE:
        yield Skipped(file=given.file, what=f"a page of more than {LONGEST_PAGE:,} bytes; save the article alone")
        return
    if b"\0" in data:
        yield Skipped(file=given.file, what="not text; save the article as HTML or text in UTF-8")
        return
    try:
        told = sidecar(given.mapping, given.beside)
    except (BadShelf, OSError, UnicodeDecodeError) as error:
        yield Skipped(file=given.file, what=f"the page was left unread: {error}")
        return
    text = data.decode("utf-8-sig", errors="replace")
    about, parts = parts_of_html(text) if is_html(data) else parts_of_text(text)
    about = about.with_more(told)
    tweets = [part for part in parts if isinstance(part, Tweet) and part.posted_at is not None]
    posted_at = about.posted_at or max((tweet.posted_at for tweet in tweets if tweet.posted_at), default=None)
    if posted_at is None:
        what = 'no date of the page; write it beside the page, in a file of the same name ending in .toml: "[page]", '
        yield Skipped(file=given.file, field="date", what=what + '"date = 2022-09-24T10:00:00+02:00"')
        return
    yield from _posts(parts, about, posted_at, given.file)


def _posts(parts: list[Paragraph | Tweet], about: About, posted_at: datetime, file: str) -> Iterator[RawPost]:
    people = People()
    base = public_url(about.url) if about.url else None
    known = base or f"page-{_short('|'.join(part.text for part in parts))}"
    seen: set[str] = set()
    number = 0
    offset = round((posted_at.utcoffset() or timedelta()).total_seconds() / 60)
    for part in parts:
        if isinstance(part, Tweet):
            people.meet(part.name)
            raw = _tweet(part, about, posted_at, file, people)
        else:
            number += 1
            raw = _paragraph(part, about, posted_at, file, f"{known}#p{number}", base)
            raw.offset_minutes = offset
        if raw.id not in seen:  # a tweet pasted twice is one tweet
            seen.add(raw.id)
            yield raw


def _paragraph(part: Paragraph, about: About, posted_at: datetime, file: str, name: str, base: str | None) -> RawPost:
    return RawPost(
        id=name,
        chat_title=about.title or "news page",
        chat_kind="news",
        posted_at=posted_at,
        text=part.text,
        lang=about.lang,
        author=f"page:{about.title or about.url or name.partition('#')[0]}",
        url=f"{base}#{name.rpartition('#')[2]}" if base else None,
        facts=about.facts,
        label=about.label,
        file=file,
        line=part.line,
    )


def _tweet(part: Tweet, about: About, posted_at: datetime, file: str, people: People) -> RawPost:
    return RawPost(
        id=f"tweet-{_short(' '.join(part.text.split()))}",
        chat_title="Twitter",
        chat_kind="social",
        posted_at=part.posted_at or posted_at.astimezone(UTC),
        text=part.text,
        author=f"tw:{part.handle.lower()}" if part.handle else None,
        media=("video",) if part.has_media else (),
        label=about.label,
        people=people,
        file=file,
        line=part.line,
    )


def _short(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


def is_html(head: bytes) -> bool:
    """Whether the bytes begin as HTML does."""
    start = head[:4_096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<?xml", b"<!--", b"<head", b"<article", b"<body"))


def _likeness(head: bytes, name: str) -> int:
    if is_html(head):
        return 9
    if name.endswith((".html", ".htm", ".xhtml")):
        return 8
    return 4 if name.endswith((".txt", ".md")) else 1


SOURCE = Source(likeness=_likeness, items=_items)
