"""What turned out wrong is taken back, once; what changed later was not wrong."""

from __future__ import annotations

from dataclasses import replace

from tests.alerts.scenes import NO_FOOT, Hearsay, aged, at, closed, find, on_foot, opened, passage, reasons, said, wait


def test_newer_words_within_an_hour_take_a_closure_back() -> None:
    told = find([opened(-300)], [closed(0)])
    (back,) = find([opened(-300)], [opened(40)], 40, told=told)
    assert back.takes_back == told[0].id == back.follows and back.why == "contradicted" and back.crossings
    assert back.expires >= at(40 + 24 * 60) and back.now is not None and back.now.value == "open"
    assert find([opened(-300)], [opened(45)], 45, told=[*told, back]) == []


def test_later_a_contrary_state_is_a_change() -> None:
    told = find([opened(-300)], [closed(0)])
    (change,) = find([opened(-200)], [opened(90)], 90, told=told)
    assert change.reason == "opened" and change.takes_back is None and change.follows == told[0].id


def test_silence_and_doubt_take_nothing_back() -> None:
    told = find([opened(-300)], [closed(0)])
    faded = passage(0, odds={"unknown": 0.6, "open": 0.25, "closed": 0.15})
    assert find([opened(-300)], [aged(faded, 50)], 50, told=told) == []
    assert find([], [], 50, told=told) == []
    one_voice = opened(40, evidence=(said("open", 40),))
    assert find([opened(-300)], [one_voice], 50, told=told) == []


def test_a_stop_for_now_does_not_take_a_closure_back() -> None:
    told = find([opened(-300)], [closed(0)])
    halted = passage(40, odds={"paused": 0.6, "closed": 0.3, "open": 0.1})
    assert find([opened(-300)], [halted], 40, told=told, then={told[0].id: replace(halted, at=at(0))}) == []


def test_a_later_reading_of_the_same_hour_takes_back_what_rested_on_a_copy() -> None:
    told = find([opened(-300)], [closed(0)])
    remade = {told[0].id: opened(0)}
    (back,) = find([opened(-300)], [closed(0)], 200, told=told, then=remade)
    assert back.why == "remade" and back.takes_back == told[0].id
    assert find([opened(-300)], [closed(0)], 200, told=told, then={told[0].id: closed(0, voices=9)}) == []


def test_a_wait_is_taken_back_when_it_is_not_borne_out() -> None:
    told = find([wait(-240, 100)], [wait(0, 300)])
    assert reasons(find([wait(-240, 100)], [wait(30, 110)], 30, told=told)) == ["-wait_doubled"]
    assert reasons(find([wait(-240, 100)], [wait(30, 280)], 30, told=told)) == []
    then = {told[0].id: wait(0, 120)}
    assert reasons(find([wait(-240, 100)], [wait(0, 120)], 90, told=told, then=then)) == ["-wait_doubled"]
    widened = {told[0].id: wait(0, 300, spread=4.0)}
    assert find([wait(-240, 100)], [wait(0, 300, spread=4.0)], 90, told=told, then=widened) == []


def test_good_news_is_taken_back_by_one_new_voice_and_bad_news_by_two() -> None:
    told = find([on_foot(-60, 0.05)], [on_foot(0, 0.85)])
    against = on_foot(20, 0.3, evidence=(said("refused", 20),))
    assert reasons(find([], [against], 20, told=told)) == ["-allowed"]
    told = find([on_foot(-60, 0.85)], [on_foot(0, 0.05)])
    for evidence, back in (((said("allowed", 20),), []), ((said("allowed", 20), said("allowed", 19)), ["-refused"])):
        assert reasons(find([], [on_foot(20, 0.6, evidence=evidence)], 20, told=told)) == back


def test_a_rule_that_is_written_otherwise_is_taken_back() -> None:
    rule = replace(NO_FOOT, starts_at=at(-5))
    told = find([], [], rules=[rule])
    assert find([], [], 5, rules=[rule], told=told) == []
    (back,) = find([], [], 5, rules=[replace(rule, starts_at=at(600))], told=told)
    assert back.why == "rule_withdrawn" and back.source == rule.source


def test_a_rumour_that_is_borne_out_after_all_is_taken_back_and_may_be_told_again() -> None:
    told = find([], [], rumours=[Hearsay()])
    back = find([], [], 30, rumours=[Hearsay(verdict="disputed")], told=told)
    assert reasons(back) == ["-rumour_contradicted"] and back[0].why == "rumour_turned"
    assert find([], [], 40, rumours=[Hearsay(verdict="disputed")], told=[*told, *back]) == []
    again = find([], [], 50, rumours=[Hearsay()], told=[*told, *back])
    assert reasons(again) == ["rumour_contradicted"] and again[0].id != told[0].id


def test_a_retraction_is_no_all_clear_and_is_followed_by_none() -> None:
    told = find([opened(-300)], [closed(0)])
    back = find([opened(-300)], [opened(40)], 40, told=told)
    assert find([closed(-10)], [opened(60)], 60, told=[*told, *back]) == []
