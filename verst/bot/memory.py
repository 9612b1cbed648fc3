"""What the bot keeps of a chat, as a state of the store: no name, no member, no word of anybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from verst.store import Store

COOL_DOWN = timedelta(minutes=15)  # the same question in one chat is answered once in so long
KEPT = timedelta(days=2)  # what was answered
PLACE = "bot:offset"


class Chat(msgspec.Struct, kw_only=True):
    """One chat. Times are UTC. ``answered``: when each kind of question was answered last, by place, topic and means;
    ``pinned``: the message that is kept up to date, and when it was last.
    """

    crossing: str | None = None
    lang: str | None = None
    muted_until: datetime | None = None
    answered: dict[str, datetime] = {}
    pinned: int | None = None
    pinned_at: datetime | None = None

    def is_cool(self, key: str, at: datetime) -> bool:
        """Whether that question was not answered lately."""
        last = self.answered.get(key)
        return last is None or at - last >= COOL_DOWN

    def note(self, key: str, at: datetime) -> None:
        """A question of that kind is answered now; what is old is forgotten."""
        self.answered = {name: when for name, when in self.answered.items() if at - when < KEPT} | {key: at}


def recall(store: Store, chat: int) -> Chat:
    """What is kept of a chat; nothing where it is new."""
    kept = store.state(name_of(chat))
    return msgspec.json.decode(kept, type=Chat) if kept else Chat()


def name_of(chat: int) -> str:
    """The name of the state of a chat."""
    return f"bot:chat:{chat}"


def as_state(chat: int, memory: Chat) -> tuple[str, bytes]:
    """The state to keep of a chat."""
    return name_of(chat), msgspec.json.encode(memory)


def forget(chat: int) -> tuple[str, bytes]:
    """The state of a chat that the bot was taken out of: none."""
    return name_of(chat), b""


def all_chats(states: dict[str, Any]) -> list[int]:
    """The chats that something is kept of."""
    return sorted(int(name.rpartition(":")[2]) for name in states if name.startswith("bot:chat:"))
