"""Ranges that hold as often as they say, kept so while the border changes: adaptive conformal inference.

An authority's reading, or what the desk confirmed, is the nearest there is to the truth. Each is compared with the
range that would have been told the moment before: where it lies outside, ranges of that kind at that queue are told
wider from then on, where it lies inside a little narrower, so that one in five lies outside. The crowd's own word moves
nothing: people in one queue are wrong together, and a range set by them would be narrow when they are. Gibbs and
Candès, 2021.
"""

from __future__ import annotations

import math
from typing import Any

from verst.fusion.answers import FLOOR, Z80, narrowed, relation_doubt, share_of_others
from verst.fusion.grid import HELD, INFO_COUNT, READ
from verst.fusion.kernels import compiled
from verst.fusion.rows import WAIT
from verst.fusion.stepping import quantile_of

PATIENCE = 0.1  # how fast it follows; set on the series that bench.nowcast --set shows
EAGER = 4.0  # the first reading moves it so many times as far, and this many readings half of that
LEAST, MOST = -0.9, 1.4  # at most 2.5 times as narrow, four times as wide (log)
RESTS_ON = 0.3  # units said before; a first guess is nobody's range
HALF = 0.5  # of a vehicle, or of a minute: readings are rounded

_narrowed, _relation, _others = compiled(narrowed), compiled(relation_doubt), compiled(share_of_others)


@compiled
def is_reading(claim: Any) -> bool:
    """Whether a claim, as `verst.fusion.running` tells them, is an authority's own figure of the last hour, no copy."""
    figure = claim[0] < 3.0 and (claim[3] == 0.0 or claim[3] == 3.0)
    return bool(figure and claim[6] > 0.0 and claim[4] <= 60.0 and claim[5] >= 0.5)


@compiled
def note_reading(p: Any, facts: Any, code: int, vehicles: float, one: float) -> None:
    """Compare a reading, in vehicles, with the range of its kind as it would be told now; ``one``: of its unit."""
    if facts[INFO_COUNT] + facts[INFO_COUNT + 1] + facts[INFO_COUNT + 2] < RESTS_ON:
        return
    middle, share = quantile_of(p, 0.5), _others(facts, code)
    spread = Z80 * math.sqrt(FLOOR * FLOOR + share * share * _relation(facts, code))
    wider = math.exp(facts[HELD + code])
    low = middle - wider * math.hypot(_narrowed(middle - quantile_of(p, 0.1)), spread)
    high = middle + wider * math.hypot(_narrowed(quantile_of(p, 0.9) - middle), spread)
    rounded = HALF * max(1.0, one) if code == WAIT else HALF
    inside = math.expm1(low) - rounded <= vehicles <= math.expm1(high) + rounded
    pace = PATIENCE * max(1.0, EAGER / (1.0 + facts[READ + code] / EAGER))
    moved = facts[HELD + code] + (-0.2 if inside else 0.8) * pace
    facts[HELD + code] = min(MOST, max(LEAST, moved))
    facts[READ + code] += 1.0
