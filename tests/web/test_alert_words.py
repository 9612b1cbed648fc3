"""Alerts in words: headline, figures as ranges, doubts, and what a retraction is not."""

from __future__ import annotations

import pytest

from tests.alerts.scenes import Hearsay, Turn, at, find, opened
from tests.outputs.test_cap import KINDS, REGIONS, some_alerts
from verst.web.alert_words import Words, alert_tongues, write_alert

BY_REASON = {alert.reason: alert for alert in some_alerts() if not alert.takes_back}
BACK = next(alert for alert in some_alerts() if alert.takes_back)


def said(reason: str, code: str = "en") -> Words:
    return write_alert(BY_REASON[reason], code, REGIONS, KINDS)


@pytest.mark.parametrize("tongue", alert_tongues(), ids=lambda tongue: tongue.code)
def test_every_alert_can_be_said_in_every_language(tongue: object) -> None:
    for alert in some_alerts():
        words = write_alert(alert, tongue.code, REGIONS, KINDS)  # type: ignore[attr-defined]
        assert words.title and "{" not in words.title + words.body and "  " not in words.title
        assert len(words.title) < 160 and 3 <= len(words.body.splitlines()) <= 9


def test_english_says_it_plainly() -> None:
    shut = said("closed")
    assert shut.title == "Verkhny Lars: Closed into Georgia"
    assert shut.body.splitlines()[:4] == [
        "Before: open.",
        "Now: closed.",
        "Probability 85 %.",
        "It rests on 5 voices; the newest word is from 24 September, 12:00 local (09:00 UTC).",
    ]
    assert said("wait_doubled").title == "Verkhny Lars: The wait by car into Georgia is twice as long or more"
    assert "Before: 85 to 120 minutes.\nNow: 4 to 6 hours." in said("wait_doubled").body


def test_a_rule_is_called_a_rule_and_a_rumour_what_was_told() -> None:
    rule = said("rule_changed", "ru").body
    assert rule.startswith("Пешком переходить нельзя.\nЭто правило, а не то, что видят люди.")
    assert "https://example.org/rules" in rule
    rumour = said("rumour_contradicted")
    assert rumour.body.startswith("It was told: queue: 35 km.\nSomebody there says: 3 km.")
    assert "no all-clear" in rumour.body


def test_a_rumoured_closing_and_total_are_told_as_sentences() -> None:
    closing = Hearsay(kind="closing", value=None, who="men", due=at(6000), turns=(Turn(at(-5), None, "passing"),))
    total = Hearsay(kind="total", value=250000.0, toward="GE", turns=(Turn(at(-5), 9000.0, "impossible"),))
    for hearsay, words in ((closing, "28 September 2022"), (total, "250")):
        (alert,) = find([], [], rumours=[hearsay])
        body = write_alert(alert, "en", REGIONS, KINDS).body
        assert words in body.splitlines()[0] and "no all-clear" in body, body
        assert find([], [], 40, rumours=[hearsay], told=[alert]) == []


def test_good_news_and_retractions_are_no_all_clear() -> None:
    for reason in ("opened", "allowed", "wait_halved"):
        assert "no all-clear" in said(reason).body
    back = write_alert(BACK, "en", REGIONS, KINDS)
    assert back.title == "Verkhny Lars: Taken back: Closed into Georgia"
    assert back.body.startswith("Later reports contradict it.") and "no all-clear" in back.body
    assert f"No. {BY_REASON['closed'].id[:8]}" in back.body


def test_a_language_without_alerts_of_its_own_says_them_whole_in_another() -> None:
    assert said("closed", "kk").lang == "ru" and said("closed", "de").lang == "en" and said("closed", "xx").lang == "en"


def test_few_voices_are_not_counted() -> None:
    official = opened(-300), at(0)
    assert official
    (alert,) = find([opened(-300)], [_by_an_authority()])
    body = write_alert(alert, "en", REGIONS, KINDS).body
    assert "It rests on an authority's word" in body and "voice" not in body


def _by_an_authority() -> object:
    from dataclasses import replace

    from tests.alerts.scenes import closed

    told = closed(0, voices=1)
    return replace(told, evidence=(replace(told.evidence[0], source="official"),))
