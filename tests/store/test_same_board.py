"""A slice of the bundled archive, loaded and fused into a store."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from verst.cli.serving import archive_files
from verst.geography import load_kinds, load_regions
from verst.reading.reader import Reader
from verst.sources import Door
from verst.store import Store
from verst.work import settle

SINCE, UNTIL = datetime(2022, 9, 22, tzinfo=UTC), datetime(2022, 9, 24, tzinfo=UTC)


def load_days(store: Store, folder: Path) -> None:
    """The posts of two days of the archive, through the same door."""
    if not archive_files():
        pytest.skip("no archive is bundled here")
    from verst.sources import read
    from verst.work.inputs import find_inputs
    from verst.work.intake import Tally, keep_posts

    reader = Reader.load()
    door = Door(b"k" * 32, about_of=reader.places.about)
    posts = []
    for location in archive_files():
        for each in find_inputs(location):
            posts += [item for item in read(each, door) if hasattr(item, "posted_at")]
    chosen = [post for post in posts if SINCE <= post.posted_at < UNTIL]
    keep_posts(chosen, store, reader, Tally(), [])
    settle(store, load_regions(), {kind.id: kind for kind in load_kinds()})
