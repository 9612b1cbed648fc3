"""`verst load` as people run it: folders, kills, Ctrl-C, a disk with no room."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.house import ROOT
from verst.store import Store, open_store

VERST = str(Path(sys.executable).parent / "verst")
ARCHIVE = ROOT / "verst" / "archive" / "exodus_2022"


def start(home: Path, *words: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "VERST_HOME": str(home), "PYTHONUTF8": "1"}
    return subprocess.Popen([VERST, *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def load(home: Path, *words: str) -> dict[str, int]:
    process = start(home, "load", "--json", *words)
    said, errors = process.communicate(timeout=120)
    assert process.returncode == 0 and "Traceback" not in errors, errors
    counts: dict[str, int] = json.loads(said)
    return counts


def content(store: Store) -> tuple[object, ...]:
    span = store.span()
    assert span is not None
    told = [each for name in ("verkhny-lars", "vaalimaa-torfyanovka") for each in store.estimates_between(name, *span)]
    return span, list(store.reports()), told


def small_archive(folder: Path) -> Path:
    """Two chats, the posts, the pages and the counts of the bundled archive: every format in one folder."""
    for name in ("telegram/vaalimaa", "telegram/georgia_side", "pages"):
        shutil.copytree(ARCHIVE / name, folder / name)
    for name in ("posts.jsonl", "counts.csv", "counts.toml", "README.md"):
        shutil.copy(ARCHIVE / name, folder / name)
    return folder


def revision_of(file: Path) -> int:
    if not file.is_file():
        return 0
    store = open_store(f"sqlite:///{file}")
    found = store.revision()
    store.close()
    return found


def kill_in_the_middle(home: Path, folder: Path, number: int) -> bool:
    """Start a load, send it a signal once it has kept something; gives whether it was still at work."""
    file = home / "verst.db"
    before = revision_of(file)
    process = start(home, "load", str(folder))
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None and revision_of(file) <= before + 1:
        time.sleep(0.01)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors, errors
    if number == signal.SIGINT and process.returncode:
        assert process.returncode == 130 and "goes on from there" in errors
    return process.returncode != 0


def test_a_load_that_was_ended_goes_on(tmp_path: Path) -> None:
    folder = small_archive(tmp_path / "archive")
    for name in ("killed", "whole"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "key").write_text("5b" * 32)
    ended = [kill_in_the_middle(tmp_path / "killed", folder, number) for number in (signal.SIGKILL, signal.SIGINT)]
    assert any(ended), "the load was done before it could be ended"
    again = load(tmp_path / "killed", str(folder))
    whole = load(tmp_path / "whole", str(folder))
    assert whole["skipped"] == 0 and whole["new"] > again["new"], "the second load did not go on, it began again"
    stores = [open_store(f"sqlite:///{tmp_path / name / 'verst.db'}") for name in ("killed", "whole")]
    one, other = (content(store) for store in stores)
    for store in stores:
        store.close()
    assert one == other, "what is kept differs from what a load keeps that nobody ended"


def limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))


def test_a_full_disk_is_told_in_words(tmp_path: Path) -> None:
    told = subprocess.run(
        [VERST, "load", str(ARCHIVE / "telegram" / "vaalimaa")], capture_output=True, text=True, check=False,
        preexec_fn=limit_files, env={**os.environ, "VERST_HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert told.returncode == 6 and "Traceback" not in told.stderr, told.stderr
    assert str(tmp_path) in told.stderr and ("no room" in told.stderr or "write" in told.stderr)


def test_a_folder_nobody_may_write_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way of a folder")
    process = start(tmp_path / "file" / "home", "load", "-")
    _, errors = process.communicate("", timeout=60)
    assert process.returncode == 2 and "VERST_HOME" in errors and "Traceback" not in errors
