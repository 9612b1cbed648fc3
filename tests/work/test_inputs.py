"""A folder is loaded whole: exports, posts, pages, tables with their mapping, in a fixed order."""

from __future__ import annotations

from pathlib import Path

import pytest

from verst.errors import BadFile
from verst.work.inputs import find_inputs, size_of


def write(file: Path, text: str = "x") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_everything_readable_is_found_in_order(tmp_path: Path) -> None:
    names = ["b.jsonl", "a/page.html", "a/.hidden.jsonl", "README.md", "t/counts.csv", "t/counts.toml"]
    names += ["chat/result.json", "chat/files/posts.jsonl", "chat/photos/x.json"]
    for name in names:
        write(tmp_path / name)
    found = [Path(each).relative_to(tmp_path).as_posix() for each in find_inputs(tmp_path)]
    assert found == ["b.jsonl", "a/page.html", "chat/result.json", "t/counts.csv"]
    assert size_of(find_inputs(tmp_path)) == 4


def test_files_and_standard_input_stay_what_they_are(tmp_path: Path) -> None:
    file = write(tmp_path / "x.weird")
    assert find_inputs(file) == [file] and find_inputs("-") == ["-"]
    assert find_inputs(tmp_path / "missing") == [tmp_path / "missing"]
    assert size_of(["-"]) is None


def test_a_folder_with_nothing_to_load_says_what_could_be(tmp_path: Path) -> None:
    write(tmp_path / "notes.md")
    with pytest.raises(BadFile, match=r"nothing to load.*\.jsonl"):
        find_inputs(tmp_path)
