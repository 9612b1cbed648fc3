"""The loops themselves: compiled and plain give the same, probability stays whole, a pause lets the queue grow."""

from __future__ import annotations

import numpy as np
import pytest

from verst.fusion import stepping
from verst.fusion.grid import CELLS, LOG_Q, RATES, new_queue


@pytest.mark.parametrize("halted", [0.0, 0.7])
def test_plain_and_compiled_steps_agree(halted: float) -> None:
    chance = np.random.default_rng(3)
    p = chance.random((CELLS, RATES)) ** 4
    p /= p.sum()
    fast, slow = (
        stepping.move(p, 70.0, 1.3, halted, stepping.CARRY),
        stepping.move_plainly(p, 70.0, 1.3, halted, stepping.CARRY),
    )
    assert np.allclose(fast, slow, atol=1e-12) and fast.sum() == pytest.approx(1.0, abs=1e-5)
    assert np.allclose(stepping.turn(fast, 4.0), stepping.turn_plainly(fast, 4.0), atol=1e-12)


def test_a_pause_lets_the_queue_grow() -> None:
    p = new_queue("car", 0.0).p
    still = stepping.turn(stepping.move(p, 200.0, 1.0, 0.0, stepping.CARRY), 4.0)
    halted = stepping.turn(stepping.move(p, 200.0, 1.0, 1.0, stepping.CARRY), 4.0)
    assert stepping.median_of(halted) > stepping.median_of(still)


def test_t3_is_a_distribution() -> None:
    from verst.fusion.kernels import t3, t3_below

    u = np.linspace(-4.0, 4.0, 801)
    slope = np.gradient([t3_below(x) for x in u], u)
    assert np.allclose(slope[1:-1], [t3(x) for x in u[1:-1]], atol=1e-4)
    assert t3_below(-1e6) == pytest.approx(0.0, abs=1e-6) and t3_below(1e6) == pytest.approx(1.0, abs=1e-6)


def test_median_lies_between_points() -> None:
    p = np.zeros((CELLS, RATES))
    p[10, 7] = p[11, 7] = 0.5
    assert LOG_Q[9] < stepping.median_of(p) <= LOG_Q[10]
