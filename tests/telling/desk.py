"""A store, a clock that is set by hand, and a teller over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from tests.alerts.scenes import NOON, closed, find, opened
from tests.telling.receivers import Way
from verst.geography import load_kinds, load_regions
from verst.model import Skipped
from verst.notices import Alert
from verst.outputs import Target, channels
from verst.store import Outbox, Store, open_store, outbox_of
from verst.web.alert_words import write_alert
from verst.work.delivering import Teller, Told
from verst.work.subscribers import Subscriber, hash_address

REGIONS, KINDS = load_regions(), {kind.id: kind for kind in load_kinds()}
KEY = b"k" * 32
SHUT = find([opened(-300)], [closed(0)])[0]
BACK = find([opened(-300)], [opened(40)], 40, told=[SHUT])[0]


def write(alert: Alert, whom: Subscriber) -> tuple[str, str, str, str | None]:
    words = write_alert(alert, whom.lang, REGIONS, KINDS)
    return words.title, words.body, words.lang, "https://board.example/c/verkhny-lars"


def subscriber(way: Way, **more: object) -> Subscriber:
    target = Target(address=way.address, own=way.own, shared=way.shared, allow_private=True)
    name = hash_address(KEY, way.channel, way.address)
    return Subscriber(id=name, channel=way.channel, target=target, **more)  # type: ignore[arg-type]


def many(count: int) -> list[Alert]:
    """So many alerts, each of its own, in the order of their numbers."""
    return [replace(SHUT, id=f"{n:020x}", at=SHUT.at + timedelta(seconds=n)) for n in range(count)]


@dataclass
class Desk:
    """``faults``: what was told to the operator."""

    folder: Path
    now: datetime = NOON
    faults: list[Skipped] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.url = f"sqlite:///{self.folder / 'verst.db'}"
        self.store: Store = open_store(self.url)
        self.box: Outbox = outbox_of(self.store)

    def accept(self, alerts: Sequence[Alert], *whom: Subscriber) -> None:
        self.box.accept([(alert, [each.id for each in whom if each.wants(alert)]) for alert in alerts], self.now)

    def teller(self, *whom: Subscriber, clock: Callable[[], datetime] | None = None) -> Teller:
        return Teller(
            self.box, whom, channels(), write, clock or (lambda: self.now), random=Random(1),
            on_fault=self.faults.append,
        )  # fmt: skip

    def round(self, *whom: Subscriber, later: float = 0.0) -> Told:
        """One round, so many minutes later."""
        self.now += timedelta(minutes=later)
        return self.teller(*whom).round()
