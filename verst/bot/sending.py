"""Sending what waits, as fast as the platform lets us; what may be tried again waits again."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from verst.bot.memory import as_state, forget, name_of, recall
from verst.bot.outgoing import ADMIN, Outgoing, Parcel
from verst.bot.wishes import Wishes
from verst.bot.words import say
from verst.bot.world import World
from verst.model import Skipped
from verst.store import Batch
from verst.work.caution import Said

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aiogram import Bot

IDLE_SECONDS = 30.0


class Sender:
    """The queue and the one who empties it. ``clock`` gives the present in UTC."""

    def __init__(self, bot: Bot, world: World, wishes: Wishes, clock: Callable[[], datetime], on_skip: Said) -> None:
        self.bot, self.world, self.wishes, self.clock, self.on_skip = bot, world, wishes, clock, on_skip
        self.outgoing, self._woken = Outgoing(), asyncio.Event()

    def put(self, parcels: list[Parcel]) -> None:
        """Let these wait to be sent."""
        for parcel in parcels:
            self.outgoing.put(parcel)
        self._woken.set()

    async def run(self, ended: asyncio.Event) -> None:
        """Send what waits, as fast as the platform lets us."""
        while not ended.is_set():
            parcel = self.outgoing.take(time.monotonic())
            if parcel is not None:
                await self._send_one(parcel)
                continue
            rest = self.outgoing.rest(time.monotonic())
            self._woken.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), rest if rest is not None else IDLE_SECONDS)

    async def _send_one(self, parcel: Parcel) -> None:
        """One attempt; what may be tried again waits again."""
        from aiogram.exceptions import (
            TelegramAPIError,
            TelegramBadRequest,
            TelegramForbiddenError,
            TelegramNetworkError,
            TelegramRetryAfter,
            TelegramServerError,
        )

        try:
            await self._deliver(parcel)
        except TelegramRetryAfter as asked:
            self.outgoing.hold(parcel.chat, time.monotonic() + asked.retry_after)
            self.outgoing.put(parcel)
        except TelegramForbiddenError:  # thrown out, or blocked: nothing more is sent there, nothing more is known
            await asyncio.to_thread(self._forget, parcel.chat)
        except TelegramBadRequest as error:
            if parcel.edits is not None and "not modified" not in str(error):
                await asyncio.to_thread(self._unpin, parcel.chat)
        except (TelegramNetworkError, TelegramServerError):
            if parcel.edits is not None:  # an edit twice is one; a message may have arrived, and is not sent again
                self.outgoing.hold(None, time.monotonic() + 1.0)
                self.outgoing.put(parcel)
        except TelegramAPIError as error:
            self.on_skip(Skipped(file="telegram", what=f"not taken ({type(error).__name__}); it was left out"))

    async def _deliver(self, parcel: Parcel) -> None:
        from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
        from aiogram.types import LinkPreviewOptions, ReplyParameters

        quiet = LinkPreviewOptions(is_disabled=True)
        if parcel.edits is not None:
            await self.bot.edit_message_text(
                parcel.text, chat_id=parcel.chat, message_id=parcel.edits, link_preview_options=quiet
            )
            return
        to = ReplyParameters(message_id=parcel.to, allow_sending_without_reply=True) if parcel.to else None
        sent = await self.bot.send_message(parcel.chat, parcel.text, reply_parameters=to, link_preview_options=quiet)
        if not parcel.pins:
            return
        try:
            await self.bot.pin_chat_message(parcel.chat, sent.message_id, disable_notification=True)
            await asyncio.to_thread(self._pinned, parcel.chat, sent.message_id)
        except (TelegramBadRequest, TelegramForbiddenError):
            lang = recall(self.world.store, parcel.chat).lang
            self.outgoing.put(Parcel(parcel.chat, say(lang, "cannot_pin"), ADMIN, to=sent.message_id))

    def _pinned(self, chat: int, message: int) -> None:
        self._remember(chat, pinned=message, pinned_at=self.clock())

    def _unpin(self, chat: int) -> None:
        self._remember(chat, pinned=None, pinned_at=None)

    def _remember(self, chat: int, *, pinned: int | None, pinned_at: datetime | None) -> None:
        memory = recall(self.world.store, chat)
        memory.pinned, memory.pinned_at = pinned, pinned_at
        self.world.store.keep(Batch(states=[as_state(chat, memory)]))

    def _forget(self, chat: int) -> None:
        self.wishes.forget(chat)
        if self.world.store.state(name_of(chat)) is not None:
            self.world.store.keep(Batch(states=[forget(chat)]))
