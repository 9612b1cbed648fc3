"""Taking back what turned out wrong, once, and to the same people.

Wrong is what a later reading of the same hour no longer bears out (late posts, edits, copies found out), and what
newer words contradict within an hour. What changed again later was not wrong: that is a new alert. Silence takes
nothing back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from verst.alerts.changes import PAUSED, TOLD_BY, figure_of
from verst.alerts.doubt import apart, backed, is_fresh, nearer, odds_of, range_of, said_figure
from verst.alerts.hearsay import Rumoured, is_of
from verst.alerts.keys import APART, make_key, still_standing, subject_of
from verst.model import Estimate
from verst.notices import Alert, Figure, TakenBack

WRONG_WITHIN = timedelta(hours=1)  # after which a contrary state is a change, and no mistake
LEAST_LIFE = timedelta(hours=24)  # of a retraction: whoever was told something wrong should hear of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known today: of now, of the times of what was told (by its id), of rumours and of changes of rules."""

    now: Sequence[Estimate]
    then: Mapping[str, Estimate]
    rules: Mapping[str, frozenset[str]]
    rumours: Sequence[Rumoured]


def find_retractions(told: Sequence[Alert], known: Known, at: datetime) -> list[Alert]:
    """One retraction for each standing alert that is wrong by what is known today."""
    newest = {subject_of(each): each for each in known.now}
    found = []
    for alert in still_standing(told, at):
        now = newest.get(subject_of(alert))
        why = find_why(alert, now, known, at)
        if why is not None:
            found.append(take_back(alert, why, now, at))
    return found


def find_why(alert: Alert, now: Estimate | None, known: Known, at: datetime) -> TakenBack | None:
    """Why an alert is wrong; None: it is not, as far as is known."""
    if alert.reason == "rule_changed":
        written = known.rules.get(alert.where)
        return "rule_withdrawn" if written is not None and alert.id not in written else None
    if alert.reason == "rumour_contradicted":
        same = [rumour for rumour in known.rumours if is_of(alert, rumour)]
        return "rumour_turned" if same and all(rumour.verdict != "contradicted" for rumour in same) else None
    then = known.then.get(alert.id)
    if then is not None and then.value is not None and is_against(alert, then):
        return "remade"
    soon = at - alert.at <= WRONG_WITHIN
    if soon and now is not None and is_fresh(now, at, alert.newest) and is_against(alert, now, anew=True):
        return "contradicted"
    return None


def is_against(alert: Alert, told: Estimate, *, anew: bool = False) -> bool:
    """Whether an estimate speaks against what was told. ``anew``: with words said after it, two where that is good."""
    since, least = alert.newest, (2 if alert.reason in ("closed", "refused", "wait_doubled") else 1)
    if told.kind in TOLD_BY:
        bad, good, worse, _ = TOLD_BY[told.kind]
        bad = (*bad, *PAUSED)  # a stop for now does not speak against a closure
        mine, others = (bad, good) if alert.reason == worse else (good, bad)
        if not any(option in mine or option in others for option, _ in told.odds or ()):
            return False
        agreed = backed(told, since, lambda piece: isinstance(piece.value, str) and piece.value not in mine)
        return odds_of(told, mine)[1] < 0.5 and (not anew or agreed >= least)
    was, mine_range, now = range_of(alert.was), range_of(alert.now), range_of(told)
    if was is None or mine_range is None or now is None or not nearer(now[1], was[1], mine_range[1]):
        return False
    if not anew:
        return not apart(now, was) or (now[1] - was[1]) * (mine_range[1] - was[1]) <= 0
    return apart(now, mine_range) and backed(told, since, said_figure(was[1], mine_range[1])) >= least


def take_back(alert: Alert, why: TakenBack, now: Estimate | None, at: datetime) -> Alert:
    """The retraction of an alert, with what is known now where somebody said it."""
    kept = alert.reason in APART  # what a rule or a rumour said stays what it said
    figure: Figure | None = None if kept else figure_of(now)
    return replace(
        alert,
        id=make_key("taken back", alert.id),
        at=at,
        expires=max(alert.expires, at + LEAST_LIFE),
        was=alert.was if kept else alert.now,
        now=figure,
        probability=None,
        voices=None,
        evidence=None,
        newest=now.newest if now is not None else alert.newest,
        follows=alert.id,
        takes_back=alert.id,
        why=why,
    )
