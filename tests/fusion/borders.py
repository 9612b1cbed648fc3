"""A small border to try fusion on, and short ways of saying things about it."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from verst.model import Claim, Crossing, Kind, Region, Report, Side

NOON = datetime(2022, 9, 24, 9, 0, tzinfo=UTC)  # noon at Lars
SHARED = Path(os.environ.get("VERST_SHARED") or Path(__file__).parents[3] / "shared")

KINDS = {
    kind.id: kind
    for kind in (
        Kind(id="wait", shape="amount", unit="minute"),
        Kind(id="queue_length", shape="amount", unit="km"),
        Kind(id="queue_count", shape="amount", unit="vehicle"),
        Kind(id="throughput", shape="amount", unit="per hour"),
        Kind(id="flow", shape="amount", unit="person per day", half_life_minutes=1440),
        Kind(id="flow_change", shape="amount", unit="%", half_life_minutes=1440),
        Kind(id="passage", shape="state", options=("open", "closed", "paused", "moving", "free")),
        Kind(id="mode_rule", shape="state", options=("allowed", "refused"), half_life_minutes=720),
        Kind(id="price", shape="amount", half_life_minutes=720),
        Kind(id="rule", shape="tag", tags=("documents", "pets"), half_life_minutes=1440),
        Kind(id="event", shape="tag", tags=("accident", "armour")),
        Kind(id="service", shape="tag", tags=("water", "fuel")),
    )
}


def crossing(name: str, near: str, far: str) -> Crossing:
    return Crossing(id=name, border=f"{near}-{far}", sides=(Side(country=near), Side(country=far)), modes=("car",))


REGIONS = (
    Region(
        id="russia",
        names=(("en", "Russia"),),
        crossings=(crossing("verkhny-lars", "RU", "GE"), crossing("vaalimaa-torfyanovka", "RU", "FI")),
        leaving_implied=(("RU", datetime(2022, 9, 21, tzinfo=UTC), datetime(2022, 10, 15, tzinfo=UTC)),),
    ),
)


def said(kind: str, value: Any, hours: float = 0.0, /, post: str | None = None, **more: Any) -> Report:
    """A report ``hours`` after NOON about Lars, unless told otherwise; each post its own unless named."""
    place = more.pop("crossing", "verkhny-lars")
    about = {key: more.pop(key) for key in tuple(more) if key in Claim.__dataclass_fields__}
    posted = NOON + timedelta(hours=hours)
    name = post or f"{kind}-{value}-{hours}-{sorted(about.items())}-{sorted(more.items())}"
    about.setdefault("mode", "car")
    return Report(
        claim=Claim(kind=kind, crossing=place, value=value, **about),
        post=name,
        posted_at=posted,
        **{"author": f"author of {name}", **more},
    )


FACT_KINDS = {
    "queue_length_km": ("queue_length", 1.0), "queue_vehicles": ("queue_count", 1.0),
    "queue_people": ("queue_count", 1.0),
    "wait_hours": ("wait", 60.0), "people_per_day": ("flow", 1.0),
}  # fmt: skip
PLACES = {
    "Verkhny Lars": ("verkhny-lars", 3), "Vaalimaa-Torfyanovka": ("vaalimaa-torfyanovka", 3),
}  # fmt: skip


def facts() -> list[dict[str, Any]]:
    """The dated facts of autumn 2022."""
    lines = (SHARED / "data/exodus_2022/facts.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def fact_time(fact: dict[str, Any]) -> datetime:
    """UTC; a fact with only a date is put at 11 local, before the noon it is asked about."""
    text = fact["time"] if "T" in fact["time"] else fact["time"] + "T11:00"
    return datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=PLACES[fact["crossing"]][1])


def report_of(fact: dict[str, Any]) -> Report | None:
    """A fact as a report, as a reader of it would have told it; None when it is of no kind that is fused here."""
    if fact["crossing"] not in PLACES or fact["kind"] not in FACT_KINDS or not isinstance(fact["value"], int | float):
        return None
    kind, factor = FACT_KINDS[fact["kind"]]
    low, high = fact["value"] * factor, (fact["value_high"] or fact["value"]) * factor
    stance = {"official": "official", "witness": "saw"}.get(fact["authority"], "heard")
    source = {"media": "news", "social": "social", "official": "official"}.get(fact["authority"], "group")
    claim = Claim(
        kind=kind, crossing=PLACES[fact["crossing"]][0], value=(low + high) / 2,
        mode=fact["mode"] if fact["mode"] in ("car", "foot", "truck", "bicycle") else "any", toward=None,
        low=low if high > low else None, high=high if high > low else None, stance=stance,  # type: ignore[arg-type]
        bound=fact["bound"] if fact["bound"] in ("min", "max") else "approx",  # type: ignore[arg-type]
    )  # fmt: skip
    return Report(
        claim=claim, post=fact["id"], posted_at=fact_time(fact), author=f"source {fact['source']}", source=source
    )  # type: ignore[arg-type]
