"""The same as data: JSON and GeoJSON, described in ``openapi.json``. Errors are problem objects that say what to do."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module, resources
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from verst.ask import Answer, answer, as_data
from verst.clock import iso
from verst.web.board import find_crossing
from verst.web.bodies import board_body, crossing_body, crossings_body, geojson_body, head
from verst.web.moment import BadMoment, Moment, choose_moment, read_at
from verst.web.replies import reply_json
from verst.web.tables import estimate_row, post_row
from verst.work.rumoured import find_rumours, rumour_row

LONGEST_HISTORY = timedelta(days=31)
MOST_ESTIMATES = 20_000
LONGEST_QUESTION = 500
MOST_TERMS, MOST_FOUND = 12, 40
LONGEST_VALUE = 80  # of any parameter but a question


def problem(request: Request, status: int, what: str) -> Response:
    """An error as RFC 9457 describes it: what happened, and what to do."""
    titles = {400: "bad request", 404: "not found", 405: "method not allowed", 503: "busy"}
    value = {"type": "about:blank", "title": titles.get(status, "error"), "status": status, "detail": what}
    return reply_json(request, value, status, "application/problem+json")


def check_names(request: Request, *allowed: str) -> None:
    """Refuse a parameter nobody reads, so that a misspelt one is not silently ignored, and one given twice."""
    for name in request.query_params:
        if name not in allowed:
            does = f"known here: {', '.join(allowed)}" if allowed else "nothing may be asked here"
            raise HTTPException(400, f"{name[:40]!r} is no parameter of this address; {does}")
        if len(request.query_params.getlist(name)) > 1:
            raise HTTPException(400, f"{name[:40]!r} is given twice; give it once")
        if name == "q":
            continue
        if not request.query_params[name] or len(request.query_params[name]) > LONGEST_VALUE:
            raise HTTPException(400, f"{name!r} must hold 1 to {LONGEST_VALUE} characters; leave it out to see all")


def read_moment(request: Request) -> Moment:
    """The time of ``?at=``. Raises 400."""
    state = request.app.state
    try:
        now = state.clock()
        span = state.memo.span(state.store.revision(), now)
        return choose_moment(request.query_params.get("at"), None, span, now)
    except BadMoment as error:
        raise HTTPException(400, str(error)) from error


def find_one(request: Request) -> tuple[Any, Any]:
    """Region and crossing of the address. Raises 404."""
    found = find_crossing(request.app.state.regions, request.path_params["id"])
    if found is None:
        raise HTTPException(404, "no crossing has that id; all of them are at /api/v1/crossings")
    return found


def get_board(request: Request) -> Response:
    """Every region's crossings, worst first, those without recent word apart."""
    check_names(request, "at", "region")
    site, moment, wanted = request.app.state.site, read_moment(request), request.query_params.get("region")
    regions = [region for region in site.regions if wanted in (None, region.id)]
    if wanted is not None and not regions:
        raise HTTPException(404, "no region has that id; leave out region to see all")
    return reply_json(request, board_body(site, moment, regions))


def get_crossings(request: Request) -> Response:
    """Every crossing there is, whether or not anybody spoke of it."""
    check_names(request)
    return reply_json(request, crossings_body(request.app.state.site))


def get_crossing(request: Request) -> Response:
    """One crossing: every estimate with its evidence, and the formal rules."""
    check_names(request, "at")
    found = find_one(request)
    return reply_json(request, crossing_body(request.app.state.site, read_moment(request), *found))


def get_rumours(request: Request) -> Response:
    """What spread by hearsay, at one crossing, border or country or all, with what speaks for and against it."""
    check_names(request, "at", "crossing")
    site, moment, wanted = request.app.state.site, read_moment(request), request.query_params.get("crossing")
    borders = {border for region in site.regions for border, _ in region.borders}
    borders |= {crossing.border for region in site.regions for crossing in region.crossings}
    wide = borders | {country for border in borders for country in border.split("-")}
    if wanted is not None and wanted not in wide and not site.crossing(wanted):
        raise HTTPException(404, "no crossing, border or country has that id; leave out crossing to see all")
    rows = [rumour_row(each) for each in find_rumours(site.store, moment.at, wanted, regions=site.regions)]
    return reply_json(request, head(site, moment) | {"rumours": rows})


