"""Listening to a real server on loopback: politely, each ear alone, nothing twice, and silence is noticed."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.work.child import FigureReader
from verst.errors import BadSetting
from verst.model import Skipped
from verst.outputs.reaching import Answer, Unreachable
from verst.reading.reader import Reader
from verst.sources import Door
from verst.store import Store, open_store
from verst.work.ears import Ear, read_ears
from verst.work.fetching import LARGEST, fetch
from verst.work.listening import Heard, Round, listen_round, recall, silence

NOON = datetime(2022, 9, 24, 12, tzinfo=UTC)
ITEM = "<item><guid>{n}</guid><title>Lars: {n} hours</title><pubDate>Sat, 24 Sep 2022 {n:02}:00:00 GMT</pubDate></item>"


def rss(*numbers: int) -> bytes:
    items = "".join(ITEM.format(n=number) for number in numbers)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()


@dataclass
class Site:
    """What a server on loopback says next, and what it was asked."""

    address: str = ""
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def site() -> Iterator[Site]:
    told = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append({name.lower(): value for name, value in self.headers.items()} | {"path": self.path})
            etag = told.headers.get("ETag")
            status = 304 if etag and self.headers.get("If-None-Match") == etag and told.status == 200 else told.status
            self.send_response(status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            body = b"" if status == 304 else told.body
            self.send_header("Content-Length", str(len(body) + 1000 * told.cut))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    yield opened
    opened.close()


def ear(site: Site, name: str = "site", path: str = "/feed") -> Ear:
    return Ear(name=name, url=site.address + path, allow_private=True)


def ask(store: Store, *ears: Ear, at: datetime = NOON, skipped: list[Skipped] | None = None) -> Round:
    note = (skipped if skipped is not None else []).append
    return listen_round(ears, store, Door(b"k" * 32), FigureReader(), at=at, fetch=fetch, dice=Random(1), on_skip=note)


def test_what_is_new_is_kept_once_however_it_is_ordered_and_however_often_it_comes(site: Site, store: Store) -> None:
    site.body = rss(2, 1)
    assert ask(store, ear(site)).new == {"site": 2}
    site.body = rss(3, 1, 2, 2)
    assert ask(store, ear(site), at=NOON + timedelta(hours=1)).new == {"site": 1}
    assert len(list(store.reports())) == 3


def test_it_asks_only_when_due_and_only_for_what_changed(site: Site, store: Store) -> None:
    site.body, site.headers = rss(1), {"ETag": '"a"', "Last-Modified": "Sat, 24 Sep 2022 10:00:00 GMT"}
    ask(store, ear(site))
    ask(store, ear(site), at=NOON + timedelta(minutes=5))
    assert len(site.asked) == 1
    told = ask(store, ear(site), at=NOON + timedelta(minutes=13))
    assert len(site.asked) == 2 and told.new == {} and told.faults == {}
    assert site.asked[1]["if-none-match"] == '"a"' and "if-modified-since" in site.asked[1]


def test_a_site_that_fails_is_asked_later_and_later_and_when_it_says(site: Site, store: Store) -> None:
    site.status, at, waits = 503, NOON, []
    for _ in range(12):
        assert ask(store, ear(site), at=at).faults == {"site": "HTTP 503"}
        due = recall(store, ear(site)).due
        assert due is not None
        waits.append(due - at)
        at = due
    assert waits[0] > timedelta(minutes=15) and waits[3] > 2 * waits[0] and max(waits) < timedelta(hours=7.3)
    site.status, site.headers = 429, {"Retry-After": "21000"}
    ask(store, ear(site), at=at)
    assert recall(store, ear(site)).due == at + timedelta(seconds=21000)
    site.status, site.headers, site.body = 200, {}, rss(1)
    assert ask(store, ear(site), at=at + timedelta(hours=7)).new == {"site": 1}
    assert recall(store, ear(site)).failures == 0


def test_one_that_fails_costs_the_others_nothing(site: Site, store: Store) -> None:
    site.body = rss(1)
    gone = Ear(name="gone", url="http://127.0.0.1:9", allow_private=True)
    told = ask(store, gone, ear(site), Ear(name="private", url=site.address))
    assert told.new == {"site": 1} and set(told.faults) == {"gone", "private"}
    assert "not public" in told.faults["private"] and site.address not in str(told.faults)


def test_an_answer_cut_off_or_too_long_keeps_nothing_and_is_asked_again(site: Site, store: Store) -> None:
    site.body, site.cut = rss(1), True
    assert "no answer" in ask(store, ear(site)).faults["site"] and not store.span()
    site.cut, site.body = False, b" " * (LARGEST + 1)
    assert "MB" in ask(store, ear(site), at=NOON + timedelta(days=1)).faults["site"]


def test_a_redirect_into_a_private_network_is_not_followed(site: Site) -> None:
    site.status, site.headers = 302, {"Location": "http://127.0.0.1:1/secret"}
    with pytest.raises(Unreachable):
        fetch(site.address, {}, allow_private=False)
    assert site.asked == []
    site.headers = {"Location": f"{site.address}/loop"}
    with pytest.raises(Unreachable, match="redirects"):
        fetch(site.address, {}, allow_private=True)


@pytest.mark.parametrize("place", ["ftp://example.org/x", "http://a:b@example.org/", "http://[", "file:///etc/passwd"])
def test_a_redirect_to_no_address_costs_only_its_ear(site: Site, store: Store, place: str) -> None:
    site.status, site.headers = 302, {"Location": place}
    told = ask(store, ear(site), Ear(name="gone", url="http://127.0.0.1:9", allow_private=True))
    assert set(told.faults) == {"site", "gone"} and "redirect" in told.faults["site"]


def test_what_could_not_be_read_is_asked_for_again_whole(site: Site, store: Store) -> None:
    site.body, site.headers = b'{"version": "https://jsonfeed.org/version/1.1", "items": [', {"ETag": '"a"'}
    assert ask(store, ear(site)).new == {"site": 0}
    site.body = rss(1)
    assert ask(store, ear(site), at=NOON + timedelta(hours=1)).new == {"site": 1}
    assert "if-none-match" not in site.asked[1]


def test_what_cannot_be_read_is_told_and_costs_nothing_else(site: Site, store: Store) -> None:
    site.body, skipped = rss(1).replace(b"</item>", b"</item><item><title>no date</title></item>"), list[Skipped]()
    assert ask(store, ear(site), skipped=skipped).new == {"site": 1}
    assert [item.file for item in skipped] == ["listen:site"]


def test_a_silence_that_is_not_usual_is_noticed() -> None:
    chatty = Heard(newest=NOON, gaps=(180.0,) * 8)
    assert silence(chatty, NOON + timedelta(minutes=119)) is None
    assert silence(chatty, NOON + timedelta(hours=2)) == (timedelta(hours=2), timedelta(minutes=3))
    daily = Heard(newest=NOON, gaps=(86_400.0,) * 8)
    assert silence(daily, NOON + timedelta(days=3)) is None
    assert silence(Heard(newest=NOON, gaps=(180.0,) * 2), NOON + timedelta(days=9)) is None and not silence(
        Heard(), NOON
    )


def test_how_long_an_ear_is_usually_silent_is_learnt_from_when_posts_were_posted(site: Site, store: Store) -> None:
    """Not from when it was asked: posts that came together were still an hour apart."""
    site.body = rss(1, 3, 2)
    ask(store, ear(site))
    assert recall(store, ear(site)).gaps == (3600.0, 3600.0)
    site.body = rss(*range(1, 9))
    ask(store, ear(site), at=NOON + timedelta(hours=1))
    heard = recall(store, ear(site))
    assert heard.gaps == (3600.0,) * 7 and heard.newest == NOON - timedelta(hours=4)
    assert silence(heard, NOON) is None and silence(heard, NOON + timedelta(hours=7)) is not None


def test_a_post_dated_ahead_makes_no_ear_seem_lively(site: Site, store: Store) -> None:
    site.body = rss(1, 23)
    ask(store, ear(site))
    assert recall(store, ear(site)).newest == NOON - timedelta(hours=11)


def test_the_store_is_free_while_an_ear_is_waited_for(site: Site, store: Store) -> None:
    site.body = rss(1)
    free: list[bool] = []

    def slow(*told: Any, **more: Any) -> Answer:
        with store.sole():
            free.append(True)
        return fetch(*told, **more)

    told = listen_round([ear(site)], store, Door(b"k" * 32), FigureReader(), at=NOON, fetch=slow, dice=Random(1),
                        on_skip=lambda _: None)  # fmt: skip
    assert free == [True] and told.new == {"site": 1}


def test_counts_at_an_address_are_read_by_a_mapping(site: Site, store: Store, tmp_path: Path) -> None:
    mapping = tmp_path / "counts.toml"
    mapping.write_text(
        '[table]\nrecords = "crossings"\ntime_column = "updated"\ntime_format = "unix"\ntitle = "Queues"\n'
        'official = true\ncrossing_column = "id"\nvalue_column = "queue.cars"\nkind = "queue_count"\nmode = "car"\n',
        encoding="utf-8",
    )
    row = '{{"id": "{}", "updated": {}, "queue": {{"cars": {}}}}}'
    crossings = ("shehyni-medyka", 40), ("krakovets-korczowa", 15)
    site.body = ('{"crossings": [' + ", ".join(row.format(id_, 1664017200, n) for id_, n in crossings) + "]}").encode()
    counts = Ear(name="counts", url=site.address, source="json_table", mapping=mapping, allow_private=True)
    told = listen_round([counts], store, Door(b"k" * 32), Reader.load(), at=NOON, fetch=fetch, dice=Random(1),
                        on_skip=lambda item: pytest.fail(item.what))  # fmt: skip
    assert told.new == {"counts": 2}
    claims = {(report.claim.crossing, report.claim.kind, report.claim.value) for report in store.reports()}
    assert claims == {("shehyni-medyka", "queue_count", 40.0), ("krakovets-korczowa", "queue_count", 15.0)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "nothing to listen to"),
        ("[[ear]]\n", "ear 1: no name"),
        ('[[ear]]\nname = "a"\nurl = "ftp://secret.example"\n', "ear 1, url"),
        ('[[ear]]\nname = "a"\nurl = "https://x.example"\nsource = "radio"\n', "ear 1, source"),
        ('[[ear]]\nname = "a"\nurl = "https://x.example"\nminutes = 0\n', "ear 1, minutes"),
        ('[[ear]]\nname = "a"\nurl = "https://x.example"\nminutes = "5"\n', "'minutes'"),
        ('[[ear]]\nname = "a"\nurl = "https://x.example"\nmapping = "no.toml"\n', "ear 1, mapping"),
        (
            '[[ear]]\nname = "a"\nurl = "https://x.example"\n[[ear]]\nname = "a"\nurl = "https://y.example"\n',
            "two ears",
        ),
        ("loud = 1\n", "'loud'"),
        ("[[ear\n", "line 1"),
    ],
)
def test_a_file_that_is_wrong_says_where_and_repeats_no_address(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "verst.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadSetting) as caught:
        read_ears(file)
    assert told in str(caught.value) and ";" in str(caught.value) and "secret" not in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="nothing to listen to"):
        read_ears(tmp_path / "verst.toml")


def test_the_command_asks_once_and_shows_how_each_was_heard(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from verst.cli import app

    site.body = rss(1, 2)
    monkeypatch.setenv("VERST_HOME", str(tmp_path))
    (tmp_path / "verst.toml").write_text(
        f'allow_private = true\n[[ear]]\nname = "one"\nurl = "{site.address}/feed"\n', encoding="utf-8"
    )
    said = CliRunner().invoke(app, ["listen", "--once"])
    assert said.exit_code == 0 and "one: 2 new" in said.output and site.address not in said.output
    shown = CliRunner().invoke(app, ["listen", "--show"])
    assert re.search(r"one: last new post \d+ h ago", shown.output)


def test_an_answer_that_breaks_its_source_costs_no_other_ear(
    site: Site, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    import verst.work.listening as listening

    real = listening.read_bytes

    def fragile(data: bytes, name: str, *told: Any, **more: Any) -> Any:
        yield from real(data, name, *told, **more)
        if name == "listen:bad":
            raise RuntimeError("words of a post")

    monkeypatch.setattr(listening, "read_bytes", fragile)
    site.body, skipped = rss(1), []
    told = ask(store, ear(site, "bad"), ear(site, "good"), skipped=skipped)
    assert told.new["bad"] == 1 and "good" in told.new
    assert any("RuntimeError" in item.what and "words" not in item.what for item in skipped)
