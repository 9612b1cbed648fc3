"""What a board takes: bytes of the wheel and of what it needs, memory and disk with the archive, seconds to start.

`python -m bench.deploy`; `--write` puts the table into docs/deploy.md. The wheel is built and installed into an
environment of its own, as a volunteer would; a package registry is needed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

from bench import ROOT, write_block

PAGE = ROOT / "docs" / "deploy.md"
MEGA = 1_000_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        text = measure(Path(folder))
    print(text)
    if "--write" in sys.argv:
        write_block(PAGE, "bench.deploy", text)


def measure(folder: Path) -> str:
    wheel = build_wheel(folder)
    python = install(wheel, folder)
    home = folder / "home"
    rows = [("the wheel", f"{wheel.stat().st_size / MEGA:.1f} MB"),
            ("installed, with all it needs", f"{size_of(folder / 'env') / MEGA:,.0f} MB")]  # fmt: skip
    rows += board(python, home, "first start: load the archive, fuse it, serve the board")
    rows += board(python, home, "every later start")
    kept = sum(file.stat().st_size for file in home.glob("verst.db*"))
    rows.append(("the store of the bundled archive", f"{kept / MEGA:.1f} MB"))
    return "\n".join(["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows)])


def build_wheel(folder: Path) -> Path:
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True,
                   capture_output=True)  # fmt: skip
    return next(folder.glob("*.whl"))


def install(wheel: Path, folder: Path) -> Path:
    env = folder / "env"
    subprocess.run([sys.executable, "-m", "venv", env], check=True)
    uv = Path(sys.executable).parent / "uv"
    subprocess.run([uv, "pip", "install", "--quiet", "--python", env / "bin" / "python", wheel], check=True)
    return env / "bin" / "python"


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def board(python: Path, home: Path, name: str) -> list[tuple[str, str]]:
    """Seconds until the first page, and the most memory until then and after a few pages."""
    begun = time.perf_counter()
    words = [python.parent / "verst", "up", "--port", "0", "--json"]
    process = subprocess.Popen(words, env=os.environ | {"VERST_HOME": str(home)}, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        for path in ("/", "/r/all", "/c/verkhny-lars", "/m/caucasus"):
            wait_for(f"{url}{path}")
        seconds = time.perf_counter() - begun
        memory = psutil.Process(process.pid).memory_info().rss
    finally:
        process.terminate()
        process.wait(30)
    return [(name, f"{seconds:.0f} s"), ("its memory then", f"{memory / MEGA:,.0f} MB")]


def wait_for(url: str) -> None:
    for _ in range(1200):
        try:
            urllib.request.urlopen(url, timeout=60).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)


if __name__ == "__main__":
    main()
