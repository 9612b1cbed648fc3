"""A day of the bundled archive as Telegram would tell it to a bot, and what stood in the store before it began."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from verst.cli.serving import archive_files
from verst.geography import load_kinds, load_regions
from verst.model import Post
from verst.reading.reader import Reader
from verst.sources import Door, read
from verst.store import Store
from verst.work import settle
from verst.work.inputs import find_inputs
from verst.work.intake import Tally, keep_posts

Told = dict[str, Any]  # a message, chat or user, as an export or the Bot API has it
GROUPS = Path(archive_files()[0]) / "telegram"


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a group: ``name`` is its group's folder and its number there, ``update`` what a bot is told."""

    name: str
    at: datetime
    update: Told

    @property
    def post(self) -> str:
        """The id under which the bot keeps it."""
        return f"tgbot-{self.update['chat']['id']}-{self.update['message_id']}"

    @property
    def text(self) -> str:
        return str(self.update.get("text") or self.update.get("caption"))


def read_day(day: datetime) -> list[Said]:
    """What was said in the groups within 24 hours, in order; what has no words is left out."""
    told = [said for file in sorted(GROUPS.glob("*/result.json")) for said in read_group(file)]
    return sorted((s for s in told if day <= s.at < day + timedelta(days=1)), key=lambda s: (s.at, s.name))


def fullest_day() -> datetime:
    """The day (UTC) on which most was said in the groups."""
    days = [said.at.date() for file in GROUPS.glob("*/result.json") for said in read_group(file)]
    best = max(sorted(set(days)), key=days.count)
    return datetime(best.year, best.month, best.day, tzinfo=UTC)


def read_group(file: Path) -> Iterator[Said]:
    """Every message of one group that has words."""
    told = json.loads(file.read_text(encoding="utf-8"))
    chat = {"id": -1_000_000_000_000 - told["id"], "type": "supergroup", "title": told["name"]}
    known: dict[int, Told] = {}
    for each in told["messages"]:
        text = words_of(each.get("text", ""))
        if each["type"] != "message" or not text:
            continue
        message = as_message(each, chat, text, known)
        known[each["id"]] = message
        yield Said(f"{file.parent.name}/{each['id']}", datetime.fromtimestamp(message["date"], UTC), message)


def as_message(each: Told, chat: Told, text: str, known: Mapping[int, Told]) -> Told:
    """A message of an export as the Bot API has it."""
    message: Told = {"message_id": each["id"], "date": int(each["date_unixtime"]), "chat": chat}
    message["from"] = as_user(each["from_id"], each["from"])
    pictured = {"photo": [{"file_id": "x", "file_unique_id": "x", "width": 90, "height": 90}], "caption": text}
    message |= pictured if "photo" in each else {"text": text}
    if (answered := known.get(each.get("reply_to_message_id", 0))) is not None:
        message["reply_to_message"] = {k: v for k, v in answered.items() if k != "reply_to_message"}
    if "forwarded_from_id" in each:
        message["forward_origin"] = as_origin(each)
    return message


def as_user(name: str, shown: str) -> Told:
    return {"id": number_of(name), "is_bot": False, "first_name": shown or "x"}


def number_of(name: str) -> int:
    """The number in ``user1`` or ``channel1``."""
    return int(name.removeprefix("user").removeprefix("channel"))


def as_origin(each: Told) -> Told:
    """Where a forwarded message comes from."""
    date, whose = int(each["forwarded_date_unixtime"]), each["forwarded_from_id"]
    if whose.startswith("user"):
        return {"type": "user", "date": date, "sender_user": as_user(whose, each["forwarded_from"])}
    chat = {"id": -1_000_000_000_000 - number_of(whose), "type": "channel", "title": each["forwarded_from"]}
    return {"type": "channel", "date": date, "chat": chat, "message_id": 1}


def words_of(text: str | list[Any]) -> str:
    """The words of a message, its entities as they were written."""
    parts = [text] if isinstance(text, str) else text
    return "".join(part if isinstance(part, str) else part["text"] for part in parts).strip()


def read_rest(door: Door) -> list[Post]:
    """Every post of the archive, in order, through the door."""
    found = [item for each in find_inputs(archive_files()[0]) for item in read(each, door) if isinstance(item, Post)]
    return sorted(found, key=lambda post: (post.posted_at, post.id))


def keep(posts: Iterable[Post], store: Store, reader: Reader, until: datetime | None = None) -> None:
    """Keep posts as `verst load` does; ``until``: and make the estimates up to then."""
    with store.sole():
        keep_posts(list(posts), store, reader, Tally(), [])
        if until is not None:
            settle(store, load_regions(), {kind.id: kind for kind in load_kinds()}, now=until)
