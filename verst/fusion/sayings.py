"""The ledger of what is no claim: totals of people, closings announced, and an authority's "no queues".

A saying is gathered from all who pass it on, whatever their words, and then held against what was known at each hour.
How each kind is weighed stands in a module of its own: `totals`, `closings`, `no_queues`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from verst.fusion.closings import weigh_closing
from verst.fusion.no_queues import weigh_no_queue
from verst.fusion.pieces import Entry, Known, Step
from verst.fusion.rows import Gate
from verst.fusion.totals import weigh_total
from verst.fusion.verdicts import SAME, SPREAD, Rumour, Turn, Verdict, turn_of
from verst.model import Heard, Region, Report, Saying

SPELL = timedelta(hours=72)  # a total told again so long after counts other days: it is another total
SAME_DAY = timedelta(hours=18)  # days announced on clocks of different zones are one day
DAY = timedelta(days=1)

_WEIGH: dict[str, Callable[[Entry, Known], list[Step]]] = {
    "total": weigh_total, "closing": weigh_closing, "queue": weigh_no_queue,
}  # fmt: skip


def told_rumours(
    told: Sequence[Heard], reports: Sequence[Report], at: datetime, regions: Sequence[Region]
) -> list[Rumour]:
    """Every saying that spread by ``at``, with its verdict and turns. Both sequences are in the order of time."""
    rules = tuple(rule for region in regions for rule in region.rules)
    known = Known(tuple(told), tuple(reports), at, Gate(tuple(regions)), rules)
    found = [_rumour(entry, _WEIGH[entry.saying.kind](entry, known)) for entry in gather(told)]
    return [rumour for rumour in found if rumour is not None]


def gather(told: Sequence[Heard]) -> list[Entry]:
    """The sayings that can be held against something, each with those who pass it on and those who deny it."""
    entries: list[Entry] = []
    for heard in told:
        saying = heard.saying
        if saying.denies:
            for entry in entries:
                if _speaks_against(entry, heard):
                    entry.denials.append(heard)
        elif saying.kind in ("total", "closing") or _is_denial_of_queues(heard):
            own = next((entry for entry in entries if _is_same(entry, heard)), None)
            if own is None:
                entries.append(Entry(saying, [heard]))
            else:
                own.posts.append(heard)
    return entries


def _is_denial_of_queues(heard: Heard) -> bool:
    """An authority's word, in its own channel or passed on: what people themselves see is no denial."""
    saying = heard.saying
    return saying.kind == "queue" and saying.value == "none" and "official" in (saying.stance, heard.source)


def _is_same(entry: Entry, heard: Heard) -> bool:
    one, other = entry.saying, heard.saying
    if (one.kind, one.where, one.who, one.mode) != (other.kind, other.where, other.who, other.mode):
        return False
    if one.kind == "closing":
        return one.due is not None and other.due is not None and abs(one.due - other.due) <= SAME_DAY
    if heard.posted_at - entry.last > SPELL:
        return False
    return one.kind == "queue" or (one.toward == other.toward and _is_near(one, other))


def _is_near(one: Saying, other: Saying) -> bool:
    a, b = one.value, other.value
    figures = isinstance(a, int | float) and isinstance(b, int | float) and a > 0 and b > 0
    return figures and abs(math.log(a) - math.log(b)) < SAME  # type: ignore[arg-type]


def _speaks_against(entry: Entry, heard: Heard) -> bool:
    """A denial of the same figure; of a closing, the same day or any that is still to come, there or in the country."""
    one, other = entry.saying, heard.saying
    if one.kind != other.kind:
        return False
    if one.kind == "total":
        return one.where == other.where and _is_near(one, other) and heard.posted_at - entry.last <= SPELL
    if one.kind != "closing" or one.due is None or heard.posted_at > one.due + DAY:
        return False
    dated = other.due is None or abs(one.due - other.due) <= SAME_DAY
    return dated and (one.where == other.where or bool({one.where, other.where} & {*_parts(one), *_parts(other)}))


def _parts(saying: Saying) -> tuple[str, ...]:
    """The country a saying is about when it is about a whole one: ``RU`` of an exit ban, not of a border."""
    parts = saying.where.split("-")
    return tuple(parts) if len(parts) == 2 and all(len(part) == 2 for part in parts) else ()


def _rumour(entry: Entry, steps: Sequence[Step]) -> Rumour | None:
    """The entry as it stands; None while it neither spread nor has anything against it."""
    heard = sum(post.source != "official" for post in entry.posts)
    opposed = bool(steps) and steps[-1].against > 0.0
    denied = bool(entry.denials) or entry.saying.kind != "closing"  # that people pass is no answer to one post
    if not (heard >= SPREAD and entry.saying.kind != "queue") and not (opposed and denied):
        return None
    saying, first, last = entry.saying, entry.posts[0], steps[-1] if steps else None
    return Rumour(
        crossing=saying.where, kind=saying.kind, value=saying.value, tag=saying.tag, mode=saying.mode,
        first_seen=first.posted_at, last_seen=entry.last, first_source=first.source, posts=len(entry.posts),
        roots=len({each.copy_of or each.post for each in entry.posts}),
        communities=len({each.community or each.source for each in entry.posts}),
        witnesses=last.witnesses if last else 0, speaks_for=last.speaks_for if last else 0.0,
        speaks_against=last.against if last else 0.0, verdict=last.verdict if last else "unverified",
        turns=_turns(steps), toward=saying.toward, who=saying.who, since=saying.since, due=saying.due,
    )  # fmt: skip


def _turns(steps: Sequence[Step]) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    before: Verdict = "unverified"
    for step in steps:
        if step.verdict != before:
            turns.append(turn_of(step.at, step.verdict, step.reason, step.post, step.value))
            before = step.verdict
    return tuple(turns)
