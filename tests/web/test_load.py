"""What a board has to do, for people: requests by kind of page, never by who asked or for what."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.store.samples import NOON, post, read, report, wait
from verst.bus.memory import MemoryBus
from verst.geography import load_kinds, load_regions
from verst.store import Batch, open_store
from verst.web import make_app
from verst.web.load import share_within
from verst.work.apart.looking import Look


@pytest.mark.parametrize(
    ("code", "says"), [("en", "Requests"), ("ru", "Запросов"), ("uk", "Запитів"), ("ar", "الطلبات")]
)
def test_requests_are_counted_by_kind_of_page(tmp_path: Path, code: str, says: str) -> None:
    store, look = open_store(f"sqlite:///{tmp_path / 'verst.db'}"), Look(MemoryBus())
    store.keep(Batch(posts=[(post("p1"), read(wait()))], reports=[report("p1")]))
    app = make_app(store, load_regions(), load_kinds(), clock=lambda: NOON, bus=look)
    with TestClient(app) as client:
        for path in ("/c/verkhny-lars", "/c/verkhny-lars", "/ask?q=marina@example.org", "/marina@example.org"):
            client.get(path, headers={"user-agent": "Marina 928 123"})
        page = client.get(f"/load?lang={code}").text
    assert says in page and "/metrics" in page
    assert "<bdi>c</bdi></th><td>2</td><td>0</td>" in page and "<bdi>ask</bdi></th><td>1</td><td>0</td>" in page
    assert "marina" not in page.lower() and "load." not in page
    look.close()
    store.close()


def test_what_fails_is_there(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    app = make_app(store, load_regions(), load_kinds(), clock=lambda: NOON)
    for status, seconds in ((200, 0.004), (200, 0.02), (503, 60.0)):
        app.state.figures.count("/c/verkhny-lars", status, seconds)
    with TestClient(app) as client:
        page = client.get("/load").text
    assert "<bdi>c</bdi></th><td>3</td><td>1</td><td>25 ms</td><td>longer than 5 s</td>" in page
    assert "between the processes" not in page, "there is no bus"
    store.close()


def test_no_limit_is_told_where_nothing_was_asked() -> None:
    assert share_within([], 0.5) is None and share_within([(0.1, 0.0), (float("inf"), 0.0)], 0.5) is None
