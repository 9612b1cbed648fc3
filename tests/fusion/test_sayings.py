"""Totals, closings announced and an authority's "no queues", each held against what was known at its hour."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fusion.borders import REGIONS, said
from verst.fusion.rumours import ledger
from verst.fusion.verdicts import Rumour
from verst.model import Heard, Report, Rule, Saying

DAY = datetime(2023, 3, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
BEGAN = DAY - timedelta(days=5)


def told(saying: Saying, hours: float, name: str = "", **more: Any) -> Heard:
    post = name or f"{saying.kind} {saying.value} {saying.denies} {hours} {more}"
    return Heard(saying=saying, post=post, posted_at=DAY + hours * HOUR, **{"author": f"who {post}", **more})


def total(people: float, where: str = "RU-FI", toward: str | None = "FI", **more: Any) -> Saying:
    return Saying(kind="total", where=where, toward=toward, value=people, **{"since": BEGAN, **more})


def count(people: float, hours: float, crossing: str = "RU-FI", toward: str = "FI", **more: Any) -> Report:
    at = (DAY - datetime(2022, 9, 24, 9, tzinfo=UTC)) / HOUR + hours
    office = {"stance": "official", "source": "official"} | more
    return said("flow", people, at, crossing=crossing, toward=toward, mode="any", **office)


def seen(kind: str, value: Any, hours: float, crossing: str, **more: Any) -> Report:
    at = (DAY - datetime(2022, 9, 24, 9, tzinfo=UTC)) / HOUR + hours
    return said(kind, value, at, crossing=crossing, **{"mode": "any", **more})


def judged(heard: list[Heard], reports: list[Report], hours: float = 200.0) -> Rumour:
    (found,) = [
        each for each in ledger(reports, DAY + hours * HOUR, heard, REGIONS) if each.kind == heard[0].saying.kind
    ]
    return found


def spread(saying: Saying, hours: float = 0.0, posts: int = 4) -> list[Heard]:
    return [told(saying, hours + n / 10, source="social", community=f"c{n}") for n in range(posts)]


@pytest.mark.parametrize(
    ("people", "daily", "verdict"),
    [
        (300_000, 9_000, "contradicted"),
        (60_000, 9_000, "unverified"),
        (60_000, 700, "contradicted"),
        (9_000, 900, "unverified"),
    ],
)
def test_a_total_is_held_against_the_days_and_the_largest_daily_count(
    people: float, daily: float, verdict: str
) -> None:
    found = judged(spread(total(people)), [count(daily, -20.0), count(daily / 3, -40.0)])
    assert found.verdict == verdict and found.witnesses == 0
    if verdict == "contradicted":
        (turn,) = found.turns
        assert (turn.at, turn.reason) == (DAY, "impossible"), "by what was known when it was first told"
        assert turn.value == pytest.approx(2 * 5 * daily, rel=0.06)


def test_without_a_count_or_a_beginning_nothing_is_impossible() -> None:
    counts = [count(900.0, -20.0)]
    assert judged(spread(total(300_000)), []).verdict == "unverified"
    assert judged(spread(total(300_000, since=None)), counts).verdict == "unverified"
    assert judged(spread(total(300_000)), [count(900.0, -20.0, toward="RU")]).verdict == "unverified", "the other way"
    assert judged(spread(total(300_000)), [count(900.0, -20.0, source="group", stance="saw")]).verdict == "unverified"


def test_a_count_that_comes_later_turns_it_then_and_a_larger_one_lifts_it() -> None:
    later = judged(spread(total(300_000)), [count(9_000, 7.0)])
    assert [(turn.at, turn.verdict) for turn in later.turns] == [(DAY + 7 * HOUR, "contradicted")]
    lifted = judged(spread(total(300_000)), [count(9_000, 7.0), count(40_000, 30.0)])
    assert [turn.verdict for turn in lifted.turns] == ["contradicted", "unverified"]


def test_an_official_denial_of_a_total_is_a_voice_and_an_official_total_another() -> None:
    no = told(total(300_000, denies=True, since=None, stance="official"), 3.0, source="official")
    assert judged([*spread(total(300_000)), no], []).turns[0].reason == "denied"
    retold = told(total(300_000, denies=True, since=None, stance="official"), 3.0, source="group")
    assert judged([*spread(total(300_000)), retold], []).verdict == "disputed", "passed on it weighs like a witness"
    own = told(total(280_000), 4.0, source="official")
    both = judged([*spread(total(300_000)), no, own], [])
    assert both.verdict == "disputed" and both.witnesses == 1
    far = told(total(90_000), 4.0, source="official")
    against = judged([*spread(total(300_000)), far], [])
    assert against.verdict == "contradicted" and against.turns[0].value == 90_000


def test_the_same_figure_days_later_is_another_total() -> None:
    heard = [*spread(total(300_000)), *spread(total(300_000), 24.0 * 9)]
    found = [each for each in ledger([count(20_000, -9.0)], DAY + timedelta(days=12), heard) if each.kind == "total"]
    assert sorted(each.verdict for each in found) == ["contradicted", "unverified"]


def closing(where: str = "RU-FI", due: float = 48.0, **more: Any) -> Saying:
    return Saying(kind="closing", where=where, due=DAY + due * HOUR, **more)


VAALIMAA = "vaalimaa-torfyanovka"
PASS = [seen("passage", "moving", 50.0 + n, VAALIMAA) for n in range(3)]
SHUT = [seen("passage", "closed", 50.0 + n, VAALIMAA) for n in range(3)]
STOPPED = [seen("rule", None, 55.0 + n, VAALIMAA, tag="exit_military") for n in range(3)]


def test_an_announcement_is_not_judged_before_its_day() -> None:
    no = told(closing(denies=True, stance="official"), 5.0, source="official")
    early = [seen("passage", "closed", 20.0, VAALIMAA), seen("passage", "closed", 21.0, VAALIMAA)]
    before = judged([*spread(closing()), no], early, 47.0)
    assert before.verdict == "unverified" and before.speaks_against == 2.0 and before.turns == ()


def test_it_is_contradicted_when_its_day_is_over_and_people_pass() -> None:
    heard = spread(closing())
    assert judged(heard, PASS, 71.0).verdict == "unverified", "it may still come"
    found = judged(heard, PASS)
    assert [(turn.at, turn.verdict, turn.reason) for turn in found.turns] == [
        (DAY + 72 * HOUR, "contradicted", "passing")
    ]


def test_it_is_borne_out_when_the_only_crossing_is_shut() -> None:
    found = judged(spread(closing()), SHUT)
    assert (found.verdict, found.turns[0].at, found.turns[0].reason) == ("supported", DAY + 51 * HOUR, "shut")
    assert judged(spread(closing()), []).verdict == "unverified", "silence says nothing"


def test_it_is_partly_true_when_some_are_stopped_while_others_pass() -> None:
    men = closing("RU", who="men", tag="exit_military")
    found = judged(spread(men), [*PASS, *STOPPED])
    assert [(turn.verdict, turn.at) for turn in found.turns] == [("partly true", DAY + 56 * HOUR)]
    quiet = judged(spread(men), STOPPED)
    assert [(turn.verdict, turn.at) for turn in quiet.turns] == [("partly true", DAY + 72 * HOUR)]


def test_what_concerns_others_is_no_evidence() -> None:
    lorries = [seen("passage", "moving", 50.0 + n, VAALIMAA, mode="truck") for n in range(3)]
    cars = closing(mode="car")
    assert judged(spread(cars), lorries).verdict == "unverified"
    elsewhere = [seen("passage", "moving", 50.0 + n, "verkhny-lars") for n in range(3)]
    assert judged(spread(closing()), elsewhere).verdict == "unverified"
    homeward = [seen("passage", "moving", 50.0 + n, VAALIMAA, toward="RU") for n in range(3)]
    assert judged(spread(closing("RU", who="men", tag="exit_military")), homeward).verdict == "unverified"
    own = [seen("rule", None, 55.0, VAALIMAA, tag="exit_military", post=name) for name in ("a", "b", "c")]
    men = closing("RU", who="men", tag="exit_military")
    heard = [*spread(men), *(told(men, 55.0, name) for name in ("a", "b", "c"))]
    assert judged(heard, own).verdict == "unverified", "who only passes it on has not seen it"


def test_a_formal_rule_that_begins_that_day_bears_it_out() -> None:
    rule = Rule(id="r", where="RU-FI", kind="rule", tag="entry_refusal", starts_at=DAY + 48 * HOUR)
    regions = (replace(REGIONS[0], rules=(rule,)),)
    heard = spread(closing(who="tourists", tag="entry_refusal", toward="FI"))
    (found,) = ledger([*PASS], DAY + 80 * HOUR, heard, regions)
    assert (found.verdict, found.turns[0].at, found.turns[0].reason) == ("supported", DAY + 48 * HOUR, "in_force")


NONE = Saying(kind="queue", where=VAALIMAA, value="none", stance="official")
SOME = Saying(kind="queue", where=VAALIMAA, value="some")


def test_an_authority_s_no_queues_is_disputed_and_then_contradicted_by_people_there() -> None:
    denial = told(NONE, 0.0)
    assert ledger([], DAY + 9 * HOUR, [denial], REGIONS) == [], "unopposed it is no rumour"
    found = judged([denial, told(SOME, 1.0)], [seen("wait", 960.0, 6.0, VAALIMAA)])
    assert [(turn.at - DAY, turn.verdict) for turn in found.turns] == [
        (1 * HOUR, "disputed"), (6 * HOUR, "contradicted"),
    ]  # fmt: skip


def test_one_person_and_one_root_count_once_and_the_border_half() -> None:
    twice = [told(SOME, 1.0 + n, author="a") for n in range(2)] + [told(SOME, 3.0 + n, copy_of="x") for n in range(2)]
    assert judged([told(NONE, 0.0), *twice], []).speaks_against == 2.0
    wide = told(Saying(kind="queue", where="RU-FI", value="some"), 1.0)
    assert judged([told(NONE, 0.0), wide], []).speaks_against == 0.5
    assert judged([told(NONE, 0.0), told(SOME, 30.0), wide], []).speaks_against == 0.5, "a day later is another queue"


def test_people_who_see_no_queue_speak_for_it() -> None:
    calm = [told(Saying(kind="queue", where=VAALIMAA, value="none"), 1.0 + n) for n in range(3)]
    found = judged([told(NONE, 0.0), *calm, told(SOME, 2.0)], [])
    assert (found.verdict, found.witnesses) == ("disputed", 3)


def test_an_older_picture_speaks_against_what_it_is_shown_for() -> None:
    rumour = [seen("queue_length", 35.0, n / 10, VAALIMAA, stance="heard", source="social") for n in range(5)]
    older = [
        told(Saying(kind="picture", where=VAALIMAA, value="older"), 2.0 + n, copy_of=None if n < 2 else "one")
        for n in range(5)
    ]
    (found,) = ledger(rumour, DAY + 9 * HOUR, older, REGIONS)
    assert [(turn.verdict, turn.reason) for turn in found.turns] == [("disputed", "older"), ("contradicted", "older")]
    (alone,) = ledger(rumour, DAY + 9 * HOUR, older[3:], REGIONS)
    assert alone.speaks_against == 1.0, "copies are one voice"


def test_order_of_arrival_changes_nothing() -> None:
    men = closing("RU", who="men", tag="exit_military")
    heard = [*spread(total(300_000)), *spread(men), told(NONE, 0.0), told(SOME, 1.0), told(closing(denies=True), 9.0)]
    reports = [count(9_000, 7.0), *PASS, *STOPPED, seen("wait", 960.0, 6.0, VAALIMAA)]
    first = ledger(reports, DAY + 99 * HOUR, heard, REGIONS)
    for seed in range(5):
        random.Random(seed).shuffle(heard)
        random.Random(seed).shuffle(reports)
        assert ledger(reports, DAY + 99 * HOUR, heard, REGIONS) == first
