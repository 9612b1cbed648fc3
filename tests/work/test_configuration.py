"""The operator's one file: written with comments, checked with lines, its secrets elsewhere."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.alerts.scenes import region
from verst.cli import app
from verst.errors import BadSetting
from verst.geography import load_regions
from verst.work.configuration import config_file, read_config
from verst.work.ears import read_ears
from verst.work.subscribers import read_telling

KEY = b"k" * 32


def write(folder: Path, text: str) -> Path:
    file = folder / "verst.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return file


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VERST_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("VERST_CONFIG", raising=False)
    return tmp_path / "home"


def test_init_writes_a_file_that_does_nothing_and_never_over_one_that_is_there(home: Path) -> None:
    said = CliRunner().invoke(app, ["init"])
    file = home / "verst.toml"
    assert said.exit_code == 0 and str(file) in said.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_config(file).table == {} and read_telling(file, lambda: KEY, []).subscribers == ()
    file.write_text('board = "https://board.example"\n', encoding="utf-8")
    with pytest.raises(BadSetting, match="--force"):
        CliRunner().invoke(app, ["init"], catch_exceptions=False)
    assert "board.example" in file.read_text(encoding="utf-8")
    CliRunner().invoke(app, ["init", "--force"])
    assert "board.example/" not in file.read_text(encoding="utf-8") and read_config(file).table == {}


def test_every_line_of_the_file_works_when_it_is_switched_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands behind # is right: an example that is taken over must not be refused."""
    CliRunner().invoke(app, ["init"])
    file = home / "verst.toml"
    on = re.sub(r"^# (?=[\[a-z_]+[\]=]|[a-z_]+ = )", "", file.read_text(encoding="utf-8"), flags=re.M)
    write(home, on)
    (home / "counts.toml").write_text("")
    (home / "mail-password").write_text("pass-word\n")
    from tests.telling.ways import web_push

    with web_push() as way:
        (home / "push-key").write_text(way.shared["private_key"])
    monkeypatch.setenv("TELEGRAM_TOKEN", "12345:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    monkeypatch.setenv("HOOK_SECRET", "a-long-secret-of-theirs")
    telling = read_telling(file, lambda: KEY, load_regions())
    assert [each.channel for each in telling.subscribers] == ["telegram", "email", "webhook", "ntfy"]
    assert telling.push_key and telling.board == "https://board.example.org"
    assert [ear.source for ear in read_ears(file)] == [
        "feed",
        "telegram_web",
        "json_table",
        "bluesky",
        "telegram_account",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('board = "https://b.example"\nboards = 1\n', "verst.toml, line 2: nothing is called 'boards'"),
        ("# a\n[pigeon]\nx = 1\n", "verst.toml, line 2: nothing is called 'pigeon'"),
        ("a = [\n", "not valid TOML (at end of document"),
        ('x = 1\ny = "\n', "line 2"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadSetting, match=re.escape(told)):
        read_config(write(tmp_path, text))


def test_an_ear_and_a_subscriber_are_named_with_their_lines(tmp_path: Path) -> None:
    ears = '[[ear]]\nname = "a"\nurl = "https://a.example"\n\n[[ear]]\nname = "b"\nurl = "https://b.example"\n'
    with pytest.raises(BadSetting, match=r"verst\.toml, line 8, ear 2: 'loud'"):
        read_ears(write(tmp_path, ears + "loud = true\n"))
    with pytest.raises(BadSetting, match=r"verst\.toml, line 5, ear 2, minutes"):
        read_ears(write(tmp_path, ears + "minutes = 0\n"))
    hook = '[[subscriber]]\nchannel = "ntfy"\naddress = "https://ntfy.sh/topic"\nsekret = "x"\n'
    with pytest.raises(BadSetting, match=r"verst\.toml, line 11, subscriber 1: nothing is called 'sekret'"):
        read_telling(write(tmp_path, ears + hook), lambda: KEY, [region()])


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ('{ env = "NOT_SET_HERE" }', "line 2, token: the environment has no NOT_SET_HERE"),
        ('{ file = "not-there" }', "cannot be read"),
        ('{ file = "empty" }', "is empty"),
    ],
)
def test_a_secret_that_is_not_there_is_said(tmp_path: Path, value: str, told: str) -> None:
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(BadSetting, match=told):
        read_config(write(tmp_path, f"[telegram]\ntoken = {value}\n"))


def test_a_file_that_was_named_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERST_CONFIG", str(tmp_path / "missing.toml"))
    with pytest.raises(BadSetting, match="VERST_CONFIG"):
        read_config(config_file())


def test_addresses_in_a_file_that_others_can_read_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path, '[[ear]]\nname = "a"\nurl = "https://a.example"\n')
    file.chmod(0o644)
    assert read_ears(file), "what is listened to is no secret"
    file.write_text('[telegram]\ntoken = "12345:x"\n', encoding="utf-8")
    with pytest.raises(BadSetting, match="chmod 600"):
        read_config(file)
