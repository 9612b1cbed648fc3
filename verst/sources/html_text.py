"""The words of a piece of HTML, with its lines kept."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode


def text_of(piece: LexborNode | str) -> str:
    """The text of a node, or of HTML as text: a break is a line, a paragraph two.

    >>> text_of("<p>14 km<br>of cars</p><p>closed &amp; quiet</p>")
    '14 km\\nof cars\\n\\nclosed & quiet'
    """
    node = HTMLParser(piece).body if isinstance(piece, str) else piece
    if node is None:
        return ""
    for found in node.css("br"):
        found.replace_with("\n")
    for found in node.css("p"):
        found.insert_after("\n\n")
    lines = [" ".join(line.split()) for line in node.text().split("\n")]
    return "\n".join(lines).strip()
