"""5. Where estimates go. Each module offers one constant, ``OUTPUT``: a form in which a dataset is written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from verst.shelves import code_shelf

Row = dict[str, Any]

__all__ = ["METHOD", "Dataset", "Output", "Row", "outputs"]

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
