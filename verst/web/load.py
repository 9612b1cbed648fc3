"""How much a board has to do: a page for whoever looks after it, of the figures that Prometheus is told."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from verst.web.moment import Moment
from verst.web.pages import HTML, make_page
from verst.web.replies import reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Requests for one kind of page: how many, how many failed, and in how many ms half and 99 of 100 were answered.

    None: later than the longest time that is told apart.
    """

    name: str
    requests: int
    failed: int
    half: float | None
    most: float | None


def show_load(request: Request) -> Response:
    """The page."""
    state = request.app.state
    at = state.clock()
    page = make_page(request, Moment(at=at, first=at, last=at))
    families = {family.name: family.samples for family in state.figures.registry.collect()}
    kinds, facts = kinds_of(families), facts_of(families)
    text = state.site.templates.get_template("load.html").render(page=page, kinds=kinds, facts=facts)
    return reply(request, text.encode(), HTML, cache="no-store")


def kinds_of(families: Mapping[str, Iterable[Any]]) -> list[Kind]:
    """A row for every kind of page that was asked for, the most asked for first."""
    asked: dict[str, dict[str, float]] = {}
    for sample in families["verst_requests"]:
        if sample.name == "verst_requests_total":
            asked.setdefault(sample.labels["kind"], {})[sample.labels["status"]] = sample.value
    within: dict[str, list[tuple[float, float]]] = {}
    for sample in families["verst_request_seconds"]:
        if sample.name.endswith("_bucket"):
            within.setdefault(sample.labels["kind"], []).append((float(sample.labels["le"]), sample.value))
    rows = [
        Kind(
            name=name, requests=int(sum(counts.values())), failed=int(counts.get("5xx", 0)),
            half=share_within(within.get(name, []), 0.5), most=share_within(within.get(name, []), 0.99),
        )
        for name, counts in asked.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.requests, row.name))


def share_within(buckets: Iterable[tuple[float, float]], share: float) -> float | None:
    """The least limit, in ms, within which so large a share was answered; None: within none of them.

    >>> share_within([(0.01, 5), (0.1, 9), (math.inf, 10)], 0.5), share_within([(0.1, 9), (math.inf, 10)], 0.99)
    (10.0, None)
    """
    counted = sorted(buckets)
    total = counted[-1][1] if counted else 0
    limit = next((limit for limit, count in counted if total and count >= share * total), math.inf)
    return None if math.isinf(limit) else round(1_000 * limit, 3)


def facts_of(families: Mapping[str, Iterable[Any]]) -> dict[str, float]:
    """Other figures by the name of the text that says them; those that are not known here are left out."""
    found = {sample.name: sample.value for samples in families.values() for sample in samples if not sample.labels}
    waits = [sample.value for sample in families.get("verst_bus_waiting", ())]
    memory = found.get("process_resident_memory_bytes")
    told = {
        "listeners": found.get("verst_listeners"), "posts": found.get("verst_posts"),
        "unsettled": found.get("verst_unsettled_crossings"), "waiting": sum(waits) if waits else None,
        "shed": found.get("verst_shed_posts_total") or None, "memory": memory / 1e6 if memory is not None else None,
        "cpu": found.get("process_cpu_seconds_total"), "files": found.get("process_open_fds"),
    }  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}
