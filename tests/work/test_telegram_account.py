"""A Telegram account as an ear, with a client that stands in for Telethon's and speaks with Telethon's own types."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from telethon import TelegramClient, errors, types

from tests.store.test_pictures import saved, scene
from tests.work.child import FigureReader
from verst.model import Skipped
from verst.outputs.reaching import Unreachable
from verst.sources import Door
from verst.store import Store, open_store
from verst.work import telegram_account
from verst.work.ears import Ear
from verst.work.listening import Round, listen_round, recall
from verst.work.telegram_account import Account, Settings, make_client

NOON = datetime(2022, 9, 24, 12, tzinfo=UTC)
EAR = Ear(name="group", url="telegram:lars_border", source="telegram_account", minutes=2)


@dataclass
class Dialog:
    """As `telethon.tl.custom.Dialog` shows itself."""

    entity: Any
    name: str
    is_user: bool = False
    is_group: bool = False
    is_channel: bool = True


class Message(types.Message):  # type: ignore[misc]
    """Telethon's message with what its client finds out beside it."""

    sender: Any = None
    forward: Any = None


def message(number: int, text: str, sender: Any = None, forward: Any = None, **more: Any) -> Message:
    told = Message(id=number, peer_id=types.PeerChannel(4004), date=NOON - timedelta(minutes=90 - number), message=text,
                   from_id=types.PeerUser(777), **more)  # fmt: skip
    told.sender, told.forward = sender, forward
    return told


@dataclass
class Client:
    """What of `telethon.TelegramClient` is used, over lists; it notes what it was asked."""

    messages: dict[int, list[Any]] = field(default_factory=dict)
    dialogs: list[Dialog] = field(default_factory=list)
    authorized: bool = True
    fault: BaseException | None = None
    connected: bool = False
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    pictures: dict[int, bytes] = field(default_factory=dict)

    def is_connected(self) -> bool:
        return self.connected

    async def connect(self) -> None:
        self.connected = True
        self.asked.append(("connect",))

    async def disconnect(self) -> None:
        self.connected = False

    async def is_user_authorized(self) -> bool:
        if self.fault is not None:
            raise self.fault
        return self.authorized

    async def iter_dialogs(self) -> AsyncIterator[Dialog]:
        for dialog in self.dialogs:
            yield dialog

    async def iter_messages(self, entity: Any, *, limit: int, min_id: int, reverse: bool) -> AsyncIterator[Any]:
        self.asked.append((entity.id, limit, min_id, reverse))
        found = sorted((m for m in self.messages[entity.id] if m.id > min_id), key=lambda m: m.id, reverse=not reverse)
        for each in found[:limit]:
            yield each

    async def get_messages(self, entity: Any, *, ids: int) -> Any:
        return next((each for each in self.messages[entity.id] if each.id == ids), None)

    async def download_media(self, message: Any, *, file: type, thumb: str) -> bytes | None:
        assert file is bytes
        self.asked.append(("picture", message.id, thumb))
        return self.pictures.get(message.id)


def channel(number: int, name: str | None, *, left: bool = False) -> types.Channel:
    photo = types.ChatPhotoEmpty()
    return types.Channel(id=number, title="Верхний Ларс", photo=photo, date=NOON, username=name, left=left)


