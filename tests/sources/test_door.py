# ruff: noqa: E501 (a sample stays on its line)

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from verst.errors import BadSetting
from verst.model import Post, Skipped
from verst.sources.door import LONGEST_TEXT, Door, RawPost
from verst.sources.links import public_url

KEY = b"a key of the tests, long enough"


def raw(text: str = "стоим", **more: object) -> RawPost:
    told = {"id": "p1", "chat_title": "Ларс", "chat_kind": "group", "posted_at": datetime(2022, 9, 24, tzinfo=UTC)}
    return RawPost(text=text, **{**told, **more})  # type: ignore[arg-type]


def test_a_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key"
    first, second = Door.from_key_file(path), Door.from_key_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert first.hash("tg:user1") == second.hash("tg:user1") != Door(KEY).hash("tg:user1")


def test_a_file_that_holds_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hello")
    with pytest.raises(BadSetting, match="no usable key"):
        Door.from_key_file(tmp_path / "key")
    with pytest.raises(BadSetting, match="shorter than 16"):
        Door(b"short")


def test_long_text_is_cut_and_said_so() -> None:
    post, skipped = Door(KEY).admit(raw("а" * 30_000, file="f", line=3))
    assert isinstance(post, Post) and len(post.text) == LONGEST_TEXT
    assert isinstance(skipped, Skipped) and skipped.line == 3


def test_a_time_beyond_reason_is_refused() -> None:
    [skipped] = Door(KEY).admit(raw(posted_at=datetime(1970, 1, 1, tzinfo=UTC)))
    assert isinstance(skipped, Skipped) and skipped.field == "posted_at"


def test_text_is_nfc_without_unseen_signs() -> None:
    [post] = Door(KEY).admit(raw("кафе\u0301 8\u200b928\u202e123\u206045\u00ad67\x00 и\u0306"))
    assert isinstance(post, Post) and post.text == "кафе\u0301 [phone] й"


@pytest.mark.parametrize("name", ["user@mail.ru", "79281234567", "Дормидонт Безыменский"])
def test_an_id_that_tells_who_is_hashed(name: str) -> None:
    [post] = Door(KEY).admit(raw(id=name))
    assert isinstance(post, Post) and post.id.startswith("id-") and name not in post.id


@pytest.mark.parametrize("name", ["p1", "tg-a74242e7-123", "https://yle.fi/a/74-1#p3", "d001"])
def test_other_ids_stay(name: str) -> None:
    [post] = Door(KEY).admit(raw(id=name))
    assert isinstance(post, Post) and post.id == name


def test_a_chat_learns_what_it_is_about_from_its_title() -> None:
    door = Door(KEY, about_of={"Ларс": "verkhny-lars"}.get)
    [post] = door.admit(raw())
    [told] = door.admit(raw(about="dariali"))
    assert isinstance(post, Post) and post.chat.about == "verkhny-lars"
    assert isinstance(told, Post) and told.chat.about == "dariali"


@pytest.mark.parametrize(
    "url",
    ["https://t.me/marina", "https://t.me/c/123/4", "https://twitter.com/a/status/1", "https://vk.com/id1", "tg://user?id=1", "ftp://a.b/c",
     "javascript:alert(1)", "http://localhost/x", "https://instagram.com/marina", "http://[", ""],
)  # fmt: skip
def test_no_link_to_a_person_stands_under_a_post(url: str) -> None:
    assert public_url(url) is None


@pytest.mark.parametrize(
    "url", ["https://t.me/s_ossetia/45", "https://yle.fi/a/74-1#p2", "https://www.interpressnews.ge/ka/article/1?x=2"]
)
def test_public_pages_do(url: str) -> None:
    assert public_url(url) == url
