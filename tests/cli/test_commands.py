"""Commands as people run them: real processes, standard input, JSON, exit codes, no tracebacks."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
from pathlib import Path

import pytest

LINE = "at crossing toward side mode kind value p10 p90 odds voices newest".split()
VERST = str(Path(sys.executable).parent / "verst")


def say(home: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    told = subprocess.run(
        [VERST, *words], input=given, capture_output=True, text=True, check=False,
        env={**os.environ, "VERST_HOME": str(home), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert "Traceback" not in told.stderr, told.stderr
    return told


def post_line(n: int, text: str, minute: int = 0) -> str:
    chat = {"title": "Lars", "kind": "group", "about": "verkhny-lars"}
    at = f"2022-09-24T{10 + minute // 60:02}:{minute % 60:02}:00+03:00"
    return json.dumps({"id": f"p{n}", "chat": chat, "posted_at": at, "text": text, "lang": "ru"}, ensure_ascii=False)


def claim_line(n: int, value: object, **more: object) -> str:
    told = {"kind": "wait", "crossing": "verkhny-lars", "toward": "GE", "mode": "car", "value": value, "post": f"c{n}"}
    return json.dumps(told | {"author": f"a{n}", "posted_at": f"2022-09-24T10:0{n}:00+03:00", "source": "group"} | more)


def test_claims_gives_one_line_a_post_in_order(tmp_path: Path) -> None:
    lines = [post_line(1, "стоим уже 14 часов"), "{broken", post_line(2, "доброе утро")]
    told = say(tmp_path, "claims", "-", given="\n".join(lines) + "\n")
    found = [json.loads(line) for line in told.stdout.splitlines()]
    assert [line["id"] for line in found] == ["p1", None, "p2"] and told.returncode == 0
    assert found[0]["claims"][0]["value"] == 840 and '"value":840,' in told.stdout
    assert found[1] == {"id": None, "claims": [], "question": None, "ad": False}
    assert "line 2" in told.stderr and "1 could not be used" in told.stderr
    assert not list(tmp_path.iterdir()), "claims keeps nothing"


REGION = """
id = "lake"
names = { en = "A lake", ru = "Озеро" }
[[crossings]]
id = "north-pier"
border = "XA-XB"
names = { en = "North pier", ru = "Северный причал" }
[[crossings.sides]]
country = "XA"
zone = "UTC"
name = { en = "Northpier" }
"""


def test_claims_reads_a_region_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "lake.toml"
    file.write_text(REGION, encoding="utf-8")
    line = post_line(1, "Northpier: 2 hour wait").replace('"verkhny-lars"', "null").replace('"Lars"', '"A lake"')
    told = say(tmp_path, "claims", "--region", str(file), "-", given=line)
    (claim,) = json.loads(told.stdout)["claims"]
    assert (claim["crossing"], claim["kind"], claim["value"]) == ("north-pier", "wait", 120)
    assert json.loads(say(tmp_path, "claims", "-", given=line).stdout)["claims"] == []


def test_a_region_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    missing = say(tmp_path, "claims", "--region", str(tmp_path / "none.toml"), "-", given=post_line(1, "ok"))
    assert missing.returncode == 3 and "none.toml" in missing.stderr and not missing.stdout
    twice = tmp_path / "caucasus.toml"
    twice.write_text(REGION, encoding="utf-8")
    told = say(tmp_path, "claims", "--region", str(twice), "-", given=post_line(1, "ok"))
    assert told.returncode == 4 and "caucasus" in told.stderr


def test_fuse_names_bad_lines_and_goes_on(tmp_path: Path) -> None:
    lines = [claim_line(1, 600), claim_line(2, "much"), claim_line(3, 620, posted_at="noon"), claim_line(4, 640)]
    told = say(tmp_path, "fuse", "-", "--at", "2022-09-24T11:00+03:00", given="\n".join(lines))
    (line,) = [json.loads(line) for line in told.stdout.splitlines()]
    assert list(line)[:12] == LINE
    assert line["p10"] < line["value"] < line["p90"] and line["voices"] == 2
    assert "line 2, field 'value'" in told.stderr and "line 3, field 'posted_at'" in told.stderr
    assert "2 claims used, 2 could not be used" in told.stderr


def test_replay_gives_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    lines = [post_line(n, f"Ларс, стоим {5 + n % 4} часов в очереди, машин {100 + n}", n * 7) for n in range(12)]
    mixed = list(lines)
    random.Random(4).shuffle(mixed)
    one = say(tmp_path, "replay", "-", "--every", "1h", given="\n".join(lines))
    other = say(tmp_path, "replay", "-", "--every", "1h", given="\n".join(mixed))
    assert one.stdout == other.stdout and one.stdout.count("\n") > 3


def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text("\n".join([post_line(1, "стоим уже 14 часов"), "broken", post_line(2, "очередь 12 км", 5)]))
    first = json.loads(say(tmp_path / "home", "load", "--json", str(file)).stdout)
    assert (first["new"], first["skipped"]) == (2, 1) and first["claims"] >= 2
    again = json.loads(say(tmp_path / "home", "load", "--json", str(file)).stdout)
    piped = json.loads(say(tmp_path / "home", "load", "--json", "-", given=file.read_text()).stdout)
    assert again["new"] == 0 and piped["new"] == 0 and piped["known"] == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("load", "nowhere.json"), 3, "nowhere.json"),
        (("fuse", "nowhere.json"), 3, "check the name"),
        (("fuse", "-", "--at", "noon"), 2, "--at"),
        (("fuse", "-", "--every", "soon"), 2, "--every"),
        (("ask", "?", "--store", "mongo://x"), 2, "sqlite://"),
        (("follow", " "), 3, "no words"),
        (("ask", "Ларс?", "--lang", "xx"), 2, "be, de, en"),
        (("repeats", "--lang", "xx"), 2, "be, de, en"),
        (("tell", "--dry-run", "--lang", "xx"), 2, "no language of the board is called 'xx'"),
    ],
)
def test_mistakes_are_told_in_words(tmp_path: Path, words: tuple[str, ...], code: int, said: str) -> None:
    told = say(tmp_path, *words)
    assert told.returncode == code and said in told.stderr, told.stderr


def test_what_is_said_can_be_an_object_a_line(tmp_path: Path) -> None:
    (tmp_path / "posts.jsonl").write_text("{ broken\n", encoding="utf-8")
    env = {**os.environ, "VERST_HOME": str(tmp_path), "VERST_LOG": "json"}
    command = [Path(sys.executable).parent / "verst", "load", str(tmp_path / "posts.jsonl")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.returncode == 3 and len(lines) > 1
    assert all(set(line) == {"at", "process", "command", "text"} for line in lines)
    assert {line["command"] for line in lines} == {"load"} and "line 1" in lines[0]["text"]


def test_a_file_that_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "verst.db").write_text("these are words, not a database" * 40)
    told = say(tmp_path, "load", "-", given=post_line(1, "x"))
    assert told.returncode == 6 and "no database" in told.stderr


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = say(tmp_path, "up", "--no-demo", "--port", str(port))
    assert told.returncode == 2 and str(port) in told.stderr and "--port" in told.stderr


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text("\n".join(post_line(n, "доброе утро") for n in range(20_000)))
    command = f"'{VERST}' claims '{file}' | head -n 1"
    told = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert told.stdout.startswith('{"id":"p0"') and told.returncode == 0 and told.stderr == ""


def test_every_command_knows_json(tmp_path: Path) -> None:
    for name in "up publish load ask why rumours follow shelves doctor claims fuse replay drill".split():
        assert "--json" in say(tmp_path, name, "--help").stdout, name


USELESS = {
    "bad.jsonl": b"not json\nnot either\n",
    "empty.jsonl": b"",
    "other.json": b"\x00\x01\x02",
    "list.json": b'[{"a": 1}]',
    "undated.html": b"<html><body><p>Queue at Lars: 5 km</p></body></html>",
}


@pytest.mark.parametrize("name", USELESS)
def test_inputs_of_which_nothing_can_be_used_are_told_each_time(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(USELESS[name])
    for _ in range(2):
        told = say(tmp_path / "home", "load", str(tmp_path / name))
        assert told.returncode == 3 and name in told.stderr.splitlines()[0], told.stderr
    if name != "empty.jsonl":
        for command in ("claims", "replay"):
            told = say(tmp_path, command, str(tmp_path / name))
            assert told.returncode == 3 and name in told.stderr, told.stderr


def test_a_file_that_cannot_be_read_costs_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(USELESS["other.json"])
    (tmp_path / "b.jsonl").write_text(post_line(1, "стоим уже 14 часов"))
    told = say(tmp_path, "claims", str(tmp_path))
    assert told.returncode == 0 and told.stdout.count("\n") == 1 and "a.json" in told.stderr


def test_words_and_ids_that_are_not_allowed_are_named_with_those_that_are(tmp_path: Path) -> None:
    claim = {"kind": "wait", "crossing": "verkhny-lars", "post": "1", "posted_at": "2022-09-24T12:00Z", "value": 5}
    told = say(tmp_path, "fuse", "-", "--at", "2022-09-24T13:00Z", given=json.dumps(claim | {"source": "tv"}))
    assert told.returncode == 3 and "group, channel, social, news, official" in told.stderr
    told = say(tmp_path, "follow", "--about", "lars", "queue 5 km")
    assert told.returncode == 5 and "verkhny-lars" in told.stderr
