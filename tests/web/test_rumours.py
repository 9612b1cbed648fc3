"""Rumours on the page of a crossing and in the data, and the notes of fusion in the reader's language."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.web.conftest import client_for, words_of
from tests.web.fake import FakeStore
from tests.web.world import NOON, full_store
from verst.fusion.voices import NOTES
from verst.model import Claim, Report
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


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_note_of_fusion_is_said_in_the_reader_s_language(code: str) -> None:
    notes = {note for note in NOTES if note}
    assert notes <= set(NOTE_KEYS)
    tongue = load_tongues()[code]
    said = {key: tongue.say(f"note.{key}") for key in NOTE_KEYS.values()}
    assert len(set(said.values())) == len(said)
    if code in ("ru", "uk", "ar"):
        assert not set(said.values()) & set(NOTE_KEYS), "left in English"
