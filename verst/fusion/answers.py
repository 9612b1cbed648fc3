"""What the state of a queue says in the unit of one kind: middle, 80 % range, odds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from verst.fusion.grid import (
    CELLS,
    GAP,
    GAP_VAR,
    HELD,
    INFO_COUNT,
    KNOWN,
    LOG_Q,
    MU,
    MU_VAR,
    PASS,
    QueueState,
)  # fmt: skip
from verst.fusion.quarrels import other_camps
from verst.fusion.rows import COUNT, LENGTH, OPTIONS, THROUGHPUT, WAIT

Z80 = 1.2815515655446004
FLOOR = 0.03  # people in one queue are wrong together: no number of voices takes this away (log units)
# Budgets make the grid more doubtful than people are wrong, and the more so the more of them speak: its half ranges are
# narrowed so much, wide ones less. All set where bench.nowcast --set covers 80 % at every number of reports.
NARROW, TYPICAL, BENT, NARROWEST, WIDEST = 0.36, 0.6, 0.4, 0.5, 1.6
DISPUTED = 0.35  # added when witnesses or tiers disagree


NOTHING = np.zeros(1)
EDGES = np.concatenate((NOTHING, LOG_Q))


def quantiles(p: Any, wanted: tuple[float, ...]) -> list[float]:
    """Quantiles of log1p Q, straight between the points of the grid."""
    below = np.cumsum(p.sum(axis=1))
    found: list[float] = np.interp(wanted, np.concatenate((NOTHING, below / below[CELLS - 1])), EDGES).tolist()
    return found


def relation_doubt(facts: Any, code: int) -> float:
    """How unsure it is (variance of a log) how this unit follows from those that were told."""
    if code != COUNT:
        return float(facts[GAP_VAR if code == LENGTH else MU_VAR])
    waits, lengths = float(facts[INFO_COUNT + WAIT]), float(facts[INFO_COUNT + LENGTH])
    doubt = waits * float(facts[MU_VAR]) + lengths * float(facts[GAP_VAR])
    return doubt / (waits + lengths) if waits + lengths > 1e-9 else 1.0


def share_of_others(facts: Any, code: int) -> float:
    """Of what the state rests on, how much came in other units than this one (0..1); 1 where it rests on nothing."""
    total = float(facts[INFO_COUNT] + facts[INFO_COUNT + 1] + facts[INFO_COUNT + 2])
    return float(1.0 - facts[INFO_COUNT + code] / total) if total > 1e-9 else 1.0


def amount(queue: QueueState, code: int, ratio: float, extra: float) -> tuple[float, float, float]:
    """Middle, 10 % and 90 % of one kind; ``extra`` is further doubt in log units."""
    if code == THROUGHPUT:
        sd = math.sqrt(queue.facts[MU_VAR] + FLOOR**2 + extra**2)
        return tuple(math.exp(queue.facts[MU] + z * sd) for z in (0.0, -Z80, Z80))  # type: ignore[return-value]
    low, middle, high = quantiles(queue.p, (0.1, 0.5, 0.9))
    others, relation = share_of_others(queue.facts, code), relation_doubt(queue.facts, code)
    spread = math.sqrt(FLOOR**2 + extra**2 + others**2 * relation)
    held = math.exp(queue.facts[HELD + code])  # as often as authorities' readings lay outside, see holding.py
    low = middle - held * math.hypot(narrowed(middle - low), Z80 * spread)
    high = middle + held * math.hypot(narrowed(high - middle), Z80 * spread)
    if extra > 0.0:  # a range in a quarrel holds both camps
        low, high = min(low, *other_camps(queue), high), max(high, *other_camps(queue), low)
    unit = {COUNT: 1.0, LENGTH: math.exp(queue.facts[GAP]) / ratio, WAIT: 60.0 * math.exp(-queue.facts[MU])}[code]
    return tuple(max(0.0, math.expm1(x)) * unit for x in (middle, low, high))  # type: ignore[return-value]


def narrowed(half: float) -> float:
    """Half a range of the grid (log units) as it is told.

    >>> round(narrowed(0.6), 3), narrowed(0.0), narrowed(0.1) / 0.1 < narrowed(2.0) / 2.0
    (0.216, 0.0, True)
    """
    bent = (half / TYPICAL) ** BENT if half > 0.0 else NARROWEST
    return NARROW * half * min(WIDEST, max(NARROWEST, bent))


def passage_odds(queue: QueueState) -> list[tuple[str, float]]:
    """Each option and "unknown", likeliest first."""
    known = float(queue.facts[KNOWN])
    odds = [(option, float(queue.facts[PASS + k]) * known) for k, option in enumerate(OPTIONS)]
    odds.append(("unknown", 1.0 - known))
    return sorted(odds, key=lambda pair: (-pair[1], pair[0]))
