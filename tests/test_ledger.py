"""The rumours of autumn 2022 in the bundled archive: what the ledger said of each, and at which moment it turned."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.house import ROOT
from verst.fusion.rumours import ledger
from verst.fusion.verdicts import Rumour
from verst.geography import load_regions
from verst.model import Post
from verst.reading.reader import Reader
from verst.sources import read
from verst.work.home import passing_door
from verst.work.inputs import find_inputs
from verst.work.replaying import Replayed, replay_all

ARCHIVE = ROOT / "verst" / "archive" / "exodus_2022"
REGIONS = load_regions()
KYAKHTA = "kyakhta-altanbulag"
FIRST_CHECK = datetime(2022, 9, 27, 9, 22, tzinfo=UTC)  # ex22-0341: 13:22 on the clock of Tbilisi


@pytest.fixture(scope="module")
def told() -> Replayed:
    reader = Reader.load()
    door = passing_door(reader.places.about)
    posts = [item for each in find_inputs(ARCHIVE) for item in read(each, door) if isinstance(item, Post)]
    return replay_all(posts, reader)


def entries(told: Replayed, at: datetime, kind: str, where: str) -> list[Rumour]:
    found = ledger(told.reports, at, told.heard, REGIONS)
    return [each for each in found if (each.kind, each.crossing) == (kind, where)]


def september(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 9, day, hour, minute, tzinfo=UTC)


def test_a_quarter_of_a_million_into_georgia_is_contradicted_before_the_first_fact_check(told: Replayed) -> None:
    (found,) = entries(told, FIRST_CHECK - timedelta(minutes=1), "total", "RU-GE")
    assert (found.value, found.toward, found.verdict, found.witnesses) == (250_000, "GE", "contradicted", 0)
    (turn,) = found.turns
    assert turn.reason == "impossible" and turn.at == found.first_seen < FIRST_CHECK
    assert isinstance(turn.value, float) and 100_000 < turn.value < 200_000, "twice 10,804 a day since the 21st"
    early = [each for each in told.heard if each.posted_at < FIRST_CHECK and each.saying.kind == "total"]
    assert early and not [each for each in early if each.saying.denies], "by counts alone, nobody had denied it"
    (later,) = entries(told, september(28, 12), "total", "RU-GE")
    assert later.posts == 15 and later.roots == 1 and later.verdict == "contradicted"


@pytest.mark.parametrize("where", ["vaalimaa-torfyanovka", "RU-FI"])
def test_thirty_five_kilometres_are_contradicted_at_the_crossing_and_of_the_border(told: Replayed, where: str) -> None:
    check = september(22, 9, 40)  # ex22-0132: 12:40 on the clock of Helsinki
    (found,) = [each for each in entries(told, check, "queue_length", where) if each.value == 35]
    assert found.verdict == "contradicted" and found.turns[-1].at < check
    (later,) = [each for each in entries(told, september(24, 12), "queue_length", where) if each.value == 35]
    assert later.verdict == "contradicted" and later.turns[: len(found.turns)] == found.turns


def test_true_totals_are_not_called_impossible(told: Replayed) -> None:
    found = [each for each in ledger(told.reports, september(30, 23), told.heard, REGIONS) if each.kind == "total"]
    assert [each.value for each in found if each.verdict == "contradicted"] == [250_000]
    true = {44_000.0, 78_742.0, 98_000.0, 64_000.0, 16_862.0}
    assert true <= {each.saying.value for each in told.heard if each.saying.kind == "total"}


def test_the_closing_on_the_28th_stays_unverified_and_turns_partly_true_when_its_day_has_passed(told: Replayed) -> None:
    for at in (september(25, 15), september(26, 20), september(27, 20, 59), september(28, 12), september(28, 20, 59)):
        (found,) = entries(told, at, "closing", "RU")
        assert (found.verdict, found.turns, found.who, found.tag) == ("unverified", (), "men", "exit_military")
    assert found.speaks_against > 0, "what was said against it is noted beside it"
    (found,) = entries(told, september(30, 12), "closing", "RU")
    assert [(turn.at, turn.verdict, turn.reason) for turn in found.turns] == [
        (september(28, 21), "partly true", "limited")
    ]
    assert found.first_seen == september(25, 11, 3) + timedelta(seconds=found.first_seen.second)
    assert found.roots < found.posts and found.communities >= 4


def test_georgia_did_not_shut_on_monday_and_finland_did_to_tourists(told: Replayed) -> None:
    (monday,) = entries(told, september(26, 20, 59), "closing", "RU-GE")
    assert monday.verdict == "unverified" and monday.due == september(25, 21)
    (monday,) = entries(told, september(30, 12), "closing", "RU-GE")
    assert [(turn.at, turn.verdict) for turn in monday.turns] == [(september(26, 21), "contradicted")]
    (ban,) = entries(told, september(29, 20, 59), "closing", "RU-FI")
    assert (ban.verdict, ban.who) == ("unverified", "tourists")
    (ban,) = entries(told, september(30, 6), "closing", "RU-FI")
    assert [(turn.at, turn.verdict, turn.reason) for turn in ban.turns] == [
        (september(29, 21), "supported", "in_force")
    ]


def test_no_queues_in_mongolia_is_disputed_at_once_and_contradicted_within_a_day(told: Replayed) -> None:
    assert entries(told, september(22, 8, 3), "queue", KYAKHTA) == [], "nobody there had spoken yet"
    (found,) = entries(told, september(22, 8, 10), "queue", KYAKHTA)
    assert (found.value, found.verdict, found.posts) == ("none", "disputed", 1)
    (found,) = entries(told, september(23, 12), "queue", KYAKHTA)
    verdicts = [(turn.at.replace(second=0), turn.verdict, turn.reason) for turn in found.turns]
    assert verdicts == [
        (september(22, 8, 4), "disputed", "queue_there"), (september(23, 7), "contradicted", "queue_there"),
    ]  # fmt: skip


def test_the_true_denial_in_finland_is_not_turned_against_the_guards(told: Replayed) -> None:
    found = [each for each in ledger(told.reports, september(30, 12), told.heard, REGIONS) if each.kind == "queue"]
    assert [each.crossing for each in found if each.verdict == "contradicted"] == [KYAKHTA]


def test_a_verdict_never_rests_on_what_came_later(told: Replayed) -> None:
    end = {key(each): each.turns for each in ledger(told.reports, september(30, 12), told.heard, REGIONS)}
    for at in (september(22, 12), september(25, 20), september(27, 9, 21), september(28, 12)):
        for each in ledger(told.reports, at, told.heard, REGIONS):
            if each.kind in ("total", "closing", "queue") and key(each) in end:
                assert each.turns == tuple(turn for turn in end[key(each)] if turn.at <= at), key(each)


def key(each: Rumour) -> tuple[object, ...]:
    return each.kind, each.crossing, each.value, each.who, each.due, each.first_seen


def test_the_first_fact_check_is_when_the_facts_say(shared: Path) -> None:
    facts = [json.loads(line) for line in (shared / "data/exodus_2022/facts.jsonl").read_text("utf-8").splitlines()]
    checks = [fact for fact in facts if fact.get("topic") == "ge_250k" and fact["kind"] == "debunk"]
    assert {fact["time"] for fact in checks} == {"2022-09-27"}
    (timed,) = [fact["note"] for fact in checks if ":" in fact["note"]]
    assert timed == "13:22 local report" and FIRST_CHECK.hour == 13 - 4 and FIRST_CHECK.minute == 22
