"""The bundled archive with one of its days moved to today, and its desk: what `bench.screenshots` shows of it."""

from __future__ import annotations

import asyncio
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bench import ROOT
from tests.servers import free_port
from verst.clock import now
from verst.geography import load_kinds, load_regions
from verst.model import Post
from verst.reading.reader import Reader
from verst.sources import Door, read
from verst.store import Store, open_store
from verst.store.desk import desk_of
from verst.web import make_app
from verst.work.accounts import invite, join
from verst.work.inputs import find_inputs
from verst.work.intake import Tally, keep_posts
from verst.work.proofs import code_at, step_of
from verst.work.settling import settle

PASSWORD = "seven grey geese at the gate"
BEFORE = timedelta(days=3)


def load_day(store: Store, moment: datetime) -> None:
    """The archive's posts of the days before ``moment``, as if that were now."""
    reader, moved = Reader.load(), now() - moment
    door = Door(b"a picture".ljust(32), about_of=reader.places.about)
    archive = ROOT / "verst" / "archive" / "exodus_2022"
    found = [post for file in find_inputs(archive) for post in read(file, door) if isinstance(post, Post)]
    posts = [
        replace(post, posted_at=post.posted_at + moved)
        for post in found
        if moment - BEFORE <= post.posted_at <= moment and post.edited_at is None
    ]
    keep_posts(posts, store, reader, Tally(), [])
    settle(store, load_regions(), {kind.id: kind for kind in load_kinds()}, now=now())


@contextmanager
def desk_of_today(folder: Path, moment: datetime) -> Iterator[tuple[str, Callable[[], str]]]:
    """Where the board is, and what gives a code to log in as the editor owl: a recovery code, each good once."""
    from granian.constants import Interfaces
    from granian.server.embed import Server

    store, port = open_store(f"sqlite:///{folder / 'verst.db'}"), free_port()
    load_day(store, moment)
    key = invite(desk_of(store), "owl", "editor", now())
    account = desk_of(store).account("owl")
    assert account is not None
    codes = join(desk_of(store), "owl", key, PASSWORD, code_at(account.factor, step_of(now())), now())
    app = make_app(store, load_regions(), load_kinds())
    server, loop = (
        Server(app, "127.0.0.1", port, interface=Interfaces.ASGI, log_enabled=False),
        asyncio.new_event_loop(),
    )
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    yield address, codes.pop
    loop.call_soon_threadsafe(server.stop)
    thread.join(5)
    store.close()
