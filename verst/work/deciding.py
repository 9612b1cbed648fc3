"""A moderator's decision becomes an act: whether they may, whether somebody else was first, and the board after it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from verst.desk import JUDGING, LASTING, Account, Act, Role, Verb, in_force, may
from verst.errors import NotAllowed, NotFound, StoreBusy
from verst.fusion.judging import hits
from verst.model import Estimate, Kind, Post, Region
from verst.sources.door import clean
from verst.sources.scrub import scrub
from verst.store import Store
from verst.store.desk import Desk, desk_of
from verst.work.queueing import Item
from verst.work.reports import community_of
from verst.work.settling import settle_acts
from verst.work.turns import in_turn

LOCKED_FOR = timedelta(minutes=5)
MARKED_SINCE = timedelta(days=1)  # before a mark: so far back it changes what a source said
PIN_HOURS = (6, 24, 72)
MOST_WORDS = 500
REASONS = ("sources", "place", "seen", "old", "elsewhere", "figure", "joke", "advert", "planted", "other")
MARKS = ("official", "hostile")
LEAST: dict[Verb, Role] = {
    "confirm": "moderator", "reject": "moderator", "correct": "moderator", "pin": "moderator", "undo": "moderator",
    "mark": "editor", "merge": "editor", "rule": "editor", "invite": "admin", "close": "admin",
}  # fmt: skip


def check_role(who: Account, verb: Verb) -> None:
    """Raises NotAllowed when an account may not do that."""
    if not may(who.role, LEAST[verb]):
        raise NotAllowed(
            f"{verb} takes the role {LEAST[verb]} or above; {who.name} is {who.role}", key="role", role=LEAST[verb]
        )


def take(desk: Desk, item: str, who: Account, now: datetime) -> None:
    """Look at an item, so that nobody else decides about it meanwhile. Raises NotAllowed when somebody else does."""
    holder = desk.hold(item, who.name, now, now + LOCKED_FOR)
    if holder != who.name:
        raise NotAllowed(
            f"{holder} is looking at this one; it is free again after 5 minutes at most", key="locked", who=holder
        )


def start(who: Account, verb: Verb, at: datetime, now: datetime, reason: str, words: str) -> Act:
    """An act without its object. ``at``: the board's time; ``now``: the clock's. Raises NotAllowed."""
    check_role(who, verb)
    if reason not in REASONS:
        raise NotAllowed("every act has a reason: choose one of the list", key="reason")
    told = " ".join(scrub(clean(words[: 10 * MOST_WORDS])).split())[:MOST_WORDS]  # cut last: half a number is none
    at = at.replace(microsecond=0)
    return Act(verb=verb, who=who.name, at=at, made_at=now.replace(microsecond=0), since=at, reason=reason, words=told)


def judge_item(
    store: Store, begun: Act, item: Item, kinds: Mapping[str, Kind], *, seen: int, whole: bool = True, value: str = ""
) -> Act:
    """Confirm, reject or correct a claim; ``seen``: the last act its moderator knew of. Raises NotAllowed."""
    desk = desk_of(store)
    acts = desk.acts()
    newer = [act for act in acts[seen:] if act.crossing == item.crossing and (act.post, act.what) == name(item)]
    if newer:
        raise NotAllowed(
            f"{newer[-1].who} was first ({newer[-1].verb}); look at it again", key="first", who=newer[-1].who
        )
    if begun.verb == "confirm" and value.strip() and kinds[item.claim.kind].shape == "amount":
        raise NotAllowed("a figure was written beside a confirmation; clear it, or correct", key="unclear")
    right = read_value(value, kinds[item.claim.kind]) if begun.verb == "correct" else None
    since = min(item.since, begun.at)
    done = replace(
        begun, crossing=item.crossing, post=item.post, what=item.what, whole=whole, value=right, since=since
    )  # fmt: skip
    return desk.add(done)


def name(item: Item) -> tuple[str, str]:
    """What an act calls an item."""
    return item.post, item.what


def read_value(text: str, kind: Kind) -> float | str:
    """What is right instead, in the unit of the kind. Raises NotAllowed for what is none."""
    if kind.shape == "amount":
        with suppress(ValueError):
            value = float(text.strip().replace(",", "."))
            if math.isfinite(value) and value >= 0:
                return value
        raise NotAllowed(f"write a figure in {kind.unit or 'its unit'}, such as 90", key="figure")
    options = kind.options or ("available", "missing")
    if text not in options:
        raise NotAllowed(f"choose one of {', '.join(options)}", key="figure")
    return text


def pin(desk: Desk, begun: Act, crossing: str, hours: int) -> Act:
    """A note at a crossing, for so many hours. Raises NotAllowed when it says nothing."""
    if not begun.words or hours not in PIN_HOURS:
        raise NotAllowed("write what is to be read at the crossing, and for how long", key="words")
    return desk.add(replace(begun, crossing=crossing, ends_at=begun.at + timedelta(hours=hours)))


def source_of(post: Post, whom: str) -> str:
    """The key of a post's chat, or of its writer. Raises NotAllowed where nobody knows who wrote it."""
    if whom != "writer":
        return community_of(post.chat)
    if post.author is None:
        raise NotAllowed("nobody knows who wrote that; mark the chat", key="writer")
    return post.author


