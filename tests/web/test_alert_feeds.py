"""Feeds of crossings and regions and CAP documents, as the board serves them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin

import feedparser  # type: ignore[import-untyped]
import pytest
from lxml import etree
from starlette.testclient import TestClient

from tests.alerts.scenes import at, closed, find, opened
from tests.outputs.test_cap import SCHEMA
from tests.telling.desk import many
from tests.web.conftest import client_for
from tests.web.world import NOON, kinds, region
from verst.notices import Alert
from verst.store import Store, open_store, outbox_of
from verst.web import make_app
from verst.web.publish import Published, publish

SHUT = find([opened(-300)], [closed(0)])
BACK = find([opened(-300)], [opened(40)], 40, told=SHUT)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened_store = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    yield opened_store
    opened_store.close()


def board(store: Store, *alerts: Alert, address: str | None = "https://board.example") -> TestClient:
    outbox_of(store).accept([(alert, []) for alert in alerts], NOON)
    clock = lambda: NOON + timedelta(hours=1)  # noqa: E731
    return TestClient(make_app(store, [region()], kinds(), clock=clock, address=address))


@pytest.mark.parametrize("form", ["atom", "rss"])
@pytest.mark.parametrize("path", ["/c/verkhny-lars", "/r/russia", "/r/all"])
def test_a_feed_tells_each_alert_once_with_where_to_read_more(store: Store, path: str, form: str) -> None:
    client = board(store, *SHUT)
    told = client.get(f"{path}/feed.{form}?lang=ru")
    assert told.status_code == 200 and told.headers["content-type"] == f"application/{form}+xml; charset=utf-8"
    found = feedparser.parse(told.content)
    assert not found.bozo and found.version == {"atom": "atom10", "rss": "rss20"}[form]
    (entry,) = found.entries
    assert entry.title == "Верхний Ларс: Закрыто в Грузию" and entry.id == f"urn:verst:alert:{SHUT[0].id}"
    assert entry.link == "https://board.example/c/verkhny-lars?lang=ru"
    assert "Основание: 5 голосов" in entry.summary and found.feed.language == "ru"
    assert client.get(f"{path}/feed.{form}?lang=ru", headers={"If-None-Match": told.headers["etag"]}).status_code == 304


def test_what_was_taken_back_says_so_in_both_entries(store: Store) -> None:
    found = feedparser.parse(board(store, *SHUT, *BACK).get("/c/verkhny-lars/feed.atom").content)
    assert [entry.title for entry in found.entries] == [
        "Verkhny Lars: Taken back: Closed into Georgia",
        "Taken back: Verkhny Lars: Closed into Georgia",
    ]
    assert found.entries[1].updated == "2022-09-24T09:40:00Z" and found.entries[1].published == "2022-09-24T09:00:00Z"
    assert len({entry.id for entry in found.entries}) == 2


def test_an_empty_feed_is_no_all_clear(store: Store) -> None:
    for client in (board(store), client_for_fake()):
        found = feedparser.parse(client.get("/c/verkhny-lars/feed.atom").content)
        assert not found.bozo and found.entries == [] and "does not mean that all is well" in found.feed.subtitle


def client_for_fake() -> TestClient:
    from tests.web.world import full_store

    return client_for(full_store())


def read_through(client: TestClient, address: str) -> list[str]:
    """Every entry's id, from the newest page to the oldest, as a reader follows the links."""
    found: list[str] = []
    while address:
        feed = feedparser.parse(client.get(address.removeprefix("https://board.example")).content)
        found += [entry.id for entry in feed.entries]
        address = next((link.href for link in feed.feed.links if link.rel == "next"), "")
    return found


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_a_flood_is_read_whole_and_once_while_more_comes_in(store: Store, form: str) -> None:
    flood = many(450)
    client = board(store, *reversed(flood[:300]))
    read = read_through(client, f"/c/verkhny-lars/feed.{form}?lang=en")
    assert read == [f"urn:verst:alert:{alert.id}" for alert in reversed(flood[:300])]
    outbox_of(store).accept([(alert, []) for alert in (*flood[250:], *flood[:20])], NOON)
    more = read_through(client, f"/c/verkhny-lars/feed.{form}?lang=en")
    assert len(more) == len(set(more)) == 450 and set(read) < set(more)
    assert client.get(f"/c/verkhny-lars/feed.{form}?page=0").status_code == 400
    assert client.get(f"/c/verkhny-lars/feed.{form}?page=99").status_code == 200


def test_a_feed_of_another_crossing_does_not_tell_it_and_wrong_addresses_say_so(store: Store) -> None:
    client = board(store, *SHUT)
    assert b"<entry>" not in client.get("/c/ozinki-taskala/feed.atom").content
    for path in ("/c/nowhere/feed.atom", "/r/nowhere/feed.rss", "/c/verkhny-lars/feed.xml", "/alerts/00.cap"):
        assert client.get(path).status_code == 404, path


