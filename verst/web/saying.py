"""The form "I am at the border": a page without a script. No account, and nothing is kept of who sends it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast, get_args
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from verst.errors import StoreBusy
from verst.model import Crossing, Mode
from verst.web.moment import Moment
from verst.web.pages import HTML, find_one, make_page, nothing_here
from verst.web.phrases import crossing_zone
from verst.web.replies import reply
from verst.work.form import Senders, Told, claims_of

LARGEST = 8_192  # bytes of what is sent
LONGEST_WORDS = 600
PASSAGES = ("moving", "paused", "closed", "free", "open")
MODES = ("any", "car", "foot", "bicycle", "bus", "truck", "motorcycle", "train")
MOST = {"hours": 240.0, "km": 100.0, "vehicles": 20_000.0}
NAMES = ("once", "toward", "mode", "passage", "across", "words", *MOST)

Keep = Callable[[Told, str, str, datetime, int], int]


@dataclass(slots=True)
class Inbox:
    """Where what is said goes. ``keep``: what was told, the sender's number, the form's, when, and on which clock."""

    keep: Keep
    senders: Senders = field(default_factory=Senders)


class Unclear(Exception):
    """What was sent cannot be taken as it is: the field, and the key of the sentence that says why."""

    def __init__(self, name: str, key: str) -> None:
        self.name, self.key = name, key
        super().__init__(key)


def show_form(request: Request) -> Response:
    """The empty form of one crossing."""
    inbox_of(request)
    _region, crossing = find_one(request)
    return form_page(request, crossing, {"once": secrets.token_urlsafe(12)})


async def take_form(request: Request) -> Response:
    """What was sent: kept, or sent back with what to mend. Other sites' pages may not send anything."""
    inbox = inbox_of(request)
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "this form is sent from its own page only; open it and send it there")
    _, crossing = find_one(request)
    given = await read_fields(request)
    return await run_in_threadpool(answer_form, request, inbox, crossing, given)


def answer_form(request: Request, inbox: Inbox, crossing: Crossing, given: Mapping[str, str]) -> Response:
    """Keep what was sent and say so; else say what to mend or when to try again, with the fields as they were."""
    if given.get("site"):  # nobody sees that field: a program filled it in
        return form_page(request, crossing, given, "say.thanks", done=True)
    at = request.app.state.clock()
    try:
        told = read_told(crossing, given)
        name = inbox.senders.name(address_of(request), at)
        if not inbox.senders.may_say(name, at):
            return form_page(request, crossing, given, "say.too_much", status=429)
        inbox.keep(told, name, given["once"], at, _offset(crossing, at))
    except Unclear as unclear:
        return form_page(request, crossing, given, unclear.key, status=400, wrong=unclear.name)
    except StoreBusy:
        return form_page(request, crossing, given, "say.busy", status=503)
    return form_page(request, crossing, given, "say.thanks", done=True)


def inbox_of(request: Request) -> Inbox:
    """Where what is said goes. Raises 404 where the form is not offered."""
    inbox: Inbox | None = request.app.state.inbox
    if inbox is None:
        raise nothing_here()
    return inbox


async def read_fields(request: Request) -> dict[str, str]:
    """The fields that were sent. Raises 413 and 415."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise HTTPException(415, "send the form as a browser does: application/x-www-form-urlencoded")
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise HTTPException(413, f"more than {LARGEST:,} bytes; write less")
    return {name: value.strip() for name, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)}


def read_told(crossing: Crossing, given: Mapping[str, str]) -> Told:
    """What the fields say. Raises Unclear."""
    toward, mode, passage = given.get("toward", ""), given.get("mode", "any"), given.get("passage") or None
    if toward not in {side.country for side in crossing.sides}:
        raise Unclear("toward", "say.no_direction")
    if mode not in get_args(Mode) or (passage is not None and passage not in PASSAGES) or not given.get("once"):
        raise Unclear("mode", "say.unclear")
    if len(given.get("words", "")) > LONGEST_WORDS:
        raise Unclear("words", "say.too_long")
    figures = {name: _figure(name, given.get(name, "")) for name in MOST}
    told = Told(
        crossing=crossing.id,
        toward=toward,
        mode=cast(Mode, mode),
        passage=passage,
        waited=None if figures["hours"] is None else round(60 * figures["hours"]),
        across=given.get("across") == "yes",
        km=figures["km"],
        vehicles=figures["vehicles"],
        words=given.get("words", ""),
    )
    if not claims_of(told) and not told.words:
        raise Unclear("passage", "say.nothing")
    return told


def _figure(name: str, written: str) -> float | None:
    """The number somebody wrote, with a comma or a point. Raises Unclear."""
    if not written:
        return None
    try:
        value = float(written.replace(",", "."))
    except ValueError:
        raise Unclear(name, "say.no_number") from None
    if not 0 < value <= MOST[name]:
        raise Unclear(name, "say.too_far")
    return value


def address_of(request: Request) -> str:
    """Where a request came from; behind a proxy (VERST_BEHIND_PROXY), as that says. It is kept nowhere."""
    told = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    if os.environ.get("VERST_BEHIND_PROXY") == "1" and told:
        return told
    return request.client.host if request.client else "unknown"


def form_page(request: Request, crossing: Crossing, given: Mapping[str, str], said: str | None = None, *,
              status: int = 200, wrong: str | None = None, done: bool = False) -> Response:  # fmt: skip
    """The form with what is in it already, and what is said about that; kept by no browser."""
    page = make_page(request, _now(request.app.state.clock()))
    template = request.app.state.site.templates.get_template("say.html")
    kept = {field: given.get(field, "") for field in NAMES}
    modes = [mode for mode in MODES if mode == "any" or not crossing.modes or mode in crossing.modes]
    shown = {"given": kept, "said": said, "wrong": wrong, "done": done, "passages": PASSAGES, "modes": modes}
    text: str = template.render(page=page, crossing=crossing, **shown)
    return reply(request, text.encode(), HTML, status, cache="no-store")


def _offset(crossing: Crossing, at: datetime) -> int:
    """Minutes ahead of UTC of the clock at a crossing."""
    return round((at.astimezone(crossing_zone(crossing)).utcoffset() or timedelta()).total_seconds() / 60)


def _now(at: datetime) -> Moment:
    return Moment(at=at, first=at, last=at)


ROUTES = [
    Route("/say/{crossing}", show_form, methods=["GET"]),
    Route("/say/{crossing}", take_form, methods=["POST"]),
]