def mark(desk: Desk, begun: Act, source: str, value: str) -> Act:
    """Say that a source speaks for an authority, or plants lies: of what it said since a day ago, and will say."""
    if value not in MARKS:
        raise NotAllowed(f"a source is marked as one of {', '.join(MARKS)}")
    return desk.add(replace(begun, source=source, value=value, since=begun.at - MARKED_SINCE))


def merge(desk: Desk, begun: Act, crossing: str, subject: str, other: str, value: str) -> Act:
    """Say that two rumours of one subject are one, of ``value``. Raises NotAllowed when they are the same already."""
    pair = [float(each) if is_figure(each) else each for each in (other, value)]
    if not subject or pair[0] == pair[1]:
        raise NotAllowed("choose another rumour of the same place and kind", key="merge")
    return desk.add(replace(begun, crossing=crossing, what=subject, other=pair[0], value=pair[1]))


def is_figure(text: str) -> bool:
    """Whether a text is a finite number."""
    with suppress(ValueError):
        return math.isfinite(float(text))
    return False


def set_rule(desk: Desk, begun: Act, rule: str, starts_at: datetime | None, ends_at: datetime | None) -> Act:
    """Until when a formal rule of the shelf holds, or from when on. Raises NotAllowed when it would hold never."""
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        raise NotAllowed("a rule ends after it begins", key="time")
    return desk.add(replace(begun, value=rule, starts_at=starts_at, ends_at=ends_at))


def undo(desk: Desk, who: Account, n: int, begun: Act) -> Act:
    """Take an act back; those of others take an editor. Raises NotFound and NotAllowed."""
    acts = desk.acts()
    if not 0 < n <= len(acts):
        raise NotFound(f"there is no act {n}")
    gone = acts[n - 1]
    if gone.verb in LASTING:
        raise NotAllowed("an account is closed or invited anew by an act of its own", key="lasting")
    if gone.who != who.name and not may(who.role, "editor"):
        raise NotAllowed(
            f"act {n} is {gone.who}'s; to take back what others did takes the role editor", key="role", role="editor"
        )
    if gone.verb != "undo" and n not in {act.n for act in in_force(acts, begun.at)}:
        raise NotAllowed(f"act {n} was taken back already", key="undone")
    told = replace(
        begun, crossing=gone.crossing, post=gone.post, what=gone.what, since=gone.since, source=gone.source, undoes=n
    )  # fmt: skip
    return desk.add(told)


def follow(store: Store, regions: Sequence[Region], kinds: Mapping[str, Kind], end: datetime) -> bool:
    """Make the board follow the newest acts at once; False: somebody else works in the store, and does it."""
    try:
        with in_turn(store, 1.0):
            settle_acts(store, regions, kinds, end)
    except StoreBusy:
        return False
    return True


def pins_at(acts: Sequence[Act], crossing: str, at: datetime) -> list[Act]:
    """The notes pinned at a crossing that are to be read at ``at``, the newest first."""
    found = [act for act in in_force(acts, at) if act.verb == "pin" and act.crossing == crossing]
    return [act for act in reversed(found) if act.ends_at is None or at < act.ends_at]


def is_overruled(store: Store, act: Act, at: datetime) -> bool:
    """Whether what was said after an act has moved the board away from it.

    Of a confirmed or corrected claim: its value lies no more in the range that the board shows. Of a rejected one: it
    lies in it again, which it did not after the act.
    """
    if act.verb not in JUDGING or act.verb == "mark" or at <= act.at:
        return False
    then, now = find_told(store, act, act.at), find_told(store, act, at)
    said = act.value if act.verb == "correct" else find_said(store, act)
    if said is None or now is None or now.value is None or now.newest is None or now.newest <= act.at:
        return False
    if act.verb == "reject":
        return agrees(now, said) and (then is None or not agrees(then, said))
    return not agrees(now, said)


def agrees(told: Estimate, value: float | str) -> bool:
    """Whether a value lies within an estimate's range, or is the option it says."""
    if isinstance(value, str) or told.p10 is None or told.p90 is None:
        return told.value == value
    return told.p10 <= value <= told.p90


def find_said(store: Store, act: Act) -> float | str | None:
    """What the claim of an act said."""
    some = store.reports(crossing=act.crossing, since=act.since, until=act.at)
    return next((r.claim.value for r in some if hits(act, r)), None)


def find_told(store: Store, act: Act, at: datetime) -> Estimate | None:
    """The estimate at ``at`` of what an act is about."""
    if act.what is None:
        return None
    kind, toward, side, mode, tag, service, currency = act.what.split("|")
    for told in store.estimates_at(at, act.crossing):
        mine = (told.kind, told.side or "", told.mode, told.tag or "", told.service or "", told.currency or "")
        if mine == (kind, side, mode, tag, service, currency) and toward in ("", told.toward or ""):
            return told
    return None
