"""Over a bus, with processes of their own, the same posts make the same board, to the last digit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import postgres
from tests.bus import world
from verst.bus import open_bus
from verst.store import open_store
from verst.work.apart.putting import put_posts


@pytest.mark.parametrize("workers", [1, 2])
def test_the_same_board(nats_server: str, server: postgres.Server, tmp_path: Path, workers: int) -> None:
    url, bus = server.new(), f"{nats_server}/same{workers}"
    store, carried = open_store(url), open_bus(bus)
    wanted = world.expected()
    with (
        world.working("read", url, bus, tmp_path / "home", workers),
        world.working("fuse", url, bus, tmp_path / "home", workers),
    ):
        assert put_posts(carried, world.posts()) == len(world.posts())
        world.soon(lambda: len(world.board(store).get("posts", ())) == len(wanted["posts"]))
        world.soon(lambda: world.board(store) == wanted)
    assert world.board(store) == wanted
    assert world.answers(store) == world.expected_answers()
    store.close()
    carried.close()
