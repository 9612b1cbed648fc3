"""`verst bot`: the Telegram bot, in groups and with one person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from verst.cli.loading import StoreOption
from verst.cli.says import flush_output, print_line, warn, warn_skipped
from verst.errors import BadSetting

if TYPE_CHECKING:
    from verst.bot.questions import Left
    from verst.bot.running import Runner
    from verst.bot.talk import Reply
    from verst.store import Store

WISHES, ONCE_PLAIN = "bot-wishes", "bot-wishes.json"


def bot(
    store: StoreOption = None,
    check: Annotated[bool, typer.Option("--check", help="ask Telegram who the bot is, and end")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="say as JSON lines what became of each message of a group, and why; no words")
    ] = False,
) -> None:
    """Listen and answer as a Telegram bot until interrupted, and tell people what they asked for; see docs/bot.md."""
    import asyncio

    from verst.work import open_home_store

    opened = open_home_store(store)
    try:
        asyncio.run(run(opened, check, as_json))
    finally:
        opened.close()


async def run(store: Store, check: bool, as_json: bool = False) -> None:
    """The bot over a store. Raises BadSetting where its token is none, or the package is missing."""
    import asyncio
    import signal

    runner = make_runner(store, bot_settings())
    if as_json:
        runner.on_judged = say_judged
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    from aiogram.exceptions import TelegramUnauthorizedError

    try:
        if check:
            me = await runner.bot.get_me()
            warn(f"the bot is @{me.username}; it reads groups: {'yes' if me.can_read_all_group_messages else 'no'}")
            return
        with kept_and_told(runner):
            warn("the bot listens    (Ctrl-C ends it; nothing is lost)")
            await runner.run(ended)
    except TelegramUnauthorizedError:
        raise BadSetting(
            "Telegram does not know the token; write in [telegram] of verst.toml what @BotFather gave"
        ) from None
    finally:
        await runner.bot.session.close()


@contextmanager
def kept_and_told(runner: Runner) -> Iterator[None]:
    """While this lasts, the store grows old and alerts are found and told, as `verst up` does.

    Where that runs too, whoever comes first finds an alert and tells a subscriber, and the other leaves it alone.
    """
    from verst.cli.serving import kept_current
    from verst.cli.telling import load_telling, told_beside

    world = runner.world
    telling = load_telling(world.regions)
    with (
        told_beside(world.store, world.regions, world.kinds, telling) as find_alerts,
        kept_current(world.store, world.regions, world.kinds, find_alerts),
    ):
        runner.find_alerts = find_alerts
        yield


def say_judged(post: str, found: Reply | Left) -> None:
    """What became of one message, as a line of JSON: by the id it is kept under, without its words or the answer's."""
    why = getattr(found, "why", None)
    print_line({"post": post, "did": "answered" if why is None else "left_alone", "why": why})
    flush_output()


def bot_settings() -> dict[str, Any]:
    """What verst.toml says of the bot. Raises BadSetting."""
    from verst.work.configuration import config_file, read_config

    config = read_config(config_file())
    table = config.table.get("telegram")
    if not isinstance(table, dict) or not isinstance(table.get("token"), str):
        raise BadSetting(f"{config.file}: no token of a bot; write [telegram] with token in it (verst init shows how)")
    return {**table, "board": config.table.get("board")}


def make_runner(store: Store, settings: dict[str, Any]) -> Runner:
    """A bot that talks to Telegram, or to a Bot API server of one's own (``api``)."""
    try:
        from aiogram import Bot
        from aiogram.client.session.aiohttp import AiohttpSession
        from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
        from aiogram.utils.token import TokenValidationError
    except ImportError:
        raise BadSetting("the bot needs the package aiogram; install it: pip install 'verst[bot]'") from None
    from verst.bot.running import Runner
    from verst.bot.sealing import SealedFile
    from verst.bot.wishes import Wishes
    from verst.bot.world import World
    from verst.clock import now
    from verst.geography import load_kinds, load_regions
    from verst.reading.reader import Reader
    from verst.work.home import make_home, open_door, subscribers_key

    api = settings.get("api")
    session = AiohttpSession(api=TelegramAPIServer.from_base(api) if api else PRODUCTION)
    try:
        client = Bot(settings["token"], session=session)
    except TokenValidationError:
        raise BadSetting("the token in [telegram] of verst.toml is none; write what @BotFather gave") from None
    reader = Reader.load()
    kinds = {kind.id: kind for kind in load_kinds()}
    world = World(store, load_regions(), kinds, reader, board=settings.get("board"))
    home = make_home()
    wishes = Wishes(SealedFile(home / WISHES, subscribers_key(), plain=home / ONCE_PLAIN))
    return Runner(client, world, open_door(reader.places.about), wishes, now, warn_skipped)
