"""The chaos run, short: everything goes wrong for some seconds, and what must hold holds."""

from __future__ import annotations

import json
from contextlib import closing, nullcontext
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench.chaos import run
from bench.chaos_checks import check_told, compare, run_calmly
from tests.store.samples import NOON, at, post
from tests.store.test_outbox import alert
from verst.store import open_store, outbox_of


def test_a_short_storm_leaves_everything_as_it_should_be() -> None:
    result = run("sqlite", seconds=10, seed=7, speed=60)
    assert result.wrong == []
    tried = {name: text for name, text, _ in result.rows}
    acknowledged = int(tried["acknowledged = stored"].split()[0].replace(",", ""))
    assert acknowledged > 30, "nothing was acknowledged, so nothing was tried"
    assert int(tried["told once by key"].split()[0]) >= 2


def test_what_was_lost_told_twice_or_told_otherwise_would_be_seen(tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path / 'verst.db'}")) as store:
        outbox_of(store).accept([(alert("a"), ["s1", "s2"])], NOON)
        for claimed in outbox_of(store).claim(NOON, NOON + timedelta(minutes=10)):
            outbox_of(store).settle(claimed, "delivered")
        world: Any = SimpleNamespace(opened=lambda: nullcontext(store))
        body = json.dumps({"alert": {"reason": "closed", "where": "x", "at": "1", "follows": None}}).encode()
        well = [("/hook-a", "a-s1", body), ("/hook-a", "a-s1", body), ("/hook-b", "a-s2", body)]
        assert wrong(world, well) == []
        assert wrong(world, well[:2]) == ["a-s2 is said to be told and was not"]
        assert wrong(world, [*well, ("/hook-a", "a-s1", b"{}")]) == ["a-s1 came with two bodies"]
        other = wrong(world, [*well, ("/hook-a", "b-s1", body)])
        assert other == ["b-s1 was told and nobody accepted it", "closed at x was told under two keys"]


def wrong(world: Any, told: list[tuple[str, str, bytes]]) -> list[str]:
    sites: Any = SimpleNamespace(told=told)
    return check_told(world, sites)[1]


def test_another_board_would_be_seen(tmp_path: Path) -> None:
    posts = [post(f"p{n}", 9 * n, f"стоим на Ларсе {n + 2} часа") for n in range(5)]
    calm = run_calmly(tmp_path / "calm.db", posts, at(60))
    count, same = compare(calm, calm, at(60))
    assert count > 0 and same == []
    assert compare(run_calmly(tmp_path / "less.db", posts[:-1], at(60)), calm, at(60))[1] != []
