"""What every sample has in it: personal data that must not come out, and the shape of a sample."""

# ruff: noqa: E501 (a sample stays on its line)

from __future__ import annotations

import json
from dataclasses import dataclass

PERSONAL = {
    "phone": "+7 928 123-45-67",
    "mail": "marina.taxi@example.org",
    "handle": "@lars_marina",
    "link": "https://t.me/lars_marina",
    "card": "4111 1111 1111 1111",
    "account": "GE29NB0000000101904917",
    "passport": "паспорт 4510 123456",
    "plate": "А123ВС77",
    "place": "43.12345, 44.56789",
    "name": "меня зовут Мелитриса",
}
SECRETS = [
    "928 123", "1234567", "marina", "4111", "101904917", "123456", "А123ВС", "43.123", "44.567", "Мелитриса", "Безыменск",
    "user777", "tg:user", "Дормидонт",
]  # fmt: skip
ALL_PERSONAL = "; ".join(PERSONAL.values())


@dataclass(frozen=True)
class Sample:
    file: str
    good: bytes
    broken: bytes  # the same with one thing broken: all else must still arrive
    line: int | None  # where it is broken
    lost: int  # posts of good that broken cannot have
    mapping: str | None = None


def lines(posts: list[dict[str, object]]) -> bytes:
    return "".join(json.dumps(post, ensure_ascii=False) + "\n" for post in posts).encode()


MAPPING = """
[table]
time_column = "date"
zone = "Asia/Tbilisi"
title = "Daily counts"
official = true
[[column]]
name = "lars"
kind = "flow"
crossing = "verkhny-lars"
toward = "GE"
[[column]]
name = "ozinki"
kind = "flow"
crossing = "ozinki-taskala"
toward = "KZ"
"""
