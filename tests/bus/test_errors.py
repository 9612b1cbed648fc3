"""What cannot be reached is said in words, without the address, and with the exit code of its kind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests import postgres
from tests.bus import world
from tests.servers import free_port
from verst.bus import POSTS, Item, open_bus
from verst.bus.memory import MemoryBus
from verst.doctor import check_bus
from verst.errors import BusError, BusFull

SECRET = "s3cret-of-the-bus"


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "VERST_HOME": str(home)}
    return subprocess.run([world.VERST, *words], env=env, capture_output=True, text=True, check=False, timeout=60)


def test_a_bus_that_cannot_be_reached(tmp_path: Path) -> None:
    address = f"nats://anna:{SECRET}@127.0.0.1:{free_port()}"
    done = run(tmp_path, "work", "read", "--bus", address)
    assert done.returncode == 8, done.stderr
    assert "cannot be reached; see that the server runs" in done.stderr and SECRET not in done.stderr
    assert run(tmp_path, "work", "fuse").returncode == 2, "no bus is named"
    inside = run(tmp_path, "up", "--bus", "memory://here", "--no-demo")
    assert inside.returncode == 2 and "reaches no other process" in inside.stderr


def test_a_store_that_cannot_be_reached(nats_server: str, tmp_path: Path) -> None:
    url = f"postgresql://anna:{SECRET}@127.0.0.1:{free_port()}/verst"
    done = run(tmp_path, "work", "fuse", "--bus", f"{nats_server}/nostore", "--store", url)
    assert done.returncode == 6, done.stderr
    assert "the PostgreSQL store cannot be reached" in done.stderr and SECRET not in done.stderr


def test_a_server_that_keeps_nothing_or_does_not_know_us(tmp_path: Path) -> None:
    with world.broker(tmp_path, "--user", "anna", "--pass", SECRET) as found:
        host = found.address.removeprefix("nats://")
        with pytest.raises(BusError, match="no JetStream"):
            open_bus(f"nats://anna:{SECRET}@{host}")
        with pytest.raises(BusError, match="does not know this name") as said:
            open_bus(f"nats://anna:wrong-{SECRET}@{host}")
        assert SECRET not in str(said.value)


def test_a_worker_waits_for_a_bus_that_went_away_and_ends_when_told_to(tmp_path: Path) -> None:
    with world.broker(tmp_path / "nats") as found:
        with world.working("read", f"sqlite:///{tmp_path}/verst.db", found.address, tmp_path / "home") as (reader,):
            log = tmp_path / "home" / "read.log"
            world.soon(lambda: "begun" in log.read_text())
            found.kill()
            world.soon(lambda: "it is tried again" in log.read_text())
            found.start()
            world.soon(lambda: "reached again" in log.read_text())
            reader.send_signal(signal.SIGINT)
            begun = time.monotonic()
            assert reader.wait(world.DEADLINE) == 0 and time.monotonic() - begun < 20
        assert log.read_text().count("tried again") == 1, "it is said once"


def test_the_doctor_looks_at_the_bus(nats_server: str) -> None:
    well, ill = check_bus(f"{nats_server}/doctor"), check_bus(f"nats://anna:{SECRET}@127.0.0.1:{free_port()}")
    assert well.ok and well.found == "reached; 0 posts wait to be read"
    assert not ill.ok and "check the address" in ill.do and SECRET not in ill.found + ill.do


def test_a_full_bus_says_so() -> None:
    bus = MemoryBus(most=3)
    with pytest.raises(BusFull):
        bus.put(POSTS, [Item(0, f"i{n}", b"") for n in range(5)])
    assert bus.waiting(POSTS) == 3


def test_who_is_sole_in_a_database_waits_for_steps(server: postgres.Server) -> None:
    from verst.store import open_store

    store = open_store(server.new())
    with store.beside(), store.beside():
        pass
    with store.sole():
        pass
    store.close()
