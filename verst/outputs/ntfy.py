"""ntfy: a message to a topic of ntfy.sh or of a server of one's own, under a number that makes a repeat replace it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from verst.errors import BadSetting
from verst.notices import Notice
from verst.outputs import Channel, Outcome, Target
from verst.outputs.reaching import Unreachable, outcome_of, post, split_url

MOST_BYTES = 4_096  # of a message; longer ones ntfy makes a file of
URGENT = ("closed", "refused", "wait_doubled")


def send(notice: Notice, target: Target, now: datetime) -> Outcome:
    """One attempt, as JSON: headers would not carry every script."""
    parts = split_url(target.address)
    server, topic = parts._replace(path="/").geturl(), parts.path.strip("/")
    urgent = notice.alert.takes_back is not None or notice.alert.reason in URGENT
    told: dict[str, Any] = {"topic": topic, "title": notice.title, "message": cut(notice.body, MOST_BYTES)}
    told |= {"priority": 4 if urgent else 3, "tags": [notice.alert.reason], "sequence_id": notice.key}
    if notice.link:
        told["click"] = notice.link
    token = target.own.get("token") or target.shared.get("token")
    headers = {"Content-Type": "application/json", "Idempotency-Key": notice.key}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    try:
        return outcome_of(post(server, msgspec.json.encode(told), headers, allow_private=target.allow_private))
    except Unreachable as error:
        return error.outcome()


def cut(text: str, most: int) -> str:
    """A text of at most so many bytes of UTF-8, whole letters only.

    >>> cut("длинно", 7), cut("short", 9)
    ('дл…', 'short')
    """
    data = text.encode()
    return text if len(data) <= most else data[: most - 3].decode(errors="ignore") + "…"


def check(target: Target) -> None:
    """Raises BadSetting for an address that names no topic."""
    topic = split_url(target.address).path.strip("/")
    if not topic or "/" in topic:
        raise BadSetting("an ntfy address names no topic; write https://ntfy.sh/topic")


CHANNEL = Channel(address="https://ntfy.sh/topic", send=send, check=check, own=("token?",), shared=("token?",))
