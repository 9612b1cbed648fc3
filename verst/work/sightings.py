"""Pictures that posts show: which of them look the same, and which were seen before they are shown as of now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from verst.model import Post, Reading, Sighting
from verst.store import Store
from verst.work.reports import known_at

ALIKE = 4  # bits in which two prints of one picture may differ; more, and what one fixed camera sees on two days is one


def sightings_of(told: Iterable[tuple[Post, Reading]], store: Store) -> list[Sighting]:
    """The pictures of some posts, each in the group of those that look the same: of the store, or new among these."""
    found: list[Sighting] = []
    fresh: list[str] = []
    for post, reading in told:
        for print_ in dict.fromkeys(post.prints):
            group = _nearest(print_, fresh) or _nearest(print_, store.alike(print_))
            if group is None:
                group = print_
                fresh.append(group)
            found.append(sighting_of(post, reading, print_, group))
    return found


def sighting_of(post: Post, reading: Reading, print_: str, group: str) -> Sighting:
    """One picture of one post. What is passed on was shown when its origin showed it."""
    about = [post.chat.about] if post.chat.about else []
    return Sighting(
        print=print_,
        group=group,
        post=post.id,
        seen_at=min(post.posted_at, post.forwarded_at or post.posted_at),
        known_at=known_at(post),
        author=post.author,
        origin=post.forwarded_from,
        places=tuple(sorted({claim.crossing for claim in reading.claims} or {*about})),
    )


def _nearest(print_: str, groups: Iterable[str]) -> str | None:
    """The group that looks most the same; None where none does."""
    bits = int(print_, 16)
    near = [((bits ^ int(group, 16)).bit_count(), group) for group in groups]
    return min((each for each in near if each[0] <= ALIKE), default=(0, None))[1]


def find_seen(store: Store, at: datetime, within: timedelta) -> Sequence[Sighting]:
    """Pictures shown ``within`` that time before ``at``, and every earlier sighting of what looks the same."""
    shown = store.sightings(since=at - within, until=at)
    return store.sightings(groups={each.group for each in shown}, until=at) if shown else []
