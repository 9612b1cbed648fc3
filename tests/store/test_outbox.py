"""What every outbox must do: nothing accepted is lost, nothing known is accepted twice, each is told in order."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from importlib import resources
from pathlib import Path

import pytest

from tests.store.samples import NOON, at
from verst.errors import BadSetting
from verst.notices import Alert, Delivery, Figure
from verst.store import KeepsOutbox, Outbox, Store, open_store, outbox_of
from verst.store.sqlite.opening import VERSION


def alert(name: str, minutes: float = 0.0, *places: str, **more: object) -> Alert:
    told: dict[str, object] = {"reason": "closed", "where": "verkhny-lars", "kind": "passage"}
    told |= {"now": Figure(value="closed"), "expires": at(minutes + 360), "crossings": places or ("verkhny-lars",)}
    return Alert(id=name, at=at(minutes), **(told | more))  # type: ignore[arg-type]


@pytest.fixture
def box(store: Store) -> Outbox:
    if not isinstance(store, KeepsOutbox):
        pytest.skip("a store of this kind keeps no outbox yet")
    return outbox_of(store)


def claim(box: Outbox, minutes: float = 0.0) -> list[Delivery]:
    return box.claim(at(minutes), at(minutes + 10))


def test_an_empty_outbox_says_so(box: Outbox) -> None:
    assert box.alerts() == [] and box.alert("a") is None and claim(box) == [] and box.next_due() is None
    assert box.tally() == {} and box.deliveries() == [] and box.forget(NOON) == 0


def test_a_store_without_one_says_what_to_do() -> None:
    with pytest.raises(BadSetting, match="sqlite"):
        outbox_of(object())  # type: ignore[arg-type]


def test_alerts_come_back_as_they_were_and_by_place(box: Outbox) -> None:
    one, two = alert("a"), alert("b", 5, "verkhny-lars", "salla", text=(("en", "no"),), starts=False)
    assert box.accept([(one, []), (two, [])], NOON) == [one, two]
    assert box.alerts() == [two, one] and box.alert("b") == two
    assert box.alerts(crossing="salla") == [two] and box.alerts(crossing="verkhny-lars", limit=1) == [two]
    assert box.alerts(since=at(1)) == [two] and box.alerts(crossing="salla", since=at(6)) == []


def test_what_is_known_is_not_accepted_again(box: Outbox) -> None:
    assert box.accept([(alert("a"), ["s1"])], NOON) != []
    assert box.accept([(alert("a", 5), ["s1", "s2"])], at(5)) == []
    assert [each.subscriber for each in box.deliveries()] == ["s1"] and box.alerts() == [alert("a")]


def test_each_subscriber_is_told_in_order_and_none_waits_for_another(box: Outbox) -> None:
    box.accept([(alert("a"), ["s1", "s2"]), (alert("b"), ["s1", "s2"])], NOON)
    first = claim(box)
    assert [(each.alert, each.subscriber, each.attempts) for each in first] == [("a", "s1", 1), ("a", "s2", 1)]
    assert claim(box) == []
    box.settle(first[0], "waiting", due=at(30), fault="HTTP 503")
    box.settle(first[1], "delivered")
    assert [(each.alert, each.subscriber) for each in claim(box, 1)] == [("b", "s2")]
    assert box.next_due() == at(11) and box.tally() == {"delivered": 1, "waiting": 3}
    again = claim(box, 30)
    assert {(each.alert, each.subscriber, each.attempts, each.fault) for each in again} == {
        ("a", "s1", 2, "HTTP 503"), ("b", "s2", 2, None),
    }  # fmt: skip


def test_what_was_claimed_and_never_settled_is_given_out_again(box: Outbox) -> None:
    box.accept([(alert("a"), ["s1"])], NOON)
    (lost,) = claim(box)
    assert claim(box, 9) == []
    (again,) = claim(box, 10)
    box.settle(lost, "refused", fault="too late")
    assert box.tally() == {"waiting": 1}
    box.settle(lost, "delivered")
    box.settle(again, "refused")
    assert box.tally() == {"delivered": 1}


def test_a_retraction_goes_to_those_who_were_told_or_may_have_been(box: Outbox) -> None:
    box.accept([(alert("a"), ["told", "tried", "trying", "untold"])], NOON)
    claimed = {each.subscriber: each for each in claim(box) if each.subscriber != "untold"}
    box.accept([(alert("z"), ["untold"])], NOON)  # something else waits for whoever was not told
    box.settle(claimed["told"], "delivered")
    box.settle(claimed["tried"], "waiting", due=at(60))
    back = alert("b", 5, takes_back="a")
    box.accept([(back, ["told", "newcomer"])], at(5))
    states = {each.subscriber: each.state for each in box.deliveries("a")}
    assert states["told"] == "delivered" and states["tried"] == "withdrawn" and states["trying"] == "waiting"
    assert {each.subscriber for each in box.deliveries("b")} >= {"told", "tried", "trying"}
    assert "newcomer" not in {each.subscriber for each in box.deliveries("b")}


def test_who_never_could_have_been_told_hears_of_neither(box: Outbox) -> None:
    box.accept([(alert("a"), ["s1"])], NOON)
    box.accept([(alert("b", 5, takes_back="a"), [])], at(5))
    assert box.tally() == {"withdrawn": 1} and claim(box, 5) == []


def test_only_what_is_done_is_forgotten(box: Outbox) -> None:
    box.accept([(alert("a"), ["s1"]), (alert("b"), ["s2"]), (alert("c", 99), [])], NOON)
    box.settle(claim(box)[0], "delivered")
    assert box.forget(at(50)) == 1 and [each.id for each in box.alerts()] == ["c", "b"]
    assert box.alerts(crossing="verkhny-lars") == box.alerts() and box.deliveries("a") == []


def test_many_threads_claim_each_thing_once(box: Outbox) -> None:
    box.accept([(alert(f"a{n}"), [f"s{n}"]) for n in range(60)], NOON)
    found: list[Delivery] = []

    def work() -> None:
        while some := box.claim(NOON, at(10), 3):
            found.extend(some)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.n for each in found) == sorted({each.n for each in found}) and len(found) == 60


def test_what_was_accepted_survives_a_kill(url: str) -> None:
    code = (
        "import os, signal\nfrom tests.store.test_outbox import alert\nfrom tests.store.samples import NOON, at\n"
        "from verst.store import open_store, outbox_of\n"
        f"box = outbox_of(open_store({url!r}))\n"
        "box.accept([(alert('a'), ['s1', 's2'])], NOON)\nbox.claim(NOON, at(10), 1)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == -9
    box = outbox_of(open_store(url))
    assert [each.subscriber for each in claim(box)] == ["s2"]
    assert [(each.subscriber, each.attempts) for each in claim(box, 10)] == [("s1", 2), ("s2", 2)]


def test_a_store_of_the_version_before_is_brought_forward(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    db = sqlite3.connect(file)
    folder = resources.files("verst.store.sqlite") / "migrations"
    db.executescript((folder / "0001.sql").read_text(encoding="utf-8"))
    db.execute("PRAGMA user_version = 1")
    db.close()
    store = open_store(f"sqlite:///{file}")
    assert outbox_of(store).accept([(alert("a"), [])], NOON) == [replace(alert("a"))]
    store.close()
    assert sqlite3.connect(file).execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert timedelta() < at(1) - NOON


def test_a_clock_that_was_set_back_holds_nobody_up(box: Outbox) -> None:
    wrong = 2_400.0  # minutes that the clock was ahead
    box.accept([(alert("a", wrong), ["s1", "s2"]), (alert("b", wrong), ["s3"])], at(wrong))
    taken = claim(box, wrong)
    box.settle(taken[0], "waiting", due=at(wrong + 60), fault="HTTP 429")  # asked to come back in an hour
    assert claim(box, wrong + 0.5) == []
    box.accept([(alert("c"), ["s4"])], at(0))
    assert [each.alert for each in claim(box, 0)] == ["c"], "what others were at, and what was to wait, still does"
    assert {each.subscriber for each in claim(box, 10.6)} == {"s2", "s3", "s4"}, "they were killed meanwhile"
    assert "s1" not in {each.subscriber for each in claim(box, 59)}
    assert "s1" in {each.subscriber for each in claim(box, 60.1)}


def test_clocks_of_two_machines_that_differ_a_little_change_nothing(box: Outbox) -> None:
    box.accept([(alert("a"), ["s1"])], at(3))
    (taken,) = claim(box, 3)
    box.settle(taken, "waiting", due=at(40))
    assert claim(box, 0) == claim(box, 39) == claim(box, 37) == []
    assert [each.attempts for each in claim(box, 40)] == [2]
