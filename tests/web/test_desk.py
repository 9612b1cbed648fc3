"""The desk by its forms: who may come in, what is decided, what becomes of it, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.web.desk_world import (
    PASSWORD,
    Clock,
    code_now,
    come,
    enlist,
    form_of,
    judge,
    load,
    make_board,
)
from tests.web.desk_world import clock as clock
from tests.web.desk_world import store as store
from verst.desk import ROLES
from verst.model import Estimate
from verst.store import Store, open_store
from verst.store.desk import desk_of


@pytest.fixture
def owl(store: Store, clock: Clock) -> TestClient:
    enlist(store, "owl", clock)
    return come(store, make_board(store, clock), "owl", clock)


def wait_at(store: Store, clock: Clock) -> Estimate:
    return next(e for e in store.estimates_at(clock.at, "verkhny-lars") if e.kind == "wait" and e.mode == "car")


def test_there_is_no_desk_until_somebody_has_an_account(store: Store, clock: Clock) -> None:
    client = TestClient(make_board(store, clock), base_url="http://127.0.0.1")
    assert client.get("/desk").status_code == client.get("/desk/log-in").status_code == 404
    enlist(store, "owl", clock)
    assert client.get("/desk", follow_redirects=False).headers["location"].startswith("/desk/log-in")


def test_public_pages_set_no_cookie_and_the_desk_one_for_itself(owl: TestClient) -> None:
    for path in ("/", "/c/verkhny-lars", "/api/v1/board", "/desk/log-in", "/desk"):
        assert "set-cookie" not in owl.get(path, follow_redirects=False).headers, path
    assert "no-store" in owl.get("/desk").headers["cache-control"]


def test_the_cookie_is_out_of_reach(store: Store, clock: Clock) -> None:
    enlist(store, "owl", clock)
    app = make_board(store, clock)
    for base, secure in (("http://127.0.0.1", False), ("https://board.example", True)):
        client = TestClient(app, base_url=base)
        told = {"name": "owl", "password": PASSWORD, "code": code_now(store, "owl", clock)}
        cookie = client.post("/desk/log-in", data=told, follow_redirects=False).headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie and "path=/desk" in cookie
        assert ("secure" in cookie) is secure
        clock.pass_minutes(1)  # a code is good once


def test_what_weighs_most_comes_first_with_its_words(owl: TestClient) -> None:
    text = owl.get("/desk").text
    assert "32 hours!! turn back" in text and text.index("turn back") < text.index("a bit over 4 hours")
    assert text.count('class="row item') >= 5


def test_reject_takes_a_copy_group_off_the_board_and_undo_brings_it_back(
    owl: TestClient, store: Store, clock: Clock
) -> None:
    before = wait_at(store, clock)
    clock.pass_minutes(1)
    assert judge(owl, "reject", "odd", words="ask @ivan_petrov").status_code == 303
    after = wait_at(store, clock)
    assert after.value < before.value - 10  # type: ignore[operator]
    assert {piece.note for piece in after.evidence if piece.post.startswith("odd")} == {"rejected at the desk"}
    act = desk_of(store).acts()[-1]
    assert (act.verb, act.who, act.words) == ("reject", "owl", "ask [handle]")
    assert "turn back" not in owl.get("/desk").text.partition('id="done"')[0]
    clock.pass_minutes(1)
    told = {"form": form_of(owl), "n": str(act.n), "reason": "other"}
    assert owl.post("/desk/undo", data=told, follow_redirects=False).status_code == 303
    assert wait_at(store, clock).value == pytest.approx(before.value, rel=0.05)
    assert owl.post("/desk/undo", data=told).status_code == 409  # it was taken back already


def test_a_correction_stands_on_the_board_as_what_the_desk_saw(owl: TestClient, store: Store, clock: Clock) -> None:
    clock.pass_minutes(1)
    assert judge(owl, "correct", "odd", value="300").status_code == 303
    told = wait_at(store, clock)
    assert told.p90 < 1000 and any(piece.note == "corrected at the desk" for piece in told.evidence)  # type: ignore[operator]
    assert "corrected by the moderators" in owl.get("/c/verkhny-lars").text
    for wrong in ("many", "-3", "nan", ""):
        assert judge(owl, "correct", "w3", value=wrong).status_code == 409
    assert judge(owl, "confirm", "w3", value="300").status_code == 409  # a figure, and the wrong button
    assert judge(owl, "correct", "f2", value="shut").status_code == 409
    assert judge(owl, "correct", "f2", value="open").status_code == 303


def test_an_act_that_newer_evidence_overrules_says_so(owl: TestClient, store: Store, clock: Clock) -> None:
    clock.pass_minutes(1)
    judge(owl, "confirm", "odd")
    assert "Overruled" not in owl.get("/desk").text
    words = [f"{40 + n} minutes {chr(97 + n) * 12}" for n in range(24)]
    later = [(f"n{n}", 5 + 12 * n, "verkhny-lars", "wait", 40.0 + n, said) for n, said in enumerate(words)]
    clock.pass_minutes(300)
    load(store, later, clock.at)
    owl = come(store, owl.app, "owl", clock)  # type: ignore[arg-type]
    assert "Overruled by newer evidence" in owl.get("/desk").text
    assert wait_at(store, clock).p90 < 1900  # type: ignore[operator]


def test_many_at_once(owl: TestClient, store: Store, clock: Clock) -> None:
    clock.pass_minutes(1)
    assert judge(owl, "confirm", "w1", "w2", "f1").status_code == 303
    assert [act.verb for act in desk_of(store).acts()] == ["confirm"] * 3
    assert judge(owl, "confirm").status_code == 409


def test_two_do_not_do_the_same(owl: TestClient, store: Store, clock: Clock) -> None:
    enlist(store, "lynx", clock)
    lynx = come(store, owl.app, "lynx", clock)  # type: ignore[arg-type]
    assert judge(lynx, "take", "odd").status_code == 303
    refused = judge(owl, "reject", "odd")
    assert refused.status_code == 409 and "lynx is looking at this one" in refused.text
    assert "lynx is looking at this one" in owl.get("/desk").text
    clock.pass_minutes(6)
    assert judge(owl, "reject", "odd").status_code == 303  # it is free again
    late = judge(lynx, "confirm", "odd", seen="0")
    assert late.status_code == 409 and "owl was first" in late.text


def test_a_pin_stands_at_the_crossing_until_its_time(owl: TestClient, clock: Clock) -> None:
    clock.pass_minutes(1)
    told = {"form": form_of(owl), "crossing": "verkhny-lars", "reason": "sources", "hours": "6"}
    said = {"words": "Water and blankets at the school from 18:00; call +7 928 123-45-67"}
    assert owl.post("/desk/pin", data=told | said, follow_redirects=False).status_code == 303
    page = owl.get("/c/verkhny-lars").text
    assert "Water and blankets at the school from 18:00" in page and "123-45-67" not in page
    assert "Water and blankets" not in owl.get("/c/verkhny-lars?at=2026-03-02T12:00Z").text
    (note,) = owl.get("/api/v1/crossings/verkhny-lars").json()["notes"]
    assert note["until"] == "2026-03-02T18:01:00Z" and note["words"].startswith("Water and blankets")
    assert owl.post("/desk/pin", data=told | {"words": " "}).status_code == 409
    assert owl.post("/desk/pin", data=told | said | {"crossing": "nowhere"}).status_code == 404
    clock.pass_minutes(6 * 60)
    assert "Water and blankets" not in owl.get("/c/verkhny-lars").text


def test_roles_are_refused_what_is_not_theirs(owl: TestClient, store: Store, clock: Clock) -> None:
    enlist(store, "wren", clock, "viewer")
    enlist(store, "elk", clock, "editor")
    wren, elk = (come(store, owl.app, name, clock) for name in ("wren", "elk"))  # type: ignore[arg-type]
    assert judge(wren, "reject", "odd").status_code == 403 and desk_of(store).acts() == []
    mark = {"post": "w1", "whom": "chat", "value": "hostile", "reason": "planted"}
    assert owl.post("/desk/mark", data=mark | {"form": form_of(owl)}).status_code == 403
    assert owl.get("/desk/rules").status_code == 403
    clock.pass_minutes(1)
    assert elk.post("/desk/mark", data=mark | {"form": form_of(elk)}, follow_redirects=False).status_code == 303
    assert wait_at(store, clock).value is None
    assert owl.post("/desk/undo", data={"form": form_of(owl), "n": "1", "reason": "other"}).status_code == 403
    assert ROLES == ("viewer", "moderator", "editor", "admin")


def test_a_writer_is_marked_and_stands_in_no_page(store: Store, clock: Clock) -> None:
    enlist(store, "elk", clock, "editor")
    elk = come(store, make_board(store, clock), "elk", clock)
    clock.pass_minutes(1)
    mark = {"form": form_of(elk), "post": "odd", "whom": "writer", "value": "hostile", "reason": "planted"}
    assert elk.post("/desk/mark", data=mark, follow_redirects=False).status_code == 303
    notes = {piece.post: piece.note for piece in wait_at(store, clock).evidence}
    assert notes["odd"] == "its source is marked as hostile" and notes["odd2"] is None
    author = store.posts(["odd"])["odd"].author
    assert author is not None and all(author not in elk.get(path).text for path in ("/desk", "/desk/trail"))
    assert elk.post("/desk/mark", data=mark | {"post": "gone"}).status_code == 404
    assert elk.post("/desk/mark", data=mark | {"value": "dull"}).status_code == 409


def test_an_editor_says_until_when_a_rule_holds(store: Store, clock: Clock) -> None:
    enlist(store, "elk", clock, "editor")
    elk = come(store, make_board(store, clock), "elk", clock)
    rule = next(r for r in elk.app.state.regions for r in r.rules if r.where == "verkhny-lars")  # type: ignore[attr-defined]
    words = f"<p>{dict(rule.text)['en']}"  # the chart goes on marking when it changed
    before = words in elk.get("/c/verkhny-lars").text
    clock.pass_minutes(1)
    times = ("", "2026-03-02T12:00Z") if before else ("2026-03-02T11:00Z", "")
    form = {"form": form_of(elk, "/desk/rules"), "rule": rule.id, "reason": "sources"}
    form |= {"starts_at": times[0], "ends_at": times[1]}
    assert elk.post("/desk/rule", data=form, follow_redirects=False).status_code == 303
    assert (words in elk.get("/c/verkhny-lars").text) is not before
    told = elk.get("/api/v1/crossings/verkhny-lars").json()["rules"]
    assert (rule.id in {each["id"] for each in told}) is not before
    assert (words in elk.get("/c/verkhny-lars?at=2026-03-02T12:00Z").text) is before  # what was known then
    assert elk.post("/desk/rule", data=form | {"ends_at": "tomorrow"}).status_code == 409


def test_a_form_from_elsewhere_is_refused(owl: TestClient, store: Store) -> None:
    told = {"verb": "reject", "item": "verkhny-lars\todd\twait|GE||car|||", "reason": "joke", "seen": "9"}
    assert owl.post("/desk/judge", data=told).status_code == 403
    assert owl.post("/desk/judge", data=told | {"form": "0" * 64}).status_code == 403
    right = told | {"form": form_of(owl)}
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert owl.post("/desk/judge", data=right, headers=headers).status_code == 403
    assert owl.post("/desk/judge", data=right | {"words": "x" * 70_000}).status_code == 413
    assert desk_of(store).acts() == []


def test_a_session_ends_by_itself_and_by_hand(owl: TestClient, store: Store, clock: Clock) -> None:
    for _ in range(3):
        clock.pass_minutes(50)
        assert owl.get("/desk", follow_redirects=False).status_code == 200  # it is used
    clock.pass_minutes(61)
    assert owl.get("/desk", follow_redirects=False).status_code == 303
    again = come(store, owl.app, "owl", clock)  # type: ignore[arg-type]
    for _ in range(15):
        clock.pass_minutes(50)
        again.get("/desk")
    assert again.get("/desk", follow_redirects=False).status_code == 303  # twelve hours are the longest
    third = come(store, owl.app, "owl", clock)  # type: ignore[arg-type]
    held = dict(third.cookies)
    third.post("/desk/log-out", data={"form": form_of(third)})
    fourth = TestClient(owl.app, base_url="http://127.0.0.1", cookies=held)
    assert fourth.get("/desk", follow_redirects=False).status_code == 303  # the key is good no more


def test_wrong_log_ins_are_refused_and_soon_no_more_looked_at(store: Store, clock: Clock) -> None:
    spare = enlist(store, "owl", clock)
    client = TestClient(make_board(store, clock), base_url="http://127.0.0.1")
    right = {"name": "owl", "password": PASSWORD, "code": code_now(store, "owl", clock)}
    for wrong in ({"password": "seven grey geese at the door"}, {"code": "000000"}, {"name": "nobody"}):
        answer = client.post("/desk/log-in", data=right | wrong, follow_redirects=False)
        assert answer.status_code == 409 and "do not belong together" in answer.text
    assert client.post("/desk/log-in", data=right, follow_redirects=False).status_code == 303
    assert client.post("/desk/log-in", data=right, follow_redirects=False).status_code == 409  # a code is good once
    assert client.post("/desk/log-in", data=right | {"code": spare[0]}, follow_redirects=False).status_code == 303
    assert client.post("/desk/log-in", data=right | {"code": spare[0]}, follow_redirects=False).status_code == 409
    for _ in range(6):
        client.post("/desk/log-in", data=right | {"code": "000000"})
    clock.pass_minutes(1)
    right["code"] = code_now(store, "owl", clock)
    often = client.post("/desk/log-in", data=right, follow_redirects=False)
    assert often.status_code == 429 and int(often.headers["retry-after"]) > 60
    clock.pass_minutes(16)
    right["code"] = code_now(store, "owl", clock)
    assert client.post("/desk/log-in", data=right, follow_redirects=False).status_code == 303


def test_a_closed_account_is_out_at_once(owl: TestClient, store: Store) -> None:
    desk = desk_of(store)
    account = desk.account("owl")
    assert account is not None and desk.put_account(replace(account, closed=True), account)
    assert owl.get("/desk", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("code", ["ru", "uk", "ar"])
def test_every_page_speaks_the_languages(owl: TestClient, code: str) -> None:
    for path in ("/desk", "/desk/trail"):
        text = owl.get(f"{path}?lang={code}").text
        assert f'lang="{code}"' in text and "What needs eyes" not in text
    refused = judge(owl, "confirm", "w3", value="300")
    assert refused.status_code == 409


def test_an_empty_desk_says_so_and_still_pins_a_note(tmp_path: Path, clock: Clock) -> None:
    empty = open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    enlist(empty, "elk", clock)
    elk = come(empty, make_board(empty, clock), "elk", clock)
    text = elk.get("/desk").text
    assert "Nothing waits" in text and "All that are ticked" not in text and "Decided lately" not in text
    assert "No act was made yet" in elk.get("/desk/trail").text
    told = {"form": form_of(elk), "crossing": "ozinki-taskala", "words": "Тут тихо", "hours": "6", "reason": "sources"}
    assert elk.post("/desk/pin", data=told, follow_redirects=False).status_code == 303
    assert "Тут тихо" in elk.get("/c/ozinki-taskala").text and "Decided lately" in elk.get("/desk").text
    empty.close()
