# ruff: noqa: E501 (a sample stays on its line)

from __future__ import annotations

from pathlib import Path

from verst.model import Post, Skipped
from verst.sources import Door, read

DOOR = Door(b"a key of the tests, long enough")


def posts(path: Path, mapping: Path | None = None) -> list[Post]:
    return [item for item in read(path, DOOR, mapping=mapping) if isinstance(item, Post)]


def test_a_page_with_tweets_pasted_in(shared: Path) -> None:
    found = posts(shared / "data" / "news_pages" / "albawaba_russians_fleeing.txt")
    tweets = [post for post in found if post.chat.kind == "social"]
    page = [post for post in found if post.chat.kind == "news"]
    assert len({post.id for post in found}) == len(found)
    assert sum("senseless war" in post.text for post in tweets) == 1  # pasted twice, one tweet
    assert {post.posted_at.day for post in tweets} == {22, 23, 24}
    page_14 = [post for post in page if "14 kilometers" in post.text]
    tweet_14 = [post for post in tweets if "14" in post.text]
    assert len(page_14) == len(tweet_14) == 1  # the figure of the page and the figure of the tweet are two posts
    assert page_14[0].author != tweet_14[0].author
    assert not any("@" in post.text or "pic.twitter.com" in post.text for post in found)
    assert not any("Diplomacy140" in repr(post) or "amansouraja" in repr(post) for post in found)


def test_a_page_without_a_date_asks_for_one(shared: Path, tmp_path: Path) -> None:
    path = shared / "data" / "news_pages" / "franceinfo_alexei.txt"
    first = next(iter(read(path, DOOR)))
    assert isinstance(first, Skipped) and "date" in first.what
    beside = tmp_path / "about.toml"
    beside.write_text('[page]\ndate = 2022-09-24T08:00:00+02:00\nurl = "https://example.org/alexei"\ntitle = "Press"\n')
    found = posts(path, beside)
    assert {post.chat.kind for post in found} == {"news"} and found[0].chat.title == "Press"
    assert found[0].url == found[0].id == "https://example.org/alexei#p1"
    assert any("20%" in post.text for post in found) and found[0].posted_at.hour == 6


def test_html_knows_its_date_site_and_tweets(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        """<!doctype html><html lang="fi-FI"><head><title>Raja</title><script type="application/ld+json">
        {"@type": "NewsArticle", "datePublished": "2022-09-23T09:30:00+03:00"}</script></head><body><nav><p>Etusivu</p></nav>
        <article><h1>Otsikko tulee tähän</h1><p>Vaalimaalla jonoa oli perjantaina noin 500 metriä, kertoo rajavartiolaitos.</p>
        <blockquote class="twitter-tweet"><p>35 km queue! <a href="https://t.co/x">pic.twitter.com/abc</a></p>&mdash; A B (@ab)
        <a href="https://twitter.com/ab/status/1">September 21, 2022</a></blockquote></article></body></html>""",
        encoding="utf-8",
    )
    found = posts(path)
    [tweet] = [post for post in found if post.chat.kind == "social"]
    page = [post for post in found if post.chat.kind == "news"]
    assert tweet.text == "35 km queue!" and tweet.media == ("video",) and tweet.posted_at.day == 21
    assert page[-1].text.startswith("Vaalimaalla") and page[-1].lang == "fi" and page[-1].offset_minutes == 180
    assert not any("35 km" in post.text for post in page)


def test_a_quoted_tweet_may_bear_its_exact_time(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        """<!doctype html><html><head><meta property="article:published_time" content="2022-09-26T18:00:00+03:00"></head><body>
        <article><p>Водители ждут у поста сорок часов и больше, пишут люди.</p><blockquote class="twitter-tweet"><p>Спим по очереди</p>
        — заметки (@reader) <time datetime="2022-09-26T15:00:00+03:00">2022-09-26</time></blockquote></article></body></html>""",
        encoding="utf-8",
    )
    [tweet] = [post for post in posts(path) if post.chat.kind == "social"]
    assert tweet.posted_at.hour == 12 and tweet.author is not None and tweet.text == "Спим по очереди"
