"""The bot's eye, with a client that stands in for aiogram's and aiogram's own types."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import GetFile
from aiogram.types import File, Update

from tests.store.test_pictures import again, saved, scene
from verst.bot import eye
from verst.bot.eye import Eye, picture_of
from verst.bot.running import Runner
from verst.bot.sealing import SealedFile
from verst.bot.wishes import Wishes
from verst.bot.world import World
from verst.geography import load_kinds, load_regions
from verst.model import Skipped
from verst.reading.reader import Reader
from verst.sources import Door
from verst.store import open_store
from verst.work.sightings import ALIKE

AUGUST, SEPTEMBER = datetime(2022, 8, 29, 15, tzinfo=UTC), datetime(2022, 9, 21, 17, tzinfo=UTC)
TEXT = "Пишут, что очередь на Ваалимаа 35 км"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that does other things beside is slow to look."""
    monkeypatch.setattr(eye, "SECONDS", 60.0)


@dataclass
class Client:
    """What of `aiogram.Bot` is used, over a dictionary of files."""

    files: dict[str, bytes | BaseException] = field(default_factory=dict)
    size: int = 1_000
    wait: float = 0.0
    fetched: list[str] = field(default_factory=list)

    async def get_file(self, file_id: str) -> File:
        return File(file_id=file_id, file_unique_id=file_id, file_size=self.size, file_path=f"photos/{file_id}")

    async def download_file(self, path: str, *, timeout: int) -> io.BytesIO:
        await asyncio.sleep(self.wait)
        self.fetched.append(path)
        found = self.files[path.removeprefix("photos/")]
        if isinstance(found, BaseException):
            raise found
        return io.BytesIO(found)


def size(name: str, width: int) -> dict[str, Any]:
    return {"file_id": name, "file_unique_id": name, "width": width, "height": width // 2}


def update(number: int, at: datetime = SEPTEMBER, *, chat: str = "supergroup", who: int = 100, **more: Any) -> Update:
    told = {"message_id": number, "date": int(at.timestamp()), "chat": {"id": -1001, "type": chat, "title": "Очередь"},
            "from": {"id": who, "is_bot": False, "first_name": "Дормидонт"}, **more}  # fmt: skip
    return Update.model_validate({"update_id": number, "message": told})


def seen(client: Client, *updates: Update) -> tuple[list[tuple[str, ...]], list[Skipped]]:
    skipped: list[Skipped] = []
    looks = Eye(client, skipped.append)  # type: ignore[arg-type]
    asyncio.run(looks.look(updates))
    return [looks.prints(each) for each in updates], skipped


def test_a_small_copy_is_fetched_and_a_still_of_a_video() -> None:
    video = size("v", 640) | {"duration": 9, "thumbnail": size("t", 320)}
    client = Client({"m": saved(scene(1)), "t": again(scene(1))})
    photo = update(1, caption=TEXT, photo=[size("s", 90), size("m", 320), size("x", 1280)])
    prints, skipped = seen(client, photo, update(2, caption=TEXT, video=video), update(3, text=TEXT))
    assert skipped == [] and sorted(client.fetched) == ["photos/m", "photos/t"]
    assert [len(each) for each in prints] == [1, 1, 0]
    assert (int(prints[0][0], 16) ^ int(prints[1][0], 16)).bit_count() <= ALIKE


def test_nothing_of_private_talk_and_nothing_without_words() -> None:
    photo = [size("m", 320)]
    assert picture_of(update(1, chat="private", caption=TEXT, photo=photo)) is None
    assert picture_of(update(2, photo=photo)) is None
    assert picture_of(update(3, caption=TEXT, photo=photo)) is not None


@pytest.mark.parametrize(
    "file",
    [b"no picture", TelegramNetworkError(GetFile(file_id="m"), "cut"), ConnectionResetError()],
    ids=["broken", "cut", "reset"],
)
def test_what_cannot_be_looked_at_costs_nothing_else(file: bytes | BaseException) -> None:
    client = Client({"m": file, "n": saved(scene(2))})
    both = (update(1, caption=TEXT, photo=[size("m", 320)]), update(2, caption=TEXT, photo=[size("n", 320)]))
    prints, skipped = seen(client, *both)
    assert [len(each) for each in prints] == [0, 1] and len(skipped) == 1
    assert "its post is kept without" in skipped[0].what


def test_nobody_waits_for_a_slow_picture_or_a_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eye, "SECONDS", 0.3)
    photo = update(1, caption=TEXT, photo=[size("m", 320)])
    began = asyncio.new_event_loop().time()
    assert seen(Client({"m": saved(scene(1))}, wait=30.0), photo)[0] == [()]
    assert asyncio.new_event_loop().time() - began < 5.0
    assert seen(Client({"m": saved(scene(1))}, size=5 << 20), photo)[0] == [()]


def test_what_the_bot_saw_in_august_is_found_in_september(tmp_path: Path) -> None:
    from verst.work.rumoured import find_rumours

    store, reader = open_store(f"sqlite:///{tmp_path / 'verst.db'}"), Reader.load()
    client = Client({"a": saved(scene(3)), "b": again(scene(3))})
    world = World(store, load_regions(), {kind.id: kind for kind in load_kinds()}, reader, board=None)
    wishes = Wishes(SealedFile(tmp_path / "wishes", b"k" * 32))
    runner = Runner(client, world, Door(b"k" * 32, about_of=reader.places.about), wishes,
                    lambda: SEPTEMBER, lambda item: None)  # type: ignore[arg-type]  # fmt: skip
    asyncio.run(runner.take([update(1, AUGUST, caption="Ваалимаа сегодня", photo=[size("a", 320)], who=1)]))
    asyncio.run(runner.take([update(2, SEPTEMBER, caption=TEXT, photo=[size("b", 320)], who=2)]))
    found = [each for each in find_rumours(store, SEPTEMBER, regions=load_regions()) if each.kind == "picture"]
    assert [(each.since, each.first_seen) for each in found] == [(AUGUST, SEPTEMBER)]
    store.close()
