"""A hundred fake accounts against one queue for six hours. Run: python -m bench.attack

Honest people report a wait of five hours; fakes say twenty hours and "closed": copies, paraphrases, accounts that
spoke harmlessly for three days before, official-looking channels, old truth told again.

The budgets of weight were set with this table in sight.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bench.queue_series import KINDS, Series, crowd, region_of
from verst.fusion import fuse
from verst.model import Claim, Estimate, Report

HOURS, FROM, FOR = 96.0, 84.0, 6.0  # length of the whole, when the attack begins, how long it lasts


def series() -> Series:
    """Three hundred cars at sixty an hour, swinging a little over the day."""
    from datetime import UTC, datetime

    hours = tuple(float(h) for h in range(int(HOURS) + 1))
    queued = tuple(300.0 + 60.0 * math.sin(h / 24.0 * 2 * math.pi) for h in hours)
    return Series("drill", "car", datetime(2026, 7, 1, tzinfo=UTC), hours, queued, 60.0)


def said(border: Series, hour: float, post: str, author: str, kind: str, value: float | str, **more: Any) -> Report:
    """One report of the drill."""
    about = {key: more.pop(key) for key in ("stance", "bound") if key in more}
    claim = Claim(kind=kind, crossing=border.name, toward="PL", mode="car", value=value, **about)
    more.setdefault("community", "chat")
    return Report(claim=claim, post=post, posted_at=border.start + timedelta(hours=hour), author=author, **more)


def honest(border: Series, rate: float) -> list[Report]:
    """The crowd, of which a fifth says that it moves."""
    chance, reports = random.Random(5), crowd(border, rate, 3, waits=0.7)
    moving = [
        said(
            border,
            (each.posted_at - border.start) / timedelta(hours=1),
            f"{each.post}-m",
            str(each.author),
            "passage",
            "moving",
        )
        for each in reports
        if each.copy_of is None and chance.random() < 0.2
    ]
    return reports + moving


def fakes(border: Series, style: str) -> list[Report]:
    """Two hundred posts an hour by a hundred accounts, in one style."""
    chance, reports = random.Random(9), []
    if style == "aged accounts":
        for n in range(100):
            for k in range(4):
                value = border.at(k * 20.0) / border.pace * 60.0 * chance.uniform(0.9, 1.1)
                reports.append(said(border, 2.0 + k * 20.0 + n / 200, f"old-{n}-{k}", f"fake {n}", "wait", value))
    for n in range(int(200 * FOR)):
        hour, author = FROM + n / 200, f"fake {chance.randrange(100)}"
        wait, more = 1200.0, dict[str, Any]()
        if style == "copies":
            more = {"copy_of": "fake-0" if n else None}
        elif style != "same figure":
            wait = round(1200.0 * chance.uniform(0.85, 1.15))
        if style == "official names":
            more = {"stance": "official", "source": "channel"}
        if style == "old truth":
            wait = border.at(hour - 20.0) / border.pace * 60.0 * 3.0
        reports.append(said(border, hour, f"fake-{n}", author, "wait", wait, **more))
        if n % 4 == 0:
            reports.append(said(border, hour, f"fake-{n}-c", author, "passage", "closed", **more | {"copy_of": None}))
    return reports


STYLES = ("copies", "same figure", "paraphrases", "old truth", "official names", "aged accounts")


def seen(border: Series, reports: list[Report]) -> dict[tuple[str, float], Estimate]:
    """Estimates of wait and passage at each half hour of the attack."""
    hours = [FROM + 0.5 * n for n in range(1, int(2 * FOR) + 1)]
    times = [border.start + timedelta(hours=h) for h in hours]
    found = fuse(reports, times, region_of([border.name]), KINDS)
    return {
        (each.kind, (each.at - border.start) / timedelta(hours=1)): each for each in found if each.kind != "queue_count"
    }


def compare(
    calm: dict[tuple[str, float], Estimate], now: dict[tuple[str, float], Estimate]
) -> tuple[float, float, float, bool]:
    """Worst move of the median, share of half hours disputed, mean growth of the range, whether passage flipped."""
    moves, disputed, growth, flipped = [], [], [], False
    for key, estimate in now.items():
        if key[0] == "passage":
            flipped |= estimate.value in ("closed", "paused")
            continue
        was = calm[key]
        width: Callable[[Estimate], float] = lambda each: math.log1p(each.p90 or 0.0) - math.log1p(each.p10 or 0.0)  # noqa: E731
        moves.append(abs(float(estimate.value or 0.0) / float(was.value or 1.0) - 1.0))
        disputed.append(estimate.disputed)
        growth.append(width(estimate) / width(was))
    return max(moves), sum(disputed) / len(disputed), sum(growth) / len(growth), flipped


def main() -> None:
    """Print one line per style and number of honest voices."""
    border = series()
    print("honest/h  attack          median moved at most  disputed  range grew  passage flipped")
    for rate in (30.0, 5.0):
        crowd_says = honest(border, rate)
        calm = seen(border, crowd_says)
        for style in STYLES:
            moved, disputed, growth, flipped = compare(calm, seen(border, crowd_says + fakes(border, style)))
            print(
                f"{rate:8.0f}  {style:14}  {moved:20.0%}  {disputed:8.0%}  {growth:9.1f}x  {'yes' if flipped else 'no'}"
            )


if __name__ == "__main__":
    main()
