"""Nothing by itself: what people say in `bench.chaos`, and files that are no use to anybody."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

WAYS = ("posts", "statuses", "news", "events", "files")  # how a post comes; the form is one more
PLACES = {
    "verkhny-lars": ("Верхний Ларс", "в Грузию"), "ozinki-taskala": ("Озинки", "в Казахстан"),
    "vaalimaa-torfyanovka": ("Ваалимаа", "в Финляндию"), "mashtakovo-syrym": ("Маштаково", "в Казахстан"),
    "nuijamaa-brusnichnoye": ("Брусничное", "в Финляндию"), "yarag-kazmalyar-samur": ("Яраг-Казмаляр", "в Азербайджан"),
}  # fmt: skip
LAST = "petukhovo-zhana-zhol"  # of which nobody speaks before the end
OPEN = (
    "Открыто, пропускают {to}, очередь движется", "Только что прошел {to}, пропускают всех",
    "Граница работает, пускают {to}", "проехали {to}, открыто", "очередь {to} движется, пускают",
)  # fmt: skip
SHUT = (
    "Закрыто, {to} никого не пускают", "граница закрыта, всех разворачивают", "Стоим у шлагбаума, не выпускают",
    "Подтверждаю, закрыто, стоим", "Закрыт полностью, {to} никого не пускают",
)  # fmt: skip
WAITS = (
    "прошли границу {to} за {n} часов на машине, очередь {k} км", "стоим {n} часов, очередь {k} км",
    "пешком {to} прошли за {k} часа", "Waited {n} hours by car, the queue is {k} km",
)  # fmt: skip
CHATTER = (
    "Всем удачи!", "А где купить воды?", "Кто едет завтра? Есть два места", "Можно ли пешком?", "спасибо, родные",
    "Есть кто на месте?", "Продам зимнюю резину, недорого", "кот в переноске доехал хорошо", "+", "ааааа" * 40,
)  # fmt: skip
ODD = (
    "\u202e закрыто \u0000?",
    "\ud83d\ude97 " * 30,
    "1" * 5_000,
    "🚗🚶‍♀️ <script>alert(1)</script> 5 часов",
    "５ часов стоим",
)


@dataclass
class Sayings:
    """Posts of many people about a few crossings, each from what is so there. ``said``: by way, in the order made."""

    dice: random.Random
    said: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {way: [] for way in WAYS})
    so: dict[str, tuple[bool, datetime]] = field(default_factory=dict)  # by place: whether it is closed, until when
    n: int = 0

    def say(self, at: datetime, way: str) -> dict[str, Any]:
        """One more post of a way, posted about ``at``; now and then an edit or a repeat of an earlier one."""
        own = self.said[way]
        if own and way in ("posts", "files") and self.dice.random() < 0.06:
            return self.edit(own, at)
        place = self.dice.choice(sorted(PLACES))
        post = self.post(self.time(at), way, place, self.words(place, at))
        others = [each for some in self.said.values() for each in some[-40:]]
        if others and self.dice.random() < 0.08:
            post["text"] = self.dice.choice(others)["text"]  # handed on
        if own and self.dice.random() < 0.1:
            post["reply_to"] = {"id": self.dice.choice(own[-40:])["id"]}
        own.append(post)
        return post

    def edit(self, own: list[dict[str, Any]], at: datetime) -> dict[str, Any]:
        """A later edit of an earlier post takes its place."""
        place = self.dice.randrange(max(0, len(own) - 60), len(own))
        before = own[place]
        last = datetime.fromisoformat(before.get("edited_at") or before["posted_at"])
        made = max(at, last) + timedelta(seconds=1)
        text = self.words(before["chat"]["about"], at)
        own[place] = before | {"text": text, "edited_at": made.isoformat()}
        return own[place]

    def close(self, at: datetime, way: str) -> None:
        """Five people say within ten minutes that the last crossing is closed."""
        for n, text in enumerate(SHUT):
            post = self.post(at - timedelta(minutes=9 - 2 * n), way, LAST, text.format(to="в Казахстан"))
            self.said[way].append(post)

    def post(self, at: datetime, way: str, place: str, text: str) -> dict[str, Any]:
        self.n += 1
        chat = {"title": f"Очередь {place}", "kind": "group", "about": place}
        name = f"{way}-{self.n}"
        return {"id": name, "chat": chat, "posted_at": at.isoformat(), "lang": "ru", "text": text,
                "author": f"author {self.dice.randrange(400)}"}  # fmt: skip

    def time(self, at: datetime) -> datetime:
        """Mostly now; some come late, some are of the future, by minutes, days or years."""
        draw = self.dice.random()
        if draw < 0.02:
            return at + timedelta(minutes=self.dice.choice((3, 40, 600, 4_000, 600_000)))
        late = self.dice.expovariate(1 / 20) if draw < 0.8 else self.dice.uniform(0, 600)
        return at - timedelta(minutes=late)

    def words(self, place: str, at: datetime) -> str:
        """What somebody says of a place, by whether it is closed now."""
        closed, until = self.so.get(place, (self.dice.random() < 0.5, at))
        if until <= at:
            closed, until = not closed, at + timedelta(minutes=self.dice.uniform(40, 240))
            self.so[place] = closed, until
        kind = self.dice.choices((SHUT if closed else OPEN, WAITS, CHATTER, ODD), (4, 2, 3, 0.3))[0]
        name, to = PLACES[place]
        text = self.dice.choice(kind).replace("{to}", to).replace("{n}", str(self.dice.randrange(2, 30)))
        return f"{name}: {text}".replace("{k}", str(self.dice.randrange(1, 9)))


def as_lines(posts: list[dict[str, Any]]) -> bytes:
    """Posts one to a line of JSON."""
    return b"".join(json.dumps(post).encode() + b"\n" for post in posts)


def useless_files(dice: random.Random) -> dict[str, bytes]:
    """Corrupt and hostile files, by name: of none of them anything may be kept, and none may do harm."""
    return {
        "cut.json": b'{"name": "chat", "type": "private_supergroup", "messages": [{"id": 1, "type": "mess',
        "noise.jsonl": bytes(dice.randrange(256) for _ in range(200_000)),
        "one-line.jsonl": b'{"id": "x", "posted_at": "2022-09-24T10:00Z", "text": "'
        + b"\xd0\x96" * 4_000_000
        + b'"}\n',
        "deep.json": b"[" * 2_000_000,
        "entities.xml": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel>&b;',
        "nothing.jsonl": b"",
        "no-times.jsonl": b'{"id": "no-time", "text": "x"}\n' * 20,
        "zeros.csv": b"\0" * 100_000,
    }
