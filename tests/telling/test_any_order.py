"""Whatever a receiver answers and whenever a teller dies: nothing accepted is lost, told out of order or told for good
twice to a receiver that looks at the key; what is taken back is taken back after it was told, and only then.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.alerts.scenes import at
from tests.telling.desk import BACK, SHUT, Desk, write
from verst.notices import Notice
from verst.outputs import Channel, Outcome, Target
from verst.work.delivering import LEASE, Teller
from verst.work.subscribers import Subscriber

PEOPLE = [Subscriber(id=f"{n:016x}", channel="any", target=Target(address=f"p{n}")) for n in range(3)]
STEPS = st.lists(
    st.sampled_from(
        ["accept", "accept", "again", "take back", "ok", "cut", "busy", "no", "killed", "later", "much later"]
    ),
    max_size=25,
)


@dataclass
class World:
    """What receivers answer next, and what they took."""

    desk: Desk
    answer: str = "ok"
    heard: dict[str, list[str]] = field(default_factory=dict)  # by address: keys as they came
    accepted: list[str] = field(default_factory=list)
    taken_back: dict[str, str] = field(default_factory=dict)
    refused: set[tuple[str, str]] = field(default_factory=set)

    def send(self, notice: Notice, target: Target, now: datetime) -> Outcome:
        if self.answer in ("ok", "cut"):
            self.heard.setdefault(target.address, []).append(notice.alert.id)
        if self.answer == "no":
            self.refused.add((target.address, notice.alert.id))
        state = {"ok": "delivered", "no": "refused"}.get(self.answer, "waiting")
        return Outcome(state=state, fault=None if self.answer == "ok" else self.answer)  # type: ignore[arg-type]

    def step(self, step: str) -> None:
        box, n = self.desk.box, len(self.accepted)
        if step in ("accept", "again"):
            alert = replace(SHUT, id=f"a{n if step == 'accept' else max(0, n - 1)}", expires=at(10**6))
            if box.accept([(alert, [each.id for each in PEOPLE])], self.desk.now):
                self.accepted.append(alert.id)
        elif step == "take back" and self.accepted and self.accepted[-1] not in self.taken_back:
            back = replace(BACK, id=f"back-{self.accepted[-1]}", takes_back=self.accepted[-1], expires=at(10**6))
            box.accept([(back, [])], self.desk.now)
            self.taken_back[self.accepted[-1]] = back.id
        elif step == "killed":
            for claimed in box.claim(self.desk.now, self.desk.now + LEASE):
                self.heard.setdefault(f"p{int(claimed.subscriber, 16)}", []).append(claimed.alert)  # told, never noted
        elif step in ("later", "much later"):
            self.desk.now = max(self.desk.now, at(0)) + (LEASE if step == "later" else 60 * LEASE)
        else:
            self.answer = step
            self.round()

    def round(self) -> None:
        shelf = {"any": Channel(address="x", send=self.send, check=lambda _: None)}
        Teller(self.desk.box, PEOPLE, shelf, write, lambda: self.desk.now).round()


@settings(max_examples=60)
@given(STEPS)
def test_nothing_is_lost_overtakes_or_is_taken_back_from_nowhere(steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        world = World(Desk(Path(name)))
        for step in steps:
            world.step(step)
        world.answer = "ok"
        for _ in range(2 * len(steps) + 2):
            world.step("much later")
            world.round()
        tally = world.desk.box.tally()
        world.desk.store.close()
    assert "waiting" not in tally
    order = [name for alert in world.accepted for name in (alert, world.taken_back.get(alert)) if name]
    for person in PEOPLE:
        address = person.target.address
        first = list(dict.fromkeys(world.heard.get(address, [])))
        assert first == [name for name in order if name in first]
        for alert in world.accepted:
            back = world.taken_back.get(alert)
            if back is None:
                assert alert in first or (address, alert) in world.refused
            elif back in first:
                assert first.index(alert) < first.index(back) if alert in first else True
            else:
                assert alert not in first or (address, back) in world.refused
