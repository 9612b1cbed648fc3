"""A page taken apart: what it says of itself, its paragraphs, the tweets embedded in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from verst.errors import BadShelf
from verst.shelves import read_toml


@dataclass(frozen=True, slots=True)
class About:
    """What a page, or the file beside it, says of itself. ``posted_at`` is aware."""

    title: str | None = None
    url: str | None = None
    posted_at: datetime | None = None
    lang: str | None = None
    label: str | None = None
    facts: tuple[str, ...] = ()

    def with_more(self, other: About) -> About:
        """This, with what ``other`` says standing above it."""
        told = {name: getattr(other, name) for name in self.__dataclass_fields__ if getattr(other, name)}
        return replace(self, **told)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The page's own words."""

    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Tweet:
    """Somebody else's words, with the day they bear (noon UTC); names are still in it."""

    text: str
    name: str | None = None
    handle: str | None = None
    posted_at: datetime | None = None
    has_media: bool = False
    line: int | None = None


_MONTHS = {
    name: number + 1
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split())
}  # fmt: skip
# "— Some Name (@handle) September 23, 2022", as Twitter writes under a tweet that is embedded.
_SIGNED = re.compile(
    r"\s{0,3}[—–-]{1,2}\s?([^()\n]{0,100}?)\s?\(@(\w{1,30})\)\s{0,3}([A-Za-z]{3,9})\.? (\d{1,2}), (\d{4})\s{0,3}\Z"
)
_WRITER = re.compile(r"[—–-]\s?([^()\n—–]{0,100}?)\s?\(@(\w{1,30})\)")
_PICTURE = re.compile(r"\s{0,3}pic\.twitter\.com/\w{1,30}")
_LETTER = re.compile(r"[^\W\d_]")


def sidecar(path: Path | None, text: str | None = None) -> About:
    """What a TOML file beside the page says of it, under ``[page]``: title, url, date, lang, label, facts.

    Raises BadShelf when it says something else, or a date without an offset.
    """
    if path is None:
        return About()
    told = read_toml(str(path), path.read_text(encoding="utf-8") if text is None else text).get("page", {})
    strange = (
        sorted(set(told) - {"title", "url", "date", "lang", "label", "facts"}) if isinstance(told, dict) else ["page"]
    )
    if strange:
        raise BadShelf(str(path), f"[page] has no key {strange[0]!r}", "use title, url, date, lang, label, facts")
    date = told.get("date")
    instant = _instant(date.isoformat() if hasattr(date, "isoformat") else str(date)) if date else None
    if date and instant is None:
        raise BadShelf(str(path), "date is no time with an offset", "write date = 2022-09-24T10:00:00+02:00")
    facts = tuple(str(fact) for fact in told.get("facts", ()))
    return About(told.get("title"), told.get("url"), instant, told.get("lang"), told.get("label"), facts)


