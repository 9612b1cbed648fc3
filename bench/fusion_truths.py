"""Conflicting figures of two public benchmarks, by ways of weighing sources. Run: python -m bench.fusion_truths

Flights: minutes of departure and arrival, right within five. Populations: mean error in people. CRH (Li and others,
2014) and CATD (Li and others, 2015) learn the weights of sources from how far they lie from all, here on a scale of
logs. "A root once" is what Verst does where nobody's word was ever checked: copies count as one, and the weighted
median of `verst.fusion.opinions` is told, of two middle figures the lower. "Known in part" learns from checked figures
alone, each source by each quantity, what two per cent of the flights were; those are not judged. Verst itself has no
such table of sources: at a border nobody publishes the truth of one wait in fifty.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from statistics import mean, median
from typing import Any

import numpy as np

from bench.queue_series import SHARED
from verst.fusion.opinions import weighted_quantile

Claims = dict[str, list[tuple[str, float]]]  # of each thing: who says which figure
TRUTH_ITSELF = ("aa", "ua", "CO")  # the airlines: they are the truth
COPIES = (  # known copy groups, from SOURCE.md of the data
    "flightview panynj gofox foxbusiness allegiantair", "myrateplan helloflight flytecomm airtravelcenter",
    "flightaware wunderground flightwise", "travelocity mytripandmore",
    "flights businesstravellogue flylouisville flightstats quicktrip ifly world-flight-tracker",
)  # fmt: skip
ROOT_OF = {name: group.split()[0] for group in COPIES for name in group.split()}
NEAR, KNOWN, ROUNDS = 5.0, 0.02, 8


def flights() -> tuple[Claims, dict[str, float]]:
    """Claims and truths by day, flight and quantity; the last part of a key is the quantity."""
    from pyarrow import parquet

    folder = SHARED / "data/td_flight"
    table = parquet.read_table(folder / "truth_minutes.parquet").to_pydict()
    rows = zip(table["day"], table["fl"], table["attr"], table["t"], strict=True)
    truth = {f"{day}|{flight}|{attr}": float(t) for day, flight, attr, t in rows}
    table = parquet.read_table(folder / "claims_minutes.parquet", columns=["day", "src", "fl", "attr", "v"]).to_pydict()
    claims: Claims = defaultdict(list)
    for day, source, flight, attr, value in zip(*(table[c] for c in ("day", "src", "fl", "attr", "v")), strict=True):
        key = f"{day}|{flight}|{attr}"
        if key in truth and source not in TRUTH_ITSELF:
            claims[key].append((source, float(value)))
    return dict(claims), truth


def populations() -> tuple[Claims, dict[str, float]]:
    """Claims and truths by town and year."""
    folder, claims = SHARED / "data/population_claims", defaultdict[str, list[tuple[str, float]]](list)
    for line in (folder / "population-new.txt").read_text("utf-8", errors="replace").splitlines():
        town, who, value, _ = line.split("\t")
        claims[town].append((who, float(value)))
    truth = {}
    for line in (folder / "population-gd.txt").read_text("utf-8", errors="replace").splitlines():
        town, year, value = line.rsplit(", ", 2)
        truth[f"{town}_{year}"] = float(value)
    return {town: told for town, told in claims.items() if town in truth}, truth


def vote(told: list[tuple[str, float]]) -> float:
    """The figure most say; of equals the smallest."""
    values = [value for _, value in told]
    return max(sorted(set(values)), key=values.count)


def middle(told: list[tuple[str, float]]) -> float:
    """The median."""
    return median(value for _, value in told)


def root_once(told: list[tuple[str, float]]) -> float:
    """Copies as one voice, then the weighted median that Verst tells of counts."""
    said = {(ROOT_OF.get(who, who), value) for who, value in told}
    roots = [root for root, _ in said]
    return weighted_quantile([(value, 1.0 / roots.count(root)) for root, value in said], 0.5)


def learned(claims: Claims, weigh: Callable[[float, int, float], float]) -> dict[str, float]:
    """Weighted medians, weights by how far each source lay from them in the round before (on a scale of logs)."""
    guess = {key: middle(told) for key, told in claims.items()}
    for _ in range(ROUNDS):
        off: dict[str, list[float]] = defaultdict(list)
        for key, told in claims.items():
            for who, value in told:
                off[who].append(abs(math.log1p(value) - math.log1p(guess[key])))
        total = sum(map(sum, off.values())) + 1e-3 * len(off)
        weights = {who: weigh(sum(misses) + 1e-3, len(misses), total) for who, misses in off.items()}
        guess = {key: weighted_quantile([(v, weights[who]) for who, v in told], 0.5) for key, told in claims.items()}
    return guess


def crh(claims: Claims) -> dict[str, float]:
    """CRH: less the logarithm of a source's share of all that was missed."""
    return learned(claims, lambda missed, count, total: max(1e-3, -math.log(missed / total)))


