"""A hundred fakes against one queue: many honest voices hold the estimate, few are at least called disputed."""

from __future__ import annotations

import pytest

from bench.attack import STYLES, compare, fakes, honest, seen, series


@pytest.mark.parametrize("style", STYLES)
def test_thirty_honest_voices_an_hour_hold_the_estimate(style: str) -> None:
    border = series()
    crowd = honest(border, 30.0)
    moved, disputed, growth, flipped = compare(seen(border, crowd), seen(border, crowd + fakes(border, style)))
    assert moved < 0.2 and not flipped
    assert disputed > 0.8 and growth > 1.2


@pytest.mark.parametrize("style", ["copies", "same figure", "paraphrases", "official names"])
def test_five_honest_voices_an_hour_are_called_disputed_and_widened(style: str) -> None:
    border = series()
    crowd = honest(border, 5.0)
    _, disputed, growth, _ = compare(seen(border, crowd), seen(border, crowd + fakes(border, style)))
    assert disputed > 0.9 and growth > 1.2
