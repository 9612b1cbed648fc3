"""What every bus does, whoever wrote it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from verst.bus import CLAIMS, PARTS, POSTS, TOLD, Bus, Item, open_bus, part_of
from verst.errors import BadSetting

EVERY = dict.fromkeys(range(PARTS), 0)


def item(n: int, part: int = 0) -> Item:
    return Item(part, f"i{n}", f"told {n}".encode())


def take(bus: Bus, after: dict[int, int], most: int = 100, seconds: float = 1.0) -> list[bytes]:
    return [message.data for message in bus.take(POSTS, after, most, seconds)]


def test_what_is_put_is_taken_in_order_and_again(bus: Bus) -> None:
    assert bus.put(POSTS, [item(n, n % 3) for n in range(300)]) == 300
    first = bus.take(POSTS, EVERY, 1_000, 1.0)
    assert [message.data for message in first] == [f"told {n}".encode() for n in range(300)]
    assert [message.part for message in first] == [n % 3 for n in range(300)]
    assert [message.number for message in first] == sorted({message.number for message in first})
    assert bus.take(POSTS, EVERY, 1_000, 1.0) == first


def test_what_is_put_twice_is_there_once(bus: Bus) -> None:
    assert bus.put(POSTS, [item(1), item(2)]) == 2
    assert bus.put(POSTS, [item(2), item(3)]) == 1
    assert take(bus, {0: 0}) == [b"told 1", b"told 2", b"told 3"]


def test_each_partition_is_gone_on_with_from_where_it_was_left(bus: Bus) -> None:
    bus.put(POSTS, [item(n, n % 2) for n in range(10)])
    found = bus.take(POSTS, {0: 0, 1: 0}, 100, 1.0)
    even = [message for message in found if message.part == 0]
    assert take(bus, {0: even[2].number, 1: found[-1].number}) == [b"told 6", b"told 8"]
    assert take(bus, {1: 0}) == [f"told {n}".encode() for n in (1, 3, 5, 7, 9)]


def test_going_on_gives_what_came_since(bus: Bus, open_one: Callable[[], Bus]) -> None:
    after = dict(EVERY)
    bus.put(POSTS, [item(1, 4)])
    for message in bus.take(POSTS, after, 100, 1.0):
        after[message.part] = message.number
    open_one().put(POSTS, [item(2, 4), item(3, 9)])
    assert take(bus, after) == [b"told 2", b"told 3"]


def test_nothing_comes_of_what_is_not_there_and_not_at_once(bus: Bus) -> None:
    bus.put(POSTS, [item(1, 1)])
    begun = time.monotonic()
    assert take(bus, {2: 0}, seconds=0.3) == []
    assert time.monotonic() - begun > 0.2
    assert bus.take(CLAIMS, {1: 0}, 10, 0.1) == []


def test_what_is_done_with_is_gone_and_no_other(bus: Bus, open_one: Callable[[], Bus]) -> None:
    bus.put(POSTS, [item(n, n % 2) for n in range(10)])
    found = bus.take(POSTS, {0: 0, 1: 0}, 100, 1.0)
    assert bus.waiting(POSTS) == 10
    bus.drop(POSTS, {0: found[-2].number, 1: found[3].number})
    assert bus.waiting(POSTS) == 3
    assert [m.data for m in open_one().take(POSTS, {0: 0, 1: 0}, 100, 1.0)] == [b"told 5", b"told 7", b"told 9"]


def test_streams_are_apart_and_an_era_is_one_word(bus: Bus, open_one: Callable[[], Bus]) -> None:
    bus.put(TOLD, [item(1)])
    assert bus.waiting(POSTS) == 0 and bus.waiting(TOLD) == 1
    assert bus.era(TOLD) == open_one().era(TOLD) != ""


def test_who_is_here_is_known_to_all_until_they_go(bus: Bus, open_one: Callable[[], Bus]) -> None:
    other = open_one()
    assert bus.here("read", "b") == ["b"]
    assert other.here("read", "a") == ["a", "b"] == bus.here("read", "b")
    assert bus.here("fuse", "c") == ["c"]
    other.gone("read", "a")
    assert bus.here("read", "b") == ["b"]


def test_a_partition_is_the_same_everywhere() -> None:
    assert part_of("verkhny-lars") == 9 and part_of("Ларс чат") == 4
    assert {part_of(f"c{n}") for n in range(500)} == set(range(PARTS))


@pytest.mark.parametrize("address", ["kafka://anna", "nats:anna", "nats:///anna", "nats://a:1/OF ANNA", ""])
def test_an_address_nobody_knows_is_said_without_it(address: str) -> None:
    with pytest.raises(BadSetting) as said:
        open_bus(address)
    assert "anna" not in str(said.value).lower()
