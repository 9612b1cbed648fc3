from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.load_memory import measure, write_export
from tests.sources.samples import MESSAGES, export, message
from verst.model import Post, Skipped
from verst.sources import Door, read

KEY = b"a key of the tests, long enough"


def load(path: Path, data: bytes, **settings: object) -> list[object]:
    path = path / "result.json"
    path.write_bytes(data)
    return list(read(path, Door(KEY, **settings)))  # type: ignore[arg-type]


def posts(items: list[object]) -> list[Post]:
    return [item for item in items if isinstance(item, Post)]


@pytest.mark.parametrize("indent", [None, 1, 2, 4])
def test_every_layout_gives_the_same(tmp_path: Path, indent: int | None) -> None:
    assert posts(load(tmp_path, export(MESSAGES, indent))) == posts(load(tmp_path, export(MESSAGES)))


def test_a_folder_will_do(tmp_path: Path) -> None:
    whole = load(tmp_path, export(MESSAGES))
    assert list(read(tmp_path, Door(KEY))) == whole


def test_times_replies_edits_and_forwards(tmp_path: Path) -> None:
    first, _, third, fourth, fifth = posts(load(tmp_path, export(MESSAGES)))
    assert (first.offset_minutes, first.posted_at.isoformat()) == (180, "2022-09-24T11:01:00+00:00")
    assert third.reply_to is not None
    assert (third.reply_to.post, third.reply_to.text) == (first.id, "стоим с 6 утра")
    assert fourth.forwarded_from is not None and len(fourth.forwarded_from) == 16
    assert fourth.text == "[name], спасибо!"
    assert fifth.edited_at is not None and fifth.edited_at.isoformat() == "2022-09-24T12:00:00+00:00"
    assert first.author == third.author and first.chat.kind == "group"


def test_the_same_origin_has_the_same_key(tmp_path: Path) -> None:
    told = [
        message(1, "a", from_id="channel9"),
        message(2, "a", forwarded_from="Новости", forwarded_from_id="channel9"),
        message(3, "a", forwarded_from="Новости", forwarded_from_id="channel9"),
    ]
    origin, one, two = posts(load(tmp_path, export(told)))
    assert one.forwarded_from == two.forwarded_from == origin.author


def test_topics_are_context_and_not_replies(tmp_path: Path) -> None:
    told = [
        {**message(1, ""), "type": "service", "action": "topic_created", "title": "Озинки"},
        message(2, "тут 5 часов", reply_to_message_id=1),
        message(3, "а у нас 6", reply_to_message_id=2),
        {
            **message(4, ""),
            "type": "service",
            "action": "topic_edit",
            "new_title": "Маштаково",
            "reply_to_message_id": 1,
        },
        message(5, "и тут", reply_to_message_id=1),
    ]
    about = {"Озинки": "ozinki-taskala"}.get
    one, two, three = posts(load(tmp_path, export(told), about_of=about))
    assert one.chat.title == "Верхний Ларс › Озинки" and one.chat.about == "ozinki-taskala" and one.reply_to is None
    assert two.chat == one.chat and two.reply_to is not None and two.reply_to.text == "тут 5 часов"
    assert three.chat.title.endswith("Маштаково")


def test_media_are_stubs_and_contacts_never_come_along(tmp_path: Path) -> None:
    told = [
        message(1, "", photo="photos/p.jpg", location_information={"latitude": 43.12345, "longitude": 44.56789}),
        message(2, "", contact_information={"first_name": "Дормидонт", "phone_number": "+79281234567"}),
        message(3, "", media_type="voice_message", file="voice.ogg"),
        message(4, "", poll={"question": "Сколько стоите?", "answers": []}),
    ]
    found = posts(load(tmp_path, export(told)))
    assert [post.media for post in found] == [("photo", "location"), ("contact",), ("voice",), ("poll",)]
    assert found[3].text == "Сколько стоите?"
    assert "43.1" not in repr(found) and "9281234567" not in repr(found)


