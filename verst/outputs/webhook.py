"""Signed webhooks: a POST of JSON with an idempotency key and HMAC-SHA256 over key, time and body.

The headers are those of Standard Webhooks (``webhook-id``, ``webhook-timestamp``, ``webhook-signature``), so that any
of its libraries can check them: the signature is ``v1,`` and base64 of HMAC-SHA256 over ``id.timestamp.body``.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any

import msgspec

from verst.clock import iso
from verst.errors import BadSetting
from verst.notices import Alert, Notice
from verst.outputs import Channel, Outcome, Target
from verst.outputs.reaching import Unreachable, outcome_of, post, split_url

SHORTEST_SECRET = 16  # bytes
PREFIX = "whsec_"  # before a secret in base64


def send(notice: Notice, target: Target, now: datetime) -> Outcome:
    """One attempt; the body and key are the same at every attempt, the time and with it the signature are not."""
    body = body_of(notice)
    stamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": notice.key,
        "webhook-id": notice.key,
        "webhook-timestamp": stamp,
        "webhook-signature": sign(target.own["secret"], notice.key, stamp, body),
    }
    try:
        return outcome_of(post(target.address, body, headers, allow_private=target.allow_private))
    except Unreachable as error:
        return error.outcome()


def sign(secret: str, key: str, stamp: str, body: bytes) -> str:
    """The signature of a body sent at a time (seconds since 1970) under a key."""
    signed = hmac.new(secret_bytes(secret), f"{key}.{stamp}.".encode() + body, hashlib.sha256)
    return f"v1,{b64encode(signed.digest()).decode()}"


def secret_bytes(secret: str) -> bytes:
    """A secret as bytes: base64 after ``whsec_``, else its letters. Raises BadSetting when it is too short."""
    try:
        found = b64decode(secret.removeprefix(PREFIX), validate=True) if secret.startswith(PREFIX) else secret.encode()
    except binascii.Error:
        found = b""
    if len(found) < SHORTEST_SECRET:
        raise BadSetting(
            f"the secret of a webhook has under {SHORTEST_SECRET} bytes; make one: openssl rand -base64 32"
        )
    return found


def body_of(notice: Notice) -> bytes:
    """The alert for machines, its words for people beside it."""
    told: dict[str, Any] = {
        "type": "retraction" if notice.alert.takes_back else "alert",
        "alert": as_data(notice.alert),
    }
    told |= {"title": notice.title, "body": notice.body, "lang": notice.lang, "link": notice.link}
    return msgspec.json.encode(told)


def as_data(alert: Alert) -> dict[str, Any]:
    """An alert as plain values; instants are ISO 8601, UTC."""
    data: dict[str, Any] = msgspec.to_builtins(alert)
    data |= {name: iso(getattr(alert, name)) for name in ("at", "expires")}
    data["newest"] = iso(alert.newest) if alert.newest is not None else None
    return data | {"text": dict(alert.text)}


def check(target: Target) -> None:
    """Raises BadSetting for an address or secret that cannot be used."""
    split_url(target.address)
    secret_bytes(target.own["secret"])


CHANNEL = Channel(address="https://example.org/hook", send=send, check=check, own=("secret",))
