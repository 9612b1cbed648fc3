"""The data: held to its own description by schemathesis, and to what the pages say."""

from __future__ import annotations

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from starlette.testclient import TestClient

from tests.web.fake import FakeStore
from tests.web.world import NOON, DeafReader, full_store, kinds, region
from verst.clock import iso
from verst.web import api, exports, make_app

APP = make_app(full_store(), [region()], kinds(), clock=lambda: NOON, reader=DeafReader())
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", APP)


@SCHEMA.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
def test_the_description_is_true(case: schemathesis.Case) -> None:
    # A time that is well written may still lie in the future or before anything was kept: 400, by meaning.
    case.call_and_validate(excluded_checks=[schemathesis.checks.CHECKS.get_one("positive_data_acceptance")])


def test_every_address_is_described(full: TestClient) -> None:
    described = set(full.get("/openapi.json").json()["paths"])
    served = {route.path.replace(":path", "") for route in (*api.ROUTES, *exports.ROUTES)}
    assert served - {"/openapi.json"} == described


def test_the_board_says_what_the_page_says(full: TestClient) -> None:
    for address in ("board", "crossings/verkhny-lars", "crossings.geojson"):
        assert full.get(f"/api/v1/{address}").json()["label"] == "reconstructed from dated public facts", address
    board = full.get("/api/v1/board").json()["boards"][0]
    assert [row["id"] for row in board["crossings"]] == ["vaalimaa-torfyanovka", "verkhny-lars"]
    assert [row["id"] for row in board["silent"]] == ["ozinki-taskala", "tashanta-tsagaannuur"]
    lane = next(lane for lane in board["crossings"][1]["lanes"] if lane["mode"] == "car")
    wait = lane["facts"]["wait"]
    assert (wait["p10"], wait["p90"], wait["voices"], wait["age_minutes"]) == (1800.0, 2700.0, 14, 41)


def test_one_crossing_carries_evidence_and_rules(full: TestClient) -> None:
    told = full.get("/api/v1/crossings/verkhny-lars").json()
    wait = next(row for row in told["estimates"] if row["kind"] == "wait")
    assert [piece["post"] for piece in wait["evidence"]] == ["p1", "p2"]
    assert [rule["id"] for rule in told["rules"]] == ["lars-no-foot"]


def test_history_is_between_two_times(full: TestClient) -> None:
    asked = {"from": "2022-09-22T09:00Z", "to": "2022-09-22T12:00Z", "kind": "wait"}
    told = full.get("/api/v1/crossings/verkhny-lars/estimates", params=asked).json()
    assert [row["at"] for row in told["estimates"]] == [f"2022-09-22T{hour:02}:00:00Z" for hour in (9, 10, 11, 12)]
    assert told["more_from"] is None


def test_long_history_says_where_to_go_on(full: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "MOST_ESTIMATES", 3)
    asked = {"from": "2022-09-22T09:00Z", "to": "2022-09-22T14:00Z"}
    told = full.get("/api/v1/crossings/verkhny-lars/estimates", params=asked).json()
    assert len(told["estimates"]) == 3
    assert told["more_from"] == "2022-09-22T12:00:00Z"


def test_geojson_has_a_point_a_crossing(full: TestClient) -> None:
    answer = full.get("/api/v1/crossings.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    assert len(features) == 4
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [44.62, 42.75]}


def test_a_post_is_evidence_and_nothing_more(full: TestClient) -> None:
    told = full.get("/api/v1/posts/p1").json()
    assert told["claims"][0]["span"] == [10, 18]
    assert told["label"] == "reconstructed from dated public facts"
    assert "author" not in json.dumps(told)


def test_an_empty_store_is_data_too(empty: TestClient) -> None:
    board = empty.get("/api/v1/board").json()
    assert board["boards"][0]["crossings"] == []
    assert [row["status"] for row in board["boards"][0]["silent"]] == ["silent"] * 4


def test_a_question_is_answered() -> None:
    with TestClient(APP) as client:
        told = client.get("/api/v1/ask", params={"q": "Сколько стоять на Ларсе?"}).json()
    assert told["answer"]["question"] == "Сколько стоять на Ларсе?"
    assert told["answer"]["lang"] == "ru"
    assert told["answer"]["text"]


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/api/v1/crossings/nowhere", 404, "/api/v1/crossings"),
        ("/api/v1/posts/none", 404, "limited time"),
        ("/api/v1/board?region=x", 404, "leave out region"),
        ("/api/v1/board?when=now", 400, "known here: at, region"),
        ("/api/v1/board?at=x&at=y", 400, "give it once"),
        ("/api/v1/board?at=", 400, "1 to 80 characters"),
        ("/api/v1/board?at=2099-01-01T00:00Z", 400, f"the latest is at={iso(NOON)[:14]}"),
        ("/api/v1/crossings/verkhny-lars/estimates?from=noon", 400, "from='noon'"),
        ("/api/v1/crossings/verkhny-lars/estimates?from=2020-01-01T00:00Z", 400, "31 days"),
        ("/api/v1/ask", 400, "1 to 500 characters"),
        ("/api/v1/ask?q=" + "x" * 501, 400, "1 to 500 characters"),
        ("/api/v1/nothing", 404, ""),
    ],
)
def test_errors_say_what_to_do(full: TestClient, path: str, status: int, says: str) -> None:
    answer = full.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert says in answer.json()["detail"]


def test_only_reading_is_allowed(full: TestClient) -> None:
    answer = full.post("/api/v1/board")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


def test_health_reads_the_store() -> None:
    store = FakeStore(number=7)
    with TestClient(make_app(store, [], {})) as client:
        assert client.get("/healthz").json() == {"ok": True, "revision": 7}
