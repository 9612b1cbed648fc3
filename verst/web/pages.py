"""The HTML pages of the live server: board, one row of it, map, a crossing, its digest, one file, and errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from verst.model import Crossing, Region
from verst.web.api import MOST_FOUND, ask, problem, wanted_terms
from verst.web.delta import board_delta
from verst.web.evidence import find_posts
from verst.web.feed import write_feed
from verst.web.moment import BadMoment, Moment, choose_moment, fullest_hour
from verst.web.page import Page
from verst.web.replies import reply, reply_json
from verst.web.texts import choose_tongue
from verst.web.view import make_now
from verst.web.writing import (
    Site,
    see_board,
    write_board,
    write_crossing,
    write_digest,
    write_map,
    write_single,
)

HTML, PLAIN = "text/html; charset=utf-8", "text/plain; charset=utf-8"
Write = Callable[[Site, Page, Region], bytes]


def nothing_here() -> HTTPException:
    """There is nothing at this address."""
    return HTTPException(404, "there is nothing at this address; the board is at /")


def read_moment(request: Request) -> Moment:
    """The time a request is for; 400 with what to write instead when it is none."""
    site, asked = request.app.state.site, request.query_params
    try:
        now = site.clock()
        span = site.memo.span(site.store.revision(), now)
        return choose_moment(asked.get("at"), asked.get("t"), span, now)
    except BadMoment as error:
        raise HTTPException(400, str(error)) from error


def make_page(request: Request, moment: Moment | None = None) -> Page:
    """The words and links of one page."""
    site, asked = request.app.state.site, request.query_params
    tongue = choose_tongue(asked.get("lang"), request.headers.get("accept-language"))
    return Page(
        tongue=tongue,
        moment=moment or read_moment(request),
        path=request.url.path,
        kinds=site.kinds,
        regions=site.regions,
        label=site.label,
        chosen_language=asked.get("lang") == tongue.code,
        revision=site.store.revision(),
        says=request.app.state.inbox is not None,
    )


def to_minute(instant: datetime) -> datetime:
    """Ages are told in minutes, so a page kept for a minute is right."""
    return instant - timedelta(seconds=instant.second, microseconds=instant.microsecond)


def render(request: Request, template: str, page: Page, **values: Any) -> Response:
    """One page as an answer; ``values`` go to the template."""
    text = request.app.state.site.templates.get_template(template).render(page=page, **values)
    return reply(request, text.encode(), HTML)


def keep_page(request: Request, page: Page, make: Callable[[], bytes]) -> bytes:
    """A page made by ``make()``, or the one made before for the same revision, language, minute and address."""
    moment = page.moment
    said = (page.path, page.front, page.tongue.code, page.chosen_language)
    key = (*said, page.revision, to_minute(moment.at), moment.asked)
    body: bytes = request.app.state.kept.get(key, make)
    return body


def slider_redirect(request: Request) -> Response | None:
    """The slider without JavaScript sends a step; the reader lands at the address of that time."""
    if "t" not in request.query_params or "at" in request.query_params:
        return None
    page = make_page(request)
    return RedirectResponse(page.link(request.url.path), 303)


def show_region(request: Request, where: str, write: Write, front: Moment | None = None) -> Response:
    """A page of one region at ``/where/region``, or of the region most is said about.

    ``front``: the time the front door shows, where that is another than the address says.
    """
    moved = slider_redirect(request)
    if moved:
        return moved
    page = make_page(request, front)
    region = pick_region(request, page.moment)
    if region is None:
        return render(request, "empty.html", page)
    page = replace(page, path=f"/{where}/{region.id}", front=front is not None)
    return reply(request, keep_page(request, page, lambda: write(request.app.state.site, page, region)), HTML)


def pick_region(request: Request, moment: Moment) -> Region | None:
    """The region of the address, else the one most is said about. Raises 404."""
    name = request.path_params.get("region")
    region: Region | None = request.app.state.site.region(name, moment)
    if region is None and name is not None:
        raise HTTPException(404, f"no region is called {name[:40]!r}; the regions are at /api/v1/board")
    return region


def show_front(request: Request) -> Response:
    """The board of the region most is said about. An archive opens where it is fullest: at its end little is said."""
    moment = read_moment(request)
    if moment.archive and not moment.asked:
        site = request.app.state.site
        fullest = fullest_hour(site.memo.by_hour(site.store.revision()))
        moment = replace(moment, at=min(fullest, moment.last), asked=True)
    return show_region(request, "r", write_board, moment)


def show_board(request: Request) -> Response:
    """The board of one region."""
    return show_region(request, "r", write_board)


def show_map(request: Request) -> Response:
    """The map of one region."""
    return show_region(request, "m", write_map)


def save_board(request: Request) -> Response:
    """The board of one region as one file to keep."""
    answer = show_region(request, "save", write_single)
    if answer.status_code == 200:
        name = request.path_params["region"]
        answer.headers["Content-Disposition"] = f'attachment; filename="verst-{name}.html"'
    return answer


def show_delta(request: Request) -> Response:
    """The order of a region's crossings, each with a stamp: what an open page compares itself with."""
    page = make_page(request)
    region = pick_region(request, page.moment)
    if region is None:
        raise nothing_here()
    board = see_board(request.app.state.site, page, region)
    return reply_json(request, board_delta(board, page.moment.at, page.revision))