def test_an_account_gives_groups_and_leaves_conversations(tmp_path: Path) -> None:
    chats = [
        {"name": "Дормидонт", "type": "personal_chat", "id": 1, "messages": MESSAGES},
        {"name": "Ларс", "type": "private_supergroup", "id": 2, "messages": MESSAGES},
        {"name": "Пусто", "type": "public_channel", "id": 3, "messages": []},
        {"name": "МВД", "type": "public_channel", "id": 4, "messages": MESSAGES[:2]},
    ]
    told = {
        "about": "Here is the data you requested.",
        "personal_information": {"first_name": "Дормидонт", "phone_number": "+79281234567"},
        "contacts": {"about": "x", "list": [{"first_name": "Дормидонт"}]},
        "chats": {"about": "y", "list": chats},
    }
    for indent in (1, None):
        items = load(tmp_path, json.dumps(told, ensure_ascii=False, indent=indent).encode())
        assert next(item for item in items if isinstance(item, Skipped)).what.startswith("a private conversation")
        found = posts(items)
        assert [post.chat.title for post in found] == ["Ларс"] * 5 + ["МВД"] * 2
        assert {post.chat.kind for post in found[5:]} == {"channel"}
        assert all(post.chat.about is None for post in found)


def test_marks_of_a_reconstruction_are_kept(tmp_path: Path) -> None:
    told = [message(1, "хвост 12 км", facts=["ex22-0001"], source_url="https://example.org/a?utm_source=x")]
    [post] = posts(load(tmp_path, export(told, about="verkhny-lars", label="reconstructed")))
    assert (post.facts, post.url, post.label) == (("ex22-0001",), "https://example.org/a", "reconstructed")
    assert post.chat.about == "verkhny-lars"


def test_one_bad_field_costs_one_message(tmp_path: Path) -> None:
    told = [message(1, "a"), message(2, 7), message(3, "c"), message(4, "d", date_unixtime="soon")]
    items = load(tmp_path, export(told))
    assert [post.text for post in posts(items)] == ["a", "c"]
    assert [(item.field, item.line) for item in items if isinstance(item, Skipped)] == [
        ("text", 16),
        ("date_unixtime", 36),
    ]


def test_a_giant_message_is_left_out(tmp_path: Path) -> None:
    told = [message(1, "a"), message(2, "x" * (9 << 20)), message(3, "c")]
    items = load(tmp_path, export(told))
    assert [post.text for post in posts(items)] == ["a", "c"]
    assert sum(isinstance(item, Skipped) for item in items) == 1


def test_a_giant_message_at_the_end_of_a_chat_does_not_swallow_the_next(tmp_path: Path) -> None:
    chats = [
        {"name": "A", "type": "private_group", "id": 1, "messages": [message(1, "a"), message(2, "x" * (9 << 20))]},
        {"name": "B", "type": "private_group", "id": 2, "messages": [message(1, "b"), message(2, 5)]},
    ]
    data = json.dumps({"chats": {"about": "y", "list": chats}}, indent=1).encode()
    items = load(tmp_path, data)
    assert [(post.chat.title, post.text) for post in posts(items)] == [("A", "a"), ("B", "b")]
    lines = [item.line for item in items if isinstance(item, Skipped)]
    assert len(lines) == 2 and b"x" * 99 in b"".join(data.splitlines()[lines[0] or 0 :][:9])
    assert data.splitlines()[(lines[1] or 0) + 6].strip() == b'"text": 5,'


@pytest.mark.parametrize("size", range(1, 40))
def test_chats_are_told_apart_wherever_a_piece_of_the_file_ends(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verst.sources.telegram_layout._PIECE", 1_000 + size)
    chats = [{"name": name, "type": "private_group", "id": ord(name), "messages": MESSAGES} for name in "ABC"]
    items = load(tmp_path, json.dumps({"chats": {"list": chats}}, ensure_ascii=False, indent=1).encode())
    assert [post.chat.title for post in posts(items)] == ["A"] * 5 + ["B"] * 5 + ["C"] * 5


def test_a_large_export_needs_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    count = write_export(path, 200)
    found, _, megabytes = measure(path)
    assert found == count
    assert megabytes < 100
