"""The next hours: where the past is long enough, in words that promise nothing, and nowhere else."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.web.conftest import client_for, words_of
from tests.web.fake import FakeStore
from tests.web.world import NOON, estimate, full_store

TITLES = {"en": "if it goes on as it has", "ru": "если всё пойдёт как шло", "uk": "якщо все йтиме", "ar": "كما كان"}


def long_store(days: int = 12, **more: object) -> FakeStore:
    """Verkhny Lars with an hourly wait of as many days, up and down with the hour."""
    store = full_store()
    store.kept_estimates = [told for told in store.kept_estimates if told.kind != "wait"]
    for hour in range(24 * days, -1, -1):
        at = NOON - timedelta(hours=hour)
        value = 600.0 + 300.0 * math.sin(at.hour / 24 * math.tau)
        store.kept_estimates.append(
            estimate("wait", value, at, mode="car", p10=value * 0.9, p90=value * 1.1, **({"newest": at} | more))
        )
    return store


@pytest.mark.parametrize("code", TITLES)
def test_the_next_hours_are_a_table_of_ranges(code: str) -> None:
    with client_for(long_store()) as client:
        answer = client.get(f"/c/verkhny-lars?lang={code}", headers={"Accept-Encoding": "br"})
    assert int(answer.headers["content-length"]) <= 14 * 1024
    (table,) = HTMLParser(answer.text).css("section[aria-labelledby=ahead] table")
    assert len(table.css("tbody tr")) == 4
    assert all(any(letter.isdigit() for letter in cell.text()) for cell in table.css("td"))
    assert TITLES[code] in words_of(answer)


def test_the_times_are_those_of_the_crossing() -> None:
    with client_for(long_store()) as client:
        tree = HTMLParser(client.get("/c/verkhny-lars?at=2022-09-24T09:00Z").text)
    heads = [node.text() for node in tree.css("section[aria-labelledby=ahead] tbody th")]
    assert heads == ["24 September, 15:00", "24 September, 18:00", "25 September, 00:00", "25 September, 12:00"]


@pytest.mark.parametrize(
    "store",
    [full_store(), long_store(4), long_store(newest=NOON - timedelta(hours=9)), long_store(derived=True), FakeStore()],
    ids=["little said", "a short past", "silent now", "worked out", "empty"],
)
def test_where_nothing_can_be_said_nothing_is(store: FakeStore) -> None:
    with client_for(store) as client:
        assert not HTMLParser(client.get("/c/verkhny-lars").text).css("#ahead")


def test_no_later_word_is_used() -> None:
    store, early = long_store(), "/c/verkhny-lars?at=2022-09-23T09:00Z"
    with client_for(store) as client:
        before = HTMLParser(client.get(early).text).css_first("section[aria-labelledby=ahead]").text()
    store.kept_estimates = [told for told in store.kept_estimates if told.at <= NOON - timedelta(days=1)]
    with client_for(store) as client:
        assert HTMLParser(client.get(early).text).css_first("section[aria-labelledby=ahead]").text() == before
