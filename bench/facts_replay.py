"""September 2022 with facts held out: does the 80 % range cover them? Run: python -m bench.facts_replay

Every dated figure of queue, wait and vehicles at Lars and Vaalimaa, in five folds: four fifths are told, the last fifth
is asked about at its own time. A range of a fact is covered when the two overlap. Bounds and vague words are left out.
"""

from __future__ import annotations

from typing import Any

from tests.fusion.borders import FACT_KINDS, KINDS, PLACES, REGIONS, fact_time, facts, report_of
from verst.fusion import fuse
from verst.model import Estimate

FOLDS = 5


def figures() -> list[dict[str, Any]]:
    """The facts that can be held out, in order."""
    return [
        fact
        for fact in facts()
        if fact["crossing"] in PLACES
        and FACT_KINDS.get(fact["kind"], ("flow",))[0] != "flow"
        and isinstance(fact["value"], int | float)
        and fact["bound"] not in ("min", "max", "indicative")
    ]


def asked(fact: dict[str, Any], hidden: set[str]) -> Estimate | None:
    """The estimate of a fact's quantity at its time, from everything that is not hidden."""
    reports = [report for other in facts() if other["id"] not in hidden and (report := report_of(other))]
    mine = report_of(fact)
    assert mine is not None
    found = [
        each
        for each in fuse(reports, [fact_time(fact)], REGIONS, KINDS)
        if each.crossing == mine.claim.crossing and each.kind == mine.claim.kind and each.p10 is not None
    ]
    modes = (mine.claim.mode, "car" if mine.claim.mode == "any" else "any")
    return next((each for mode in modes for each in found if each.mode == mode), None)


def main() -> None:
    """Print coverage, and every miss."""
    chosen = figures()
    covered = silent = 0
    misses = []
    for n, fact in enumerate(chosen):
        hidden = {other["id"] for k, other in enumerate(chosen) if k % FOLDS == n % FOLDS}
        estimate = asked(fact, hidden)
        kind, factor = FACT_KINDS[fact["kind"]]
        low, high = fact["value"] * factor, (fact["value_high"] or fact["value"]) * factor
        if estimate is None or estimate.p10 is None or estimate.p90 is None:
            silent += 1
        elif estimate.p10 <= high and low <= estimate.p90:
            covered += 1
        else:
            what = f"{fact['id']} {fact['time']} {fact['crossing']} {kind} {fact['mode']}: {low:g} to {high:g}"
            why = "disputed" if estimate.disputed else f"{estimate.voices} voices"
            misses.append(f"{what}; range {estimate.p10:.3g} to {estimate.p90:.3g}, {why}, by {fact['authority']}")
    answered = len(chosen) - silent
    print(f"{len(chosen)} figures held out in {FOLDS} folds; {silent} at hours of which nothing else was said")
    print(f"covered by the 80 % range: {covered} of {answered} ({covered / answered:.0%})")
    for miss in misses:
        print("  missed: " + miss)


if __name__ == "__main__":
    main()
