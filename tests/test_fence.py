"""What a process inside the fence can do: each of these is tried there, whatever code runs in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from verst.fence import close_in

TRY = """
import os, socket, sys
from pathlib import Path
from verst.fence import close_in
held = close_in(memory=1 << 30, seconds=2, readable=[Path({readable!r})])
os.write(1, (" ".join(held) + "\\n").encode())
try:
    {code}
except (OSError, MemoryError, RuntimeError) as error:
    os.write(1, type(error).__name__.encode())
else:
    os.write(1, b"it could")
"""
REFUSED = {
    "read another file": "Path({secret!r}).read_bytes()",
    "list another folder": "os.listdir(Path({secret!r}).parent)",
    "write a file": "Path({secret!r}).with_name('new').write_bytes(b'x')",
    "write over a file": "os.open({secret!r}, os.O_WRONLY)",
    "take a file away": "os.unlink({secret!r})",
    "rename a file": "os.rename({secret!r}, {secret!r} + '2')",
    "close a file to others": "os.chmod({secret!r}, 0o777)",
    "make a folder": "os.mkdir({secret!r} + 'd')",
    "open a socket": "socket.socket()",
    "open a local socket": "socket.socketpair()",
    "begin a process": "os.fork()",
    "run a program": "os.execv('/bin/true', ['true'])",
    "begin a thread": "__import__('threading').Thread(target=print).start()",
    "end another process": "os.kill(os.getppid(), 0)",
    "take much memory": "bytearray(2 << 30)",
}
linux = pytest.mark.skipif(sys.platform != "linux", reason="the rest of the fence is Linux's own")


def run(code: str, readable: Path) -> subprocess.CompletedProcess[str]:
    told = TRY.format(code=code, readable=str(readable))
    return subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, timeout=60)


@linux
@pytest.mark.parametrize("what", REFUSED)
def test_inside_nobody_can(what: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("words")
    lent = tmp_path / "lent"
    lent.mkdir()
    done = run(REFUSED[what].format(secret=str(secret)), lent)
    held, _, became = done.stdout.partition("\n")
    assert held == "memory seconds files calls", done.stderr
    assert became in ("PermissionError", "MemoryError", "RuntimeError"), done
    assert secret.read_text() == "words" and sorted(tmp_path.iterdir()) == [lent, secret]


@linux
@pytest.mark.parametrize(
    "code",
    ["Path({lent!r}).read_bytes()", "__import__('csv')", "__import__('zoneinfo').ZoneInfo('Asia/Tbilisi')"],
    ids=["what was lent", "the library", "time zones"],
)
def test_inside_it_goes_on_running(code: str, tmp_path: Path) -> None:
    lent = tmp_path / "lent"
    lent.write_text("words")
    assert run(code.format(lent=str(lent)), lent).stdout.endswith("it could")


@linux
def test_who_takes_too_long_is_ended(tmp_path: Path) -> None:
    done = run("any(False for _ in iter(int, 1))", tmp_path)
    assert done.returncode < 0 and "it could" not in done.stdout


def test_the_fence_is_not_around_us() -> None:
    assert callable(close_in)
    assert os.access(__file__, os.R_OK)
