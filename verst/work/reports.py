"""A post and its reading become reports: the claims with what fusion may know of who said them."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from verst.model import Chat, Claim, Post, Reading, Report, SourceKind


def reports_of(post: Post, reading: Reading, copy_of: str | None = None) -> list[Report]:
    """One report for each claim, then one for each claim the post speaks against."""
    told = [(claim, False) for claim in reading.claims] + [(claim, True) for claim in reading.denials]
    return [
        Report(
            claim=claim,
            post=post.id,
            posted_at=post.posted_at,
            author=post.author,
            source=source_of(post, claim),
            copy_of=copy_of,
            community=community_of(post.chat),
            denies=denies,
            ad=reading.ad,
        )
        for claim, denies in told
    ]


def source_of(post: Post, claim: Claim) -> SourceKind:
    """Who speaks: an authority only in its own channel or table; else the kind of chat it stood in."""
    return "official" if post.official or (post.given and claim.stance == "official") else post.chat.kind


@lru_cache(maxsize=10_000)
def community_of(chat: Chat) -> str:
    """The chat as a key that does not show its title: people in one chat are wrong together."""
    return hashlib.blake2b(f"{chat.kind}\0{chat.title}".encode(), digest_size=8).hexdigest()
