"""Running one queue forward in silence: flow carries it, doubt grows. Nothing ever turns into open or free."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from verst.fusion.grid import (
    BETWEEN_CELLS,
    CELLS,
    CENTRE,
    GAP_PRIOR_VAR,
    GAP_VAR,
    HELD,
    HIGH_Y,
    INFO_COUNT,
    KNOWN,
    LIVELY,
    LOG_Q,
    MU,
    MU_PRIOR_VAR,
    MU_VAR,
    NEAR_W,
    PACE,
    PASS,
    PAST,
    RATE,
    RATES,
    READ,
    REST,
    SCALE,
    SPREAD,
    STEP,
    TICK,
    TURN,
    WIDTH,
    Q,
)  # fmt: skip
from verst.fusion.kernels import COMPILED, compiled

DRIFT = 0.02  # diffusion to neighbours a step
BRISK = 0.17  # net flow against the service, set on the series that bench.nowcast --set shows
FORGET = 1.0 - math.exp(-STEP / (72 * 60.0))  # towards an ordinary queue, in silence
LEARN_LIVELY, LEAST_LIVELY, MOST_LIVELY = 0.1, -2.0, 2.0
CALM = float((REST * RATE * RATE).sum())  # mean square of net flow when nothing is known of it
TINY = 1e-9  # mass not worth carrying; what is usual comes back in every step
STOP, RESUME = 0.0015, 0.01  # chance in a step that a border stops, that a stopped one goes on
UNKNOWN = math.exp(-math.log(2.0) * STEP / 240.0)  # what is known of passage halves in four hours
FADE_TALK = math.exp(-math.log(2.0) * STEP / 120.0)
FADE_HELD = math.exp(-STEP / (20 * 24 * 60.0))  # how ranges held, over twenty days
FADE = math.exp(-STEP / (24 * 60.0))  # which relation the state rests on, over a day


@compiled
def quantile_of(p: Any, share: float) -> float:
    """The log1p Q below which a share of the probability lies."""
    total = 0.0
    for i in range(CELLS):
        mass = 0.0
        for j in range(RATES):
            mass += p[i, j]
        if total + mass >= share:
            low = LOG_Q[i - 1] if i > 0 else 0.0
            return float(low + (LOG_Q[i] - low) * (share - total) / mass)
        total += mass
    return float(LOG_Q[CELLS - 1])


@compiled
def median_of(p: Any) -> float:
    """Median of log1p Q."""
    return quantile_of(p, 0.5)


LOWEST, NOTCH, NOTCHES = math.log(5.0) - 2.0, 0.1, 90  # paces for which the carrying is worked out beforehand


EASE = (Q + 4.0) / (Q + 60.0)  # an empty border stays calm: what comes is served at once


def carrying() -> Any:
    """Where each cell's mass goes in a step, in cells: shape (NOTCHES, RATES, CELLS), by notch of log pace."""
    pace = np.exp(LOWEST + NOTCH * np.arange(NOTCHES))
    step = pace[:, None, None] * (BRISK * RATE / PACE)[None, :, None] * EASE[None, None, :] * STEP / 60.0
    return np.minimum(np.log1p(np.maximum(0.0, Q[None, None, :] + step) / SCALE) / WIDTH, CELLS - 1.000001)


CARRY = carrying()


@compiled
def move(p: Any, pace: float, brisk: float, halted: float, carry: Any) -> Any:
    """The grid five minutes on: net flow carries the queue; a pause stops the serving and lets arrivals on."""
    moved = np.zeros((CELLS, RATES))
    notch = min(NOTCHES - 1, max(0, round((math.log(pace * brisk) - LOWEST) / NOTCH)))
    for j in range(RATES):
        step = BRISK * brisk * RATE[j] / PACE * pace * STEP / 60.0
        stop = halted * pace * STEP / 60.0
        for i in range(CELLS):
            mass = p[i, j]
            if mass < TINY:
                continue
            u = carry[notch, j, i]
            if halted > 0.0:
                u = min(CELLS - 1.000001, math.log1p(max(0.0, Q[i] + step * EASE[i] + stop) / SCALE) / WIDTH)
            k = int(u)
            moved[k, j] += mass * (1.0 - (u - k))
            moved[k + 1, j] += mass * (u - k)
    return moved


@compiled
def turn(moved: Any, centre: float) -> Any:
    """Net flow changes, neighbours blur, and a little returns to what is usual."""
    turned = np.zeros((CELLS, RATES))
    for i in range(CELLS):
        for j in range(RATES):
            mass = moved[i, j]
            if mass < TINY:
                continue
            for k in range(RATES):
                turned[i, k] += mass * TURN[j, k]
    mixed = np.zeros((CELLS, RATES))
    plain = np.zeros(CELLS)
    for i in range(CELLS):
        z = (LOG_Q[i] - centre) / SPREAD
        plain[i] = math.exp(-0.5 * z * z) * BETWEEN_CELLS[i]
    plain /= plain.sum()
    total = 0.0
    for i in range(CELLS):
        low, high = max(i - 1, 0), min(i + 1, CELLS - 1)
        for k in range(RATES):
            blurred = (1.0 - DRIFT) * turned[i, k] + 0.5 * DRIFT * (turned[low, k] + turned[high, k])
            mixed[i, k] = (1.0 - FORGET) * blurred + FORGET * plain[i] * REST[k]
            total += mixed[i, k]
    return mixed / total


