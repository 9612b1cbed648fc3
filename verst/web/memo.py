"""What the store said of one moment, kept while its revision stays: pages, rows and data ask for the same again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from verst.model import Estimate
from verst.store import Store
from verst.web.board import group_estimates
from verst.web.moment import Moment

MOST_KEPT = 16  # moments; one is some thousand estimates

T = TypeVar("T")


class Memo:
    """Answers of a store by revision. Safe for several threads."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self.lock = Lock()

    def recall(self, revision: int, key: tuple[Any, ...], ask: Callable[[], T]) -> T:
        """The answer to ``key`` at that revision; ``ask`` is called when it is not kept."""
        whole = (revision, *key)
        with self.lock:
            if whole in self.kept:
                self.kept.move_to_end(whole)
                return self.kept[whole]  # type: ignore[no-any-return]
        answer = ask()
        with self.lock:
            self.kept[whole] = answer
            while len(self.kept) > MOST_KEPT:
                self.kept.popitem(last=False)
        return answer

    def span(self, revision: int, now: datetime) -> tuple[datetime, datetime] | None:
        """First and last instant with a post, of those whose time has come."""
        return self.recall(revision, ("span",), lambda: self.store.span(now))

    def by_hour(self, revision: int) -> dict[datetime, int]:
        """Number of posts of every hour with any."""
        return self.recall(revision, ("by_hour",), self.store.by_hour)

    def groups(self, revision: int, moment: Moment) -> dict[str, list[Estimate]]:
        """Every newest estimate at a moment by crossing. Within one minute of "now", a revision tells of all news."""
        at = moment.at
        key = at if moment.asked else at.replace(second=0, microsecond=0)
        return self.recall(revision, ("groups", key), lambda: dict(group_estimates(self.store.estimates_at(at))))
