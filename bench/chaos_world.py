"""Nothing by itself: the processes of `bench.chaos`, begun again whenever they end, as systemd would."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from bench import ROOT
from bench.chaos_clock import ZONES, Clock
from verst.store import Store, open_store

TOML = """
allow_private = true
{ears}
[[ear]]
name = "events"
url = "{at}/events"
source = "posts"
stream = true
keep = "all"
[[subscriber]]
channel = "webhook"
address = "{at}/hook-a"
secret = "whsec_c2VjcmV0IG9mIHRoZSBiZW5jaCBjaGFvcw=="
[[subscriber]]
channel = "webhook"
address = "{at}/hook-b"
secret = "whsec_c2VjcmV0IG9mIHRoZSBiZW5jaCBjaGFvcw=="
lang = "ru"
"""
EAR = '[[ear]]\nname = "{name}"\nurl = "{at}/{name}"\nsource = "{source}"\nminutes = 1\nkeep = "all"\n'
SOURCES = {"posts": "posts", "statuses": "mastodon", "news": "feed"}
NO_ROOM = 1_024  # bytes of any file that may be written while the disk is full


class Running:
    """One command of verst, with what it said on standard error. ``ends``: how it ended by itself, in its own words."""

    def __init__(self, name: str, words: list[str], world: World, restarts: bool) -> None:
        self.name, self.words, self.world, self.restarts = name, words, world, restarts
        self.lines: list[str] = []
        self.kills = self.begun = 0
        self.ends: list[tuple[int, str]] = []
        self.process: subprocess.Popen[str] | None = None

    def begin(self) -> None:
        """Start it, in a zone of its own."""
        command = [sys.executable, "-m", "bench.chaos_clock", str(self.world.clock.file), *self.words]
        env = os.environ | {"VERST_HOME": str(self.world.home), "VERST_BEHIND_PROXY": "1", "PYTHONUTF8": "1"}
        env |= {"TZ": self.world.dice.choice(ZONES)}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=env, text=True, errors="replace", stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        self.begun += 1
        threading.Thread(target=self._hear, args=(self.process,), daemon=True).start()

    def _hear(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            self.lines.append(line.rstrip("\n"))

    def kill(self) -> bool:
        """kill -9; False where it had ended already."""
        if self.process is None or self.process.poll() is not None:
            return False
        self.process.kill()
        self.process.wait()
        self.process = None
        self.kills += 1
        return True

    def look(self) -> int | None:
        """Note how it ended, if it did, and begin it again where it should run; gives how it ended."""
        code = self.process.poll() if self.process is not None else None
        if self.process is not None and code is not None:
            time.sleep(0.05)  # for its last words
            self.ends.append((code, self.lines[-1] if self.lines else ""))
            self.process = None
        if self.process is None and self.restarts:
            self.begin()
        return code

    def show_itself(self) -> None:
        """Let it say where each of its threads stands."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGUSR1)

    def end(self) -> None:
        """SIGTERM, and wait."""
        self.restarts = False
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.lines.append("Traceback: did not end when it was told to")
                self.process.kill()


class World:
    """A home folder, a clock, and what runs there."""

    def __init__(
        self, folder: Path, clock: Clock, store_url: str, port: int, address: str, dice: random.Random
    ) -> None:
        self.home, self.clock, self.url, self.port, self.dice = folder, clock, store_url, port, dice
        ears = "".join(EAR.format(name=name, at=address, source=source) for name, source in SOURCES.items())
        config = folder / "verst.toml"
        config.write_text(TOML.format(at=address, ears=ears), encoding="utf-8")
        config.chmod(0o600)
        up = ["up", "--no-demo", "--form", "--port", str(port), "--store", store_url]
        self.up = Running("up", up, self, True)
        self.listen = Running("listen", ["listen", "--store", store_url], self, True)
        self.once: list[Running] = []  # commands that end by themselves
        self.done = Counter[str]()

    @property
    def all(self) -> list[Running]:
        """Everything that runs or ran."""
        return [self.up, self.listen, *self.once]

    def run_once(self, name: str, *words: str) -> Running:
        """A command that ends by itself, beside the others."""
        found = Running(name, [name, *words, "--store", self.url], self, False)
        found.begin()
        self.once.append(found)
        return found

    def fill_disk(self, running: Running, *, full: bool) -> None:
        """No file of a process may grow, or may again."""
        if running.process is not None and running.process.poll() is None:
            limit = NO_ROOM if full else resource.RLIM_INFINITY
            with suppress(ProcessLookupError):  # it ended just now
                resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """The store, beside whoever else has it open."""
        with closing(open_store(self.url)) as store:
            yield store


def wait_until(is_so: Callable[[], bool], seconds: float) -> bool:
    """Whether something is so before that time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(0.05)
    return is_so()
