"""Where each page stands among published files, and how one leads to another from there, even on a memory card."""

from __future__ import annotations

from posixpath import dirname, relpath

DATA_FILES = {
    "/api/v1/board": "api/board.json",
    "/api/v1/crossings": "api/crossings.json",
    "/api/v1/crossings.geojson": "api/crossings.geojson",
}


def file_of(path: str, code: str) -> str:
    """The file in which the page of an address stands, in the language of that code.

    >>> file_of("/c/verkhny-lars", "ru"), file_of("/", "en"), file_of("/digest/verkhny-lars", "ka")
    ('ru/c/verkhny-lars.html', 'en/index.html', 'ka/c/verkhny-lars.txt')
    >>> file_of("/static/verst.js", "en"), file_of("/api/v1/crossings/salla", "en"), file_of("/r/all/feed.rss", "uk")
    ('static/verst.js', 'api/c/salla.json', 'uk/r/all/feed.rss')
    """
    if path.startswith("/static/"):
        return path[1:]
    if path in DATA_FILES:
        return DATA_FILES[path]
    if path.startswith("/api/v1/crossings/"):
        return f"api/c/{path.rpartition('/')[2]}.json"
    if path.startswith("/digest/"):
        return f"{code}/c/{path.rpartition('/')[2]}.txt"
    if path == "/feed":
        return f"{code}/feed.atom"
    if "/feed." in path:
        return f"{code}{path}"
    return f"{code}/index.html" if path == "/" else f"{code}{path}.html"


def lead(file: str, other: str) -> str:
    """The way from one published file to another.

    >>> lead("ru/c/verkhny-lars.html", "static/verst.js")
    '../../static/verst.js'
    """
    return relpath(other, dirname(file) or ".")
