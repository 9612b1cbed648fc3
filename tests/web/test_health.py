"""How a board says that it is well or not, in words and in figures, and nothing about who reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from starlette.testclient import TestClient

from tests.store.samples import NOON, post, read, report, wait
from tests.store.test_outbox import alert
from verst.geography import load_kinds, load_regions
from verst.store import Batch, Store, open_store, outbox_of
from verst.web import make_app
from verst.work.health import look
from verst.work.listening import Heard


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("VERST_HOME", str(tmp_path))
    opened = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    yield opened
    opened.close()


def board(store: Store, at: datetime = NOON) -> TestClient:
    return TestClient(make_app(store, load_regions(), load_kinds(), clock=lambda: at), client=("203.0.113.7", 5000))


def found(store: Store, at: datetime) -> dict[str, bool]:
    return {finding.key: finding.ok for finding in look(store, at)}


def test_what_is_wrong_is_found(store: Store) -> None:
    assert found(store, NOON) == {"empty": False, "settled": True, "no_ears": True, "told": True}
    store.keep(Batch(posts=[(post("p1"), read(wait()))], reports=[report("p1")]))
    assert found(store, NOON + timedelta(hours=1))["newest"] and not found(store, NOON + timedelta(hours=3))["newest"]
    assert found(store, NOON + timedelta(days=5))["archive"]
    store.keep(Batch(states=[("unsettled", msgspec.json.encode({"verkhny-lars": NOON}))]))
    assert (
        found(store, NOON + timedelta(minutes=5))["settled"] and not found(store, NOON + timedelta(hours=1))["behind"]
    )
    ears = [
        ("listen:a", Heard(newest=NOON)),
        ("listen:b", Heard(failures=3, fault="HTTP 503")),
        ("listen:c", Heard(newest=NOON - timedelta(hours=9), gaps=(60.0,) * 9)),
    ]
    store.keep(Batch(states=[(name, msgspec.json.encode(heard)) for name, heard in ears]))
    (finding,) = [each for each in look(store, NOON) if each.key == "ears_bad"]
    assert finding.values == {"count": 3, "failing": 1, "silent": 1}
    box = outbox_of(store)
    box.accept([(alert("a"), ["s1"])], NOON)
    assert found(store, NOON)["told"]
    box.settle(box.claim(NOON, NOON + timedelta(minutes=9))[0], "refused")
    assert not found(store, NOON)["told"]


@pytest.mark.parametrize("code", ["en", "ru", "uk", "ar"])
def test_the_page_says_it_in_words_and_is_no_all_clear(store: Store, code: str) -> None:
    store.keep(Batch(posts=[(post("p1"), read(wait()))]))
    with board(store) as client:
        page = client.get(f"/health?lang={code}")
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
    assert {"en": "nothing about the borders", "ru": "О границах", "uk": "Про кордони", "ar": "الحدود"}[
        code
    ] in page.text


def test_figures_count_pages_by_kind_and_nobody(store: Store) -> None:
    with board(store) as client:
        for path in ("/", "/c/verkhny-lars", "/c/secret-place", "/ask?q=secret+words", "/nowhere/secret"):
            client.get(path, headers={"user-agent": "secret-browser"})
        told = client.get("/metrics").text
    assert 'verst_requests_total{kind="c",status="2xx"} 1.0' in told
    assert 'verst_requests_total{kind="c",status="4xx"} 1.0' in told and 'kind="other"' in told
    assert "verst_posts 0.0" in told and 'verst_well{finding="empty"} 0.0' in told
    assert 'verst_request_seconds_count{kind="front"} 1.0' in told
    assert not [secret for secret in ("secret", "203.0.113", "testclient") if secret in told]
