"""The HTML pages: the region board, one row of it, a crossing, and what to do when there is nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from verst.model import Region
from verst.web.answer import write_answer
from verst.web.api import ask, problem
from verst.web.board import choose_region, find_crossing, join_regions, make_board
from verst.web.crossing import make_crossed
from verst.web.evidence import find_label
from verst.web.moment import BadMoment, Moment, choose_moment
from verst.web.page import EVERYWHERE, Page
from verst.web.replies import reply
from verst.web.texts import choose_tongue
from verst.web.view import Now, make_now


def nothing_here() -> HTTPException:
    """There is nothing at this address."""
    return HTTPException(404, "there is nothing at this address; the board is at /")


def read_moment(request: Request) -> Moment:
    """The time a request is for; 400 with what to write instead when it is none."""
    state, asked = request.app.state, request.query_params
    try:
        return choose_moment(asked.get("at"), asked.get("t"), state.store.span(), state.clock())
    except BadMoment as error:
        raise HTTPException(400, str(error)) from error


def make_page(request: Request, moment: Moment | None = None) -> Page:
    """The words and links of one page."""
    state, asked = request.app.state, request.query_params
    tongue = choose_tongue(asked.get("lang"), request.headers.get("accept-language"))
    return Page(
        tongue=tongue,
        moment=moment or read_moment(request),
        path=request.url.path,
        kinds=state.kinds,
        regions=state.regions,
        label=state.label,
        chosen_language=asked.get("lang") == tongue.code,
        revision=state.store.revision(),
    )


def to_minute(instant: datetime) -> datetime:
    """Ages are told in minutes, so a page kept for a minute is right."""
    return instant - timedelta(seconds=instant.second, microseconds=instant.microsecond)


def render(request: Request, template: str, page: Page, **values: Any) -> Response:
    """One page as an answer; ``values`` go to the template."""
    text = request.app.state.templates.get_template(template).render(page=page, **values)
    return reply(request, text.encode(), "text/html; charset=utf-8")


def render_kept(request: Request, page: Page, make: Any) -> Response:
    """A page made by ``make()``, or the one made before for the same revision, language, minute and address."""
    moment = page.moment
    key = (page.path, page.tongue.code, page.chosen_language, page.revision, to_minute(moment.at), moment.asked)
    return reply(request, request.app.state.kept.get(key, make), "text/html; charset=utf-8")


def slider_redirect(request: Request) -> Response | None:
    """The slider without JavaScript sends a step; the reader lands at the address of that time."""
    if "t" not in request.query_params or "at" in request.query_params:
        return None
    page = make_page(request)
    return RedirectResponse(page.link(request.url.path), 303)


def show_board(request: Request) -> Response:
    """The board of one region."""
    moved = slider_redirect(request)
    if moved:
        return moved
    page = make_page(request)
    region = pick_region(request, page.moment)
    if region is None:
        return render(request, "empty.html", page)
    page = replace(page, path=f"/r/{region.id}")
    return render_kept(request, page, lambda: write_board(request, page, region))


def pick_region(request: Request, moment: Moment) -> Region | None:
    """The region of the address, else the one most is said about."""
    state, name = request.app.state, request.path_params.get("region")
    if name is None:
        return choose_region(state.regions, state.store.estimates_at(moment.at))
    if name == EVERYWHERE:
        return join_regions(state.regions, EVERYWHERE)
    for region in state.regions:
        if region.id == name:
            return region  # type: ignore[no-any-return]
    raise HTTPException(404, f"no region is called {name[:40]!r}; the regions are at /api/v1/board")


def write_board(request: Request, page: Page, region: Region) -> bytes:
    """The board as a page."""
    state = request.app.state
    board = make_board(state.store, region, page.moment.at, state.kinds)
    nows = (*board.known, *board.silent)
    shown = [fact.estimate for now in nows for lane in now.lanes for fact in lane.facts.values()]
    page = replace(page, label=page.label or find_label(state.store, shown))
    text = state.templates.get_template("board.html").render(page=page, board=board)
    return text.encode()  # type: ignore[no-any-return]


def show_row(request: Request) -> Response:
    """One crossing's row of the board, for a page that is already open."""
    page = make_page(request)
    now = find_now(request, page.moment)
    return render(request, "row.html", replace(page, path=f"/c/{now.crossing.id}"), now=now)


def find_now(request: Request, moment: Moment) -> Now:
    """The crossing of the address as it is at that time."""
    state = request.app.state
    found = find_crossing(state.regions, request.path_params["crossing"])
    if found is None:
        raise HTTPException(404, "no crossing has that name; all of them are at /api/v1/crossings")
    estimates = state.store.estimates_at(moment.at, found[1].id)
    return make_now(found[1], estimates, moment.at, state.kinds)


def show_crossing(request: Request) -> Response:
    """The page of one crossing."""
    moved = slider_redirect(request)
    if moved:
        return moved
    page = make_page(request)
    found = find_crossing(request.app.state.regions, request.path_params["crossing"])
    if found is None:
        raise HTTPException(404, "no crossing has that name; all of them are at /api/v1/crossings")
    return render_kept(request, page, lambda: write_crossing(request, page, *found))


def write_crossing(request: Request, page: Page, region: Region, crossing: Any) -> bytes:
    """The page of one crossing."""
    state = request.app.state
    crossed = make_crossed(state.store, region, crossing, page.moment.at, state.kinds)
    labels = [shown.post.label for shown in crossed.evidence if shown.post and shown.post.label]
    page = replace(page, label=page.label or (labels[0] if labels else None))
    text = state.templates.get_template("crossing.html").render(
        page=page, region=region, crossing=crossing, it=crossed, answer=write_answer(page, crossed.now)
    )
    return text.encode()  # type: ignore[no-any-return]


def show_answer(request: Request) -> Response:
    """The answer to a question, in the question's own language, with the posts it rests on."""
    page = make_page(request)
    told = ask(request, request.query_params.get("q", "").strip(), page.moment)
    crossings = {crossing.id: crossing for region in page.regions for crossing in region.crossings}
    sources = {source.post: source for line in told.lines for source in line.sources}
    place = next((crossings[name] for name in told.places if name in crossings), None)
    more = {"crossings": crossings, "sources": list(sources.values()), "zone": page.zone(place)}
    return render(request, "ask.html", page, told=told, **more)


def show_error(request: Request, error: Exception) -> Response:
    """What went wrong and what to do: as a problem object for programs, as a page for people."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    what = str(error.detail) if isinstance(error, HTTPException) else "something broke here; try again in a minute"
    headers = error.headers if isinstance(error, HTTPException) else None
    if request.url.path.startswith(("/api/", "/events")) or status not in (400, 404):
        answer = problem(request, status, what)
    else:
        answer = error_page(request, status, what)
    answer.headers.update(headers or {})
    return answer


def error_page(request: Request, status: int, what: str) -> Response:
    """An error as a page in the reader's language, with the exact words for whoever can use them."""
    now = request.app.state.clock()
    page = make_page(request, Moment(at=now, first=now, last=now))
    title = page.say("error.not_found" if status == 404 else "error.title")
    text = request.app.state.templates.get_template("error.html").render(page=page, title=title, what=what)
    return reply(request, text.encode(), "text/html; charset=utf-8", status)


ROUTES = [
    Route("/", show_board),
    Route("/r/{region}", show_board),
    Route("/c/{crossing}", show_crossing),
    Route("/row/{crossing}", show_row),
    Route("/ask", show_answer),
]
ERRORS: dict[Any, Any] = {HTTPException: show_error, Exception: show_error}
