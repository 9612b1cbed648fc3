"""Alerts as a feed, Atom (RFC 4287) or RSS 2.0; what was taken back says so in its own entry too."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from verst.clock import iso
from verst.outputs.xml_text import legal

ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One alert in the language of the feed. ``updated``: when it was found, or taken back. Addresses are absolute."""

    id: str
    title: str
    text: str
    link: str
    cap: str
    found: datetime
    updated: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed of one place in one language. ``updated``: of its newest entry, or when what is kept begins."""

    title: str
    about: str
    lang: str
    link: str
    own: str  # its own address
    updated: datetime
    entries: Sequence[Entry]
    older: str | None = None  # where the entries before these are (RFC 5005)
    id: str | None = None  # its name for ever, where that is not its own address


def write_atom(feed: Feed) -> bytes:
    """The feed as Atom."""
    ET.register_namespace("", ATOM)
    root = ET.Element(_atom("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": feed.lang})
    _say(root, title=feed.title, subtitle=feed.about, id=feed.id or feed.own, updated=iso(feed.updated))
    _link(root, rel="self", href=feed.own, type="application/atom+xml")
    _link(root, rel="alternate", href=feed.link, type="text/html")
    if feed.older is not None:
        _link(root, rel="next", href=feed.older, type="application/atom+xml")
    ET.SubElement(ET.SubElement(root, _atom("author")), _atom("name")).text = "Verst"
    for entry in feed.entries:
        here = ET.SubElement(root, _atom("entry"))
        _say(here, title=entry.title, id=urn_of(entry.id), published=iso(entry.found), updated=iso(entry.updated))
        _link(here, rel="alternate", href=entry.link, type="text/html")
        _link(here, rel="enclosure", href=entry.cap, type="application/cap+xml")
        ET.SubElement(here, _atom("category"), {"term": entry.reason})
        ET.SubElement(here, _atom("content"), {"type": "text"}).text = legal(entry.text)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def write_rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0."""
    ET.register_namespace("atom", ATOM)
    root = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(root, "channel")
    for name, text in (
        ("title", feed.title),
        ("link", feed.link),
        ("description", feed.about),
        ("language", feed.lang),
    ):
        ET.SubElement(channel, name).text = text
    ET.SubElement(channel, "lastBuildDate").text = format_datetime(feed.updated, usegmt=True)
    _link(channel, rel="self", href=feed.own, type="application/rss+xml")
    if feed.older is not None:
        _link(channel, rel="next", href=feed.older, type="application/rss+xml")
    for entry in feed.entries:
        item = ET.SubElement(channel, "item")
        ET.SubElement(item, "title").text = legal(entry.title)
        ET.SubElement(item, "link").text = entry.link
        ET.SubElement(item, "description").text = legal(entry.text)
        ET.SubElement(item, "category").text = entry.reason
        ET.SubElement(item, "guid", {"isPermaLink": "false"}).text = urn_of(entry.id)
        ET.SubElement(item, "pubDate").text = format_datetime(entry.found, usegmt=True)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def urn_of(name: str) -> str:
    """The name of an alert among all names.

    >>> urn_of("00ff")
    'urn:verst:alert:00ff'
    """
    return f"urn:verst:alert:{name}"


def _atom(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _say(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, _atom(name)).text = legal(text)


def _link(parent: ET.Element, **attributes: str) -> None:
    ET.SubElement(parent, _atom("link"), attributes)
