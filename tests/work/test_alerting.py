"""Changes in a store become alerts in its outbox, once, for whoever wants them, and are taken back when remade."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.alerts.scenes import KINDS, NO_FOOT, NOON, aged, at, closed, opened, reasons, region, wait
from verst.model import Chat, Claim, Estimate, Post, Reading, Report
from verst.outputs import Target
from verst.store import Batch, Outbox, Store, open_store, outbox_of
from verst.work.alerting import KEPT, Alerting
from verst.work.subscribers import Subscriber


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    yield found
    found.close()


@pytest.fixture
def box(store: Store) -> Outbox:
    return outbox_of(store)


def alerting(store: Store) -> Alerting:
    return Alerting(store, [region(replace(NO_FOOT, starts_at=at(3000)))], KINDS)


def keep(store: Store, *estimates: Estimate) -> None:
    store.keep(Batch(estimates=estimates))


def person(name: str, *reasons: str) -> Subscriber:
    return Subscriber(id=name * 16, channel="ntfy", target=Target(address=name), reasons=frozenset(reasons))


def test_a_change_is_told_once_however_often_and_by_whomever_it_is_found(store: Store, box: Outbox) -> None:
    keep(store, opened(-390), closed(0), wait(-390, 100), wait(0, 300))
    everything, waits = person("a"), person("b", "wait_doubled", "wait_halved")
    assert reasons(alerting(store).tell(at(1), [everything, waits])) == ["closed", "wait_doubled"]
    for minutes in range(2, 40, 6):
        assert alerting(store).tell(at(minutes), [everything, waits]) == []
    told = [(each.subscriber[0], box.alert(each.alert).reason) for each in box.deliveries()]  # type: ignore[union-attr]
    assert sorted(told) == [("a", "closed"), ("a", "wait_doubled"), ("b", "wait_doubled")]


def test_two_that_look_at_the_same_time_tell_it_once(store: Store, box: Outbox) -> None:
    keep(store, opened(-390), closed(0))
    one, other = alerting(store).find(at(1)), alerting(store).find(at(2))
    assert [alert.id for alert in one] == [alert.id for alert in other]
    assert [len(box.accept([(alert, ["a"]) for alert in found], at(2))) for found in (one, other)] == [1, 0]
    assert len(box.deliveries()) == 1


def test_a_night_of_silence_tells_nothing(store: Store, box: Outbox) -> None:
    keep(store, closed(-390), wait(-390, 600))
    keep(
        store,
        *(aged(closed(-390), 15 * n) for n in range(1, 60)),
        *(aged(wait(-390, 600, 1 + n / 9), 15 * n) for n in range(1, 60)),
    )
    found = alerting(store)
    for minutes in range(-260, 600, 15):
        found.tell(at(minutes), [person("a")])
    assert box.alerts() == []


def test_an_hour_that_is_read_anew_takes_back_what_it_said(store: Store, box: Outbox) -> None:
    keep(store, opened(-390), closed(0))
    (told,) = alerting(store).tell(at(1), [person("a")])
    box.settle(box.claim(at(1), at(2))[0], "delivered")
    store.keep(Batch(cleared=[("verkhny-lars", at(-1))], estimates=[opened(0)]))
    (back,) = alerting(store).tell(at(90), [])
    assert back.takes_back == told.id and back.why == "remade"
    assert [(each.alert, each.subscriber[0]) for each in box.deliveries()] == [(told.id, "a"), (back.id, "a")]
    assert alerting(store).tell(at(95), []) == []


def test_a_rumour_of_the_ledger_is_told_when_it_is_contradicted(store: Store, box: Outbox) -> None:
    claim = Claim(kind="queue_length", crossing="verkhny-lars", value=35.0, stance="heard")
    heard = [Report(claim=claim, post=f"h{n}", posted_at=at(n - 90), author=f"{n:016x}") for n in range(5)]
    office = replace(claim, value=2.0, stance="official")
    said = Report(claim=office, post="o", posted_at=at(-20), author="f" * 16, source="official")
    posts = [
        (Post(id=r.post, chat=Chat(title="t", kind="group"), posted_at=r.posted_at, text="x"), Reading())
        for r in (*heard, said)
    ]
    store.keep(Batch(posts=posts, reports=[*heard, said]))
    finder = alerting(store)
    assert reasons(finder.tell(NOON)) == ["rumour_contradicted"]
    assert finder.tell(at(1)) == [] and finder.tell(at(20)) == []


def test_what_rests_on_reconstructed_posts_says_so(store: Store, box: Outbox) -> None:
    evidence = closed(0).evidence
    label = "reconstructed from dated public facts"
    post = Post(id=evidence[0].post, chat=Chat(title="t", kind="group"), posted_at=NOON, text="x", label=label)
    store.keep(Batch(posts=[(post, Reading())], estimates=[opened(-390), closed(0)]))
    assert [alert.label for alert in alerting(store).tell(at(1))] == [label]


def test_old_alerts_are_forgotten(store: Store, box: Outbox) -> None:
    keep(store, opened(-390), closed(0))
    alerting(store).tell(at(1), [])
    assert len(box.alerts()) == 1
    alerting(store).tell(at(2) + KEPT + timedelta(minutes=1), [])
    assert box.alerts() == []
