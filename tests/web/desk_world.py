"""A live board with claims that wait for eyes, two hours after noon, and moderators who can log in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from verst.desk import Role
from verst.geography import load_kinds, load_regions
from verst.model import Chat, Claim, Post, Reading
from verst.store import Store, open_store
from verst.store.desk import desk_of
from verst.web import make_app
from verst.work.accounts import invite, join
from verst.work.intake import Tally, keep_posts
from verst.work.proofs import code_at, step_of
from verst.work.settling import settle

NOON = datetime.fromisoformat("2026-03-02T12:00:00+00:00")
PASSWORD = "seven grey geese at the gate"
REGIONS, KINDS = load_regions(), {kind.id: kind for kind in load_kinds()}
Said = tuple[str, int, str, str, float | str, str]  # name, minutes after noon, crossing, kind, value, words

SAID: list[Said] = [
    ("w1", -200, "verkhny-lars", "wait", 240.0, "4 hours at the gate"),
    ("w2", -140, "verkhny-lars", "wait", 260.0, "a bit over 4 hours now"),
    ("w3", -80, "verkhny-lars", "wait", 280.0, "4 and a half hours"),
    ("odd", -6, "verkhny-lars", "wait", 1900.0, "32 hours!! turn back all of you"),
    ("odd2", -4, "verkhny-lars", "wait", 1900.0, "32 hours!! turn back all of you"),
    ("f1", -90, "vaalimaa-torfyanovka", "wait", 40.0, "40 minutes in Vaalimaa"),
    ("f2", -30, "vaalimaa-torfyanovka", "passage", "closed", "Vaalimaa is closed, they say at the barrier"),
    ("k1", -50, "ozinki-taskala", "queue_length", 6.0, "queue of 6 km at Ozinki"),
]


class Clock:
    """The time of the board, which a test moves."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_minutes(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)


class SaidReader:
    """Reads of each post the one claim that it was made with."""

    def __init__(self, said: Sequence[Said]) -> None:
        self.said = {row[0]: row for row in said}

    def read(self, post: Post) -> Reading:
        _, _, crossing, kind, value, words = self.said[post.id]
        toward = {"verkhny-lars": "GE", "vaalimaa-torfyanovka": "FI"}.get(crossing, "KZ")
        claim = Claim(kind=kind, crossing=crossing, toward=toward, mode="car", value=value, span=(0, len(words)))
        return Reading(claims=(claim,), lang="en")

    def findable(self, post: Post) -> str:
        return post.text


def load(store: Store, said: Sequence[Said], until: datetime, chat: str = "Border chat") -> None:
    """Keep these posts and make the estimates, as a load does."""
    posts = [
        Post(
            id=name,
            chat=Chat(title=chat, kind="group"),
            posted_at=NOON + timedelta(minutes=minutes),
            text=words,
            author=f"{n + 1:016x}",
        )
        for n, (name, minutes, _, _, _, words) in enumerate(said)
    ]
    keep_posts(posts, store, SaidReader(said), Tally(), [])
    settle(store, REGIONS, KINDS, now=until)


def open_world(folder: Path) -> Store:
    """The store with everything said by noon."""
    store = open_store(f"sqlite:///{folder / 'verst.db'}")
    load(store, SAID, NOON)
    return store


def make_board(store: Store, clock: Clock, **more: Any) -> Starlette:
    """The board over that store."""
    return make_app(store, REGIONS, KINDS, clock=clock, **more)


def enlist(store: Store, name: str, clock: Clock, role: Role = "moderator") -> list[str]:
    """An account that has joined, two minutes ago; gives its recovery codes."""
    desk, then = desk_of(store), clock.at - timedelta(minutes=2)
    key = invite(desk, name, role, then)
    account = desk.account(name)
    assert account is not None
    return join(desk, name, key, PASSWORD, code_at(account.factor, step_of(then)), then)


def code_now(store: Store, name: str, clock: Clock) -> str:
    """What the authenticator app of an account shows now."""
    account = desk_of(store).account(name)
    assert account is not None
    return code_at(account.factor, step_of(clock.at))


def come(store: Store, app: Starlette, name: str, clock: Clock) -> TestClient:
    """A browser of somebody who is logged in."""
    client = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=True)
    told = {"name": name, "password": PASSWORD, "code": code_now(store, name, clock)}
    answer = client.post("/desk/log-in", data=told, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return client


def form_of(client: TestClient, path: str = "/desk") -> str:
    """The key that this session's forms bring along."""
    text = client.get(path).text
    return text.partition('name="form" value="')[2].partition('"')[0]


def named(what: str) -> str:
    """What a form calls the claim of that post."""
    _, _, crossing, kind, _, _ = next(row for row in SAID if row[0] == what)
    toward = {"verkhny-lars": "GE", "vaalimaa-torfyanovka": "FI"}.get(crossing, "KZ")
    return f"{crossing}\t{what}\t{kind}|{toward}||car|||"


def judge(client: TestClient, verb: str, *posts: str, **more: str) -> Any:
    """Send the form of one claim or of many."""
    told = {"form": form_of(client), "verb": verb, "item": [named(post) for post in posts], "reason": "sources"}
    return client.post("/desk/judge", data=told | {"seen": "999"} | more, follow_redirects=False)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_world(tmp_path)
    yield opened
    opened.close()
