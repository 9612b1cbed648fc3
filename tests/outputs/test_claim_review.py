"""Rumours of every sort as ClaimReview: what is claimed in words, a rating that schema.org knows, and nobody named."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from verst.fusion.verdicts import Rumour, Verdict, turn_of
from verst.outputs import Dataset
from verst.outputs.claim_review import RATINGS, write
from verst.work.rumoured import rumour_row

AT = datetime(2022, 9, 27, 9, tzinfo=UTC)


def rumour(kind: str, value: float | str | None, verdict: Verdict, **more: object) -> Rumour:
    told: dict[str, object] = {"crossing": "RU-GE", "tag": None, "mode": "any", "turns": ()}
    return Rumour(
        kind=kind, value=value, verdict=verdict, first_seen=AT, last_seen=AT, first_source="social", posts=3, roots=2,
        communities=2, witnesses=0, speaks_for=0.0, speaks_against=2.0, **(told | more),  # type: ignore[arg-type]
    )  # fmt: skip


def test_each_sort_says_what_is_claimed_and_how_it_is_rated() -> None:
    turned = turn_of(AT, "contradicted", "impossible", "count", 140_000.0)
    rumours = [
        rumour("total", 250_000.0, "contradicted", toward="GE", since=AT, turns=(turned,)),
        rumour("total", 261_000.0, "unverified", crossing="RU"),
        rumour("closing", None, "partly true", crossing="RU", who="men", due=AT),
        rumour("queue", "none", "disputed", crossing="kyakhta-altanbulag"),
        rumour("queue_length", 35.0, "contradicted", crossing="vaalimaa-torfyanovka"),
    ]
    dataset = Dataset(since=AT, until=AT, labels=(), places=[], rows=[], rumours=[rumour_row(each) for each in rumours])
    reviews = json.loads(write(dataset))["@graph"]
    assert [each["claimReviewed"] for each in reviews] == [
        "RU-GE: 250,000 people into GE since 2022-09-27T09:00:00Z",
        "RU: 261,000 people left",
        "RU: shut to men from 2022-09-27T09:00:00Z on",
        "kyakhta-altanbulag: no queue, by the word of an authority",
        "vaalimaa-torfyanovka: queue_length 35.0",
    ]
    assert [each["reviewRating"]["ratingValue"] for each in reviews] == [1, 3, 4, 2, 1]
    assert "possible at most 140,000" in reviews[0]["reviewBody"]


def test_every_verdict_has_a_rating() -> None:
    assert set(RATINGS) == set(Verdict.__args__)  # type: ignore[attr-defined]
