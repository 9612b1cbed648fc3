"""The loop: what Telegram tells is kept and answered, and what is to be said is sent.

What was told is kept in one transaction with how far it was told and with what the bot remembers to have answered:
after a kill nothing accepted is lost and nothing is answered twice (an answer may be missing). Nothing a chat does
ends the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from verst.bot import talk
from verst.bot.eye import Eye
from verst.bot.memory import PLACE, Chat, as_state, forget, recall
from verst.bot.outgoing import ADMIN, ANSWER, Parcel
from verst.bot.sending import Sender
from verst.bot.unasked import due
from verst.bot.wishes import Wishes
from verst.bot.world import World
from verst.errors import StoreBusy
from verst.model import Post, Skipped
from verst.sources import Door
from verst.sources.telegram_bot import read_update
from verst.work import live_until, settle
from verst.work.caution import CarefulReader, Said
from verst.work.intake import make_batch

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import Message, Update

ASKED_FOR = ["message", "edited_message", "channel_post", "edited_channel_post", "my_chat_member"]
POLL_SECONDS = 25
TICK_SECONDS = 30.0
LONGEST_WAIT = 60.0
GONE = ("left", "kicked")
ADMINS = ("creator", "administrator")


class Runner:
    """One bot over one store. ``clock`` gives the present in UTC."""

    def __init__(
        self, bot: Bot, world: World, door: Door, wishes: Wishes, clock: Callable[[], datetime], on_skip: Said
    ) -> None:
        self.bot, self.world, self.door, self.wishes, self.clock, self.on_skip = (
            bot,
            world,
            door,
            wishes,
            clock,
            on_skip,
        )
        self.sender, self.me, self.name = Sender(bot, world, wishes, clock, on_skip), 0, ""
        self._careful = CarefulReader(world.reader, on_skip)
        self._eye = Eye(bot, on_skip)

    async def run(self, ended: asyncio.Event) -> None:
        """Until ``ended`` is set."""
        me = await self._patiently(self.bot.get_me)
        self.me, self.name = me.id, me.username or ""
        tasks = [asyncio.create_task(work(ended)) for work in (self._listen, self.sender.run, self._tick)]
        await ended.wait()
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def _patiently(self, ask: Callable[[], Any]) -> Any:
        """Ask until there is an answer; what Telegram asks for is waited. Raises for a token it does not know."""
        from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError

        wait = 1.0
        while True:
            try:
                return await ask()
            except TelegramRetryAfter as asked:
                await asyncio.sleep(asked.retry_after)
            except (TelegramNetworkError, TelegramServerError) as error:
                self.on_skip(Skipped(file="telegram", what=f"no answer ({type(error).__name__}); it is asked again"))
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)

    async def _listen(self, ended: asyncio.Event) -> None:
        """Take what Telegram tells, batch after batch."""
        while not ended.is_set():
            kept = self.world.store.state(PLACE)
            offset = int(kept) if kept else None
            updates = await self._patiently(partial(self._ask, int(kept) if kept else None))
            fresh = sorted({u.update_id: u for u in updates if offset is None or u.update_id >= offset}.items())
            if fresh:
                await self.take([update for _, update in fresh])

    async def _ask(self, offset: int | None) -> list[Update]:
        return await self.bot.get_updates(
            offset=offset, timeout=POLL_SECONDS, allowed_updates=ASKED_FOR, request_timeout=POLL_SECONDS + 15
        )

    async def take(self, updates: list[Update]) -> None:
        """Keep some updates and answer them. A store that is busy is waited for: nothing is acknowledged before."""
        await self._eye.look(updates)
        admins = {u.update_id for u in updates if u.message is not None and await self._from_admin(u.message)}
        while True:
            try:
                parcels = await asyncio.to_thread(self._keep, updates, admins)
                break
            except StoreBusy:
                await asyncio.sleep(0.5)
        self.sender.put(parcels)

    async def _from_admin(self, message: Message) -> bool:
        """Whether a command that only admins may give comes from one."""
        told = talk.command_of(message.text or "", self.name)
        if told is None or told[0] not in talk.ADMIN or message.chat.type == "private":
            return False
        if message.sender_chat is not None:
            return message.sender_chat.id == message.chat.id  # an admin who stays unnamed
        if message.from_user is None:
            return False
        chat, user = message.chat.id, message.from_user.id
        with suppress(Exception):  # whatever Telegram says instead, it is no yes
            member = await self.bot.get_chat_member(chat, user)
            return member.status in ADMINS
        return False

    def _keep(self, updates: list[Update], admins: set[int]) -> list[Parcel]:
        """Posts, memory and how far it was told, in one transaction; then the board is made anew."""
        store, at = self.world.store, self.clock()
        posts = [post for update in updates for post in self._posts(update)]
        memories: dict[int, Chat] = {}
        parcels = [parcel for u in updates for parcel in self._answer(u, u.update_id in admins, memories, at)]
        states = [as_state(chat, memory) for chat, memory in memories.items()]
        states += [forget(u.my_chat_member.chat.id) for u in updates if _is_gone(u) and u.my_chat_member is not None]
        states.append((PLACE, str(updates[-1].update_id + 1).encode()))
        with store.sole():
            batch = make_batch(posts, store, self._careful, [])
            store.keep(replace(batch, states=(*batch.states, *states)))
            if posts:
                kinds = self.world.kinds
                settle(store, self.world.regions, kinds, now=live_until(store, at), on_skip=self.on_skip)
        return parcels

    def _posts(self, update: Update) -> Iterable[Post]:
        found = read_update(update.model_dump_json(by_alias=True, exclude_none=True).encode(), "telegram")
        if isinstance(found, Skipped):
            self.on_skip(found)
        elif found is not None:
            for item in self.door.admit(found, self._eye.prints(update)):
                if isinstance(item, Post):
                    yield item
                else:
                    self.on_skip(item)

    def _answer(self, update: Update, admin: bool, memories: dict[int, Chat], at: datetime) -> Iterable[Parcel]:
        """What one update is answered with."""
        told = update.message
        if (
            told is None
            or not told.text
            or (told.from_user is not None and told.from_user.is_bot)
            or told.forward_origin
        ):
            return
        message = as_message(told, self.me, admin)
        command = talk.command_of(message.text, self.name)
        if message.private:
            reply = (
                talk.obey_privately(self.world, self.wishes, message, *command, at)
                if command
                else talk.answer_privately(self.world, message, at)
            )
            yield Parcel(message.chat, reply.text, ANSWER, to=reply.to)
            return
        memory = memories.setdefault(message.chat, recall(self.world.store, message.chat))
        if command is not None:
            found = talk.obey(self.world, memory, message, *command, at)
        else:
            found = talk.answer_question(self.world, memory, message, at)
        if found is not None:
            urgency = ADMIN if admin else ANSWER
            yield Parcel(message.chat, found.text, urgency, to=found.to, edits=found.edits, pins=found.pins)

    async def _tick(self, ended: asyncio.Event) -> None:
        """Now and then: what is pinned anew, and what people asked to be told."""
        while not ended.is_set():
            self.sender.put(await asyncio.to_thread(due, self.world, self.wishes, self.clock()))
            await asyncio.sleep(TICK_SECONDS)


def as_message(told: Message, me: int, admin: bool) -> talk.Message:
    """A message as `talk` takes it."""
    answered = told.reply_to_message
    private = told.chat.type == "private"
    return talk.Message(
        chat=told.chat.id,
        id=told.message_id,
        text=told.text or "",
        private=private,
        title=told.chat.title or "",
        answers=answered.message_id if answered is not None else None,
        to_me=answered is not None and answered.from_user is not None and answered.from_user.id == me,
        admin=admin,
        lang=(told.from_user.language_code or "en").split("-")[0] if private and told.from_user is not None else None,
    )


def _is_gone(update: Update) -> bool:
    """Whether the bot was taken out of a chat."""
    changed = update.my_chat_member
    return changed is not None and changed.new_chat_member.status in GONE
