"""Apps over the small world of `world`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from starlette.testclient import TestClient

from tests.web.fake import FakeStore
from tests.web.world import NOON, full_store, kinds, region
from verst.web import make_app


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright leaves an event loop running, in which no other test could start one."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


def client_for(store: FakeStore, count: int = 4, **more: object) -> TestClient:
    """A client of a board over ``store``, a minute past noon."""
    clock = more.pop("clock", lambda: NOON + timedelta(minutes=1))
    app = make_app(store, [region(count)], kinds(), clock=clock, **more)  # type: ignore[arg-type]
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def full() -> Iterator[TestClient]:
    with client_for(full_store()) as client:
        yield client


@pytest.fixture
def empty() -> Iterator[TestClient]:
    with client_for(FakeStore()) as client:
        yield client


def words_of(answer: httpx.Response) -> str:
    """The visible words of a page, one space between them."""
    from selectolax.lexbor import LexborHTMLParser as HTMLParser

    tree = HTMLParser(answer.text)
    for node in tree.css("style, script"):
        node.decompose()
    return " ".join(tree.body.text(separator=" ").split())  # type: ignore[union-attr]
