"""Checkpoints of one crossing: what was put by comes back, and what several hold is kept once."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from tests.fusion.borders import KINDS, NOON, REGIONS, said
from verst.fusion import Fusion
from verst.work.checkpoints import Checkpoint, read_checkpoints, write_checkpoints


def checkpoints(hours: int, *, busy: bool) -> list[Checkpoint]:
    """One an hour; a busy crossing hears something in each."""
    fusion, found = Fusion(REGIONS, KINDS, lateness=0.0), list[Checkpoint]()
    fusion.take(said("wait", 60.0 + n % 50, n / 20, post=f"p{n}") for n in range(60))
    told = fusion.estimates(NOON + timedelta(hours=3))
    for hour in range(4, 4 + hours):
        if busy:
            fusion.take([said("wait", 90.0, float(hour), post=f"later {hour}")])
            told = fusion.estimates(NOON + timedelta(hours=hour))
        found.append(Checkpoint(NOON + timedelta(hours=hour), fusion.dump(), told, told[-1].newest))
    return found


def test_what_was_put_by_comes_back() -> None:
    for kept in ([], [Checkpoint(NOON)], checkpoints(3, busy=True)):
        assert read_checkpoints(write_checkpoints(kept)) == kept
    assert write_checkpoints([]) == b""


def test_what_several_hold_is_kept_once() -> None:
    one, quiet, busy = (len(write_checkpoints(checkpoints(n, busy=b))) for n, b in ((1, False), (7, False), (7, True)))
    assert quiet < one + 7 * 200 < busy


def test_bytes_of_another_version_are_no_checkpoints() -> None:
    kept = checkpoints(2, busy=False)
    for state in (None, b"", b"nonsense", write_checkpoints(kept)[:-9], msgspec.msgpack.encode(kept)):
        assert read_checkpoints(state) == []
