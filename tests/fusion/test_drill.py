"""The drill: the calm crowd is believed, the lying one is not, and the table does not change."""

from __future__ import annotations

import pytest

from verst.fusion.drill import ATTACKS, START, honest_posts, pictures, run, true_wait


@pytest.mark.parametrize("rate", [5.0, 30.0])
def test_waits_alone_do_not_feed_themselves(rate: float) -> None:
    for (kind, at), each in pictures(honest_posts(1, rate)).items():
        if kind == "wait":
            truth = true_wait((at - START).total_seconds() / 3600.0)
            assert isinstance(each.value, float) and abs(each.value / truth - 1.0) < 0.4, (at, each.value, truth)


def test_thirty_honest_voices_hold_against_every_attack() -> None:
    for line in run(seed=2, honest=(30.0,)):
        assert line.moved < 0.2 and not line.flipped, line
        assert line.attack in ("a little more", "stale crowd") or (line.disputed > 0.9 and line.wider > 1.2), line


def test_newcomers_alone_never_close_a_border() -> None:
    for line in run(seed=3, honest=(5.0,), attacks=[each for each in ATTACKS if each != "aged accounts"]):
        assert not line.flipped, line


def test_the_same_seed_gives_the_same_table() -> None:
    assert run(4, (5.0,), ("copies",)) == run(4, (5.0,), ("copies",))
    with pytest.raises(ValueError, match="no attack is called"):
        run(attacks=("flood",))
