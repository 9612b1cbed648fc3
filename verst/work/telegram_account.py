"""A Telegram account of the operator's as an ear: it reads channels and groups it has joined, and does nothing else.

It joins nothing, sends nothing, marks nothing as read, and never asks for a conversation between two people. What it
heard is handed on in the form that `verst.sources.telegram_account` reads, as any other address would answer: an ear
``telegram:NAME`` is asked when it is due, from the last message it was told on. It needs ``telethon``.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from verst.errors import BadSetting
from verst.outputs.reaching import Answer, Unreachable
from verst.work.configuration import config_file, read_config
from verst.work.home import make_home

SCHEME = "telegram:"
SESSION = "telegram-account"  # in VERST_HOME: whoever has this file has the account
AT_FIRST, AT_MOST = 100, 500  # messages: when a channel is asked for the first time, and each time after
AGAIN = 20  # of the last messages, which may have been edited
SECONDS = 60.0  # for an answer
SMALL = "m"  # as Telegram calls the copy of a picture that is 320 points wide
_Told = TypeVar("_Told")


@dataclass(frozen=True, slots=True)
class Settings:
    """What my.telegram.org gave for a program, and the session that logging in left; secrets all."""

    api_id: int
    api_hash: str
    session: Path


def read_settings() -> Settings:
    """The table [telegram_account] of verst.toml. Raises BadSetting."""
    config = read_config(config_file())
    table = config.table.get("telegram_account")
    number, secret = (table.get("api_id"), table.get("api_hash")) if isinstance(table, dict) else (None, None)
    if not str(number).isdecimal() or not isinstance(secret, str):
        what = "no Telegram account; write [telegram_account] with api_id (a number) and api_hash"
        raise BadSetting(f"{config.file}: {what}, from my.telegram.org (verst init shows how)")
    return Settings(int(str(number)), secret, make_home() / SESSION)


def open_account() -> Account:
    """The account as it was logged in. Raises BadSetting where it never was, or the package is missing."""
    settings = read_settings()
    if not settings.session.is_file():
        raise BadSetting(f"{settings.session} is not there: the account was never logged in; run verst listen --log-in")
    return Account(make_client(settings))


def make_client(settings: Settings) -> Any:
    """Telethon's client, which talks to Telegram alone. Raises BadSetting."""
    try:
        from telethon import TelegramClient
        from telethon.sessions import StringSession
    except ImportError:
        raise BadSetting("an account needs the package telethon; install it: pip install 'verst[telethon]'") from None
    kept = settings.session.read_text(encoding="ascii").strip() if settings.session.is_file() else ""
    try:
        session = StringSession(kept)
    except ValueError:
        raise BadSetting(f"{settings.session} is no session; take it away and run verst listen --log-in") from None
    return TelegramClient(
        session, settings.api_id, settings.api_hash, device_model="Verst", receive_updates=False,
        flood_sleep_threshold=0, request_retries=2, connection_retries=2, timeout=20,
    )  # fmt: skip


def log_in() -> None:
    """Ask for phone, code and password on the terminal, and keep the session for the owner alone. Raises BadSetting."""
    settings = read_settings()
    client = make_client(settings)
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(_log_in(client))
        keep_session(settings.session, client.session.save())
    finally:
        loop.close()


async def _log_in(client: Any) -> None:
    await client.start()
    await client.disconnect()


