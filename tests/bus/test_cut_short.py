"""Cut short before or after any word to the store or the bus, as kill -9 would: nothing is lost, nothing doubled."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from tests.bus import world
from verst.bus.memory import MemoryBus
from verst.clock import now
from verst.geography import load_regions
from verst.store import Store, open_store
from verst.work import settle
from verst.work.apart.fusers import Fusers
from verst.work.apart.putting import put_posts
from verst.work.apart.readers import Readers
from verst.work.intake import Tally, keep_posts

POSTS = 150
WATCHED = ("keep", "put", "take", "drop", "state", "cursor")


class Killed(BaseException):
    """No program catches the end of its own process."""


class Fuse:
    """Ends whoever calls at a call of its choice, before or after it has its effect."""

    def __init__(self, inner: Any, chance: random.Random) -> None:
        self._inner, self._chance, self.left, self.kills = inner, chance, 10**9, 0

    def burn(self) -> None:
        self.left = self._chance.randint(1, 12)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in WATCHED:
            return found

        def call(*words: Any, **more: Any) -> Any:
            self.left -= 1
            late = self._chance.random() < 0.5
            if self.left == 0 and not late:
                self.kills += 1
                raise Killed
            told = found(*words, **more)
            if self.left == 0:
                self.kills += 1
                raise Killed
            return told

        return call


def run(store: Store, chance: random.Random, kills: int) -> None:
    bus = MemoryBus()
    chosen = world.posts()[:POSTS]
    waiting = [chosen[start : start + 15] for start in range(0, POSTS, 15)]
    killed, quiet = 0, 0
    while quiet < 8:
        guards = Fuse(store, chance), Fuse(bus, chance)
        workers = (
            Readers(guards[0], guards[1], world.reader(), lambda _: None),  # type: ignore[arg-type]
            Fusers(guards[0], guards[1], load_regions(), world.KINDS, now, lambda _: None),  # type: ignore[arg-type]
        )
        for guard in guards if killed < kills else ():
            guard.burn()
        try:
            for worker in workers:
                worker.hold(["me"], "me")
            while quiet < 8:
                if waiting:
                    put_posts(bus, waiting.pop(0))
                done = [worker.step(0.0) for worker in workers]
                quiet = 0 if waiting or any(done) else quiet + 1
        except Killed:
            killed += 1
            quiet = 0
    assert killed >= kills, "the kills came too late to prove anything"


def test_cut_short_anywhere_the_board_is_the_same(tmp_path: Path) -> None:
    whole = open_store(f"sqlite:///{tmp_path}/whole.db")
    keep_posts(world.posts()[:POSTS], whole, world.reader(), Tally(), [])
    settle(whole, load_regions(), world.KINDS)
    wanted = world.board(whole)
    assert len(wanted["posts"]) == POSTS and wanted["reports"] and len(wanted["crossings"]) > 3
    for seed in range(2):
        store = open_store(f"sqlite:///{tmp_path}/cut{seed}.db")
        run(store, random.Random(seed), 40)
        assert world.board(store) == wanted
        store.close()
    whole.close()
