"""A Bot API server on loopback that behaves as Telegram's: updates with an offset, limits, refusals, cuts."""

# ruff: noqa: N802 (methods are called as the platform calls them)

from __future__ import annotations

import asyncio
import itertools
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "12345:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
ME = {"id": 999, "is_bot": True, "first_name": "Verst", "username": "verst_bot", "can_read_all_group_messages": True}
GROUP, PERSON, ADMIN, CHANNEL = -1001, 42, 7, -1005


@dataclass
class Telegram:
    """What the server was told and what it says next."""

    updates: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)  # what arrived, in order: method and fields
    asked: list[int | None] = field(default_factory=list)  # offsets
    refuse: dict[str, list[tuple[int, dict[str, Any]]]] = field(
        default_factory=dict
    )  # by method, one answer after another
    cut: dict[str, int] = field(default_factory=dict)  # by method: so many requests are cut off without an answer
    messages: dict[tuple[int, int], str] = field(default_factory=dict)
    pinned: dict[int, int] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: itertools.count(5_000))
    ids: Any = field(default_factory=lambda: itertools.count(1))
    twice: bool = False  # updates come twice and in the wrong order
    told: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    def write(self, text: str, *, chat: int = GROUP, by: int = 100, date: int = 1664200000, **more: Any) -> int:
        """Somebody writes a message; its number."""
        number = int(next(self.numbers))
        kind = "supergroup" if chat < 0 else "private"
        message = {
            "message_id": number,
            "date": date,
            "chat": {"id": chat, "type": kind, "title": "Верхний Ларс | очередь"}
            if chat < 0
            else {"id": chat, "type": kind},
            "from": {
                "id": by,
                "is_bot": False,
                "first_name": "Дормидонт",
                "username": "dormidont77",
                "language_code": "ru",
            },
            "text": text,
            **more,
        }
        self.tell(message=message)
        return number

    def tell(self, **update: Any) -> None:
        """An update of any kind."""
        self.updates.append({"update_id": next(self.ids), **update})
        self.told.set()

    def answers(self, *methods: str) -> list[str]:
        """The texts that were sent."""
        return [each["text"] for each in self.sent if each["method"] in (methods or ("sendMessage",))]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One request of the bot."""
        if request.match_info["token"] != TOKEN:
            return _no(401, "Unauthorized")
        method = request.match_info["method"]
        if request.content_type == "application/json":
            told = await request.json()
        else:
            told = {name: _plain(value) for name, value in (await request.post()).items()}
        if self.cut.get(method, 0):
            self.cut[method] -= 1
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if self.refuse.get(method):
            status, more = self.refuse[method].pop(0)
            return _no(status, **more)
        return await getattr(self, f"do_{method}")(told)  # type: ignore[no-any-return]

    async def do_getMe(self, told: dict[str, Any]) -> web.Response:
        return _yes(ME)

    async def do_getUpdates(self, told: dict[str, Any]) -> web.Response:
        offset = told.get("offset")
        self.asked.append(offset)
        if offset is not None:
            self.updates = [each for each in self.updates if each["update_id"] >= offset]
        if not self.updates:
            self.told.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.told.wait(), 1)
        found = self.updates[:100]
        return _yes([*reversed(found), *found] if self.twice else found)

    async def do_sendMessage(self, told: dict[str, Any]) -> web.Response:
        number = next(self.numbers)
        self.sent.append({"method": "sendMessage", "message_id": number, "came": time.monotonic(), **told})
        self.messages[(told["chat_id"], number)] = told["text"]
        return _yes(self._message(told["chat_id"], number, told["text"]))

    async def do_editMessageText(self, told: dict[str, Any]) -> web.Response:
        key = (told["chat_id"], told["message_id"])
        if key not in self.messages:
            return _no(400, "Bad Request: message to edit not found")
        if self.messages[key] == told["text"]:
            return _no(400, "Bad Request: message is not modified")
        self.sent.append({"method": "editMessageText", **told})
        self.messages[key] = told["text"]
        return _yes(self._message(*key, told["text"]))

    async def do_pinChatMessage(self, told: dict[str, Any]) -> web.Response:
        self.pinned[told["chat_id"]] = told["message_id"]
        return _yes(True)

    async def do_getChatMember(self, told: dict[str, Any]) -> web.Response:
        user = {"id": told["user_id"], "is_bot": False, "first_name": "x"}
        if told["user_id"] != ADMIN:
            return _yes({"status": "member", "user": user})
        return _yes({"status": "creator", "user": user, "is_anonymous": False})

    async def do_getFile(self, told: dict[str, Any]) -> web.Response:
        return _no(400, "Bad Request: wrong file_id or the file is temporarily unavailable")  # it has no files

    def _message(self, chat: int | str, number: int, text: str) -> dict[str, Any]:
        if isinstance(chat, str):  # a channel by its name
            chat = CHANNEL
        kind = "supergroup" if chat < 0 else "private"
        return {"message_id": number, "date": 1664200000, "chat": {"id": chat, "type": kind}, "from": ME, "text": text}

    async def __aenter__(self) -> Telegram:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self.handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        assert self._runner.addresses
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()


def flood(seconds: int) -> tuple[int, dict[str, Any]]:
    """Too many requests."""
    more = {"description": f"Too Many Requests: retry after {seconds}", "parameters": {"retry_after": seconds}}
    return 429, more


def _plain(value: Any) -> Any:
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def _yes(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _no(status: int, description: str = "no", **more: Any) -> web.Response:
    return web.json_response({"ok": False, "error_code": status, "description": description, **more}, status=status)
