"""The nouns of the desk: an `Act` is what a moderator decided, an `Account` is who may, a `Session` a log-in of theirs.

Instants are aware and UTC. Names are pseudonyms that the group chose; of a person nothing is known here. Acts are
chained: each is sealed with the hash of the one before, so that no row can be changed, left out or put between later.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

Verb = Literal["confirm", "reject", "correct", "pin", "mark", "merge", "rule", "invite", "close", "undo"]
Role = Literal["viewer", "moderator", "editor", "admin"]

VERBS: tuple[Verb, ...] = ("confirm", "reject", "correct", "pin", "mark", "merge", "rule", "invite", "close", "undo")
ROLES: tuple[Role, ...] = ("viewer", "moderator", "editor", "admin")  # each may what those before it may
LASTING = frozenset(("invite", "close"))  # acts that nothing takes back but another of them
JUDGING = frozenset(("confirm", "reject", "correct", "mark"))  # acts that fusion hears
BEGINNING = "verst"  # what the first act is sealed with


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One decision. ``n`` and ``seal`` are the store's: its place in the trail, and the hash that chains it.

    ``at``: from when on the board knows of it, in whole seconds; ``made_at``: when it was made by the clock, which is
    another time on a board that shows an archive. ``since``: nothing posted before is touched by it.
    """

    verb: Verb
    who: str
    at: datetime
    made_at: datetime
    since: datetime
    crossing: str | None = None
    post: str | None = None  # of a claim: the post that says it, the first of its copy group
    what: str | None = None  # of a claim: what it speaks of (`verst.fusion.judging.what_of`); None: all the post says
    whole: bool = True  # the copy group with it
    source: str | None = None  # of a mark: the key of the chat, or of the writer
    value: float | str | None = None  # what is right; of a mark: official or hostile; of a rule or account: its name
    other: float | str | None = None  # of a merge: the value that is the same rumour as ``value``
    ends_at: datetime | None = None  # of a rule: from when on it holds no more; of a pin: until when it is read
    starts_at: datetime | None = None  # of a rule: from when on it holds
    reason: str = ""  # a word of the list
    words: str = ""  # in the moderator's own words, without anybody's name
    undoes: int | None = None
    n: int = 0
    seal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """The public half of a key that a device holds. ``id`` and ``key`` (with its id, as WebAuthn has it) in base64url.

    ``site``: the host it is for; ``count``: how often it was used, by its device's word; ``label``: the owner's word.
    """

    id: str
    site: str
    key: str
    added: datetime
    count: int = 0
    used: datetime | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who may work at the desk. Secrets are kept as hashes, but for the key of the second factor, which is needed."""

    name: str
    role: Role
    password: str = ""  # scrypt, with its salt; empty: not chosen yet
    factor: str = ""  # base32
    step: int = 0  # the last time step of the second factor that was used: none is good twice
    spare: tuple[str, ...] = ()  # hashes of recovery codes that are left
    invited: str = ""  # hash of the link to join by; empty: used
    invited_until: datetime | None = None
    closed: bool = False
    passkeys: tuple[Passkey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One log-in. ``key`` is the hash of what the browser holds."""

    key: str
    account: str
    began: datetime
    seen: datetime


def may(role: Role, least: Role) -> bool:
    """Whether a role may what ``least`` may.

    >>> may("editor", "moderator"), may("viewer", "moderator")
    (True, False)
    """
    return ROLES.index(role) >= ROLES.index(least)


def write_act(act: Act) -> str:
    """An act as it is sealed: JSON with its keys in order, instants in ISO 8601, without its seal."""
    table = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(act).items()}
    del table["seal"]
    return json.dumps(table, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def read_act(text: str, seal: str) -> Act:
    """An act from `write_act`. Raises ValueError when it is none."""
    table: dict[str, Any] = json.loads(text)
    for key in ("at", "made_at", "since", "ends_at", "starts_at"):
        table[key] = datetime.fromisoformat(table[key]) if table[key] is not None else None
    try:
        return Act(**table, seal=seal)
    except TypeError as error:
        raise ValueError(f"not an act: {error}") from error


def seal_of(text: str, before: str) -> str:
    """The hash that chains an act, as it is written, to the one before.

    >>> seal_of("{}", BEGINNING)[:12]
    'a1c873e35e18'
    """
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def broken_at(rows: Iterable[tuple[int, str, str]]) -> int | None:
    """The first number at which a trail of (number, act as written, seal) is not what it was; None: it is whole."""
    before, expected = BEGINNING, 1
    for n, text, seal in rows:
        if n != expected or seal != seal_of(text, before) or not _says(text, n):
            return expected
        before, expected = seal, expected + 1
    return None


def _says(text: str, n: int) -> bool:
    try:
        return bool(json.loads(text)["n"] == n)
    except (ValueError, KeyError, TypeError):
        return False


def in_force(acts: Sequence[Act], at: datetime) -> list[Act]:
    """The acts that hold at ``at``, in order: made by then, and not undone by one that holds itself."""
    made = [act for act in acts if act.at <= at]
    undone: set[int] = set()
    for act in reversed(made):
        if act.verb == "undo" and act.n not in undone and act.undoes is not None:
            undone.add(act.undoes)
    return [act for act in made if act.n not in undone and act.verb != "undo"]


def numbered(act: Act, n: int) -> Act:
    """The act with its place in the trail."""
    return replace(act, n=n, seal="")
