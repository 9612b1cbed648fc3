"""The inner loops: weighing voices and running the grid. Compiled by numba where there is one, plain Python elsewhere.

Importing this module imports numba; `verst.fusion` does so only when the first report comes.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from verst.fusion.voices import (
    COMMUNITY_CAP,
    COMPANY,
    CONFIRMED,
    HEARD_A_DAY,
    HOUR,
    LEAST,
    LONE_AT_LEAST,
    OPINION,
    PROVEN_AFTER,
    PROVEN_CLAIMS,
    TIER_CAPS,
    UNPROVEN_ALONE,
    UNPROVEN_CAP,
    UNPROVEN_TURN,
)

F = TypeVar("F", bound=Callable[..., Any])
try:
    import numba

    COMPILED = True
except ImportError:  # pragma: no cover - the machine without numba
    COMPILED = False


LOOPS = ("answers.py", "grid.py", "holding.py", "kernels.py", "rows.py", "running.py", "stepping.py", "voices.py")


def stamp() -> str:
    """A number for the sources of the loops: machine code keeps constants of other files, so all of them count."""
    folder = Path(__file__).parent
    return f"{zlib.crc32(b''.join((folder / name).read_bytes() for name in LOOPS if (folder / name).exists())):08x}"


def compiled(function: F) -> F:
    """The function as machine code, kept on disk between runs; the function itself where numba is missing."""
    if not COMPILED:
        return function
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(Path(__file__).parent / "__pycache__" / f"loops-{STAMP}")
    try:
        return cast(F, numba.njit(cache=True)(function))
    finally:
        settings.CACHE_DIR = before


STAMP = stamp()
CAPS = np.array(TIER_CAPS)


@compiled
def t3(u: float) -> float:
    """Density of Student's t with 3 degrees of freedom."""
    a = 1.0 + u * u / 3.0
    return 0.36755259694786135 / (a * a)


@compiled
def t3_below(u: float) -> float:
    """Probability that Student's t with 3 degrees of freedom lies below u."""
    a = u / 1.7320508075688772
    return 0.5 + (a / (1.0 + a * a) + math.atan(a)) / math.pi


@compiled
def standing(people: Any, author: int, t: float) -> bool:
    """Note that this person spoke; True when known long enough. The one unseen longest makes room."""
    oldest, at = 0, people[0, 2]
    for k in range(people.shape[0]):
        if people[k, 0] == author:
            people[k, 2] = int(t)
            people[k, 3] += 1
            return bool(t - people[k, 1] >= PROVEN_AFTER and people[k, 3] > PROVEN_CLAIMS)
        newcomer = people[k, 3] <= PROVEN_CLAIMS
        key = people[k, 2] if newcomer else people[k, 2] + 7 * 1440
        if people[k, 0] == 0:
            key = -1
        if key < at or k == 0:
            oldest, at = k, key
    people[oldest, 0], people[oldest, 1], people[oldest, 2], people[oldest, 3] = author, int(t), int(t), 1
    return False


@compiled
def said_before(who: Any, figures: Any, row: Any, t: float, x: float, tier: int, discrete: bool) -> Any:
    """What the ring holds that speaks to this claim: a copy, repeats, and how much of each budget is used."""
    # copy, same figure, same author, community, newcomers, heard, denials, tier, others of standing, those who agree,
    # and of the last two hours: claims, what they were granted, and how many say about the same
    # and what newcomers who say the same were granted, fading slowly
    # and what people of standing said of late, whatever it was
    used = np.zeros(15)
    for k in range(who.shape[0]):
        age = t - figures[k, 0]
        if who[k, 0] != row[0] or age > 4 * 1440.0:
            continue
        near, kind = abs(figures[k, 1] - x), int(figures[k, 3])
        if kind >= 16:
            if near < (0.5 if discrete else 0.12):
                used[6] += math.exp(-age / 1440.0) * figures[k, 2]
            continue
        if who[k, 1] == row[1]:
            used[0] = 1.0
        if kind % 8 == tier and age < 2 * HOUR:
            used[10] += 1.0
            used[11] += figures[k, 2]
            used[12] += 1.0 if near < OPINION and figures[k, 2] > 0.0 else 0.0
        if who[k, 2] == row[2]:
            used[2] += math.exp(-age / HOUR)
        if kind < 2 and age < (24 * HOUR if discrete else 6 * HOUR):
            used[8] += figures[k, 2]
            lately = math.exp(-age / (2 * HOUR)) * figures[k, 2] / 2.0
            used[14] += lately
            if near < (0.5 if discrete else OPINION):
                used[9] += lately
        if near < (0.5 if discrete else OPINION):  # each opinion has budgets of its own: a flood cannot starve another
            slow = math.exp(-age / (24 * HOUR if discrete else 2 * HOUR)) * figures[k, 2]
            budgets(used, who[k, 3] == row[3] and row[3] != 0, kind, tier, math.exp(-age / HOUR) * figures[k, 2], slow)
        repeats(used, near, x, kind, tier, discrete, age, figures[k, 2])
    return used


