"""What goes wrong in one post, one input or at one crossing costs only that one, and is told without its words."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.store.samples import NOON, post
from tests.work.child import FigureReader
from verst.fusion import Fusion
from verst.geography import load_kinds, load_regions
from verst.model import Claim, Post, Reading, Report, Skipped
from verst.sources import Door
from verst.store import Store, open_store
from verst.work.caution import CarefulReader
from verst.work.intake import Tally, keep_posts, load_inputs
from verst.work.replaying import fuse_reports
from verst.work.settling import settle

KINDS = {kind.id: kind for kind in load_kinds()}
SECRET = "words of a person"


class Stumbling(FigureReader):
    """Falls over posts that say so; speaks of the crossing a post names first."""

    def read(self, post: Post) -> Reading:
        if SECRET in post.text:
            raise ValueError(post.text)
        return super().read(post)


def report(crossing: str, minute: int) -> Report:
    claim = Claim(kind="wait", crossing=crossing, toward=None, mode="car", value=300.0)
    return Report(claim=claim, post=f"{crossing}-{minute}", posted_at=NOON + timedelta(minutes=minute), author="a" * 16)


def test_a_post_that_cannot_be_read_costs_only_itself(tmp_path: Path) -> None:
    told: list[Skipped] = []
    store = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    posts = [post("p1", 1, "200 at the gate"), post("p2", 2, SECRET), post("p3", 3, "300 at the gate")]
    tally = Tally()
    keep_posts(posts, store, CarefulReader(Stumbling(), told.append), tally, [])
    assert {each.post for each in store.reports()} == {"p1", "p3"} and set(store.posts(["p2"])) == {"p2"}
    assert [each.file for each in told] == ["post p2"] and "ValueError in test_caution.py" in told[0].what
    assert SECRET not in told[0].what
    store.close()


def test_an_input_that_breaks_its_source_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import verst.sources as sources

    real = sources.read

    def breaking(location: Any, *rest: Any, **more: Any) -> Any:
        if "bad" in str(location):
            raise KeyError(SECRET)
        return real(location, *rest, **more)

    monkeypatch.setattr(sources, "read", breaking)
    line = '{"id":"%s","chat":{"title":"t","kind":"group"},"posted_at":"2022-09-24T12:00:00+03:00","text":"wait 200"}\n'
    for name in ("a", "bad", "c"):
        (tmp_path / f"{name}.jsonl").write_text(line % name)
    store = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    told: list[Skipped] = []
    tally = load_inputs([tmp_path], store, Door(b"k" * 32), FigureReader(), on_skip=told.append)
    assert (tally.new, tally.skips) == (2, 1)
    assert "bad.jsonl" in told[0].file and "KeyError" in told[0].what and SECRET not in told[0].what
    store.close()


def break_crossing(monkeypatch: pytest.MonkeyPatch, crossing: str) -> None:
    real = Fusion.take

    def take(self: Fusion, reports: Any) -> None:
        listed = list(reports)
        if any(each.claim.crossing == crossing for each in listed):
            raise ZeroDivisionError
        real(self, listed)

    monkeypatch.setattr(Fusion, "take", take)


def test_a_crossing_that_cannot_be_fused_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    reports = [report(name, minute) for minute in (1, 2) for name in ("verkhny-lars", "ozinki-taskala")]
    times = [NOON + timedelta(minutes=5), NOON + timedelta(minutes=20)]
    whole = [each for each in fuse_reports(reports, times, load_regions(), KINDS) if each.crossing == "ozinki-taskala"]
    break_crossing(monkeypatch, "verkhny-lars")
    told: list[Skipped] = []
    assert list(fuse_reports(reports, times, load_regions(), KINDS, on_skip=told.append)) == whole and whole
    assert [each.file for each in told] == ["crossing verkhny-lars"]
    with pytest.raises(ZeroDivisionError):
        list(fuse_reports(reports, times, load_regions(), KINDS))


def settle_some(store: Store, told: list[Skipped]) -> int:
    return settle(store, load_regions(), KINDS, on_skip=told.append)


def test_a_crossing_that_cannot_be_settled_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    keep_posts([post("p1", 1, "200 at the gate")], store, FigureReader(), Tally(), [])
    told: list[Skipped] = []
    with monkeypatch.context() as broken:
        break_crossing(broken, "verkhny-lars")
        assert settle_some(store, told) == 0 and len(told) == 1 and "verkhny-lars" in told[0].file
    assert settle_some(store, told) == 1 and len(told) == 1
    assert store.estimates_at(NOON + timedelta(days=1))
    store.close()
