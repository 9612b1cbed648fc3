"""The nouns as plain JSON values. Instants are ISO 8601 in UTC; amounts in the kind's unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from verst.clock import iso
from verst.model import Claim, Crossing, Estimate, Post, Reading, Rule
from verst.web.evidence import safe_url
from verst.web.view import Fact, Lane, Now, lane_status
from verst.work.figures import figures, without_value


def named(names: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Names by language."""
    return dict(names)


def crossing_row(crossing: Crossing, region: str) -> dict[str, Any]:
    """A crossing as it is, apart from what anybody says of it."""
    return {
        "id": crossing.id,
        "region": region,
        "border": crossing.border,
        "names": named(crossing.names),
        "sides": [{"country": s.country, "names": named(s.name), "zone": s.zone} for s in crossing.sides],
        "lat": crossing.lat,
        "lon": crossing.lon,
        "modes": list(crossing.modes),
    }


def now_row(now: Now) -> dict[str, Any]:
    """A crossing at one time. ``silent`` lanes carry no value: what was said before is history, not the state."""
    return {
        "id": now.crossing.id,
        "names": named(now.crossing.names),
        "status": now.status,
        "last_heard": iso(now.last_heard) if now.last_heard else None,
        "lanes": [lane_row(lane, now.at) for lane in now.lanes],
    }


def lane_row(lane: Lane, at: datetime) -> dict[str, Any]:
    """One direction, side and means."""
    return {
        "toward": lane.toward,
        "side": lane.side,
        "mode": lane.mode,
        "status": lane_status(lane),
        "facts": {kind: fact_row(fact, at) for kind, fact in sorted(lane.facts.items())},
    }


def fact_row(fact: Fact, at: datetime) -> dict[str, Any]:
    """One quantity with its range, age and voices; no value where nobody said lately."""
    row = estimate_row(fact.estimate, at)
    return (without_value(row) if fact.silent else row) | {"silent": fact.silent}


def estimate_row(told: Estimate, at: datetime, *, evidence: bool = False) -> dict[str, Any]:
    """One estimate; ``age_minutes`` is counted to ``at``."""
    row = {"at": iso(told.at), **figures(told, at)}
    if evidence:
        row["evidence"] = [
            {
                "post": piece.post,
                "weight": round(piece.weight, 4),
                "value": piece.value,
                "stance": piece.stance,
                "source": piece.source,
                "said_at": iso(piece.said_at),
                "note": piece.note,
                "kind": piece.kind or told.kind,
            }
            for piece in told.evidence
        ]
    return row


def rule_row(rule: Rule) -> dict[str, Any]:
    """One formal rule."""
    return {
        "id": rule.id,
        "where": rule.where,
        "kind": rule.kind,
        "mode": rule.mode,
        "toward": rule.toward,
        "value": rule.value,
        "tag": rule.tag,
        "text": named(rule.text),
        "source": rule.source,
        "starts_at": iso(rule.starts_at) if rule.starts_at else None,
        "ends_at": iso(rule.ends_at) if rule.ends_at else None,
    }


def claim_row(claim: Claim) -> dict[str, Any]:
    """One claim as reading found it."""
    return {
        "kind": claim.kind,
        "crossing": claim.crossing,
        "toward": claim.toward,
        "side": claim.side,
        "mode": claim.mode,
        "value": claim.value,
        "low": claim.low,
        "high": claim.high,
        "bound": claim.bound,
        "stance": claim.stance,
        "holds_at": iso(claim.holds_at) if claim.holds_at else None,
        "currency": claim.currency,
        "service": claim.service,
        "tag": claim.tag,
        "span": list(claim.span) if claim.span else None,
    }


def post_row(post: Post, reading: Reading | None) -> dict[str, Any]:
    """One scrubbed post with what was read in it. The author's key stays inside."""
    return {
        "id": post.id,
        "chat": {"title": post.chat.title, "kind": post.chat.kind, "about": post.chat.about},
        "posted_at": iso(post.posted_at),
        "lang": post.lang or (reading.lang if reading else None),
        "text": post.text,
        "url": safe_url(post.url),
        "label": post.label,
        "facts": list(post.facts),
        "official": post.official,
        "claims": [claim_row(claim) for claim in reading.claims] if reading else [],
        "ad": reading.ad if reading else False,
    }


def feature_row(now: Now, region: str) -> dict[str, Any]:
    """A crossing as a GeoJSON feature."""
    crossing = now.crossing
    point = None
    if crossing.lat is not None and crossing.lon is not None:
        point = {"type": "Point", "coordinates": [crossing.lon, crossing.lat]}
    properties = {
        "names": named(crossing.names),
        "region": region,
        "border": crossing.border,
        "status": now.status,
        "last_heard": iso(now.last_heard) if now.last_heard else None,
        "lanes": [lane_row(lane, now.at) for lane in now.lanes],
    }
    return {"type": "Feature", "id": crossing.id, "geometry": point, "properties": properties}
