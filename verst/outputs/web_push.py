"""Web push to a browser that subscribed (RFC 8030, 8291, 8292), with ``pywebpush`` (``pip install verst[push]``)."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from verst.errors import BadSetting
from verst.notices import Notice
from verst.outputs import Channel, Outcome, Target
from verst.outputs.ntfy import URGENT, cut
from verst.outputs.reaching import Answer, Unreachable, outcome_of, post, split_url

if TYPE_CHECKING:
    from py_vapid import Vapid02

MOST_BYTES = 2_800  # of the words: with the rest and the encryption under the 4,096 every push service takes
VALID_SECONDS = 12 * 3600  # of the signed claim; services take up to a day
ENDED = (404, 410)  # the browser took its subscription back


def send(notice: Notice, target: Target, now: datetime) -> Outcome:
    """One attempt: encrypted for the browser alone, signed with the board's key, of use until the alert expires."""
    told = {"id": notice.alert.id, "takes_back": notice.alert.takes_back, "title": cut(notice.title, 400)}
    told |= {"body": cut(notice.body, MOST_BYTES), "lang": notice.lang, "link": notice.link}
    urgent = notice.alert.takes_back is not None or notice.alert.reason in URGENT
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(0, int((notice.alert.expires - now).total_seconds()))),
        "Urgency": "high" if urgent else "normal",
        "Topic": notice.alert.id,  # a repeat takes the place of one that still waits
        **sign(target, now),
    }
    body = encrypt(msgspec.json.encode(told), target)
    try:
        return read(post(target.address, body, headers, allow_private=target.allow_private))
    except Unreachable as error:
        return error.outcome()


def read(answer: Answer) -> Outcome:
    """What the push service said."""
    if answer.status in ENDED:
        return Outcome(state="refused", fault="the browser has ended its subscription")
    return outcome_of(answer)


def sign(target: Target, now: datetime) -> dict[str, str]:
    """The headers that say who sends (VAPID)."""
    parts = split_url(target.address)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "sub": target.shared["contact"]}
    signed: dict[str, Any] = load_key(target).sign(claims | {"exp": int(now.timestamp()) + VALID_SECONDS})
    return {name: str(value) for name, value in signed.items()}


def load_key(target: Target) -> Vapid02:
    """The board's private key. Raises BadSetting when it is none, or ``pywebpush`` is not installed."""
    try:
        from py_vapid import Vapid02
    except ImportError as error:
        raise BadSetting("web push needs pywebpush; install it: pip install verst[push]") from error
    try:
        return Vapid02.from_string(private_key=target.shared["private_key"])
    except Exception:
        do = "make one: vapid --gen, and write the base64 of its DER between the lines of private_key.pem"
        raise BadSetting(f"private_key of web push is no VAPID key; {do}") from None


def public_key(target: Target) -> str:
    """The board's public key, as a browser asks for it to make a subscription. Raises BadSetting."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    point = load_key(target).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(point).rstrip(b"=").decode()


def encrypt(data: bytes, target: Target) -> bytes:
    """What only the browser can read."""
    from pywebpush import WebPusher

    keys = {"p256dh": target.own["p256dh"], "auth": target.own["auth"]}
    return bytes(WebPusher({"endpoint": target.address, "keys": keys}).encode(data)["body"])


def check(target: Target) -> None:
    """Raises BadSetting for an endpoint or keys that cannot be used."""
    split_url(target.address)
    load_key(target)
    if not target.shared["contact"].startswith(("mailto:", "https://")):
        raise BadSetting("contact of web push is where the push service can reach you; write mailto:you@example.org")
    try:
        encrypt(b"{}", target)
    except Exception:
        raise BadSetting("p256dh or auth of a web push subscription is wrong; copy both from the browser's") from None


CHANNEL = Channel(
    address="https://push.example/endpoint",
    send=send,
    check=check,
    own=("p256dh", "auth"),
    shared=("private_key", "contact"),
)