@compiled
def repeats(used: Any, near: float, x: float, kind: int, tier: int, discrete: bool, age: float, weight: float) -> None:
    """Add an earlier claim of the same figure: it may be a paraphrase; what is only heard has a budget per figure."""
    if not discrete and near < 0.02 and tier >= 2:
        used[1] += math.exp(-age / 1440.0)  # many who look at one queue say one figure: only repeating adds nothing
    if kind % 8 >= 2 and tier >= 2 and near < (0.5 if discrete else 0.25):
        used[5] += math.exp(-age / 1440.0) * weight


@compiled
def budgets(used: Any, neighbour: bool, kind: int, tier: int, hour: float, slow: float) -> None:
    """Add what an earlier claim of the same tier took of the community's, the newcomers' or the tier's budget."""
    if kind % 8 != tier:
        return
    if neighbour:
        used[3] += hour
    used[4 if kind >= 8 else 7] += hour
    if kind >= 8:
        used[13] += slow


@compiled
def left_for_newcomers(used: Any, discrete: bool) -> float:
    """What newcomers together may still add to this figure or option.

    Beside people of standing: little for hours (for a day, where it is about open or closed: newcomers alone turn
    nothing), but more as people of standing say the same. Where nobody of standing speaks they are all there is.
    """
    if used[8] < 0.2:
        return float(UNPROVEN_ALONE - used[4])
    if discrete and (used[9] < 0.5 or used[9] < 0.4 * used[14]):
        return float(UNPROVEN_TURN + CONFIRMED * used[9] * used[9] / (used[14] + 0.1) - used[13])
    return float(UNPROVEN_CAP + CONFIRMED * used[9] - used[4] if used[9] > 0.1 else UNPROVEN_CAP - used[13])


@compiled
def discounted(used: Any, full: float, discrete: bool, denial: bool) -> Any:
    """Weight after what was said before, and why: denied, alone in a crowd, repeated, or said by the same person."""
    w, note = full, 0
    if used[6] > 0 and not denial:
        w, note = w / (1.0 + 2.0 * used[6]), 7
    if used[12] < COMPANY and not discrete and used[10] > COMPANY:
        granted = max(LONE_AT_LEAST, used[11] / (used[10] * full))
        if granted < 1.0:
            w, note = w * granted, 9
    if used[1] > 0.2:
        w, note = w / (1.0 + used[1]), 2
    if used[2] > 0.2:
        w, note = w / (1.0 + used[2]), 3
    return w, note


@compiled
def within_budgets(used: Any, w: float, note: int, tier: int, discrete: bool, newcomer: bool) -> Any:
    """Weight as far as the budgets of its chat, its tier and of newcomers reach, and why."""
    if w > COMMUNITY_CAP - used[3]:
        w, note = max(0.0, COMMUNITY_CAP - used[3]), 4
    left = left_for_newcomers(used, discrete) if newcomer else CAPS[tier] - used[7]
    if w > left:
        w, note = max(0.0, left), 5 if newcomer else 8
    if tier >= 2:
        share = HEARD_A_DAY * (2.0 if tier == 2 else 1.0) - used[5]
        if w > share:
            w, note = max(0.0, share), 6
    return w, note


@compiled
def weigh(who: Any, figures: Any, people: Any, after: Any, rows: Any, claims: Any, weights: Any, notes: Any) -> None:
    """Weigh claims in order of time. rows: slot, root, author, community, discrete, denial; claims: minute, log
    value, tier, weight at best. Writes weights (0..1) and why each was discounted (index into voices.NOTES)."""
    for n in range(rows.shape[0]):
        t, x, tier = claims[n, 0], claims[n, 1], int(claims[n, 2])
        discrete, denial = rows[n, 4] == 1, rows[n, 5] == 1
        proven = standing(people, rows[n, 2], t)
        used = said_before(who, figures, rows[n], t, x, tier, discrete)
        w, note = 0.0, 1
        if used[0] == 0.0:
            w, note = discounted(used, claims[n, 3], discrete, denial)
            w, note = within_budgets(used, w, note, tier, discrete, tier == 1 and not proven)
        w = w if w >= LEAST else 0.0
        weights[n], notes[n] = w, (note if w < 0.95 * claims[n, 3] else 0)
        if w == 0.0:  # a flood must not wash out the memory of those who counted
            continue
        k = after[0]
        who[k, 0], who[k, 1], who[k, 2], who[k, 3] = rows[n, 0], rows[n, 1], rows[n, 2], rows[n, 3]
        figures[k, 0], figures[k, 1], figures[k, 2] = t, x, w
        figures[k, 3] = tier + (8 if tier == 1 and not proven else 0) + (16 if denial else 0)
        after[0] = (k + 1) % who.shape[0]
