"""Advertisements: somebody sells a seat, a bicycle, a place in the queue, papers."""

from __future__ import annotations

import re

from verst.reading.amounts import Amount
from verst.reading.lexicon import Mark, Marks
from verst.reading.scene import Scene

_SERVICES = (
    "svc_seat svc_bicycle svc_transfer svc_queue_place svc_insurance svc_ticket svc_lodging svc_other "
    "s_charge s_food s_toilet"
)
_TOLD = "hearsay relative media authority charge_for crossed waited buy refuse"  # a story about a price, no offer
_ENOUGH = 3.0
_LEAST_SUM = 300
_A_DAY = 720  # minutes back from which a time is of another day
_ROUTE = re.compile(  # a place's name has an end, lest a text without spaces be walked from each of its letters
    r"[^\W\d_a-zа-яіїєґў]\w{1,40}\)?(\s?(?:[-–—→↔>]|➡\ufe0f?)\s?)[^\W\d_a-zа-яіїєґў]\w"
)


_SELLING = frozenset(f"{_SERVICES} ad_offer ad_contact per_person per_car".split())


def may_sell(marks: Marks) -> bool:
    """Whether any word is there without which `is_ad` finds nothing: an offer, a contact, a service, a price a head."""
    return not _SELLING.isdisjoint(marks.concepts)


def is_ad(scene: Scene, text: str) -> bool:
    """Whether the post offers a paid service: an offer, a service, money, a route, a way to get in touch."""
    if not may_sell(scene.marks):
        return False
    contact = any(_invites(scene, mark) for mark in scene.marks.by.get("ad_contact", ()))
    if scene.post.chat.kind == "news" or (scene.reply is not None and not contact):
        return False
    wished = scene.has("cond wish") and not scene.has("per_person per_car")
    asked = any(sentence.asks for sentence in scene.sentences)
    if scene.has("joke") or ((wished or asked) and not contact):
        return False
    offers = len({mark.first for mark in scene.marks.by.get("ad_offer", ())})
    money = any(a.unit == "money" or (a.unit in ("none", "other") and a.value >= _LEAST_SUM) for a in scene.amounts)
    listed = scene.crossings_named > 1 and not money and not offers
    if listed:
        return False  # a digest of several crossings that says whom to write to
    per_head = money and scene.has("per_person per_car")
    if scene.has("ad_not") and not ((offers >= 2 or contact or (offers and per_head)) and money):
        return False
    service = scene.has(_SERVICES)
    route = any(offers or money or match.group(1) != "-" for match in _ROUTE.finditer(text))  # «Улан-Удэ» is none
    from_so_much = service and any(_is_from(scene, a) for a in scene.amounts)
    score = min(offers, 3) + 2 * contact + money + service + per_head + from_so_much + 1.5 * route
    if (scene.has(_TOLD) or _looks_back(scene) or (offers <= 1 and _tells_wait(scene))) and not contact:
        score -= 2
    if scene.marks.has("buy", 0, 1) and not contact:
        score -= 2  # «віддала 3000 грн за місце»
    return bool(offers or contact or (money and (service or (per_head and route)))) and score >= _ENOUGH


def _invites(scene: Scene, mark: Mark) -> bool:
    """Whether a word of getting in touch is no part of a question nor of a paper that is shown: "hotel bookings"."""
    paper = any(m.first <= mark.first and mark.last <= m.last for m in scene.marks.by.get("r_documents", ()))
    return not paper and not scene.sentence(mark.first).asks


def _is_from(scene: Scene, amount: Amount) -> bool:
    """«от 90 лари», "from 14 euros", but not «уже 800»: a price that an offer begins at."""
    already = scene.marks.has("sizeable", amount.first_token, amount.first_token)
    return amount.unit == "money" and amount.bound == "min" and not already


def _tells_wait(scene: Scene) -> bool:
    """«такси 12 000 вдвоём, граница 6 часов»: who tells how long the border took tells a price, too."""
    return any(
        a.unit == "minute" and scene.has("border stand waited queue", scene.clause(a.first_token))
        for a in scene.amounts
    )


def _looks_back(scene: Scene) -> bool:
    """«уже 800, вчера был 600»: a price that is held against one of another day is told, not offered."""
    sums = sum(a.unit in ("money", "none") and a.value >= _LEAST_SUM for a in scene.amounts)
    return sums > 1 and any(hit.kind == "at" and (hit.elapsed_minutes or 0) >= _A_DAY for hit in scene.times)
