"""What changed at a crossing: closed, opened, let through or turned away, a wait twice or half of what it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from verst.alerts.doubt import (
    FACTOR,
    LEAST_FRESH,
    LEAST_MINUTES,
    LEAST_VOICES,
    LIKELY,
    MANY,
    SHARE,
    SHARE_OF_MANY,
    Agrees,
    apart,
    backed,
    count_to_publish,
    is_fresh,
    odds_of,
    of_one_mind,
    official,
    range_of,
    said_figure,
    said_option,
)
from verst.alerts.formal import forbidden_by_rule
from verst.alerts.keys import episode, last_told, make_key, still_standing, subject_of
from verst.model import Estimate, Kind, Region
from verst.notices import Alert, Figure, Reason

SHORTEST, LONGEST = timedelta(hours=2), timedelta(hours=24)  # of an alert's life
QUIET = timedelta(minutes=30)  # between two things told of one quantity
STOPS, PAUSED, PASSES = ("closed",), ("paused",), ("open", "moving", "free")
TOLD_BY: dict[str, tuple[tuple[str, ...], tuple[str, ...], Reason, Reason]] = {
    "passage": (STOPS, PASSES, "closed", "opened"),
    "mode_rule": (("refused",), ("allowed",), "refused", "allowed"),
}  # by kind of state: what is bad, what is good, and how each is called


def find_changes(
    before: Sequence[Estimate],
    now: Sequence[Estimate],
    at: datetime,
    regions: Sequence[Region],
    kinds: Mapping[str, Kind],
    told: Sequence[Alert],
) -> Iterator[Alert]:
    """One alert for each quantity that changed beyond doubt since ``before``, or since what was told of it last."""
    earlier = {subject_of(each): each for each in before}
    last = last_told(told)
    standing = {subject_of(alert): alert for alert in still_standing(told, at)}
    places = {crossing.id for region in regions for crossing in region.crossings}
    for each in now:
        if each.crossing not in places or each.value is None or each.derived:
            continue  # a whole border is no place to stand at, and what nobody said is no news
        subject = subject_of(each)
        if subject in last and timedelta() <= at - last[subject].at < QUIET:
            continue  # what flutters is told when it has settled; what was wrong is taken back at once
        was = baseline(earlier.get(subject), last.get(subject), at)
        reason = change_of(was, each, at, standing.get(subject), forbidden_by_rule(regions, each, at))
        if reason is not None:
            yield make_alert(reason, was, each, at, kinds.get(each.kind), last.get(subject))


def baseline(before: Estimate | None, told: Alert | None, at: datetime) -> Estimate | None:
    """What a change is measured against: what was told last of it and has not expired, else the estimate before.

    Where nobody spoke in between, a state that was told is still the last that was known: silence changes nothing.
    """
    if told is None or told.now is None:
        return before
    silent = was_silent(before) and told.kind in TOLD_BY
    if told.expires <= at and not silent and (before is None or before.at > told.at):
        return before
    figure = told.now
    odds = ((figure.value, 1.0),) if isinstance(figure.value, str) else None
    return Estimate(
        at=told.at, crossing=told.where, kind=told.kind, mode=told.mode, toward=told.toward, side=told.side,
        tag=told.tag, value=figure.value, p10=figure.p10, p90=figure.p90, odds=odds, newest=told.newest,
    )  # fmt: skip


def change_of(
    was: Estimate | None, now: Estimate, at: datetime, standing: Alert | None, forbidden: bool
) -> Reason | None:
    """What changed beyond doubt; None: nothing, or nothing that is sure."""
    if not is_fresh(now, at, was.newest if was is not None else None):
        return None
    if now.kind in TOLD_BY:
        reason = state_change(was, now, forbidden)
    elif now.kind == "wait":
        reason = wait_change(was, now)
    else:
        return None
    is_told = standing is not None and standing.reason == reason and now.kind in TOLD_BY
    return None if is_told else reason


def state_change(was: Estimate | None, now: Estimate, forbidden: bool) -> Reason | None:
    """Whether a state turned bad, or good where it was known to be bad."""
    bad, good, worse, better = TOLD_BY[now.kind]
    since = was.newest if was is not None else None
    was_bad = was is not None and is_bad(was)
    if not was_bad and is_bad(now) and odds_of(now, bad)[0] >= LIKELY:
        agrees = said_option(*bad)
        known = was is not None and odds_of(was, good)[1] > 0.5
        enough = now.voices >= LEAST_VOICES and backed(now, since, agrees) >= 1
        return worse if (enough or official(now, agrees)) and (known or now.kind == "passage") else None
    probability, share = odds_of(now, good)
    agrees = said_option(*good)
    least = SHARE_OF_MANY if of_one_mind(now, agrees) >= MANY else SHARE["good"]
    sure = probability >= LIKELY and share >= least
    if sure and (was_bad or (was_silent(was) and forbidden)) and is_well_founded(now, since, agrees):
        return better
    return None


def is_bad(told: Estimate) -> bool:
    """Whether people speak of a bad state, and hardly any of a good one; a stop for now speaks for a closure too."""
    bad, good, _, _ = TOLD_BY[told.kind]
    likeliest = odds_of(told, bad)[0] > max(odds_of(told, PAUSED)[0], odds_of(told, good)[0])
    return likeliest and odds_of(told, (*bad, *PAUSED))[1] >= SHARE["bad"]


def was_silent(was: Estimate | None) -> bool:
    """Whether nobody had said anything."""
    return was is None or was.value is None


def is_well_founded(now: Estimate, since: datetime | None, agrees: Agrees) -> bool:
    """Whether good news rests on enough people and enough new words of theirs, and nobody lately speaks against it."""
    new = min(backed(now, since, agrees), of_one_mind(now, agrees))
    return now.voices >= LEAST_VOICES and new >= LEAST_FRESH


def wait_change(was: Estimate | None, now: Estimate) -> Reason | None:
    """Whether a wait is twice or half of what it was, with ranges that do not touch."""
    one, other = range_of(was), range_of(now)
    if was is None or one is None or other is None or not apart(one, other) or now.voices < LEAST_VOICES:
        return None
    since, (_, earlier, _), (_, later, _) = was.newest, one, other
    agrees = said_figure(later, earlier)
    if later >= FACTOR * earlier and later >= LEAST_MINUTES and backed(now, since, agrees) >= 1:
        return "wait_doubled"
    halved = later * FACTOR <= earlier and earlier >= LEAST_MINUTES
    return "wait_halved" if halved and is_well_founded(now, since, agrees) else None


def make_alert(
    reason: Reason, was: Estimate | None, now: Estimate, at: datetime, kind: Kind | None, last: Alert | None
) -> Alert:
    """The alert of one change. Its key is that of the reason and of what was told before on the same subject."""
    bad, good, worse, _ = TOLD_BY.get(now.kind, ((), (), "closed", "opened"))
    options = bad if reason == worse else good
    probability = odds_of(now, options)[0] if now.kind in TOLD_BY else 0.8  # each range holds eight times in ten
    before = last.id if last is not None else None
    return Alert(
        id=make_key(*subject_of(now), reason, episode(last, at)),
        at=at,
        expires=at + life_of(kind),
        reason=reason,
        where=now.crossing,
        crossings=(now.crossing,),
        kind=now.kind, mode=now.mode, toward=now.toward, side=now.side, tag=now.tag,
        was=figure_of(was),
        now=figure_of(now),
        probability=round(probability, 2),
        voices=count_to_publish(now.voices),
        evidence=count_to_publish(len(now.evidence)),
        newest=now.newest,
        follows=before,
    )  # fmt: skip


def figure_of(told: Estimate | None) -> Figure | None:
    """What an estimate says, without who said it."""
    return None if told is None or told.value is None else Figure(value=told.value, p10=told.p10, p90=told.p90)


def life_of(kind: Kind | None) -> timedelta:
    """How long something told holds when nobody says more: two half-lives, from 2 to 24 hours."""
    told = timedelta(minutes=2 * kind.half_life_minutes) if kind else SHORTEST
    return max(SHORTEST, min(LONGEST, told))
