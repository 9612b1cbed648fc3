"""Requests a second for the published board from one core of nginx: `python -m bench.static [SECONDS]`.

The bundled archive's board as `verst publish` writes it, served as deploy/nginx-files.conf says by one worker that has
a core to itself; wrk asks from the other, over 64 connections: for a packed page, for data, and for a page that it has
already (304). Beside it a bare uvloop server gives the same bytes from memory. Requests are told by the clock, and by
second of the server's processor time, which other work on the machine does not change. Both programs are those of the
system: apt-get install nginx wrk. ``--write`` puts the table into docs/scale.md.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import psutil

from bench import ROOT, markdown, write_block
from bench.serve import free_port
from verst.cli.serving import load_demo
from verst.geography import load_kinds, load_regions
from verst.store import open_store
from verst.web.publish import publish

PAGE = ROOT / "docs" / "scale.md"
CONF = ROOT / "deploy" / "nginx-files.conf"
SECONDS, CONNECTIONS = 10.0, 64
SERVER, CLIENT = {0}, {1}  # the cores of each
ASKED = (
    ("the board, packed", "en/index.html", False),
    ("one crossing, packed", "ru/c/verkhny-lars.html", False),
    ("all crossings as data, packed", "api/crossings.json", False),
    ("the board, unchanged (304)", "en/index.html", True),
)
WHOLE = """
worker_processes 1; daemon off; pid {at}/nginx.pid; error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
    client_body_temp_path {at}/body; proxy_temp_path {at}/proxy; fastcgi_temp_path {at}/fastcgi;
    uwsgi_temp_path {at}/uwsgi; scgi_temp_path {at}/scgi;
    {server}
}}
"""


def main() -> None:
    for program in ("nginx", "wrk"):
        if shutil.which(program) is None:
            print(f"bench.static: {program} is not here; apt-get install nginx wrk")
            return
    seconds = float(next((word for word in sys.argv[1:] if word.replace(".", "").isdigit()), SECONDS))
    with tempfile.TemporaryDirectory() as folder:
        text = measure(Path(folder), seconds)
    print(text)
    if "--write" in sys.argv:
        write_block(PAGE, "bench.static", text)


def measure(folder: Path, seconds: float) -> str:
    files = folder / "files"
    with closing(open_store(f"sqlite:///{folder}/verst.db")) as store:
        load_demo(store)
        publish(files, store, load_regions(), load_kinds())
    rows = []
    with served(folder, files) as address:
        server = next(each for each in psutil.process_iter(["cmdline"]) if is_worker(each, folder))
        for name, path, known in ASKED:
            answer, tag = fetch(f"{address}/{path}")
            header = [f"If-None-Match: {tag}"] if known else []
            here = load(server, f"{address}/{path}", seconds, header)
            size = len(answer) if not known else 0
            with bare(files / f"{path}.gz", known) as (other, where):
                limit = load(other, where, seconds, [])
            rows.append((name, f"{size:,}", *(f"{rate:,.0f}" for rate in (*here, *limit)), f"{here[1] / limit[1]:.2f}"))
    head = ("asked for", "bytes", "a second", "a CPU second", "bare, a second", "bare, a CPU second", "ratio")
    return markdown(head, rows) + (
        f"\nnginx with one worker, {CONNECTIONS} connections, {seconds:g} s each; load of the machine "
        f"{os.getloadavg()[0]:.0f} on {os.cpu_count()} cores. Ratio by CPU second.\n"
    )


@contextmanager
def served(folder: Path, files: Path) -> Iterator[str]:
    """nginx over a folder of files as deploy/ sets it up, on loopback; gives its address."""
    port = free_port()
    server = CONF.read_text(encoding="utf-8").replace("listen 8082", f"listen 127.0.0.1:{port}")
    server = server.replace("/var/lib/verst-files", str(files)).replace("/var/log/nginx/verst.log", "stderr")
    conf = folder / "nginx.conf"
    conf.write_text(WHOLE.format(at=folder, server=server), encoding="utf-8")
    if os.getuid() == 0:
        conf.write_text("user root;" + conf.read_text("utf-8"), encoding="utf-8")  # the folder is closed to others
    nginx = subprocess.Popen([str(shutil.which("nginx")), "-p", folder, "-c", conf], stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        nginx.terminate()
        nginx.wait(30)


def wait_for_port(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("bench.static: nginx does not answer")


def is_worker(process: psutil.Process, folder: Path) -> bool:
    """Whether it is the worker of the nginx begun here."""
    ours = (folder / "nginx.pid").read_text().strip()
    try:
        return str(process.ppid()) == ours
    except psutil.NoSuchProcess:
        return False


def fetch(address: str) -> tuple[bytes, str]:
    """What is answered, as it comes over the wire, and its ETag."""
    asked = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as answer:
        assert answer.headers["Content-Encoding"] == "gzip", "no packed twin was given"
        return answer.read(), answer.headers["ETag"]


def load(server: psutil.Process, address: str, seconds: float, headers: Sequence[str]) -> tuple[float, float]:
    """Requests a second: by the clock, and by second of the server's processor time."""
    server.cpu_affinity(list(SERVER))
    before = sum(server.cpu_times()[:2])
    words = [str(shutil.which("wrk")), "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "-H", "Accept-Encoding: gzip"]
    words += [word for header in headers for word in ("-H", header)]
    begin = lambda: os.sched_setaffinity(0, CLIENT)  # noqa: E731
    said = subprocess.run([*words, address], capture_output=True, text=True, check=True, preexec_fn=begin).stdout
    spent = sum(server.cpu_times()[:2]) - before
    assert "Non-2xx" not in said or headers, said
    count = int(re.search(r"(\d+) requests in", said)[1])  # type: ignore[index]
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), count / spent  # type: ignore[index]


@contextmanager
def bare(file: Path, known: bool) -> Iterator[tuple[psutil.Process, str]]:
    """A server that answers every request with the same bytes from memory."""
    port = free_port()
    command = [sys.executable, "-m", "bench.bare_files", str(port), "" if known else str(file)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None and process.stdout.readline()
        yield psutil.Process(process.pid), f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main()
