"""A store copied into another of whichever kind: all of it, compared; backups and what is forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.store.conftest import OPENERS
from tests.store.samples import NOON, at, estimate, heard, post, read, report, wait
from tests.store.test_desk import act
from tests.store.test_outbox import alert
from verst.cli import app
from verst.desk import Account, broken_at
from verst.errors import BadSetting, StoreError
from verst.store import Batch, Store, engines, open_store, outbox_of
from verst.store.desk import desk_of
from verst.work.moving import compare, copy_store


@pytest.fixture(params=sorted(engines()))
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind, beside the one of the test."""
    (tmp_path / "other").mkdir()
    opened = open_store(OPENERS[request.param](request, tmp_path / "other"))
    yield opened
    opened.close()


def fill(store: Store) -> None:
    for day in range(40):
        names = [f"p{day}-{n}" for n in range(3)]
        posts = [
            (post(name, 1440 * day + n, edited_at=at(1440 * day + 9)), read(wait())) for n, name in enumerate(names)
        ]
        reports = [report(name, 1440 * day + n) for n, name in enumerate(names) for _ in range(2)]
        day_of = Batch(
            posts=posts,
            reports=reports,
            heard=[heard(names[0], 1440 * day)],
            words=[(names[1], "Граница c_queue")],
            estimates=[estimate(1440 * day), estimate(1440 * day, "open", kind="passage")],
            cursors=[("in", str(day))],
            states=[("s", bytes([day]))],
        )
        store.keep(day_of)
    box = outbox_of(store)
    box.accept([(alert("a"), ["s1", "s2"]), (alert("b", 5, "salla"), ["s1"])], NOON)
    box.settle(box.claim(NOON, at(9))[0], "delivered")
    for n in range(3):
        desk_of(store).add(act(n))
    desk_of(store).put_account(Account(name="owl", role="editor", spare=("a",)), None)


def test_everything_arrives_and_is_the_same(store: Store, other: Store) -> None:
    fill(store)
    counts = copy_store(store, other)
    assert counts["posts"] == 120 and counts["reports"] == 240 and counts["estimates"] == 80
    assert counts["sayings"] == 40 and counts["alerts"] == 2 and counts["deliveries"] == 3
    assert counts["acts"] == 3 and counts["accounts"] == 1 and broken_at(desk_of(other).trail()) is None
    assert desk_of(other).add(act(9)).n == 4 and broken_at(desk_of(other).trail()) is None
    assert [each.id for each in other.search([["грани*"]], at(1e6), 1)] == ["p39-1"]
    assert other.estimates_at(at(1e6)) == store.estimates_at(at(1e6)) and other.by_hour() == store.by_hour()
    told = outbox_of(other).accept([(alert("c"), ["s9"])], at(6))
    assert [each.id for each in told] == ["c"], "numbers go on after those that were put back"


def test_a_store_that_holds_something_is_left_as_it_is(store: Store, other: Store) -> None:
    other.keep(Batch(states=[("s", b"1")]))
    with pytest.raises(BadSetting, match="not empty"):
        copy_store(store, other)


@pytest.mark.parametrize(
    "change",
    [
        Batch(posts=[(post("more"), read())]), Batch(reports=[report("p1-0", 1440, wait(1.0))]),
        Batch(estimates=[estimate(0, 1.0)]), Batch(states=[("s", b"other")]),
    ],
)  # fmt: skip
def test_what_arrived_otherwise_is_noticed(store: Store, other: Store, change: Batch) -> None:
    fill(store)
    copy_store(store, other)
    other.keep(change)
    with pytest.raises(StoreError, match="arrived"):
        compare(store, other)


def run(home: Path, *words: str) -> dict[str, int]:
    said = CliRunner().invoke(app, [*words, "--json"], env={"VERST_HOME": str(home)}, catch_exceptions=False)
    assert said.exit_code == 0, said.output
    return dict(json.loads(said.stdout))


def test_a_backup_is_made_beside_a_running_board_and_brought_back(url: str, tmp_path: Path) -> None:
    running = open_store(url)
    fill(running)
    file = tmp_path / "copy.db"
    counts = run(tmp_path, "backup", str(file), "--store", url)
    assert counts["posts"] == 120 and [each.name for each in tmp_path.iterdir() if "copy" in each.name] == ["copy.db"]
    with pytest.raises(BadSetting, match="there already"):
        run(tmp_path, "backup", str(file), "--store", url)
    running.close()
    fresh = f"sqlite:///{tmp_path / 'fresh.db'}"
    assert run(tmp_path, "restore", str(file), "--store", fresh) == counts
    with pytest.raises(BadSetting, match="not empty"):
        run(tmp_path, "restore", str(file), "--store", fresh)


def test_what_came_from_one_author_is_forgotten_and_the_board_made_anew(url: str, tmp_path: Path) -> None:
    from dataclasses import replace

    store = open_store(url)
    mine = replace(post("mine", 5), author="cd" * 8)
    kept = [report("p1"), replace(report("mine", 5, wait(60.0)), author="cd" * 8)]
    store.keep(Batch(posts=[(post("p1"), read(wait())), (mine, read(wait(60.0)))], reports=kept))
    store.close()
    assert run(tmp_path, "forget", "--author", "cd" * 8, "--store", url)["forgotten"] == 1
    again = open_store(url)
    assert [each.post for each in again.reports()] == ["p1"] and again.known(["mine"]) == set()
    assert [told.voices for told in again.estimates_at(at(60)) if told.kind == "wait" and told.mode == "car"] == [1]
    assert run(tmp_path, "forget", "--before", "2030-01-01T00:00Z", "--store", url)["expired"] == 1
    again.close()
    with pytest.raises(BadSetting, match="nothing to forget"):
        run(tmp_path, "forget", "--store", url)
