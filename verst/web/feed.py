"""An Atom feed of the crossings with recent word: the digest of each, anew when somebody was heard."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from verst.clock import iso
from verst.web.board import join_regions
from verst.web.page import EVERYWHERE, Page
from verst.web.view import Now
from verst.web.writing import Site, see_board, write_digest


def write_feed(site: Site, page: Page) -> bytes:
    """The feed of every region, in the language of the page."""
    board = see_board(site, page, join_regions(site.regions, EVERYWHERE))
    heard = [now for now in board.known if now.last_heard]
    updated = max((now.last_heard for now in heard if now.last_heard), default=page.moment.first)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{page.tongue.code}">',
        f"<title>Verst: {escape(page.say('site.tagline'))}</title>",
        f"<id>urn:verst:board:{page.tongue.code}</id>",
        f"<updated>{iso(updated)}</updated>",
        "<author><name>Verst</name></author>",
        *(line for now in heard for line in write_entry(site, page, now)),
        "</feed>",
    ]
    return "\n".join(lines).encode()


def write_entry(site: Site, page: Page, now: Now) -> list[str]:
    """One crossing as an entry."""
    found = site.crossing(now.crossing.id)
    text = write_digest(site, page, *found) if found else ""
    heard = iso(now.last_heard) if now.last_heard else ""
    title = f"{page.name(now.crossing)}: {page.say(f'status.{now.status}')}"
    return [
        "<entry>",
        f"<title>{escape(title)}</title>",
        f"<id>urn:verst:{now.crossing.id}:{heard}</id>",
        f"<updated>{heard}</updated>",
        f"<link href={quoteattr(page.link(f'/c/{now.crossing.id}'))}/>",
        f'<content type="text">{escape(text)}</content>',
        "</entry>",
    ]
