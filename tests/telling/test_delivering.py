"""Who is broken keeps nobody waiting; two tellers and a killed one tell nothing twice and lose nothing."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.telling.desk import BACK, SHUT, Desk, many, subscriber
from tests.telling.receivers import HttpReceiver, Way, http_receiver
from tests.telling.ways import WAYS, webhook
from verst.notices import Notice
from verst.outputs import Channel, Outcome, Target, channels
from verst.store import open_store, outbox_of
from verst.work.delivering import LONGEST_WAIT, Teller
from verst.work.subscribers import Subscriber


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    found = Desk(tmp_path)
    yield found
    found.store.close()


@pytest.fixture
def way() -> Iterator[Way]:
    with webhook() as found:
        yield found


def hook(server: HttpReceiver, name: str) -> Subscriber:
    way = Way("webhook", f"{server.url}/{name}", {"secret": "s" * 16}, {}, lambda *_: None, lambda: [])
    return subscriber(way)


def test_all_channels_are_told_at_once_and_the_broken_one_waits_alone(desk: Desk) -> None:
    with contextlib.ExitStack() as stack:
        ways = [stack.enter_context(make()) for make in WAYS.values()]
        people = [subscriber(way) for way in ways]
        ways[0].plan(*[(503, {})] * 4)
        desk.accept(many(3), *people)
        desk.round(*people)
        assert [len(way.took()) for way in ways] == [0, 3, 3, 3, 3]
        for _ in range(10):
            desk.round(*people, later=30)
        assert [len(way.took()) for way in ways] == [3, 3, 3, 3, 3]


def test_a_channel_that_breaks_inside_stops_nobody(desk: Desk, way: Way) -> None:
    def broken(notice: Notice, target: Target, now: object) -> Outcome:
        raise RuntimeError(f"words with {target.address}")

    whom, other = subscriber(way), replace(subscriber(way), id="f" * 16, channel="broken")
    desk.accept([SHUT], whom, other)
    shelf = {**channels(), "broken": Channel(address="x", send=broken, check=lambda _: None)}
    plain = desk.teller(whom, other)
    teller = Teller(desk.box, [whom, other], shelf, plain._write, lambda: desk.now, on_fault=desk.faults.append)
    assert teller.round().by_state == {"delivered": 1, "waiting": 1}
    assert way.address not in str(desk.faults) and "RuntimeError in test_delivering.py" in desk.faults[0].what


def test_somebody_slow_keeps_nobody_else_waiting(desk: Desk) -> None:
    go, others = Event(), Event()
    order: list[str] = []

    def send(notice: Notice, target: Target, now: object) -> Outcome:
        if target.address == "slow":
            assert go.wait(30)
        order.append(target.address)
        if len(order) == 60:
            go.set()
        return Outcome(state="delivered")

    people = [
        Subscriber(id=f"{n:016x}", channel="slow", target=Target(address="slow" if n == 0 else "quick"))
        for n in range(21)
    ]
    desk.accept(many(3), *people)
    plain = desk.teller()
    shelf = {"slow": Channel(address="x", send=send, check=lambda _: None)}
    assert Teller(desk.box, people, shelf, plain._write, lambda: desk.now).round().by_state == {"delivered": 63}
    assert order[:60] == ["quick"] * 60 and order[60:] == ["slow"] * 3 and not others.is_set()


def test_tellers_side_by_side_tell_nothing_twice(desk: Desk) -> None:
    with http_receiver() as server:
        people = [hook(server, f"s{n}") for n in range(6)]
        desk.accept(many(10), *people)
        threads = [Thread(target=desk.teller(*people).round) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for person in people:
            name = person.target.address.rpartition("/")[2]
            keys = [headers["idempotency-key"] for path, headers, _ in server.taken if path == f"/{name}"]
            assert keys == [f"{alert.id}-{person.id}" for alert in many(10)]


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.telling.desk import Desk, subscriber
from tests.telling.receivers import Way
way = Way("webhook", sys.argv[2], {"secret": "s" * 16}, {}, None, None)
Desk(Path(sys.argv[1])).round(subscriber(way), later=float(sys.argv[3]))
"""


def test_a_teller_that_is_killed_at_any_moment_loses_nothing(tmp_path: Path) -> None:
    killed: list[subprocess.Popen[bytes]] = []

    class Killing(HttpReceiver):
        def step(self, request: object) -> tuple[int, dict[str, str]]:
            found = super().step(request)  # type: ignore[arg-type]
            if len(self.taken) in (3, 7) and killed:
                killed.pop().send_signal(signal.SIGKILL)
            return found

    desk = Desk(tmp_path)
    with http_receiver() as server:
        server.__class__ = Killing
        whom = hook(server, "hook")
        desk.accept(many(10), whom)
        desk.store.close()
        for later in ("0", "15"):
            words = [sys.executable, "-c", KILLED, str(tmp_path), whom.target.address, later]
            child = subprocess.Popen(words, cwd=Path(__file__).parents[2])
            killed.append(child)
            assert child.wait(120) == -signal.SIGKILL
            box = outbox_of(open_store(f"sqlite:///{tmp_path / 'verst.db'}"))
            assert box.tally()["waiting"] >= 1
            lease = box.next_due()
            assert lease is not None
        again = Desk(tmp_path)
        again.now = lease
        again.round(whom)
        again.round(whom, later=16)
        keys = [headers["idempotency-key"] for _, headers, _ in server.taken]
        assert list(dict.fromkeys(keys)) == [f"{alert.id}-{whom.id}" for alert in many(10)]
        assert len(keys) <= 12 and again.box.tally() == {"delivered": 10}


def test_a_retraction_finds_the_same_people_after_the_file_was_ordered_anew(desk: Desk, way: Way) -> None:
    whom = subscriber(way, reasons=frozenset({"closed"}))
    desk.accept([SHUT], whom)
    desk.round(whom)
    moved = subscriber(way, lang="ru", crossings=frozenset({"salla"}))  # asks for something else by now
    desk.accept([BACK], moved)
    desk.round(moved)
    assert [title for _, title in way.took()][1] == "Верхний Ларс: Отзываем: Закрыто в Грузию"


def test_who_left_the_file_is_told_nothing_more(desk: Desk, way: Way) -> None:
    desk.accept([SHUT], subscriber(way))
    assert desk.round().by_state == {"refused": 1} and way.took() == []


def test_waits_grow_are_spread_and_end(desk: Desk) -> None:
    teller = desk.teller()
    waits = [teller._wait(attempts, None) for attempts in range(1, 40)]
    assert all(15 <= wait <= LONGEST_WAIT for wait in waits) and waits[0] <= 30 and max(waits[10:]) > LONGEST_WAIT / 2
    assert len({teller._wait(3, None) for _ in range(20)}) == 20
    assert all(600 <= teller._wait(9, 600.0) <= 630 for _ in range(20))
