"""What a store keeps for the desk: a protocol of its own, which a store of the shelf may fulfil or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol, runtime_checkable

from verst.desk import Account, Act, Session
from verst.errors import BadSetting
from verst.store import Store


class Desk(Protocol):
    """What moderators decided, who they are, and who looks at what. Each call is on the disk, or none of it is."""

    def add(self, act: Act) -> Act:
        """Put an act at the end of the trail and seal it; gives it with its number and seal. The revision grows."""

    def acts(self) -> list[Act]:
        """Every act, in order."""

    def trail(self) -> Iterator[tuple[int, str, str]]:
        """Number, act as it was written, and seal of every row, in order: what `verst.desk.broken_at` looks at."""

    def accounts(self) -> list[Account]:
        """Every account, by name."""

    def account(self, name: str) -> Account | None:
        """The account of that name."""

    def put_account(self, account: Account, was: Account | None) -> bool:
        """Keep an account in the place of ``was`` (None: a new one); False when another change came before."""

    def begin(self, session: Session) -> None:
        """Keep a new session, or when it was seen last."""

    def session(self, key: str) -> Session | None:
        """The session of that key."""

    def end(self, *, key: str | None = None, account: str | None = None, seen_before: datetime | None = None) -> None:
        """End the session of that key, all of an account, and all that were not seen since."""

    def hold(self, item: str, who: str, at: datetime, until: datetime) -> str:
        """Take an item to look at until then, unless somebody else has it; gives who has it now."""

    def release(self, who: str, item: str | None = None) -> None:
        """Let go of an item that ``who`` has; None: of all of them."""

    def holds(self, at: datetime) -> dict[str, str]:
        """Who looks at what, by item."""

    def put_back(self, trail: Iterable[tuple[int, str, str]], accounts: Iterable[Account]) -> None:
        """Write a trail and accounts as another desk had them, into an empty one."""


@runtime_checkable
class KeepsDesk(Protocol):
    """A store that keeps a desk beside its posts and estimates."""

    @property
    def desk(self) -> Desk:
        """The desk of this store."""


def desk_of(store: Store) -> Desk:
    """The desk of a store. Raises BadSetting when a store of its kind keeps none."""
    if not isinstance(store, KeepsDesk):
        raise BadSetting("a store of this kind keeps no desk yet; name one that does: sqlite:///verst.db")
    return store.desk


def acts_of(store: Store) -> list[Act]:
    """Every act of the desk, in order; none where no desk is kept."""
    return store.desk.acts() if isinstance(store, KeepsDesk) else []
