"""Which time a page is for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verst.web.moment import ARCHIVE_AFTER, BadMoment, choose_moment

FIRST = datetime(2022, 9, 20, 5, 30, tzinfo=UTC)
LAST = datetime(2022, 10, 6, 18, 45, tzinfo=UTC)
SPAN = (FIRST, LAST)


def test_live_means_now() -> None:
    now = LAST + timedelta(minutes=5)
    moment = choose_moment(None, None, SPAN, now)
    assert (moment.at, moment.asked, moment.archive) == (now, False, False)


def test_an_archive_ends_with_its_last_post() -> None:
    moment = choose_moment(None, None, SPAN, LAST + ARCHIVE_AFTER + timedelta(seconds=1))
    assert (moment.at, moment.archive) == (LAST, True)


def test_an_empty_store_has_only_now() -> None:
    moment = choose_moment(None, None, None, LAST)
    assert (moment.at, moment.first, moment.last) == (LAST, LAST, LAST)


def test_the_last_step_is_the_last_instant() -> None:
    moment = choose_moment(None, None, SPAN, LAST + timedelta(days=99))
    assert choose_moment(None, str(moment.steps), SPAN, LAST).at == LAST
    assert choose_moment(None, "0", SPAN, LAST).at == FIRST.replace(minute=0)


@given(st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=4000)))
def test_the_slider_never_has_more_than_a_thousand_steps(length: timedelta) -> None:
    moment = choose_moment(None, None, (FIRST, FIRST + length), FIRST + length)
    assert 0 < moment.steps <= 1002
    assert moment.at_step(moment.steps) == moment.last


@given(st.text(max_size=60))
def test_any_other_text_is_refused_with_what_to_write(text: str) -> None:
    try:
        moment = choose_moment(text or "x", None, SPAN, LAST)
    except BadMoment as error:
        assert "at=" in str(error)
    else:
        assert moment.at <= LAST + timedelta(minutes=1)


def test_steps_stay_inside_what_is_kept() -> None:
    moment = choose_moment("2022-10-06T18:00Z", None, SPAN, LAST)
    assert moment.moved(timedelta(hours=1)) is None
    assert moment.moved(-timedelta(hours=1)) == datetime(2022, 10, 6, 17, tzinfo=UTC)


def test_a_plus_sign_in_an_address_may_arrive_as_a_space() -> None:
    assert choose_moment("2022-09-24T12:00 03:00", None, SPAN, LAST).at == datetime(2022, 9, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2022-13-01T00:00Z", "2022-09-24", "now", "9999-12-31T23:59-23:59", "0113-08-04T20:45Z"]
)
def test_no_time_is_guessed(text: str) -> None:
    with pytest.raises(BadMoment):
        choose_moment(text, None, SPAN, LAST)
