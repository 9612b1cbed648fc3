"""Each channel against a real server: nothing accepted is lost, nothing is told twice, what was wrong is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.telling.desk import BACK, SHUT, Desk, many, subscriber
from tests.telling.receivers import Way
from tests.telling.ways import WAYS
from verst.outputs import channels
from verst.work.subscribers import Subscriber


@pytest.fixture(params=sorted(WAYS))
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    with WAYS[request.param]() as found:
        yield found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    found = Desk(tmp_path)
    yield found
    found.store.close()


@pytest.fixture
def whom(way: Way) -> Subscriber:
    return subscriber(way)


def once(took: list[tuple[str, str]]) -> list[str]:
    """What a receiver shows that knows a repeat by its key."""
    return list(dict(took).values())


def test_every_channel_of_the_shelf_has_its_server_here() -> None:
    assert set(WAYS) == set(channels())


def test_an_alert_is_told_once_whatever_is_asked_again(way: Way, desk: Desk, whom: Subscriber) -> None:
    desk.accept([SHUT], whom)
    desk.accept([replace(SHUT, at=SHUT.at)], whom)
    for _ in range(3):
        desk.round(whom, later=30)
    assert [title for _, title in way.took()] == ["Verkhny Lars: Closed into Georgia"]
    assert desk.box.tally() == {"delivered": 1} and desk.faults == []


def test_where_the_line_is_cut_it_is_told_again_under_the_same_key(way: Way, desk: Desk, whom: Subscriber) -> None:
    way.plan("cut")
    desk.accept([SHUT], whom)
    assert desk.round(whom).by_state == {"waiting": 1}
    assert desk.round(whom).by_state == {}  # not at once
    assert desk.round(whom, later=1).by_state == {"delivered": 1}
    assert len(way.took()) == 2 and once(way.took()) == ["Verkhny Lars: Closed into Georgia"]


def test_a_busy_server_is_asked_later_and_not_before_it_said(way: Way, desk: Desk, whom: Subscriber) -> None:
    way.plan((503, {"Retry-After": "600"}), (429, {"Retry-After": "60"}))
    desk.accept([SHUT], whom)
    assert desk.round(whom).by_state == {"waiting": 1}
    if way.channel != "email":
        assert desk.round(whom, later=9.9).by_state == {} and way.took() == []
    desk.round(whom, later=11)
    desk.round(whom, later=5)
    assert len(way.took()) == 1 and desk.box.tally() == {"delivered": 1}


def test_what_is_refused_for_good_is_not_tried_again_and_the_next_goes_on(
    way: Way, desk: Desk, whom: Subscriber
) -> None:
    way.plan((400, {}))
    desk.accept(many(2), whom)
    assert desk.round(whom).by_state == {"refused": 1, "delivered": 1}
    assert desk.round(whom, later=600).by_state == {} and len(way.took()) == 1
    assert [fault.what for fault in desk.faults] == [f"{'SMTP 550' if way.channel == 'email' else 'HTTP 400'}; refused"]


def test_a_flood_arrives_whole_and_in_order_through_cuts_and_refusals(way: Way, desk: Desk, whom: Subscriber) -> None:
    alerts = many(60)
    way.plan("cut", (503, {}), (429, {"Retry-After": "5"}), "cut", (500, {}), (502, {}))
    desk.accept(list(reversed(alerts)), whom)
    for _ in range(12):
        desk.round(whom, later=20)
    keys = list(dict.fromkeys(key for key, _ in way.took()))
    order = [alert.id for alert in reversed(alerts)]
    assert desk.box.tally() == {"delivered": 60}
    if way.dedupes:
        assert len(keys) == 60 and all(name in key for name, key in zip(order, keys, strict=True))
    assert len(way.took()) == 62  # each once, and once more where the line was cut


def test_a_retraction_comes_after_its_alert_and_only_to_who_was_told(way: Way, desk: Desk, whom: Subscriber) -> None:
    other = replace(whom, id="0" * 16)
    desk.accept([SHUT], whom)
    desk.round(whom)
    desk.box.accept([(BACK, [whom.id, other.id])], desk.now)
    desk.round(whom, other, later=1)
    titles = [title for _, title in way.took()]
    assert titles == ["Verkhny Lars: Closed into Georgia", "Verkhny Lars: Taken back: Closed into Georgia"]


def test_what_was_taken_back_before_it_was_told_is_not_told(way: Way, desk: Desk, whom: Subscriber) -> None:
    desk.accept([SHUT], whom)
    desk.accept([BACK], whom)
    assert desk.round(whom).by_state == {} and way.took() == [] and desk.box.tally() == {"withdrawn": 1}


def test_what_may_have_been_told_is_taken_back_and_the_alert_does_not_come_after_it(
    way: Way, desk: Desk, whom: Subscriber
) -> None:
    way.plan("cut")
    desk.accept([SHUT], whom)
    desk.round(whom)
    desk.accept([BACK], whom)
    desk.round(whom, later=60)
    titles = [title for _, title in way.took()]
    assert titles == ["Verkhny Lars: Closed into Georgia", "Verkhny Lars: Taken back: Closed into Georgia"]


def test_what_has_expired_is_told_to_nobody_and_written_down(way: Way, desk: Desk, whom: Subscriber) -> None:
    way.plan((503, {}))
    desk.accept([SHUT], whom)
    desk.round(whom)
    assert desk.round(whom, later=361).by_state == {"expired": 1} and way.took() == []


def test_no_address_or_secret_is_kept_or_said(way: Way, desk: Desk, whom: Subscriber) -> None:
    way.plan((503, {}), "cut", (400, {}))
    desk.accept(many(2), whom)
    for _ in range(4):
        desk.round(whom, later=30)
    desk.store.close()
    kept = b"".join(file.read_bytes() for file in desk.folder.iterdir())
    said = f"{desk.faults} {whom.target!r} {whom!r}"
    assert desk.faults and whom.id.encode() in kept
    for secret in (way.address, *way.own.values(), *way.shared.values()):
        if secret != "none":
            assert secret.encode() not in kept and secret not in said, way.channel