def get_estimates(request: Request) -> Response:
    """Every kept estimate of one crossing in a stretch of time of up to 31 days."""
    check_names(request, "from", "to", "kind")
    _, crossing = find_one(request)
    state, asked = request.app.state, request.query_params
    now = state.clock()
    moment = choose_moment(None, None, state.store.span(now), now)
    until = read_time(asked.get("to"), "to", moment.at)
    since = read_time(asked.get("from"), "from", until - timedelta(days=4))
    if not timedelta() <= until - since <= LONGEST_HISTORY:
        raise HTTPException(400, "from must lie before to, and at most 31 days before it; ask in several parts")
    kept = state.store.estimates_between(crossing.id, since, until)
    kept = [told for told in kept if asked.get("kind") in (None, told.kind)]
    rows = [estimate_row(told, told.at) for told in kept[:MOST_ESTIMATES]]
    more = iso(kept[MOST_ESTIMATES].at) if len(kept) > MOST_ESTIMATES else None
    body = {"crossing": crossing.id, "from": iso(since), "to": iso(until), "estimates": rows, "more_from": more}
    return reply_json(request, body)


def read_time(text: str | None, name: str, otherwise: datetime) -> datetime:
    """The time of one parameter. Raises 400 that names it."""
    if text is None:
        return otherwise
    try:
        return read_at(text)
    except BadMoment as error:
        raise HTTPException(400, str(error).replace("at=", f"{name}=")) from error


def get_geojson(request: Request) -> Response:
    """The crossings as points, with the status of each. Those whose place nobody checked have no geometry."""
    check_names(request, "at")
    body = geojson_body(request.app.state.site, read_moment(request))
    return reply_json(request, body, media_type="application/geo+json")


def get_post(request: Request) -> Response:
    """One post as evidence: scrubbed, its author not even as a key."""
    check_names(request)
    name = request.path_params["id"]
    post = request.app.state.store.posts([name]).get(name)
    if post is None:
        raise HTTPException(404, "no post of that id is kept; words are kept for a limited time")
    return reply_json(request, post_row(post, request.app.state.store.readings([name]).get(name)))


def load_reader(state: Any) -> Any:
    """What reads a question, made when the first one is asked: it takes every language and place."""
    if state.reader is None:
        state.reader = import_module("verst.reading.reader").Reader.load()
    return state.reader


def ask(request: Request, question: str, moment: Moment, lang: str | None = None) -> Answer:
    """The answer to a question from what was known then. Raises 400 for one that is empty or too long."""
    if not 0 < len(question) <= LONGEST_QUESTION:
        raise HTTPException(400, f"q must hold a question of 1 to {LONGEST_QUESTION} characters")
    state = request.app.state
    reader = load_reader(state)
    return answer(question, moment.at, state.store, state.regions, state.kinds.values(), reader, lang)


def get_answer(request: Request) -> Response:
    """The answer to a question as people type it."""
    check_names(request, "at", "q")
    moment = read_moment(request)
    told = ask(request, request.query_params.get("q", "").strip(), moment)
    return reply_json(request, head(request.app.state.site, moment) | {"answer": as_data(told)})


def wanted_terms(request: Request) -> list[list[str]]:
    """What ``?q=`` searches for. Raises 400 for words that are none or too many."""
    words = request.query_params.get("q", "").strip()
    if not 0 < len(words) <= LONGEST_QUESTION:
        raise HTTPException(400, f"q must hold words to search for, 1 to {LONGEST_QUESTION} characters")
    found: list[list[str]] = load_reader(request.app.state).terms(words)
    return found[:MOST_TERMS]


def get_found(request: Request) -> Response:
    """The posts that hold these words, or say the same in another language, newest first."""
    check_names(request, "at", "q")
    moment, store = read_moment(request), request.app.state.store
    posts = store.search(wanted_terms(request), moment.at, MOST_FOUND)
    readings = store.readings([post.id for post in posts])
    rows = [post_row(post, readings.get(post.id)) for post in posts]
    return reply_json(request, head(request.app.state.site, moment) | {"posts": rows})


@cache
def openapi() -> dict[str, Any]:
    """The description of all this, written by hand and held to by a test."""
    text = (resources.files("verst.web") / "openapi.json").read_text(encoding="utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def get_openapi(request: Request) -> Response:
    """The description."""
    return reply_json(request, openapi())


def get_health(request: Request) -> Response:
    """Whether the store can be read."""
    return reply_json(request, {"ok": True, "revision": request.app.state.store.revision()})


ROUTES = [
    Route("/api/v1/board", get_board),
    Route("/api/v1/crossings", get_crossings),
    Route("/api/v1/crossings.geojson", get_geojson),
    Route("/api/v1/crossings/{id}", get_crossing),
    Route("/api/v1/crossings/{id}/estimates", get_estimates),
    Route("/api/v1/rumours", get_rumours),
    Route("/api/v1/posts/{id:path}", get_post),
    Route("/api/v1/ask", get_answer),
    Route("/api/v1/search", get_found),
    Route("/openapi.json", get_openapi),
    Route("/healthz", get_health),
]
