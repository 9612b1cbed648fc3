"""Rumours with a verdict as ClaimReview (schema.org), as search engines and fact-checkers exchange them."""

from __future__ import annotations

import msgspec

from verst.outputs import METHOD, Dataset, Output, Row

_encode = msgspec.json.Encoder(order="deterministic").encode
# schema.org asks for a number from the worst to the best and a word that people read.
RATINGS = {"contradicted": (1, "Contradicted"), "disputed": (2, "Disputed"), "unverified": (3, "Unverified"),
           "partly true": (4, "Partly true"), "supported": (5, "Supported by independent witnesses")}  # fmt: skip


_SCALE = {"bestRating": 5, "worstRating": 1}


def write(dataset: Dataset) -> bytes:
    """One ClaimReview for each entry of the ledger; who said it is in no field of it."""
    return _encode({"@context": "https://schema.org", "@graph": [_review(row) for row in dataset.rumours]}) + b"\n"


def _review(row: Row) -> Row:
    rating, word = RATINGS.get(row["verdict"], (3, str(row["verdict"])))
    turned = row["turns"][-1] if row["turns"] else None
    return {
        "@type": "ClaimReview",
        "claimReviewed": _claim(row),
        "datePublished": turned["at"] if turned else row["last_seen"],
        "itemReviewed": {"@type": "Claim", "datePublished": row["first_seen"], "appearance": []},
        "reviewRating": {"@type": "Rating", **_SCALE, "ratingValue": rating, "alternateName": word},
        "reviewBody": "; ".join(f"{turn['at']}: {turn['verdict']} ({turn['why']})" for turn in row["turns"]),
        "author": {"@type": "Organization", "name": f"Verst, automatic ledger of rumours ({METHOD})"},
        "interactionStatistic": {"posts": row["posts"], "own_words": row["own_words"], "chats": row["chats"]},
    }  # fmt: skip


def _claim(row: Row) -> str:
    said = row["value"] if row["value"] is not None else row["tag"]
    if row["kind"] == "total":
        whither = f"into {row['toward']}" if row["toward"] else "left"
        return f"{row['crossing']}: {said:,.0f} people {whither}" + (f" since {row['since']}" if row["since"] else "")
    if row["kind"] == "closing":
        return f"{row['crossing']}: shut to {row['whom'] or 'everybody'} from {row['due']} on"
    if row["kind"] == "queue":
        return f"{row['crossing']}: no queue, by the word of an authority"
    if row["kind"] == "picture":
        return f"{row['crossing']}: a picture, shown as of now, that was seen on {row['since']}"
    means = f" ({row['mode']})" if row["mode"] != "any" else ""
    return f"{row['crossing']}: {row['kind']} {said}{means}"


OUTPUT = Output("rumours.jsonld", "rumours with their verdicts, schema.org ClaimReview", write)
