"""Reading in a limited process: the same as here, and whatever a file does to it costs that file alone."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.samples import SAMPLES
from verst.errors import BadFile, BadSetting
from verst.model import Post, Skipped
from verst.sources import Door, Mark, blocks, read, read_bytes, sources
from verst.sources.apart import Apart, limited

KEY = b"a key of the tests, long enough"
POST = b'{"id": "%d", "posted_at": "2022-09-24T14:20+03:00", "text": "%s", "chat": {"title": "Lars"}}\n'


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    with limited() as process:
        assert process is not None
        yield process


def put(folder: Path, name: str, data: bytes, mapping: str | None = None) -> Path:
    path = folder / name
    path.write_bytes(data)
    if mapping:
        path.with_suffix(".toml").write_text(mapping, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", sorted(sources()))
@pytest.mark.parametrize("cut", [1.0, 0.6])
def test_every_source_gives_the_same_as_here(name: str, cut: float, apart: Apart, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    path = put(tmp_path, sample.file, sample.good[: int(cut * len(sample.good))], sample.mapping)
    here, there = list(read(path, Door(KEY), source=name)), list(read(path, Door(KEY), source=name, apart=apart))
    assert there == here
    assert apart.held == ("memory", "seconds", "files", "calls") or sys.platform != "linux"


def test_names_that_were_met_are_cut_out_of_later_posts(apart: Apart, tmp_path: Path) -> None:
    sample = SAMPLES["telegram_export"]
    path = put(tmp_path, sample.file, sample.good)
    assert list(read(path, Door(KEY), apart=apart)) == list(read(path, Door(KEY)))


def test_what_is_no_file_is_read_too(apart: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(POST % (1, b"3 km"))

    monkeypatch.setattr(sys, "stdin", Stdin)
    items = list(read("-", Door(KEY), apart=apart))
    assert [item.text for item in items if isinstance(item, Post)] == ["3 km"]


def test_half_signs_are_left_out(apart: Apart, tmp_path: Path) -> None:
    path = put(tmp_path, "a.jsonl", POST % (1, b"queue \\ud83d 3 km"))
    assert list(read(path, Door(KEY), apart=apart)) == list(read(path, Door(KEY)))


def test_errors_are_the_same_and_the_process_goes_on(apart: Apart, tmp_path: Path) -> None:
    nothing = put(tmp_path, "strange.json", b"\0\1\2")
    with pytest.raises(BadFile, match="no source knows what this is"):
        list(read(nothing, Door(KEY), apart=apart))
    good = put(tmp_path, "a.jsonl", POST % (1, b"3 km"))
    with pytest.raises(BadSetting, match="no source is called 'x'"):
        list(read(good, Door(KEY), source="x", apart=apart))
    whatsapp = put(tmp_path, "chat.txt", SAMPLES["whatsapp"].good)
    assert list(read(whatsapp, Door(KEY), apart=apart)) == list(read(whatsapp, Door(KEY)))
    assert isinstance(next(iter(read(good, Door(KEY), apart=apart))), Post)


def test_an_input_left_in_the_middle_spoils_nothing(apart: Apart, tmp_path: Path) -> None:
    many = put(tmp_path, "many.jsonl", b"".join(POST % (n, b"3 km") for n in range(30_000)))
    few = put(tmp_path, "few.jsonl", POST % (1, b"5 km"))
    first = read(many, Door(KEY), apart=apart)
    assert isinstance(next(first), Post)
    assert [i.text for i in read(few, Door(KEY), apart=apart) if isinstance(i, Post)] == ["5 km"]
    first.close()  # type: ignore[attr-defined]
    assert [i.text for i in read(few, Door(KEY), apart=apart) if isinstance(i, Post)] == ["5 km"]


def test_an_input_that_changed_is_read_anew(apart: Apart, tmp_path: Path) -> None:
    path = put(tmp_path, "a.jsonl", POST % (1, b"3 km"))
    mark = list(read(path, Door(KEY), apart=apart))[-1]
    assert isinstance(mark, Mark)
    put(tmp_path, "a.jsonl", POST % (1, b"4 km") + POST % (2, b"5 km"))
    items = list(read(path, Door(KEY), start=mark.position, apart=apart))
    assert [i.text for i in items if isinstance(i, Post)] == ["4 km", "5 km"]


def test_what_ends_the_process_costs_that_input_alone(apart: Apart, tmp_path: Path) -> None:
    many = put(tmp_path, "many.jsonl", b"".join(POST % (n, b"3 km") for n in range(30_000)))
    few = put(tmp_path, "few.jsonl", POST % (1, b"5 km"))
    items, found = read(many, Door(KEY), apart=apart), list[object]()
    for item in items:
        found.append(item)
        if len(found) == 10:
            assert apart.process is not None
            os.kill(apart.process.pid, signal.SIGSEGV)
    posts = [item for item in found if isinstance(item, Post)]
    told = [item for item in found if isinstance(item, Skipped)]
    assert 9 <= len(posts) < 30_000 and isinstance(found[-1], Mark)
    assert [item.file for item in told] == [str(many)] and "ended by SIGSEGV" in told[0].what
    assert [i.text for i in read(few, Door(KEY), apart=apart) if isinstance(i, Post)] == ["5 km"]


def test_no_secret_goes_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERST_HOME", "/srv/of the operator")
    with limited() as process:
        assert process is not None
        list(read(put(tmp_path, "a.jsonl", POST % (1, b"3 km")), Door(KEY), apart=process))
        assert process.process is not None
        if sys.platform == "linux":
            raw = Path(f"/proc/{process.process.pid}/environ").read_bytes()
            assert b"VERST" not in raw and KEY not in raw
    assert process.process is None


def test_blocks_are_the_same_as_here(apart: Apart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SIZE", 10)
    monkeypatch.setattr(blocks, "BEFORE", 4)
    lines = [POST % (n, b"%d km" % n) if n % 17 else b"{ broken\n" for n in range(123)]
    path = put(tmp_path, "many.jsonl", b"".join(lines))
    for part in range(3):
        here = list(blocks.read_blocks(path, Door(KEY), part=part, of=3))
        there = list(blocks.read_blocks(path, Door(KEY), part=part, of=3, apart=apart))
        assert there == here and [block.number for block in here] == list(range(part, 13, 3))
        assert all(block.before for block in here[1:])
    whole = [block for part in range(3) for block in blocks.read_blocks(path, Door(KEY), part=part, of=3, apart=apart)]
    assert sum(block.read for block in whole) == 123


def test_what_was_fetched_is_read_there_too(apart: Apart) -> None:
    data = SAMPLES["mastodon"].good
    here = list(read_bytes(data, "listen:x", Door(KEY), source="mastodon"))
    assert here and list(read_bytes(data, "listen:x", Door(KEY), source="mastodon", apart=apart)) == here


def test_a_file_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that never ends, put into the process by a package beside it."""
    (tmp_path / "slow.py").write_text(
        "import verst.sources.inside as inside\n"
        "inside.LEAST_SECONDS = 0\n"
        "inside._read = lambda errand, stream: iter(lambda: b'T1' if any(iter(int, 1)) else b'', b'x')\n"
    )
    monkeypatch.setattr("verst.sources.apart._MAIN", "import slow; from verst.sources.inside import main; main()")
    monkeypatch.syspath_prepend(str(tmp_path))
    path = put(tmp_path, "a.jsonl", POST % (1, b"3 km"))
    with limited() as process:
        assert process is not None
        items = list(read(path, Door(KEY), apart=process))
    told = [item.what for item in items if isinstance(item, Skipped)]
    assert len(told) == 1 and ("processor time" in told[0] or "SIGKILL" in told[0])
