"""A claim before it knows where and when: what a rule found, and at which tokens."""

from __future__ import annotations

from dataclasses import dataclass

from verst.model import Bound, Mode, Stance


@dataclass(slots=True, kw_only=True)
class Draft:
    """What a rule found at tokens ``first`` to ``last``. ``mode`` None: find it in the words around."""

    kind: str
    first: int
    last: int
    rule: str
    mode: Mode | None = None
    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    bound: Bound = "exact"
    tag: str | None = None
    service: str | None = None
    currency: str | None = None
    stance: Stance | None = None
    ends: tuple[str, ...] = ()  # crossings or borders, where the rule already knows them
