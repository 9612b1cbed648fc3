"""How soon a closure is seen, how many are missed, how many are made up. Run: python -m bench.closures

A made-up border for 120 days with forty closures of two to eight hours; people say "moving" or "closed" as they see
it, late by twenty minutes in the mean, one in twelve wrongly; a rumour of closing every day; then fake posts beside.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median

from bench.queue_series import KINDS, region_of
from verst.fusion import fuse
from verst.model import Claim, Report

START, DAYS, CLOSURES = datetime(2026, 3, 1, tzinfo=UTC), 120, 40
Span = tuple[float, float]  # hours
LATE, WRONG = 3.0, 1.0 / 12.0  # how the crowd tells: an hour over the mean lateness, share of words that are wrong
LOOK_BACK = 5.0  # hours in which the test that knows all looks for a change


def closures(chance: random.Random) -> list[Span]:
    """When the border is closed, each in three days of its own."""
    begins = [72.0 * n + 24.0 + chance.uniform(0.0, 40.0) for n in range(CLOSURES)]
    return [(begin, begin + chance.uniform(2.0, 8.0)) for begin in begins]


def shut(spans: list[Span], hour: float) -> bool:
    """Whether the border is closed at an hour."""
    return any(begin <= hour < end for begin, end in spans)


def post(hour: float, name: str, author: str, value: str, stance: str = "saw") -> Report:
    """One word about passage."""
    claim = Claim(kind="passage", crossing="gate", toward="PL", mode="car", value=value, stance=stance)  # type: ignore[arg-type]
    at = START + timedelta(hours=hour)
    return Report(claim=claim, post=name, posted_at=at, author=author, community="chat")


def crowd(spans: list[Span], rate: float, chance: random.Random) -> Iterator[Report]:
    """Status posts ``rate`` an hour, two in five by forty regulars, and the rumours."""
    hour = 0.0
    while (hour := hour + chance.expovariate(rate)) < DAYS * 24.0:
        seen = shut(spans, hour - chance.expovariate(LATE)) != (chance.random() < WRONG)
        author = f"regular {chance.randrange(40)}" if chance.random() < 0.4 else f"traveller {hour}"
        yield post(hour, f"p{hour}", author, chance.choice(("closed", "paused") if seen else ("moving", "open")))
    for day in range(DAYS):
        begin = 24.0 * day + chance.uniform(0.0, 24.0)
        for n in range(5):
            yield post(begin + n / 5, f"r{day}-{n}", f"heard {day} {n}", "closed", "heard")


def fakes(rate: float, chance: random.Random) -> Iterator[Report]:
    """Fake "closed" by a hundred fresh accounts a day."""
    hour = 48.0
    while rate and (hour := hour + chance.expovariate(rate)) < DAYS * 24.0:
        yield post(hour, f"f{hour}", f"fake {hour // 24} {chance.randrange(100)}", "closed")


def trial(rate: float, fake_rate: float) -> tuple[float, float, float]:
    """Median minutes to see a closure, share missed, false closures a month."""
    chance = random.Random(11)
    spans = closures(chance)
    reports = [*crowd(spans, rate, chance), *fakes(fake_rate, chance)]
    times = [START + timedelta(minutes=10 * n) for n in range(6 * 48, 6 * 24 * DAYS)]
    told = [(each.at, each.value in ("closed", "paused")) for each in fuse(reports, times, region_of(["gate"]), KINDS)]
    hours = [((at - START) / timedelta(hours=1), closed) for at, closed in told]
    delays = [
        min((60.0 * (h - begin) for h, closed in hours if closed and begin <= h < end), default=None)
        for begin, end in spans
    ]
    false, before = 0, False
    for h, closed in hours:
        near = any(begin <= h < end + 2.0 for begin, end in spans)
        false += closed and not before and not near
        before = closed
    found = [each for each in delays if each is not None]
    return median(found), 1.0 - len(found) / len(spans), false / (DAYS / 30.0)


def best(rate: float, proof: float) -> tuple[float, float, float]:
    """The same of a test that is told who is honest, how late they tell and how often they err.

    A generalised likelihood ratio (Lorden 1971): at every word, how much better a change at any moment of the last
    hours explains the words since than no change does; a change is called from a ratio of e to the ``proof`` on.
    """
    chance = random.Random(11)
    spans = closures(chance)
    words = sorted((r for r in crowd(spans, rate, chance) if r.claim.stance == "saw"), key=lambda r: r.posted_at)
    hours = [((r.posted_at - START) / timedelta(hours=1), r.claim.value in ("closed", "paused")) for r in words]
    called = list(changes(hours, proof))
    told = list(zip(called[::2], [*called[1::2], DAYS * 24.0], strict=False))
    delays = [
        min((60.0 * (max(h, begin) - begin) for h, until in told if h < end and until > begin), default=None)
        for begin, end in spans
    ]
    found = [each for each in delays if each is not None]
    false = sum(h >= 48.0 and not any(begin <= h < end + 2.0 for begin, end in spans) for h, _ in told)
    return median(found), 1.0 - len(found) / len(spans), false / (DAYS / 30.0)


def changes(words: list[tuple[float, bool]], proof: float) -> Iterator[float]:
    """The hours at which a change is called: closed, open, closed …"""
    closed, since = False, 0
    for n, (now, _) in enumerate(words):
        while now - words[since][0] > LOOK_BACK:
            since += 1
        late = [(at, shut_now != closed) for at, shut_now in words[since : n + 1]]
        if max(explained(late, begin) for begin, _ in late) > proof:
            closed, since = not closed, n
            yield now


def explained(words: list[tuple[float, bool]], begin: float) -> float:
    """Log of how much likelier words are (True: of the new state) when the change was at ``begin`` than without one."""
    total = 0.0
    for at, new in words:
        if at >= begin:
            seen = 1.0 - math.exp(-LATE * (at - begin))
            chance = seen * (1.0 - WRONG) + (1.0 - seen) * WRONG
            total += math.log(chance / WRONG if new else (1.0 - chance) / (1.0 - WRONG))
    return total


def main() -> None:
    """Print one line per rate of honest and fake posts, then what a test that knows the honest needs."""
    print("status posts/h  fake posts/h  minutes to see (median)  missed  false closures a month")
    for rate, fake_rate in ((3.0, 0.0), (10.0, 0.0), (3.0, 10.0), (10.0, 10.0)):
        minutes, missed, false = trial(rate, fake_rate)
        print(f"{rate:14.0f}  {fake_rate:12.0f}  {minutes:23.0f}  {missed:6.0%}  {false:22.2f}")
    print("a test that is told who is honest, how late and how wrong, by the proof it asks for")
    for rate, proof in ((3.0, 6.0), (10.0, 5.0), (10.0, 6.0), (10.0, 7.0)):
        minutes, missed, false = best(rate, proof)
        print(f"{f'at {rate:.0f} an hour, proof of {proof:.0f}':>28}  {minutes:23.0f}  {missed:6.0%}  {false:22.2f}")


if __name__ == "__main__":
    main()
