"""`verst desk`: accounts are made, listed and closed, and a changed trail is found."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.store.test_desk import act
from verst.cli import app
from verst.errors import BadSetting, NotAllowed, NotFound
from verst.store import open_store
from verst.store.desk import desk_of


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("VERST_HOME", str(tmp_path))
    return f"sqlite:///{tmp_path / 'verst.db'}"


def run(*words: str) -> str:
    done = CliRunner().invoke(app, ["desk", *words], catch_exceptions=False)
    if isinstance(done.exception, Exception):
        raise done.exception
    return done.stdout


def test_an_account_is_made_listed_and_closed(url: str) -> None:
    told = json.loads(run("add", "owl", "--role", "editor", "--board", "https://board.example/", "--json"))
    assert told["link"].startswith("https://board.example/desk/join?name=owl&key=") and told["role"] == "editor"
    assert run("list") == "owl: editor, invited, 0 recovery codes left\n"
    run("close", "owl")
    assert json.loads(run("list", "--json"))["state"] == "closed"
    with pytest.raises(NotFound):
        run("close", "lynx")
    with pytest.raises(BadSetting):
        run("add", "Real Name")


def test_the_audit_names_the_row_that_was_changed(url: str, tmp_path: Path) -> None:
    store = open_store(url)
    for n in range(4):
        desk_of(store).add(act(n))
    store.close()
    whole = json.loads(run("audit", "--json"))
    assert whole["acts"] == 4 and whole["broken_at"] is None
    assert "4 acts" in run("audit", "--head", whole["head"])
    with pytest.raises(NotAllowed, match="not in the trail"):
        run("audit", "--head", "0" * 64)
    with sqlite3.connect(tmp_path / "verst.db") as db:  # somebody with the file in hand takes the guards away
        db.execute("DROP TRIGGER acts_stay")
        db.execute("UPDATE acts SET act = replace(act, 'owl', 'lynx') WHERE n = 3")
    db.close()
    with pytest.raises(NotAllowed, match="changed at act 3"):
        run("audit")
