"""What fusion promises, whatever the numbers inside are set to."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.fusion.borders import KINDS, NOON, REGIONS, said
from verst.fusion import Fusion, fuse
from verst.model import Estimate, Report


def after(hours: float, reports: list[Report], **wanted: Any) -> Estimate:
    """The one estimate that matches, ``hours`` after noon."""
    found = [
        each
        for each in fuse(reports, [NOON + timedelta(hours=hours)], REGIONS, KINDS)
        if all(getattr(each, key) == value for key, value in wanted.items())
    ]
    assert len(found) == 1, found
    return found[0]


def test_nobody_has_said_is_no_estimate() -> None:
    assert list(fuse([], [NOON], REGIONS, KINDS)) == []
    assert list(fuse([said("wait", 60.0, 1.0)], [NOON], REGIONS, KINDS)) == []


def test_witnesses_give_a_figure_with_range_age_and_voices() -> None:
    reports = [said("wait", value, hour) for hour, value in ((0.1, 300.0), (0.4, 360.0), (0.8, 330.0), (1.0, 420.0))]
    wait = after(1.0, reports, kind="wait")
    assert wait.toward == "GE"  # implied in those weeks
    assert wait.p10 is not None and wait.p90 is not None and isinstance(wait.value, float)
    assert wait.p10 < 330.0 < wait.p90 and 200.0 < wait.value < 450.0
    assert wait.voices == 4 and wait.newest == NOON + timedelta(hours=1) and not wait.disputed
    assert [each.weight for each in wait.evidence] == sorted((each.weight for each in wait.evidence), reverse=True)


def test_silence_widens_and_ends_in_nothing_known() -> None:
    reports = [said("wait", 300.0, hour / 10) for hour in range(5)] + [
        said("passage", "closed", 0.2),
        said("passage", "closed", 0.4),
    ]
    widths = []
    for hours in (0.5, 6.0, 24.0):
        wait = after(hours, reports, kind="wait")
        assert wait.p10 is not None and wait.p90 is not None
        widths.append((wait.p90 + 40) / (wait.p10 + 40))
        passage = after(hours, reports, kind="passage")
        assert passage.value in ("closed", None)
    assert widths == sorted(widths)
    assert after(0.5, reports, kind="passage").value == "closed"
    for kind in ("wait", "passage"):
        late = after(90.0, reports, kind=kind)
        assert late.value is None and late.p10 is None and late.voices == 0 and late.newest is not None
        assert late.odds is None or late.odds[0][0] == "unknown"


def test_hundred_copies_are_one_voice() -> None:
    base = [said("queue_length", 2.0, 0.1), said("queue_length", 2.5, 0.3)]
    one = [*base, said("queue_length", 35.0, 1.0, post="root", stance="heard", source="social")]
    copies = [
        said("queue_length", 35.0, 1.0 + n / 100, stance="heard", source="social", copy_of="root") for n in range(100)
    ]
    alone, many = after(2.5, one, kind="queue_length"), after(2.5, one + copies, kind="queue_length")
    assert many.value == pytest.approx(alone.value, rel=1e-9) and many.voices == alone.voices == 3
    assert "a copy of a post already counted" in {
        each.note for each in after(2.5, copies, kind="queue_length").evidence
    }


def test_rumour_alone_is_not_presented_as_the_estimate() -> None:
    rumour = [
        said(
            "queue_length",
            35.0,
            n / 50,
            stance="heard",
            source="social",
            copy_of="root",
            crossing="vaalimaa-torfyanovka",
        )
        for n in range(300)
    ]
    found = after(6.0, rumour, kind="queue_length")
    assert isinstance(found.value, float) and found.value < 5.0 and found.disputed
    assert "unverified: one root" in {each.note for each in found.evidence}


def test_paraphrased_rumour_without_known_copies_loses_against_one_official_and_one_witness() -> None:
    rumour = [said("queue_length", 35.0, n / 20, stance="heard", source="social") for n in range(300)]
    truth = [said("queue_length", 0.35, 1.0, stance="official", source="official"), said("queue_length", 0.5, 5.0)]
    for hours in (2.0, 6.0, 12.0, 15.0):
        found = after(hours, rumour + truth, kind="queue_length")
        assert isinstance(found.value, float) and found.value < 4.0, (hours, found)


def test_denial_takes_weight_from_the_figure_it_denies() -> None:
    rumour = [said("queue_length", 35.0, 1 + n / 3, stance="heard", source="social") for n in range(12)]
    denial = said("queue_length", 35.0, 0.9, stance="official", source="official", denies=True)
    plain, denied = after(6.0, rumour, kind="queue_length"), after(6.0, [denial, *rumour], kind="queue_length")
    assert isinstance(plain.value, float) and isinstance(denied.value, float)
    assert denied.value < plain.value and denied.disputed
    assert "others speak against this figure" in {each.note for each in denied.evidence}


def test_stood_so_far_is_a_lower_bound() -> None:
    reports = [said("wait", 840.0, n / 4, bound="min") for n in range(4)]
    wait = after(1.0, reports, kind="wait")
    assert isinstance(wait.value, float) and wait.p90 is not None
    assert wait.value > 600.0 and wait.p90 > 1200.0
    reports = [said("wait", 840.0, n / 4, bound="max") for n in range(4)]
    wait = after(1.0, reports, kind="wait")
    assert isinstance(wait.value, float) and wait.value < 300.0


def test_sides_are_two_queues() -> None:
    reports = [said("wait", 600.0, n / 5, side="RU") for n in range(4)] + [
        said("wait", 10.0, n / 5, side="GE") for n in range(4)
    ]
    russian, georgian = after(1.0, reports, kind="wait", side="RU"), after(1.0, reports, kind="wait", side="GE")
    assert isinstance(russian.value, float) and isinstance(georgian.value, float)
    assert russian.value > 300.0 and georgian.value < 40.0


def test_directions_and_means_are_apart() -> None:
    reports = [said("wait", 600.0, n / 5) for n in range(4)]
    reports += [said("wait", 20.0, n / 5, toward="RU") for n in range(4)] + [
        said("wait", 60.0, n / 5, mode="foot") for n in range(4)
    ]
    assert after(1.0, reports, kind="wait", toward="GE", mode="car").value > 300.0  # type: ignore[operator]
    assert after(1.0, reports, kind="wait", toward="RU", mode="car").value < 60.0  # type: ignore[operator]
    assert after(1.0, reports, kind="wait", toward="GE", mode="foot").value < 120.0  # type: ignore[operator]


def test_a_pause_is_noticed_within_half_an_hour() -> None:
    reports = [said("passage", "moving", n / 2) for n in range(8)]
    reports += [said("passage", "paused", 4.1 + n / 10) for n in range(3)]
    assert after(4.0, reports, kind="passage").value == "moving"
    assert after(4.5, reports, kind="passage").value == "paused"


def test_one_wrong_post_does_not_close_a_border() -> None:
    reports = [said("passage", "moving", n / 2) for n in range(8)]
    reports += [said("passage", "closed", 4.0, stance="heard", source="social")]
    assert after(4.0, reports, kind="passage").value == "moving"


def test_other_kinds() -> None:
    reports = [
        said("price", 50000.0, 0.1, service="bicycle", currency="RUB", mode="bicycle"),
        said("price", 30000.0, 0.2, service="bicycle", currency="RUB", mode="bicycle"),
        said("price", 40000.0, 0.3, service="bicycle", currency="RUB", mode="bicycle"),
        said("price", 100.0, 0.3, service="bicycle", currency="USD", mode="bicycle"),
        said("flow", 10804.0, 0.1, mode="any", stance="official", source="official"),
        said("mode_rule", "refused", 0.1, mode="foot"),
        said("mode_rule", "refused", 0.3, mode="foot"),
        said("service", "missing", 0.1, tag="water", mode="any"),
        said("event", None, 0.1, tag="accident", mode="any"),
        said("rule", None, 0.1, tag="pets", mode="any", stance="heard", source="news"),
    ]
    price = after(1.0, reports, kind="price", currency="RUB")
    assert (price.value, price.p10, price.p90, price.voices) == (40000.0, 30000.0, 50000.0, 3)
    flow = after(1.0, reports, kind="flow")
    assert flow.value == 10804.0 and flow.p10 is not None and flow.p10 < 10804.0
    assert after(1.0, reports, kind="mode_rule").value == "refused"
    assert after(1.0, reports, kind="service").value == "missing"
    event = after(1.0, reports, kind="event")
    assert event.value == "present" and event.tag == "accident"
    assert after(40.0, reports, kind="event").value is None
    assert sum(odds for _, odds in event.odds or ()) == pytest.approx(1.0)


def material(seed: int) -> list[Report]:
    chance = random.Random(seed)
    reports = []
    for n in range(150):
        hour = chance.uniform(-20.0, 5.0)
        kind = chance.choice(["wait", "queue_length", "queue_count", "passage", "throughput", "price"])
        value: Any = chance.choice(["open", "closed", "paused"]) if kind == "passage" else chance.lognormvariate(4, 1)
        more: dict[str, Any] = {"service": "seat", "currency": "RUB"} if kind == "price" else {}
        more |= {"mode": chance.choice(["car", "any", "truck"]), "side": chance.choice([None, None, "RU"])}
        copy = f"p{n - 1}" if n % 9 == 8 else None
        voice = {"community": f"c{n % 3}", "author": f"a{n % 40}", "copy_of": copy}
        reports.append(said(kind, value, hour, post=f"p{n}", **voice, **more))
    return reports


@pytest.mark.parametrize("seed", range(3))
def test_order_within_the_window_changes_nothing(seed: int) -> None:
    reports = sorted(material(seed), key=lambda report: report.posted_at)
    expected = list(fuse(reports, [NOON + timedelta(hours=5)], REGIONS, KINDS))
    fusion = Fusion(REGIONS, KINDS)
    chance = random.Random(seed)
    shuffled = sorted(reports, key=lambda report: report.posted_at + timedelta(hours=chance.uniform(0, 5)))
    for n in range(0, len(shuffled), 7):
        part = shuffled[n : n + 7]
        fusion.take(part)
        fusion.take(part)  # twice changes nothing
        fusion.estimates(max(report.posted_at for report in shuffled[: n + 7]))
    assert fusion.estimates(NOON + timedelta(hours=5)) == expected


def test_going_on_from_a_dump_is_as_if_never_stopped() -> None:
    reports = sorted(material(7), key=lambda report: report.posted_at)
    whole, first = Fusion(REGIONS, KINDS), Fusion(REGIONS, KINDS)
    whole.take(reports[:100])
    first.take(reports[:100])
    first.estimates(reports[99].posted_at)
    data = first.dump()
    second = Fusion(REGIONS, KINDS)
    second.load(data)
    assert second.dump() == data
    for fusion in (whole, second):
        fusion.take(reports[100:])
    at = NOON + timedelta(hours=6)
    assert second.estimates(at) == whole.estimates(at)
    with pytest.raises(ValueError, match="not a dump"):
        second.load(b"nonsense")


@pytest.mark.parametrize("cut", [20, 50, 90, 140])
def test_who_said_what_of_which_quantity_is_known_after_a_dump(cut: int) -> None:
    reports = sorted(material(11), key=lambda report: report.posted_at)
    whole, second = Fusion(REGIONS, KINDS, lateness=0.0), Fusion(REGIONS, KINDS, lateness=0.0)
    whole.take(reports[:cut])
    whole.estimates(reports[cut - 1].posted_at)
    second.load(whole.dump())
    for fusion in (whole, second):
        fusion.take(reports[cut:])
    assert second.estimates(NOON + timedelta(hours=6)) == whole.estimates(NOON + timedelta(hours=6))


def test_memory_of_a_crossing_is_bounded() -> None:
    fusion = Fusion(REGIONS, KINDS)
    sizes = []
    for day in range(4):
        fusion.take(said("wait", 60.0 + n % 50, day * 24 + n / 20, post=f"d{day}-{n}") for n in range(400))
        fusion.estimates(NOON + timedelta(hours=day * 24 + 23))
        sizes.append(len(fusion.dump()))
    assert sizes[-1] < sizes[0] * 1.3 and sizes[-1] < 64 * 1024 + 120 * 300


def test_unusable_reports_change_nothing() -> None:
    good = [said("wait", 60.0, 0.1)]
    bad = [
        said("wait", "long", 0.1),
        said("moon", 3.0, 0.1),
        said("passage", "ajar", 0.1),
        said("wait", float("nan"), 0.2),
    ]
    expected = after(1.0, good, kind="wait")
    assert after(1.0, good + bad, kind="wait") == expected


def test_kinds_may_be_a_row_of_kinds() -> None:
    reports = [said("wait", 60.0, 0.1)]
    by_id = list(fuse(reports, [NOON + timedelta(hours=1)], REGIONS, KINDS))
    assert by_id and list(fuse(reports, [NOON + timedelta(hours=1)], REGIONS, tuple(KINDS.values()))) == by_id
    with pytest.raises(TypeError, match="load_kinds"):
        Fusion(REGIONS, ["wait"])  # type: ignore[list-item]


def test_a_fall_of_flow_has_a_place() -> None:
    reports = [said("flow_change", value, n / 10) for n, value in enumerate((-30.0, -25.0, 12.0, -28.0))]
    assert after(1.0, reports, kind="flow_change").value == -25.0


def test_a_wait_follows_from_a_queue_and_its_throughput_and_is_called_derived() -> None:
    reports = [said("queue_count", 600.0 + 20 * n, n / 5) for n in range(5)]
    at = [NOON + timedelta(hours=1)]
    assert {each.kind for each in fuse(reports, at, REGIONS, KINDS)} == {"queue_count"}
    reports += [said("throughput", 60.0, n / 5) for n in range(5)]
    wait = after(1.0, reports, kind="wait")
    assert wait.derived and isinstance(wait.value, float) and wait.p90 is not None and wait.p10 is not None
    assert 400.0 < wait.value < 900.0 and wait.p10 < 640.0 < wait.p90 and wait.voices == 5
    assert not after(1.0, reports, kind="queue_count").derived
    silent = after(40.0, reports, kind="wait")
    assert silent.value is None and silent.p90 is None  # silence ends in nothing known, derived or not
