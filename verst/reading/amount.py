"""What an amount is."""

from __future__ import annotations

from typing import Literal

import msgspec

from verst.model import Bound, Mode

Unit = Literal["minute", "km", "vehicle", "person", "percent", "money", "clock", "age", "other", "none"]


class Amount(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A figure of the text. Durations are minutes, distances kilometres; ``last_token`` is included.

    ``unit`` "none" is a bare number, "clock" may be a time of day or, as ``as_minutes``, a duration; ``bare`` means
    that a unit stands without a number («час»), ``ordinal`` that the running one is counted («пятый час» is at least
    four). ``per`` and ``per_minutes`` say what time a rate is over.
    """

    start: int
    end: int
    first_token: int
    last_token: int
    value: float
    low: float | None = None
    high: float | None = None
    bound: Bound = "exact"
    unit: Unit = "none"
    unit_said: str = ""
    factor: float = 1.0  # how many minutes or kilometres one of the unit said is
    per: Literal["hour", "day"] | None = None
    per_minutes: float | None = None
    mode: Mode | None = None
    currency: str | None = None
    bare: bool = False
    ordinal: bool = False
    as_minutes: float | None = None
    figures: str = ""
