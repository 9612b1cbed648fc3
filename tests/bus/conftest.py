"""A NATS server for as long as the tests of the bus last; each test has a prefix of its own on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests import postgres, servers
from verst.bus import Bus, open_bus

_numbers = count(1)


@pytest.fixture(scope="session")
def nats_server() -> Iterator[str]:
    """The address of a NATS server with JetStream."""
    with servers.nats() as address:
        yield address


@pytest.fixture(params=["memory", "nats"])
def bus_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty bus. A new kind joins by its address here."""
    number = next(_numbers)
    return f"memory://{number}" if request.param == "memory" else f"{request.getfixturevalue('nats_server')}/t{number}"


@pytest.fixture
def open_one(bus_url: str) -> Iterator[Callable[[], Bus]]:
    """Opens the bus, again for each process that there would be."""
    opened: list[Bus] = []

    def open_again() -> Bus:
        opened.append(open_bus(bus_url))
        return opened[-1]

    yield open_again
    for bus in opened:
        bus.close()


@pytest.fixture
def bus(open_one: Callable[[], Bus]) -> Bus:
    """An empty bus."""
    return open_one()


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL server, as long as the tests of the bus last."""
    with postgres.server() as found:
        yield found
