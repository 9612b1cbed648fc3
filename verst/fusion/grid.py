"""The state of one queue: how many wait (on a grid of logs) and how fast that changes, how fast the border serves,
how closely vehicles stand, and whether anything passes. One state per crossing, side, direction and means.

Reads vehicles, kilometres, waits, throughput and passage; all of them move the one state. See docs/fusion.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

STEP = 5.0  # minutes between predictions
CELLS = 80  # points of log1p(Q / SCALE)
SCALE = 10.0  # small queues need a fine grid too: the first points lie one vehicle apart
TOP = 7.38  # log1p(Q / SCALE) of the last point: about 16,000 vehicles
WIDTH = TOP / (CELLS - 1)
RATES = 15  # points of net flow
PACE = 310.0  # vehicles an hour at which the flow grid below is meant; scaled by what the border serves
BEND = 3.0  # how much closer the points of flow lie about nought
PAST = 96  # medians kept, one each half hour
USUAL = 4.1  # log1p of an ordinary queue, before a crossing has shown its own
SPREAD = 1.6
OPEN_MIND = 0.9  # of the first guess, how much is spread evenly over all queues (on the scale of logs)

# where each figure lies in QueueState.facts
TICK, MU, MU_VAR, GAP, GAP_VAR, INFO_COUNT, INFO_LENGTH, INFO_WAIT, KNOWN, PASS, PACE_TOLD, CENTRE, LIVELY = (
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 15, 16,
)  # fmt: skip
# what was said lately (it halves in two hours), by weight and by number: near the middle, far below, far above; and
# the weighted sums of the figures far below and far above
NEAR_W, LOW_W, HIGH_W, NEAR_N, LOW_N, HIGH_N, LOW_Y, HIGH_Y = range(18, 26)
HELD = 26  # how much wider (log) than the grid says ranges are told: of vehicles, of kilometres, of waits
READ = 29  # … and how many readings that rests on
FACTS = 32

SERVED = {"car": 60.0, "any": 60.0, "truck": 15.0, "bus": 6.0, "foot": 150.0, "bicycle": 50.0, "motorcycle": 30.0}
MU_PRIOR_VAR = 0.9**2
GAP_PRIOR_VAR = 0.6**2
SPACING = {"truck": 18.0, "bus": 15.0, "foot": 0.4, "bicycle": 1.2, "motorcycle": 2.5}  # metres; cars: the crossing's


def cells() -> Any:
    """Vehicles at each point of the grid, shape (CELLS,)."""
    return SCALE * np.expm1(np.arange(CELLS) * WIDTH)


def rates() -> Any:
    """Net flow at each point in vehicles an hour when the pace is PACE, shape (RATES,), sinh-spaced."""
    z = np.linspace(-1.0, 1.0, RATES)
    return 900.0 * np.sinh(BEND * z) / math.sinh(BEND)


def turning() -> Any:
    """Chance of each net flow after a step, given the one before: Ornstein-Uhlenbeck, tau 2 h, sd 220."""
    r, keep = rates(), math.exp(-STEP / 120.0)
    sd = 220.0 * math.sqrt(1.0 - keep * keep)
    move = np.exp(-0.5 * ((r[None, :] - keep * r[:, None]) / sd) ** 2) * np.gradient(r)[None, :]
    return move / move.sum(axis=1, keepdims=True)


def resting() -> Any:
    """How net flow is spread when nothing is known of it, shape (RATES,)."""
    r = rates()
    calm = np.exp(-0.5 * (r / 220.0) ** 2) * np.gradient(r)
    return calm / calm.sum()


Q = cells()
LOG_Q = np.log1p(Q)
BETWEEN_CELLS = np.gradient(LOG_Q)
RATE = rates()
TURN = turning()
REST = resting()


def usual(centre: float) -> Any:
    """Queues as they ordinarily are: log-normal about ``centre`` (log1p vehicles), shape (CELLS,)."""
    p = np.exp(-0.5 * ((LOG_Q - centre) / SPREAD) ** 2) * np.gradient(LOG_Q)
    return p / p.sum()


@dataclass(slots=True)
class QueueState:
    """``p``: (CELLS, RATES) probabilities; ``past``: (PAST,) medians of log1p Q by half hour; ``facts``: (FACTS,)."""

    p: Any
    past: Any
    facts: Any

    def copy(self) -> QueueState:
        """A checkpoint: shares nothing with this one."""
        return QueueState(self.p.copy(), self.past.copy(), self.facts.copy())


def new_queue(mode: str, t: float) -> QueueState:
    """A queue of which nobody has said anything, at minute ``t``."""
    facts = np.zeros(FACTS)
    facts[TICK] = math.floor(t / STEP)
    facts[MU], facts[MU_VAR] = math.log(SERVED.get(mode, 60.0)), MU_PRIOR_VAR
    facts[GAP_VAR] = GAP_PRIOR_VAR
    facts[PASS : PASS + 5] = 0.2
    facts[CENTRE] = USUAL
    anything = BETWEEN_CELLS / BETWEEN_CELLS.sum()  # a lone witness of a long queue must not drown in what is usual
    first = (1.0 - OPEN_MIND) * usual(USUAL) + OPEN_MIND * anything
    return QueueState(first[:, None] * REST[None, :], np.full(PAST, np.nan), facts)
