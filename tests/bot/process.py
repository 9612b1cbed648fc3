"""The real `verst bot`, in a process of its own, that talks to a server on loopback."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bench.telegram import TOKEN, Telegram


async def run_bot(
    home: Path, scene: Callable[[Telegram], Awaitable[None]], settings: str = "", after: str = ""
) -> tuple[Telegram, bytes]:
    """Run a scene with a bot whose folder is ``home``; gives the server and all that the bot printed."""
    async with Telegram() as telegram:
        file = home / "verst.toml"
        file.write_text(f'{settings}\n[telegram]\ntoken = "{TOKEN}"\napi = "{telegram.url}"\n{after}', encoding="utf-8")
        file.chmod(0o600)
        bot = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).parent / "verst"), "bot", "--json",
            env={**os.environ, "VERST_HOME": str(home)}, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            await asyncio.wait_for(scene(telegram), 120)
        finally:
            bot.terminate()
            said, _ = await bot.communicate()
        assert bot.returncode == 0, said.decode()
        return telegram, said


async def taken(telegram: Telegram) -> None:
    """Until the bot has kept everything that was told."""
    last = telegram.updates[-1]["update_id"] + 1 if telegram.updates else 0
    await until(lambda: any(offset is not None and offset >= last for offset in telegram.asked[-1:]))


async def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something."""
    for _ in range(int(seconds / 0.05)):
        if true():
            return
        await asyncio.sleep(0.05)
    pytest.fail("it never came")
