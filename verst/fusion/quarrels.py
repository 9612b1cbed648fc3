"""When people say things that cannot both be so, and what that does to a range."""

from __future__ import annotations

import math
from collections.abc import Sequence

from verst.fusion.grid import LOW_W, LOW_Y, NEAR_W, PAST, TICK, QueueState
from verst.fusion.opinions import weighted_quantile
from verst.fusion.place import Told
from verst.fusion.rows import OFFICIAL, WITNESS
from verst.model import Kind

ONE_WITNESS = 0.9  # more than one person of standing makes a camp
FAR = 0.9  # amounts so far from the middle (log) belong to another camp


def unverified(told: Sequence[Told]) -> bool:
    """True when all of it goes back to one root that nobody at the place and no authority has confirmed."""
    if any(each.row.tier in (OFFICIAL, WITNESS) and each.weight > 0.02 and not each.row.denies for each in told):
        return False
    return len({each.row.root for each in told if each.weight > 0.01 and not each.row.denies}) <= 1


def disputed(kind: Kind, told: Sequence[Told], at: float, queue: QueueState | None) -> bool:
    """True when people of the last hours say things that cannot both be so; ``queue``: whose figure it is, if any."""
    recent = [each for each in told if at - each.row.t <= 720.0 and each.row.kind == kind.id]
    if any(each.row.denies for each in recent) and any(not each.row.denies for each in recent):
        return True
    if kind.shape == "amount" and queue is not None:
        return camps_disagree(queue)
    said = [each for each in recent if not each.row.denies]
    if kind.shape != "amount":
        return _split([(str(each.row.value), each.weight) for each in said])
    if sum(each.weight for each in said) < 0.3:
        return False
    middle = weighted_quantile([(_figure(each), each.weight) for each in said], 0.5)
    far = [each.weight for each in said if abs(_figure(each) - middle) > FAR]
    return sum(far) > 0.3 * sum(each.weight for each in said)


def camps_disagree(queue: QueueState) -> bool:
    """True when a camp far from the middle is too heavy, or too many, to be stray figures.

    One in seven figures is far off in the calmest crowd; of few figures, chance makes more.
    """
    near_w, low_w, high_w, near_n, low_n, high_n = queue.facts[NEAR_W : NEAR_W + 6].tolist()
    weight, number = near_w + low_w + high_w, near_n + low_n + high_n
    few = 0.06 if jumped(queue) else 0.16
    heavy = max(low_w, high_w) > (few + 0.6 / (1.0 + weight)) * weight
    many = max(low_n, high_n) > (0.25 + 1.0 / (1.0 + number)) * number
    return bool((heavy and weight > 0.3) or (many and number >= 3.0))


def jumped(queue: QueueState) -> bool:
    """True when the middle moved further in six hours than queues do: whoever still says otherwise may be right."""
    now, medians = int(queue.facts[TICK] // 6), queue.past.tolist()
    past = [each for each in (medians[(now - lag) % PAST] for lag in range(12)) if not math.isnan(each)]
    if not past:
        return False
    most, least = (math.log(10.0 + math.expm1(each)) for each in (max(past), min(past)))
    return most - least > FAR  # among few vehicles every change is a leap


def other_camps(queue: QueueState) -> list[float]:
    """Where those stand who are far from the middle and not few, in log1p vehicles."""
    facts, total = queue.facts, queue.facts[NEAR_W : NEAR_W + 3].sum()
    return [
        float(facts[LOW_Y + side] / facts[LOW_W + side])
        for side in (0, 1)
        if facts[LOW_W + side] > max(ONE_WITNESS, 0.1 * total)
    ]


def _figure(told: Told) -> float:
    return _on_scale(0.5 * (told.row.low + told.row.high))


def _on_scale(value: float) -> float:
    """Amounts on a scale of ratios; a change of flow may be below nought."""
    return math.copysign(math.log1p(abs(value)), value)


def _split(said: list[tuple[str, float]]) -> bool:
    sums: dict[str, float] = {}
    friends = {"open": "passing", "moving": "passing", "free": "passing", "closed": "stopped", "paused": "stopped"}
    for option, weight in said:
        sums[friends.get(option, option)] = sums.get(friends.get(option, option), 0.0) + weight
    total = sum(sums.values())
    return total > 0.3 and max(sums.values()) < 0.7 * total
