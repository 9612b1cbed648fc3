"""Telling what is in the outbox: at least once, in order, each subscriber on their own.

A channel or subscriber that is broken waits alone, longer each time; nothing that was accepted is forgotten before it
was told, refused for good, taken back or expired, and the outbox says which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from threading import Event

from verst.errors import StoreBusy, name_fault
from verst.model import Skipped
from verst.notices import Alert, Delivery, Notice, State
from verst.outputs import Channel, Outcome
from verst.store import Outbox
from verst.work.caution import Said
from verst.work.subscribers import Subscriber

AT_ONCE = 8  # attempts side by side
LEASE = timedelta(minutes=15)  # longer than any attempt; a process that ended gives them back after it
FIRST_WAIT, LONGEST_WAIT = 30.0, 6 * 3600.0  # seconds between attempts
PATIENCE = 5  # times that a busy store is asked again, each with a patience of its own
WAKE = 5.0  # seconds between looks at an outbox with nothing due

Ready = tuple[Notice, Subscriber]
Write = Callable[[Alert, Subscriber], tuple[str, str, str, str | None]]  # title, body, language and link


@dataclass(slots=True)
class Told:
    """How many deliveries of a round ended how."""

    by_state: dict[State, int] = field(default_factory=dict)

    def count(self, state: State) -> None:
        """One more."""
        self.by_state[state] = self.by_state.get(state, 0) + 1


class Teller:
    """Delivers from an outbox. ``write`` puts an alert into words; ``random`` spreads the attempts."""

    def __init__(
        self,
        outbox: Outbox,
        subscribers: Iterable[Subscriber],
        channels: Mapping[str, Channel],
        write: Write,
        clock: Callable[[], datetime],
        *,
        random: Random | None = None,
        on_fault: Said | None = None,
    ) -> None:
        self._outbox, self._channels, self._write, self._clock = outbox, channels, write, clock
        self._subscribers = {each.id: each for each in subscribers}
        self._random, self._on_fault = random or Random(), on_fault
        self._woken = Event()

    def round(self) -> Told:
        """Tell everything that is due, until nothing more is; who is slow keeps nobody else waiting."""
        told, running = Told(), set[Future[State]]()
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="tell") as pool:
            while True:
                now = self._clock()
                room = AT_ONCE - len(running)
                claimed = self._outbox.claim(now, now + LEASE, room)
                running |= {pool.submit(self._tell_safely, each, self._prepare(each)) for each in claimed}
                if not running:
                    return told
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for each in done:
                    told.count(each.result())

    def run(self, ended: Event) -> None:
        """Tell what becomes due until ``ended`` is set. Raises StoreError other than StoreBusy."""
        while not ended.is_set():
            with suppress(StoreBusy):  # somebody writes for long; what was claimed is given out again
                self.round()
            self._woken.wait(WAKE)
            self._woken.clear()

    def wake(self) -> None:
        """Look at the outbox at once: something was accepted, or it is over. May be called from any thread."""
        self._woken.set()

    def _prepare(self, claimed: Delivery) -> Ready | Outcome | State:
        """What is to be sent to whom, else why nothing is; on one thread, for the store keeps a reader for each."""
        try:
            alert, whom = self._outbox.alert(claimed.alert), self._subscribers.get(claimed.subscriber)
            if alert is None or alert.expires <= self._clock():
                return "expired"
            if whom is None:
                return Outcome(state="refused", fault="nobody of that address is to be told any more")
            title, body, lang, link = self._write(alert, whom)
        except Exception as error:
            return Outcome(state="waiting", fault=name_fault(error))
        key = f"{alert.id}-{whom.id}"
        return Notice(key=key, alert=alert, title=title, body=body, lang=lang, link=link), whom

    def _tell_safely(self, claimed: Delivery, ready: Ready | Outcome | State) -> State:
        """One attempt; whatever is wrong with it costs no other."""
        if not isinstance(ready, tuple):
            return self._note(claimed, ready)
        notice, whom = ready
        try:
            outcome = self._channels[whom.channel].send(notice, whom.target, self._clock())
        except Exception as error:
            outcome = Outcome(state="waiting", fault=name_fault(error))
        return self._note(claimed, outcome)

    def _note(self, claimed: Delivery, outcome: Outcome | State) -> State:
        """Write down what became of an attempt."""
        if not isinstance(outcome, Outcome):
            self._settle(claimed, outcome, claimed.due, claimed.fault)
            return outcome
        due = self._clock() + timedelta(seconds=self._wait(claimed.attempts, outcome.after))
        self._settle(claimed, outcome.state, due, outcome.fault)
        if outcome.fault is not None and self._on_fault is not None:
            whom = self._subscribers.get(claimed.subscriber)
            channel = whom.channel if whom is not None else "nobody"
            self._on_fault(Skipped(file=f"{channel} {claimed.subscriber}", what=f"{outcome.fault}; {outcome.state}"))
        return outcome.state

    def _settle(self, claimed: Delivery, state: State, due: datetime, fault: str | None) -> None:
        """Write it, patiently: what was told and is not noted would be told again."""
        for _ in range(PATIENCE):
            with suppress(StoreBusy):
                self._outbox.settle(claimed, state, due=due, fault=fault)
                return
        self._outbox.settle(claimed, state, due=due, fault=fault)

    def _wait(self, attempts: int, after: float | None) -> float:
        """Seconds until the next attempt: twice as long each time, spread by half, never less than was asked for."""
        most = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts - 1, 20))
        spread = most * (0.5 + self._random.random() / 2)
        return spread if after is None else after + spread * min(1.0, FIRST_WAIT / most)