def test_pages_lead_to_their_feeds(store: Store) -> None:
    client = board(store)
    for path in ("/c/verkhny-lars", "/r/russia"):
        head = client.get(f"{path}?lang=uk").text.partition("</head>")[0]
        for form in ("atom", "rss"):
            assert f'type="application/{form}+xml"' in head and f'href="{path}/feed.{form}?lang=uk"' in head


def test_each_alert_is_a_valid_cap_document_and_its_retraction_cancels_it(store: Store) -> None:
    client = board(store, *SHUT, *BACK)
    feed = feedparser.parse(client.get("/r/all/feed.atom").content)
    for entry in feed.entries:
        address = next(link.href for link in entry.links if link.type == "application/cap+xml")
        told = client.get(address.removeprefix("https://board.example"))
        assert told.headers["content-type"] == "application/cap+xml"
        SCHEMA.assertValid(etree.fromstring(told.content))
    cancel = ET.fromstring(client.get(f"/alerts/{BACK[0].id}.cap").content)
    references = cancel.findtext("{urn:oasis:names:tc:emergency:cap:1.2}references")
    assert references == f"board.example,{SHUT[0].id},2022-09-24T09:00:00-00:00"


def test_without_a_public_address_links_are_as_the_request_came(store: Store) -> None:
    found = feedparser.parse(board(store, *SHUT, address=None).get("/c/verkhny-lars/feed.rss").content)
    assert found.entries[0].link.startswith("http://testserver/c/verkhny-lars") and at(0) == NOON


def put_out(folder: Path, store: Store, address: str | None, *alerts: Alert, minutes: float = 60) -> Published:
    outbox_of(store).accept([(alert, []) for alert in alerts], NOON)
    return publish(folder, store, [region()], kinds(), clock=lambda: NOON + timedelta(minutes=minutes), address=address)


@pytest.mark.parametrize("form", ["atom", "rss"])
@pytest.mark.parametrize("address", [None, "https://mirror.example/verst/"])
def test_published_feeds_lead_to_published_files(store: Store, tmp_path: Path, address: str | None, form: str) -> None:
    folder = tmp_path / "out"
    put_out(folder, store, address, *SHUT, *BACK)
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    for place in ("c/verkhny-lars", "r/russia", "r/all"):
        name = f"ru/{place}/feed.{form}"
        root = etree.fromstring((folder / name).read_bytes())
        links = [node.get("href") or node.text for node in root.iter() if etree.QName(node).localname == "link"]
        assert len(links) >= 4
        for link in links:
            here = link.removeprefix("https://mirror.example/verst/") if address else urljoin(name, link)
            assert here in names, f"{name}: {link}"
            assert address is None or link.startswith("https://mirror.example/verst/ru/") or link.endswith(".cap")
    found = feedparser.parse((folder / f"en/c/verkhny-lars/feed.{form}").read_bytes())
    assert [entry.id for entry in found.entries] == [f"urn:verst:alert:{alert.id}" for alert in (*BACK, *SHUT)]
    SCHEMA.assertValid(etree.fromstring((folder / f"alerts/{SHUT[0].id}.cap").read_bytes()))


def test_only_feeds_of_what_a_new_alert_is_about_are_written(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    put_out(folder, store, None, *SHUT)
    assert put_out(folder, store, None).written == 0
    before = {path: path.read_bytes() for path in folder.rglob("feed.*")}
    put_out(folder, store, None, *BACK)
    changed = {str(path.relative_to(folder)) for path, body in before.items() if path.read_bytes() != body}
    assert "en/c/verkhny-lars/feed.atom" in changed and "ar/r/all/feed.rss" in changed
    assert not [name for name in changed if "/c/" in name and "verkhny-lars" not in name]


def test_a_published_flood_is_read_whole_over_its_files_and_goes_when_it_is_old(store: Store, tmp_path: Path) -> None:
    folder, flood = tmp_path / "out", many(250)
    put_out(folder, store, None, *flood)
    name, read = "en/c/verkhny-lars/feed.atom", []
    while name:
        feed = feedparser.parse((folder / name).read_bytes())
        read += [entry.id for entry in feed.entries]
        older = next((link.href for link in feed.feed.links if link.rel == "next"), "")
        name = urljoin(name, older) if older else ""
    assert len(read) == len(set(read)) == 250
    put_out(folder, store, None, minutes=60 * 24 * 60)
    assert not list(folder.rglob("*.cap*")) and not list(folder.rglob("feed.2.*")) and not (folder / "alerts").exists()


def test_the_live_board_gives_published_feeds_under_the_same_names(store: Store, tmp_path: Path) -> None:
    folder, address = tmp_path / "out", "https://board.example"
    client = board(store, *SHUT, address=address)
    put_out(folder, store, address)
    for name in ("uk/c/verkhny-lars/feed.atom", "en/r/all/feed.rss", f"alerts/{SHUT[0].id}.cap"):
        told = client.get(f"/{name}")
        assert told.status_code == 200 and told.content == (folder / name).read_bytes(), name
    for name in ("uk/c/verkhny-lars/feed.2.atom", "uk/c/nowhere/feed.atom", "fi/r/all/feed.rss", "en/c/x/y/feed.atom"):
        assert client.get(f"/{name}").status_code == 404, name
