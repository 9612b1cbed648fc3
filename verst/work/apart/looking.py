"""How full the bus is, asked now and then beside whatever else a process does, so that no page waits for it."""

from __future__ import annotations

from threading import Event, Thread

from verst.bus import STREAMS, Bus
from verst.errors import BusError

EVERY_SECONDS = 10.0


class Look:
    """How many messages wait in each stream, as asked last; None: the bus could not be reached."""

    def __init__(self, bus: Bus) -> None:
        self._bus, self._ended = bus, Event()
        self.waiting: dict[str, int] | None = {}
        self.ask()
        self._thread = Thread(target=self._run, name="bus-look", daemon=True)
        self._thread.start()

    def ask(self) -> None:
        """Ask now."""
        try:
            self.waiting = {stream: self._bus.waiting(stream) for stream in STREAMS}
        except BusError:
            self.waiting = None

    def close(self) -> None:
        """Ask no more."""
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.wait(EVERY_SECONDS):
            self.ask()