def catd(claims: Claims) -> dict[str, float]:
    """CATD: the lower end of what a source's variance allows, so that sources of few claims weigh little."""

    def weigh(missed: float, count: int, total: float) -> float:  # chi-squared at 2.5 %, after Wilson and Hilferty 1931
        low = count * max(0.0, 1.0 - 2.0 / (9.0 * count) - 1.96 * math.sqrt(2.0 / (9.0 * count))) ** 3
        return (low + 1e-3) / missed

    return learned(claims, weigh)


def known_in_part(claims: Claims, truth: dict[str, float], known: set[str]) -> dict[str, float]:
    """Votes of roots, each source weighed for each quantity by how often it was right where the truth is known."""
    right: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for key in known & claims.keys():
        for who, value in claims[key]:
            right[who, key[-2:]].append(apart(value, truth[key]) <= NEAR)
    chance = {pair: (sum(hits) + 0.5) / (len(hits) + 1.0) for pair, hits in right.items()}
    guess = {}
    for key, told in claims.items():
        votes: dict[float, dict[str, float]] = defaultdict(dict)
        for who, value in told:
            odds, root = chance.get((who, key[-2:]), 0.5), ROOT_OF.get(who, who)
            votes[value][root] = max(votes[value].get(root, -9.0), math.log(odds / (1.0 - odds)))
        guess[key] = max(sorted(votes), key=lambda value: sum(votes[value].values()))
    return guess


def apart(a: float, b: float) -> float:
    """Minutes between two times of day."""
    return abs((a - b + 720.0) % 1440.0 - 720.0)


def ways(claims: Claims) -> Iterator[tuple[str, dict[str, float]]]:
    """Each way that needs to know nothing, and its figures."""
    each: tuple[tuple[str, Any], ...] = (("vote", vote), ("median", middle), ("a root once", root_once))
    for name, act in each:
        yield name, {key: act(told) for key, told in claims.items()}
    yield "CRH", crh(claims)
    yield "CATD", catd(claims)


def main() -> None:
    """Print the share of flights that is right, then the mean error of populations."""
    claims, truth = flights()
    names = sorted({key[:-3] for key in claims})
    chosen = set(random.Random(1).sample(names, round(KNOWN * len(names))))
    known = {key for key in claims if key[:-3] in chosen}
    judged = [key for key in claims if key not in known]
    print(f"flights: {len(judged):,} times, {sum(map(len, claims.values())):,} claims; right within {NEAR:.0f} minutes")
    for name, guess in [*ways(claims), ("known in part", known_in_part(claims, truth, known))]:
        print(f"  {name:13}  {mean(apart(guess[key], truth[key]) <= NEAR for key in judged):.3f}")
    claims, truth = populations()
    print(f"populations: {len(claims):,} towns, {sum(map(len, claims.values())):,} claims; mean error, its median")
    for name, guess in ways(claims):
        errors = np.array([abs(guess[town] - truth[town]) for town in claims])
        print(f"  {name:13}  {errors.mean():8,.0f}  {np.median(errors):5,.0f}")


if __name__ == "__main__":
    main()
