"""What many ask is found with how many ask it, and its drafted answer says what changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.store.samples import NOON, answer, asking, at, estimate, post
from verst.ask.repeats import draft, find_repeats, keep_draft
from verst.cli import app
from verst.geography import load_kinds, load_regions
from verst.store import Batch, Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    yield opened
    opened.close()


def ask_it(store: Store, *who: str, crossing: str = "verkhny-lars") -> None:
    posts = [
        (
            replace(post(f"q-{crossing}-{n}", n, "Сколько стоять на Ларсе на машине?"), author=name * 16),
            asking(crossing),
        )
        for n, name in enumerate(who)
    ]
    store.keep(Batch(posts=posts))


def test_one_person_who_asks_often_is_no_crowd(store: Store) -> None:
    ask_it(store, "a", "a", "a", "a")
    assert find_repeats(store, at(-60), at(60)) == []
    ask_it(store, "a", "b", "c", "b", crossing="vaalimaa-torfyanovka")
    (found,) = find_repeats(store, at(-60), at(60))
    assert (found.crossing, found.topic, found.mode, found.count, found.askers) == (
        "vaalimaa-torfyanovka", "wait", "car", 4, 3,
    )  # fmt: skip
    assert find_repeats(store, at(10), at(60)) == []


def test_a_draft_says_what_changed_since_the_one_that_was_pinned(store: Store) -> None:
    ask_it(store, "a", "b")
    store.keep(Batch(posts=[(answer("r", 5, "q-verkhny-lars-0"), asking())], estimates=[estimate(6, 600.0, voices=3)]))
    (found,) = find_repeats(store, at(-60), at(4))
    assert found.answered == 1
    regions, kinds = load_regions(), load_kinds()
    first = draft(found, at(10), store, regions, kinds)
    assert "8.5–12 ч" in first.text and first.before == "" and all(line.startswith("+ ") for line in first.changes)
    keep_draft(store, found, first.text)
    assert draft(found, at(10), store, regions, kinds).changes == ()
    later = replace(estimate(60, 1800.0, voices=4), p10=1500.0, p90=2100.0, newest=NOON + timedelta(minutes=60))
    store.keep(Batch(estimates=[later]))
    changes = draft(found, at(61), store, regions, kinds).changes
    assert any(line.startswith("- ") and "8.5–12 ч" in line for line in changes)
    assert any(line.startswith("+ ") and "25–35 ч" in line for line in changes)


def test_the_command_says_it_and_remembers_what_was_pinned(store: Store, tmp_path: Path) -> None:
    ask_it(store, "a", "b")
    store.keep(Batch(estimates=[estimate(1, 600.0, voices=3)]))
    words = ["repeats", "--store", f"sqlite:///{tmp_path / 'verst.db'}", "--at", "2022-09-24T09:30Z"]
    row = json.loads(CliRunner().invoke(app, [*words, "--json", "--pin"]).stdout)
    assert row["askers"] == 2 and "8.5–12 ч" in row["draft"] and row["changes"]
    assert json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)["changes"] == []
    said = CliRunner().invoke(app, [*words, "--crossing", "vaalimaa-torfyanovka"])
    assert said.exit_code == 0 and "nobody asks the same" in said.output
