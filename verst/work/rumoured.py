"""The rumours of a store at one moment: the ledger over what was said in the two weeks before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from verst.clock import iso
from verst.fusion.rumours import ledger
from verst.fusion.verdicts import Rumour
from verst.store import Store

LOOK_BACK = timedelta(days=14)


def find_rumours(
    store: Store, at: datetime, crossing: str | None = None, within: timedelta = LOOK_BACK
) -> list[Rumour]:
    """Rumours by ``at`` (aware) of what was said ``within`` that time, the most spread first; of one place, or all."""
    return ledger(store.reports(crossing=crossing, since=at - within, until=at), at)


def rumour_row(rumour: Rumour) -> dict[str, Any]:
    """One rumour as plain values. Times are UTC; nothing in it says who."""
    row: dict[str, Any] = {"crossing": rumour.crossing, "kind": rumour.kind, "value": rumour.value, "tag": rumour.tag}
    row |= {"mode": rumour.mode}
    row |= {"verdict": rumour.verdict, "first_seen": iso(rumour.first_seen), "last_seen": iso(rumour.last_seen)}
    row |= {"first_source": rumour.first_source, "posts": rumour.posts, "own_words": rumour.roots}
    row |= {"chats": rumour.communities, "witnesses": rumour.witnesses}
    row |= {"speaks_for": round(rumour.speaks_for, 2), "speaks_against": round(rumour.speaks_against, 2)}
    turns = [{"at": iso(t.at), "verdict": t.verdict, "why": t.why, "post": t.post} for t in rumour.turns]
    return row | {"turns": turns}