def move_plainly(p: Any, pace: float, brisk: float, halted: float, carry: Any) -> Any:
    """`move` without numba: whole arrays at once."""
    notch = min(NOTCHES - 1, max(0, round((math.log(pace * brisk) - LOWEST) / NOTCH)))
    u = carry[notch].T
    if halted > 0.0:
        step = BRISK * brisk * RATE / PACE * pace * STEP / 60.0
        moved_to = Q[:, None] + step[None, :] * EASE[:, None] + halted * pace * STEP / 60.0
        u = np.minimum(CELLS - 1.000001, np.log1p(np.maximum(0.0, moved_to) / SCALE) / WIDTH)
    mass, k, column = np.where(p < TINY, 0.0, p), u.astype(int), np.broadcast_to(np.arange(RATES), p.shape)
    moved = np.zeros((CELLS, RATES))
    np.add.at(moved, (k, column), mass * (1.0 - (u - k)))
    np.add.at(moved, (k + 1, column), mass * (u - k))
    return moved


def turn_plainly(moved: Any, centre: float) -> Any:
    """`turn` without numba: whole arrays at once."""
    turned = np.where(moved < TINY, 0.0, moved) @ TURN
    plain = np.exp(-0.5 * ((LOG_Q - centre) / SPREAD) ** 2) * BETWEEN_CELLS
    below, above = np.vstack([turned[:1], turned[:-1]]), np.vstack([turned[1:], turned[-1:]])
    mixed = (1.0 - FORGET) * ((1.0 - DRIFT) * turned + 0.5 * DRIFT * (below + above))
    mixed += FORGET * (plain / plain.sum())[:, None] * REST[None, :]
    return mixed / mixed.sum()


if not COMPILED:  # pragma: no cover - the machine without numba
    move, turn = move_plainly, turn_plainly


@compiled
def livelier(p: Any, lively: float) -> float:
    """How lively this queue is, as a log: flows found larger than expected raise it, smaller ones lower it."""
    square = 0.0
    for j in range(RATES):
        mass = 0.0
        for i in range(CELLS):
            mass += p[i, j]
        square += mass * RATE[j] * RATE[j]
    return min(MOST_LIVELY, max(LEAST_LIVELY, 0.999 * lively + LEARN_LIVELY * (square / CALM - 1.0)))


@compiled
def pass_time(p: Any, past: Any, facts: Any, until: float, carry: Any) -> Any:
    """Run the state forward to the step that holds minute ``until``; doubt grows, nothing turns into open or free."""
    last = math.floor(until / STEP)
    if last - facts[TICK] > 20 * 288:  # twenty days of silence: all is forgotten but the scale
        facts[TICK] = last - 20 * 288
    while facts[TICK] < last:
        facts[TICK] += 1
        halted = (facts[PASS + 1] + facts[PASS + 2]) * facts[KNOWN]
        halted = max(0.0, 2.0 * halted - 1.0)  # only a pause more likely than not stops the serving
        pace = min(600.0, max(5.0, math.exp(facts[MU])))
        p = turn(move(p, pace, math.exp(facts[LIVELY]), halted, carry), facts[CENTRE])
        facts[MU_VAR] += (MU_PRIOR_VAR - facts[MU_VAR]) * 0.002
        facts[GAP_VAR] += (GAP_PRIOR_VAR - facts[GAP_VAR]) * 0.0003
        facts[KNOWN] *= UNKNOWN
        for k in range(NEAR_W, HIGH_Y + 1):
            facts[k] *= FADE_TALK
        for k in range(HELD, READ + 3):
            facts[k] *= FADE_HELD
        facts[INFO_COUNT] *= FADE
        facts[INFO_COUNT + 1] *= FADE
        facts[INFO_COUNT + 2] *= FADE
        stopped = STOP * (facts[PASS] + facts[PASS + 3] + facts[PASS + 4])
        started = RESUME * (facts[PASS + 1] + facts[PASS + 2])
        for k in range(5):
            stays, comes = (1.0 - RESUME, 0.5 * stopped) if k == 1 or k == 2 else (1.0 - STOP, started / 3.0)
            facts[PASS + k] = stays * facts[PASS + k] + comes
        if facts[TICK] % 6 == 0:
            middle = median_of(p)
            past[int(facts[TICK] // 6) % PAST] = middle
            facts[CENTRE] += 0.0015 * (middle - facts[CENTRE])  # what is usual here, over two weeks
            facts[LIVELY] = livelier(p, facts[LIVELY])
    return p
