"""The stream that tells which crossings changed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from tests.web.fake import FakeStore
from tests.web.world import NOON, estimate, full_store, kinds, region
from verst.store import Batch
from verst.web import make_app
from verst.web.events import Changes, stream, tell


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread of its own: browser tests leave a loop running in the main one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


def changes_of(store: FakeStore) -> Changes:
    app = make_app(store, [region()], kinds(), clock=lambda: NOON + timedelta(minutes=1), poll_seconds=0.01)
    found: Changes = app.state.changes
    return found


async def next_message(frames: AsyncIterator[str]) -> dict[str, Any]:
    async with asyncio.timeout(5):
        text = await anext(frames)
    lines = dict(line.split(": ", 1) for line in text.strip().splitlines())
    assert lines["event"] == "changed"
    message: dict[str, Any] = json.loads(lines["data"])
    assert lines["id"] == str(message["revision"])
    return message


def closed(toward: str = "GE") -> Batch:
    return Batch(estimates=[estimate("passage", "closed", NOON + timedelta(seconds=30), toward=toward)])


def test_a_change_is_told_with_its_crossing_and_state() -> None:
    async def listen() -> None:
        store = full_store()
        frames = stream(changes_of(store), str(store.revision()))
        assert "retry: 5000" in await anext(frames)
        waiting = asyncio.create_task(next_message(frames))
        await asyncio.sleep(0.1)
        store.keep(closed())
        message = await waiting
        assert message["changed"] == {"verkhny-lars": "closed"}
        assert message["revision"] == store.revision()
        await frames.aclose()  # type: ignore[attr-defined]

    run(listen())


def test_who_is_told_to_hurry_looks_at_once() -> None:
    async def listen() -> None:
        store = full_store()
        changes = changes_of(store)
        changes.poll_seconds = 60.0
        frames = stream(changes, str(store.revision()))
        await anext(frames)
        waiting = asyncio.create_task(next_message(frames))
        await asyncio.sleep(0.1)
        store.keep(closed())
        await asyncio.to_thread(changes.hurry)  # as a form of the desk does, from a thread of its own
        assert (await waiting)["changed"] == {"verkhny-lars": "closed"}  # within five seconds, not sixty
        await frames.aclose()  # type: ignore[attr-defined]

    run(listen())


def test_who_missed_something_is_told_to_read_everything() -> None:
    async def listen() -> None:
        store = full_store()
        frames = stream(changes_of(store), "1")
        await anext(frames)
        assert (await next_message(frames))["changed"] is None
        await frames.aclose()  # type: ignore[attr-defined]

    run(listen())


def test_the_watching_ends_with_the_last_listener() -> None:
    async def listen() -> None:
        changes = changes_of(full_store())
        frames = stream(changes, None)
        await anext(frames)
        assert changes.task is not None
        await frames.aclose()  # type: ignore[attr-defined]
        assert (changes.task, changes.listeners) == (None, set())

    run(listen())


def test_a_batch_that_changes_no_crossing_names_none() -> None:
    store = full_store()
    changes = changes_of(store)
    changes.look_first()
    store.keep(Batch())
    message = changes.look()
    assert message is not None and message["changed"] == {}
    assert changes.look() is None


def test_a_slow_listener_loses_messages_but_learns_it() -> None:
    async def fill() -> None:
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=2)
        for number in range(3):
            tell(queue, {"revision": number, "changed": {}})
        assert queue.qsize() == 1
        assert queue.get_nowait() == {"revision": 2, "changed": None}

    run(fill())


def test_streams_end_when_the_server_stops() -> None:
    async def listen() -> None:
        changes = changes_of(full_store())
        frames = stream(changes, None)
        assert "listening" in await anext(frames)
        waiting = asyncio.ensure_future(anext(frames, "ended"))
        await asyncio.sleep(0.05)
        changes.close()
        assert await asyncio.wait_for(waiting, 2) == "ended"
        assert not changes.listeners

    run(listen())
