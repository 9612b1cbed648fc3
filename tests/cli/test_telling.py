"""`verst tell` and `verst up` tell what changed, from a store on the disk to a receiver on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.alerts.scenes import at, closed, opened
from tests.house import ROOT
from tests.telling.receivers import HttpReceiver, http_receiver
from verst.model import Chat, Post, Reading
from verst.store import Batch, open_store

STOPPED = "import sys, verst.clock\nfrom tests.alerts.scenes import at\nverst.clock.now = lambda: at(1)\n"
STOPPED += "from verst.cli import main\nmain()\n"


def start(home: Path, *words: str) -> subprocess.Popen[str]:
    """The program in a process of its own whose clock stands at a minute past noon of 24 September 2022."""
    environment = {**os.environ, "VERST_HOME": str(home)}
    command = [sys.executable, "-c", STOPPED, *words]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


def verst(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    process = start(home, *words)
    said, errors = process.communicate(timeout=120)
    return subprocess.CompletedProcess(words, process.returncode, said, errors)


def fill(home: Path, last_post: float = 0.0) -> None:
    """A closure at noon of 24 September 2022; a store whose last post is days old is an archive."""
    store = open_store(f"sqlite:///{home / 'verst.db'}")
    post = Post(id="p", chat=Chat(title="t", kind="group"), posted_at=at(last_post), text="x")
    store.keep(Batch(posts=[(post, Reading())], estimates=[opened(-390), closed(0)]))
    store.close()


def configure(home: Path, server: HttpReceiver) -> None:
    file = home / "verst.toml"
    file.write_text(
        f'allow_private = true\nboard = "https://board.example"\n[[subscriber]]\nchannel = "webhook"\n'
        f'address = "{server.url}/hook"\nsecret = "a-long-secret-of-theirs"\nlang = "ru"\n',
        encoding="utf-8",
    )
    file.chmod(0o600)


def test_a_dry_run_says_what_would_be_told_and_keeps_and_sends_nothing(tmp_path: Path) -> None:
    fill(tmp_path)
    with http_receiver() as server:
        configure(tmp_path, server)
        time = "2022-09-24T12:01+03:00"
        for _ in range(2):
            told = verst(tmp_path, "tell", "--dry-run", "--at", time)
            assert told.returncode == 0 and told.stdout.startswith("Verkhny Lars: Closed into Georgia\n"), told.stderr
            assert "(to 1 of 1)" in told.stdout
        row = json.loads(verst(tmp_path, "tell", "--dry-run", "--at", time, "--lang", "uk", "--json").stdout)
        assert row["alert"]["reason"] == "closed" and row["to"] == 1 and "Закрито" in row["title"]
        assert server.requests == []


def test_what_is_found_is_told_once_and_an_archive_is_not(tmp_path: Path) -> None:
    fill(tmp_path)
    with http_receiver() as server:
        configure(tmp_path, server)
        first = json.loads(verst(tmp_path, "tell", "--json").stdout)
        again = json.loads(verst(tmp_path, "tell", "--json").stdout)
        assert (first, again) == ({"new": 1, "delivered": 1, "still_waiting": 0}, {"new": 0, "still_waiting": 0})
        (taken,) = server.taken
        assert json.loads(taken[2])["link"] == "https://board.example/c/verkhny-lars?lang=ru"


def test_an_archive_tells_nobody(tmp_path: Path) -> None:
    fill(tmp_path, last_post=-60 * 24 * 4)
    told = verst(tmp_path, "tell")
    assert told.returncode == 0 and "archive" in told.stderr and "0 new" in told.stderr


@pytest.mark.parametrize(("words", "says"), [(("--at", "2022-09-24T12:00Z"), "--dry-run"), ((), "chmod 600")])
def test_what_cannot_be_done_is_said(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    file = tmp_path / "verst.toml"
    file.write_text('[telegram]\ntoken = "12345:x"\n' if not words else "")
    file.chmod(0o644)
    told = verst(tmp_path, "tell", *words)
    assert told.returncode == 2 and says in told.stderr and "Traceback" not in told.stderr
