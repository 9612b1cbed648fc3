"""The desk: the queue of what needs eyes, what is decided there, and its trail. Every page works without a script."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from verst.clock import parse_instant
from verst.desk import VERBS, Act, Verb, broken_at, may
from verst.errors import NotAllowed, NotFound
from verst.fusion.judging import rumour_name
from verst.fusion.verdicts import Rumour
from verst.model import Rule
from verst.web import desk_entrance
from verst.web.crossing import RUMOURED
from verst.web.desk_door import Form, Visit, done, go, show_page, shown
from verst.web.desk_view import crossings, find_quiet, show_acts, show_items
from verst.web.page import Page
from verst.web.pages import make_page
from verst.work import deciding
from verst.work.queueing import Item, find_item, item_id
from verst.work.rumoured import find_rumours

JUDGED: tuple[Verb, ...] = ("confirm", "reject", "correct")
MOST_AT_ONCE = 50


def show_queue(visit: Visit) -> Response:
    """What needs eyes, the largest effect on the board first."""
    request, page = visit.request, make_page(visit.request)
    store, desk = request.app.state.store, visit.room.desk
    items = visit.room.queue.look(page.moment.at)
    acts = desk.acts()
    more = {
        "items": show_items(store, page, items, desk.holds(visit.now), visit.account.name),
        "done": show_acts(store, page, acts[-20:], page.moment.at, visit.account.name)[:8],
        "seen": len(acts),
        "quiet": find_quiet(store, page, visit.now),
        "last": request.query_params.get("did", ""),
        "places": crossings(page),
    }
    return show(visit, page, "desk.html", **more)


def show(visit: Visit, page: Page, template: str, **more: Any) -> Response:
    """A page with what all pages of the desk say."""
    role = visit.account.role
    rights: dict[str, Any] = {"decides": may(role, "moderator"), "edits": may(role, "editor")}
    told = rights | {"reasons": deciding.REASONS, "hours": deciding.PIN_HOURS, "zone": page.zone()} | more
    return show_page(visit.request, template, page, account=visit.account, form=visit.form, **told)


def show_trail(visit: Visit) -> Response:
    """Every act, and whether the chain is whole."""
    page, desk = make_page(visit.request), visit.room.desk
    acts = desk.acts()
    shown_acts = show_acts(visit.request.app.state.store, page, acts, page.moment.at, visit.account.name)
    more = {"done": shown_acts, "broken": broken_at(desk.trail()), "head": acts[-1].seal if acts else ""}
    return show(visit, page, "desk_trail.html", **more)


def show_rules(visit: Visit) -> Response:
    """The formal rules, to say until when they hold."""
    page = make_page(visit.request)
    rules = [rule for region in page.regions for rule in region.rules]
    return show(visit, page, "desk_rules.html", rules=sorted(rules, key=lambda rule: (rule.where, rule.id)))


def show_rumours(visit: Visit) -> Response:
    """The rumours of the last days, to say of two that they are one."""
    page, state = make_page(visit.request), visit.request.app.state
    found = [
        r for r in find_rumours(state.store, page.moment.at, None, RUMOURED, state.regions) if r.kind in page.kinds
    ]
    groups: dict[tuple[str, str, str], list[Rumour]] = {}
    for rumour in found:
        groups.setdefault((rumour.crossing, rumour_name(rumour.kind, rumour.tag), rumour.mode), []).append(rumour)
    pairs = [
        (rumour, what, [r for r in some if r is not rumour]) for (_, what, _), some in groups.items() for rumour in some
    ]
    return show(visit, page, "desk_rumours.html", pairs=pairs, places=crossings(page))


def begin(visit: Visit, form: Form, verb: Verb) -> Act:
    """An act without its object."""
    moment = make_page(visit.request).moment
    return deciding.start(visit.account, verb, moment.last, visit.now, form.get("reason"), form.get("words"))


def do_judge(visit: Visit, form: Form) -> Response:
    """Confirm, reject or correct one claim or many; take one to look at."""
    verb = form.get("verb")
    found = [find_named(visit, name) for name in form.all("item")[:MOST_AT_ONCE]]
    if not found:
        raise NotAllowed("nothing is chosen", key="nothing")
    for item in found:
        deciding.take(visit.room.desk, item.id, visit.account, visit.now)
    if verb == "take":
        return go(visit.request, "/desk", took=found[0].id)
    if verb not in JUDGED:
        raise NotAllowed(f"nothing is done by {verb[:20]!r}; there are {', '.join(VERBS)}")
    seen = int(form.get("seen")) if form.get("seen").isdecimal() else 0
    state = visit.request.app.state
    for item in found:
        begun = begin(visit, form, verb)
        deciding.judge_item(
            state.store, begun, item, state.kinds, seen=seen, whole=form.get("whole") != "no", value=form.get("value")
        )
        visit.room.desk.release(visit.account.name, item.id)
    return follow(visit, verb)


def find_named(visit: Visit, name: str) -> Item:
    """The claim that a form names. Raises NotFound."""
    crossing, _, rest = name.partition("\t")
    post, _, what = rest.partition("\t")
    item = find_item(visit.request.app.state.store, crossing, what, post, make_page(visit.request).moment.last)
    if item is None:
        raise NotFound("nobody says that any more; the post was edited, or is gone")
    return item


def follow(visit: Visit, verb: str) -> Response:
    """Make the board follow, tell those who listen, and lead back to the queue."""
    state = visit.request.app.state
    deciding.follow(state.store, state.regions, state.kinds, make_page(visit.request).moment.last)
    state.changes.hurry()
    return go(visit.request, "/desk", did=verb)


def do_take(visit: Visit, form: Form) -> Response:
    """Look at a claim, asked by the script while somebody moves through the queue: who has it now."""
    crossing, _, rest = form.get("item").partition("\t")
    post, _, what = rest.partition("\t")
    visit.room.desk.release(visit.account.name)
    until = visit.now + deciding.LOCKED_FOR
    holder = visit.room.desk.hold(item_id(crossing, what, post), visit.account.name, visit.now, until)
    taken = holder == visit.account.name
    body = json.dumps({"who": "" if taken else holder})
    return Response(body, 200 if taken else 409, {"Cache-Control": "no-store"}, "application/json")


def do_pin(visit: Visit, form: Form) -> Response:
    """Pin a note at a crossing."""
    if form.get("crossing") not in {c.id for r in visit.request.app.state.regions for c in r.crossings}:
        raise NotFound("no crossing has that name")
    hours = int(form.get("hours")) if form.get("hours").isdecimal() else 0
    deciding.pin(visit.room.desk, begin(visit, form, "pin"), form.get("crossing"), hours)
    return follow(visit, "pin")


def do_mark(visit: Visit, form: Form) -> Response:
    """Mark the chat or the writer of a post as official or hostile; who that is stands in no form."""
    name = form.get("post")
    post = visit.request.app.state.store.posts([name]).get(name)
    if post is None:
        raise NotFound("that post is gone, and what it came from with it")
    source = deciding.source_of(post, form.get("whom"))
    deciding.mark(visit.room.desk, begin(visit, form, "mark"), source, form.get("value"))
    return follow(visit, "mark")


def do_merge(visit: Visit, form: Form) -> Response:
    """Say that two rumours are one."""
    told = [form.get(name) for name in ("crossing", "what", "other", "value")]
    deciding.merge(visit.room.desk, begin(visit, form, "merge"), *told)
    return follow(visit, "merge")


def do_rule(visit: Visit, form: Form) -> Response:
    """Say from when to when a formal rule holds."""
    rules: dict[str, Rule] = {rule.id: rule for region in visit.request.app.state.regions for rule in region.rules}
    if form.get("rule") not in rules:
        raise NotFound("no rule has that name")
    times = [read_moment(form.get(name)) for name in ("starts_at", "ends_at")]
    deciding.set_rule(visit.room.desk, begin(visit, form, "rule"), form.get("rule"), times[0], times[1])
    return follow(visit, "rule")


def read_moment(text: str) -> datetime | None:
    """A time of a form; None where it is left open. Raises NotAllowed."""
    if not text.strip():
        return None
    try:
        return parse_instant(text.strip())[0]
    except (ValueError, OverflowError) as error:
        raise NotAllowed("write a time with its offset, such as 2022-09-24T09:00Z", key="time") from error


def do_undo(visit: Visit, form: Form) -> Response:
    """Take an act back."""
    n = int(form.get("n")) if form.get("n").isdecimal() else 0
    deciding.undo(visit.room.desk, visit.account, n, begin(visit, form, "undo"))
    return follow(visit, "undo")


ROUTES = [
    *desk_entrance.ROUTES,
    Route("/desk", shown(show_queue)),
    Route("/desk/trail", shown(show_trail)),
    Route("/desk/rules", shown(show_rules, "editor")),
    Route("/desk/judge", done(do_judge), methods=["POST"]),
    Route("/desk/take", done(do_take), methods=["POST"]),
    Route("/desk/pin", done(do_pin), methods=["POST"]),
    Route("/desk/mark", done(do_mark), methods=["POST"]),
    Route("/desk/rumours", shown(show_rumours, "editor")),
    Route("/desk/merge", done(do_merge), methods=["POST"]),
    Route("/desk/rule", done(do_rule), methods=["POST"]),
    Route("/desk/undo", done(do_undo), methods=["POST"]),
]
