"""What changed since a page was made: the order of its crossings, each with a stamp.

Rows whose stamp differs are asked for. The same few hundred bytes serve a live page, one that comes
back after hours, and a mirror without a server.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Any

from verst.clock import iso
from verst.web.board import Board
from verst.web.view import Fact, Now


def stamp(now: Now) -> str:
    """Eight hex digits that change when a crossing's row would say something else, ages of minutes apart."""
    heard = now.last_heard
    hours = int((now.at - heard).total_seconds() // 3600) if heard and now.status == "silent" else None
    lanes = [(lane.toward, lane.side, lane.mode, [told(fact) for fact in lane.facts.values()]) for lane in now.lanes]
    return blake2b(repr((now.status, hours, lanes)).encode(), digest_size=4).hexdigest()


def told(fact: Fact) -> tuple[Any, ...]:
    """What a row says of one fact."""
    it = fact.estimate
    newest: datetime | None = it.newest
    return it.kind, it.value, it.p10, it.p90, it.odds, it.voices, newest, it.disputed, it.derived, fact.silent


def board_delta(board: Board, at: datetime, revision: int) -> dict[str, Any]:
    """The board's crossings in order, those nobody speaks of apart, each with its stamp."""
    return {
        "revision": revision,
        "at": iso(at),
        "known": {now.crossing.id: stamp(now) for now in board.known},
        "silent": {now.crossing.id: stamp(now) for now in board.silent},
    }
