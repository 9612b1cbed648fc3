"""Feeds in the three shapes sites serve them in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from verst.model import Post, Skipped
from verst.sources import Door, read

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Border news</title><language>en-GB</language>
<item><guid>a</guid><title>Queue at Lars</title><link>https://example.org/a?utm_source=rss</link>
<pubDate>Sat, 24 Sep 2022 10:00:00 +0300</pubDate>
<description>&lt;p&gt;Cars wait &lt;b&gt;20 hours&lt;/b&gt; &amp;amp; more.&lt;/p&gt;</description></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Border news</title>
<entry><id>a</id><title>Queue at Lars</title><link href="https://example.org/a?utm_source=atom"/>
<published>2022-09-24T10:00:00+03:00</published><updated>2022-09-24T10:00:00+03:00</updated>
<content type="html">&lt;p&gt;Cars wait &lt;b&gt;20 hours&lt;/b&gt; &amp;amp; more.&lt;/p&gt;</content></entry>
</feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Border news",
        "language": "en",
        "items": [
            {
                "id": "a",
                "title": "Queue at Lars",
                "url": "https://example.org/a?utm_source=json",
                "date_published": "2022-09-24T10:00:00+03:00",
                "content_html": "<p>Cars wait <b>20 hours</b> &amp; more.</p>",
            }
        ],
    }
)


def load(folder: Path, text: str) -> tuple[list[Post], list[Skipped]]:
    file = folder / "feed"
    file.write_text(text, encoding="utf-8")
    items = list(read(file, Door(b"k" * 32)))
    return [item for item in items if isinstance(item, Post)], [item for item in items if isinstance(item, Skipped)]


@pytest.mark.parametrize("text", [RSS, ATOM, JSON_FEED], ids=["rss", "atom", "json"])
def test_an_item_is_one_post_of_news(tmp_path: Path, text: str) -> None:
    (post,), skipped = load(tmp_path, text)
    assert not skipped and post.chat.kind == "news" and post.chat.title == "Border news" and post.lang == "en"
    assert post.text == "Queue at Lars. Cars wait 20 hours & more." and post.url == "https://example.org/a"
    assert post.posted_at == datetime(2022, 9, 24, 7, tzinfo=UTC) and post.offset_minutes == 180


def test_the_same_item_fetched_again_is_the_same_post_and_a_later_one_an_edit(tmp_path: Path) -> None:
    first = load(tmp_path, ATOM)[0][0]
    (again,), _ = load(tmp_path, ATOM.replace("<updated>2022-09-24T10", "<updated>2022-09-24T12"))
    assert again.id == first.id and first.edited_at is None
    assert again.edited_at == datetime(2022, 9, 24, 9, tzinfo=UTC)


def test_a_title_that_the_words_begin_with_is_said_once(tmp_path: Path) -> None:
    (post,), _ = load(tmp_path, RSS.replace("Cars wait", "Queue at Lars, cars wait"))
    assert post.text.count("Queue at Lars") == 1


def test_items_without_date_or_words_are_told_and_cost_nothing_else(tmp_path: Path) -> None:
    told = json.loads(JSON_FEED)
    told["items"] += [{"id": "b", "content_text": "no date"}, {"id": "c", "date_published": "2022-09-24T10:00Z"}, 7]
    posts, skipped = load(tmp_path, json.dumps(told))
    assert len(posts) == 1 and [item.field for item in skipped] == ["date", "words", "items[3]"]


def test_a_feed_cut_off_in_the_middle_gives_what_it_has(tmp_path: Path) -> None:
    posts, (skipped,) = load(tmp_path, RSS[: RSS.index("</channel>")])
    assert len(posts) == 1 and skipped.line is not None and ";" not in skipped.what[:3]


@pytest.mark.parametrize("broken", [b"<b>&#x110000;</b>", b"&#9999999999;", b'<?xml encoding="\xe6\x41\xff"?>'])
def test_a_feed_so_broken_that_its_library_gives_up_is_told(tmp_path: Path, broken: bytes) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(broken + b"<rss version='2.0'><channel><title>t</title><item>" + broken)
    items = list(read(file, Door(b"k" * 32), source="feed"))
    assert [item.what for item in items if isinstance(item, Skipped)]


def test_an_offset_beyond_all_calendars_is_no_time(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    date = "Sat, 24 Sep 2022 10:00:00 +99999999999999999999"
    file.write_text(
        f"<rss version='2.0'><channel><item><title>a</title><pubDate>{date}</pubDate></item></channel></rss>"
    )
    items = list(read(file, Door(b"k" * 32), source="feed"))
    assert [item.field for item in items if isinstance(item, Skipped)] in (["date"], [])


@pytest.mark.parametrize("text", [RSS, JSON_FEED], ids=["rss", "json"])
def test_what_a_feed_holds_beyond_what_is_read_is_told(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verst.sources.feed.MOST_ITEMS", 0)
    posts, skipped = load(tmp_path, text)
    assert not posts and "1 items, of which the first 0 were read" in skipped[0].what
