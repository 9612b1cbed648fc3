"""What networks answer: a channel's preview, Mastodon, Bluesky, datasets of 4CAT."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from tests.sources.samples_networks import STATUSES, skeet
from verst.model import Post, Skipped
from verst.sources import Door, read, read_bytes


def load(folder: Path, data: bytes, source: str | None = None) -> tuple[list[Post], list[Skipped]]:
    file = folder / "answer.json"
    file.write_bytes(data)
    items = list(read(file, Door(b"k" * 32), source=source))
    return [item for item in items if isinstance(item, Post)], [item for item in items if isinstance(item, Skipped)]


def preview(*messages: str) -> bytes:
    return ("<html><body>" + "".join(messages) + "</body></html>").encode()


def message(number: int, text: str, *, meta: str = "", before: str = "", kind: str = "") -> str:
    return (
        f'<div class="tgme_widget_message {kind}" data-post="border/{number}">{before}'
        f'<div class="tgme_widget_message_text js-message_text">{text}</div>'
        f'<span class="tgme_widget_message_meta">{meta}<time datetime="2022-09-24T14:2{number}:00+03:00"></time>'
        "</span></div>"
    )


def test_a_preview_keeps_lines_replies_and_where_a_forward_comes_from(tmp_path: Path) -> None:
    quoted = (
        '<a class="tgme_widget_message_reply" href="https://t.me/border/1">'
        '<div class="tgme_widget_message_text js-message_reply_text">сколько стоять?</div></a>'
    )
    origin = '<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/Guard/7">Пограничники</a>'
    posts, skipped = load(
        tmp_path,
        preview(
            message(1, "сколько стоять?"),
            message(2, 'Ларс: <b>12</b> часов<br/>хвост&nbsp;8 км <i class="emoji"><b>🚗</b></i>', before=quoted),
            message(3, "закрыто", before=origin),
        ),
    )
    assert not skipped
    assert posts[1].text == "Ларс: 12 часов\nхвост 8 км 🚗"
    assert posts[1].reply_to is not None
    assert (posts[1].reply_to.post, posts[1].reply_to.text) == (posts[0].id, "сколько стоять?")
    assert posts[1].posted_at == datetime(2022, 9, 24, 11, 22, tzinfo=UTC) and posts[1].offset_minutes == 180
    assert posts[2].forwarded_from == Door(b"k" * 32).hash("tg:guard")
    assert {post.chat.kind for post in posts} == {"channel"} and posts[0].url == "https://t.me/border/1"
    assert len({post.author for post in posts}) == 1


def test_an_edit_in_a_preview_replaces_what_was_said_and_service_lines_say_nothing(tmp_path: Path) -> None:
    posts, _ = load(
        tmp_path,
        preview(
            message(1, "5 км", meta="edited "),
            message(2, "Channel created", kind="service_message"),
            message(3, ""),
            message(4, "unedited text about edited things"),
        ),
    )
    assert [post.text for post in posts] == ["5 км", "unedited text about edited things"]
    assert posts[0].edited_at is not None and posts[1].edited_at is None


def test_a_channel_without_a_preview_is_said_to_have_none(tmp_path: Path) -> None:
    posts, (skipped,) = load(tmp_path, b"<html><body class='tgme_page'>If you have Telegram, view it</body></html>")
    assert not posts and "https://t.me/s/NAME" in skipped.what


def test_only_public_statuses_are_taken_and_a_boost_is_a_forward(tmp_path: Path) -> None:
    hidden = [STATUSES[0] | {"uri": f"https://x.example/{name}", "visibility": name} for name in ("private", "direct")]
    posts, skipped = load(tmp_path, json.dumps([*STATUSES, *hidden, STATUSES[0]]).encode())
    assert not skipped and len(posts) == 3
    assert posts[2].forwarded_from and posts[2].forwarded_at == datetime(2022, 9, 24, 11, 4, tzinfo=UTC)
    assert posts[0].media == ("photo",) and posts[0].lang == "ru"
    assert all(post.url is None for post in posts), "addresses there are names"


def test_one_account_is_one_voice_whichever_server_tells_of_it(tmp_path: Path) -> None:
    here = STATUSES[0] | {"account": {"acct": "anna", "url": "https://a.example/@anna"}}
    there = STATUSES[1] | {"account": {"acct": "anna@a.example", "url": "https://a.example/@anna"}}
    posts, _ = load(tmp_path, json.dumps([here, there]).encode())
    assert posts[0].author == posts[1].author


def test_a_stream_of_events_is_read_line_by_line(tmp_path: Path) -> None:
    lines = [b": thump", b"event: update", b"data: " + json.dumps(STATUSES[0]).encode(), b"", b"event: update"]
    posts, skipped = load(tmp_path, b"\n".join(lines) + b"\n", "mastodon")
    assert len(posts) == 1 and not skipped


def test_of_the_stream_of_bluesky_only_new_posts_are_taken(tmp_path: Path) -> None:
    def commit(operation: str, collection: str, key: str, text: str = "Lars 5 hours") -> bytes:
        record = {"$type": collection, "text": text, "langs": ["en"], "createdAt": "2022-09-24T11:00:00Z"}
        told = {"operation": operation, "collection": collection, "rkey": key, "record": record}
        return json.dumps({"did": "did:plc:a", "time_us": 1, "kind": "commit", "commit": told}).encode()

    lines = [
        commit("create", "app.bsky.feed.post", "1"),
        commit("create", "app.bsky.feed.like", "2"),
        json.dumps({"did": "did:plc:a", "kind": "commit", "commit": {"operation": "delete", "rkey": "1"}}).encode(),
        b'{"did": "did:plc:a", "kind": "identity"}',
        commit("create", "app.bsky.feed.post", "3", ""),
    ]
    posts, skipped = load(tmp_path, b"\n".join(lines), "bluesky")
    assert [post.text for post in posts] == ["Lars 5 hours"] and not skipped


def test_a_post_of_bluesky_cannot_claim_to_be_written_later_than_it_came(tmp_path: Path) -> None:
    late = skeet(1, "Lars 5 hours")
    late["post"]["record"]["createdAt"] = "2031-01-01T00:00:00Z"  # type: ignore[index]
    search = {"posts": [late["post"]]}
    posts, _ = load(tmp_path, json.dumps(search).encode())
    assert posts[0].posted_at == datetime(2022, 9, 24, 11, 1, 1, tzinfo=UTC)


def test_a_dataset_of_4cat_as_collected_and_as_mapped(tmp_path: Path) -> None:
    collected = {
        "id": 7, "message": "хвост 5 км", "date": 1664017200.0, "edit_date": 1664017300.0, "reply_to_msg_id": 6,
        "_chat": {"id": 1, "title": "Ларс", "username": None, "megagroup": True, "broadcast": False},
        "_sender": {"id": 42}, "fwd_from": {"date": 1664010000, "from_id": {"channel_id": 9}, "from_name": None},
    }  # fmt: skip
    mapped = {"id": 8, "thread_id": 3, "author": "x", "subject": "Border", "body": "closed",
              "unix_timestamp": "1664017200", "timestamp": "2022-09-24 11:00:00"}  # fmt: skip
    lines = json.dumps(collected).encode() + b"\n" + json.dumps(mapped).encode() + b"\n"
    (first, second), skipped = load(tmp_path, lines)
    assert not skipped and first.chat.kind == "group" and first.chat.title == "Ларс"
    assert first.reply_to is not None and first.reply_to.post == "4cat-1-6" and first.edited_at is not None
    assert first.forwarded_from == Door(b"k" * 32).hash("tg:9") and first.forwarded_at is not None
    assert second.text == "Border\n\nclosed" and second.posted_at == first.posted_at


def test_a_time_beyond_all_calendars_is_told(tmp_path: Path) -> None:
    chat = {"id": -1, "type": "supergroup", "title": "Lars"}
    message = {"message_id": 1, "date": 9_999_999_999_999, "chat": chat, "text": "5 hours"}
    posts, (skipped,) = load(tmp_path, json.dumps({"update_id": 1, "message": message}).encode(), "telegram_bot")
    assert not posts and skipped.field == "date"


def test_where_pictures_lie_is_told_apart_from_the_post() -> None:
    at, uri = "2022-09-24T11:00:00Z", "at://did:plc:a/app.bsky.feed.post/"
    record = {"$type": "app.bsky.feed.post", "text": "queue", "createdAt": at}
    post = {"uri": f"{uri}1", "author": {"did": "did:plc:a"}, "indexedAt": at, "record": record}
    images = {"$type": "app.bsky.embed.images#view", "images": [{"thumb": "https://cdn.example/t", "alt": "x"}]}
    video = {"$type": "app.bsky.embed.video#view", "thumbnail": "https://cdn.example/v"}
    found: dict[str, tuple[str, ...]] = {}
    data = json.dumps({"posts": [post | {"embed": images}, post | {"uri": f"{uri}2", "embed": video}]}).encode()
    items = list(read_bytes(data, "x", Door(b"k" * 32), source="bluesky", pictures=found))
    shown = [found[item.id] for item in items if isinstance(item, Post)]
    assert shown == [("https://cdn.example/t",), ("https://cdn.example/v",)] and "cdn.example" not in repr(items)
