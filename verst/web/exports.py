"""A time range as one link: the files that `verst export` writes, in one archive or one by one, as they are made.

Public as the board is, and nothing in it is about a person; it takes work, so one address may ask for a few an hour.
"""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from verst.outputs import Dataset, outputs
from verst.web.api import LONGEST_HISTORY, check_names, read_time
from verst.web.moment import choose_moment
from verst.web.saying import address_of
from verst.work.exporting import MANIFEST, gather, write_manifest
from verst.work.form import Senders

WHOLE = "verst.zip"
USUAL = timedelta(days=4)
MOST_OF_ONE, MOST_OF_ALL = 12, 240  # exports an hour, of one address and of all together
AT_ONCE = 2  # in the making
SAVED = (2022, 9, 21, 0, 0, 0)  # of every file in an archive: the same data give the same bytes
TYPES = {
    "zip": "application/zip",
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "jsonld": "application/ld+json",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
}


class Turnstile:
    """How many exports may be had: a few an hour of each address, so many of all, and two in the making."""

    def __init__(self) -> None:
        self.senders = Senders(most_of_one=MOST_OF_ONE, most_of_all=MOST_OF_ALL)
        self.making = threading.BoundedSemaphore(AT_ONCE)

    def pass_one(self, address: str, at: datetime) -> None:
        """Count one. Raises 429. The address is turned into a number that lasts as long as this process."""
        if not self.senders.may_say(self.senders.name(address, at), at):
            what = f"more than {MOST_OF_ONE} exports an hour; take one for the whole time, or try again later"
            raise HTTPException(429, what, headers={"Retry-After": "600"})


def get_export(request: Request) -> Response:
    """Estimates by the hour and rumours of up to 31 days."""
    check_names(request, "from", "to", "file")
    state, asked = request.app.state, request.query_params
    until = read_time(asked.get("to"), "to", choose_moment(None, None, state.store.span(), state.clock()).at)
    since = read_time(asked.get("from"), "from", until - USUAL)
    if not timedelta() <= until - since <= LONGEST_HISTORY:
        raise HTTPException(400, "from must lie before to, and at most 31 days before it; ask in several parts")
    name = asked.get("file", WHOLE)
    if name != WHOLE and name not in {output.file for output in outputs().values()}:
        known = ", ".join(sorted(output.file for output in outputs().values()))
        raise HTTPException(404, f"no file is called so; there are {known}, and all of them in {WHOLE}")
    state.turnstile.pass_one(address_of(request), state.clock())
    dataset = make_dataset(request, since, until)
    body = archive(dataset) if name == WHOLE else one_file(dataset, name)
    saved_as = f"verst-{since:%Y%m%dT%H%M}-{until:%Y%m%dT%H%M}-{name.removeprefix('verst')}".replace("-.", ".")
    headers = {"Content-Disposition": f'attachment; filename="{saved_as}"', "Cache-Control": "no-cache"}
    return StreamingResponse(body, headers=headers, media_type=TYPES[name.rpartition(".")[2]])


def make_dataset(request: Request, since: datetime, until: datetime) -> Dataset:
    """The data of a time. Raises 503 while others are in the making."""
    state = request.app.state
    if not state.turnstile.making.acquire(timeout=5.0):
        raise HTTPException(503, "others are exporting; try again in half a minute", headers={"Retry-After": "30"})
    try:
        return gather(state.store, state.regions, state.kinds, since, until)
    finally:
        state.turnstile.making.release()


def one_file(dataset: Dataset, name: str) -> Iterator[bytes]:
    """The bytes of one file."""
    yield next(output.write(dataset) for output in outputs().values() if output.file == name)


class _Sink:
    """What an archive is written into: pieces that are sent on."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits."""

    def take(self) -> bytes:
        told, self.pieces = b"".join(self.pieces), []
        return told


def archive(dataset: Dataset) -> Iterator[bytes]:
    """Every file in a ZIP archive, each sent before the next is made; the manifest of their hashes is the last."""
    sink = _Sink()
    files: dict[str, bytes] = {}
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:  # type: ignore[call-overload]
        for output in outputs().values():
            data = output.write(dataset)
            if data:
                files[output.file] = data
                packed.writestr(_entry(output.file), data)
                yield sink.take()
        packed.writestr(_entry(MANIFEST), write_manifest(dataset, files))
    yield sink.take()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, SAVED)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


ROUTES = [Route("/api/v1/export", get_export)]
