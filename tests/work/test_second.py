"""The second reader against a server of the test's own that speaks chat completions, well and badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from verst.clock import parse_instant
from verst.errors import BadSetting
from verst.fusion.rows import Gate, row_of
from verst.geography import load_kinds, load_regions
from verst.model import Chat, Post, Skipped
from verst.reading.doubt import doubts
from verst.reading.reader import Reader
from verst.work.reports import reports_of
from verst.work.second import MOST_FAILURES, SecondReader, SecondSettings, second_settings, with_second

AT = parse_instant("2022-09-24T14:20+03:00")[0]
UNREAD = "we slept 14 hours in that line"
SURE = "Lars, queue 12 km"
KEY = "not-to-be-logged"


@dataclass
class Model:
    """What the server answers, and what it was asked."""

    answer: Any = None
    status: int = 200
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)


@pytest.fixture
def model() -> Iterator[tuple[Model, str]]:
    told = Model()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            told.keys.append(self.headers.get("authorization"))
            words = told.answer if isinstance(told.answer, str) else json.dumps(told.answer)
            body = json.dumps({"choices": [{"message": {"role": "assistant", "content": words}}]}).encode()
            self.send_response(told.status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield told, f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


RULES = Reader.load()


def post(text: str, number: int = 1) -> Post:
    return Post(id=f"p{number}", chat=Chat(title="Lars", kind="group", about="verkhny-lars"), posted_at=AT, text=text)


def second(url: str, told: list[Skipped], **more: Any) -> SecondReader:
    settings = SecondSettings(url=url, model="small", key=KEY, **more)
    return SecondReader(RULES, settings, load_kinds(), load_regions(), told.append)


def claim(**more: Any) -> dict[str, Any]:
    return {"kind": "wait", "quote": "14 hours", "crossing": "verkhny-lars", "value": 840, "toward": "GE"} | more


def test_the_rules_doubt_a_figure_that_no_claim_took_up() -> None:
    assert doubts(RULES, post(UNREAD), RULES.read(post(UNREAD)))
    for sure in (SURE, "good morning all", "is Lars open?", "Taxi to Lars, 5000 rub, 14 hours", "14 hours of sleep"):
        where = post(sure) if sure != "14 hours of sleep" else Post(
            id="p", chat=Chat(title="talk", kind="group"), posted_at=AT, text=sure
        )  # fmt: skip
        assert doubts(RULES, where, RULES.read(where)) == (), sure


def test_what_it_reads_beside_the_rules_is_kept_with_its_name_and_trust(model: tuple[Model, str]) -> None:
    told, url = model
    told.answer = {"claims": [claim(bound="approx", stance="heard")]}
    reading = second(url, [], trust=0.4).read(post(UNREAD))
    found = next(each for each in reading.claims if each.rule == "second.small")
    assert (found.kind, found.value, found.bound, found.stance, found.trust) == ("wait", 840, "approx", "heard", 0.4)
    assert found.span is not None and UNREAD[slice(*found.span)] == "14 hours"
    assert told.keys == [f"Bearer {KEY}"] and UNREAD in told.asked[0]["messages"][1]["content"]
    gate, known = Gate(load_regions()), {kind.id: kind for kind in load_kinds()}
    rows = [row_of(report, gate, known) for report in reports_of(post(UNREAD), reading)]
    full = row_of(reports_of(post(SURE), RULES.read(post(SURE)))[0], gate, known)
    assert full is not None and any(row is not None and row.weight < full.weight for row in rows)


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": 900},  # no such figure stands there
        {"quote": "15 hours"},  # nor such words
        {"quote": " "},
        {"crossing": "vaalimaa-torfyanovka"},  # nobody spoke of it
        {"kind": "weather"},
        {"value": "long"},
        {"toward": "FR"},
        {"kind": "passage", "value": "ajar"},
        {"kind": "event", "value": None, "tag": "ufo"},
        {"kind": "price", "service": "seat", "currency": "roubles"},
        {"low": 14, "high": 9000},
        {"value": 35, "low": 840, "high": 840},  # a range that is none hides no figure
        {"value": None},
        {"kind": "event", "tag": "accident", "value": "many"},  # an event has no value
        {"kind": "price", "service": "ufo", "currency": "RUB"},
        {"mode": "balloon"},
    ],
)
def test_what_does_not_stand_in_the_text_is_left_out(model: tuple[Model, str], wrong: dict[str, Any]) -> None:
    told, url = model
    told.answer = {"claims": [claim(**wrong)]}
    assert second(url, []).read(post(UNREAD)) == RULES.read(post(UNREAD))
    assert len(told.asked) == 1


@pytest.mark.parametrize("answer", ["I am only a model", '{"claims": 7}', "[" * 5_000, "", '{"claims": [1]}'])
def test_a_bad_answer_is_told_and_costs_nothing(model: tuple[Model, str], answer: str) -> None:
    told, url = model
    told.answer = answer
    said: list[Skipped] = []
    assert second(url, said).read(post(UNREAD)) == RULES.read(post(UNREAD))
    assert len(said) == 1 and "the rules' reading stands" in said[0].what and KEY not in str(said)


def test_a_server_that_fails_is_left_alone(model: tuple[Model, str]) -> None:
    told, url = model
    told.answer, told.status = {"claims": [claim()]}, 500
    said: list[Skipped] = []
    reader = second(url, said)
    for number in range(MOST_FAILURES + 5):
        reader.read(post(UNREAD, number))
    assert len(told.asked) == len(said) == MOST_FAILURES and "not asked again" in said[-1].what
    gone = second("http://127.0.0.1:9", said := [])
    assert gone.read(post(UNREAD)) == RULES.read(post(UNREAD)) and len(said) == 1


def test_a_range_is_told_by_its_ends(model: tuple[Model, str]) -> None:
    told, url = model
    words = "we slept 10 hours in that line, they slept 14 hours"
    told.answer = {"claims": [claim(value=35, low=600, high=840)]}
    found = [each for each in second(url, []).read(post(words)).claims if each.rule == "second.small"]
    assert [(each.value, each.low, each.high) for each in found] == [(720, 600, 840)], "35 stands nowhere"


def test_a_server_that_answers_rubbish_is_left_alone_too(model: tuple[Model, str]) -> None:
    told, url = model
    told.answer = "I am only a model"
    reader = second(url, [])
    for number in range(MOST_FAILURES + 5):
        reader.read(post(UNREAD, number))
    assert len(told.asked) == MOST_FAILURES


def test_a_secret_in_the_address_is_not_told(model: tuple[Model, str]) -> None:
    told, url = model
    told.status = 500
    said: list[Skipped] = []
    second(url.replace("http://", "http://user:hush@"), said).read(post(UNREAD))
    assert len(said) == 1 and "hush" not in str(said)


def test_it_is_asked_only_in_doubt_and_within_its_budget(model: tuple[Model, str]) -> None:
    told, url = model
    told.answer = {"claims": []}
    said: list[Skipped] = []
    reader = second(url, said, posts=2)
    reader.read(post(SURE))
    assert told.asked == []
    for number in range(5):
        reader.read(post(UNREAD, number))
    assert len(told.asked) == reader.asked == 2 and "budget" in said[0].what


def test_the_rules_figure_stands_alone(model: tuple[Model, str]) -> None:
    told, url = model
    words = "wait 9 hours at Lars; 14 hours behind the wheel from Rostov before"
    read = RULES.read(post(words))
    assert [each.kind for each in read.claims] == ["wait"], "the example must leave one figure unread"
    told.answer = {"claims": [claim()]}
    assert second(url, []).read(post(words)) == read and len(told.asked) == 1


def test_off_unless_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VERST_SECOND_URL", raising=False)
    assert with_second(RULES, print) is RULES  # type: ignore[comparison-overlap]
    assert second_settings({}) is None
    good = {"VERST_SECOND_URL": "http://127.0.0.1:1/v1/", "VERST_SECOND_MODEL": "m", "VERST_SECOND_TRUST": "0.8"}
    settings = second_settings(good)
    assert settings is not None and (settings.url, settings.trust) == ("http://127.0.0.1:1/v1", 0.8)
    for wrong in (
        {"VERST_SECOND_URL": "ftp://x"},
        {"VERST_SECOND_MODEL": ""},
        {"VERST_SECOND_TRUST": "2"},
        {"VERST_SECOND_POSTS": "many"},
    ):
        with pytest.raises(BadSetting, match=r"second reader|VERST_"):
            second_settings(good | wrong)
