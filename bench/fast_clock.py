"""Runs `verst` on a clock of its own: ``python -m bench.fast_clock BEGAN AT TIMES WORDS…``.

The program is the real one. At ``BEGAN`` (seconds since 1970) it is ``AT`` (ISO 8601), and time passes ``TIMES`` times
as fast; what it waits for on the network, it waits for as long as ever.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import verst.clock


def make_clock(began: float, at: datetime, times: float) -> Callable[[], datetime]:
    """A clock that says ``at`` (UTC) at ``began`` and runs ``times`` as fast as the machine's."""
    return lambda: (at + timedelta(seconds=(time.time() - began) * times)).astimezone(UTC)


def main() -> None:
    began, at, times = sys.argv[1:4]
    verst.clock.now = make_clock(float(began), datetime.fromisoformat(at), float(times))  # before anybody takes it
    from verst.cli import main as run

    sys.argv = ["verst", *sys.argv[4:]]
    run()


if __name__ == "__main__":
    main()
