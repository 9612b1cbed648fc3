"""Rumours get a verdict from what is known at that hour, not from who repeats them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.fusion.borders import NOON, REGIONS, SHARED, fact_time, facts, report_of, said
from verst.fusion.rumours import ledger
from verst.model import Report


def rumour(posts: int = 5) -> list[Report]:
    return [
        said("queue_length", 35.0, n / 10, stance="heard", source="social", community=f"c{n}") for n in range(posts)
    ]


def test_repeating_supports_nothing() -> None:
    found = ledger(rumour(200), NOON + timedelta(hours=30))
    assert len(found) == 1 and found[0].verdict == "unverified" and found[0].posts == 200 and found[0].witnesses == 0


def test_two_witnesses_support_and_one_official_contradicts() -> None:
    seen = [said("queue_length", 33.0, 1.0), said("queue_length", 36.0, 1.5)]
    assert ledger(rumour() + seen, NOON + timedelta(hours=2))[0].verdict == "supported"
    figure = [said("queue_length", 0.3, 1.0, stance="official", source="official")]
    found = ledger(rumour() + figure, NOON + timedelta(hours=2))[0]
    assert found.verdict == "contradicted" and found.turns[-1].at == NOON + timedelta(hours=1)
    assert "0.3" in found.turns[-1].why


def test_an_authority_is_not_an_oracle() -> None:
    seen = [said("queue_length", 33.0 + n, 1.0 + n / 10) for n in range(3)]
    denial = [said("queue_length", 35.0, 2.0, stance="official", source="official", denies=True)]
    assert ledger(rumour() + seen + denial, NOON + timedelta(hours=3))[0].verdict == "disputed"


def test_a_queue_told_of_a_whole_border_is_held_against_its_crossings_and_nobody_sees_it_whole() -> None:
    wide = {"crossing": "RU-GE", "stance": "heard", "source": "social"}
    told = [said("queue_length", 35.0, n / 10, **wide) for n in range(4)]
    near = [said("queue_length", 0.3, 1.0 + n) for n in range(4)]
    (found,) = [each for each in ledger(told + near, NOON + timedelta(hours=9), (), REGIONS) if each.posts == 4]
    assert (found.verdict, found.speaks_against) == ("contradicted", 2.0) and found.posts == 4
    assert [turn.verdict for turn in found.turns] == ["disputed", "contradicted"]
    (before,) = ledger(near + told, NOON + timedelta(minutes=30), (), REGIONS)
    assert before.verdict == "unverified", "nobody there had spoken"
    alone = [each for each in ledger(told + near, NOON + timedelta(hours=9)) if each.posts == 4]
    assert alone[0].verdict == "unverified", "which crossings are of the border is not known without the regions"
    seen = [said("queue_length", 34.0, 1.0 + n, crossing="RU-GE") for n in range(2)]
    assert ledger(told + seen, NOON + timedelta(hours=9), (), REGIONS)[0].speaks_for == 1.0


def test_order_of_arrival_changes_nothing() -> None:
    reports = [*rumour(), said("queue_length", 0.3, 1.0), said("queue_length", 36.0, 1.5)]
    assert ledger(reports, NOON + timedelta(hours=3)) == ledger(reversed(reports), NOON + timedelta(hours=3))


@pytest.mark.skipif(not (SHARED / "data/exodus_2022").is_dir(), reason="the shared facts are not here")
def test_35_km_at_vaalimaa_is_contradicted_before_the_first_fact_check() -> None:
    reports = [report for report in map(report_of, facts()) if report]
    start = NOON - timedelta(days=3)
    hours = (start - NOON) / timedelta(hours=1)
    place = "vaalimaa-torfyanovka"
    reports += [
        said("queue_length", 35.0, hours + n / 4, crossing=place, stance="heard", source="social") for n in range(40)
    ]
    checks = [
        fact for fact in facts() if fact.get("topic") == "fi_35km" and fact["kind"] == "debunk" and "T" in fact["time"]
    ]
    first_check = min(fact_time(fact) for fact in checks)
    found = next(each for each in ledger(reports, first_check) if each.crossing == place and each.value == 35.0)
    assert found.verdict == "contradicted"
    assert min(turn.at for turn in found.turns if turn.verdict == "contradicted") < first_check
    early = next(each for each in ledger(reports, datetime(2022, 9, 21, 11, tzinfo=UTC)) if each.value == 35.0)
    assert early.verdict == "unverified"


@pytest.mark.skipif(not (SHARED / "data/exodus_2022").is_dir(), reason="the shared facts are not here")
def test_no_queues_in_mongolia_is_not_believed_against_people_there() -> None:
    denial = next(fact for fact in facts() if fact.get("topic") == "mn_queue" and fact["authority"] == "official")
    waits = [fact for fact in facts() if fact["crossing"] == denial["crossing"] and fact["kind"] == "wait_hours"]
    assert denial["time"].startswith("2022-09-22") and waits
    hours = (datetime(2022, 9, 22, 9, tzinfo=UTC) - NOON) / timedelta(hours=1)
    place = "kyakhta-altanbulag"
    heard = [said("wait", 960.0, hours + n / 10, crossing=place, stance="heard", source="social") for n in range(4)]
    denied = said("wait", 960.0, hours + 1.0, crossing=place, stance="official", source="official", denies=True)
    seen = [
        said("wait", 60.0 * float(fact["value"]), hours + 2.0 + n, post=fact["id"], crossing=place)
        for n, fact in enumerate(waits)
        if isinstance(fact["value"], int | float)
    ]
    at = NOON + timedelta(hours=hours + 20)
    alone = next(each for each in ledger([*heard, denied], at) if each.value == 960.0)
    later = next(each for each in ledger([*heard, denied, *seen], at) if each.value == 960.0)
    assert alone.verdict == "contradicted" and later.verdict in ("disputed", "supported"), (alone, later)


@pytest.mark.skipif(not (SHARED / "data/exodus_2022").is_dir(), reason="the shared facts are not here")
def test_250_000_into_georgia_is_contradicted_by_the_count_of_the_days_before_the_denial() -> None:
    check = next(fact for fact in facts() if fact.get("topic") == "ge_250k" and fact["kind"] == "debunk")
    days = [
        fact
        for fact in facts()
        if fact["border"] == "RU-GE" and fact["kind"] == "people_per_day" and fact["authority"] == "official"
        and fact["time"][:10] < check["time"][:10] and isinstance(fact["value"], int | float)
    ]  # fmt: skip
    assert days
    start = (datetime(2022, 9, 27, 5, tzinfo=UTC) - NOON) / timedelta(hours=1)
    more = {"crossing": "RU-GE", "mode": "any"}
    rumour = [said("flow", 250_000.0 / 6, start + n / 10, stance="heard", source="social", **more) for n in range(8)]
    counts = [
        said("flow", float(fact["value"]), start - 5.0, post=fact["id"], stance="official", source="official", **more)
        for fact in days
    ]
    found = next(
        each
        for each in ledger(rumour + counts, datetime(2022, 9, 27, 9, tzinfo=UTC))
        if each.kind == "flow" and each.value == 250_000.0 / 6
    )
    assert found.verdict == "contradicted" and found.witnesses == 0
