"""The bot without a board beside it, and with one: an alert is told to who asked for it, and once."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from bench.telegram import PERSON, Telegram
from tests.bot.process import run_bot, taken, until
from tests.servers import free_port
from verst.store import open_store, outbox_of

CLOSED = ("Ларс закрыт, никого не выпускают", "граница закрыта, разворачивают", "пункт закрыли совсем, развернули")
SUBSCRIBER = '[[subscriber]]\nchannel = "telegram"\naddress = "@border_alerts"\n'


async def close_lars(telegram: Telegram) -> None:
    """Somebody asks to be told, then people say that it is closed."""
    telegram.write("/watch lars", chat=PERSON, by=PERSON, date=int(time.time()))
    await until(lambda: len(telegram.answers()) == 1)
    for number, text in enumerate(CLOSED):
        telegram.write(text, by=200 + number, date=int(time.time()))
    await until(lambda: len(telegram.answers()) >= 3)  # to the person, and to the subscriber in the file
    telegram.write("закрыто, да, разворачивают всех", by=300, date=int(time.time()))
    await taken(telegram)
    await asyncio.sleep(2)


async def begin_board(home: Path) -> asyncio.subprocess.Process:
    """A board over the same store, once it answers; begun anew where another took its port in between."""
    for _ in range(3):
        port = free_port()
        with (home / "board.log").open("wb") as log:
            board = await asyncio.create_subprocess_exec(
                str(Path(sys.executable).parent / "verst"), "up", "--no-demo", "--port", str(port),
                env={**os.environ, "VERST_HOME": str(home)}, stderr=log,
            )  # fmt: skip
        while board.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return board
    raise AssertionError((home / "board.log").read_text())


@pytest.mark.parametrize("beside", [False, True])
def test_who_asked_is_told_at_once_and_once(tmp_path: Path, beside: bool) -> None:
    async def scene(telegram: Telegram) -> None:
        if not beside:
            return await close_lars(telegram)
        board = await begin_board(tmp_path)
        try:
            await close_lars(telegram)
            assert board.returncode is None, (tmp_path / "board.log").read_text()
        finally:
            if board.returncode is None:
                board.terminate()
            await board.wait()

    telegram, _ = asyncio.run(run_bot(tmp_path, scene, "allow_private = true", SUBSCRIBER))
    told = [each["text"] for each in telegram.sent if each["chat_id"] == PERSON]
    assert len(told) == 2 and "Ларс" in told[1] and told[1] != told[0]
    assert len([each for each in telegram.sent if each["chat_id"] == "@border_alerts"]) == 1
    store = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    assert [each.reason for each in outbox_of(store).alerts()] == ["closed"]
    assert [each.state for each in outbox_of(store).deliveries()] == ["delivered"]
    store.close()
