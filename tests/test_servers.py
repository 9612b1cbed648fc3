"""The real PostgreSQL and NATS start here, answer, and are gone afterwards."""

from __future__ import annotations

import socket
import subprocess
from urllib.parse import urlsplit

import pytest

from tests import servers


def test_postgres_keeps_a_row() -> None:
    with servers.postgres() as address:
        said = subprocess.run(
            [
                str(servers.psql()),
                address,
                "-XAtc",
                "create table t(a int); insert into t values (41); select a+1 from t",
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        assert said.stdout.split()[-1] == "42"
    with pytest.raises(OSError):
        _connect(address)


def test_nats_passes_a_message_on() -> None:
    with servers.nats() as address, _connect(address) as line:
        talk = line.makefile("rwb")
        assert b'"jetstream":true' in talk.readline()
        talk.write(b'CONNECT {"verbose":false}\r\nSUB verst 1\r\nPUB verst 5\r\nLarsi\r\nPING\r\n')
        talk.flush()
        assert [talk.readline().strip() for _ in range(3)] == [b"MSG verst 1 5", b"Larsi", b"PONG"]
    with pytest.raises(OSError):
        _connect(address)


def _connect(address: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urlsplit(address).port or 0), timeout=10)
