"""The bot against a Bot API server on loopback: what it keeps, answers, leaves alone; floods, cuts, kills."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.bot.stand_in import ADMIN, GROUP, PERSON, TOKEN, Telegram, flood
from tests.store.test_outbox import alert
from verst.bot.running import Runner
from verst.bot.wishes import Wishes
from verst.bot.words import load_words
from verst.bot.world import World
from verst.geography import load_kinds, load_regions
from verst.model import Chat, Claim, Estimate, Evidence, Post, Reading, Report
from verst.reading.reader import Reader
from verst.sources import Door
from verst.store import Batch, Store, open_store, outbox_of

NOW = datetime(2022, 9, 26, 14, 0, tzinfo=UTC)
READER = Reader.load()
REGIONS, KINDS = load_regions(), {kind.id: kind for kind in load_kinds()}
QUESTION = "Сколько сейчас стоять на машине?"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    fill(opened)
    yield opened
    opened.close()


def fill(store: Store) -> None:
    """A wait at Lars of which several people spoke an hour ago."""
    said = NOW - timedelta(hours=1)
    claim = Claim(kind="wait", crossing="verkhny-lars", toward="GE", mode="car", value=1800.0)
    chat = Chat(title="Верхний Ларс", kind="group", about="verkhny-lars")
    posts = [
        Post(id=f"p{n}", chat=chat, posted_at=said, text=f"стоим {28 + n} часов", author=f"{n:016x}") for n in range(5)
    ]
    reports = [
        Report(
            claim=replace(claim, value=60.0 * (28 + n)), post=post.id, posted_at=said, author=post.author, community="c"
        )
        for n, post in enumerate(posts)
    ]
    evidence = Evidence(post="p0", weight=1.0, value=1680.0, stance="saw", source="group", said_at=said)
    known = Estimate(crossing="verkhny-lars", kind="wait", at=NOW, toward="GE", mode="car", value=1800.0, p10=1680.0,
                     p90=1920.0, voices=5, newest=said, evidence=(evidence,))  # fmt: skip
    read = Reading(claims=(claim,), lang="ru")
    store.keep(Batch(posts=[(post, read) for post in posts], reports=reports, estimates=[known]))


def play(store: Store, home: Path, scene: Callable[[Telegram, Runner], Coroutine[Any, Any, None]]) -> Telegram:
    """Run a scene with a bot that listens."""
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    async def run() -> Telegram:
        async with Telegram() as telegram:
            session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.url))
            world = World(store, REGIONS, KINDS, READER, board="https://board.example")
            wishes = Wishes(home / "wishes.json")
            runner = Runner(
                Bot(TOKEN, session=session),
                world,
                Door(b"k" * 32, about_of=READER.places.about),
                wishes,
                lambda: NOW,
                lambda item: None,
            )
            ended = asyncio.Event()
            listening = asyncio.create_task(runner.run(ended))
            try:
                await scene(telegram, runner)
            finally:
                ended.set()
                await asyncio.wait_for(listening, 20)
                await session.close()
            return telegram

    return asyncio.run(run())


async def until(true: Callable[[], bool], seconds: float = 20) -> None:
    for _ in range(int(seconds / 0.05)):
        if true():
            return
        await asyncio.sleep(0.05)
    pytest.fail("it never came")


async def settled(telegram: Telegram, runner: Runner) -> None:
    """Until everything that was told was taken, and what it was answered with sent."""
    last = telegram.updates[-1]["update_id"] + 1 if telegram.updates else 0
    await until(lambda: any(offset is not None and offset >= last for offset in telegram.asked[-1:]))
    await until(lambda: not runner.sender.outgoing.waiting)
    await asyncio.sleep(0.3)


def test_a_group_is_read_and_answered_once_with_age_and_voices(store: Store, tmp_path: Path) -> None:
    async def scene(telegram: Telegram, runner: Runner) -> None:
        asked = telegram.write(QUESTION)
        telegram.write("стоим 31 час, хвост 14 км, звоните +7 928 123-45-67")
        telegram.write("А сколько стоять на машине через Ларс?")  # the same again
        await settled(telegram, runner)
        assert telegram.sent[0]["reply_parameters"]["message_id"] == asked

    telegram = play(store, tmp_path, scene)
    (answer,) = telegram.answers()
    assert (
        "28–32 ч" in answer
        and "60 мин назад" in answer
        and "голосов: 5" in answer
        and "https://board.example/c/verkhny-lars" in answer
    )
    kept = {post.text for post, _, _ in store.every_post()}
    assert QUESTION in kept and any("14 км" in text and "928" not in text for text in kept)
    raw = b"".join(file.read_bytes() for file in tmp_path.iterdir()).decode("utf-8", "replace")
    assert "Дормидонт" not in raw and "dormidont77" not in raw


@pytest.mark.parametrize(
    "text",
    [
        "Сколько можно это терпеть?!",
        "а если на осле, это транспорт?)",
        "Возьму попутчиков до Тбилиси, 2 места, 5000 с человека, пишите в лс. Кто едет?",
        "Пушкин написал Евгения Онегина?",
        "стоим уже 30 часов, хвост 14 км",
        "Пускают ли на самокате через Вишнёвку?",
        "/unknown_command",
        "/lars@another_bot",
    ],
)
def test_what_is_no_question_or_not_known_is_left_alone(store: Store, tmp_path: Path, text: str) -> None:
    async def scene(telegram: Telegram, runner: Runner) -> None:
        telegram.write(text)
        await settled(telegram, runner)

    assert play(store, tmp_path, scene).answers() == []


def test_a_question_to_somebody_else_is_theirs(store: Store, tmp_path: Path) -> None:
    async def scene(telegram: Telegram, runner: Runner) -> None:
        chat, user = {"id": GROUP, "type": "supergroup"}, {"id": 55, "is_bot": False, "first_name": "x"}
        other = {"message_id": 1, "date": 1664200000, "chat": chat, "text": "я на машине", "from": user}
        telegram.write("долго стоял?", reply_to_message=other)
        await settled(telegram, runner)

    assert play(store, tmp_path, scene).answers() == []


def test_nothing_of_a_private_chat_is_kept_and_who_asks_there_is_told_what_nobody_knows(
    store: Store, tmp_path: Path
) -> None:
    before = store.span()

    async def scene(telegram: Telegram, runner: Runner) -> None:
        telegram.write("Ларс: сколько стоять на машине?", chat=PERSON)
        telegram.write("Вишнёвка открыта?", chat=PERSON)
        await settled(telegram, runner)

    first, second = play(store, tmp_path, scene).answers()
    assert "28–32 ч" in first and "никто не сообщал" in second
    assert store.span() == before and str(PERSON).encode() not in (tmp_path / "verst.db").read_bytes()


def test_commands_of_anybody_and_of_admins_alone(store: Store, tmp_path: Path) -> None:
    async def scene(telegram: Telegram, runner: Runner) -> None:
        for text, by in (
            ("/privacy", 100), ("/lars", 100), ("/mute 3", 100), ("/language uk", ADMIN), ("/crossing lars", ADMIN),
            ("/crossing nowhere", ADMIN), ("/mute 3", ADMIN), (QUESTION, 100), ("/unmute", ADMIN), (QUESTION, 100),
        ):  # fmt: skip
            telegram.write(text, by=by)
            await settled(telegram, runner)

    texts = play(store, tmp_path, scene).answers()
    assert "14" in texts[0] and "28" in texts[1] and texts[2] == load_words()["en"]["admins_only"]
    assert texts[3] == load_words()["uk"]["language_set"] and "Ларс" in texts[4] and texts[5].startswith("Переходу")
    assert (
        "3 год" in texts[6] and texts[7] == load_words()["uk"]["unmuted"] and "28–32 ч" in texts[8] and len(texts) == 9
    )


def test_an_answer_is_corrected_by_an_admin(store: Store, tmp_path: Path) -> None:
    async def scene(telegram: Telegram, runner: Runner) -> None:
        telegram.write(QUESTION)
        await settled(telegram, runner)
        mine = telegram.sent[-1]["message_id"]
        me = {"id": 999, "is_bot": True, "first_name": "Verst"}
        reply = {
            "message_id": mine,
            "date": 1664200000,
            "chat": {"id": GROUP, "type": "supergroup"},
            "from": me,
            "text": "x",
        }
        telegram.write("/correct с утра 12 часов", by=ADMIN, reply_to_message=reply)
        await settled(telegram, runner)

    assert play(store, tmp_path, scene).answers("editMessageText") == [
        "Corrected by the group's admins: с утра 12 часов"
    ]


def test_a_pinned_digest_is_kept_up_to_date_by_editing(store: Store, tmp_path: Path) -> None:
    async def scene(telegram: Telegram, runner: Runner) -> None:
        telegram.write("/pin lars", by=ADMIN)
        await settled(telegram, runner)
        assert telegram.pinned[GROUP] == telegram.sent[0]["message_id"] and "28" in telegram.sent[0]["text"]
        runner.clock = lambda: NOW + timedelta(minutes=6)
        runner.sender.put(_due(runner))
        runner.sender.put(_due(runner))
        await settled(telegram, runner)
        assert len(telegram.answers("editMessageText")) == 1
        telegram.messages.clear()  # an admin deleted it
        runner.clock = lambda: NOW + timedelta(minutes=13)
        runner.sender.put(_due(runner))
        await asyncio.sleep(0.5)
        runner.clock = lambda: NOW + timedelta(minutes=20)
        assert _due(runner) == []

    play(store, tmp_path, scene)


def _due(runner: Runner) -> list[Any]:
    from verst.bot.unasked import due

    return due(runner.world, runner.wishes, runner.clock())


def test_floods_are_waited_out_and_nothing_is_said_twice(store: Store, tmp_path: Path) -> None:
    async def scene(telegram: Telegram, runner: Runner) -> None:
        telegram.refuse["sendMessage"] = [flood(1), flood(1)]
        telegram.refuse["getUpdates"] = [flood(1)]
        telegram.cut["getUpdates"] = 2
        telegram.twice = True
        telegram.write(QUESTION)
        await until(lambda: len(telegram.answers()) == 1)
        await asyncio.sleep(1.5)
        assert len(telegram.answers()) == 1

    play(store, tmp_path, scene)


def test_who_blocks_the_bot_or_throws_it_out_is_forgotten(store: Store, tmp_path: Path) -> None:
    async def scene(telegram: Telegram, runner: Runner) -> None:
        telegram.write("/watch lars", chat=PERSON)
        telegram.write("/crossing lars", by=ADMIN)
        await settled(telegram, runner)
        assert PERSON in runner.wishes.people and store.state(f"bot:chat:{GROUP}")
        telegram.refuse["sendMessage"] = [(403, {"description": "Forbidden: bot was blocked by the user"})]
        telegram.write("/list", chat=PERSON)
        chat = {"id": GROUP, "type": "supergroup", "title": "x"}
        user = {"id": 999, "is_bot": True, "first_name": "Verst"}
        telegram.tell(my_chat_member={
            "chat": chat, "date": 1664200000, "from": {"id": ADMIN, "is_bot": False, "first_name": "x"},
            "old_chat_member": {"status": "member", "user": user}, "new_chat_member": {"status": "left", "user": user},
        })  # fmt: skip
        await settled(telegram, runner)
        await until(lambda: PERSON not in runner.wishes.people)
        assert store.state(f"bot:chat:{GROUP}") is None and str(PERSON) not in (tmp_path / "wishes.json").read_text()

    play(store, tmp_path, scene)


def test_one_person_is_told_of_what_they_asked_once_not_at_night_and_until_they_stop(
    store: Store, tmp_path: Path
) -> None:
    late = datetime(2022, 9, 26, 21, 30, tzinfo=UTC)  # half past midnight at Lars

    async def scene(telegram: Telegram, runner: Runner) -> None:
        for text in ("/watch lars", "/watch lars under 40", "/quiet 23-7", "/list", "/watch nowhere at all"):
            telegram.write(text, chat=PERSON)
            await settled(telegram, runner)
        closed = replace(alert("closed-1"), at=late, expires=late + timedelta(hours=20), crossings=("verkhny-lars",))
        outbox_of(store).accept([(closed, [])], late)
        for at, count in ((late, 0), (late + timedelta(hours=9), 1), (late + timedelta(hours=9, minutes=1), 0)):
            runner.clock = lambda at=at: at  # type: ignore[misc]
            found = _due(runner)
            assert len(found) == count
        runner.clock = lambda: NOW
        (under,) = _due(runner)
        assert "28–32 ч" in under.text and "голосов: 5" in under.text and _due(runner) == []
        telegram.write("/stop", chat=PERSON)
        await settled(telegram, runner)
        assert runner.wishes.people == {}

    texts = play(store, tmp_path, scene).answers()
    assert "Верхний Ларс" in texts[0] and "40" in texts[1] and texts[3].count("–") == 2 and "/verkhny_lars" in texts[4]
    assert (tmp_path / "wishes.json").stat().st_mode & 0o077 == 0


def test_after_a_kill_nothing_is_lost_and_nothing_answered_twice(store: Store, tmp_path: Path) -> None:
    """The loop ends between what was kept and what was sent; another takes over."""

    async def first(telegram: Telegram, runner: Runner) -> None:
        runner.sender.put = lambda parcels: None  # type: ignore[method-assign]  # killed before it could send
        telegram.write(QUESTION)
        telegram.write("хвост 14 км")
        await settled(telegram, runner)

    play(store, tmp_path, first)
    assert {"хвост 14 км", QUESTION} <= {post.text for post, _, _ in store.every_post()}

    async def second(telegram: Telegram, runner: Runner) -> None:
        telegram.write(QUESTION)
        telegram.write(QUESTION)
        telegram.ids = iter(range(3, 9))
        telegram.write("хвост 15 км")
        await settled(telegram, runner)

    telegram = play(store, tmp_path, second)
    assert telegram.answers() == [] and telegram.asked[0] == 3
    assert "хвост 15 км" in {post.text for post, _, _ in store.every_post()}


def test_an_edit_in_a_group_replaces_what_was_said(store: Store, tmp_path: Path) -> None:
    async def scene(telegram: Telegram, runner: Runner) -> None:
        number = telegram.write("хвост 14 км")
        message = dict(telegram.updates[-1]["message"])
        await settled(telegram, runner)
        assert message["message_id"] == number
        telegram.tell(edited_message={**message, "text": "хвост 4 км", "edit_date": message["date"] + 300})
        await settled(telegram, runner)

    play(store, tmp_path, scene)
    assert [r.claim.value for r in store.reports() if r.claim.kind == "queue_length"] == [4.0]


def test_the_words_are_there_in_every_language() -> None:
    assert set(load_words()) == {"en", "ru", "uk", "ar"}
    import string

    for code, sentences in load_words().items():
        for key, text in sentences.items():
            fields = {name for _, name, _, _ in string.Formatter().parse(text) if name}
            assert fields == {n for _, n, _, _ in string.Formatter().parse(load_words()["en"][key]) if n}, (code, key)
