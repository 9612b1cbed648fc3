"""What else the desk shows: sources that are silent, rumours that are one, a trail that was changed."""

from __future__ import annotations

import html
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from starlette.testclient import TestClient

from tests.web.desk_world import NOON, Clock, come, enlist, form_of, judge, load, make_board
from tests.web.desk_world import clock as clock
from tests.web.desk_world import store as store
from verst.store import Batch, Store
from verst.store.desk import desk_of
from verst.work.listening import Heard
from verst.work.rumoured import find_rumours


@pytest.fixture
def elk(store: Store, clock: Clock) -> TestClient:
    enlist(store, "elk", clock, "editor")
    return come(store, make_board(store, clock), "elk", clock)


def test_a_silence_of_a_source_is_shown(
    elk: TestClient, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Sources that are silent" not in elk.get("/desk").text
    ears = [f'[[ear]]\nname = "{name}"\nurl = "https://example.org/{name}"\n' for name in ("lars", "salla", "narva")]
    (tmp_path / "verst.toml").write_text("\n".join(ears))
    monkeypatch.setenv("VERST_CONFIG", str(tmp_path / "verst.toml"))
    silent = Heard(newest=NOON - timedelta(hours=2), gaps=(180.0,) * 8)
    heard = {"lars": silent, "salla": Heard(newest=NOON, gaps=(180.0,) * 8), "narva": Heard(fault="HTTP 503")}
    store.keep(Batch(states=[(f"listen:{name}", msgspec.json.encode(told)) for name, told in heard.items()]))
    text = html.unescape(elk.get("/desk").text)
    assert "nothing for 2 hours, usually a post every 3 minutes" in text and "HTTP 503" in text
    assert "<b>salla</b>" not in text


def test_an_editor_makes_two_rumours_one(elk: TestClient, store: Store, clock: Clock) -> None:
    rows = [
        (f"r{n}", -60 + n, "salla", "wait", value, f"I heard {value:g} minutes {chr(97 + n) * 9}")
        for n, value in enumerate((600.0, 600.0, 600.0, 1500.0, 1500.0, 1500.0))
    ]
    load(store, rows, NOON)
    told = list(store.reports(crossing="salla"))
    store.keep(Batch(reports=[replace(each, claim=replace(each.claim, stance="heard")) for each in told]))
    page = elk.get("/desk/rumours").text
    assert page.count('name="other" value="600.0"') == page.count('name="other" value="1500.0"') == 1
    form = {"form": form_of(elk, "/desk/rumours"), "crossing": "salla", "what": "wait|", "reason": "sources"}
    assert elk.post("/desk/merge", data=form | {"other": "600.0", "value": "600.0"}).status_code == 409
    told_too = {"other": "1500.0", "value": "600.0"}
    assert elk.post("/desk/merge", data=form | told_too, follow_redirects=False).status_code == 303
    assert [rumour.posts for rumour in find_rumours(store, clock.at, "salla")] == [6]


def test_a_changed_trail_is_said_on_its_page(elk: TestClient, store: Store, clock: Clock, tmp_path: Path) -> None:
    clock.pass_minutes(1)
    judge(elk, "confirm", "w1")
    assert "the chain of hashes is whole" in elk.get("/desk/trail").text
    with sqlite3.connect(tmp_path / "verst.db") as db:
        db.execute("DROP TRIGGER acts_stay")
        db.execute("UPDATE acts SET act = replace(act, 'elk', 'owl')")
    db.close()
    assert "The trail was changed at act 1" in elk.get("/desk/trail").text


def test_a_board_of_an_archive_has_acts_at_its_end(store: Store) -> None:
    clock = Clock(NOON + timedelta(days=40))
    enlist(store, "owl", clock)
    owl = come(store, make_board(store, clock), "owl", clock)
    assert judge(owl, "reject", "odd").status_code == 303
    told = [e for e in store.estimates_at(NOON, "verkhny-lars") if e.kind == "wait"]
    assert any(piece.note == "rejected at the desk" for e in told for piece in e.evidence)


def test_an_admin_makes_and_closes_accounts_and_the_trail_says_so(store: Store, clock: Clock) -> None:
    enlist(store, "boss", clock, "admin")
    enlist(store, "elk", clock, "editor")
    app = make_board(store, clock)
    boss, elk = come(store, app, "boss", clock), come(store, app, "elk", clock)
    assert elk.get("/desk/accounts").status_code == 403
    told = {"name": "wren", "role": "viewer"}
    assert elk.post("/desk/invite", data=told | {"form": form_of(elk)}).status_code == 403
    assert desk_of(store).account("wren") is None
    form = {"form": form_of(boss, "/desk/accounts")}
    made = boss.post("/desk/invite", data=form | told)
    link = html.unescape(made.text.partition('id="joining">')[2].partition("<")[0])
    assert TestClient(app, base_url="http://127.0.0.1").get(link.removeprefix("http://127.0.0.1")).status_code == 200
    assert link not in html.unescape(boss.get("/desk/accounts").text)  # it is shown this once
    assert boss.post("/desk/invite", data=form | {"name": "Real Name", "role": "viewer"}).status_code == 409
    assert boss.post("/desk/close", data=form | {"name": "boss"}).status_code == 409
    assert boss.post("/desk/close", data=form | {"name": "elk"}, follow_redirects=False).status_code == 303
    assert elk.get("/desk", follow_redirects=False).status_code == 303
    assert [(act.verb, act.value) for act in desk_of(store).acts()] == [("invite", "wren: viewer"), ("close", "elk")]
    assert boss.post("/desk/undo", data=form | {"n": "2", "reason": "other"}).status_code == 409
