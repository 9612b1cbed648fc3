"""The store that the bot's tests play over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.playing import fill
from verst.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with a wait of which people spoke."""
    opened = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    fill(opened)
    yield opened
    opened.close()
