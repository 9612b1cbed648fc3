"""A change of flow may be a fall: an amount below nought is an amount."""

from __future__ import annotations

from datetime import UTC, datetime

from verst.fusion import fuse
from verst.geography import load_kinds, load_regions
from verst.model import Claim, Report

NOON = datetime(2022, 9, 24, 9, tzinfo=UTC)


def test_a_fall_of_flow_is_estimated() -> None:
    claim = Claim(kind="flow_change", crossing="verkhny-lars", value=-20.0)
    reports = [Report(claim=claim, post=f"p{n}", posted_at=NOON, author=f"a{n}", source="official") for n in range(3)]
    told = list(fuse(reports, [NOON], load_regions(), {kind.id: kind for kind in load_kinds()}))
    assert [(e.kind, e.disputed) for e in told] == [("flow_change", False)]
    assert isinstance(told[0].value, float) and told[0].value < 0
