"""Telling one queue what was claimed; `verst.fusion.grid` holds the state, `verst.fusion.stepping` runs it on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from verst.fusion.grid import (
    CELLS,
    GAP,
    GAP_VAR,
    INFO_COUNT,
    KNOWN,
    LOG_Q,
    LOW_Y,
    MU,
    MU_VAR,
    NEAR_N,
    NEAR_W,
    PACE_TOLD,
    PASS,
    PAST,
    RATES,
    TICK,
    Q,
)  # fmt: skip
from verst.fusion.holding import is_reading, note_reading
from verst.fusion.kernels import compiled, t3, t3_below
from verst.fusion.stepping import median_of, pass_time

FAR = 0.75  # figures so far from the middle (log) belong to another camp
FREE, FEW = 4, 10.0  # "no queue" is an option of passage, and says at most that many vehicles
OVERSTATED = 0.03  # people overstate what they see (log); set on the series that bench.nowcast --set shows

TREND = (
    0.2  # how far what was so earlier is carried on by how the queue moved since; near 1 waits would feed themselves
)
RHO = 0.8  # how often a claim speaks of this queue at all
# rows: what is claimed; columns: what is so (open, closed, paused, moving, free)
SAID = np.array(
    [
        [0.60, 0.03, 0.08, 0.50, 0.45],
        [0.02, 0.70, 0.25, 0.01, 0.01],
        [0.05, 0.25, 0.70, 0.03, 0.02],
        [0.40, 0.02, 0.05, 0.70, 0.20],
        [0.25, 0.02, 0.02, 0.15, 0.80],
    ]
)


@compiled
def then(past: Any, tick: float, age: float) -> float:
    """Median of log1p Q ``age`` minutes ago; nan when that was not kept."""
    steps = int(age / 30.0)
    if steps >= PAST - 1:
        return float(np.nan)
    return float(past[(int(tick // 6) - steps) % PAST])


@compiled
def background(past: Any, tick: float, y: float, sigma: float) -> float:
    """Chance of such a figure when it speaks of something else: anything, or this queue some hours ago."""
    total, count = 0.0, 0
    for lag in range(2, 14):
        middle = past[(int(tick // 6) - lag) % PAST]
        if not math.isnan(middle):
            total += t3((y - middle) / sigma) / sigma
            count += 1
    return 1.0 / 16.0 + (0.5 * total / count if count else 1.0 / 16.0)


@compiled
def log_likelihood(bound: int, low: float, high: float, extra: float, past: Any, tick: float) -> Any:
    """How well each point of the grid explains a figure (both ends in log1p vehicles), shape (CELLS,)."""
    out = np.zeros(CELLS)
    middle = 0.5 * (low + high)
    bg = background(past, tick, middle, math.sqrt(0.16 + extra)) if bound == 0 or bound == 3 else 0.5
    for i in range(CELLS):
        near = 0.30 + 0.20 / (1.0 + Q[i] / 40.0)
        sigma = math.sqrt(near * near + extra)
        if bound == 1:
            told = t3_below((LOG_Q[i] - low) / sigma)
        elif bound == 2:
            told = t3_below((high - LOG_Q[i]) / sigma)
        elif bound == 4:
            told = 1.0 - 0.9 * t3((middle - LOG_Q[i]) / sigma) / t3(0.0)
        elif high - low > 0.05:
            told = (t3_below((LOG_Q[i] - low) / sigma) - t3_below((LOG_Q[i] - high) / sigma)) / (high - low)
        else:
            told = t3((middle - LOG_Q[i]) / sigma) / sigma
        out[i] = math.log(RHO * told + (1.0 - RHO) * bg)
    return out


@compiled
def share_of_others(facts: Any, code: int) -> float:
    """Of what the state rests on, how much came in other units than this one (0..1)."""
    total = facts[INFO_COUNT] + facts[INFO_COUNT + 1] + facts[INFO_COUNT + 2]
    return float(1.0 - facts[INFO_COUNT + code] / total) if total > 1e-9 else 0.0


@compiled
def learn_relation(p: Any, facts: Any, code: int, y: float, w: float) -> None:
    """A figure in one unit beside a queue known in others tells how the units relate (a Kalman step, clipped)."""
    at = MU if code == 2 else GAP
    sign = -1.0 if code == 2 else 1.0
    middle, square = 0.0, 0.0
    for i in range(CELLS):
        mass = 0.0
        for j in range(RATES):
            mass += p[i, j]
        middle += mass * LOG_Q[i]
        square += mass * LOG_Q[i] * LOG_Q[i]
    noise = max(0.0, square - middle * middle) + 0.16
    gain = w * facts[at + 1] / (facts[at + 1] + noise)
    surprise = y - middle
    gain /= 1.0 + surprise * surprise / (2.0 * noise)  # nonsense teaches nothing
    facts[at] += sign * gain * surprise
    facts[at + 1] *= 1.0 - gain


@compiled
def in_vehicles(facts: Any, claim: Any, ratio: float) -> float:
    """Vehicles for one unit of the claim's kind."""
    if claim[0] == 2.0:
        return math.exp(facts[MU]) / 60.0
    return ratio * math.exp(-facts[GAP]) if claim[0] == 1.0 else 1.0


