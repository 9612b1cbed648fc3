"""What the store forgets: words after a time, and whatever came from one author, chat or post."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from verst.errors import BadSetting
from verst.store import Batch, Store
from verst.work.intake import UNSETTLED, unsettled

KEEP_DAYS = 14  # raw text, when nothing else is set
MOST_DAYS = 36_500


def keep_days() -> int:
    """``VERST_KEEP_DAYS``: how many days the words of posts are kept; 0: for good. Raises BadSetting."""
    told = os.environ.get("VERST_KEEP_DAYS", str(KEEP_DAYS))
    if not (told.isascii() and told.isdigit() and int(told) <= MOST_DAYS):
        raise BadSetting("VERST_KEEP_DAYS is no number of days; write 14, or 0 to keep words for good")
    return int(told)


def expire(store: Store, now: datetime) -> int:
    """Forget the words of posts older than is kept: how many."""
    days = keep_days()
    return store.expire(now - timedelta(days=days)) if days else 0


def expire_before(store: Store, before: datetime) -> int:
    """Forget the words of posts posted before a time: how many."""
    return store.expire(before)


def posts_of(store: Store, *, author: str | None, chat: str | None, ids: Iterable[str]) -> list[str]:
    """Ids of the posts of an author or a chat, and those named; also of those whose words have expired."""
    found = set(ids)
    for post, _, _ in store.every_post():
        if (author and post.author == author) or (chat and post.chat.title == chat):
            found.add(post.id)
    if author:
        found |= {report.post for report in store.reports() if report.author == author}
        found |= {heard.post for heard in store.heard() if heard.author == author}
        found |= {seen.post for seen in store.sightings() if seen.author == author}
    return sorted(found)


def forget_posts(store: Store, ids: Iterable[str]) -> int:
    """Forget posts and what they said, and note what is to be fused anew without them: how many had been kept."""
    names = set(ids)
    if not names:
        return 0
    touched = dict(unsettled(store))
    for report in store.reports():
        if report.post in names:
            crossing = report.claim.crossing
            touched[crossing] = min(report.posted_at, touched.get(crossing, report.posted_at))
    store.keep(Batch(states=[(UNSETTLED, msgspec.json.encode(dict(sorted(touched.items()))))]))
    return store.forget(names)
