"""Passkeys at the desk: making one, logging in with one, taking one away. They take a script; the other way none."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from verst.desk import may
from verst.errors import NotAllowed
from verst.sources.scrub import scrub
from verst.web.desk_door import (
    Form,
    Visit,
    address_of,
    attempt,
    done,
    go,
    open_room,
    put_off,
    remember,
    show_page,
    shown,
    site_of,
    taken,
)
from verst.web.pages import make_page
from verst.work.passkeys import Site, ask_to_make, ask_who, keep_made, log_in_with, take_away


def ask_device(request: Request) -> str:
    """What the page of logging in asks a device; empty where nobody here has a passkey for this site."""
    room, site = open_room(request), site_of(request)
    known = any(each.site == site.host for one in room.desk.accounts() for each in one.passkeys)
    if not known or not site.takes_passkeys:
        return ""
    return json.dumps(ask_who(site, room.questions, request.app.state.clock()))


def do_log_in(request: Request, form: Form) -> Response:
    """Begin a session with a passkey, unless it was tried too often from that address."""
    room, now = open_room(request), request.app.state.clock()
    if (wait := room.by_address.try_at(address_of(request), now)) is not None:
        return put_off(request, wait)

    def begin() -> Response:
        key = log_in_with(room.desk, form.get("answer"), site_of(request), room.questions, now)
        return remember(request, go(request, "/desk"), key)

    return attempt(request, begin)


def show_passkeys(visit: Visit) -> Response:
    """One's own passkeys."""
    return passkeys_page(visit, "")


def passkeys_page(visit: Visit, asked: str, label: str = "") -> Response:
    """The passkeys of an account; ``asked``: what the device is to be asked to make one more."""
    page = replace(make_page(visit.request), path="/desk/passkeys")
    site = site_of(visit.request)
    told: dict[str, Any] = {"takes": site.takes_passkeys, "host": site.host, "asked": asked, "label": label}
    told |= {"edits": may(visit.account.role, "editor"), "zone": page.zone()}
    return show_page(visit.request, "desk_passkeys.html", page, account=visit.account, form=visit.form, **told)


def do_ask(visit: Visit, form: Form) -> Response:
    """The page with which a device makes a passkey: who holds the session has shown that the password is theirs."""
    name = visit.account.name
    if (wait := visit.room.by_name.try_at(name, visit.now)) is not None:
        return put_off(visit.request, wait)
    site = takes(visit)
    asked = ask_to_make(visit.account, form.get("password"), site, visit.room.questions, visit.now)
    visit.room.by_name.forgive(name)
    return passkeys_page(visit, json.dumps(asked), form.get("label"))


def do_make(visit: Visit, form: Form) -> Response:
    """Keep the passkey that a device made."""
    label = scrub(form.get("label").strip())
    site = takes(visit)
    keep_made(visit.room.desk, visit.account, form.get("answer"), label, site, visit.room.questions, visit.now)
    return go(visit.request, "/desk/passkeys")


def do_take_away(visit: Visit, form: Form) -> Response:
    """End a passkey."""
    take_away(visit.room.desk, visit.account, form.get("passkey"))
    return go(visit.request, "/desk/passkeys")


def takes(visit: Visit) -> Site:
    """The site of a visit. Raises NotAllowed where no passkey can be for it."""
    site = site_of(visit.request)
    if not site.takes_passkeys:
        raise NotAllowed("no passkeys here: they need the package fido2 and a board with a name", key="no_passkeys")
    return site


ROUTES = [
    Route("/desk/log-in/passkey", taken(do_log_in), methods=["POST"]),
    Route("/desk/passkeys", shown(show_passkeys)),
    Route("/desk/passkeys/ask", done(do_ask), methods=["POST"]),
    Route("/desk/passkeys/make", done(do_make), methods=["POST"]),
    Route("/desk/passkeys/remove", done(do_take_away), methods=["POST"]),
]
