"""Rumours on the page of a crossing and in the data, and the notes of fusion in the reader's language."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.web.conftest import client_for, words_of
from tests.web.fake import FakeStore
from tests.web.world import NOON, full_store
from verst.fusion.verdicts import Verdict
from verst.fusion.voices import NOTES
from verst.model import Claim, Heard, Report, Saying
from verst.web.page import NOTE_KEYS
from verst.web.texts import load_tongues

LANGUAGES = ("en", "ru", "uk", "ar")


def spread(store: FakeStore, count: int = 5) -> None:
    """A queue of 90 km, heard again and again; somebody at the place says two."""
    rumour = Claim(kind="queue_length", crossing="verkhny-lars", toward="GE", value=90.0, stance="heard")
    seen = Claim(kind="queue_length", crossing="verkhny-lars", toward="GE", value=2.0, stance="official")
    store.kept_reports += [
        Report(claim=rumour, post=f"r{n}", posted_at=NOON - timedelta(hours=9 - n), author=f"a{n}", community=f"c{n}")
        for n in range(count)
    ]
    store.kept_reports.append(Report(claim=seen, post="s", posted_at=NOON - timedelta(hours=1), source="official"))


def test_a_rumour_stands_on_the_page_with_its_verdict_and_what_turned_it() -> None:
    store = full_store()
    spread(store)
    with client_for(store) as client:
        words = words_of(client.get("/c/verkhny-lars?lang=en"))
        assert "Rumours about it contradicted queue: 90 km told 5 times" in words
        assert "an authority says: 2 km" in words
        assert "Слухи опровергнуто" in words_of(client.get("/c/verkhny-lars?lang=ru"))
        before = words_of(client.get("/c/verkhny-lars?lang=en&at=2022-09-24T07:30Z"))
        assert "not verified queue: 90 km told 5 times" in before, "what was not known then is not told then"
        told = client.get("/api/v1/rumours?crossing=verkhny-lars").json()["rumours"]
    assert [(each["value"], each["verdict"], each["witnesses"]) for each in told] == [(90.0, "contradicted", 0)]


def test_a_rumour_of_the_whole_border_is_called_so() -> None:
    store = full_store()
    spread(store)
    store.kept_reports = [replace(r, claim=replace(r.claim, crossing="RU-GE")) for r in store.kept_reports]
    with client_for(store) as client:
        assert "queue: 90 km (the whole border) told 5 times" in words_of(client.get("/c/verkhny-lars?lang=en"))


def test_what_was_told_twice_is_no_rumour() -> None:
    store = full_store()
    spread(store, 2)
    with client_for(store) as client:
        assert "Rumours about it" not in words_of(client.get("/c/verkhny-lars?lang=en"))


def pass_on(store: FakeStore, saying: Saying, count: int, hours: float = 6.0) -> None:
    store.kept_heard += [
        Heard(saying=saying, post=f"{saying.kind}{n}", posted_at=NOON - timedelta(hours=hours - n), source="social")
        for n in range(count)
    ]


TOTAL = Saying(kind="total", where="RU-GE", toward="GE", value=250_000.0, since=NOON - timedelta(days=4))
SHUT = Saying(kind="closing", where="RU", who="men", tag="exit_military", due=NOON + timedelta(days=2))
CALM = Saying(kind="queue", where="verkhny-lars", value="none", stance="official")
SOME = Saying(kind="queue", where="verkhny-lars", value="some")
COUNT = Claim(kind="flow", crossing="RU-GE", toward="GE", value=9_000.0, stance="official")


def ledger_store() -> FakeStore:
    store = full_store()
    pass_on(store, TOTAL, 3)
    pass_on(store, SHUT, 3)
    pass_on(store, CALM, 1)
    pass_on(store, SOME, 3, 5.0)
    day = NOON - timedelta(days=1)
    store.kept_reports.append(Report(claim=COUNT, post="count", posted_at=day, source="official"))
    return store


SAID = {
    "en": ("in all 250 000 people into Georgia", "make at most 68 000 people possible", "men are not let through",
           "leaving Russia", "“no queues”", "people there stand in a queue"),
    "ru": ("всего 250 000 человек в Грузию", "возможно не больше: 68 000 человек", "мужчин не пропускают",
           "страна: Россия", "«очередей нет»", "люди на месте стоят в очереди"),
    "uk": ("усього 250 000 людей", "можливо не більше: 68 000 людей", "чоловіків не пропускають",
           "країна: Росія", "«черг немає»", "люди на місці стоять у черзі"),
    "ar": ("المجموع 250 000", "الأعداد اليومية الرسمية", "لا يُسمح للرجال بالعبور",
           "مغادرة البلد", "«لا طوابير»", "واقفون في طابور"),
}  # fmt: skip


@pytest.mark.parametrize("code", LANGUAGES)
def test_totals_closings_and_false_denials_stand_on_the_page(code: str) -> None:
    with client_for(ledger_store()) as client:
        words = words_of(client.get(f"/c/verkhny-lars?lang={code}"))
    assert [piece for piece in SAID[code] if piece not in words] == [], words[:4000]


def test_they_are_in_the_data_and_tell_nobody_s_name() -> None:
    with client_for(ledger_store()) as client:
        found = client.get("/api/v1/rumours").json()["rumours"]
        openapi = client.get("/openapi.json").json()
        of_country = client.get("/api/v1/rumours?crossing=RU").json()["rumours"]
        assert client.get("/api/v1/rumours?crossing=XX").status_code == 404
    told = {each["kind"]: each for each in found if each["kind"] in ("total", "closing", "queue")}
    assert {kind: each["verdict"] for kind, each in told.items()} == {
        "total": "contradicted", "closing": "unverified", "queue": "contradicted",
    }  # fmt: skip
    assert (told["total"]["toward"], told["closing"]["whom"], told["closing"]["due"][:10]) == (
        "GE",
        "men",
        "2022-09-26",
    )
    assert [(each["kind"], each["crossing"]) for each in of_country] == [("closing", "RU")]
    schema = openapi["components"]["schemas"]["Rumour"]
    assert all(set(schema["required"]) == set(schema["properties"]) == set(each) for each in found)
    assert set(schema["properties"]["verdict"]["enum"]) == set(Verdict.__args__)  # type: ignore[attr-defined]
    assert "'author'" not in str(found)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_note_of_fusion_is_said_in_the_reader_s_language(code: str) -> None:
    notes = {note for note in NOTES if note}
    assert notes <= set(NOTE_KEYS)
    tongue = load_tongues()[code]
    said = {key: tongue.say(f"note.{key}") for key in NOTE_KEYS.values()}
    assert len(set(said.values())) == len(said)
    if code in ("ru", "uk", "ar"):
        assert not set(said.values()) & set(NOTE_KEYS), "left in English"
