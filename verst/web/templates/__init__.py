"""The templates of the pages and the one style that stands inside each of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import resources
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from verst.web.delta import stamp
from verst.web.replies import hash_source, page_policy
from verst.web.view import Lane


def squeeze_css(text: str) -> str:
    """A style without comments and spare space: it is sent with every page.

    >>> squeeze_css("a { color: red; } /* why */")
    'a{color:red}'
    """
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,>]) ?", r"\1", text)
    return re.sub(r": ", ":", text).replace(";}", "}").strip()


def make_templates() -> Environment:
    """The template engine: every value escaped, a missing one an error."""
    templates = Environment(
        loader=PackageLoader("verst.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals |= {
        "style": STYLE,
        "desk_style": DESK_STYLE,
        "style_hash": hash_source(STYLE),
        "old_script": OLD_SCRIPT,
        "old_hash": hash_source(OLD_SCRIPT),
        "file_policy": page_policy(STYLE).partition("; frame-ancestors")[0],
    }
    templates.filters["stamp"] = stamp
    templates.filters["name_in"] = lambda now, page: page.name(now.crossing)
    templates.filters["groupby_toward"] = group_lanes
    return templates


def group_lanes(lanes: Iterable[Lane]) -> list[tuple[str, list[Lane]]]:
    """Lanes that stand beside each other with the same direction, together."""
    return [(toward or "", list(group)) for toward, group in groupby(lanes, key=lambda lane: lane.toward)]


STATIC = resources.files("verst.web") / "static"
STYLE = squeeze_css((STATIC / "board.css").read_text(encoding="utf-8"))
DESK_STYLE = squeeze_css((STATIC / "desk.css").read_text(encoding="utf-8"))
OLD_SCRIPT = (STATIC / "old.js").read_text(encoding="utf-8")
