"""Streams of real servers on loopback: a WebSocket that breaks off, and events over HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from threading import Event

import pytest
from websockets.sync.server import ServerConnection, serve

from tests.sources.samples_networks import STATUSES
from verst.errors import BadSetting, StoreBusy
from verst.outputs.reaching import Unreachable, open_events
from verst.reading.reader import Reader
from verst.sources import Door
from verst.store import Store, open_store
from verst.work.ears import Ear, read_ears
from verst.work.fetching import fetch
from verst.work.listening import Round, listen_round, recall
from verst.work.streams import MOST_WAITING, Stream, open_streams

NOON = datetime(2022, 9, 24, 12, tzinfo=UTC)
READER = Reader.load()


def commit(number: int, text: str) -> str:
    record = {"text": text, "langs": ["en"], "createdAt": f"2022-09-24T10:{number:02}:00Z"}
    told = {"operation": "create", "collection": "app.bsky.feed.post", "rkey": f"k{number}", "record": record}
    return json.dumps({"did": "did:plc:a", "time_us": 1_700_000_000_000_000 + number, "kind": "commit", "commit": told})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    yield opened
    opened.close()


@contextmanager
def sockets(handle: Callable[[ServerConnection], bool]) -> Iterator[str]:
    """A WebSocket server on loopback, whose connections stay open as long as it lasts."""
    ended = Event()

    def stay(on: ServerConnection) -> None:
        if handle(on):
            ended.wait(60)

    with serve(stay, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}/subscribe?wantedCollections=app.bsky.feed.post"
        ended.set()
        server.shutdown()


def listen(ear: Ear, store: Store, streams: dict[str, Stream]) -> Round:
    return listen_round([ear], store, Door(b"k" * 32), READER, at=NOON, fetch=fetch, dice=Random(1),
                        on_skip=lambda _: None, streams=streams)  # fmt: skip


def until(true: Callable[[], bool]) -> None:
    """Wait for what another thread does; fails when it does not."""
    for _ in range(600):
        if true():
            return
        time.sleep(0.05)
    pytest.fail("it never came")


def bluesky(url: str, **more: object) -> Ear:
    return Ear(name="bluesky", url=url, source="bluesky", allow_private=True, **more)  # type: ignore[arg-type]


def test_what_streams_is_kept_where_it_tells_and_taken_up_where_it_broke_off(store: Store) -> None:
    asked: list[str] = []

    def handle(on: ServerConnection) -> bool:
        assert on.request is not None
        asked.append(on.request.path)
        if len(asked) == 1:
            on.send(commit(1, "Waited 5 hours at Verkhny Lars by car"))
            on.send(commit(2, "what a lovely day for a sandwich"))
            on.send("{ no json")
            return False  # it breaks off
        on.send(commit(1, "Waited 5 hours at Verkhny Lars by car"))  # told again
        on.send(commit(3, "Verkhny Lars is closed, nobody gets through"))
        return True

    with sockets(handle) as url, open_streams([bluesky(url)], {}, Event()) as streams:
        found: list[int] = []

        def told_both() -> bool:
            found.append(listen(bluesky(url), store, streams).new.get("bluesky", 0))
            return sum(found) == 2

        until(told_both)
        assert {report.claim.kind for report in store.reports()} >= {"wait", "passage"}
        assert "cursor=1699999995000002" in asked[1], "a little before the last that came"
        assert recall(store, bluesky(url)).place == "1700000000000003"
        assert len(list(store.by_hour().values())) == 1 and sum(store.by_hour().values()) == 2


def test_nothing_that_came_is_lost_while_another_holds_the_store(store: Store, tmp_path: Path) -> None:
    def handle(on: ServerConnection) -> bool:
        on.send(commit(1, "Waited 5 hours at Verkhny Lars by car"))
        return True

    woken = Event()
    other = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    with sockets(handle) as url, open_streams([bluesky(url)], {}, woken) as streams:
        assert woken.wait(30)
        with other.sole(), pytest.raises(StoreBusy):
            listen(bluesky(url), store, streams)
        assert listen(bluesky(url), store, streams).new == {"bluesky": 1}
    other.close()


def test_a_stream_that_is_not_there_fails_alone_and_is_said(store: Store) -> None:
    ear = bluesky("ws://127.0.0.1:9/")
    with open_streams([ear], {}, Event()) as streams:
        until(lambda: bool(streams["bluesky"].fault))
        told = listen(ear, store, streams)
        assert "no answer" in told.faults["bluesky"] and recall(store, ear).failures == 1


def test_a_stream_leads_to_no_private_place_unless_that_is_meant() -> None:
    ear = Ear(name="inside", url="ws://127.0.0.1:9/", source="bluesky")
    with open_streams([ear], {}, Event()) as streams:
        until(lambda: "not public" in streams["inside"].fault)


def test_what_waits_has_a_limit_and_then_the_other_side_waits() -> None:
    """The reader of a stream nobody takes from stops: memory does not grow."""
    stream = Stream(bluesky("ws://127.0.0.1:9/"), None, Event())
    ended: list[bool] = []

    def fill() -> None:
        ended.append(all(stream._put(b"{}", None) for _ in range(MOST_WAITING + 1)))

    beside = threading.Thread(target=fill, daemon=True)
    beside.start()
    until(lambda: stream._waiting.full())
    beside.join(0.2)
    assert beside.is_alive()
    stream.close()
    beside.join(5)
    assert ended == [False]


@contextmanager
def events(body: bytes, asked: list[dict[str, str]]) -> Iterator[str]:
    """A server of events on loopback that ends after what it has."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for start in range(0, len(body), 50):
                self.wfile.write(body[start : start + 50])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api/v1/streaming/public"
    server.shutdown()
    server.server_close()


