"""The hundred questions people ask most: each is understood for what it is, and each answer keeps its promises."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from tests.ask.fakes import NOON, FakeStore
from verst.ask import answer
from verst.ask.answering import load_reader
from verst.ask.wish import understand
from verst.geography import load_kinds, load_regions

# For each question: its intent (- for none), topic and means, as a person would say it wants.
WANTED = {
    line.split()[0]: tuple(line.split()[1:])
    for line in (Path(__file__).parent / "wanted.txt").read_text().splitlines()
    if line and not line.startswith("#")
}


@cache
def _questions(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", sorted(WANTED))
def test_question_is_understood(name: str, shared: Path) -> None:
    asked = next(q for q in _questions(shared / "eval" / "questions.jsonl") if q["id"] == name)
    wish = understand(asked["q"], NOON, load_regions(), load_reader())
    topic, mode = ("*", "*") if wish.intent in FIXED else (wish.topic, wish.mode)
    assert (wish.intent or "-", topic, mode) == WANTED[name], asked["q"]


# With these the topic plays no part.
FIXED = (
    "contact bribe bypass forgery persons order medical cold water prepay robbed road_money phone privacy ride trust "
    "offline digest top ads contested export official_compare rumours"
).split()


def test_every_question_gets_an_answer_that_claims_nothing_of_an_empty_store(shared: Path) -> None:
    for asked in _questions(shared / "eval" / "questions.jsonl"):
        got = answer(asked["q"], NOON, FakeStore(), load_regions(), load_kinds(), load_reader())
        assert got.lines and all(line.text.strip() and "{" not in line.text for line in got.lines), asked["q"]
        assert not [line for line in got.lines if line.what == "practice"], asked["q"]
        if got.outcome == "known":
            assert any(line.what == "rule" and line.newest for line in got.lines), asked["q"]
        assert got.lang == asked["lang"], asked["q"]
