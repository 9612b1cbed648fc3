"""WhatsApp exports as phones of several makers and countries write them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from verst.model import Post, Skipped
from verst.sources import Door, read

MAPPING = '[chat]\nzone = "Europe/Moscow"\n'


def load(folder: Path, text: str, mapping: str | None = MAPPING) -> tuple[list[Post], list[Skipped]]:
    file = folder / "WhatsApp Chat with Lars.txt"
    file.write_text(text, encoding="utf-8")
    if mapping is not None:
        file.with_suffix(".toml").write_text(mapping, encoding="utf-8")
    items = list(read(file, Door(b"k" * 32), source="whatsapp"))
    return [item for item in items if isinstance(item, Post)], [item for item in items if isinstance(item, Skipped)]


@pytest.mark.parametrize(
    "line",
    [
        "24.09.22, 14:20 - Дормидонт: стоим 5 часов",
        "24/09/2022, 14:20 - Дормидонт: стоим 5 часов",
        "9/24/22, 2:20 PM - Дормидонт: стоим 5 часов",
        "9/24/22, 2:20\u202fPM - Дормидонт: стоим 5 часов",
        "[24.09.22, 14:20:00] Дормидонт: стоим 5 часов",
        "\u200e[9/24/22, 2:20:00\u202fPM] Дормидонт: стоим 5 часов",
        "2022-09-24, 14:20 - Дормидонт: стоим 5 часов",
        "24.9.2022, 14.20 - Дормидонт: стоим 5 часов",
    ],
)
def test_the_same_message_however_a_phone_writes_it(tmp_path: Path, line: str) -> None:
    (post,), skipped = load(tmp_path, line + "\n")
    assert not skipped and post.text == "стоим 5 часов" and post.offset_minutes == 180
    assert post.posted_at == datetime(2022, 9, 24, 11, 20, tzinfo=UTC)
    assert post.chat.title == "WhatsApp Chat with Lars" and post.author and "Дормидонт" not in post.author


def test_midnight_and_noon_of_a_clock_of_twelve_hours(tmp_path: Path) -> None:
    posts, _ = load(tmp_path, "9/24/22, 12:05 AM - A: one\n9/24/22, 12:05 PM - A: two\n")
    assert [f"{post.posted_at:%d %H:%M}" for post in posts] == ["23 21:05", "24 09:05"]


def test_lines_that_begin_no_message_belong_to_the_one_before(tmp_path: Path) -> None:
    text = "24.09.22, 14:20 - A: хвост 12 км\n\nвода есть: у моста\n24.09.22, 14:21 - B: спасибо\n"
    posts, _ = load(tmp_path, text)
    assert [post.text for post in posts] == ["хвост 12 км\n\nвода есть: у моста", "спасибо"]


def test_what_the_program_says_itself_is_no_post(tmp_path: Path) -> None:
    posts, skipped = load(tmp_path, "24.09.22, 14:20 - Messages are end-to-end encrypted\n24.09.22, 14:21 - A: да\n")
    assert [post.text for post in posts] == ["да"] and not skipped


def test_which_number_is_the_day_is_told_by_the_dates_or_the_mapping(tmp_path: Path) -> None:
    posts, _ = load(tmp_path, "10/3/22, 14:20 - A: a\n10/13/22, 14:20 - A: b\n")
    assert [post.posted_at.month for post in posts] == [10, 10]
    posts, _ = load(tmp_path, "10/3/22, 14:20 - A: a\n", MAPPING + 'dates = "month-first"\n')
    assert posts[0].posted_at.month == 10
    posts, _ = load(tmp_path, "10/3/22, 14:20 - A: a\n")
    assert posts[0].posted_at.month == 3


def test_a_longer_export_of_the_same_chat_brings_only_what_is_new(tmp_path: Path) -> None:
    first = "24.09.22, 14:20 - A: раз\n24.09.22, 14:20 - B: два\n"
    ids = [post.id for post in load(tmp_path, first)[0]]
    again = [post.id for post in load(tmp_path, first + "24.09.22, 14:20 - A: три\n")[0]]
    assert len(set(again)) == 3 and again[:2] == ids


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        (None, "needs a mapping"),
        ("[chat]\n", "zone"),
        ('[chat]\nzone = "Mars/Base"\n', "zone"),
        ('[chat]\nzone = "UTC"\ndates = "backwards"\n', "dates"),
        ('[chat]\nzone = "UTC"\nzoom = "1"\n', "zoom"),
        ("[chats]\n", "[chat]"),
        ("[chat\n", "TOML"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(tmp_path: Path, mapping: str | None, told: str) -> None:
    posts, (skipped,) = load(tmp_path, "24.09.22, 14:20 - A: раз\n", mapping)
    assert not posts and told in skipped.what and ";" in skipped.what


def test_a_date_that_cannot_be_costs_only_its_message(tmp_path: Path) -> None:
    posts, (skipped,) = load(tmp_path, "24.09.22, 14:20 - A: a\n31.02.22, 14:20 - A: b\n24.09.22, 14:22 - A: c\n")
    assert [post.text for post in posts] == ["a", "c"] and skipped.line == 2