def parts_of_text(text: str) -> tuple[About, list[Paragraph | Tweet]]:
    """Lines as paragraphs; a line that a tweet's signature follows is that tweet."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    return About(), _with_tweets([(number, line) for number, line in lines if _LETTER.search(line)])


def _with_tweets(lines: Sequence[tuple[int | None, str]]) -> list[Paragraph | Tweet]:
    parts: list[Paragraph | Tweet] = []
    for number, line in lines:
        signed = _SIGNED.match(line)
        if signed is not None:
            if parts:
                before = parts.pop()
                parts.append(_signed_tweet(before.text, signed, before.line))
        elif _PICTURE.search(line):  # a line with Twitter's link to a picture is a tweet even before its signature
            parts.append(Tweet(_PICTURE.sub("", line).strip(), has_media=True, line=number))
        else:
            parts.append(Paragraph(line, number))
    return _dated(parts)


def _signed_tweet(text: str, signed: re.Match[str], line: int | None) -> Tweet:
    day = _day(signed[3], signed[4], signed[5])
    return Tweet(_PICTURE.sub("", text).strip(), signed[1], signed[2], day, bool(_PICTURE.search(text)), line)


def _dated(parts: list[Paragraph | Tweet]) -> list[Paragraph | Tweet]:
    """A tweet that has lost its signature is taken to be of the day of the tweet before it."""
    last: datetime | None = None
    dated: list[Paragraph | Tweet] = []
    for part in parts:
        if isinstance(part, Tweet):
            part = replace(part, posted_at=part.posted_at or last)
            last = part.posted_at
        dated.append(part)
    return dated


def _day(month: str, day: str, year: str) -> datetime | None:
    number = _MONTHS.get(month[:3].lower())
    try:
        return datetime(int(year), number or 0, int(day), 12, tzinfo=UTC)
    except ValueError:
        return None


def parts_of_html(text: str) -> tuple[About, list[Paragraph | Tweet]]:
    """The article of an HTML page without menus and comments, and the tweets in its blockquotes, in their order."""
    from selectolax.lexbor import LexborHTMLParser  # late: few loads read pages

    tree = LexborHTMLParser(text)
    about = _about_html(tree)
    tweets: list[Tweet] = []
    for quote in tree.css("blockquote.twitter-tweet, blockquote.twitter-video"):
        tweets.append(_quoted(quote))
        quote.decompose()
    lines = _article(tree.html or "") or _all_paragraphs(tree)
    parts = _with_tweets([(None, line) for line in lines if _LETTER.search(line)])
    return about, _dated([*parts, *tweets])


def _quoted(quote: Any) -> Tweet:
    paragraph = quote.css_first("p")
    words = (paragraph or quote).text(separator=" ", strip=False)
    words = " ".join(_PICTURE.sub("", words).split())
    rest = " ".join(quote.text(separator=" ", strip=False).split())
    at = max(rest.rfind("— "), rest.rfind("– "))
    signed = _SIGNED.match(rest[at:]) if at >= 0 else None
    writer = _WRITER.search(rest, max(at, 0))
    time = quote.css_first("time[datetime]")
    told = _instant(time.attributes["datetime"]) if time is not None else None
    day = _day(signed[3], signed[4], signed[5]) if signed is not None else None
    name, handle = (writer[1], writer[2]) if writer is not None else (None, None)
    return Tweet(words, name, handle, told or day, "pic.twitter.com/" in rest)


def _article(html: str) -> list[str]:
    import trafilatura  # late: it takes a second to import

    found = trafilatura.extract(html, fast=True, include_comments=False, include_tables=False, deduplicate=False)
    return [line.strip() for line in (found or "").splitlines() if line.strip()]


def _all_paragraphs(tree: Any) -> list[str]:
    for node in tree.css("script, style, nav, header, footer, aside, form, noscript"):
        node.decompose()
    return [" ".join(node.text(separator=" ").split()) for node in tree.css("p, h1, h2, li")]


def _about_html(tree: Any) -> About:
    def meta(*names: str) -> str | None:
        for name in names:
            node = tree.css_first(f'meta[property="{name}"], meta[name="{name}"], meta[itemprop="{name}"]')
            if node is not None and node.attributes.get("content"):
                return str(node.attributes["content"]).strip()
        return None

    canonical = tree.css_first('link[rel="canonical"]')
    time = tree.css_first("time[datetime]")
    html = tree.css_first("html")
    title = tree.css_first("title")
    told = meta("article:published_time", "datePublished", "date", "pubdate", "dc.date", "DC.date.issued")
    facts = meta("verst:facts") or ""
    return About(
        title=meta("og:site_name") or (title.text(strip=True) if title else None),
        url=(canonical.attributes.get("href") if canonical else None) or meta("og:url", "verst:source"),
        posted_at=_instant(told)
        or _instant(_linked_date(tree))
        or _instant(time.attributes["datetime"] if time else None),
        lang=((html.attributes.get("lang") or "").split("-")[0] or None) if html else None,
        label=meta("verst:label"),
        facts=tuple(facts.replace(",", " ").split()),
    )


def _linked_date(tree: Any) -> str | None:
    """The day of publication in a page's JSON-LD."""
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            told = msgspec.json.decode(node.text().encode())
        except (msgspec.DecodeError, RecursionError):
            continue
        for item in told if isinstance(told, list) else [told]:
            if isinstance(item, dict) and isinstance(item.get("datePublished"), str):
                return str(item["datePublished"])
    return None


def _instant(text: str | None) -> datetime | None:
    """An aware time, or None. A date alone is noon UTC."""
    if not text:
        return None
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) <= 10:
        return told.replace(hour=12, tzinfo=UTC)
    return told if told.tzinfo else None
