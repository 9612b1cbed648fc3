"""Whoever wants to be alone in the store waits for its turn, and not for ever."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Event, Thread

import pytest

from tests.work.child import FigureReader
from verst.errors import StoreBusy
from verst.sources import Door
from verst.store import open_store
from verst.work.ears import Ear
from verst.work.listening import listen_round
from verst.work.turns import in_turn


def test_who_comes_second_is_next_and_who_waits_too_long_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'verst.db'}"
    store, other = open_store(url), open_store(url)
    held, let_go = Event(), Event()

    def hold() -> None:
        with other.sole():
            held.set()
            let_go.wait(30)

    first = Thread(target=hold)
    first.start()
    assert held.wait(30)
    with pytest.raises(StoreBusy), in_turn(store, 0.3):
        pass
    Thread(target=lambda: (Event().wait(0.5), let_go.set())).start()
    with in_turn(store, 30):
        assert let_go.is_set()
    first.join()
    store.close()
    other.close()


def test_what_goes_wrong_inside_is_not_tried_again(tmp_path: Path) -> None:
    store, times = open_store(f"sqlite:///{tmp_path / 'verst.db'}"), []
    with pytest.raises(StoreBusy), in_turn(store, 5):
        times.append(1)
        raise StoreBusy("of another kind")
    assert times == [1]
    store.close()


def test_nobody_is_asked_for_what_could_not_be_kept(tmp_path: Path) -> None:
    url, asked = f"sqlite:///{tmp_path / 'verst.db'}", []
    store, other = open_store(url), open_store(url)
    ear = Ear(name="site", url="http://127.0.0.1/feed")
    with other.sole(), pytest.raises(StoreBusy):
        listen_round(
            [ear], store, Door(b"k" * 32), FigureReader(), at=datetime(2022, 9, 24, tzinfo=UTC), dice=Random(1),
            fetch=lambda *told, **more: asked.append(told), on_skip=lambda _: None,
        )  # fmt: skip
    assert asked == []
    store.close()
    other.close()
