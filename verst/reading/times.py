"""Times: when something is said to hold, since when somebody stands, and what is still to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

import msgspec

from verst.reading.amount import Amount
from verst.reading.amounts import AMOUNT_ANCHORS, MOST_TRIED, find_amounts
from verst.reading.calendar import Said, resolve
from verst.reading.clock_words import may_tell_time, read_time
from verst.reading.figure_forms import forms_from
from verst.reading.forms import Forms
from verst.reading.ground import Ground

_OPENERS = frozenset(
    "day part weekday month ago_before ago_whole hour_word noon midnight in_future now_at since until at whole bare "
    "number scale this_part last next clock_before".split()
)
_ANCHORS = _OPENERS - {"since", "until", "at", "this_part", "last", "next", "now_at", "clock_before"} | AMOUNT_ANCHORS
TimeKind = Literal["at", "since", "until", "ago", "future", "span", "season"]


class TimeHit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A time the text speaks of. ``at`` is UTC; ``last_token`` is included; ``elapsed_minutes`` from then to the post.

    ``precision``: "minute", "hour", "part" of a day, "day" or "month". A "season" is another month than the post's:
    what is told of it is not how things are.
    """

    start: int
    end: int
    first_token: int
    last_token: int
    kind: TimeKind
    at: datetime
    elapsed_minutes: float
    precision: str


@dataclass(slots=True)
class Times:
    """Finds times. Built once from the language files; `find` is pure."""

    forms: Forms

    @classmethod
    def from_languages(cls, languages: Mapping[str, Mapping[str, Any]]) -> Times:
        """From what the tables [numbers], [units] and [times] of every language say."""
        return cls(forms_from(languages))

    def find(
        self, toks: Sequence[Any], folded: str, posted_at: datetime, offset_minutes: int, lang: str | None = None
    ) -> list[TimeHit]:
        """Every time of a folded text, in its order, on a clock ``offset_minutes`` ahead of UTC."""
        if not self.forms.any_in(toks, _ANCHORS):
            return []
        ground = Ground(toks, folded, self.forms.find(toks, self.forms.guess(toks, lang)))
        return find_times(ground, posted_at, offset_minutes)

    def find_both(
        self, toks: Sequence[Any], folded: str, posted_at: datetime, offset_minutes: int, lang: str | None = None
    ) -> tuple[list[Amount], list[TimeHit]]:
        """Amounts and times of a folded text, no word counted as both."""
        if not self.forms.any_in(toks, _ANCHORS):
            return [], []
        ground = Ground(toks, folded, self.forms.find(toks, self.forms.guess(toks, lang)))
        times = find_times(ground, posted_at, offset_minutes)
        taken = frozenset(i for hit in times for i in range(hit.first_token, hit.last_token + 1))
        return find_amounts(ground, taken), times


def find_times(ground: Ground, posted_at: datetime, offset_minutes: int) -> list[TimeHit]:
    """Every time of a text laid out."""
    hits: list[TimeHit] = []
    if not may_tell_time(ground):
        return hits
    free = tried = 0
    for index, roles in enumerate(ground.found):
        if index < free or not (ground.words[index][0] in "0123456789" or (roles and not _OPENERS.isdisjoint(roles))):
            continue
        tried += 1
        if tried > MOST_TRIED:
            break
        said = read_time(ground, index, free)
        if said is None:
            season = _season(ground, index, posted_at, offset_minutes)
            hits.extend([season] if season else [])
            continue
        hit = _hit(ground, said, posted_at, offset_minutes)
        if hit is not None:
            hits.append(hit)
            free = max(index, said.last) + 1
    return hits


def _season(ground: Ground, index: int, posted_at: datetime, offset_minutes: int) -> TimeHit | None:
    """«в мае», "in August", in a post of September: another month, named without a day."""
    month = ground.found[index].get("month")
    if month is None or index == 0 or ground.role(index - 1, "at") != index:
        return None
    local = posted_at + timedelta(minutes=offset_minutes)
    number = int(month[1].value)
    if number == local.month:
        return None
    began = local.replace(year=local.year - (number > local.month), month=number, day=1, hour=0, minute=0)
    at = began - timedelta(minutes=offset_minutes)
    last = month[0] - 1
    return TimeHit(start=ground.toks[index].start, end=ground.toks[last].end, first_token=index, last_token=last,
                   kind="season", at=at, elapsed_minutes=(posted_at - at).total_seconds() / 60,
                   precision="month")  # fmt: skip


def _hit(ground: Ground, said: Said, posted_at: datetime, offset_minutes: int) -> TimeHit | None:
    resolved = resolve(said, posted_at, offset_minutes)
    if resolved is None:
        return None
    at, kind = resolved
    elapsed = (posted_at - at).total_seconds() / 60
    start, end = ground.toks[said.first].start, ground.toks[said.last].end
    return TimeHit(start=start, end=end, first_token=said.first, last_token=said.last, kind=cast(TimeKind, kind), at=at,
                   elapsed_minutes=elapsed, precision=said.precision)  # fmt: skip
