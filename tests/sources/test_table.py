# ruff: noqa: E501 (a sample stays on its line)

from __future__ import annotations

from pathlib import Path

import pytest

from verst.model import Post, Skipped
from verst.sources import Door, Mark, read

DOOR = Door(b"a key of the tests, long enough")
LONG = """
[table]
time_column = "day"
time_format = "%d.%m.%Y"
zone = "Europe/Helsinki"
title = "Border guard"
official = true
delay_hours = 24
decimal = ","
separator = ";"
crossing_column = "where"
value_column = "n"
kind_column = "what"
toward_column = "to"
mode_column = "by"
fact_column = "fact"
url_column = "page"
kind = "flow"
"""


def load(folder: Path, table: str, mapping: str) -> list[object]:
    (folder / "counts.csv").write_text(table, encoding="utf-8")
    (folder / "counts.toml").write_text(mapping, encoding="utf-8")
    return list(read(folder / "counts.csv", DOOR))


def test_a_long_table(tmp_path: Path) -> None:
    rows = "day;where;n;what;to;by;fact;page\n24.09.2022;vaalimaa-torfyanovka;3 072,5;;FI;car;ex22-0100;https://example.org/a\n"
    [post] = [item for item in load(tmp_path, rows, LONG) if isinstance(item, Post)]
    [claim] = post.given
    assert (claim.kind, claim.crossing, claim.toward, claim.mode, claim.value) == (
        "flow",
        "vaalimaa-torfyanovka",
        "FI",
        "car",
        3072.5,
    )
    assert (
        claim.stance == "official"
        and post.official
        and post.facts == ("ex22-0100",)
        and post.url == "https://example.org/a"
    )
    assert claim.holds_at is not None and claim.holds_at.isoformat() == "2022-09-24T09:00:00+00:00"
    assert post.posted_at.isoformat() == "2022-09-25T09:00:00+00:00" and post.offset_minutes == 180
    assert post.text == "Border guard, 2022-09-24 12:00: flow at vaalimaa-torfyanovka toward FI (car): 3 072.5."


def test_cells_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    rows = "day;where;n;what;to;by;fact;page\nlater;x;1;;;;;\n24.09.2022;lars;many;;GE;;;\n24.09.2022;Иван Петров;5;;GE;;;\n1;2\n"
    items = load(tmp_path, rows, LONG)
    assert [(item.line, item.field) for item in items if isinstance(item, Skipped)] == [
        (2, "day"),
        (3, "n"),
        (4, "n"),
        (5, None),
    ]
    assert "Петров" not in repr(items)


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ("", "no [table] section"), ("[table]\nname = 1", "no key 'name'"), ("[table]\ntitle = 'x'", "lacks 'time_column'"),
        (LONG.replace("Helsinki", "Nowhere"), "no time zone"), (LONG.replace('"n"', '"sum"'), "no column called sum"), ("[", "not valid TOML"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_explained(tmp_path: Path, mapping: str, says: str) -> None:
    first = load(tmp_path, "day;where;n;what;to;by;fact;page\n", mapping)[0]
    assert isinstance(first, Skipped) and says in first.what


def test_a_mapping_that_is_not_utf_8_is_explained(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"day;n\n24.09.2022;5\n")
    (tmp_path / "a.toml").write_bytes(b'[table]\ntime_column = "\x9f"\n')
    first = next(iter(read(tmp_path / "a.csv", DOOR)))
    assert isinstance(first, Skipped) and "not UTF-8 (byte 23)" in first.what


def test_a_table_without_mapping_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    first = next(iter(read(tmp_path / "a.csv", DOOR)))
    assert isinstance(first, Skipped) and ".toml" in first.what


def test_a_table_that_got_its_mapping_later_is_read_as_if_it_had_had_it(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text(
        "day;where;n;what;to;by;fact;page\n24.09.2022;vaalimaa-torfyanovka;3072;;FI;car;a;\n"
    )
    *_, before = read(tmp_path / "counts.csv", DOOR)
    assert isinstance(before, Mark)
    (tmp_path / "counts.toml").write_text(LONG)
    after = list(read(tmp_path / "counts.csv", DOOR, start=before.position))
    assert [type(item) for item in after] == [Post, Mark], "nothing is called changed, nothing skipped"
