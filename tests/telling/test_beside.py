"""Beside a running board what changed is found and told, and a feed read over the network says the same."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import feedparser  # type: ignore[import-untyped]
import httpx
import pytest

from tests.cli.test_telling import configure, fill, start, verst
from tests.servers import free_port
from tests.telling.desk import KINDS, REGIONS, Desk, many, subscriber
from tests.telling.receivers import http_receiver
from tests.telling.ways import webhook
from verst.cli.telling import once, told_beside, write_with
from verst.errors import BadSetting
from verst.work.subscribers import Telling


def soon(is_so: Callable[[], bool]) -> None:
    """Wait until something is so; a minute at most."""
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_what_waits_is_told_beside_the_board(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    monkeypatch.setattr("verst.clock.now", lambda: desk.now)
    with webhook() as way:
        whom = subscriber(way)
        desk.accept(many(2), whom)
        with told_beside(desk.store, REGIONS, KINDS, Telling(subscribers=(whom,))) as find:
            find(desk.now)
            soon(lambda: len(way.took()) == 2)
    desk.store.close()
    assert capsys.readouterr().err == ""


def test_what_goes_wrong_is_told_without_words_of_posts(capsys: pytest.CaptureFixture[str]) -> None:
    def breaks() -> None:
        raise ValueError("words of a post")

    def refuses() -> None:
        raise BadSetting("verst.toml is wrong")

    once(breaks)
    once(refuses)
    said = capsys.readouterr().err
    assert "ValueError in test_beside.py" in said and "words of a post" not in said and "verst.toml is wrong" in said


def test_words_come_with_a_link_where_the_board_has_an_address() -> None:
    with webhook() as way:
        whom = subscriber(way, lang="ru")
        told = write_with(REGIONS, KINDS, "https://board.example")(many(1)[0], whom)
        assert told[2:] == ("ru", "https://board.example/c/verkhny-lars?lang=ru")
        assert write_with(REGIONS, KINDS, None)(many(1)[0], whom)[3] is None


def test_a_board_over_the_network_tells_and_feeds(tmp_path: Path) -> None:
    fill(tmp_path)
    port = free_port()
    with http_receiver() as server:
        configure(tmp_path, server)
        assert "1 new" in verst(tmp_path, "tell").stderr and len(server.taken) == 1
        board = start(tmp_path, "up", "--no-demo", "--port", str(port))
        try:
            soon(lambda: answers(f"http://127.0.0.1:{port}/"))
            feed = httpx.get(f"http://127.0.0.1:{port}/c/verkhny-lars/feed.atom?lang=en")
            (entry,) = feedparser.parse(feed.content).entries
            assert entry.title == "Verkhny Lars: Closed into Georgia" and entry.link.startswith("https://board.example")
            again = httpx.get(str(feed.url), headers={"If-None-Match": feed.headers["etag"]})
            assert again.status_code == 304
        finally:
            board.send_signal(signal.SIGINT)
            assert board.wait(30) == 0
        assert len(server.taken) == 1


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.HTTPError:
        return False