@compiled
def note_camp(p: Any, facts: Any, claim: Any, ratio: float) -> None:
    """Count a figure as near the middle, far below or far above, whatever it weighs: that is how quarrels show."""
    if facts[INFO_COUNT] + facts[INFO_COUNT + 1] + facts[INFO_COUNT + 2] < 0.05:
        return  # who speaks first quarrels with nobody; a first guess is no camp
    y = math.log1p(0.5 * (claim[1] + claim[2]) * in_vehicles(facts, claim, ratio))
    off = y - median_of(p)
    camp = 0 if abs(off) < FAR else (1 if off < 0.0 else 2)
    if claim[6] >= 0.0:  # hearsay makes noise, not a camp with a weight
        facts[NEAR_W + camp] += claim[5]
        if camp > 0:
            facts[LOW_Y + camp - 1] += claim[5] * y
    facts[NEAR_N + camp] += 1.0


@compiled
def tell_amount(p: Any, past: Any, facts: Any, claim: Any, ratio: float) -> None:
    """One figure: claim = code, low, high, bound, age (minutes), weight, and 1 authority, 0 witness, -1 heard."""
    code, bound, age, w = int(claim[0]), int(claim[3]), claim[4], claim[5]
    factor = in_vehicles(facts, claim, ratio)
    less = math.exp(-OVERSTATED) if claim[6] <= 0.0 else 1.0
    low, high = math.log1p(claim[1] * factor * less), math.log1p(claim[2] * factor * less)
    others = share_of_others(facts, code)
    if code == 2 and bound != 4:
        age += min(claim[1], 1440.0)  # a wait speaks of the queue when they joined it
    before = then(past, facts[TICK], age)
    now = median_of(p)
    shift = 0.0 if math.isnan(before) or age < 30.0 else max(-1.5, min(1.5, TREND * (now - before)))
    extra = min(0.6, 0.02 * age / 60.0)
    if code > 0:
        extra += others * facts[MU_VAR if code == 2 else GAP_VAR]
    told = log_likelihood(bound, low + shift, high + shift, extra, past, facts[TICK])
    if code > 0 and others > 0.1 and (bound == 0 or bound == 3):
        learn_relation(p, facts, code, 0.5 * (low + high) + shift, w * others)
    top, total = told.max(), 0.0
    for i in range(CELLS):
        gain = math.exp(w * (told[i] - top))
        for j in range(RATES):
            p[i, j] *= gain
            total += p[i, j]
    p /= total
    if bound != 4:
        facts[INFO_COUNT + code] += w if bound == 0 or bound == 3 else 0.4 * w


@compiled
def tell_pace(facts: Any, claim: Any) -> None:
    """So many an hour are let through: a reading of the pace itself."""
    seen = math.log(max(0.5, 0.5 * (claim[1] + claim[2])))
    doubt = facts[MU_VAR] + 0.12 / max(0.05, claim[5])
    surprise = max(-2.5, min(2.5, seen - facts[MU]))
    # one lane's pace is often told as the whole border's: what lies far from all else is hardly believed
    gain = facts[MU_VAR] / doubt / (1.0 + surprise * surprise / (2.0 * doubt))
    facts[MU] += gain * surprise
    facts[MU_VAR] *= 1.0 - gain
    facts[PACE_TOLD] += claim[5]


@compiled
def tell_passage(facts: Any, claim: Any) -> None:
    """Open, closed, paused, moving or free; a denial speaks for everything else."""
    option, w, total = int(claim[1]), claim[5], 0.0
    for k in range(5):
        odds = 0.85 * SAID[option, k] + 0.15 * 0.25
        if int(claim[3]) == 4:
            odds = 1.0 - 0.8 * odds
        facts[PASS + k] *= odds**w
        total += facts[PASS + k]
    for k in range(5):
        facts[PASS + k] = min(0.97, max(0.008, facts[PASS + k] / total))
    facts[KNOWN] = 1.0 - (1.0 - facts[KNOWN]) * math.exp(-1.5 * w)


@compiled
def run(p: Any, past: Any, facts: Any, times: Any, claims: Any, ratio: float, carry: Any) -> Any:
    """Tell the state all claims in order of time, running forward between; gives the new grid."""
    for n in range(times.shape[0]):
        p = pass_time(p, past, facts, times[n], carry)
        if claims[n, 0] < 3.0 and (claims[n, 3] == 0.0 or claims[n, 3] == 3.0):
            note_camp(p, facts, claims[n], ratio)
        if is_reading(claims[n]):
            one = in_vehicles(facts, claims[n], ratio)
            note_reading(p, facts, int(claims[n, 0]), 0.5 * (claims[n, 1] + claims[n, 2]) * one, one)
        if claims[n, 5] < 0.005:
            continue
        code = int(claims[n, 0])
        if code == 4:
            tell_passage(facts, claims[n])
            if int(claims[n, 1]) == FREE and int(claims[n, 3]) == 0:
                few = np.array([0.0, FEW, FEW, 2.0, claims[n, 4], 0.6 * claims[n, 5], 1.0])
                tell_amount(p, past, facts, few, ratio)
        elif code == 3:
            tell_pace(facts, claims[n])
        else:
            tell_amount(p, past, facts, claims[n], ratio)
    return p
