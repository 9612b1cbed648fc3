"""Pictures at addresses that posts name: fetched small and from public places alone, looked at, and forgotten."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from verst.errors import BadFile, BadSetting
from verst.model import Post, Skipped
from verst.outputs.reaching import Answer, Unreachable
from verst.sources.apart import Apart
from verst.sources.looking import MOST
from verst.work.caution import Said

AT_ONCE = 20  # pictures of one answer


def with_pictures(
    posts: Sequence[Post], addresses: Mapping[str, tuple[str, ...]], fetch: Callable[..., Answer], apart: Apart,
    on_skip: Said, *, allow_private: bool,
) -> list[Post]:  # fmt: skip
    """The posts with the prints of their pictures. One that cannot be had costs nothing but itself."""
    left, seen = AT_ONCE, list[Post]()
    for post in posts:
        wanted = addresses.get(post.id, ())[: min(MOST, left)]
        left -= len(wanted)
        seen.append(
            replace(post, prints=tuple(_look(wanted, fetch, apart, on_skip, allow_private))) if wanted else post
        )
    return seen


def _look(
    addresses: Sequence[str], fetch: Callable[..., Answer], apart: Apart, on_skip: Said, allow_private: bool
) -> Iterator[str]:
    for address in addresses if not apart.blind else ():
        try:
            answer = fetch(address, {}, allow_private=allow_private)
            if answer.status == 200 and answer.body:
                yield from apart.look(io.BytesIO(answer.body), "picture")
        except (Unreachable, BadFile) as error:
            what = f"a picture that was not looked at ({type(error).__name__}); its post is kept without"
            on_skip(Skipped(file="picture", what=what))
        except BadSetting as error:
            apart.blind = True
            on_skip(Skipped(file="picture", what=str(error)))
