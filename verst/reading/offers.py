"""Advertisements: somebody sells a seat, a bicycle, a place in the queue, papers."""

from __future__ import annotations

from verst.reading.scene import Scene

_SERVICES = "svc_seat svc_bicycle svc_transfer svc_queue_place svc_insurance svc_ticket svc_lodging svc_other s_charge s_food s_toilet"
_ENOUGH = 3


def is_ad(scene: Scene) -> bool:
    """Whether the post offers a paid service: an offer with a service, money or a way to get in touch."""
    if any(sentence.asks for sentence in scene.sentences) and not scene.has("ad_contact"):
        return False
    offers = len({(m.first) for m in scene.marks.by.get("ad_offer", ())})
    contact = scene.has("ad_contact")
    money = any(a.unit == "money" or (a.unit == "none" and (a.value or 0) >= 300) for a in scene.amounts)
    service = scene.has(_SERVICES)
    if scene.has("joke") or (scene.has("ad_not") and not (offers >= 2 and money)):
        return False
    score = min(offers, 3) + 2 * contact + money + service
    if scene.has("hearsay relative media authority") and not contact:
        score -= 2
    return bool(offers or contact) and score >= _ENOUGH