@pytest.fixture
def client() -> Client:
    person = types.User(id=5, first_name="Дормидонт", last_name="Безыменский", username="lars_border")
    return Client(
        {4004: [message(1, "Lars: 1 hours"), message(2, "Lars: 2 hours")], 5: [message(9, "это личное")]},
        [
            Dialog(person, "Дормидонт Безыменский", is_user=True, is_channel=False),
            Dialog(channel(4004, "lars_border"), "Верхний Ларс", is_group=True),
        ],
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    yield opened
    opened.close()


@pytest.fixture
def account(client: Client) -> Iterator[Account]:
    opened = Account(client)
    yield opened
    opened.close()


def ask(store: Store, account: Account, *, at: datetime = NOON, ear: Ear = EAR) -> Round:
    skipped: list[Skipped] = []
    told = listen_round([ear], store, Door(b"k" * 32), FigureReader(), at=at, fetch=account.fetch, dice=Random(1),
                        on_skip=skipped.append)  # fmt: skip
    assert skipped == []
    return told


def posts(store: Store) -> list[Any]:
    return [post for post, _, _ in store.every_post()]


def test_what_it_has_joined_is_kept_once_and_private_talk_never(store: Store, account: Account, client: Client) -> None:
    assert ask(store, account).new == {"group": 2}
    assert [(post.text, post.chat.title, post.chat.kind) for post in posts(store)] == [
        ("Lars: 1 hours", "Верхний Ларс", "group"), ("Lars: 2 hours", "Верхний Ларс", "group"),
    ]  # fmt: skip
    assert posts(store)[0].url == "https://t.me/lars_border/1"
    client.messages[4004].append(message(3, "Lars: 3 hours"))
    assert ask(store, account, at=NOON + timedelta(minutes=5)).new == {"group": 1}
    assert client.asked == [("connect",), (4004, 100, 0, False), (4004, 500, 0, True)]
    assert "личное" not in repr(posts(store))


def test_it_goes_on_from_the_last_and_sees_edits_of_the_latest(store: Store, account: Account, client: Client) -> None:
    client.messages[4004] = [message(n, f"Lars: {n} hours") for n in range(1, 60)]
    ask(store, account)
    client.messages[4004][-1] = message(59, "Lars: 70 hours", edit_date=NOON)
    told = ask(store, account, at=NOON + timedelta(minutes=5))
    assert client.asked[-1] == (4004, 500, 39, True) and told.new == {"group": 0}
    assert posts(store)[-1].text == "Lars: 70 hours" and posts(store)[-1].edited_at == NOON


def test_small_copies_of_new_pictures_are_looked_at_where_that_is_wished(
    store: Store, account: Account, client: Client
) -> None:
    photo = types.MessageMediaPhoto(photo=types.PhotoEmpty(id=1))
    film = types.MessageMediaDocument(document=types.Document(
        id=2, access_hash=1, file_reference=b"", date=NOON, mime_type="video/mp4", size=9, dc_id=1, attributes=[]
    ))  # fmt: skip
    client.messages[4004] = [message(1, "Lars: 1 hours", media=photo), message(2, "Lars: 2 hours", media=film),
                             message(3, "Lars: 3 hours", media=photo), message(4, "Lars: 4 hours")]  # fmt: skip
    client.pictures = {1: saved(scene(1)), 2: saved(scene(2))}
    ask(store, account)
    assert [post.prints for post in posts(store)] == [()] * 4 and ("picture", 1, "m") not in client.asked
    client.messages[4004] += [message(5, "Lars: 5 hours", media=photo), message(6, "Lars: 6 hours", media=photo)]
    client.pictures[5] = saved(scene(3))
    ask(store, account, at=NOON + timedelta(minutes=5), ear=replace(EAR, pictures=True))
    assert client.asked[-2:] == [("picture", 5, "m"), ("picture", 6, "m")]  # of those before nothing is asked
    assert [len(post.prints) for post in posts(store)] == [0, 0, 0, 0, 1, 0] and len(store.sightings()) == 1


def test_nobody_s_name_is_kept(store: Store, account: Account, client: Client) -> None:
    who = types.User(id=777, first_name="Дормидонт", last_name="Безыменский", phone="79281234567", username="marina")

    class Forward:
        sender = types.User(id=778, first_name="Акакий", last_name="Башмачкин")
        from_name = None

    fwd = types.MessageFwdHeader(date=NOON - timedelta(hours=5), from_id=types.PeerUser(778))
    client.messages[4004] = [
        message(1, "Дормидонт Безыменский тут, Lars: 1 hours", who),
        message(2, "Акакий Башмачкин пишет", who, Forward(), fwd_from=fwd),
        message(3, "спросите у Дормидонт Безыменский", None, reply_to=types.MessageReplyHeader(reply_to_msg_id=1)),
    ]
    ask(store, account)
    told = repr(posts(store))
    for secret in ("Дормидонт", "Безыменск", "Акакий", "Башмачкин", "7928", "marina", "777", "778"):
        assert secret not in told
    first, second, third = posts(store)
    assert first.author == second.author and second.forwarded_from not in (None, first.author)
    assert second.forwarded_at == NOON - timedelta(hours=5) and third.reply_to.post == first.id


def test_posts_are_called_as_in_an_export_of_the_chat(store: Store, account: Account, tmp_path: Path) -> None:
    from verst.sources import read

    ask(store, account)
    (tmp_path / "result.json").write_text(
        '{"name": "Верхний Ларс", "type": "public_supergroup", "id": 4004, "messages": [{"id": 1, "type": "message", '
        '"date_unixtime": "1664015460", "from_id": "user777", "text": "Lars: 1 hours"}]}',
        encoding="utf-8",
    )
    first = next(iter(read(tmp_path, Door(b"k" * 32))))
    assert (first.id, first.author) == (posts(store)[0].id, posts(store)[0].author)  # type: ignore[union-attr]


def test_when_telegram_asks_to_wait_it_is_waited(store: Store, account: Account, client: Client) -> None:
    client.fault = errors.FloodWaitError(None, capture=7_200)
    assert ask(store, account).faults == {"group": "HTTP 429"}
    due = recall(store, EAR).due
    assert due is not None and due >= NOON + timedelta(hours=2)
    client.fault = None
    assert ask(store, account, at=due).new == {"group": 2}


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (ConnectionError("+79281234567"), "no answer from Telegram (ConnectionError)"),
        (errors.AuthKeyUnregisteredError(None), "Telegram lets this account in no more (AuthKeyUnregisteredError)"),
        (errors.UserDeactivatedBanError(None), "Telegram lets this account in no more (UserDeactivatedBanError)"),
        (errors.ChannelPrivateError(None), "no answer from Telegram (ChannelPrivateError)"),
    ],
)
def test_what_fails_is_asked_later_and_said_without_a_secret(
    fault: BaseException, what: str, store: Store, account: Account, client: Client
) -> None:
    client.fault = fault
    assert ask(store, account).faults == {"group": what}
    due = recall(store, EAR).due
    assert due is not None and due > NOON + timedelta(minutes=2)


