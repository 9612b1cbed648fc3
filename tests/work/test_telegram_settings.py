"""The Telegram account in the operator's file: off until it is logged in, and closed to others."""

from __future__ import annotations

from pathlib import Path

import pytest
from telethon.sessions import StringSession

from verst.cli.listening import choose_fetch
from verst.errors import BadSetting
from verst.work.ears import read_ears
from verst.work.telegram_account import Settings, keep_session, read_settings

SETTINGS = """[telegram_account]
api_id = 12345
api_hash = {{ env = "HASH_OF_THE_TESTS" }}
[[ear]]
name = "group"
url = "{url}"
source = "{source}"
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VERST_HOME", str(tmp_path))
    monkeypatch.setenv("HASH_OF_THE_TESTS", "f" * 32)
    monkeypatch.delenv("VERST_CONFIG", raising=False)
    file = tmp_path / "verst.toml"
    file.write_text(SETTINGS.format(url="telegram:lars_border", source="telegram_account"))
    file.chmod(0o600)
    return file


def test_it_is_off_until_it_is_logged_in(config: Path) -> None:
    (ear,) = read_ears(config)
    assert ear.is_account and not ear.is_stream
    assert read_settings() == Settings(12345, "f" * 32, config.with_name("telegram-account"))
    with pytest.raises(BadSetting, match="run verst listen --log-in"):
        choose_fetch([ear])
    keep_session(config.with_name("telegram-account"), "no session")
    with pytest.raises(BadSetting, match="is no session"):
        choose_fetch([ear])
    session = StringSession()
    session.set_dc(2, "127.0.0.1", 443)
    keep_session(config.with_name("telegram-account"), session.save())
    assert callable(choose_fetch([ear]))
    assert config.with_name("telegram-account").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("url", "source"),
    [("telegram:lars border", "telegram_account"), ("telegram:", "telegram_account"), ("telegram:lars", "feed")],
)
def test_what_names_no_chat_is_said_with_its_line(url: str, source: str, config: Path) -> None:
    config.write_text(SETTINGS.format(url=url, source=source))
    with pytest.raises(BadSetting, match=r"url: .*telegram:NAME"):
        read_ears(config)


def test_a_file_with_the_account_is_closed_to_others(config: Path) -> None:
    config.chmod(0o644)
    with pytest.raises(BadSetting, match="can be read by others"):
        read_settings()
