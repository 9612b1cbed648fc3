"""A feed as a site serves it: RSS, Atom or JSON Feed. Each item is a post of news: its title and what it says, no page.

What an item says is read as text, whatever mark-up it stands in. An item without a date is left out, and told.
"""

from __future__ import annotations

import json
from calendar import timegm
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from typing import Any

from selectolax.lexbor import LexborHTMLParser as HTMLParser

from verst.clock import parse_instant
from verst.model import Skipped
from verst.sources.door import RawPost
from verst.sources.links import public_url
from verst.sources.marks import Given, Source

LARGEST = 8 << 20  # bytes of one feed
MOST_ITEMS = 2_000
_JSON_FEED = b"jsonfeed.org/version"


def _items(given: Given) -> Iterator[RawPost | Skipped]:
    data = given.stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        what = f"longer than {LARGEST >> 20} MB, which no feed is; the feed was left unread, give another address"
        yield Skipped(file=given.file, what=what)
        return
    found = _of_json(data, given.file) if data.lstrip()[:1] == b"{" else _of_xml(data, given.file)
    seen: set[str] = set()
    for item in found:
        if isinstance(item, Skipped) or item.id not in seen:
            yield item
        if isinstance(item, RawPost):
            seen.add(item.id)


def _of_xml(data: bytes, file: str) -> Iterator[RawPost | Skipped]:
    try:
        import feedparser  # type: ignore[import-untyped]
    except ImportError:
        what = "RSS and Atom need the package feedparser; install it with pip install 'verst[feeds]'"
        yield Skipped(file=file, what=what)
        return
    try:
        told = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # of signs that are none, or of a coding the feed says it has and has not
        what = f"so broken that nothing could be made of it ({type(error).__name__}); mend the feed"
        yield Skipped(file=file, what=what)
        return
    if not told.get("version") and not told.entries:
        yield Skipped(file=file, what="no RSS, Atom or JSON Feed; name another source with --source")
        return
    title, lang = _plain(told.feed.get("title")), told.feed.get("language")
    for number, entry in enumerate(told.entries[:MOST_ITEMS], 1):
        words = entry.get("content") or [{"value": entry.get("summary", "")}]
        yield _post(
            file,
            number,
            title=title,
            lang=lang,
            name=entry.get("id"),
            url=entry.get("link"),
            head=entry.get("title"),
            body=max((str(each.get("value") or "") for each in words), key=len),
            posted=_instant(entry, "published") or _instant(entry, "updated"),
            edited=_instant(entry, "updated"),
        )
    yield from _say_rest(len(told.entries), file)
    if told.bozo and hasattr(told.bozo_exception, "getLineNumber"):
        what = "not well-formed from here on; what could be made out of it was read, mend the feed"
        yield Skipped(file=file, line=told.bozo_exception.getLineNumber(), what=what)


def _instant(entry: Mapping[str, Any], name: str) -> datetime | None:
    """A time of an item, with the offset it was written with where that can be read; UTC otherwise."""
    if f"{name}_parsed" not in set(entry.keys()):  # asked for, feedparser would give another time instead
        return None
    said, parsed = entry.get(name), entry.get(f"{name}_parsed")
    if parsed is None:
        return None
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            instant = read(str(said))
        except (ValueError, TypeError, OverflowError):
            continue
        if instant.tzinfo is not None:
            return instant
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _of_json(data: bytes, file: str) -> Iterator[RawPost | Skipped]:
    try:
        told = json.loads(data)
        items = told["items"]
        assert isinstance(items, list)
    except (ValueError, KeyError, TypeError, AssertionError, RecursionError):
        yield Skipped(file=file, what="no JSON Feed, or one cut off in the middle; fetch it again")
        return
    title, lang = _plain(told.get("title")), told.get("language")
    for number, item in enumerate(items[:MOST_ITEMS], 1):
        if not isinstance(item, dict):
            yield Skipped(file=file, field=f"items[{number - 1}]", what="an item that is no object; mend the feed")
            continue
        posted, edited = (_read(item.get(name)) for name in ("date_published", "date_modified"))
        yield _post(
            file,
            number,
            title=title,
            lang=item.get("language") or lang,
            name=item.get("id"),
            url=item.get("url"),
            head=item.get("title"),
            body=item.get("content_html") or item.get("content_text") or item.get("summary"),
            posted=posted or edited,
            edited=edited,
        )
    yield from _say_rest(len(items), file)


def _say_rest(count: int, file: str) -> Iterator[Skipped]:
    """What a feed holds beyond what is read of it."""
    if count > MOST_ITEMS:
        what = f"{count:,} items, of which the first {MOST_ITEMS:,} were read; give an address that shows fewer"
        yield Skipped(file=file, what=what)


def _read(said: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(said)) if said and parse_instant(str(said)) else None
    except (ValueError, OverflowError):
        return None


def _post(
    file: str,
    number: int,
    *,
    title: str,
    lang: Any,
    name: Any,
    url: Any,
    head: Any,
    body: Any,
    posted: datetime | None,
    edited: datetime | None,
) -> RawPost | Skipped:
    """The post of one item; Skipped where it has no date or no words."""
    text = _joined(_plain(head), _plain(body))
    if posted is None or not text:
        lack = "date" if posted is None else "words"
        return Skipped(file=file, field=lack, what=f"item {number} of the feed has no {lack}; the site leaves them out")
    offset = posted.utcoffset() or timedelta()
    address = public_url(str(url)) if url else None
    key = str(name or address or text)
    return RawPost(
        id=f"feed-{blake2b(f'{title}|{key}'.encode(), digest_size=9).hexdigest()}",
        chat_title=title or "feed",
        chat_kind="news",
        posted_at=posted,
        offset_minutes=round(offset.total_seconds() / 60),
        text=text,
        lang=str(lang).split("-")[0].lower() if lang else None,
        author=f"feed:{title or file}",
        edited_at=edited if edited is not None and edited > posted else None,
        url=address,
        file=file,
    )


def _joined(head: str, body: str) -> str:
    """Title and words; a title that the words begin with is not said twice."""
    if not head or body.startswith(head):
        return body
    return f"{head.rstrip('.')}. {body}" if body else head


def _plain(said: Any) -> str:
    """The text of a piece of HTML or of plain text, on one line."""
    text = str(said or "")
    if "<" in text or "&" in text:
        text = HTMLParser(text).text(separator=" ")
    return " ".join(text.split())


def _likeness(head: bytes, name: str) -> int:
    start = head.lstrip()[:2048].removeprefix(b"\xef\xbb\xbf").lower()
    if b"<rss" in start or b"<rdf:rdf" in start or (b"<feed" in start and b"atom" in start):
        return 9
    if start[:1] == b"{" and _JSON_FEED in start:
        return 9
    return 3 if name.endswith((".rss", ".atom")) else 0


SOURCE = Source(likeness=_likeness, items=_items)