def find_one(request: Request) -> tuple[Region, Crossing]:
    """Region and crossing of the address. Raises 404."""
    found: tuple[Region, Crossing] | None = request.app.state.site.crossing(request.path_params["crossing"])
    if found is None:
        raise HTTPException(404, "no crossing has that name; all of them are at /api/v1/crossings")
    return found


def show_row(request: Request) -> Response:
    """One crossing's row of the board, for a page that is already open."""
    page = make_page(request)
    site, (_, crossing) = request.app.state.site, find_one(request)
    groups = site.memo.groups(page.revision, page.moment)
    now = make_now(crossing, groups.get(crossing.id, ()), page.moment.at, site.kinds)
    return render(request, "row.html", replace(page, path=f"/c/{crossing.id}"), now=now)


def show_crossing(request: Request) -> Response:
    """The page of one crossing."""
    moved = slider_redirect(request)
    if moved:
        return moved
    page, found = make_page(request), find_one(request)
    body = keep_page(request, page, lambda: write_crossing(request.app.state.site, page, *found))
    return reply(request, body, HTML)


def show_digest(request: Request) -> Response:
    """One crossing as a message of plain text."""
    page, found = make_page(request), find_one(request)
    body = keep_page(request, page, lambda: write_digest(request.app.state.site, page, *found).encode())
    return reply(request, body, PLAIN)


def show_feed(request: Request) -> Response:
    """The crossings with recent word as an Atom feed."""
    page = make_page(request)
    body = keep_page(request, page, lambda: write_feed(request.app.state.site, page))
    return reply(request, body, "application/atom+xml; charset=utf-8")


def show_answer(request: Request) -> Response:
    """The answer to a question, in the question's own language, with the posts it rests on; unasked, the box."""
    page = make_page(request)
    if "q" not in request.query_params:
        return render(request, "ask.html", page, told=None, zone=None)
    told = ask(request, request.query_params.get("q", "").strip(), page.moment)
    crossings = all_crossings(page)
    sources = {source.post: source for line in told.lines for source in line.sources}
    place = next((crossings[name] for name in told.places if name in crossings), None)
    more = {"crossings": crossings, "sources": list(sources.values()), "zone": page.zone(place)}
    return render(request, "ask.html", page, told=told, **more)


def show_found(request: Request) -> Response:
    """The posts that were searched for, newest first; where nothing was searched for, the box."""
    page = make_page(request)
    if "q" not in request.query_params:
        return render(request, "search.html", page, words="", found=None, zone=page.zone())
    terms = wanted_terms(request)
    found = find_posts(request.app.state.store, terms, page.moment.at, MOST_FOUND)
    more = {"found": found, "most": MOST_FOUND, "zone": page.zone(), "crossings": all_crossings(page)}
    return render(request, "search.html", page, words=request.query_params["q"].strip(), **more)


def all_crossings(page: Page) -> dict[str, Crossing]:
    """Every crossing by its id."""
    return {crossing.id: crossing for region in page.regions for crossing in region.crossings}


def show_error(request: Request, error: Exception) -> Response:
    """What went wrong and what to do: as a problem object for programs, as a page for people."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    what = str(error.detail) if isinstance(error, HTTPException) else "something broke here; try again in a minute"
    headers = error.headers if isinstance(error, HTTPException) else None
    if request.url.path.startswith(("/api/", "/events", "/now/")) or status not in (400, 404):
        answer = problem(request, status, what)
    else:
        answer = error_page(request, status, what)
    answer.headers.update(headers or {})
    return answer


def error_page(request: Request, status: int, what: str) -> Response:
    """An error as a page in the reader's language, with the exact words for whoever can use them."""
    now = request.app.state.site.clock()
    page = make_page(request, Moment(at=now, first=now, last=now))
    title = page.say("error.not_found" if status == 404 else "error.title")
    text = request.app.state.site.templates.get_template("error.html").render(page=page, title=title, what=what)
    return reply(request, text.encode(), HTML, status)


ROUTES = [
    Route("/", show_front),
    Route("/r/{region}", show_board),
    Route("/m/{region}", show_map),
    Route("/save/{region}", save_board),
    Route("/now/{region}.json", show_delta),
    Route("/c/{crossing}", show_crossing),
    Route("/row/{crossing}", show_row),
    Route("/digest/{crossing}", show_digest),
    Route("/ask", show_answer),
    Route("/search", show_found),
    Route("/feed", show_feed),
]
ERRORS: dict[Any, Any] = {HTTPException: show_error, Exception: show_error}
