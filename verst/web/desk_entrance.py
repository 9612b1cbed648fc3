"""Joining, logging in and logging out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from verst.desk import ROLES, Act, Role, Verb
from verst.errors import BadSetting, NotAllowed
from verst.web import desk_passkeys
from verst.web.desk_door import (
    Form,
    Visit,
    address_of,
    attempt,
    done,
    find_visit,
    go,
    open_room,
    put_off,
    refuse,
    remember,
    show_page,
    shown,
    taken,
)
from verst.web.pages import make_page
from verst.work.accounts import close, invite, invited, join, log_in
from verst.work.deciding import start
from verst.work.proofs import factor_address, hash_key


def show_log_in(request: Request) -> Response:
    """Name, password and code; who is logged in already is led on."""
    if find_visit(request) is not None:
        return go(request, "/desk")
    asked = desk_passkeys.ask_device(request)
    return show_page(request, "desk_log_in.html", make_page(request), account=None, form="", asked=asked)


def do_log_in(request: Request, form: Form) -> Response:
    """Begin a session, unless it was tried too often from that address or for that name."""
    room, now = open_room(request), request.app.state.clock()
    name = form.get("name").strip().lower()
    waits = (room.by_name.try_at(name, now), room.by_address.try_at(address_of(request), now))
    wait = max((each for each in waits if each is not None), default=None)
    if wait is not None:
        return put_off(request, wait)

    def begin() -> Response:
        key = log_in(room.desk, name, form.get("password"), form.get("code"), now)
        room.by_name.forgive(name)
        return remember(request, go(request, "/desk"), key)

    return attempt(request, begin)


def show_join(request: Request) -> Response:
    """The page behind a link of `verst desk add`: a password to choose, a second factor to set up."""
    asked, room = request.query_params, open_room(request)

    def show() -> Response:
        account = invited(room.desk, asked.get("name", ""), asked.get("key", ""), request.app.state.clock())
        parts = [account.factor[at : at + 4] for at in range(0, len(account.factor), 4)]
        told: dict[str, Any] = {"name": account.name, "key": asked.get("key", ""), "factor": " ".join(parts)}
        address = factor_address(account.factor, account.name)
        told["link"] = {"name": account.name, "key": told["key"]}  # the same page in another language
        return show_page(request, "desk_join.html", make_page(request), account=None, form="", address=address, **told)

    return attempt(request, show)


def do_join(request: Request, form: Form) -> Response:
    """Keep the password; the recovery codes are shown this once."""
    room, now = open_room(request), request.app.state.clock()
    if room.by_address.try_at(address_of(request), now) is not None:
        return refuse(request, NotAllowed("too many attempts; wait some minutes", key="often"), 429)

    def keep() -> Response:
        codes = join(room.desk, form.get("name"), form.get("key"), form.get("password"), form.get("code"), now)
        page = replace(make_page(request), path="/desk/log-in")
        return show_page(request, "desk_codes.html", page, account=None, form="", codes=codes)

    return attempt(request, keep)


def do_log_out(visit: Visit, form: Form) -> Response:
    """End the session, and let go of everything that was looked at."""
    visit.room.desk.end(key=hash_key(visit.key))
    visit.room.desk.release(visit.account.name)
    return remember(visit.request, go(visit.request, "/desk/log-in"), "")


def show_accounts(visit: Visit) -> Response:
    """Who may work at the desk."""
    return accounts_page(visit, "")


def accounts_page(visit: Visit, link: str) -> Response:
    """The accounts, with a link to join by where one was made just now: it is shown this once."""
    page = replace(make_page(visit.request), path="/desk/accounts")
    more: dict[str, Any] = {"accounts": visit.room.desk.accounts(), "roles": ROLES, "joining": link, "edits": True}
    return show_page(visit.request, "desk_accounts.html", page, account=visit.account, form=visit.form, **more)


def do_invite(visit: Visit, form: Form) -> Response:
    """Make an account, or let one choose password and factor anew."""
    name, role = form.get("name").strip().lower(), form.get("role")
    begun = note(visit, "invite", name, role)
    try:
        key = invite(visit.room.desk, name, cast(Role, role), visit.now)
    except BadSetting as error:
        raise NotAllowed(str(error), key="name") from error
    visit.room.desk.add(begun)
    link = f"{visit.request.url.replace(path='/desk/join', query=urlencode({'name': name, 'key': key}))}"
    return accounts_page(visit, link)


def do_close(visit: Visit, form: Form) -> Response:
    """Close an account; nobody closes their own, so that somebody is left."""
    name = form.get("name")
    begun = note(visit, "close", name, "")
    if name == visit.account.name:
        raise NotAllowed("nobody closes their own account", key="own")
    close(visit.room.desk, name)
    visit.room.desk.add(begun)
    return go(visit.request, "/desk/accounts")


def note(visit: Visit, verb: Verb, name: str, role: str) -> Act:
    """That an account was made or closed, for the trail. Raises NotAllowed."""
    begun = start(visit.account, verb, make_page(visit.request).moment.last, visit.now, "other", "")
    return replace(begun, value=f"{name}: {role}" if role else name)


ROUTES = [
    *desk_passkeys.ROUTES,
    Route("/desk/accounts", shown(show_accounts, "admin")),
    Route("/desk/invite", done(do_invite), methods=["POST"]),
    Route("/desk/close", done(do_close), methods=["POST"]),
    Route("/desk/log-in", show_log_in),
    Route("/desk/log-in", taken(do_log_in), methods=["POST"]),
    Route("/desk/join", show_join),
    Route("/desk/join", taken(do_join), methods=["POST"]),
    Route("/desk/log-out", done(do_log_out), methods=["POST"]),
]
