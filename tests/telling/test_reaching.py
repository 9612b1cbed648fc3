"""Only public addresses are reached, whatever a name says of itself; signatures can be checked; waits are read."""

from __future__ import annotations

import hmac
import ipaddress
import socket
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Any

import pytest

from tests.telling.desk import NOON, SHUT
from tests.telling.receivers import http_receiver
from verst.errors import BadSetting
from verst.notices import Notice
from verst.outputs import Target, webhook
from verst.outputs.reaching import (
    Answer,
    Unreachable,
    find_addresses,
    is_public,
    outcome_of,
    post,
    read_retry_after,
    split_url,
)

NOTICE = Notice(key=f"{SHUT.id}-{'a' * 16}", alert=SHUT, title="Closed", body="Before: open.", lang="en")
PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    "2001:0:1::1", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_told_from_public_ones(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_public_ones_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_nothing_private_is_reached_by_any_spelling(host: str) -> None:
    with http_receiver() as server:
        port = server.url.rpartition(":")[2]
        with pytest.raises(Unreachable) as refused:
            post(f"http://{host}:{port}/", b"{}", {}, allow_private=False)
        assert refused.value.outcome().state in ("refused", "waiting") and server.requests == []
        if host in ("127.0.0.1", "localhost"):
            assert refused.value.forever and "allow_private" in refused.value.fault


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: Any, **__: Any) -> list[Any]:
        return [(2, 1, 6, "", (place, 443)) for place in ("93.184.216.34", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(Unreachable, match="not public"):
        find_addresses("two-faced.example", 443, allow_private=False)
    assert len(find_addresses("two-faced.example", 443, allow_private=True)) == 2


def test_a_name_that_changes_its_mind_is_reached_where_it_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = socket.getaddrinfo

    def resolve(host: Any, *more: Any, **named: Any) -> list[Any]:
        asked.append(str(host))
        return real("127.0.0.1" if host == "flips.example" else host, *more, **named)

    with http_receiver() as server:
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        port = server.url.rpartition(":")[2]
        assert post(f"http://flips.example:{port}/x", b"{}", {}, allow_private=True).status == 200
        assert asked.count("flips.example") == 1  # the connection itself asks for the number that was checked
        assert server.taken[0][1]["host"] == f"flips.example:{port}"


def test_a_redirect_is_refused_and_not_followed() -> None:
    with http_receiver() as inner, http_receiver() as server:
        server.plan.append((302, {"Location": f"{inner.url}/secret"}))
        answer = post(server.url, b"{}", {}, allow_private=True)
        assert outcome_of(answer).state == "refused" and inner.requests == []


@pytest.mark.parametrize("url", ["ftp://example.org", "file:///etc/passwd", "http://", "https://a:b@example.org/", "x"])
def test_what_is_no_address_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(BadSetting) as refused:
        split_url(url)
    assert url not in str(refused.value) or url == "x"


def test_nobody_there_is_tried_again() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(Unreachable) as missing:
        post(f"http://127.0.0.1:{port}/", b"{}", {}, allow_private=True)
    assert missing.value.outcome().state == "waiting" and str(port) not in missing.value.fault


def test_a_date_to_wait_until_is_read_against_the_servers_own_clock() -> None:
    now, then = "Sat, 24 Sep 2022 09:00:00 GMT", "Sat, 24 Sep 2022 09:02:00 GMT"
    assert read_retry_after({"retry-after": then, "date": now}) == 120.0
    assert read_retry_after({"retry-after": now, "date": then}) == 0.0
    assert read_retry_after({"retry-after": then}) is None and read_retry_after({"retry-after": "9" * 30}) == 21600.0


def test_an_endless_answer_is_cut() -> None:
    with http_receiver(good=b"x" * 1_000_000) as server:
        assert len(post(server.url, b"{}", {}, allow_private=True).body) == 65536


def test_a_webhook_can_be_checked_by_its_receiver_and_a_changed_one_is_found_out() -> None:
    secret = "whsec_" + b64encode(b"s" * 32).decode()
    with http_receiver() as server:
        target = Target(address=f"{server.url}/hook", own={"secret": secret}, allow_private=True)
        assert webhook.send(NOTICE, target, NOON).state == "delivered"
        _, headers, body = server.taken[0]
    stamp, key = headers["webhook-timestamp"], headers["webhook-id"]
    assert key == headers["idempotency-key"] == NOTICE.key and stamp == str(int(NOON.timestamp()))

    def signed(data: bytes) -> str:
        return (
            "v1,"
            + b64encode(hmac.new(b64decode(secret[6:]), f"{key}.{stamp}.".encode() + data, sha256).digest()).decode()
        )

    assert headers["webhook-signature"] == signed(body) != signed(body + b" ")
    assert b'"voices":5' in body and b'"type":"alert"' in body


def test_a_short_secret_is_no_secret() -> None:
    for secret in ("short", "whsec_%%%", "whsec_c2hvcnQ="):
        with pytest.raises(BadSetting, match="16 bytes"):
            webhook.secret_bytes(secret)


def test_counts_and_status_say_what_to_do() -> None:
    states = {
        code: outcome_of(Answer(code, {}, b"")).state for code in (200, 202, 301, 400, 401, 404, 408, 425, 429, 500)
    }
    assert [code for code, state in states.items() if state == "waiting"] == [408, 425, 429, 500]
    assert [code for code, state in states.items() if state == "delivered"] == [200, 202]
