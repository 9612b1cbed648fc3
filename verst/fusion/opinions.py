"""Kinds without a queue behind them: options and tags by decaying votes, amounts by weighted quantiles."""

from __future__ import annotations

import math
from collections.abc import Sequence

from verst.fusion.place import Told

DOUBT = 0.4  # weight of "unknown" beside the votes: one eyewitness outweighs it, one hearsay does not


def faded(told: Told, at: float, half_life: float) -> float:
    """Weight of a report now: halves every ``half_life`` minutes of its age."""
    return told.weight * math.exp2(-max(0.0, at - told.row.t + told.row.age) / half_life)


def votes(told: Sequence[Told], options: Sequence[str], at: float, half_life: float) -> list[tuple[str, float]]:
    """Odds of each option and of "unknown", likeliest first. A denial speaks for the other options."""
    sums = dict.fromkeys(options, 0.0)
    for each in told:
        said = str(each.row.value) if each.row.value is not None else options[0]
        if said not in sums:
            continue
        if each.row.denies:
            for option in sums:
                if option != said:
                    sums[option] += faded(each, at, half_life) / max(1, len(sums) - 1)
        else:
            sums[said] += faded(each, at, half_life)
    total = sum(sums.values()) + DOUBT
    odds = [(option, weight / total) for option, weight in sums.items()]
    odds.append(("unknown", DOUBT / total))
    return sorted(odds, key=lambda pair: (-pair[1], pair[0]))


def weighted_quantile(pairs: Sequence[tuple[float, float]], q: float) -> float:
    """Value at which a share ``q`` of the weight lies below; pairs of value and weight.

    >>> weighted_quantile([(1.0, 1.0), (2.0, 1.0), (9.0, 1.0)], 0.5)
    2.0
    """
    ordered = sorted(pairs)
    total, below = sum(weight for _, weight in ordered), 0.0
    for value, weight in ordered:
        below += weight
        if below >= q * total - 1e-12:
            return value
    return ordered[-1][0]


def offers(told: Sequence[Told], at: float, half_life: float) -> tuple[float, float, float] | None:
    """Weighted middle, 10 % and 90 % of what was asked or paid; ranges count with both ends."""
    pairs: list[tuple[float, float]] = []
    for each in told:
        weight = faded(each, at, half_life)
        if each.row.denies or weight < 1e-4:
            continue
        pairs += [(each.row.low, weight / 2), (each.row.high, weight / 2)]
    if not pairs:
        return None
    return weighted_quantile(pairs, 0.5), weighted_quantile(pairs, 0.1), weighted_quantile(pairs, 0.9)


def counts(told: Sequence[Told], at: float, half_life: float) -> tuple[float, float, float] | None:
    """Latest figure of the best tier that spoke, with the range in which those of its day disagree.

    A single figure gets 5 % either way: daily counts are rounded and cut at different hours.
    """
    live = [each for each in told if not each.row.denies and faded(each, at, half_life) > 1e-3]
    if not live:
        return None
    best = min(each.row.tier for each in live)
    newest = max(each.row.t - each.row.age for each in live if each.row.tier == best)
    near = [each for each in live if abs(newest - each.row.t + each.row.age) <= 720.0]
    pairs = [
        (0.5 * (each.row.low + each.row.high), faded(each, at, half_life) * (3.0 if each.row.tier == best else 1.0))
        for each in near
    ]
    middle = weighted_quantile(pairs, 0.5)
    slack = 0.05 * abs(middle)
    low = min(min(each.row.low for each in near), middle - slack)
    return middle, low, max(max(each.row.high for each in near), middle + slack)
