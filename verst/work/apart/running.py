"""A worker's life: it says that it is here, holds its share, makes step after step, and lets go when told to end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from random import SystemRandom
from threading import Event, Thread
from typing import Protocol
from uuid import uuid4

from verst.bus import Bus
from verst.errors import BusError, StoreError, StoreFull, StoreMoved

HERE_SECONDS = 1.5  # so often a worker says that it is here, and looks who else is
STEP_SECONDS = 0.5  # for so long a step waits for something to do
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds after something could not be reached


class Worker(Protocol):
    """What makes steps: `Readers` and `Fusers`."""

    @property
    def role(self) -> str:
        """What all workers like this one are called."""

    def hold(self, names: list[str], own: str) -> None:
        """Hold one's share among all workers of the role."""

    def forget(self) -> None:
        """Hold nothing: somebody else may have gone on."""

    def step(self, seconds: float) -> int:
        """Do what waits; wait so long where nothing does. Gives how much there was."""


class Presence:
    """Says that a worker is here, beside its steps, however long they last; and knows who else is."""

    def __init__(self, bus: Bus, role: str, own: str) -> None:
        self._bus, self._role, self.own = bus, role, own
        self._ended, self.names = Event(), list[str]()
        self._thread = Thread(target=self._run, name="here", daemon=True)

    def begin(self) -> None:
        """Say it for the first time; from then on it is said now and then. Raises BusError."""
        self.names = self._bus.here(self._role, self.own)
        if not self._thread.is_alive():
            self._thread.start()

    def end(self) -> None:
        """Say that the worker goes."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        with suppress(BusError):
            self._bus.gone(self._role, self.own)

    def _run(self) -> None:
        while not self._ended.wait(HERE_SECONDS):
            with suppress(BusError):  # the steps find it out, and say so
                self.names = self._bus.here(self._role, self.own)


def work_on(worker: Worker, bus: Bus, ended: Event, warn: Callable[[str], None]) -> None:
    """Make steps until ``ended`` is set; the one begun is brought to its end. Raises StoreFull.

    What cannot be reached is said once and tried again later and later; whoever has gone on from where this worker
    stood is followed.
    """
    here = Presence(bus, worker.role, uuid4().hex[:12])
    wait, said, held = FIRST_WAIT, False, list[str]()
    while not ended.is_set():
        try:
            if not here.names:
                here.begin()
            if held != here.names:
                held = here.names
                worker.hold(held, here.own)
            worker.step(STEP_SECONDS)
            if said:
                warn("reached again; the work goes on")
            wait, said = FIRST_WAIT, False
        except StoreMoved:
            worker.forget()
            held = []
        except StoreFull:
            raise
        except (BusError, StoreError) as error:
            worker.forget()
            held = []
            if not said:
                warn(f"{error}; it is tried again")
            said = True
            ended.wait(wait * SystemRandom().uniform(0.8, 1.2))
            wait = min(2 * wait, LONGEST_WAIT)
    here.end()
