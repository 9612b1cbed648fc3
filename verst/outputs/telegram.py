"""A message of a Telegram bot to a chat or channel it was let into (Bot API, ``sendMessage``).

Telegram knows no idempotency key: when the line is cut between its taking a message and its saying so, the message is
sent again. The number at the end of each text tells readers that it is the same.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import msgspec

from verst.errors import BadSetting
from verst.notices import Notice
from verst.outputs import DELIVERED, Channel, Outcome, Target
from verst.outputs.reaching import LONGEST_WAIT, Answer, Unreachable, outcome_of, post, split_url

API = "https://api.telegram.org"
MOST_LETTERS = 4_096
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def send(notice: Notice, target: Target, now: datetime) -> Outcome:
    """One attempt."""
    text = "\n".join(part for part in (notice.title, notice.body, notice.link) if part)
    told = {"chat_id": target.address, "text": text[:MOST_LETTERS], "link_preview_options": {"is_disabled": True}}
    url = f"{target.shared.get('api', API).rstrip('/')}/bot{target.shared['token']}/sendMessage"
    headers = {"Content-Type": "application/json"}
    try:
        return read(post(url, msgspec.json.encode(told), headers, allow_private=target.allow_private))
    except Unreachable as error:
        return error.outcome()


def read(answer: Answer) -> Outcome:
    """What Telegram said: taken, to be tried again after so many seconds, or refused for good."""
    try:
        said = _decode(answer.body)
    except msgspec.DecodeError:
        said = {}
    if answer.status == 200 and said.get("ok") is True:
        return DELIVERED
    if answer.status == 200:
        return Outcome(state="waiting", fault="an answer that is not Telegram's")
    more = said.get("parameters")
    more = more if isinstance(more, dict) else {}
    if "migrate_to_chat_id" in more:
        return Outcome(state="refused", fault="the chat has moved; set its new number")
    known = outcome_of(answer)
    after = more.get("retry_after")
    if known.state == "waiting" and isinstance(after, int | float):
        return Outcome(state="waiting", fault=known.fault, after=min(max(0.0, float(after)), LONGEST_WAIT))
    if answer.status in (401, 404):  # the bot's own token: no fault of the chat's, and the operator can mend it
        return Outcome(state="waiting", fault="Telegram does not know the bot; see the token")
    return known


def check(target: Target) -> None:
    """Raises BadSetting for a chat or token that cannot be one."""
    if not re.fullmatch(r"-?\d{1,20}|@\w{4,64}", target.address):
        raise BadSetting("a Telegram address is no chat; write its number (such as -1001234) or @channel")
    if not re.fullmatch(r"\d+:[\w-]{8,}", target.shared["token"]):
        raise BadSetting("the Telegram token is none; write what @BotFather gave")
    split_url(target.shared.get("api", API))


CHANNEL = Channel(address="-1001234 or @channel", send=send, check=check, shared=("token", "api?"))
