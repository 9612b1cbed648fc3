"""The bot with one person: what is kept, what they are told, and how it is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.telegram import ADMIN, GROUP, PERSON, Telegram
from tests.bot.playing import due_now, play, settled, until
from tests.store.test_outbox import alert
from verst.bot.running import Runner
from verst.bot.sealing import SealedFile
from verst.bot.wishes import Wishes
from verst.store import Store, outbox_of


def read_wishes(home: Path) -> dict[int, object]:
    """Whom the file has, by who has the key."""
    return dict(Wishes(SealedFile(home / "wishes", b"k" * 32)).people)


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


def test_one_person_is_told_of_what_they_asked_once_not_at_night_and_until_they_stop(
    store: Store, tmp_path: Path
) -> None:
    late = datetime(2022, 9, 26, 21, 30, tzinfo=UTC)  # half past midnight at Lars

    async def scene(telegram: Telegram, runner: Runner) -> None:
        for text in ("/watch lars", "/watch lars under 40", "/quiet 23-7", "/list", "/watch nowhere at all"):
            telegram.write(text, chat=PERSON)
            await settled(telegram, runner)
        (under,) = [text for text in telegram.answers() if "28–32 ч" in text]  # told at once, and once
        assert "голосов: 5" in under and due_now(runner) == []
        closed = replace(alert("closed-1"), at=late, expires=late + timedelta(hours=20), crossings=("verkhny-lars",))
        outbox_of(store).accept([(closed, [])], late)
        for at, count in ((late, 0), (late + timedelta(hours=9), 1), (late + timedelta(hours=9, minutes=1), 0)):
            runner.clock = lambda at=at: at  # type: ignore[misc]
            found = due_now(runner)
            assert len(found) == count
        telegram.write("/stop", chat=PERSON)
        await settled(telegram, runner)
        assert runner.wishes.people == {}

    texts = play(store, tmp_path, scene).answers()
    assert "Верхний Ларс" in texts[0] and "40" in texts[1] and texts[4].count("–") == 2 and "/verkhny_lars" in texts[5]
    assert (tmp_path / "wishes").stat().st_mode & 0o077 == 0


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
        assert store.state(f"bot:chat:{GROUP}") is None and PERSON not in read_wishes(tmp_path)

    play(store, tmp_path, scene)
