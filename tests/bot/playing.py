"""A store with a wait of which people spoke, and a bot that listens to a server on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.telegram import TOKEN, Telegram
from verst.bot.running import Runner
from verst.bot.sealing import SealedFile
from verst.bot.wishes import Wishes
from verst.bot.world import World
from verst.geography import load_kinds, load_regions
from verst.model import Chat, Claim, Estimate, Evidence, Post, Reading, Report
from verst.reading.reader import Reader
from verst.sources import Door
from verst.store import Batch, Store

NOW = datetime(2022, 9, 26, 14, 0, tzinfo=UTC)
READER = Reader.load()
REGIONS, KINDS = load_regions(), {kind.id: kind for kind in load_kinds()}
QUESTION = "Сколько сейчас стоять на машине?"


def fill(store: Store) -> None:
    """A wait at Lars of which several people spoke an hour ago."""
    said = NOW - timedelta(hours=1)
    claim = Claim(kind="wait", crossing="verkhny-lars", toward="GE", mode="car", value=1800.0)
    chat = Chat(title="Верхний Ларс", kind="group", about="verkhny-lars")
    posts = [
        Post(id=f"p{n}", chat=chat, posted_at=said, text=f"стоим {28 + n} часов", author=f"{n:016x}") for n in range(5)
    ]
    reports = [
        Report(
            claim=replace(claim, value=60.0 * (28 + n)), post=post.id, posted_at=said, author=post.author, community="c"
        )
        for n, post in enumerate(posts)
    ]
    evidence = Evidence(post="p0", weight=1.0, value=1680.0, stance="saw", source="group", said_at=said)
    known = Estimate(crossing="verkhny-lars", kind="wait", at=NOW, toward="GE", mode="car", value=1800.0, p10=1680.0,
                     p90=1920.0, voices=5, newest=said, evidence=(evidence,))  # fmt: skip
    read = Reading(claims=(claim,), lang="ru")
    store.keep(Batch(posts=[(post, read) for post in posts], reports=reports, estimates=[known]))


def play(store: Store, home: Path, scene: Callable[[Telegram, Runner], Coroutine[Any, Any, None]]) -> Telegram:
    """Run a scene with a bot that listens."""
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    async def run() -> Telegram:
        async with Telegram() as telegram:
            session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.url))
            world = World(store, REGIONS, KINDS, READER, board="https://board.example")
            wishes = Wishes(SealedFile(home / "wishes", b"k" * 32))
            runner = Runner(
                Bot(TOKEN, session=session),
                world,
                Door(b"k" * 32, about_of=READER.places.about),
                wishes,
                lambda: NOW,
                lambda item: None,
            )
            ended = asyncio.Event()
            listening = asyncio.create_task(runner.run(ended))
            try:
                await scene(telegram, runner)
            finally:
                ended.set()
                await asyncio.wait_for(listening, 20)
                await session.close()
            return telegram

    return asyncio.run(run())


async def until(true: Callable[[], bool], seconds: float = 20) -> None:
    for _ in range(int(seconds / 0.05)):
        if true():
            return
        await asyncio.sleep(0.05)
    pytest.fail("it never came")


async def settled(telegram: Telegram, runner: Runner) -> None:
    """Until everything that was told was taken, and what it was answered with sent."""
    last = telegram.updates[-1]["update_id"] + 1 if telegram.updates else 0
    await until(lambda: any(offset is not None and offset >= last for offset in telegram.asked[-1:]))
    await until(lambda: not runner.sender.outgoing.waiting)
    await asyncio.sleep(0.3)


def due_now(runner: Runner) -> list[Any]:
    from verst.bot.unasked import due

    return due(runner.world, runner.wishes, runner.clock())
