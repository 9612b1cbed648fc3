"""Days of a chat that somebody labelled blind, at 60 times their pace through the running bot, judged line by line.

``python -m bench.bot_days``; ``--times N`` for another pace, ``--only A`` for one day, ``--show`` for every answer,
``--missed`` for what was left alone, ``--write`` puts the table into docs/bot.md. The days are those of
``tests/bot/days`` (its README says whose they are): what each message must be answered with was labelled by a writer
who knew neither the bot nor its code, and made into rules (``checks.toml``) before the bot was tried. What had been
said by then, and what channels and pages said that day, is the bundled archive's; its own groups are silent that day.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import ROOT, markdown, write_block
from bench.bot import TIMES, Case, replay
from bench.bot_day import Said, Told

FOLDER = ROOT / "tests" / "bot" / "days"
PAGE = ROOT / "docs" / "bot.md"
CHATS = {"A": (-1_001_000_000_001, "Верхний Ларс | очередь"), "B": (-1_001_000_000_002, "Ваалимаа | Нуйямаа, очередь")}
ASKED = ("answer", "may")
PASSED_ON = re.compile(r"Переслано(?:\s*\(([^)]*)\))?:\s*(.*)", re.DOTALL)
UNITS = {
    "minutes": "мин|minu?|хв|წთ|წუთ",
    "hours": r"ч\b|час|год|h\b|hour|tun|t\b|сағ|სთ|საათ",
    "days": "сут|діб|доб|дн|ден|day|päiv|vrk|тәул|күн|დღ",
    "km": "км|km|კმ",
    "vehicles": "маш|авто|vehic|көлік|მანქან|ajoneuv",
    "people": "чел|люд|peop|pers|адам|ადამიან|ihm",
}
IN_HOURS = {"days": 24.0, "minutes": 1 / 60, "hours": 1.0}
AGO = ("назад", "тому", "ago", "бұрын", "წინ", "sitten")
_NUMBER = r"(\d[\d  ]*(?:[.,]\d+)?)"
_AMOUNT = re.compile(rf"{_NUMBER}(?:(?: *([^\W\d]+))? ?(?:–|-|to) ?{_NUMBER})? *([^\W\d]+) *([^\W\d]*)")


@dataclass(frozen=True, slots=True)
class Day:
    """One labelled day: its messages, and by the name of each what its writer says of it."""

    name: str
    said: list[Said]
    labels: Mapping[str, Mapping[str, Any]]

    @property
    def at(self) -> datetime:
        """When it begins, in UTC."""
        return min(each.at for each in self.said).replace(hour=0, minute=0, second=0)


def main() -> None:
    words = sys.argv[1:]
    times = float(words[words.index("--times") + 1]) if "--times" in words else TIMES
    days = [day for day in read_days() if "--only" not in words or day.name == words[words.index("--only") + 1]]
    told: dict[str, list[Case]] = {}
    for day in days:
        with tempfile.TemporaryDirectory() as home:
            told[day.name] = asyncio.run(replay(Path(home), day, times))
        for case in told[day.name]:
            show(case, words)
    first = tomllib.loads((FOLDER / "first.toml").read_text(encoding="utf-8"))
    text = tabulate(told, first)
    print(text)
    if "--write" in words:
        write_block(PAGE, "bench.bot_days", text)


def read_days() -> Iterator[Day]:
    """Every labelled day, with the rules of its checks beside the labels."""
    rows = [json.loads(line) for line in (FOLDER / "days.jsonl").read_text(encoding="utf-8").splitlines()]
    checks = tomllib.loads((FOLDER / "checks.toml").read_text(encoding="utf-8"))
    unchecked = {row["id"] for row in rows if row["label"] in ASKED} ^ set(checks)
    if unchecked:
        sys.exit(f"bench: {min(unchecked)} is asked and has no check, or has one and is not asked")
    for name in sorted({row["day"] for row in rows}):
        day = [row for row in rows if row["day"] == name]
        labels = {row["id"]: {**row, "check": checks.get(row["id"], {})} for row in day}
        yield Day(name, list(as_said(day, *CHATS[name])), labels)


def as_said(rows: list[dict[str, Any]], chat: int, title: str) -> Iterator[Said]:
    """The messages of a day as Telegram would tell them to a bot."""
    where = {"id": chat, "type": "supergroup", "title": title}
    known: dict[str, Told] = {}
    for number, row in enumerate(rows, 1):
        at = datetime.fromisoformat(row["at"]).astimezone(UTC)
        person = int.from_bytes(hashlib.blake2b(row["author"].encode(), digest_size=5).digest(), "big")
        message: Told = {"message_id": number, "date": int(at.timestamp()), "chat": where, "text": row["text"],
                         "from": {"id": person, "is_bot": False, "first_name": row["author"]}}  # fmt: skip
        if (passed := PASSED_ON.fullmatch(row["text"])) is not None:
            source = {"id": -1_001_000_000_009, "type": "channel", "title": passed[1] or "news"}
            message["text"] = passed[2]
            message["forward_origin"] = {"type": "channel", "date": message["date"], "chat": source, "message_id": 1}
        if row["reply_to"]:
            message["reply_to_message"] = {k: v for k, v in known[row["reply_to"]].items() if k != "reply_to_message"}
        known[row["id"]] = message
        yield Said(row["id"], at, message)


def is_right(label: Mapping[str, Any], text: str) -> bool:
    """Whether an answer is what its label's check says.

    >>> told = {"label": "answer", "check": {"amounts": [["hours", 40, 60]], "never": "закрыт"}}
    >>> is_right(told, "Ожидание: 1,5–2 дня (2 часа назад)"), is_right(told, "Ожидание: 5–7 часов, 46 часов назад")
    (True, False)
    >>> is_right({"label": "leave", "check": {}}, "Ожидание: 40 часов")
    False
    """
    if label["label"] not in ASKED:
        return False
    check = label["check"]
    said = all(re.search(each, text, re.IGNORECASE) for each in check.get("says", ()))
    known = [touches(amount, wanted) for wanted in check.get("amounts", ()) for amount in find_amounts(text)]
    never = "never" in check and re.search(check["never"], text, re.IGNORECASE | re.MULTILINE) is not None
    return said and not never and (any(known) or "amounts" not in check)


def touches(amount: tuple[str, float, float], wanted: tuple[str, float, float]) -> bool:
    """Whether an amount of an answer has something of the range that is wanted."""
    unit, low, high = amount
    if wanted[0] in IN_HOURS and unit in IN_HOURS:
        by = IN_HOURS[unit] / IN_HOURS[wanted[0]]
        return low * by <= wanted[2] and wanted[1] <= high * by
    return unit == wanted[0] and low <= wanted[2] and wanted[1] <= high


def find_amounts(text: str) -> Iterator[tuple[str, float, float]]:
    """Every amount that an answer says itself, with the unit: not what it quotes, and no age.

    >>> list(find_amounts("Очередь: 18–25 км, по словам 2 человек. «Стоим 5 часов». 30 минут назад"))
    [('km', 18.0, 25.0), ('people', 2.0, 2.0)]
    """
    for line in re.sub(r"«[^»]*»|“[^”]*”|\"[^\"]*\"", "", text).splitlines():
        for found in _AMOUNT.finditer(line):
            if found[5] in AGO:
                continue
            low, high = (
                float(re.sub(r"[  ]", "", each).replace(",", ".")) for each in (found[1], found[3] or found[1])
            )
            unit = next((name for name, ways in UNITS.items() if re.match(ways, found[4])), None)
            other = next((name for name, ways in UNITS.items() if re.match(ways, found[2] or "")), unit)
            if unit is not None:
                by = IN_HOURS[other] / IN_HOURS[unit] if other in IN_HOURS and unit in IN_HOURS else 1.0
                yield unit, low * by, high


def verdict(case: Case) -> str:
    """What a message came to, by its label."""
    label = str(case.label["label"])
    if not case.replies:
        return "left" if label != "answer" else "missed"
    return "right" if all(is_right(case.label, text) for text in case.replies) else "wrong"


def show(case: Case, words: list[str]) -> None:
    """One message with what was said to it."""
    found = verdict(case)
    wanted = bool(case.replies) if "--show" in words else found == "wrong"
    if not wanted and not ("--missed" in words and found == "missed"):
        return
    print(f"{case.said.name} [{case.label['label']}] {case.said.text[:160]!r}")
    print(f"      {case.label.get('must', '')}")
    print(f"      {found}: {case.why}")
    for text in case.replies:
        print("      " + text.replace("\n", "\n      "))


def tabulate(told: Mapping[str, list[Case]], first: Mapping[str, Any]) -> str:
    """A line for each day: as it was at first sight, and now."""
    lines = []
    for name, cases in told.items():
        if name in first:
            lines.append([name, f"first, at {first[name]['commit']}", *(str(first[name][key]) for key in COLUMNS)])
        lines.append([name, "now", *(str(value) for value in count(cases).values())])
    return markdown(["day", "measured", *COLUMNS.values()], lines)


COLUMNS = {
    "messages": "messages",
    "answerable": "answerable, by label",
    "answered": "answered, of those",
    "right": "rightly, of those",
    "may": "answered where either is fine",
    "wrong": "answered wrongly",
    "jokes": "answers to what is to be left alone",
    "declined": "answers to what is to be declined",
    "twice": "answered twice",
}


def count(cases: list[Case]) -> dict[str, int]:
    """The figures of one day, by the names of `COLUMNS`."""
    told = Counter((case.label["label"], verdict(case)) for case in cases)
    answered = {label: sum(bool(case.replies) for case in cases if case.label["label"] == label)
                for label in ("answer", "may", "leave", "decline")}  # fmt: skip
    return {
        "messages": len(cases),
        "answerable": sum(case.label["label"] == "answer" for case in cases),
        "answered": answered["answer"],
        "right": told["answer", "right"],
        "may": answered["may"],
        "wrong": told["answer", "wrong"] + told["may", "wrong"],
        "jokes": answered["leave"],
        "declined": answered["decline"],
        "twice": sum(len(case.replies) > 1 for case in cases),
    }


if __name__ == "__main__":
    main()