def keep_session(file: Path, session: str) -> None:
    """Write the session, readable by its owner alone. Raises BadSetting."""
    part = file.with_name(f"{file.name}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(session + "\n")
        part.replace(file)
    except OSError as error:
        raise BadSetting(f"{file} cannot be written ({error.strerror}); let this user write there") from error


class Account:
    """One account, asked for one channel after another. ``client``: Telethon's, or what behaves like it."""

    def __init__(self, client: Any) -> None:
        self._client, self._loop = client, asyncio.new_event_loop()

    def fetch(self, url: str, headers: Mapping[str, str], *, allow_private: bool = False) -> Answer:
        """What is new in a chat since ``If-None-Match``, or the small copy of a picture where ``url`` names a message.

        Raises Unreachable; what Telegram asks to be waited is 429.
        """
        wanted, _, picture = url.removeprefix(SCHEME).partition("/")
        known = headers.get("If-None-Match", "")
        last = int(known) if known.isdigit() else 0
        try:
            return self._do(self._ask(wanted, last, int(picture) if picture.isdecimal() else None))
        except TimeoutError:
            self._do(self._leave())
            raise Unreachable("no answer from Telegram") from None

    def close(self) -> None:
        """Let go of the connection."""
        self._do(self._leave())
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, _Told]) -> _Told:
        return self._loop.run_until_complete(asyncio.wait_for(work, SECONDS))

    async def _leave(self) -> None:
        await self._client.disconnect()

    async def _ask(self, wanted: str, last: int, picture: int | None) -> Answer:
        from telethon import errors

        try:
            if not self._client.is_connected():
                await self._client.connect()
            if not await self._client.is_user_authorized():
                raise Unreachable("the account is logged out; run verst listen --log-in")
            chat = await self._find(wanted)
            return await self._read(chat, last) if picture is None else await self._see(chat, picture)
        except errors.FloodWaitError as asked:
            return Answer(429, {"retry-after": str(asked.seconds)}, b"")
        except (errors.AuthKeyError, errors.UnauthorizedError) as error:
            raise Unreachable(f"Telegram lets this account in no more ({type(error).__name__})") from None
        except (errors.RPCError, ConnectionError, OSError) as error:
            raise Unreachable(f"no answer from Telegram ({type(error).__name__})") from None

    async def _find(self, wanted: str) -> Any:
        """The chat of that name or number among those the account has joined. Raises Unreachable."""
        async for dialog in self._client.iter_dialogs():
            entity = dialog.entity
            if dialog.is_user or getattr(entity, "left", False):
                continue
            if wanted.lower() in (str(entity.id), str(getattr(entity, "username", None) or "").lower()):
                return dialog
        raise Unreachable("the account has joined no channel or group of that name; join it by hand")

    async def _read(self, dialog: Any, last: int) -> Answer:
        found = [
            message
            async for message in self._client.iter_messages(
                dialog.entity, limit=AT_MOST if last else AT_FIRST, min_id=max(0, last - AGAIN), reverse=last > 0
            )
        ]  # from where it was on, so that none is left out; for the first time the newest
        newest = max((message.id for message in found), default=last)
        found.sort(key=lambda message: message.id)
        told = [line_of(dialog, message) for message in found if getattr(message, "action", None) is None]
        return Answer(200, {"etag": str(newest)}, b"\n".join(told))

    async def _see(self, dialog: Any, number: int) -> Answer:
        """The small copy of a message's picture, or of its video's still; empty where there is none."""
        message = await self._client.get_messages(dialog.entity, ids=number)
        data = await self._client.download_media(message, file=bytes, thumb=SMALL) if message is not None else None
        return Answer(200, {}, data or b"")


def line_of(dialog: Any, message: Any) -> bytes:
    """One message as `verst.sources.telegram_account` reads it, with the names that are shown beside it."""
    entity, sender, passed = dialog.entity, message.sender, message.forward
    people = [sender, getattr(passed, "sender", None)]
    names = [
        f"{each.first_name or ''} {each.last_name or ''}".strip() for each in people if hasattr(each, "first_name")
    ]
    if passed is not None and getattr(passed, "from_name", None):
        names.append(passed.from_name)
    chat = {"id": entity.id, "title": dialog.name, "kind": "channel" if dialog.is_channel and not dialog.is_group
            else "group", "username": getattr(entity, "username", None)}  # fmt: skip
    told = msgspec.Raw(message.to_json(ensure_ascii=False).encode("utf-8", "replace"))
    return msgspec.json.encode({"chat": chat, "message": told, "names": [name for name in names if name]})
