"""A group as Telegram Desktop exports it: the keys, their order and the layout of ``result.json``."""

from __future__ import annotations

import json
import re
from typing import Any

from archive_src.lines import Line, Script, number_from
from archive_src.people import NAMES

LABEL = "reconstructed from dated public facts"
_ENTITY = re.compile(
    r"(?P<email>[\w.]+@[\w-]+\.\w+)|(?P<mention>@[a-z_]{4,})|(?P<phone>\+7 900[ \d-]{8,12}\d)|(?P<link>https?://\S+)"
    r"|(?P<hashtag>#\w+)"
)


def export_of(script: Script, urls: dict[str, str]) -> str:
    """The text of ``result.json`` of one group."""
    lines = sorted(script.lines, key=lambda line: line.at)
    ids = {id(line): 1000 + place * 3 + number_from(script.name, place, below=3) for place, line in enumerate(lines)}
    _name_authors(script, lines)
    head = script.head
    told: dict[str, Any] = {
        "name": head["title"],
        "type": head.get("type", "public_supergroup"),
        "id": 1_500_000_000 + number_from(script.name, "id", below=90_000_000),
        "about": head.get("about") or None,
        "label": LABEL,
    }
    if head.get("official") == "yes":
        told["official"] = True
    told["messages"] = [_message(line, ids, script, urls) for line in lines]
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _name_authors(script: Script, lines: list[Line]) -> None:
    channel = script.head.get("type") == "public_channel"
    for place, line in enumerate(lines):
        if channel:
            line.author = script.head["title"]
        elif line.author == "=" and line.parent is not None:
            root = line.parent
            while root.parent is not None:
                root = root.parent
            line.author = root.author
        elif not line.author:
            line.author = _stranger(script.name, place, line.parent.author if line.parent else None)
        elif line.author not in NAMES:
            line.author = NAMES[number_from(line.author, below=len(NAMES))]


def _stranger(name: str, place: int, asked: str | None) -> str:
    found = NAMES[number_from(name, place, "who", below=len(NAMES))]
    return found if found != asked else NAMES[(NAMES.index(found) + 1) % len(NAMES)]


def _who(script: Script, author: str) -> str:
    if script.head.get("type") == "public_channel":
        return f"channel{1_500_000_000 + number_from(script.name, 'id', below=90_000_000)}"
    return f"user{700_000_000 + number_from(author, below=90_000_000)}"


def _message(line: Line, ids: dict[int, int], script: Script, urls: dict[str, str]) -> dict[str, Any]:
    unix = int(line.at.timestamp())
    told: dict[str, Any] = {
        "id": ids[id(line)],
        "type": "service" if line.service else "message",
        "date": line.at.strftime("%Y-%m-%dT%H:%M:%S"),
        "date_unixtime": str(unix),
    }
    if line.service:
        return told | _service(line, script)
    if "edit" in line.extras:
        edited = line.at.timestamp() + 60 + number_from(line.text, below=1500)
        told["edited"] = line.at.fromtimestamp(edited, line.at.tzinfo).strftime("%Y-%m-%dT%H:%M:%S")
        told["edited_unixtime"] = str(int(edited))
    told |= {"from": line.author, "from_id": _who(script, line.author)}
    if line.forwarded_from and line.forwarded_at:
        told["forwarded_from"] = line.forwarded_from
        told["forwarded_from_id"] = f"channel{1_600_000_000 + number_from(line.forwarded_from, below=90_000_000)}"
        told["forwarded_date_unixtime"] = str(int(line.forwarded_at.timestamp()))
    if line.parent is not None:
        told["reply_to_message_id"] = ids[id(line.parent)]
    told |= _attached(line)
    told |= _words(line.text)
    if line.facts:
        told |= {"facts": list(line.facts), "source_url": urls[line.facts[0]]}
    return told | {"label": LABEL}


def _service(line: Line, script: Script) -> dict[str, Any]:
    action, _, title = (line.service or "").partition(" ")
    actor = NAMES[number_from(script.name, line.at, below=len(NAMES))]
    told: dict[str, Any] = {"actor": actor, "actor_id": _who(script, actor), "action": action}
    if action == "topic_created":
        told["title"] = title
    elif action == "invite_members":
        told["members"] = [NAMES[number_from(title, line.at, below=len(NAMES))]]
    return told | {"text": "", "text_entities": []}


def _attached(line: Line) -> dict[str, Any]:
    missing = "(File not included. Change data exporting settings to download.)"
    told: dict[str, Any] = {}
    for extra in line.extras:
        kind, _, what = extra.partition(" ")
        if kind == "photo":
            told |= {"photo": missing, "width": 960, "height": 1280}
        elif kind == "video":
            told |= {"file": missing, "media_type": "video_file", "mime_type": "video/mp4", "duration_seconds": 21}
        elif kind == "voice":
            told |= {"file": missing, "media_type": "voice_message", "mime_type": "audio/ogg", "duration_seconds": 9}
        elif kind == "sticker":
            told |= {"file": missing, "media_type": "sticker", "sticker_emoji": what, "width": 512, "height": 512}
        elif kind == "file":
            told |= {"file": missing, "file_name": what, "mime_type": "application/pdf"}
    return told


def _words(text: str) -> dict[str, Any]:
    """``text`` is a plain string, or a list where something in it is a link, a handle or a phone."""
    parts: list[Any] = []
    entities: list[dict[str, str]] = []
    done = 0
    for found in _ENTITY.finditer(text):
        if found.start() > done:
            parts.append(text[done : found.start()])
            entities.append({"type": "plain", "text": text[done : found.start()]})
        entity = {"type": str(found.lastgroup), "text": found[0]}
        parts.append(entity)
        entities.append(entity)
        done = found.end()
    if done < len(text):
        parts.append(text[done:])
        entities.append({"type": "plain", "text": text[done:]})
    whole = any(isinstance(part, dict) for part in parts)
    return {"text": parts if whole else text, "text_entities": entities}
