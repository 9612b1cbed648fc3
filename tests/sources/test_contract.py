"""What every source keeps to. A new module on the shelf needs a sample in samples.py and nothing else."""

from __future__ import annotations

import io
import sys
from dataclasses import fields
from datetime import UTC
from pathlib import Path

import pytest

from tests.sources.planted import SECRETS, Sample
from tests.sources.samples import SAMPLES
from verst.errors import BadFile, BadSetting
from verst.model import Post, Skipped
from verst.sources import Door, Mark, read, read_bytes, sources

KEY = b"a key of the tests, long enough"


@pytest.fixture
def door() -> Door:
    return Door(KEY)


@pytest.fixture(params=sorted(sources()))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def put(folder: Path, sample: Sample, data: bytes) -> Path:
    path = folder / sample.file
    path.write_bytes(data)
    if sample.mapping:
        path.with_suffix(".toml").write_text(sample.mapping, encoding="utf-8")
    return path


def posts_of(items: list[object]) -> list[Post]:
    return [item for item in items if isinstance(item, Post)]


def skipped_of(items: list[object]) -> list[Skipped]:
    return [item for item in items if isinstance(item, Skipped)]


def test_the_source_is_guessed_from_the_content(name: str, door: Door, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    path = put(tmp_path, sample, sample.good)
    items = list(read(path, door))
    assert isinstance(items[-1], Mark)
    assert items[-1].position.startswith(f"{name}:")
    assert posts_of(items)
    assert not skipped_of(items)


def test_what_is_fetched_is_read_as_a_file_is(name: str, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    path = put(tmp_path, sample, sample.good)
    mapping = path.with_suffix(".toml") if sample.mapping else None
    fetched = read_bytes(sample.good, str(path), Door(KEY), source=name, mapping=mapping)
    assert list(fetched) == [item for item in read(path, Door(KEY)) if not isinstance(item, Mark)]


def test_reading_twice_gives_the_same(name: str, tmp_path: Path) -> None:
    path = put(tmp_path, SAMPLES[name], SAMPLES[name].good)
    assert list(read(path, Door(KEY))) == list(read(path, Door(KEY)))


def test_ids_are_unique_and_times_utc(name: str, door: Door, tmp_path: Path) -> None:
    posts = posts_of(list(read(put(tmp_path, SAMPLES[name], SAMPLES[name].good), door)))
    assert len({post.id for post in posts}) == len(posts)
    assert all(post.posted_at.tzinfo is UTC for post in posts)


def test_what_is_broken_is_reported_with_its_place_and_costs_nothing_else(
    name: str, door: Door, tmp_path: Path
) -> None:
    sample = SAMPLES[name]
    whole = {post.id for post in posts_of(list(read(put(tmp_path, sample, sample.good), door)))}
    path = put(tmp_path, sample, sample.broken)
    items = list(read(path, door, source=name))
    assert len(skipped_of(items)) == 1
    skipped = skipped_of(items)[0]
    assert skipped.file == str(path)
    assert skipped.line == sample.line
    assert ";" in skipped.what, "a message says what to do"
    kept = {post.id for post in posts_of(items)}
    assert len(kept & whole) + sample.lost >= len(whole)
    assert isinstance(items[-1], Mark)


def test_nothing_personal_gets_out(name: str, door: Door, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    for data in (sample.good, sample.broken):
        for item in read(put(tmp_path, sample, data), door, source=name):
            told = " ".join(f"{getattr(item, field.name)!r}" for field in fields(item) if field.name != "file")
            assert not [secret for secret in SECRETS if secret.lower() in told.lower()]


def test_a_killed_load_goes_on_where_it_was(
    name: str, door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verst.sources.EVERY", 1)
    path = put(tmp_path, SAMPLES[name], SAMPLES[name].good)
    whole = list(read(path, door))
    for place, item in enumerate(whole):
        if isinstance(item, Mark):
            rest = list(read(path, door, start=item.position))
            assert posts_of(rest) == posts_of(whole[place:])


def test_a_file_that_changed_is_noticed_and_read_again(name: str, door: Door, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    last = list(read(put(tmp_path, sample, sample.good), door))[-1]
    assert isinstance(last, Mark)
    changed = sample.good.replace("12 км".encode(), "13 км".encode()).replace("стоим 7".encode(), "стоим 9".encode())
    changed = changed.replace(b"8572", b"8573").replace(b"3600", b"3700")
    assert changed != sample.good
    items = list(read(put(tmp_path, sample, changed), door, start=last.position))
    assert "read again" in skipped_of(items)[0].what
    assert len(posts_of(items)) == len(posts_of(list(read(put(tmp_path, sample, changed), door))))


def test_standard_input_gives_the_same_posts(
    name: str, door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = SAMPLES[name]
    path = put(tmp_path, sample, sample.good)
    mapping = path.with_suffix(".toml") if sample.mapping else None

    class Slow(io.RawIOBase):
        """A pipe: gives a little at a time and cannot go back."""

        left = sample.good

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            piece, self.left = self.left[:7], self.left[7:]
            buffer[: len(piece)] = piece
            return len(piece)

    class Stdin:
        buffer = io.BufferedReader(Slow())

    monkeypatch.setattr(sys, "stdin", Stdin)
    from_pipe = posts_of(list(read("-", door, mapping=mapping)))
    assert from_pipe == posts_of(list(read(path, door)))


@pytest.mark.parametrize("junk", [b"", b"\x00" * 5_000, b"\xff\xfe{}", b"{" * 20_000, b"[" * 200_000, b"\n" * 9_000])
def test_rubbish_never_raises(name: str, junk: bytes, door: Door, tmp_path: Path) -> None:
    for data in (junk, SAMPLES[name].good[:-40] + junk, junk + SAMPLES[name].good):
        items = list(read(put(tmp_path, SAMPLES[name], data), door, source=name))
        assert isinstance(items[-1], Mark)


def test_every_cut_of_a_file_is_read_as_far_as_it_goes(name: str, door: Door, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    step = max(1, len(sample.good) // 60)
    for size in range(0, len(sample.good), step):
        list(read(put(tmp_path, sample, sample.good[:size]), door, source=name))


def test_errors_before_reading_say_what_to_do(door: Door, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="check the name"):
        list(read(tmp_path / "nothing.jsonl", door))
    with pytest.raises(BadFile, match="name the files"):
        list(read(tmp_path, door))
    (tmp_path / "a.jsonl").write_text("{}")
    with pytest.raises(BadSetting, match="telegram_export"):
        list(read(tmp_path / "a.jsonl", door, source="carrier_pigeon"))