def test_events_over_http_are_taken_up_after_the_last_with_an_id(store: Store) -> None:
    status = json.dumps(STATUSES[0] | {"content": "<p>Верхний Ларс: стоим 5 часов на машине</p>"}).encode()
    asked: list[dict[str, str]] = []
    body = b": hello\n\nevent: update\nid: 7\ndata: " + status + b"\n\nevent: delete\ndata: 12\n\n"
    with events(body, asked) as url:
        ear = Ear(name="mastodon", url=url, source="mastodon", stream=True, allow_private=True)
        with open_streams([ear], {}, Event()) as streams:
            until(lambda: listen(ear, store, streams).new == {"mastodon": 1})
            until(lambda: len(asked) > 1)
    assert asked[1]["last-event-id"] == "7" and asked[0]["accept"] == "text/event-stream"


def test_an_event_that_is_too_long_costs_no_other() -> None:
    body = b"data: " + b"x" * 5_000 + b"\n\ndata: short\ndata: lines\n\ndata: cut off"
    with events(body, []) as url:
        assert list(open_events(url, {}, allow_private=True, seconds=5, largest=1_000)) == [(b"short lines", None)]
        with pytest.raises(Unreachable, match="not public"):
            list(open_events(url, {}, allow_private=False, seconds=5, largest=1_000))


def test_a_stream_is_set_up_in_the_same_file(tmp_path: Path) -> None:
    file = tmp_path / "verst.toml"
    file.write_text(
        '[[ear]]\nname = "b"\nurl = "wss://x.example/subscribe"\nsource = "bluesky"\n'
        '[[ear]]\nname = "m"\nurl = "https://x.example/stream"\nsource = "mastodon"\nstream = true\nkeep = "all"\n'
        '[[ear]]\nname = "f"\nurl = "https://x.example/feed"\n',
        encoding="utf-8",
    )
    ears = read_ears(file)
    assert [ear.is_stream for ear in ears] == [True, True, False]
    assert [ear.keeps_all for ear in ears] == [False, True, True]
    file.write_text('[[ear]]\nname = "b"\nurl = "wss://x.example"\nkeep = "some"\n', encoding="utf-8")
    with pytest.raises(BadSetting, match="keep"):
        read_ears(file)
