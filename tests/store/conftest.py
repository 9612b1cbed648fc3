"""Every engine, each test with an empty store of its own. A new engine joins by an address in ``OPENERS``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import postgres
from verst.store import Store, engines, open_store

OPENERS: dict[str, Callable[[pytest.FixtureRequest, Path], str]] = {
    "sqlite": lambda _, folder: f"sqlite:///{folder / 'verst.db'}",
    "postgresql": lambda request, _: request.getfixturevalue("server").new(),
}


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL server, as long as the tests of stores last."""
    with postgres.server() as found:
        yield found


@pytest.fixture(params=sorted(engines()))
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    return OPENERS[request.param](request, tmp_path)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(url)
    yield opened
    opened.close()
