"""Archives read by many workers: the same bytes whoever reads them, resumable, and every item accounted for."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.sources.planted import ALL_PERSONAL, SECRETS
from verst.cli import app
from verst.errors import BadSetting
from verst.sources import Door, blocks
from verst.sources.apart import stand_by
from verst.store import open_store
from verst.work import rebuilding
from verst.work.rebuilding import read_all, shares_of

KEY = b"k" * 32


def archive(folder: Path, count: int = 90) -> Path:
    lines = []
    for n in range(count):
        post = {
            "id": f"p{n}", "chat": {"title": "Верхний Ларс", "kind": "group", "about": "verkhny-lars"}, "lang": "ru",
            "posted_at": f"2022-09-24T{n // 60 + 10:02}:{n % 60:02}+03:00", "author": f"user{n % 7}",
            "text": f"стоим {n % 20 + 1} часов, хвост {n % 9 + 2} км" if n % 3 else f"погода хорошая {ALL_PERSONAL}",
            "reply_to": {"id": f"p{n - 1}"} if n % 10 == 5 else None,
        }  # fmt: skip
        lines.append(json.dumps(post, ensure_ascii=False) if n % 31 != 30 else "{ broken")
    file = folder / "posts.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SIZE", 10)


def prints(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.glob("*.parquet"))}


def rebuild(file: Path, folder: Path, of: int = 2) -> tuple[rebuilding.Count, dict[str, str]]:
    """Everything by one worker, in the pieces of ``of`` workers."""
    shares = shares_of([file], folder, KEY, of)
    count = read_all(shares, "local", 1, lambda *_: None)
    return count, prints(folder)


def test_every_item_is_accounted_for_and_nothing_personal_is_written(tmp_path: Path) -> None:
    count, files = rebuild(archive(tmp_path), tmp_path / "out")
    assert count.items == 90 and count.skipped == 2 and count.posts == 88 and count.failed == 0
    assert count.items == count.posts + count.skipped + count.failed and len(files) == 9
    import pyarrow.parquet

    told = "".join(str(pyarrow.parquet.read_table(file).to_pydict()) for file in (tmp_path / "out").glob("*.parquet"))
    assert not [secret for secret in SECRETS if secret in told]


def test_a_block_is_the_same_of_however_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where all that lies before it within reach is broken, and posts lie further back."""
    monkeypatch.setattr(blocks, "BEFORE", 4)
    monkeypatch.setattr(blocks, "ITEMS_BEFORE", 8)
    file = archive(tmp_path)
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines[:22], *["{ broken"] * 8, *lines[30:]]) + "\n", encoding="utf-8")

    def read(of: int) -> dict[int, blocks.Block]:
        parts = [blocks.read_blocks(file, Door(KEY), part=n, of=of, apart=stand_by()) for n in range(of)]
        return {block.number: block for part in parts for block in part}

    whole = read(1)
    assert (
        len(whole) == 9
        and not whole[3].before
        and [post.id for post in whole[2].before] == ["p16", "p17", "p18", "p19"]
    )
    assert read(2) == whole and read(5) == whole


def test_it_goes_on_where_it_was_and_makes_the_same_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = archive(tmp_path)
    _, whole = rebuild(file, tmp_path / "out")
    names = sorted(whole)
    for name in names[:3]:
        (tmp_path / "out" / name).unlink()
    made: list[str] = []
    write = rebuilding.write_block
    monkeypatch.setattr(
        rebuilding, "write_block", lambda block, to, reader: (made.append(to.name), write(block, to, reader))[1]
    )
    count, again = rebuild(file, tmp_path / "out", 1)
    assert sorted(made) == names[:3] and again == whole and count.items == 90


def test_a_post_that_cannot_be_read_is_counted_and_costs_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = rebuilding._reader()

    class Fragile:
        places, findable = reader.places, reader.findable

        def read(self, post: object) -> object:
            if getattr(post, "id", "") == "p7":
                raise RuntimeError("a rule breaks")
            return reader.read(post)

    monkeypatch.setattr(rebuilding, "_reader", lambda: Fragile())
    count, _ = rebuild(archive(tmp_path), tmp_path / "out")
    assert count.failed == 1 and count.posts == 87


@pytest.mark.parametrize("engine", ["local", "ray"])
def test_the_same_bytes_whatever_the_engine_and_the_number_of_workers(tmp_path: Path, engine: str) -> None:
    """In processes of their own, with blocks as they are."""
    if engine == "ray":
        pytest.importorskip("ray")
    file = archive(tmp_path, 4_500)
    told = {}
    for workers in (1, 2):
        words = [
            "rebuild",
            str(file),
            "--out",
            str(tmp_path / f"out{workers}"),
            "--workers",
            str(workers),
            "--no-keep",
            "--json",
        ]
        words += ["--engine", engine if workers == 2 else "local"]
        done = _run(tmp_path, words)
        told[workers] = json.loads(done)
    assert told[1] == told[2] and told[1]["items"] == 4_500
    assert prints(tmp_path / "out1") == prints(tmp_path / "out2") and len(prints(tmp_path / "out1")) == 3


def _run(home: Path, words: list[str]) -> str:
    import os
    import subprocess
    import sys

    done = subprocess.run(
        [Path(sys.executable).parent / "verst", *words],
        env=os.environ | {"VERST_HOME": str(home / "home")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def test_the_store_is_the_same_as_one_loaded_post_by_post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERST_HOME", str(tmp_path / "home"))
    file = archive(tmp_path)
    urls = [f"sqlite:///{tmp_path / name}" for name in ("a.db", "b.db")]
    loaded = CliRunner().invoke(app, ["load", str(file), "--store", urls[0]])
    built = CliRunner().invoke(
        app, ["rebuild", str(file), "--out", str(tmp_path / "out"), "--workers", "1", "--store", urls[1]]
    )
    assert loaded.exit_code == 0 and built.exit_code == 0, (loaded.output, built.output)
    assert "90 in = 88 read + 2 skipped + 0 failed" in built.output
    stores = [open_store(url) for url in urls]
    one, other = ([*store.reports()] for store in stores)
    assert one == other and len(one) > 50
    at = one[-1].posted_at
    assert stores[0].estimates_at(at) == stores[1].estimates_at(at)
    assert {p.id: p.text for p, _, _ in stores[0].every_post()} == {p.id: p.text for p, _, _ in stores[1].every_post()}
    for store in stores:
        store.close()


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="standard input"):
        shares_of(["-"], tmp_path, KEY, 1)
    said = CliRunner().invoke(app, ["rebuild", str(tmp_path), "--out", str(tmp_path / "o"), "--engine", "hadoop"])
    assert isinstance(said.exception, BadSetting) and "local, ray" in str(said.exception)
