"""How pages are delivered: small, whole without JavaScript, from here alone, with strict headers."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from tests.web.conftest import client_for
from tests.web.world import NOON, estimate, full_store, kinds, post, region
from verst.model import Reading
from verst.store import Batch, open_store
from verst.web import make_app
from verst.web.texts import load_tongues

FIRST_VIEW, WHOLE = 14 * 1024, 100 * 1024  # one round trip; with script and picture, not packed
LANGUAGES = ("en", "ru", "uk", "ar")


@pytest.mark.parametrize("encoding", ["br", "gzip"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_the_first_view_of_forty_crossings_fits_one_round_trip(encoding: str, code: str) -> None:
    with client_for(full_store(40), 40) as client:
        answer = client.get(f"/?lang={code}", headers={"Accept-Encoding": encoding})
        assert answer.headers["content-encoding"] == encoding
        assert len(HTMLParser(answer.text).css("[data-crossing]")) == 40
        assert int(answer.headers["content-length"]) <= FIRST_VIEW
        crossing = client.get(f"/c/verkhny-lars?lang={code}", headers={"Accept-Encoding": encoding})
        assert int(crossing.headers["content-length"]) <= FIRST_VIEW


PUBLIC = (
    "/", "/r/russia", "/r/all", "/c/verkhny-lars", "/c/ozinki-taskala", "/m/russia", "/m/all", "/save/all",
    "/digest/verkhny-lars", "/ask", "/ask?q=Сколько стоять на Ларсе?", "/search", "/search?q=Ларс",
    "/say/verkhny-lars", "/c/nowhere",
)  # fmt: skip


@pytest.mark.parametrize("code", load_tongues())
def test_every_public_page_keeps_to_its_budget(code: str) -> None:
    with client_for(full_store(40), 40, inbox=lambda *_: None) as client:
        beside = sum(len(client.get(f"/static/{name}").content) for name in ("verst.js", "mark.svg"))
        for path in PUBLIC:
            answer = client.get(f"{path}{'&' if '?' in path else '?'}lang={code}", headers={"Accept-Encoding": "gzip"})
            assert answer.status_code == (404 if "nowhere" in path else 200), path
            size = int(answer.headers["content-length"])
            assert size + beside <= WHOLE, path
            assert path.startswith("/m/") or size <= FIRST_VIEW, f"{path} in {code}: {size:,} bytes"


def test_the_health_of_a_board_keeps_to_its_budget(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    answer = TestClient(make_app(store, [region()], kinds(), clock=lambda: NOON)).get("/health")
    store.close()
    assert answer.status_code == 200 and int(answer.headers["content-length"]) <= FIRST_VIEW


def test_a_page_is_whole_without_javascript(full: TestClient) -> None:
    for path in ("/", "/c/verkhny-lars"):
        tree = HTMLParser(full.get(path).text)
        assert [node.attributes for node in tree.css("script")] == [{"src": "/static/verst.js", "defer": None}]
        assert not tree.css("[style], [onclick], [onload], img, iframe")


def test_nothing_comes_from_elsewhere(full: TestClient) -> None:
    for path in ("/", "/c/verkhny-lars", "/c/nowhere"):
        tree = HTMLParser(full.get(path).text)
        feeds = [node.attributes.get("href") or "" for node in tree.css("link[rel=alternate]")]  # a browser loads none
        assert all(feed.startswith("/") and full.get(feed).status_code == 200 for feed in feeds)
        loaded = tree.css("[src], link[href]:not([rel=alternate])")
        loads = [node.attributes.get("src") or node.attributes.get("href") for node in loaded]
        assert loads and all(load and load.startswith("/static/") for load in loads)
        for link in tree.css("a[href^=http]"):
            assert "noreferrer" in (link.attributes["rel"] or "")
        for load in loads:
            assert full.get(load or "").status_code == 200


@pytest.mark.parametrize("path", ["/", "/c/verkhny-lars", "/nothing", "/api/v1/board", "/api/v1/nothing", "/healthz"])
def test_headers_are_strict_and_nothing_is_kept_about_the_reader(full: TestClient, path: str) -> None:
    answer = full.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy and "http" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers


def test_what_the_reader_has_is_not_sent_again(full: TestClient) -> None:
    first = full.get("/")
    again = full.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    full.app.state.store.keep(Batch(estimates=[estimate("wait", 60.0, mode="car", p10=50.0, p90=70.0)]))  # type: ignore[attr-defined]
    assert full.get("/", headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_packed_bytes_are_the_same_page(full: TestClient) -> None:
    with full.stream("GET", "/", headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert gzip.decompress(packed) == full.get("/", headers={"Accept-Encoding": "identity"}).content


def test_a_page_does_not_show_authors_or_their_keys(full: TestClient) -> None:
    full.app.state.store.keep(Batch(posts=[(post("p1", "x", NOON), Reading())]))  # type: ignore[attr-defined]
    for path in ("/", "/c/verkhny-lars", "/api/v1/posts/p1", "/api/v1/crossings/verkhny-lars"):
        assert "0" * 16 not in full.get(path).text


def test_a_link_that_is_no_web_page_is_not_shown() -> None:
    store = full_store()
    store.kept_posts["p1"] = post("p1", "x", NOON, url="javascript:alert(1)")
    with client_for(store) as client:
        assert "javascript:alert" not in client.get("/c/verkhny-lars").text
        assert client.get("/api/v1/posts/p1").json()["url"] is None


def test_something_broken_is_told_without_its_insides() -> None:
    store = full_store()
    store.estimates_at = lambda *_: 1 / 0  # type: ignore[method-assign,assignment,return-value]
    with client_for(store) as client:
        answer = client.get("/")
    assert answer.status_code == 500
    assert "division" not in answer.text
    assert answer.json()["detail"] == "something broke here; try again in a minute"
