"""What each channel makes of answers that are neither yes nor the usual no."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from tests.telling.desk import BACK, NOON, SHUT, subscriber, write
from tests.telling.receivers import HttpReceiver, http_receiver
from tests.telling.ways import email, ntfy, web_push
from verst.errors import BadSetting
from verst.notices import Alert, Notice
from verst.outputs import Target, channels
from verst.outputs import email as mail
from verst.outputs.ntfy import cut
from verst.outputs.reaching import Answer
from verst.outputs.telegram import MOST_LETTERS, read
from verst.outputs.telegram import send as send_telegram
from verst.work.subscribers import Subscriber


def notice(alert: Alert, whom: Subscriber, body: str | None = None) -> Notice:
    title, words, lang, link = write(alert, whom)
    return Notice(key=f"{alert.id}-{whom.id}", alert=alert, title=title, body=body or words, lang=lang, link=link)


@pytest.mark.parametrize(
    ("status", "body", "state", "fault", "after"),
    [
        (200, b'{"ok": true}', "delivered", None, None),
        (200, b"<html>log in to this wifi</html>", "waiting", "not Telegram", None),
        (200, b'{"ok": false}', "waiting", "not Telegram", None),
        (429, b'{"ok": false, "parameters": {"retry_after": 7}}', "waiting", "429", 7.0),
        (429, b'{"parameters": {"retry_after": 1e9}}', "waiting", "429", 21600.0),
        (400, b'{"parameters": {"migrate_to_chat_id": -100777}}', "refused", "new number", None),
        (401, b"{}", "waiting", "token", None),
        (403, b'{"description": "bot was blocked by the user"}', "refused", "403", None),
        (502, b"[1, 2]", "waiting", "502", None),
        (503, b'{"parameters": "none"}', "waiting", "503", None),
    ],
)
def test_telegrams_answers(status: int, body: bytes, state: str, fault: str | None, after: float | None) -> None:
    told = read(Answer(status, {}, body))
    assert (told.state, told.after) == (state, after) and (fault or "") in (told.fault or "")
    assert "-100777" not in str(told)


def test_long_words_are_cut_to_what_a_channel_takes() -> None:
    server: HttpReceiver
    with http_receiver(good=b'{"ok": true}') as server:
        target = Target(address="-1", shared={"token": "1:abcdefgh", "api": server.url}, allow_private=True)
        whom = Subscriber(id="a" * 16, channel="telegram", target=target)
        assert send_telegram(notice(SHUT, whom, "я" * 9_000), target, NOON).state == "delivered"
        assert len(server.taken[0][2].decode()) < MOST_LETTERS + 300
    with ntfy() as way, web_push() as push:
        for each in (way, push):
            whom = subscriber(each)
            told = channels()[each.channel].send(notice(SHUT, whom, "я" * 9_000), whom.target, NOON)
            assert told.state == "delivered" and len(each.took()) == 1
    assert len(cut("я" * 9_000, 100).encode()) <= 100 and cut("яя", 3) == "…"


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_the_browser_ended_is_not_tried_again(status: int) -> None:
    with web_push() as way:
        way.plan((status, {}))
        whom = subscriber(way)
        told = channels()["web_push"].send(notice(SHUT, whom), whom.target, NOON)
        assert told.state == "refused" and "ended" in (told.fault or "")


def test_a_push_says_how_long_it_is_of_use_and_who_sends_it() -> None:
    with web_push() as way, http_receiver() as server:
        whom = subscriber(replace(way, address=f"{server.url}/x"))
        channels()["web_push"].send(notice(SHUT, whom), whom.target, NOON)
        headers = server.taken[0][1]
    assert headers["ttl"] == str(6 * 3600) and headers["urgency"] == "high" and headers["topic"] == SHUT.id
    assert headers["authorization"].startswith("vapid t=") and headers["content-encoding"] == "aes128gcm"


def test_a_retraction_by_mail_answers_its_alert() -> None:
    with email() as way:
        whom = subscriber(way)
        first, back = (mail.make_message(notice(alert, whom), whom.target, NOON) for alert in (SHUT, BACK))
    assert back["In-Reply-To"] == first["Message-ID"] and first["In-Reply-To"] is None
    assert first["Auto-Submitted"] == "auto-generated" and "\n" not in str(first["Subject"])
    again = mail.make_message(notice(SHUT, whom), whom.target, NOON)
    assert again["Message-ID"] == first["Message-ID"]


def test_a_mail_server_that_is_not_there_or_speaks_no_tls_is_tried_again() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        gone = probe.getsockname()[1]
    with email() as way:
        whom = subscriber(way)
        for more in ({"server": f"127.0.0.1:{gone}"}, {"security": "starttls"}, {"user": "u", "password": "secret-p"}):
            target = replace(whom.target, shared={**whom.target.shared, **more})
            told = mail.send(notice(SHUT, whom), target, NOON)
            assert told.state == "waiting" and "secret-p" not in (told.fault or "") and way.took() == []


def test_without_pywebpush_the_channel_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "py_vapid", None)
    with web_push() as way, pytest.raises(BadSetting, match=r"pip install verst\[push\]"):
        channels()["web_push"].check(subscriber(way).target)
