"""The pictures of what groups say: fetched small, looked at in a limited process, forgotten but for their prints.

They are never waited for long: a picture that does not come in time has no print, and its post is kept without.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, BinaryIO, cast

from verst.errors import BadFile, BadSetting
from verst.model import Skipped
from verst.sources.apart import stand_by
from verst.work.caution import Said

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import Message, PhotoSize, Update

SECONDS = 3.0  # for the pictures of one batch of updates, all at once
MOST = 10  # pictures of one batch
WIDE = 200  # points: the smallest copy that is so wide is enough
LARGEST = 1 << 20  # bytes; what is fetched is a small copy


class Eye:
    """Looks at the pictures of updates. It sees nothing where the package pillow is missing."""

    def __init__(self, bot: Bot, on_skip: Said) -> None:
        self._bot, self._on_skip = bot, on_skip
        self._prints: dict[int, tuple[str, ...]] = {}
        self._sees = find_spec("PIL") is not None and stand_by() is not None

    async def look(self, updates: Sequence[Update]) -> None:
        """Fetch and look at the pictures of some updates; what was seen before is forgotten."""
        self._prints = {}
        wanted = [(update.update_id, size) for update in updates if (size := picture_of(update)) is not None]
        if not self._sees or not wanted:
            return
        tasks = [asyncio.create_task(self._see(number, size)) for number, size in wanted[:MOST]]
        _, late = await asyncio.wait(tasks, timeout=SECONDS)
        for task in late:
            task.cancel()

    def prints(self, update: Update) -> tuple[str, ...]:
        """What was seen in an update."""
        return self._prints.get(update.update_id, ())

    async def _see(self, number: int, size: PhotoSize) -> None:
        from aiogram.exceptions import AiogramError

        try:
            file = await self._bot.get_file(size.file_id)
            if not file.file_path or (file.file_size or 0) > LARGEST:
                return
            data = await self._bot.download_file(file.file_path, timeout=int(SECONDS))
            self._prints[number] = await asyncio.to_thread(self._prints_of, data)
        except (AiogramError, OSError, TimeoutError, BadFile) as error:
            what = f"a picture that was not looked at ({type(error).__name__}); its post is kept without"
            self._on_skip(Skipped(file="telegram", what=what))
        except BadSetting as error:
            self._sees = False
            self._on_skip(Skipped(file="telegram", what=str(error)))

    def _prints_of(self, data: object) -> tuple[str, ...]:
        apart = stand_by()
        return apart.look(cast(BinaryIO, data), "a picture of Telegram") if apart is not None and data else ()


def picture_of(update: Update) -> PhotoSize | None:
    """The small copy of a picture, or of a video's still, in what a group or channel says with words."""
    message = update.message or update.edited_message or update.channel_post or update.edited_channel_post
    if message is None or message.chat.type == "private" or not (message.caption or message.text):
        return None
    return _smallest(message.photo) if message.photo else _still(message)


def _still(message: Message) -> PhotoSize | None:
    shown = message.video or message.animation or message.video_note
    return shown.thumbnail if shown is not None else None


def _smallest(sizes: Sequence[PhotoSize]) -> PhotoSize:
    """The smallest that is wide enough, else the widest."""
    enough = [size for size in sizes if size.width >= WIDE]
    return min(enough, key=lambda size: size.width) if enough else max(sizes, key=lambda size: size.width)
