"""A post and its reading become reports: the claims with what fusion may know of who said them.

An edit takes the place of what the post said before, and is known from when it was made: a report's ``posted_at`` is
the time from which anybody could have read it, while what it says holds, as ever, for when the post was written.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from verst.model import Chat, Claim, Heard, Post, Reading, Report, Saying, SourceKind


def reports_of(post: Post, reading: Reading, copy_of: str | None = None) -> list[Report]:
    """One report for each claim, then one for each claim the post speaks against."""
    told = [(dated(claim, post), False) for claim in reading.claims]
    told += [(dated(claim, post), True) for claim in reading.denials]
    return [
        Report(
            claim=claim,
            post=post.id,
            posted_at=known_at(post),
            author=post.author,
            source=source_of(post, claim),
            copy_of=copy_of,
            community=community_of(post.chat),
            denies=denies,
            ad=reading.ad,
        )
        for claim, denies in told
    ]


def heard_of(post: Post, reading: Reading, copy_of: str | None = None) -> list[Heard]:
    """One for each saying: what the ledger of rumours may know of who passed it on."""
    return [
        Heard(
            saying=saying,
            post=post.id,
            posted_at=known_at(post),
            author=post.author,
            source=source_of(post, saying),
            copy_of=copy_of,
            community=community_of(post.chat),
        )
        for saying in (() if reading.ad else reading.sayings)
    ]


def known_at(post: Post) -> datetime:
    """From when the words of a post could be read: when it was posted, or edited last (UTC)."""
    return max(post.posted_at, post.edited_at) if post.edited_at is not None else post.posted_at


def dated(claim: Claim, post: Post) -> Claim:
    """The claim of an edited post holds for when the post was written, unless it names a time itself."""
    if claim.holds_at is not None or known_at(post) == post.posted_at:
        return claim
    return replace(claim, holds_at=post.posted_at)


def source_of(post: Post, claim: Claim | Saying) -> SourceKind:
    """Who speaks: an authority only in its own channel or table; else the kind of chat it stood in."""
    return "official" if post.official or (post.given and claim.stance == "official") else post.chat.kind


@lru_cache(maxsize=10_000)
def community_of(chat: Chat) -> str:
    """The chat as a key that does not show its title: people in one chat are wrong together."""
    return hashlib.blake2b(f"{chat.kind}\0{chat.title}".encode(), digest_size=8).hexdigest()
