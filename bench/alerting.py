"""From posts at the bot to the changed board and the sent alert, at a hundred posts a second: a half of `arrival`.

`verst bot` with its polling and queue, `verst up` beside it over the same store, and a Bot API server on loopback; the
two programs are processes of their own. The groups of half the crossings say a hundred things a second. Now and then
four people say of one of the others, of which nobody has said anything, that it is closed. Timed from the last of the
four, until the board answers otherwise, and until the alert has come at the server for somebody who asked for it in
private (``/watch``). ``python -m bench.alerting 20``: at twenty a second.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bench import print_table
from bench.serve import free_port
from bench.telegram import TOKEN, Telegram
from verst.geography import load_regions
from verst.model import Crossing

VERST = str(Path(sys.executable).parent / "verst")
A_SECOND, BEFORE, PROBES = 100, 5.0, 20  # posts; seconds without probes
APART = 1.5  # seconds between probes
A_PERSON = 10  # wishes
OPEN = ("belarus",)
LONGEST = 20.0  # seconds that an alert is waited for
CHATTER = (
    "спасибо всем", "держитесь там", "у нас дождь и холодно", "всем удачи в пути, ребята", "мы ещё едем", "ого",
    "стоим {} часов на машине", "прошли за {} часов на машине", "очередь {} км", "сколько сейчас стоять?",
)  # fmt: skip
CLOSED = (
    "закрыто, никого не выпускают",
    "граница закрыта, разворачивают",
    "пункт закрыли совсем",
    "закрыт, развернули",
)


@dataclass
class Probe:
    """One crossing that was said to be closed: seconds on a clock that only goes forward."""

    crossing: str
    said: float
    board: float | None = None
    told: float | None = None


@dataclass
class Town:
    """Everybody who says something."""

    telegram: Telegram
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    people: int = 1_000
    said: int = 0

    def say(self, number: int, title: str, text: str) -> None:
        """Somebody new says something in the group of a crossing."""
        self.people, self.said = self.people + 1, self.said + 1
        chat = {"id": -1_000_000 - number, "type": "supergroup", "title": title}
        user = {"id": self.people, "is_bot": False, "first_name": "x"}
        message = {"message_id": self.people, "date": int(time.time()), "chat": chat, "from": user, "text": text}
        self.telegram.tell(message=message)

    def chat(self, number: int, title: str) -> None:
        self.say(number, title, self.dice.choice(CHATTER).format(self.dice.randrange(5, 30)))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rate = next((int(word) for word in sys.argv[1:] if word.isdigit()), A_SECOND)
        town, probes = asyncio.run(measure(Path(folder), rate))
    late = [probe for probe in probes if probe.board is None or probe.told is None]
    rows = [
        row("the board answers otherwise", [1000 * (p.board - p.said) for p in probes if p.board is not None]),
        row("the alert has come", [1000 * (p.told - p.said) for p in probes if p.told is not None]),
    ]
    print_table(
        f"{rate} posts a second, {town.said:,} in all; {len(probes)} closures, {len(late)} of them never told",
        ("from the last post until", "median ms", "p99 ms", "longest ms"), rows,
    )  # fmt: skip
    if late:
        sys.exit("bench: an alert never came")


def row(name: str, found: list[float]) -> tuple[str, str, str, str]:
    p99 = statistics.quantiles(found, n=100, method="inclusive")[98] if len(found) > 1 else found[0]
    return name, f"{statistics.median(found):,.0f}", f"{p99:,.0f}", f"{max(found):,.0f}"


async def measure(home: Path, rate: int) -> tuple[Town, list[Probe]]:
    """The programs run, the groups talk, and closures are said in between."""
    port = free_port()
    groups = [(c.id, dict(c.names)["ru"]) for r in load_regions() for c in r.crossings if ok(c)]
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(Telegram())
        settings = f'[telegram]\ntoken = "{TOKEN}"\napi = "{telegram.url}"\n'
        (home / "verst.toml").write_text(settings, encoding="utf-8")
        (home / "verst.toml").chmod(0o600)
        town = Town(telegram)
        await stack.enter_async_context(running(home, "up", "--no-demo", "--port", str(port)))
        await stack.enter_async_context(running(home, "bot"))
        session = await stack.enter_async_context(aiohttp.ClientSession(f"http://127.0.0.1:{port}"))
        probed = groups[:PROBES]
        await watch(telegram, [name for name, _ in probed])
        talking = asyncio.create_task(talk(town, list(enumerate(groups))[PROBES:], rate))
        await asyncio.sleep(BEFORE)
        probes = [await probe(town, session, n, name, title) for n, (name, title) in enumerate(probed)]
        talking.cancel()
        with suppress(asyncio.CancelledError):
            await talking
    return town, probes


def ok(crossing: Crossing) -> bool:
    """Whether it is a gate on a road; an open border cannot be closed."""
    return crossing.modes != ("air",) and crossing.id not in OPEN


@asynccontextmanager
async def running(home: Path, *words: str) -> AsyncIterator[Process]:
    """A program of the house, until this ends."""
    environment = {**os.environ, "VERST_HOME": str(home)}
    process = await asyncio.create_subprocess_exec(VERST, *words, env=environment, stderr=DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 30)


async def watch(telegram: Telegram, crossings: list[str]) -> None:
    """People ask to be told, a few crossings each."""
    for number, crossing in enumerate(crossings):
        telegram.write(f"/watch {crossing}", chat=4_000 + number // A_PERSON, by=4_000 + number // A_PERSON)
    for _ in range(600):
        if len(telegram.answers()) == len(crossings):
            return
        await asyncio.sleep(0.1)
    sys.exit("bench: the bot does not answer")


async def talk(town: Town, groups: list[tuple[int, tuple[str, str]]], rate: int) -> None:
    """So many posts a second, evenly, in groups by turns of chance."""
    begun, count = time.monotonic(), 0
    while True:
        due = int((time.monotonic() - begun) * rate)
        for _ in range(due - count):
            number, (_, title) = town.dice.choice(groups)
            town.chat(number, title)
        count = due
        await asyncio.sleep(0.01)


async def probe(town: Town, session: aiohttp.ClientSession, number: int, crossing: str, title: str) -> Probe:
    """A closure is said; when it is on the board, and when it is told."""
    before = await passage(session, crossing)
    sent = len(town.telegram.sent)
    for text in CLOSED:
        town.say(number, title, text)
    found = Probe(crossing, time.monotonic())
    until = found.said + LONGEST
    while time.monotonic() < until and (found.board is None or found.told is None):
        if found.board is None and await passage(session, crossing) != before:
            found.board = time.monotonic()
        told = [each for each in town.telegram.sent[sent:] if each["chat_id"] > 0]
        if told:
            found.told = told[0]["came"]
        await asyncio.sleep(0.01)
    await asyncio.sleep(max(0.0, found.said + APART - time.monotonic()))
    return found


async def passage(session: aiohttp.ClientSession, crossing: str) -> Any:
    """What the board says of passing there."""
    async with session.get(f"/api/v1/crossings/{crossing}") as answer:
        told = await answer.json()
    return [each for each in told["estimates"] if each["kind"] == "passage"]


if __name__ == "__main__":
    main()