def test_one_that_never_answers_is_given_up(
    store: Store, account: Account, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    async def never() -> bool:
        await asyncio.sleep(100)
        return True

    monkeypatch.setattr(client, "is_user_authorized", never)
    monkeypatch.setattr(telegram_account, "SECONDS", 0.2)
    assert ask(store, account).faults == {"group": "no answer from Telegram"}
    assert not client.connected


def test_what_it_has_not_joined_it_does_not_join(store: Store, account: Account, client: Client) -> None:
    client.dialogs.append(Dialog(channel(4005, "old_group", left=True), "old"))
    for name in ("strangers", "old_group", "5"):
        ear = Ear(name=name, url=f"telegram:{name}", source="telegram_account")
        assert "has joined no channel or group of that name" in ask(store, account, ear=ear).faults[name]
    assert client.asked == [("connect",)] and posts(store) == []
    number = Ear(name="number", url="telegram:4004", source="telegram_account")
    assert ask(store, account, ear=number).new == {"number": 2}


def test_who_is_logged_out_is_told(account: Account, client: Client) -> None:
    client.authorized = False
    with pytest.raises(Unreachable, match="verst listen --log-in"):
        account.fetch("telegram:lars_border", {})


def test_the_stand_in_is_asked_as_telethon_is() -> None:
    import inspect

    for name in (
        "is_connected",
        "connect",
        "disconnect",
        "is_user_authorized",
        "iter_dialogs",
        "iter_messages",
        "get_messages",
        "download_media",
        "start",
    ):
        assert callable(getattr(TelegramClient, name))
    asked = inspect.signature(TelegramClient.iter_messages).parameters
    assert {"limit", "min_id", "reverse"} <= set(asked)
    assert {"file", "thumb"} <= set(inspect.signature(TelegramClient.download_media).parameters)
    made = make_client(Settings(1, "f" * 32, Path("nowhere")))
    assert isinstance(made, TelegramClient) and made.flood_sleep_threshold == 0
