"""A fusion that is put by and taken up again goes on as if it had never been: to the last digit, whatever was told."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from verst.fusion import Fusion
from verst.geography import load_kinds, load_regions
from verst.model import Claim, Report

NOON = datetime(2022, 9, 24, 12, tzinfo=UTC)
KINDS = ("wait", "queue_length", "queue_count", "passage")


def reports(count: int) -> list[Report]:
    """Claims of many quantities of one crossing, by few people, some of them against the others."""
    chance = random.Random(3)
    found = []
    for n in range(count):
        kind = chance.choice(KINDS)
        value = chance.choice(("open", "closed")) if kind == "passage" else float(chance.randint(1, 900))
        mode, toward = chance.choice(("car", "foot", "bus", "any")), chance.choice(("GE", "RU", None))
        claim = Claim(kind=kind, crossing="verkhny-lars", toward=toward, mode=mode, value=value)  # type: ignore[arg-type]
        author, community = f"{chance.randint(1, 30):016x}", f"c{chance.randint(1, 4)}"
        posted = NOON + timedelta(minutes=4 * n)
        found.append(Report(claim=claim, post=f"p{n}", posted_at=posted, author=author, community=community))
    return found


def test_put_by_and_taken_up_again_it_goes_on_alike() -> None:
    regions, kinds = load_regions(), load_kinds()
    whole, parted = Fusion(regions, kinds, lateness=0.0), Fusion(regions, kinds, lateness=0.0)
    told = reports(240)
    for start in range(0, len(told), 20):
        some = told[start : start + 20]
        kept = parted.dump()
        parted = Fusion(regions, kinds, lateness=0.0)
        parted.load(kept)
        for fusion in (whole, parted):
            fusion.take(some)
        at = some[-1].posted_at
        found = whole.estimates(at)
        assert found == parted.estimates(at)
    assert len(found) > 10
