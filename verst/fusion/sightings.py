"""Pictures shown as of now that were seen before: long before, or of another place; told with both sightings.

That a picture is older says that it shows nothing of the hour it is told for; it does not say that what is told with it
is false. It weighs against a claim as one voice does, whoever shows it and however often.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from verst.fusion.rows import WITNESS
from verst.fusion.verdicts import DENIED, WHY, Reason, Rumour, Turn, judge
from verst.model import Heard, Report, Sighting

OLD = timedelta(hours=24)  # a picture of the day before may still be of what goes on
PICTURED = ("queue_length", "queue_count", "wait", "passage")  # what is shown in a picture
WEIGHT = DENIED[WITNESS]


@dataclass(frozen=True, slots=True)
class Recycled:
    """A picture in a post, and where it was seen first."""

    shown: Sighting
    first: Sighting

    def reason(self, report: Report, borders: Mapping[str, str]) -> Reason | None:
        """Why it says nothing for this report: it is older than that, or was shown of another place; None: it may."""
        if report.denies or report.claim.kind not in PICTURED:
            return None
        told_for = min(self.shown.seen_at, report.claim.holds_at or self.shown.seen_at)
        if self.first.seen_at <= told_for - OLD:
            return "seen_before"
        here = borders.get(report.claim.crossing, report.claim.crossing)
        there = {borders.get(place, place) for place in self.first.places}
        return "seen_elsewhere" if there and here not in there else None


def recycled(sightings: Iterable[Sighting], at: datetime, pictures: Iterable[Heard]) -> dict[str, Recycled]:
    """By post, the picture in it that somebody else had shown before. Who says that it is older passes no rumour on.

    What one author shows again and again (the picture at the head of a channel's daily word) is no evidence.
    """
    groups: dict[str, list[Sighting]] = {}
    for each in sightings:
        if each.known_at <= at:
            groups.setdefault(each.group, []).append(each)
    said_older = {heard.post for heard in pictures}
    found: dict[str, Recycled] = {}
    for some in groups.values():
        some.sort(key=lambda each: (each.seen_at, each.post))
        first = some[0]
        for shown in some[1:]:
            if shown.post in said_older or first.seen_at >= shown.seen_at or _is_same_voice(first, shown):
                continue
            if shown.post not in found or first.seen_at < found[shown.post].first.seen_at:
                found[shown.post] = Recycled(shown, first)
    return found


def _is_same_voice(one: Sighting, other: Sighting) -> bool:
    """Whether both are shown by one author, or passed on from one."""
    voice = one.origin or one.author
    return voice is not None and voice == (other.origin or other.author)


def picture_rumours(
    reports: Sequence[Report], shown: Mapping[str, Recycled], borders: Mapping[str, str]
) -> list[Rumour]:
    """One entry for each picture and place it is shown for as of now: since when, how often, and the first sighting.

    ``reports`` in the order of time.
    """
    told: dict[tuple[str, str], list[tuple[Report, Recycled, Reason]]] = {}
    for report in reports if shown else ():
        picture = shown.get(report.post)
        reason = picture.reason(report, borders) if picture is not None else None
        if picture is not None and reason is not None:
            told.setdefault((picture.shown.group, report.claim.crossing), []).append((report, picture, reason))
    return [_rumour(some) for some in told.values()]


def _rumour(told: Sequence[tuple[Report, Recycled, Reason]]) -> Rumour:
    """The picture is contradicted by its first sighting, from the first post on that shows it anew."""
    (report, picture, reason), posts = told[0], {each.post: each for each, _, _ in told}
    turn = turn_before(picture, report.posted_at, reason)
    return Rumour(
        crossing=report.claim.crossing, kind="picture", value=None, tag=None, mode="any", first_seen=report.posted_at,
        last_seen=max(each.posted_at for each in posts.values()), first_source=report.source, posts=len(posts),
        roots=len({each.copy_of or each.post for each in posts.values()}),
        communities=len({each.community or each.source for each in posts.values()}),
        witnesses=0, speaks_for=0.0, speaks_against=2 * WEIGHT, verdict=judge(0.0, 2 * WEIGHT), turns=(turn,),
        since=picture.first.seen_at,
    )  # fmt: skip


def turn_before(picture: Recycled, at: datetime, reason: Reason) -> Turn:
    """That a picture was seen before, with the time and place of its first sighting in words and the post of it."""
    where = f" ({', '.join(picture.first.places)})" if picture.first.places else ""
    why = f"{WHY[reason]}: {picture.first.seen_at:%Y-%m-%d %H:%M} UTC{where}"
    return Turn(at=at, verdict="contradicted", why=why, post=picture.first.post, reason=reason)
