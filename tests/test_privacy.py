"""Nobody is exposed: personal data of ten kinds goes in by every door and comes out of no window."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planting import IN_WORDS, left_over, plant
from verst.model import Post, Skipped
from verst.sources import Door, Mark, read

KINDS = {*IN_WORDS, "name", "account id"}


def test_ten_kinds_are_planted_and_would_be_found(tmp_path: Path) -> None:
    files, planted = plant(random.Random(1), tmp_path)
    assert set(planted.secrets) == KINDS and len(KINDS) == 10
    raw = b"".join(file.read_bytes() for file in files)
    found = {line.partition(":")[0] for line in left_over(planted, raw)}
    assert found == KINDS


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_no_source_lets_personal_data_through(seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        files, planted = plant(random.Random(seed), Path(name))
        seen, skipped = [], []
        for file in files:
            for item in read(file, Door(b"k" * 32)):
                if isinstance(item, Post):
                    seen.append(item)
                elif isinstance(item, Skipped):
                    skipped.append(item)
                else:
                    assert isinstance(item, Mark)
        assert len(seen) >= 50 and len(skipped) == 1
        assert not left_over(planted, repr((seen, skipped)).encode())
