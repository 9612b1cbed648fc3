"""A drill: a made-up border, an honest crowd, and people who lie in concert. Pure; the same seed, the same table.

It shows what fusion does under attack, and teaches a moderator what an attack looks like: many new accounts, one
figure far from the rest, weight that does not come. `run` gives one line per attack.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from verst.fusion.fusing import fuse
from verst.model import Claim, Crossing, Estimate, Kind, Region, Report, Side

START = datetime(2026, 7, 1, tzinfo=UTC)
HOURS, FROM, FOR = 96.0, 84.0, 6.0  # length of the whole, when the attack begins, how long it lasts
PACE, PERSONS, FAKES, FAKE_POSTS = 60.0, 40, 100, 200.0  # cars an hour; regulars; fake accounts; their posts an hour
REGIONS = (
    Region(
        id="drill",
        names=(("en", "Drill"),),
        crossings=(
            Crossing(id="drill", border="XA-XB", sides=(Side(country="XA"), Side(country="XB")), modes=("car",)),
        ),
    ),
)
KINDS = (
    Kind(id="wait", shape="amount", unit="minute"),
    Kind(id="passage", shape="state", options=("open", "closed", "paused", "moving", "free")),
)
ATTACKS = (
    "copies", "same figure", "paraphrases", "a little more", "old truth", "official names", "aged accounts",
    "stale crowd",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one attack did: shares are 0..1 of its half hours; ``moved`` is of the median wait, at worst."""

    attack: str
    honest_an_hour: float
    moved: float
    disputed: float
    wider: float  # range of the wait (logs) against the calm one, mean
    flipped: bool  # passage turned to closed or paused
    calm_disputed: float


def run(seed: int = 1, honest: Iterable[float] = (30.0, 5.0), attacks: Iterable[str] = ATTACKS) -> list[Line]:
    """Every attack against crowds of so many honest posts an hour. Raises ValueError for an attack it does not know."""
    wanted = tuple(attacks)
    unknown = [name for name in wanted if name not in ATTACKS]
    if unknown:
        raise ValueError(f"no attack is called {unknown[0]!r}: choose of {', '.join(ATTACKS)}")
    lines = []
    for rate in honest:
        crowd = honest_posts(seed, rate)
        calm = pictures(crowd)
        for attack in wanted:
            lines.append(_compare(attack, rate, calm, pictures(crowd + fake_posts(seed, attack))))
    return lines


def true_wait(hour: float) -> float:
    """Minutes: five hours, swinging by one over the day."""
    return 300.0 + 60.0 * math.sin(hour / 24.0 * 2.0 * math.pi)


def _post(hour: float, name: str, author: str, kind: str, value: float | str, **more: Any) -> Report:
    claim = Claim(
        kind=kind, crossing="drill", toward="XB", mode="car", value=value, stance=more.pop("stance", "saw"),
        bound="approx",
    )  # fmt: skip
    at = START + timedelta(hours=hour)
    return Report(claim=claim, post=name, posted_at=at, author=author, community="chat", **more)


def honest_posts(seed: int, rate: float) -> list[Report]:
    """People at the place: scattered by a third, two in five of them regulars; a fifth says that it moves."""
    chance, hour, posts = random.Random(f"honest {seed}"), 0.5, list[Report]()
    while (hour := hour + chance.expovariate(rate)) < HOURS:
        name = f"honest-{len(posts)}"
        author = f"regular {chance.randrange(PERSONS)}" if chance.random() < 0.4 else f"traveller {name}"
        if chance.random() < 0.2:
            posts.append(_post(hour, name, author, "passage", "moving"))
        else:
            wait = true_wait(hour) * math.exp(chance.gauss(0.05, 0.3))
            if chance.random() < 0.1:
                wait = chance.uniform(0.0, 1200.0)
            posts.append(_post(hour, name, author, "wait", 10.0 * round(wait / 10.0)))
    return posts


def fake_posts(seed: int, attack: str) -> list[Report]:
    """Two hundred posts an hour for six hours, a quarter of them "closed", in one manner."""
    chance, posts = random.Random(f"fake {seed}"), list[Report]()
    if attack == "aged accounts":
        posts += [
            _post(2.0 + 20.0 * k + n / 200, f"old-{n}-{k}", f"fake {n}", "wait", round(true_wait(20.0 * k)))
            for n in range(FAKES)
            for k in range(4)
        ]
    for n in range(int(FAKE_POSTS * FOR)):
        hour, name, author = FROM + n / FAKE_POSTS, f"fake-{n}", f"fake {chance.randrange(FAKES)}"
        more: dict[str, Any] = {"copy_of": "fake-0"} if attack == "copies" and n else {}
        more |= {"stance": "official", "source": "channel"} if attack == "official names" else {}
        posts.append(_post(hour, name, author, "wait", _lie(attack, hour, chance), **more))
        if n % 4 == 0 and attack not in ("stale crowd", "a little more"):
            more.pop("copy_of", None)
            posts.append(_post(hour, f"{name}-c", author, "passage", "closed", **more))
    return posts


def _lie(attack: str, hour: float, chance: random.Random) -> float:
    if attack == "a little more":
        return round(true_wait(hour) * chance.uniform(1.3, 1.6))
    if attack == "old truth":
        return round(3.0 * true_wait(hour - 20.0))
    if attack == "stale crowd":  # what was so half a day ago, by people who do not look again
        return round(0.5 * true_wait(FROM - 12.0) * chance.uniform(0.9, 1.1))
    return 1200.0 if attack in ("copies", "same figure") else round(1200.0 * chance.uniform(0.85, 1.15))


def pictures(reports: list[Report]) -> dict[tuple[str, datetime], Estimate]:
    """The wait and the passage at each half hour of the attack."""
    times = [START + timedelta(hours=FROM + 0.5 * n) for n in range(1, int(2 * FOR) + 1)]
    return {(each.kind, each.at): each for each in fuse(reports, times, REGIONS, KINDS)}


def _compare(
    attack: str, rate: float, calm: dict[tuple[str, datetime], Estimate], now: dict[tuple[str, datetime], Estimate]
) -> Line:
    waits = [(calm[key], each) for key, each in now.items() if key[0] == "wait" and key in calm]
    width: Callable[[Estimate], float] = lambda each: math.log1p(each.p90 or 0.0) - math.log1p(each.p10 or 0.0)  # noqa: E731
    return Line(
        attack=attack, honest_an_hour=rate,
        moved=max(abs(float(each.value or 0.0) / float(was.value or 1.0) - 1.0) for was, each in waits),
        disputed=sum(each.disputed for _, each in waits) / len(waits),
        wider=sum(width(each) / width(was) for was, each in waits) / len(waits),
        flipped=any(each.value in ("closed", "paused") for key, each in now.items() if key[0] == "passage"),
        calm_disputed=sum(was.disputed for was, _ in waits) / len(waits),
    )  # fmt: skip
