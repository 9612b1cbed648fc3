"""The last hour as GeoJSON (RFC 7946): a point for each crossing, with every quantity that is known there."""

from __future__ import annotations

import msgspec

from verst.outputs import METHOD, Dataset, Output, Row
from verst.outputs.columns import COLUMNS

_encode = msgspec.json.Encoder(order="deterministic").encode
_OF_THE_PLACE = ("at", "crossing", "crossing_name", "border")


def write(dataset: Dataset) -> bytes:
    """Points only where a place is known; what nobody said lately is listed with its nulls."""
    at = max((row["at"] for row in dataset.rows), default=None)
    last: dict[str, list[Row]] = {}
    for row in dataset.rows:
        if row["at"] == at:
            kept = {column: row.get(column) for column in COLUMNS if column not in _OF_THE_PLACE}
            last.setdefault(row["crossing"], []).append(kept)
    features = [_feature(place, last.get(place["id"], [])) for place in dataset.places if place["lat"] is not None]
    return _encode({"type": "FeatureCollection", "at": at, "method": METHOD, "features": features}) + b"\n"


def _feature(place: Row, estimates: list[Row]) -> Row:
    return {
        "type": "Feature",
        "id": place["id"],
        "geometry": {"type": "Point", "coordinates": [place["lon"], place["lat"]]},
        "properties": {"border": place["border"], "names": place["names"], "estimates": estimates},
    }


OUTPUT = Output("crossings.geojson", "every crossing with the estimates of the last hour, GeoJSON", write)
