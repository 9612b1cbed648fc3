"""The bot against a Bot API server on loopback: what it keeps, answers, leaves alone; floods, cuts, kills."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bench.telegram import ADMIN, GROUP, Telegram, flood
from tests.bot.playing import NOW, QUESTION, due_now, play, settled, until
from verst.bot.running import Runner
from verst.bot.words import load_words
from verst.store import Store


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
        runner.sender.put(due_now(runner))
        runner.sender.put(due_now(runner))
        await settled(telegram, runner)
        assert len(telegram.answers("editMessageText")) == 1
        telegram.messages.clear()  # an admin deleted it
        runner.clock = lambda: NOW + timedelta(minutes=13)
        runner.sender.put(due_now(runner))
        await asyncio.sleep(0.5)
        runner.clock = lambda: NOW + timedelta(minutes=20)
        assert due_now(runner) == []

    play(store, tmp_path, scene)


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


def test_what_comes_twice_and_in_the_wrong_order_ends_as_if_it_came_once(store: Store, tmp_path: Path) -> None:
    """Updates twice and backwards, an edit before what it edits, a message anew under another number."""

    async def scene(telegram: Telegram, runner: Runner) -> None:
        telegram.twice = True
        telegram.write("хвост 14 км")
        first = telegram.updates.pop()["message"]
        telegram.tell(edited_message={**first, "text": "хвост 4 км", "edit_date": first["date"] + 300})
        telegram.tell(message=first)
        telegram.write(QUESTION)
        asked = telegram.updates[-1]["message"]
        telegram.tell(message=asked)
        await settled(telegram, runner)
        telegram.tell(message=asked)
        await settled(telegram, runner)

    telegram = play(store, tmp_path, scene)
    assert len(telegram.answers()) == 1
    assert [r.claim.value for r in store.reports() if r.claim.kind == "queue_length"] == [4.0]
    assert [post.text for post, _, _ in store.every_post()].count(QUESTION) == 1
