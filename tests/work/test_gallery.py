"""Pictures that an ear may fetch: of new posts, from public places, where it is wished."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from tests.store.test_pictures import saved, scene
from tests.work.child import FigureReader
from tests.work.test_listening import NOON, Site, site, store
from verst.model import Skipped
from verst.outputs.reaching import Answer
from verst.sources import Door
from verst.store import Store
from verst.work.ears import Ear
from verst.work.fetching import fetch
from verst.work.listening import Round, listen_round

__all__ = ["site", "store"]  # the fixtures of the other file


def status(site: Site, number: int, text: str, picture: str, host: str | None = None) -> dict[str, Any]:
    return {"id": str(number), "uri": f"https://example.social/s/{number}", "content": text, "visibility": "public",
            "created_at": f"2022-09-24T11:{number:02}:00Z", "account": {"acct": f"who{number}", "url": f"u{number}"},
            "media_attachments": [{"type": "image", "preview_url": (host or site.address) + picture}]}  # fmt: skip


def test_pictures_of_new_posts_are_fetched_once_and_only_where_that_is_wished(site: Site, store: Store) -> None:
    pages = {"/feed": json.dumps([status(site, 1, "Lars: 1 hours", "/a.jpg")]).encode(), "/a.jpg": saved(scene(1))}
    asked: list[str] = []

    def from_pages(url: str, headers: Any, *, allow_private: bool) -> Answer:
        path = url.removeprefix(site.address)
        asked.append(path)
        return Answer(200, {}, pages[path]) if path in pages else Answer(404, {}, b"")

    def ask_with(pictures: bool, minutes: int) -> Round:
        listener = Ear(name="m", url=f"{site.address}/feed", source="mastodon", allow_private=True, pictures=pictures)
        return listen_round([listener], store, Door(b"k" * 32), FigureReader(), at=NOON + timedelta(minutes=minutes),
                            fetch=from_pages, dice=Random(1), on_skip=lambda item: None)  # fmt: skip

    assert ask_with(True, 0).new == {"m": 1} and asked == ["/feed", "/a.jpg"]
    assert [post.prints != () for post, _, _ in store.every_post()] == [True] and len(store.sightings()) == 1
    assert ask_with(True, 20).new == {"m": 0} and asked[2:] == ["/feed"]
    pages["/feed"] = json.dumps([status(site, n, f"Lars: {n} hours", f"/{n}.jpg") for n in (2, 3)]).encode()
    pages["/2.jpg"] = b"no picture"
    assert ask_with(True, 40).new == {"m": 2} and asked[3:] == ["/feed", "/2.jpg", "/3.jpg"]
    pages["/feed"] = json.dumps([status(site, 4, "Lars: 4 hours", "/a.jpg")]).encode()
    assert ask_with(False, 60).new == {"m": 1} and asked[6:] == ["/feed"]
    assert len(store.sightings()) == 1


def test_pictures_at_addresses_that_are_not_public_are_not_fetched(site: Site, store: Store) -> None:
    site.body = json.dumps([status(site, 1, "Lars: 1 hours", "/a.jpg")]).encode()
    skipped: list[Skipped] = []
    listener = Ear(name="m", url=f"{site.address}/feed", source="mastodon", pictures=True)

    def feed_alone(url: str, headers: Any, *, allow_private: bool) -> Answer:
        ask = partial(fetch, allow_private=url.endswith("/feed"))
        return ask(url, headers)

    listen_round([listener], store, Door(b"k" * 32), FigureReader(), at=NOON, fetch=feed_alone, dice=Random(1),
                 on_skip=skipped.append)  # fmt: skip
    assert [each["path"] for each in site.asked] == ["/feed"] and len(list(store.every_post())) == 1
    assert ["Unreachable" in each.what for each in skipped] == [True]
