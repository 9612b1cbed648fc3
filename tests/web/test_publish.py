"""Published files: whole, packed, touched only when they say something else, the same bytes as the live server's."""

from __future__ import annotations

import gzip
import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin

import brotli  # type: ignore[import-untyped]
import feedparser  # type: ignore[import-untyped]
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.web.conftest import client_for, words_of
from tests.web.fake import FakeStore
from tests.web.world import NOON, estimate, full_store, kinds, region
from verst.errors import BadSetting
from verst.store import Batch
from verst.web.publish import LIST, Published, publish


def put_out(folder: Path, store: FakeStore, minutes: float = 1) -> Published:
    return publish(folder, store, [region()], kinds(), clock=lambda: NOON + timedelta(minutes=minutes))


def files(folder: Path) -> dict[str, bytes]:
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: body for name, body in found.items() if name != LIST}


def test_every_link_of_every_file_leads_to_a_file(tmp_path: Path) -> None:
    put_out(tmp_path, full_store())
    names = set(files(tmp_path))
    pages = [name for name in names if name.endswith(".html")]
    assert len(pages) > 60
    for name in pages:
        for node in HTMLParser((tmp_path / name).read_text("utf-8")).css("[href], [src]"):
            link = node.attributes.get("href") or node.attributes.get("src") or ""
            if not link.startswith(("#", "http")):
                assert urljoin(name, link).partition("#")[0] in names, f"{name}: {link}"


def test_the_live_server_gives_the_same_bytes(tmp_path: Path) -> None:
    store = full_store()
    put_out(tmp_path, store)
    with client_for(store) as client:
        for name, body in files(tmp_path).items():
            if not name.endswith((".gz", ".br")) and "/" in name:
                assert client.get(f"/{name}").content == body, name
        assert client.get("/en/c/nowhere.html").status_code == 404
        assert client.get("/xx/c/verkhny-lars.html").status_code == 404
        assert client.get("/en/../../etc/passwd").status_code == 404


def test_twins_are_the_same_file(tmp_path: Path) -> None:
    put_out(tmp_path, full_store())
    board = (tmp_path / "en/index.html").read_bytes()
    assert gzip.decompress((tmp_path / "en/index.html.gz").read_bytes()) == board
    assert brotli.decompress((tmp_path / "en/index.html.br").read_bytes()) == board
    assert len((tmp_path / "en/index.html.br").read_bytes()) <= 14 * 1024


def test_only_what_says_something_else_is_written(tmp_path: Path) -> None:
    store = full_store()
    first = put_out(tmp_path, store)
    assert (first.same, first.removed) == (0, 0)
    assert put_out(tmp_path, store, minutes=2).written == 0  # within the same quarter of an hour
    before = files(tmp_path)
    news = estimate("passage", "closed", NOON + timedelta(minutes=3), crossing="ozinki-taskala", toward="KZ")
    store.keep(Batch(estimates=[news]))
    again = put_out(tmp_path, store, minutes=4)
    changed = {name for name, body in files(tmp_path).items() if before.get(name) != body}
    assert 0 < again.written < first.written
    assert all("/c/ozinki-taskala." in name for name in changed if "/c/" in name)
    assert {"en/c/ozinki-taskala.html", "api/c/ozinki-taskala.json", "ru/r/russia.html"} <= changed


def test_nothing_half_written_stays_and_what_is_gone_goes(tmp_path: Path) -> None:
    put_out(tmp_path, full_store())
    assert not list(tmp_path.rglob("*.new"))
    fewer = publish(tmp_path, full_store(), [region(5)], kinds(), clock=lambda: NOON)
    assert (tmp_path / "en/c/crossing-0.html").is_file()
    assert fewer.removed == 0
    assert put_out(tmp_path, full_store()).removed > 0
    assert not list(tmp_path.rglob("crossing-0*"))


def test_a_folder_with_other_peoples_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("mine")
    with pytest.raises(BadSetting, match="name an empty or a new folder"):
        put_out(tmp_path, full_store())
    assert files(tmp_path) == {"thesis.doc": b"mine"}
    with pytest.raises(BadSetting, match="cannot be written"):
        put_out(tmp_path / "thesis.doc", full_store())


def test_a_published_page_asks_nothing_of_a_server(tmp_path: Path) -> None:
    put_out(tmp_path, full_store())
    page = HTMLParser((tmp_path / "en/c/verkhny-lars.html").read_text("utf-8"))
    assert not page.css("form")
    assert page.css_first("body").attributes.get("data-live", "no") == "no"  # type: ignore[union-attr]
    assert "default-src 'none'" in str(page.css_first("meta[http-equiv]").attributes["content"])  # type: ignore[union-attr]
    assert b"0" * 16 not in b"".join(files(tmp_path).values())


def test_the_feed_tells_of_crossings_with_recent_word(tmp_path: Path) -> None:
    put_out(tmp_path, full_store())
    atom = "{http://www.w3.org/2005/Atom}"
    entries = ET.fromstring((tmp_path / "en/feed.atom").read_bytes()).findall(f"{atom}entry")
    titles = [entry.findtext(f"{atom}title") for entry in entries]
    assert "Verkhny Lars: Very long wait" in titles
    assert not any("Ozinki" in (title or "") for title in titles)
    assert all(re.fullmatch(r"\d{4}-.*Z", entry.findtext(f"{atom}updated") or "") for entry in entries)


def test_every_crossing_and_region_has_a_feed_of_alerts_that_its_page_names(tmp_path: Path) -> None:
    put_out(tmp_path, full_store())
    for name, other in (("en/c/verkhny-lars.html", "en"), ("ru/r/russia.html", "ru"), ("kk/r/all.html", "ru")):
        links = HTMLParser((tmp_path / name).read_text("utf-8")).css('link[rel="alternate"][type$="+xml"]')
        there = sorted(urljoin(name, str(link.attributes["href"])) for link in links)
        stem = name.removesuffix(".html").partition("/")[2]
        assert there == [f"{other}/{stem}/feed.atom", f"{other}/{stem}/feed.rss"]
        for file in there:
            found = feedparser.parse((tmp_path / file).read_bytes())
            assert (not found.bozo and "does not mean that all is well" in found.feed.subtitle) or other == "ru"


def test_the_digest_fits_one_message(tmp_path: Path) -> None:
    with client_for(full_store()) as client:
        for code in ("en", "ru", "uk", "ar", "kk", "ka", "fi", "de", "fr"):
            text = client.get(f"/digest/verkhny-lars?lang={code}").text
            assert 100 < len(text) <= 1000, code
            assert text in client.get(f"/c/verkhny-lars?lang={code}").text.replace("&#39;", "'")
        text = client.get("/digest/verkhny-lars?lang=en").text
        assert "30 to 45 hours" in text and "14 voices" in text and "24 September 2022" in text
        assert text.endswith("Silence is not an all-clear.")
        assert "Nobody has said in the last 9 hours" in client.get("/digest/ozinki-taskala?lang=en").text
        assert "Copy" in words_of(client.get("/c/verkhny-lars?lang=en"))
