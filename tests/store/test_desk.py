"""What every desk must do: acts only added and chained, accounts changed by one at a time, sessions, and who looks."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from tests.postgres import Server
from tests.store.samples import NOON, at
from verst.desk import Account, Act, Passkey, Session, broken_at, in_force
from verst.errors import BadSetting
from verst.store import Store, open_store
from verst.store.desk import Desk, KeepsDesk, acts_of, desk_of
from verst.store.postgres.opening import connect

SPOILING = ("UPDATE acts SET act = ''", "DELETE FROM acts")


def act(minutes: float = 0.0, **more: object) -> Act:
    told: dict[str, object] = {"verb": "reject", "who": "owl", "crossing": "verkhny-lars", "post": "p1"}
    told |= {"at": at(minutes), "made_at": at(minutes), "since": NOON, "reason": "joke", "words": "«так» не бывает"}
    return Act(**(told | more))  # type: ignore[arg-type]


@pytest.fixture
def desk(store: Store) -> Desk:
    if not isinstance(store, KeepsDesk):
        pytest.skip("a store of this kind keeps no desk yet")
    return desk_of(store)


def test_a_store_without_one_says_what_to_do_and_has_no_acts() -> None:
    assert acts_of(object()) == []  # type: ignore[arg-type]
    with pytest.raises(BadSetting, match="sqlite"):
        desk_of(object())  # type: ignore[arg-type]


def test_acts_come_back_as_they_were_numbered_and_chained(desk: Desk, store: Store) -> None:
    before = store.revision()
    told = [desk.add(act(n, value=n + 0.5, ends_at=at(n + 60))) for n in range(3)]
    assert [each.n for each in told] == [1, 2, 3] and desk.acts() == told == acts_of(store)
    assert replace(told[1], n=0, seal="") == act(1, value=1.5, ends_at=at(61))
    assert len({each.seal for each in told}) == 3 and broken_at(desk.trail()) is None
    assert store.revision() == before + 3


def test_what_two_add_at_once_is_one_chain(desk: Desk) -> None:
    threads = [threading.Thread(target=lambda: [desk.add(act()) for _ in range(20)]) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [each.n for each in desk.acts()] == list(range(1, 41)) and broken_at(desk.trail()) is None


@pytest.mark.parametrize("lie", ["words", "gone", "swapped", "first"])
def test_a_changed_trail_is_found_at_its_row(desk: Desk, lie: str) -> None:
    for n in range(5):
        desk.add(act(n))
    rows = list(desk.trail())
    if lie == "words":
        rows[2] = (3, rows[2][1].replace("reject", "confirm"), rows[2][2])
    elif lie == "gone":
        del rows[2]
    elif lie == "swapped":
        rows[2], rows[3] = (3, *rows[3][1:]), (4, *rows[2][1:])
    else:
        rows = rows[1:]
    assert broken_at(rows) == (1 if lie == "first" else 3)


def test_an_account_is_changed_by_one_at_a_time(desk: Desk) -> None:
    key = Passkey(id="i", site="board.example", key="k", added=NOON, count=3, used=NOON, label="blue")
    told = {"password": "x", "spare": ("a", "b"), "invited_until": NOON, "passkeys": (key,)}
    owl = Account(name="owl", role="moderator", **told)  # type: ignore[arg-type]
    assert desk.account("owl") is None and desk.accounts() == []
    assert desk.put_account(owl, None) and desk.account("owl") == owl
    assert not desk.put_account(replace(owl, role="admin"), None)  # it is there already
    assert desk.put_account(replace(owl, step=7), owl)
    assert not desk.put_account(replace(owl, step=8), owl)  # somebody else was first
    assert desk.accounts() == [replace(owl, step=7)]


def test_sessions_are_found_by_their_key_and_end(desk: Desk) -> None:
    for key, who, minutes in (("a", "owl", 0), ("b", "owl", 30), ("c", "lynx", 60)):
        desk.begin(Session(key=key, account=who, began=NOON, seen=at(minutes)))
    desk.begin(Session(key="a", account="owl", began=NOON, seen=at(90)))
    assert desk.session("a") == Session(key="a", account="owl", began=NOON, seen=at(90)) and desk.session("z") is None
    desk.end(seen_before=at(45))
    assert desk.session("b") is None and desk.session("c") is not None
    desk.end(account="owl")
    assert desk.session("a") is None
    desk.end(key="c")
    assert desk.session("c") is None


def test_one_looks_at_a_claim_until_the_time_is_over(desk: Desk) -> None:
    later = NOON + timedelta(minutes=5)
    assert desk.hold("x", "owl", NOON, later) == "owl" and desk.hold("x", "lynx", NOON, later) == "owl"
    assert desk.hold("x", "owl", at(1), at(6)) == "owl" and desk.holds(at(5.5)) == {"x": "owl"}
    assert desk.hold("x", "lynx", at(7), at(12)) == "lynx"
    desk.release("owl")
    assert desk.holds(at(8)) == {"x": "lynx"}
    desk.hold("y", "lynx", at(8), at(13))
    desk.release("lynx", "x")
    assert desk.holds(at(8)) == {"y": "lynx"}


def test_undone_acts_do_not_hold_and_undoing_can_be_undone(desk: Desk) -> None:
    one = desk.add(act(0))
    gone = desk.add(act(1, verb="undo", undoes=one.n))
    desk.add(act(2, verb="undo", undoes=gone.n))
    acts = desk.acts()
    assert [len(in_force(acts, at(minute))) for minute in (-1, 0, 1, 2)] == [0, 1, 0, 1]


def test_the_file_itself_refuses_to_change_or_lose_an_act(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    desk_of(store).add(act())
    store.close()
    with sqlite3.connect(tmp_path / "verst.db") as db:
        for sql in (*SPOILING, "INSERT OR REPLACE INTO acts VALUES (1, '', '')"):
            with pytest.raises(sqlite3.IntegrityError, match="act of the desk"):
                db.execute(sql)
    db.close()


def test_the_database_itself_refuses_to_change_or_lose_an_act(server: Server) -> None:
    url = server.new()
    store = open_store(url)
    desk_of(store).add(act())
    store.close()
    with connect(url) as db:
        for sql in (*SPOILING, "TRUNCATE acts"):
            with pytest.raises(psycopg.errors.RaiseException, match="act of the desk"):
                db.execute(sql.encode())
