"""Live updates: a stream that says which crossings changed, one small message a revision."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from threading import Lock
from typing import Any

from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from verst.clock import iso
from verst.model import Estimate
from verst.web.board import group_estimates
from verst.web.moment import choose_moment
from verst.web.view import make_now

HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 5000
MOST_LISTENERS = 5000


class Changes:
    """Watches the store while somebody listens, and tells every listener which crossings changed."""

    def __init__(self, app: Starlette, poll_seconds: float) -> None:
        self.app, self.poll_seconds = app, poll_seconds
        self.listeners: set[asyncio.Queue[dict[str, Any]]] = set()
        self.task: asyncio.Task[None] | None = None
        self.seen: dict[str, list[Estimate]] | None = None
        self.revision = -1
        self.lock = Lock()
        self.closed = False
        self.awake: asyncio.Event | None = None
        self.loop: asyncio.AbstractEventLoop | None = None

    def close(self) -> None:
        """End every stream: a server cannot stop while somebody listens. Called on the loop that serves."""
        self.closed = True
        for queue in list(self.listeners):
            while not queue.empty():
                queue.get_nowait()
            queue.put_nowait({})

    def listen(self) -> asyncio.Queue[dict[str, Any]]:
        """A new listener's queue; the watching begins with the first."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=16)
        self.listeners.add(queue)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self.watch())
        return queue

    def leave(self, queue: asyncio.Queue[dict[str, Any]]) -> None:
        """A listener went away; the watching ends with the last."""
        self.listeners.discard(queue)
        if not self.listeners and self.task is not None:
            self.task.cancel()
            self.task = None

    async def watch(self) -> None:
        """Ask the store for its revision now and then, and tell what changed."""
        self.awake, self.loop = asyncio.Event(), asyncio.get_running_loop()
        while self.listeners:
            self.awake.clear()
            message = await run_sync(self.look)
            if message is not None:
                for queue in list(self.listeners):
                    tell(queue, message)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.awake.wait(), self.poll_seconds)

    def hurry(self) -> None:
        """Look at once and not at the next turn. May be called from any thread."""
        if self.loop is not None and self.awake is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.awake.set)

    def look_first(self) -> int:
        """The revision that changes are told against; looks at the store if nobody did yet."""
        if self.revision < 0:
            self.look()
        return self.revision

    def look(self) -> dict[str, Any] | None:
        """What changed since the last look; None when nothing did."""
        with self.lock:
            return self.compare()

    def compare(self) -> dict[str, Any] | None:
        """The work of `look`, one thread at a time."""
        state = self.app.state
        revision = state.store.revision()
        if revision == self.revision:
            return None
        now = state.clock()
        moment = choose_moment(None, None, state.store.span(now), now)
        groups = dict(group_estimates(state.store.estimates_at(moment.at)))
        before, self.seen, self.revision = self.seen, groups, revision
        if before is None:
            return None
        names = sorted(name for name in before.keys() | groups.keys() if before.get(name) != groups.get(name))
        crossings = {c.id: c for region in state.regions for c in region.crossings}
        changed = {
            name: make_now(crossings[name], groups.get(name, ()), moment.at, state.kinds).status
            for name in names
            if name in crossings
        }
        return {"revision": revision, "at": iso(moment.at), "changed": changed}


def tell(queue: asyncio.Queue[dict[str, Any]], message: dict[str, Any]) -> None:
    """Give a listener a message; one that does not keep up loses the oldest and is told to read everything."""
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        message = {**message, "changed": None}
    queue.put_nowait(message)


def frame(message: dict[str, Any]) -> str:
    """One message as it goes over the wire."""
    data = json.dumps(message, separators=(",", ":"))
    return f"id: {message['revision']}\nevent: changed\ndata: {data}\n\n"


async def stream(changes: Changes, last: str | None) -> AsyncIterator[str]:
    """Messages for one listener. ``last``: the revision it saw before its connection broke."""
    queue = changes.listen()
    try:
        yield f"retry: {RETRY_MILLISECONDS}\n: listening\n\n"
        revision = await run_sync(changes.look_first)
        if last is not None and last != str(revision):
            yield frame({"revision": revision, "at": None, "changed": None})
        while True:
            try:
                message = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
                if changes.closed:
                    return
                yield frame(message)
            except TimeoutError:
                yield ": still here\n\n"
    finally:
        changes.leave(queue)


async def send_events(request: Request) -> Response:
    """The stream. ``changed`` null: read everything again."""
    changes: Changes = request.app.state.changes
    if changes.closed or len(changes.listeners) >= MOST_LISTENERS:
        headers = {"Retry-After": "60"}
        return Response("too many listeners; reload the page now and then instead\n", 503, headers)
    last = request.headers.get("last-event-id") or request.query_params.get("since")
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream(changes, last), media_type="text/event-stream", headers=headers)


ROUTES = [Route("/events", send_events)]
