"""`verst why`, `verst rumours` and `verst drill`, as people run them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_commands import post_line, say

AT = "2022-09-24T15:00+03:00"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    told = ["Ларс, очередь 12 км", "на Ларсе хвост 13 км", "стоим в очереди 14 часов", "пишут что на Ларсе 60 км!!"]
    lines = [post_line(n, text, n) for n, text in enumerate(told)]
    lines += [post_line(10 + n, f"знакомая пишет, {words} 60 км на Ларсе", 10 + n) for n, words in
              enumerate(("хвост", "пробка", "очередь уже"))]  # fmt: skip
    assert say(folder, "load", "-", given="\n".join(lines)).returncode == 0
    yield folder


def test_why_lists_what_carried_and_what_was_discounted(home: Path) -> None:
    told = say(home, "why", "verkhny-lars", "queue_length", "--at", AT)
    assert told.returncode == 0 and "independent voices" in told.stdout, told.stderr
    assert "Ларс, очередь 12 км" in told.stdout and "10 to 90 %" in told.stdout
    assert "(heard, not seen)" in told.stdout or "only heard" in told.stdout, "why hearsay counts less"
    lines = [
        json.loads(line)
        for line in say(home, "why", "verkhny-lars", "queue_length", "--at", AT, "--json").stdout.splitlines()
    ]
    order = [(row["kind"] is not None, -row["weight"]) for row in lines[0]["evidence"]]
    assert order == sorted(order) and lines[0]["kind"] == "queue_length", "its own kind first, then by weight"


def test_what_nobody_spoke_of_is_no_all_clear(home: Path) -> None:
    told = say(home, "why", "vaalimaa-torfyanovka", "wait", "--at", AT)
    assert told.returncode == 0 and "no all-clear" in told.stderr and told.stdout == ""


def test_rumours_are_told_with_their_turns(home: Path) -> None:
    (told,) = [json.loads(line) for line in say(home, "rumours", "--at", AT, "--json").stdout.splitlines()]
    assert (told["kind"], told["value"], told["verdict"]) == ("queue_length", 60, "contradicted")
    assert told["posts"] == 4 and told["witnesses"] == 0 and told["turns"][-1]["verdict"] == "contradicted"
    words = say(home, "rumours", "--at", AT, "--crossing", "verkhny-lars").stdout
    assert words.startswith("contradicted: queue_length 60 at verkhny-lars")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("why", "lars", "wait"), 5, "verkhny-lars"),
        (("why", "verkhny-lars", "waiting"), 2, "queue_length"),
        (("rumours", "--crossing", "nowhere"), 5, "nowhere"),
        (("drill", "--attack", "bombs"), 2, "copies"),
        (("drill", "--honest", "0"), 2, "posts an hour"),
    ],
)
def test_names_that_are_not_known_are_refused_with_those_that_are(
    home: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    told = say(home, *words)
    assert told.returncode == code and said in told.stderr, told.stderr


def test_a_drill_prints_a_line_an_attack(tmp_path: Path) -> None:
    told = say(tmp_path, "drill", "--attack", "copies", "--honest", "20", "--json")
    (line,) = [json.loads(each) for each in told.stdout.splitlines()]
    assert line["attack"] == "copies" and line["moved"] < 0.2 and not line["flipped"]
    assert "copies" in say(tmp_path, "drill", "--attack", "copies", "--honest", "20").stdout
