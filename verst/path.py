"""Read first: the whole program in one screen. A post arrives, is read, fused with the others, and told.

1. arrive   `verst.sources.read`: an input becomes posts; the door takes every name out before a post exists
2. read     `verst.reading.reader.Reader.read`: a post becomes claims, perhaps a question, perhaps an advertisement
3. fuse     `verst.fusion.Fusion`: the claims of many become one estimate for each quantity, with its range and age
4. tell     `verst.store`, `verst.web`, `verst.ask`: estimates are kept, shown, and asked for

`walk` is these four steps without a store. `verst.work` does the same in batches that survive being killed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from verst.geography import load_kinds, load_regions
from verst.model import Estimate, Post
from verst.work.replaying import fuse_reports, replay_posts

if TYPE_CHECKING:
    from verst.sources import Door


def walk(location: Path | str, door: Door, times: Iterable[datetime]) -> Iterator[Estimate]:
    """From one input to the estimates at each of ``times`` (aware)."""
    posts = arrive(location, door)
    from verst.reading.reader import Reader

    reports = replay_posts(posts, Reader.load())
    kinds = {kind.id: kind for kind in load_kinds()}
    yield from fuse_reports(reports, times, load_regions(), kinds)


def arrive(location: Path | str, door: Door) -> Iterator[Post]:
    """The posts of one input; what cannot be used is left out (`verst load` says what and why)."""
    from verst.sources import read

    return (item for item in read(location, door) if isinstance(item, Post))
