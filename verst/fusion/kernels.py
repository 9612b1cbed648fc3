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
    HEARD_A_DAY,
    HOUR,
    OPINION,
    PROVEN_AFTER,
    PROVEN_CLAIMS,
    TIER_CAPS,
    UNPROVEN_ALONE,
    UNPROVEN_CAP,
)

F = TypeVar("F", bound=Callable[..., Any])
try:
    import numba

    COMPILED = True
except ImportError:  # pragma: no cover - the machine without numba
    COMPILED = False


LOOPS = ("grid.py", "kernels.py", "running.py", "stepping.py", "voices.py")


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
    used = np.zeros(9)  # copy, same figure, same author, community, newcomers, heard, denials, tier, others of standing
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
        if who[k, 2] == row[2]:
            used[2] += math.exp(-age / HOUR)
        if kind < 2 and age < 6 * HOUR:
            used[8] += figures[k, 2]
        if near < (0.5 if discrete else OPINION):  # each opinion has budgets of its own: a flood cannot starve another
            budgets(used, who[k, 3] == row[3] and row[3] != 0, kind, tier, math.exp(-age / HOUR) * figures[k, 2])
        repeats(used, near, x, kind, tier, discrete, age, figures[k, 2])
    return used


@compiled
def repeats(used: Any, near: float, x: float, kind: int, tier: int, discrete: bool, age: float, weight: float) -> None:
    """Add an earlier claim of the same figure: it may be a paraphrase; what is only heard has a budget per figure."""
    if not discrete and near < 0.02:
        if tier < 2:  # many see "no cars" or "20 cars" at once; few invent the same large figure
            used[1] += math.exp(-age / (3 * HOUR)) * min(1.0, x / 6.0) ** 2
        else:
            used[1] += math.exp(-age / 1440.0)
    if kind % 8 >= 2 and tier >= 2 and near < (0.5 if discrete else 0.25):
        used[5] += math.exp(-age / 1440.0) * weight


@compiled
def budgets(used: Any, neighbour: bool, kind: int, tier: int, hour: float) -> None:
    """Add what an earlier claim of the same tier took of the community's, the newcomers' or the tier's budget."""
    if kind % 8 != tier:
        return
    if neighbour:
        used[3] += hour
    used[4 if kind >= 8 else 7] += hour


@compiled
def weigh(who: Any, figures: Any, people: Any, after: Any, rows: Any, claims: Any, weights: Any, notes: Any) -> None:
    """Weigh claims in order of time. rows: slot, root, author, community, discrete, denial; claims: minute, log
    value, tier, weight at best. Writes weights (0..1) and why each was discounted (index into voices.NOTES)."""
    for n in range(rows.shape[0]):
        t, x, tier, w = claims[n, 0], claims[n, 1], int(claims[n, 2]), claims[n, 3]
        discrete, denial = rows[n, 4] == 1, rows[n, 5] == 1
        proven = standing(people, rows[n, 2], t)
        used = said_before(who, figures, rows[n], t, x, tier, discrete)
        note = 0
        full = w
        if used[0] > 0:
            w, note = 0.0, 1
        else:
            if used[6] > 0 and not denial:
                w, note = w / (1.0 + 2.0 * used[6]), 7
            if used[1] > 0.2:
                w, note = w / (1.0 + used[1]), 2
            if used[2] > 0.2:
                w, note = w / (1.0 + used[2]), 3
            if w > COMMUNITY_CAP - used[3]:
                w, note = max(0.0, COMMUNITY_CAP - used[3]), 4
            newcomer = tier == 1 and not proven
            cap = (UNPROVEN_CAP if used[8] > 0.5 else UNPROVEN_ALONE) if newcomer else CAPS[tier]
            left = cap - (used[4] if newcomer else used[7])
            if w > left:
                w, note = max(0.0, left), 5 if newcomer else 8
            if tier >= 2:
                share = HEARD_A_DAY * (2.0 if tier == 2 else 1.0) - used[5]
                if w > share:
                    w, note = max(0.0, share), 6
        weights[n], notes[n] = w, (note if w < 0.95 * full else 0)
        k = after[0]
        who[k, 0], who[k, 1], who[k, 2], who[k, 3] = rows[n, 0], rows[n, 1], rows[n, 2], rows[n, 3]
        figures[k, 0], figures[k, 1], figures[k, 2] = t, x, w
        figures[k, 3] = tier + (8 if tier == 1 and not proven else 0) + (16 if denial else 0)
        after[0] = (k + 1) % who.shape[0]
