"""Runs `verst` under the clock of `bench.chaos`: ``python -m bench.chaos_clock FILE WORDS…``.

The program is the real one; what it finds is a machine whose clock runs fast, jumps and changes its zone. The file says
when the clock began, as what, how fast it runs, how far it is off now, and the zone. Whatever waits goes by it.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import verst.clock

ZONES = ("UTC", "Europe/Moscow", "America/St_Johns", "Asia/Kathmandu", "Pacific/Kiritimati")


class Clock:
    """A clock in a file: one process sets it, others go by it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def begin(self, at: datetime, speed: float) -> None:
        """From now on it is ``at``, and time passes ``speed`` times as fast."""
        self.began, self.at, self.speed = time.time(), at, speed
        self.put()

    def put(self, off: timedelta = timedelta(), zone: str = "UTC") -> None:
        """Set it wrong by so much, in that zone."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{self.began} {self.at.isoformat()} {self.speed} {off.total_seconds()} {zone}")
        fresh.replace(self.file)

    def true(self) -> datetime:
        """What time it is, whatever the clock was set to."""
        return self.at + timedelta(seconds=(time.time() - self.began) * self.speed)


def run_under(file: Path) -> None:
    """Let this process go by the clock of a file, and wait by it."""
    zone, wait = "", threading.Event.wait
    speed = float(file.read_text().split()[2])

    def now() -> datetime:
        nonlocal zone
        began, at, fast, off, told = file.read_text().split()
        if told != zone:
            zone = os.environ["TZ"] = told
            time.tzset()
        passed = (time.time() - float(began)) * float(fast) + float(off)
        return datetime.fromisoformat(at).astimezone(UTC) + timedelta(seconds=passed)

    def wait_fast(event: threading.Event, timeout: float | None = None) -> bool:
        return wait(event, None if timeout is None else timeout / speed)

    verst.clock.now = now
    threading.Event.wait = wait_fast  # type: ignore[method-assign]


def main() -> None:
    faulthandler.register(signal.SIGUSR1)  # where it stands, when somebody wants to know
    run_under(Path(sys.argv[1]))
    from verst.cli import main as run

    sys.argv = ["verst", *sys.argv[2:]]
    run()


if __name__ == "__main__":
    main()
