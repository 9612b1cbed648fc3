"""What is worth saying, and that good news is never made of silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.alerts.scenes import (
    NO_FOOT,
    Hearsay,
    Turn,
    aged,
    at,
    closed,
    find,
    on_foot,
    opened,
    passage,
    reasons,
    said,
    wait,
)
from verst.model import Estimate, Evidence

GOOD = {"opened", "allowed", "wait_halved"}


def test_a_closure_is_told_with_what_it_rests_on() -> None:
    (alert,) = find([opened(-300)], [closed(0)])
    assert alert.reason == "closed" and alert.where == "verkhny-lars" and alert.crossings == ("verkhny-lars",)
    assert alert.was is not None and alert.was.value == "open" and alert.now is not None and alert.now.value == "closed"
    assert alert.probability == 0.85 and alert.voices == 5 and alert.newest == at(0)
    assert alert.expires == at(360) and alert.follows is None


def test_the_same_change_has_the_same_key_at_the_next_tick_and_is_told_once() -> None:
    first = find([opened(-300)], [closed(0)])
    assert [a.id for a in find([opened(-290)], [closed(3)], 5)] == [first[0].id]
    assert find([opened(-290)], [closed(5)], 5, told=first) == []


def test_the_same_thing_happening_again_has_another_key() -> None:
    first = find([opened(-300)], [closed(0)])
    then = find([closed(0)], [opened(120)], 120, told=first)
    again = find([opened(120)], [closed(240)], 240, told=[*first, *then])
    assert reasons([*first, *then, *again]) == ["closed", "opened", "closed"]
    assert len({alert.id for alert in (*first, *then, *again)}) == 3 and again[0].follows == then[0].id


def test_after_an_alert_has_expired_the_old_state_is_not_told_anew() -> None:
    first = find([opened(-300)], [closed(0)])
    assert find([closed(0)], [closed(370)], 370, told=first) == []


def test_a_crossing_that_stays_closed_is_not_told_anew_after_days_of_silence() -> None:
    first = find([opened(-300)], [closed(0)])
    silent = Estimate(at=at(2800), crossing="verkhny-lars", kind="passage", toward="GE")
    assert find([silent], [closed(3000)], 3000, told=first) == find([], [closed(3000)], 3000, told=first) == []
    assert reasons(find([silent], [opened(3000)], 3000, told=first)) == ["opened"]


def test_people_on_foot_are_let_through_and_turned_away() -> None:
    assert reasons(find([on_foot(-60, 0.05)], [on_foot(0, 0.85)])) == ["allowed"]
    assert reasons(find([on_foot(-60, 0.85)], [on_foot(0, 0.05)])) == ["refused"]


def test_where_the_rule_says_no_and_nobody_had_spoken_being_let_through_is_news() -> None:
    now = on_foot(0, 0.85)
    assert find([], [now]) == [] and reasons(find([], [now], rules=[NO_FOOT])) == ["allowed"]


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [(100.0, 300.0, ["wait_doubled"]), (600.0, 200.0, ["wait_halved"]), (100.0, 180.0, []), (10.0, 30.0, [])],
)
def test_a_wait_twice_or_half_is_told_where_ranges_do_not_touch(before: float, now: float, told: list[str]) -> None:
    assert reasons(find([wait(-240, before)], [wait(0, now)])) == told
    assert find([wait(-240, before, spread=2.0)], [wait(0, now, spread=2.0)]) == []


def test_a_wait_that_grows_slowly_is_told_when_it_has_doubled() -> None:
    told = find([wait(-240, 100)], [wait(0, 300)])
    assert find([wait(-240, 100)], [wait(30, 400)], 30, told=told) == []
    assert reasons(find([wait(-240, 100)], [wait(60, 700)], 60, told=told)) == ["wait_doubled"]


def test_what_rests_on_too_few_is_not_told_and_small_counts_are_not_published() -> None:
    assert find([opened(-300)], [closed(0, voices=2)]) == []
    official = replace(closed(0, voices=1).evidence[0], source="official")
    (alert,) = find([opened(-300)], [closed(0, voices=1, evidence=(official,))])
    assert alert.voices is None and alert.evidence is None
    assert find([closed(-300)], [opened(0, voices=1, evidence=(replace(official, value="open"),))]) == []


def test_good_news_needs_two_new_posts_of_full_weight() -> None:
    new = opened(0).evidence[0]
    old = [replace(piece, said_at=at(-400)) for piece in opened(0).evidence]
    copy = replace(new, note="a copy of a post already counted")
    for evidence in ((new, *old), (new, copy), (new, replace(new, kind="wait"))):
        assert find([closed(-300)], [opened(0, evidence=evidence)]) == []
    assert reasons(find([closed(-300)], [opened(0, evidence=(new, new))])) == ["opened"]


def test_good_news_is_none_where_somebody_lately_says_otherwise() -> None:
    assert find([wait(-240, 600)], [wait(0, 200, evidence=(*wait(0, 200).evidence, said(580.0, -20)))]) == []
    assert find([closed(-300)], [opened(0, evidence=(*opened(0).evidence, said("closed", -59)))]) == []
    before_it_changed = (*opened(0).evidence, said("closed", -70))
    assert reasons(find([closed(-300)], [opened(0, disputed=True, evidence=before_it_changed)])) == ["opened"]
    doubted = (*opened(0).evidence, said("closed", -5, note="too many newcomers at once"))
    assert reasons(find([closed(-300)], [opened(0, evidence=doubted)])) == ["opened"]


def test_good_news_of_a_state_needs_less_of_a_share_where_the_last_hour_is_of_one_mind() -> None:
    odds = {"allowed": 0.72, "refused": 0.24, "unknown": 0.04}
    now = on_foot(0, 0.72)
    assert reasons(find([on_foot(-200, 0.02)], [replace(now, odds=tuple(odds.items()))])) == ["allowed"]
    mixed = (*now.evidence, said("refused", -30))
    assert find([on_foot(-200, 0.02)], [replace(now, odds=tuple(odds.items()), evidence=mixed)]) == []
    few = replace(now, odds=tuple(odds.items()), evidence=now.evidence[:3])
    assert find([on_foot(-200, 0.02)], [few]) == []


def test_what_nobody_said_and_whole_borders_are_no_news() -> None:
    assert find([wait(-240, 600)], [wait(0, 200, derived=True)]) == []
    assert find([replace(opened(-9), crossing="RU-GE")], [replace(closed(0), crossing="RU-GE")]) == []


def test_a_stop_for_now_speaks_for_a_closure_and_is_none_itself() -> None:
    halted = {"closed": 0.62, "paused": 0.1, "open": 0.2, "unknown": 0.08}
    assert reasons(find([opened(-300)], [passage(0, odds=halted)])) == ["closed"]
    assert find([opened(-300)], [passage(0, odds={"paused": 0.8, "closed": 0.15, "open": 0.05})]) == []
    assert find([passage(-300, odds={"paused": 0.9, "open": 0.1})], [opened(0)]) == []
    assert find([opened(-300)], [passage(0, odds=halted | {"paused": 0.0, "open": 0.3})]) == []


def test_old_words_are_no_news() -> None:
    assert find([opened(-300)], [closed(0)], 121) == []


def test_a_formal_rule_is_told_when_it_begins_and_when_it_ends() -> None:
    rule = replace(NO_FOOT, starts_at=at(-5), ends_at=at(3000))
    (begun,) = find([], [], rules=[rule])
    assert begun.reason == "rule_changed" and begun.starts and begun.source == NO_FOOT.source and begun.text
    assert find([], [], 10, rules=[rule], told=[begun]) == [] and find([], [], -6, rules=[rule]) == []
    (ended,) = find([], [], 3000, rules=[rule], told=[begun])
    assert not ended.starts and ended.id != begun.id


def test_a_contradicted_rumour_is_told_once_while_its_figures_shift() -> None:
    first = find([], [], rumours=[Hearsay()])
    assert reasons(first) == ["rumour_contradicted"] and first[0].was is not None and first[0].was.value == 35.0
    assert find([], [], 30, rumours=[Hearsay(value=36.0, posts=90)], told=first) == []
    assert find([], [], rumours=[Hearsay(posts=2)]) == [] and find([], [], rumours=[Hearsay(verdict="disputed")]) == []
    assert find([], [], rumours=[Hearsay(turns=(Turn(at(-60 * 30)),))]) == []


def test_one_event_in_several_quantities_is_told_once() -> None:
    before = [opened(-300), opened(-300, toward=None), opened(-300, mode="car"), opened(-300, mode="bus")]
    now = [closed(0), closed(0, toward=None, voices=9), closed(0, mode="car"), closed(0, mode="bus")]
    told = find(before, now)
    assert [(alert.mode, alert.toward, alert.voices) for alert in told] == [("any", None, 9)]
    assert find(before, now, 5, told=told) == [] and find(before, [closed(350, mode="car")], 355, told=told) == []
    (bus,) = find([opened(-300, mode="bus")], [closed(0, mode="bus")])
    assert reasons(find(before, [closed(5, mode="car")], 5, told=[bus])) == ["closed"]
    (into,) = find([opened(-300)], [closed(0)])
    assert reasons(find([opened(-300, toward="RU")], [closed(5, toward="RU")], 5, told=[into])) == ["closed"]


def test_a_rumour_of_the_border_speaks_for_its_crossings() -> None:
    (told,) = find([], [], rumours=[Hearsay(), Hearsay(crossing="RU-GE", value=34.0)])
    assert len(find([], [], rumours=[Hearsay(), Hearsay(value=3.0, turns=(Turn(at(-5)),))])) == 2
    assert told.reason == "rumour_contradicted"


def test_what_flutters_is_told_when_it_has_settled() -> None:
    told = find([opened(-300)], [closed(0)])
    told += find([opened(-300)], [opened(10)], 10, told=told)
    assert reasons(told) == ["closed", "-closed"]
    assert find([opened(-300)], [closed(20)], 20, told=told) == []
    assert reasons(find([opened(-300)], [closed(20)], 41, told=told)) == ["closed"]


def test_what_was_told_by_a_clock_that_was_ahead_silences_nothing() -> None:
    told = find([opened(-300)], [closed(0)])
    told += [replace(each, at=at(600)) for each in find([opened(-300)], [opened(10)], 10, told=told)]
    assert reasons(find([opened(-300)], [closed(20)], 41, told=told)) == ["closed"]


moments = st.floats(-600, 0)
figures = st.one_of(st.none(), st.floats(1, 5000))


@given(st.floats(1, 5000), st.floats(1.01, 5), figures, st.floats(1.01, 50), moments)
def test_silence_and_widening_make_no_good_news_of_a_wait(
    was: float, spread: float, now: float | None, wider: float, heard: float
) -> None:
    before = wait(heard, was, spread)
    silent = replace(aged(before, -heard), value=now, p10=was / spread / wider, p90=was * spread * wider)
    assert not GOOD & set(reasons(find([before], [silent])))
    renewed = replace(wait(0, was, spread * wider), evidence=wait(0, now or was).evidence)
    assert not GOOD & set(reasons(find([before], [renewed])))


@given(st.floats(0, 1), st.floats(0, 1), moments)
def test_silence_makes_no_good_news_of_a_state(unknown: float, share: float, heard: float) -> None:
    known = 1 - unknown
    faded = {"unknown": unknown, "closed": known * share, "open": known * (1 - share)}
    before = closed(heard)
    assert not GOOD & set(reasons(find([before], [passage(heard, odds=faded)])))
    assert not GOOD & set(reasons(find([before], [Estimate(at=at(0), crossing="verkhny-lars", kind="passage")])))


@given(st.floats(0, 1), st.integers(0, 9), st.integers(0, 4), st.booleans())
def test_whatever_good_news_is_told_rests_on_three_people_and_two_new_posts(
    unknown: float, voices: int, fresh: int, disputed: bool
) -> None:
    odds = {"open": 1 - unknown, "unknown": unknown}
    evidence: tuple[Evidence, ...] = opened(0).evidence[:fresh]
    found = find([closed(-30)], [passage(0, odds=odds, voices=voices, evidence=evidence, disputed=disputed)])
    if found:
        assert voices >= 3 and fresh >= 2 and unknown <= 0.4
        assert all(alert.at < alert.expires <= alert.at + timedelta(hours=24) for alert in found)
