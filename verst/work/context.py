"""What a post is read with: the words it answers, and what its writer said just before it in the same chat."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from verst.model import Chat, Post, Reply
from verst.store import Store

GOES_ON = timedelta(minutes=2)  # between two parts of one message
MOST_PARTS = 3  # before the last of them
LONGEST_PART = 120  # letters: a longer post is a message of its own
_MOST_WRITERS = 20_000  # remembered while posts come one by one
Writer = tuple[Chat, str]


class Context:
    """What a batch of new posts is read with, and which kept ones are read again because of it."""

    def __init__(self, posts: Sequence[Post], store: Store | None = None) -> None:
        self._posts, self._store = posts, store
        self._here = {post.id: post for post in posts}
        self._kept = _kept_beside(posts, store, self._here)
        self._beside = _by_writer([*self._kept, *posts])

    def told(self) -> Iterator[tuple[Post, Post]]:
        """Each post, and as it is read: with the words it answers and those it goes on from."""
        missing = {name for post in self._posts if (name := answered(post)) is not None and name not in self._here}
        there = self._store.posts(missing) if self._store is not None and missing else {}
        for post in self._posts:
            name = answered(post)
            before = self._here.get(name) or there.get(name) if name is not None else None
            told = with_words(post, before.text) if before is not None else post
            yield post, with_parts(told, parts_before(post, self._beside))

    def again(self) -> Iterator[tuple[Post, Post]]:
        """Kept posts that answer these or go on from them, and as they are read: with the words that are here now."""
        if self._store is None or not self._here:
            return
        for post in self._store.answers(self._here):
            name = answered(post)
            if name in self._here and post.id not in self._here:
                yield post, with_words(post, self._here[name].text)
        for post in self._kept:
            before = parts_before(post, self._beside)
            if any(part.id in self._here for part in before):
                yield post, with_parts(post, before)


def answered(post: Post) -> str | None:
    """The id of the post it answers, when its words are not told."""
    return post.reply_to.post if post.reply_to is not None and post.reply_to.text is None else None


def with_words(post: Post, text: str) -> Post:
    """The post with the words it answers."""
    return replace(post, reply_to=Reply(post=post.reply_to.post if post.reply_to else None, text=text))


def with_parts(post: Post, before: Sequence[Post]) -> Post:
    """The post with the words it goes on from, oldest first."""
    return replace(post, before=tuple(part.text for part in before)) if before else post


def is_part(post: Post) -> bool:
    """Whether a post may be a part of a message: a short one of a known writer, not handed on from elsewhere."""
    return (
        post.author is not None
        and not post.given
        and post.forwarded_from is None
        and post.chat.kind in ("group", "social")
        and 0 < len(post.text.strip()) <= LONGEST_PART
    )


def parts_before(post: Post, beside: dict[Writer, list[Post]]) -> list[Post]:
    """The posts a post goes on from, oldest first: its writer's last ones, each within two minutes of the next.

    What answers somebody begins a message; it goes on from nothing.
    """
    if not is_part(post) or post.author is None or post.reply_to is not None:
        return []
    parts: list[Post] = []
    last = post
    for part in reversed(beside.get((post.chat, post.author), ())):
        if _place(part) >= _place(last):
            continue
        if last.posted_at - part.posted_at > GOES_ON or len(parts) == MOST_PARTS:
            break
        parts.insert(0, part)
        last = part
        if part.reply_to is not None:
            break
    return parts


def _place(post: Post) -> tuple[object, int, str]:
    """The order of a writer's posts; numbers in ids grow, and so does their length."""
    return post.posted_at, len(post.id), post.id


def _by_writer(posts: Iterable[Post]) -> dict[Writer, list[Post]]:
    found: dict[Writer, dict[str, Post]] = {}
    for post in posts:
        if is_part(post) and post.author is not None:
            found.setdefault((post.chat, post.author), {})[post.id] = post
    return {writer: sorted(each.values(), key=_place) for writer, each in found.items()}


def _kept_beside(posts: Sequence[Post], store: Store | None, here: dict[str, Post]) -> list[Post]:
    """Kept parts of the messages that these posts may be parts of, found step by step from one to its neighbours."""
    found: dict[str, Post] = {}
    edge = [post for post in posts if is_part(post)]
    writers = {(post.chat, post.author) for post in edge}
    for _ in range(MOST_PARTS if store is not None else 0):
        near = store.posts_near((post.posted_at for post in edge), GOES_ON) if store is not None and edge else []
        edge = [
            post
            for post in near
            if (post.chat, post.author) in writers and is_part(post) and post.id not in here and post.id not in found
        ]
        found.update((post.id, post) for post in edge)
    return sorted(found.values(), key=lambda post: (post.posted_at, post.id))


class Following:
    """Gives each of a stream of posts, in the order they come, the words it goes on from."""

    def __init__(self) -> None:
        self._latest: OrderedDict[Writer, list[Post]] = OrderedDict()

    def follow(self, post: Post) -> Post:
        """The post as it is to be read; it is remembered for those after it."""
        if not is_part(post) or post.author is None:
            return post
        writer = post.chat, post.author
        known = self._latest.pop(writer, [])
        told = with_parts(post, parts_before(post, {writer: sorted(known, key=_place)}))
        self._latest[writer] = [*known[-MOST_PARTS + 1 :], post]
        if len(self._latest) > _MOST_WRITERS:
            self._latest.popitem(last=False)
        return told
