"""5. Where estimates go. Each module offers one constant: ``OUTPUT``, a form in which a dataset is written, or
``CHANNEL``, a way in which somebody is told of an alert.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

from verst.notices import Notice
from verst.shelves import code_shelf

Row = dict[str, Any]

__all__ = ["METHOD", "Channel", "Dataset", "Outcome", "Output", "Row", "Target", "channels", "outputs"]

METHOD = "verst-1"  # of how estimates are made; another name where figures of two exports can no longer be compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What is exported: estimates on the full hours of a span, the crossings they are of, and rumours with verdicts.

    ``rows``: one for each quantity and hour from the first word on it, in order of crossing, quantity and time; value
    and range are None where nobody said anything lately, which is a gap and no zero. Nothing in it says who.
    ``places``: id, border, names, lat, lon. ``rumours``: rows of the ledger at ``until``. Instants are UTC.
    """

    since: datetime
    until: datetime
    labels: tuple[str, ...]  # such as "reconstructed from dated public facts", of the posts it rests on
    places: Sequence[Row]
    rows: Sequence[Row]
    rumours: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Output:
    """One form of a dataset: the name of its file and the bytes of it; the same dataset gives the same bytes."""

    file: str
    what: str
    write: Callable[[Dataset], bytes]


def outputs() -> dict[str, Output]:
    """Every output of this shelf by the name of its module."""
    return cast(dict[str, Output], code_shelf(sys.modules[__name__], "OUTPUT"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where one subscriber is reached: secrets of the operator, which no text of this object shows.

    ``own``: what stands beside the address (a secret, keys); ``shared``: what the whole channel needs (a token, a mail
    server); ``allow_private``: whether addresses that are not public may be reached.
    """

    address: str = field(repr=False)
    own: Mapping[str, str] = field(default_factory=dict, repr=False)
    shared: Mapping[str, str] = field(default_factory=dict, repr=False)
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt: told, to be tried again (after so many seconds, where it was said), or refused.

    ``fault`` says why in a few words that name no address.
    """

    state: Literal["delivered", "waiting", "refused"]
    fault: str | None = None
    after: float | None = None


DELIVERED = Outcome(state="delivered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way to tell somebody. ``send`` makes one attempt at the present instant and raises nothing it can foresee.

    ``address``: what an address looks like, for messages. ``check`` raises BadSetting for a target that cannot work.
    ``own`` and ``shared`` name the settings it reads; those ending in ``?`` may be left out.
    """

    address: str
    send: Callable[[Notice, Target, datetime], Outcome]
    check: Callable[[Target], None]
    own: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


def channels() -> dict[str, Channel]:
    """Every channel of this shelf by the name of its module."""
    return cast(dict[str, Channel], code_shelf(sys.modules[__name__], "CHANNEL"))
