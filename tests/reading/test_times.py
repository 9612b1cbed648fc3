"""Times: at, since, ago and future, on the writer's clock. Posted on Wednesday 28 September 2022, 14:20."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.reading.figures import OFFSET, POSTED_AT, find_times

SAID = [
    ("ru", "стоим с 6 утра", "since", "28T06:00"),
    ("ru", "с шести утра", "since", "28T06:00"),
    ("ru", "стоим с 6", "since", "28T06:00"),
    ("ru", "вчера", "at", "27T12:00"),
    ("ru", "вчера вечером", "at", "27T19:00"),
    ("ru", "ночью", "at", "28T03:00"),
    ("ru", "вчера в 22:30", "at", "27T22:30"),
    ("ru", "в понедельник", "at", "26T12:00"),
    ("ru", "позавчера", "at", "26T12:00"),
    ("ru", "3 часа назад", "ago", "28T11:20"),
    ("ru", "22.09 в 14:00", "at", "22T14:00"),
    ("ru", "25 сентября", "at", "25T12:00"),
    ("ru", "завтра", "future", "29T12:00"),
    ("ru", "через 2 часа", "future", "28T16:20"),
    ("uk", "Станом на 08:00", "at", "28T08:00"),
    ("uk", "о десятій ранку", "at", "28T10:00"),
    ("uk", "о 2 ночі", "at", "28T02:00"),
    ("en", "at 5am", "at", "28T05:00"),
    ("en", "since yesterday evening", "since", "27T19:00"),
    ("en", "on Monday", "at", "26T12:00"),
    ("en", "last night", "at", "28T03:00"),
    ("de", "gestern Abend", "at", "27T19:00"),
    ("de", "vor 2 Stunden", "ago", "28T12:20"),
    ("tr", "dün", "at", "27T12:00"),
    ("ar", "أمس", "at", "27T12:00"),
    ("zh", "昨天", "at", "27T12:00"),
    ("ka", "გუშინ", "at", "27T12:00"),
    ("kk", "кеше", "at", "27T12:00"),
    ("fi", "eilen", "at", "27T12:00"),
    ("pl", "wczoraj", "at", "27T12:00"),
    ("fr", "lundi", "at", "26T12:00"),
    ("et", "eile", "at", "27T12:00"),
    ("be", "учора", "at", "27T12:00"),
    ("fr", "depuis 22h hier soir", "since", "27T22:00"),
    ("ar", "قبل يومين", "ago", "26T14:20"),
]


@pytest.mark.parametrize(("lang", "text", "kind", "at"), SAID)
def test_a_time_is_read(lang: str, text: str, kind: str, at: str) -> None:
    hits = find_times(text, lang)
    assert [(h.kind, (h.at + timedelta(minutes=OFFSET)).strftime("%dT%H:%M")) for h in hits] == [(kind, at)]


def test_elapsed_runs_from_then_to_the_post() -> None:
    hit = find_times("стоим с 6 утра", "ru")[0]
    assert hit.elapsed_minutes == 500
    assert hit.at == POSTED_AT - timedelta(minutes=500)


def test_a_rule_from_a_later_day_is_future() -> None:
    assert [h.kind for h in find_times("с 1 октября", "ru")] == ["future"]


@pytest.mark.parametrize(
    "text", ["от 5 до 7 часов", "прошли за 4 часа", "очередь 5 км", "стоим 3:40", "32 августа", "в 25:10"]
)
def test_what_is_no_time(text: str) -> None:
    assert find_times(text, "ru") == []
