"""The loop: what Telegram tells is kept and answered, and what is to be said is sent.

What was told is kept in one transaction with how far it was told and with what the bot remembers to have answered:
after a kill nothing accepted is lost and nothing is answered twice (an answer may be missing). Nothing a chat does
ends the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from verst.bot import talk
from verst.bot.eye import Eye
from verst.bot.memory import PLACE, Chat, as_state, forget, recall
from verst.bot.outgoing import ADMIN, ANSWER, Parcel
from verst.bot.questions import Left, Message
from verst.bot.sending import Sender
from verst.bot.unasked import due
from verst.bot.wishes import Wishes
from verst.bot.world import World
from verst.errors import StoreBusy
from verst.model import Post, Skipped
from verst.sources import Door
from verst.sources.telegram_bot import post_id, read_update
from verst.work import live_until, settle
from verst.work.caution import CarefulReader, Said
from verst.work.copying import Copies
from verst.work.intake import make_batch
from verst.work.turns import SOMEBODY_WAITS, in_turn

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import Message as Written
    from aiogram.types import Update

ASKED_FOR = ["message", "edited_message", "channel_post", "edited_channel_post", "my_chat_member"]
POLL_SECONDS = 25
TICK_SECONDS = 30.0
LONGEST_WAIT = 60.0
GONE = ("left", "kicked")
ADMINS = ("creator", "administrator")

Find = Callable[[datetime], None]
Judged = Callable[[str, "talk.Reply | Left"], None]  # the id of a post, as the store has it


@dataclass(slots=True)
class Told:
    """What some updates come to: what is kept of their chats, and what became of each message of a group, by post."""

    memories: dict[int, Chat] = field(default_factory=dict)
    judged: list[tuple[str, talk.Reply | Left]] = field(default_factory=list)


class Runner:
    """One bot over one store. ``clock`` gives the present in UTC.

    ``on_judged`` is told what became of messages; ``find_alerts`` puts what is worth saying into the outbox.
    """

    on_judged: Judged = staticmethod(lambda name, found: None)
    find_alerts: Find = staticmethod(lambda at: None)

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
        self._careful, self._changed = CarefulReader(world.reader, on_skip), asyncio.Event()
        self._eye, self._copies = Eye(bot, on_skip), Copies()

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
        self._changed.set()

    async def _from_admin(self, message: Written) -> bool:
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
        told = Told()
        parcels = [parcel for u in updates for parcel in self._answer(u, u.update_id in admins, told, at)]
        states = [as_state(chat, memory) for chat, memory in told.memories.items()]
        states += [forget(u.my_chat_member.chat.id) for u in updates if _is_gone(u) and u.my_chat_member is not None]
        states.append((PLACE, str(updates[-1].update_id + 1).encode()))
        with in_turn(store, SOMEBODY_WAITS):
            batch = make_batch(posts, store, self._careful, [])
            store.keep(replace(batch, states=(*batch.states, *states)))
            if posts:
                kinds, until = self.world.kinds, live_until(store, at)
                settle(store, self.world.regions, kinds, now=until, on_skip=self.on_skip, copies=self._copies)
        for name, found in told.judged:
            self.on_judged(name, found)
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

    def _answer(self, update: Update, admin: bool, told: Told, at: datetime) -> Iterable[Parcel]:
        """What one update is answered with."""
        said = update.message
        if said is None or not (said.text or said.caption) or (said.from_user is not None and said.from_user.is_bot):
            return
        message = as_message(said, self.me, admin)
        if said.forward_origin:
            if not message.private:
                told.judged.append((post_id(message.chat, message.id), Left("forwarded")))
            return
        command = talk.command_of(message.text, self.name)
        if message.private:
            reply = self._answer_privately(message, command, at)
            yield Parcel(message.chat, reply.text, ANSWER, to=reply.to)
            return
        memory = told.memories.setdefault(message.chat, recall(self.world.store, message.chat))
        found: talk.Reply | Left | None
        if command is not None:
            found = talk.obey(self.world, memory, message, *command, at)
        else:
            found = talk.answer_question(self.world, memory, message, at)
            told.judged.append((post_id(message.chat, message.id), found))
        if isinstance(found, talk.Reply):
            urgency = ADMIN if admin else ANSWER
            yield Parcel(message.chat, found.text, urgency, to=found.to, edits=found.edits, pins=found.pins)

    def _answer_privately(self, message: Message, command: tuple[str, str] | None, at: datetime) -> talk.Reply:
        if command is None:
            return talk.answer_privately(self.world, message, at)
        return talk.obey_privately(self.world, self.wishes, message, *command, at)

    async def _tick(self, ended: asyncio.Event) -> None:
        """Now and then, and when something was said: what is worth saying, to those who asked; what is pinned anew."""
        while not ended.is_set():
            self._changed.clear()
            self.sender.put(await asyncio.to_thread(self._find))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), TICK_SECONDS)

    def _find(self) -> list[Parcel]:
        """What is to be said unasked. Where another process found it first, it is in the outbox already."""
        store, at = self.world.store, self.clock()
        until = live_until(store, at)
        try:
            if until is not None:
                self.find_alerts(until)
            return due(self.world, self.wishes, at)
        except StoreBusy:  # somebody writes for long; it is said at the next turn
            return []


def as_message(told: Written, me: int, admin: bool) -> Message:
    """A message as `talk` takes it."""
    answered = told.reply_to_message
    private = told.chat.type == "private"
    return Message(
        chat=told.chat.id,
        id=told.message_id,
        text=told.text or told.caption or "",
        private=private,
        title=told.chat.title or "",
        answers=answered.message_id if answered is not None else None,
        answered=(answered.text or answered.caption or "") if answered is not None else "",
        to_me=answered is not None and answered.from_user is not None and answered.from_user.id == me,
        admin=admin,
        lang=(told.from_user.language_code or "en").split("-")[0] if private and told.from_user is not None else None,
    )


def _is_gone(update: Update) -> bool:
    """Whether the bot was taken out of a chat."""
    changed = update.my_chat_member
    return changed is not None and changed.new_chat_member.status in GONE
