"""Every channel with its server: where somebody is reached, and what arrived there."""

from __future__ import annotations

import base64
import contextlib
import json
import os
from collections.abc import Callable, Iterator

import http_ece  # type: ignore[import-untyped]
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.telling.receivers import Way, body_of, http_plan, http_receiver, smtp_server

SECRET = "a secret of the receiver's"
TOKEN = "12345:test-token-of-a-bot"


@contextlib.contextmanager
def webhook() -> Iterator[Way]:
    with http_receiver() as server:
        yield Way(
            channel="webhook", address=f"{server.url}/hook?of=somebody", own={"secret": SECRET}, shared={},
            plan=http_plan(server),
            took=lambda: [(taken[1]["idempotency-key"], body_of(taken)["title"]) for taken in server.taken],
        )  # fmt: skip


@contextlib.contextmanager
def ntfy() -> Iterator[Way]:
    with http_receiver() as server:
        yield Way(
            channel="ntfy", address=f"{server.url}/lars-alerts", own={"token": "tk_secret"}, shared={},
            plan=http_plan(server),
            took=lambda: [(body_of(taken)["sequence_id"], body_of(taken)["title"]) for taken in server.taken],
        )  # fmt: skip


@contextlib.contextmanager
def telegram() -> Iterator[Way]:
    with http_receiver(good=b'{"ok": true, "result": {"message_id": 1}}') as server:

        def took() -> list[tuple[str, str]]:
            texts = [str(body_of(taken)["text"]).splitlines() for taken in server.taken]
            return [(next(line for line in text if line.startswith("No. ")) + text[0], text[0]) for text in texts]

        yield Way(
            channel="telegram", address="-1001234", own={}, shared={"token": TOKEN, "api": server.url},
            plan=http_plan(server), took=took, dedupes=False,
        )  # fmt: skip


@contextlib.contextmanager
def email() -> Iterator[Way]:
    with smtp_server() as mailbox:

        def plan(*steps: str | tuple[int, dict[str, str]]) -> None:
            mailbox.plan += ["cut" if step == "cut" else f"{451 if step[0] >= 429 else 550} no" for step in steps]  # type: ignore[operator]

        shared = {"server": f"127.0.0.1:{mailbox.port}", "security": "none", "from": "Verst <verst@board.example>"}
        yield Way(
            channel="email", address="somebody@secret.example", own={}, shared=shared, plan=plan,
            took=lambda: [(str(mail["message-id"]), str(mail["subject"])) for mail in mailbox.taken],
        )  # fmt: skip


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@contextlib.contextmanager
def web_push() -> Iterator[Way]:
    browser, auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
    board = ec.generate_private_key(ec.SECP256R1())
    public = browser.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    der = board.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with http_receiver() as server:

        def took() -> list[tuple[str, str]]:
            told = [
                json.loads(http_ece.decrypt(taken[2], private_key=browser, auth_secret=auth)) for taken in server.taken
            ]
            return [(message["id"], message["title"]) for message in told]

        yield Way(
            channel="web_push", address=f"{server.url}/push/of-somebody",
            own={"p256dh": encode(public), "auth": encode(auth)},
            shared={"private_key": encode(der), "contact": "mailto:board@board.example"},
            plan=http_plan(server), took=took,
        )  # fmt: skip


WAYS: dict[str, Callable[[], contextlib.AbstractContextManager[Way]]] = {
    "webhook": webhook, "ntfy": ntfy, "telegram": telegram, "email": email, "web_push": web_push,
}  # fmt: skip
