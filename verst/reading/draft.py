"""A claim before it knows where and when: what a rule found, and at which tokens."""

from __future__ import annotations

from dataclasses import dataclass

from verst.model import Bound, Mode, Stance
from verst.reading.amount import Amount


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


def draft_of(
    amount: Amount, kind: str, rule: str, *, mode: Mode | None, bound: Bound | None = None, scale: float = 1.0
) -> Draft:
    """A draft of the figure of an amount, times ``scale``; ``bound`` replaces the amount's own."""
    low = None if amount.low is None else amount.low * scale
    high = None if amount.high is None else amount.high * scale
    return Draft(
        kind=kind, first=amount.first_token, last=amount.last_token, rule=rule, mode=mode,
        value=amount.value * scale, low=low, high=high, bound=bound or amount.bound,
    )  # fmt: skip
