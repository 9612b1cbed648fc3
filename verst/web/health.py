"""How the board itself is: a page in words for whoever looks after it, and figures for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from verst.store import KeepsOutbox
from verst.web.load import show_load
from verst.web.moment import Moment
from verst.web.pages import HTML, make_page
from verst.web.replies import reply
from verst.work.apart.looking import Look
from verst.work.apart.shedding import recall_shed
from verst.work.health import Finding, look
from verst.work.home import home_folder
from verst.work.intake import unsettled

BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)  # seconds
KINDS = (
    "c",
    "r",
    "m",
    "save",
    "row",
    "now",
    "digest",
    "ask",
    "search",
    "feed",
    "say",
    "events",
    "api",
    "static",
    "desk",
    "load",
)


class Figures:
    """What is counted of one application: requests by kind of page and status, and how long they took."""

    def __init__(self, app: Any) -> None:
        self.registry = CollectorRegistry()
        labels = ("kind", "status")
        self.requests = Counter("verst_requests", "Requests, by kind of page", labels, registry=self.registry)
        self.seconds = Histogram(
            "verst_request_seconds", "Seconds to the first byte", ("kind",), buckets=BUCKETS, registry=self.registry
        )
        self.registry.register(_OfStore(app))
        ProcessCollector(registry=self.registry)

    def count(self, path: str, status: int, seconds: float) -> None:
        """One request. Of its path only the kind is kept."""
        first = path.split("/", 2)[1]
        kind = first if first in KINDS else "front" if not first else "other"
        self.requests.labels(kind, f"{status // 100}xx").inc()
        self.seconds.labels(kind).observe(seconds)


class _OfStore(Collector):
    """Figures that are asked for when somebody looks."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def collect(self) -> Iterator[Metric]:
        store, at = self.app.state.store, self.app.state.clock()
        span = store.span(at)
        yield GaugeMetricFamily("verst_revision", "Grows with every batch kept", store.revision())
        yield GaugeMetricFamily("verst_posts", "Posts kept", sum(store.by_hour().values()))
        age = (at - span[1]).total_seconds() if span else float("nan")
        yield GaugeMetricFamily("verst_newest_post_age_seconds", "Since the newest post", age)
        yield GaugeMetricFamily(
            "verst_unsettled_crossings", "Crossings with reports in no estimate", len(unsettled(store))
        )
        yield GaugeMetricFamily("verst_listeners", "Open streams of updates", len(self.app.state.changes.listeners))
        told = GaugeMetricFamily("verst_deliveries", "Alerts to be told, by what became of them", labels=["state"])
        for state, count in (store.outbox.tally() if isinstance(store, KeepsOutbox) else {}).items():
            told.add_metric([state], count)
        yield told
        yield CounterMetricFamily("verst_shed_posts", "Posts left out unread: chatter", recall_shed(store).total)
        yield from _on_bus(self.app.state.bus)
        well = GaugeMetricFamily("verst_well", "What the health page finds: 1 is well", labels=["finding"])
        for finding in look(store, at, home_folder(), self.app.state.bus):
            well.add_metric([finding.key], float(finding.ok))
        yield well


def _on_bus(look: Look | None) -> Iterator[Metric]:
    """What waits between processes, where there is a bus between them."""
    if look is not None:
        yield GaugeMetricFamily("verst_bus_reached", "1: the bus answers", float(look.waiting is not None))
        waiting = GaugeMetricFamily("verst_bus_waiting", "Messages that wait on the bus", labels=["stream"])
        for stream, count in (look.waiting or {}).items():
            waiting.add_metric([stream], count)
        yield waiting


class CountsRequests:
    """Counts what passes: kind of page, status, seconds. No address, no query, no header."""

    def __init__(self, app: ASGIApp, state: Any) -> None:
        self.app, self.state = app, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and count its answer."""
        begun = time.perf_counter()

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.state.figures.count(scope["path"], message["status"], time.perf_counter() - begun)
            await send(message)

        await self.app(scope, receive, send_counted if scope["type"] == "http" else send)


def show_health(request: Request) -> Response:
    """The page in words; 200 also where something is wrong, for a page that fails helps nobody."""
    state = request.app.state
    at = state.clock()
    page = make_page(request, Moment(at=at, first=at, last=at))
    findings = [(finding, say(page, finding)) for finding in look(state.store, at, home_folder(), state.bus)]
    well = all(finding.ok for finding, _ in findings)
    text = state.site.templates.get_template("health.html").render(page=page, findings=findings, well=well)
    return reply(request, text.encode(), HTML, cache="no-store")


def say(page: Any, finding: Finding) -> str:
    """A finding in a sentence."""
    values = dict(finding.values)
    if finding.age is not None:
        values["age"] = page.age(page.moment.at - finding.age)
    return str(page.say(f"health.{finding.key}", **values))


def show_figures(request: Request) -> Response:
    """Figures for Prometheus."""
    body = generate_latest(request.app.state.figures.registry)
    return Response(body, media_type="text/plain; version=0.0.4; charset=utf-8", headers={"Cache-Control": "no-store"})


ROUTES = [Route("/health", show_health), Route("/metrics", show_figures), Route("/load", show_load)]
