"""Workers beside a board: so many processes of each step, begun anew when they end, ended with the board."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from time import monotonic

from verst.cli.beside import beside
from verst.cli.says import warn

LOOK_SECONDS = 0.5
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds before a worker that ended is begun anew
LASTED_SECONDS = 60.0  # who worked so long is begun anew at once
PATIENCE_SECONDS = 30.0  # for a step to come to its end


class _Place:
    """One worker's place: who works there now, and when the next may begin."""

    def __init__(self, role: str, env: dict[str, str]) -> None:
        self.role, self.env = role, env
        self.process: subprocess.Popen[bytes] | None = None
        self.begun, self.due, self.wait = 0.0, 0.0, FIRST_WAIT

    def look(self) -> None:
        present = monotonic()
        if self.process is not None and (code := self.process.poll()) is not None:
            self.wait = FIRST_WAIT if present - self.begun > LASTED_SECONDS else min(2 * self.wait, LONGEST_WAIT)
            close_input(self.process)
            self.due, self.process = present + self.wait, None
            warn(f"work {self.role}: a process ended (exit code {code}); another is begun in {self.wait:.0f} s")
        if self.process is None and present >= self.due:
            self.process, self.begun = self._begin(), present

    def _begin(self) -> subprocess.Popen[bytes]:
        """A worker whose input is a pipe from here: it ends when this process does, however that ends."""
        command = [sys.executable, "-m", "verst", "work", self.role, "--attached"]
        return subprocess.Popen(command, env=self.env, stdin=subprocess.PIPE, start_new_session=True)


@contextmanager
def crew(store: str | None, bus: str, counts: dict[str, int]) -> Iterator[None]:
    """While this lasts, so many processes of ``verst work`` by their names; then they end with the step they are in."""
    env = os.environ | {"VERST_BUS": bus} | ({"VERST_STORE": store} if store else {})
    places = [_Place(role, env) for role, count in counts.items() for _ in range(count)]

    def watch(ended: Event) -> None:
        while not ended.is_set():
            for place in places:
                place.look()
            ended.wait(LOOK_SECONDS)

    try:
        with beside("crew", watch):
            yield
    finally:
        end([place.process for place in places if place.process is not None])


def end(processes: list[subprocess.Popen[bytes]]) -> None:
    """End processes with the step they are in; those that do not come to its end, at once."""
    for process in processes:
        process.terminate()
        close_input(process)
    until = monotonic() + PATIENCE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, until - monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def close_input(process: subprocess.Popen[bytes]) -> None:
    """Nothing more comes to a process: one that is attached ends."""
    if process.stdin is not None:
        process.stdin.close()
