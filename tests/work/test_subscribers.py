"""The operator's file of who is told: what is wrong in it is named, and no secret is repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.alerts.scenes import closed, find, opened, region
from tests.telling.ways import web_push
from verst.errors import BadSetting
from verst.work.configuration import config_file
from verst.work.home import subscribers_key
from verst.work.subscribers import Telling, read_telling

KEY = b"k" * 32
HOOK = (
    '[[subscriber]]\nchannel = "webhook"\naddress = "https://hooks.example/secret-path"\n'
    'secret = "a-long-secret-of-theirs"\n'
)
MAIL = (
    '[email]\nserver = "smtp.example.org:465"\nfrom = "Verst <verst@example.org>"\n'
    'user = "verst"\npassword = "pass-word"\n'
)
SECRETS = ("secret-path", "a-long-secret", "somebody@", "pass-word", "12345:token")


def write(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "verst.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


def read(folder: Path, text: str, mode: int = 0o600) -> Telling:
    return read_telling(write(folder, text, mode), lambda: KEY, [region()])


def test_a_file_says_who_is_told_of_what(tmp_path: Path) -> None:
    text = (
        'board = "https://board.example/"\n'
        + MAIL
        + HOOK
        + 'lang = "ru"\nregions = ["caucasus"]\nreasons = ["closed"]\n'
    )
    text += '[[subscriber]]\nchannel = "email"\naddress = "somebody@example.org"\n'
    telling = read(tmp_path, text)
    hook, mail = telling.subscribers
    assert telling.board == "https://board.example" and (hook.channel, hook.lang) == ("webhook", "ru")
    assert hook.crossings == {"verkhny-lars"} and mail.crossings == frozenset() and not hook.target.allow_private
    (shut,) = find([opened(-300)], [closed(0)])
    (open_again,) = find([closed(-300)], [opened(0)])
    assert [hook.wants(shut), hook.wants(open_again), mail.wants(open_again)] == [True, False, True]
    assert not any(secret in repr(telling) for secret in SECRETS)


def test_no_file_is_nobody_but_a_file_that_was_named_must_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERST_HOME", str(tmp_path))
    monkeypatch.delenv("VERST_CONFIG", raising=False)
    assert config_file() == tmp_path / "verst.toml" and read_telling(config_file(), subscribers_key, []) == Telling()
    assert subscribers_key() == subscribers_key() and len(subscribers_key()) >= 16
    monkeypatch.setenv("VERST_CONFIG", str(tmp_path / "missing.toml"))
    with pytest.raises(BadSetting, match="VERST_CONFIG"):
        read_telling(config_file(), subscribers_key, [])


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="chmod 600"):
        read(tmp_path, HOOK, 0o640)


PUSH = '[web_push]\nprivate_key = "nonsense"\ncontact = "mailto:a@b.example"\n[[subscriber]]\nchannel = "web_push"\n'
WRONG = {
    "secret-path = [": "not valid TOML",
    "boards = 1\n": "nothing is called 'boards'",
    'board = "board.example"\n': "board",
    'allow_private = "no"\n': "allow_private",
    "subscriber = 3\n": r"\[\[subscriber\]\]",
    '[[subscriber]]\nchannel = "pigeon"\n': "subscriber 1: no such channel; write channel = one of email, ntfy",
    '[[subscriber]]\nchannel = "ntfy"\n': "no address; write address",
    HOOK + "sekret = 1\n": "subscriber 1: nothing is called 'sekret'",
    HOOK.replace('secret = "a-long-secret-of-theirs"', ""): "subscriber 1: secret is missing",
    HOOK.replace("a-long-secret-of-theirs", "a-long-secret"): "16 bytes",
    HOOK.replace("https://", "ftp://"): "no http",
    HOOK + 'crossings = ["nowhere"]\n': "crossings has 'nowhere'",
    HOOK + 'regions = ["nowhere"]\n': "regions has 'nowhere'",
    HOOK + 'reasons = "closed"\n': "reasons has 'closed', which is none",
    HOOK + HOOK + 'lang = "ru"\nreasons = ["closed"]\n': "twice",
    '[[subscriber]]\nchannel = "email"\naddress = "somebody@example.org"\n': r"\[email\]: server is missing",
    MAIL.replace(":465", "") + '[[subscriber]]\nchannel = "email"\naddress = "somebody@example.org"\n': "host and port",
    MAIL + '[[subscriber]]\nchannel = "email"\naddress = "somebody@\\nBcc: all"\n': "subscriber 1: an e-mail address",
    MAIL + 'security = "weak"\n[[subscriber]]\nchannel = "email"\naddress = "somebody@example.org"\n': "security",
    '[telegram]\ntoken = "12345:token-of-a-bot"\n[[subscriber]]\nchannel = "telegram"\naddress = "me"\n': "no chat",
    '[telegram]\ntoken = "token"\n[[subscriber]]\nchannel = "telegram"\naddress = "-1001"\n': "BotFather",
    '[[subscriber]]\nchannel = "ntfy"\naddress = "https://ntfy.sh/"\n': "no topic",
    PUSH + 'address = "https://p.example/x"\np256dh = "a"\nauth = "b"\n': "no VAPID key",
}


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_is_named_and_no_secret_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadSetting, match=WRONG[text]) as wrong:
        read(tmp_path, text)
    assert not any(secret in str(wrong.value) for secret in SECRETS) and "verst.toml" in str(wrong.value)


def test_the_same_address_twice_with_the_same_wishes_is_one(tmp_path: Path) -> None:
    assert len(read(tmp_path, HOOK + HOOK).subscribers) == 1


def test_the_public_half_of_the_push_key_is_what_browsers_ask_for(tmp_path: Path) -> None:
    with web_push() as way:
        table = "".join(f'{name} = "{value}"\n' for name, value in way.shared.items())
        telling = read(tmp_path, f"[web_push]\n{table}")
    key = telling.push_key or ""
    assert len(key) == 87 and key.startswith("B") and way.shared["private_key"] not in repr(telling)
    assert read(tmp_path, HOOK).push_key is None
    with pytest.raises(BadSetting, match=r"verst.toml, line 1, \[web_push\]: private_key of web push is no VAPID key"):
        read(tmp_path, '[web_push]\nprivate_key = "none"\ncontact = "mailto:a@b.example"\n')
