"""Small scenes at Verkhny Lars: what was known, what is known, who said it when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from verst.alerts import find_alerts
from verst.alerts.hearsay import Rumoured
from verst.model import Crossing, Estimate, Evidence, Kind, Mode, Region, Rule, Side
from verst.notices import Alert

NOON = datetime(2022, 9, 24, 9, 0, tzinfo=UTC)
LARS = "verkhny-lars"
KINDS = {
    "wait": Kind(id="wait", shape="amount", unit="minutes"),
    "passage": Kind(id="passage", shape="state", options=("open", "closed", "paused", "moving", "free")),
    "mode_rule": Kind(id="mode_rule", shape="state", options=("allowed", "refused"), half_life_minutes=720),
}
NO_FOOT = Rule(
    id="lars-no-foot", where=LARS, kind="mode_rule", mode="foot", toward="GE", value="refused",
    text=(("en", "No one may cross on foot."), ("ru", "Пешком переходить нельзя.")), source="https://example.org/rules",
)  # fmt: skip


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def region(*rules: Rule) -> Region:
    crossing = Crossing(
        id=LARS, border="RU-GE", sides=(Side(country="RU"), Side(country="GE")), names=(("en", "Verkhny Lars"),)
    )
    return Region(id="caucasus", names=(("en", "Caucasus"),), crossings=(crossing,), rules=rules)


def said(value: float | str, minutes: float, post: str = "p", **more: object) -> Evidence:
    told: dict[str, object] = {"weight": 0.8, "stance": "saw", "source": "group"}
    return Evidence(post=f"{post}{minutes}", value=value, said_at=at(minutes), **(told | more))  # type: ignore[arg-type]


def state(kind: str, minutes: float, odds: Mapping[str, float], **more: object) -> Estimate:
    """A state at so many minutes past noon, newly said by five people unless told otherwise."""
    ordered = tuple(sorted(odds.items(), key=lambda pair: -pair[1]))
    value = ordered[0][0]
    told: dict[str, object] = {"voices": 5, "newest": at(minutes), "toward": "GE"}
    told["evidence"] = tuple(said(value, minutes - n) for n in range(4))
    return Estimate(at=at(minutes), crossing=LARS, kind=kind, value=value, odds=ordered, **(told | more))  # type: ignore[arg-type]


def passage(minutes: float, **more: object) -> Estimate:
    odds = more.pop("odds")
    assert isinstance(odds, Mapping)
    return state("passage", minutes, odds, **more)


def closed(minutes: float, **more: object) -> Estimate:
    return state("passage", minutes, {"closed": 0.85, "unknown": 0.1, "open": 0.05}, **more)


def opened(minutes: float, **more: object) -> Estimate:
    return state("passage", minutes, {"open": 0.6, "moving": 0.25, "unknown": 0.1, "closed": 0.05}, **more)


def on_foot(minutes: float, allowed: float, mode: Mode = "foot", **more: object) -> Estimate:
    return state(
        "mode_rule", minutes, {"allowed": allowed, "refused": 0.9 - allowed, "unknown": 0.1}, mode=mode, **more
    )


def wait(minutes: float, value: float | None, spread: float = 1.2, **more: object) -> Estimate:
    """A wait in minutes with its 80 % range, newly said by five people."""
    told: dict[str, object] = {"voices": 5, "newest": at(minutes), "toward": "GE", "mode": "car"}
    if value is not None:
        told |= {"p10": value / spread, "p90": value * spread}
        told["evidence"] = tuple(said(value, minutes - n) for n in range(4))
    return Estimate(at=at(minutes), crossing=LARS, kind="wait", value=value, **(told | more))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Turn:
    at: datetime
    value: float | str | None = None
    reason: str = "other_there"


@dataclass(frozen=True)
class Hearsay:
    """An entry of the ledger."""

    crossing: str = LARS
    kind: str = "queue_length"
    value: float | str | None = 35.0
    tag: str | None = None
    mode: Mode = "any"
    toward: str | None = None
    who: str | None = None
    since: datetime | None = None
    due: datetime | None = None
    posts: int = 40
    verdict: str = "contradicted"
    last_seen: datetime = NOON
    turns: Sequence[Turn] = (Turn(at(-10), 3.0),)


def find(
    before: Sequence[Estimate],
    now: Sequence[Estimate],
    minutes: float = 0.0,
    *,
    rules: Sequence[Rule] = (),
    rumours: Sequence[Rumoured] = (),
    told: Sequence[Alert] = (),
    then: Mapping[str, Estimate] | None = None,
) -> list[Alert]:
    """What is worth saying so many minutes past noon."""
    return find_alerts(
        before, now, at=at(minutes), regions=[region(*rules)], kinds=KINDS, rumours=rumours, told=told, then=then
    )


def reasons(alerts: Sequence[Alert]) -> list[str]:
    return [f"-{alert.reason}" if alert.takes_back else alert.reason for alert in alerts]


def aged(told: Estimate, minutes: float) -> Estimate:
    """The same when nobody has said more for so long: made anew, not said anew."""
    return replace(told, at=told.at + timedelta(minutes=minutes))
