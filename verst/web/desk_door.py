"""The way in to the desk: who comes, by which session, and whether what they send was meant.

The one cookie of the program is set here, for `/desk` alone: a random key, out of reach of scripts, sent to this site
alone, and only over TLS unless the board is on this machine. A form is taken when it brings the key that only a page of
its session can hold.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from verst.desk import Account, Role, may
from verst.errors import NotAllowed, NotFound, VerstError
from verst.store.desk import Desk, KeepsDesk
from verst.web.page import Page
from verst.web.pages import make_page, nothing_here
from verst.work.accounts import LONGEST, find_account
from verst.work.passkeys import Questions, Site
from verst.work.patience import Patience
from verst.work.proofs import form_key
from verst.work.queueing import Queue

COOKIE, PATH = "verst-desk", "/desk"
MOST_BYTES = 64_000  # of a form
HERE = frozenset(("127.0.0.1", "localhost", "::1"))
HTML = "text/html; charset=utf-8"


class Room:
    """What the desk needs beside the board: its queue, and its patience with wrong log-ins (in memory alone)."""

    def __init__(self, desk: Desk, queue: Queue) -> None:
        self.desk, self.queue = desk, queue
        self.by_name = Patience(6, timedelta(minutes=15))
        self.by_address = Patience(30, timedelta(minutes=15))
        self.questions = Questions()


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who is logged in; ``form``: what their forms must bring along."""

    request: Request
    account: Account
    key: str
    room: Room

    @property
    def form(self) -> str:
        """The key of this session's forms."""
        return form_key(self.key)

    @property
    def now(self) -> datetime:
        """The present by the clock."""
        present: datetime = self.request.app.state.clock()
        return present


class Form:
    """What a form said: the last value of a name, or all of them."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs

    def get(self, name: str) -> str:
        """The value of that name; empty where there is none."""
        return next((value for key, value in reversed(self.pairs) if key == name), "")

    def all(self, name: str) -> list[str]:
        """Every value of that name."""
        return [value for key, value in self.pairs if key == name]


Show = Callable[[Visit], Response]
Do = Callable[[Visit, Form], Response]


def open_room(request: Request) -> Room:
    """The desk of this board. Raises 404 where none is kept or nobody has an account: then there is no desk."""
    room: Room | None = request.app.state.room
    if room is None or not room.desk.accounts():
        raise nothing_here()
    return room


def make_room(store: Any, queue: Callable[[], Queue]) -> Room | None:
    """The desk over a store; None where a store of its kind keeps none."""
    return Room(store.desk, queue()) if isinstance(store, KeepsDesk) else None


def find_visit(request: Request) -> Visit | None:
    """Who comes; None: nobody who is logged in."""
    room, key = open_room(request), request.cookies.get(COOKIE, "")
    account = find_account(room.desk, key, request.app.state.clock()) if key else None
    return Visit(request, account, key, room) if account is not None else None


def shown(show: Show, least: Role = "viewer") -> Callable[[Request], Response]:
    """A page for those who are logged in and may; others are led to the door."""

    def handle(request: Request) -> Response:
        visit = find_visit(request)
        if visit is None:
            return go(request, "/desk/log-in")
        if not may(visit.account.role, least):
            return refuse(request, NotAllowed(f"this takes the role {least} or above", key="role", role=least), 403)
        return show(visit)

    return handle


def done(do: Do) -> Callable[[Request], Any]:
    """A form of those who are logged in: taken when it was meant, answered in words where it cannot be done."""

    def handle(request: Request, form: Form) -> Response:
        visit = find_visit(request)
        if visit is None:
            return go(request, "/desk/log-in")
        if not hmac.compare_digest(form.get("form").encode(), visit.form.encode()):
            return refuse(request, NotAllowed("this form is not of your session; open the page again", key="form"), 403)
        return attempt(request, lambda: do(visit, form))

    return taken(handle)


def taken(handle: Callable[[Request, Form], Response]) -> Callable[[Request], Any]:
    """A form from a page of this site, read and handed on; 403 for one from elsewhere, 413 for one too large."""

    async def take(request: Request) -> Response:
        if not is_ours(request):
            raise HTTPException(403, "this form came from another site; open the page here and send it again")
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_BYTES:
                raise HTTPException(413, "this form is too large; send less at a time")
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=500)
        return await run_sync(handle, request, Form(pairs))

    return take


def site_of(request: Request) -> Site:
    """The site that passkeys are for: as the browser names it. Away from this machine a browser makes them over TLS
    alone, which the web server in front may have taken off.
    """
    host, netloc = request.url.hostname or "", request.headers.get("host", "")
    schemes = ("https", "http") if host in HERE else ("https",)
    return Site(host, tuple(f"{scheme}://{netloc}" for scheme in schemes))


def is_ours(request: Request) -> bool:
    """Whether a browser says that a form came from a page of this site. Pages send no referrer, so it may say null."""
    fetched, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if fetched is not None and fetched not in ("same-origin", "none"):
        return False
    return origin in (None, "null") or urlsplit(origin).netloc == request.headers.get("host")


def attempt(request: Request, do: Callable[[], Response]) -> Response:
    """What is done, or in words why it cannot be."""
    try:
        return do()
    except NotAllowed as error:
        return refuse(request, error, 403 if error.key in ("role", "form") else 409)
    except NotFound as error:
        return refuse(request, error, 404)


def refuse(request: Request, error: VerstError, status: int) -> Response:
    """Why something cannot be done, in the reader's language where it is known there, and what to do next."""
    page = replace(make_page(request), path=PATH)
    said = ""
    if isinstance(error, NotAllowed) and error.key:
        said = page.say(f"fault.{error.key}", **error.values)
    return show_page(request, "desk_refused.html", page, status, said=said, what=str(error), account=None, form="")


def show_page(request: Request, template: str, page: Page, status: int = 200, **values: Any) -> Response:
    """A page of the desk: never kept by a browser or anybody between."""
    text = request.app.state.site.templates.get_template(template).render(page=page, **values)
    return Response(text, status, {"Cache-Control": "no-store"}, HTML)


def go(request: Request, path: str, **more: str) -> Response:
    """Lead to another page of the desk, in the same language."""
    page = make_page(request)
    return RedirectResponse(page.link(path, at=None, **more), 303, {"Cache-Control": "no-store"})


def remember(request: Request, answer: Response, key: str) -> Response:
    """The answer, with the session's key for the browser to hold; an empty one is taken from it."""
    here = request.url.hostname in HERE
    answer.set_cookie(
        COOKIE, key, max_age=int(LONGEST.total_seconds()) if key else 0, path=PATH, secure=not here, httponly=True,
        samesite="strict",
    )  # fmt: skip
    return answer


def put_off(request: Request, wait: timedelta) -> Response:
    """That it was tried too often, and how long to wait."""
    answer = refuse(request, NotAllowed("too many attempts; wait some minutes", key="often"), 429)
    answer.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
    return answer


def address_of(request: Request) -> str:
    """Where a request came from; it is counted under a salted hash in memory, and written nowhere."""
    return request.client.host if request.client is not None else ""
