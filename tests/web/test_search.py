"""The page of posts that were searched for, and the same as data."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from tests.web.conftest import words_of


def test_posts_are_shown_with_what_they_say_marked_and_no_author(full: TestClient) -> None:
    tree = HTMLParser(full.get("/search?q=hours&lang=en").text)
    shown = tree.css(".posts li")
    assert shown and all("hours" in node.text() for node in shown)
    assert "0" * 16 not in full.get("/search?q=hours").text


def test_what_nobody_said_is_no_all_clear(full: TestClient) -> None:
    assert "no sign that all is well" in words_of(full.get("/search?q=zebra&lang=en"))


def test_nothing_later_is_found(full: TestClient) -> None:
    rows = full.get("/api/v1/search?q=hours").json()["posts"]
    assert rows and "author" not in rows[0]
    early = full.get(f"/api/v1/search?q=hours&at={rows[-1]['posted_at']}").json()["posts"]
    assert [row["id"] for row in early] == [rows[-1]["id"]]


def test_nothing_to_search_for_is_told(full: TestClient) -> None:
    for query in ("", "?q=", "?q=%20", "?q=" + "x" * 501):
        assert full.get(f"/api/v1/search{query}").status_code == 400
        assert full.get(f"/search{query}").status_code == (400 if query else 200)
    page = HTMLParser(full.get("/search?lang=ar").text)
    assert page.css_first("form.ask input[name=q][dir=auto]") is not None and page.css_first("p.q") is None


def test_words_are_shown_as_words(full: TestClient) -> None:
    text = full.get("/search", params={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in text


def test_the_answer_leads_to_the_posts(full: TestClient) -> None:
    tree = HTMLParser(full.get("/ask?q=Lars&lang=en").text)
    links = [node.attributes["href"] or "" for node in tree.css("main a")]
    assert any(link.startswith("/search?") and "q=Lars" in link for link in links)
