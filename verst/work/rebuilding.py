"""Archives at scale: reading as a pure function over blocks, by many workers, into Parquet; then one store from them.

A block's file is the same, byte for byte, whoever made it and with how many others. What is there already is not made
again, so that a rebuild that was ended goes on. In the end in = read + skipped + failed, or it is said.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from verst.errors import BadSetting, VerstError
from verst.model import Heard, Post, Reading, Report
from verst.sources import Door
from verst.sources.apart import stand_by
from verst.sources.blocks import Block, read_blocks
from verst.store import Batch, Store
from verst.work.context import Context
from verst.work.inputs import find_inputs
from verst.work.intake import UNSETTLED, choose_fresh, find_touched, tells, unsettled
from verst.work.reports import heard_of, reports_of
from verst.work.sightings import sightings_of

ENGINES = ("local", "ray")
SHARES = 2  # of each input for a worker, for one may be slower than another; each goes through the whole input
VERSION = "1"  # of what a block's file holds
_pack = msgspec.msgpack.Encoder().encode
_post = msgspec.msgpack.Decoder(Post).decode
_reading = msgspec.msgpack.Decoder(Reading).decode
_reports = msgspec.msgpack.Decoder(list[Report]).decode
_heards = msgspec.msgpack.Decoder(list[Heard]).decode


class Count(msgspec.Struct, kw_only=True):
    """Items that came in, and what became of them: posts that were read, skipped, or failed to be read."""

    items: int = 0
    posts: int = 0
    skipped: int = 0
    failed: int = 0
    claims: int = 0

    def add(self, other: Count) -> None:
        """Both together."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Share:
    """One piece of work: every ``of``-th block of an input from ``part`` on, for whoever is free."""

    path: str
    part: int
    of: int
    folder: str
    key: bytes


def shares_of(locations: Iterable[Path | str], folder: Path, key: bytes, workers: int) -> list[Share]:
    """The work there is for so many workers. Raises BadFile, and BadSetting for standard input."""
    paths = [each for location in locations for each in find_inputs(location)]
    if any(str(path) == "-" for path in paths):
        raise BadSetting("standard input cannot be read by several workers; write it into a file and name that")
    folder.mkdir(parents=True, exist_ok=True)
    of = 1 if workers == 1 else SHARES * workers
    return [Share(str(Path(path).resolve()), part, of, str(folder), key) for path in paths for part in range(of)]


def do_share(share: Share) -> Count:
    """Read the blocks of one share that are not there yet. Whatever is wrong with one costs no other."""
    path, folder, total = Path(share.path), Path(share.folder), Count()
    print_ = fingerprint(path)
    try:
        reader = _reader()
        door = Door(share.key, about_of=reader.places.about)
        for block in read_blocks(path, door, part=share.part, of=share.of, apart=stand_by()):
            file = folder / f"{print_}-{block.number:06}.parquet"
            counted = folder / f"{print_}-{block.number:06}.json"
            if file.exists() and counted.exists():
                total.add(msgspec.json.decode(counted.read_bytes(), type=Count))
                continue
            count = write_block(block, file, reader)
            write_whole(counted, msgspec.json.encode(count))
            total.add(count)
    except VerstError:
        if share.part == 0:
            raise
    return total


@cache
def _reader() -> Any:
    from verst.reading.reader import Reader

    return Reader.load()


@cache
def fingerprint(path: Path) -> str:
    """What an input's blocks are called after: its bytes, and what is beside it."""
    digest = hashlib.blake2b(VERSION.encode(), digest_size=8)
    for file in (path, path.with_suffix(".toml")):
        if file.is_file():
            with file.open("rb") as stream:
                while piece := stream.read(1 << 20):
                    digest.update(piece)
    return digest.hexdigest()


def write_block(block: Block, file: Path, reader: Any) -> Count:
    """Read the posts of a block and write them, all of them or no file."""
    import pyarrow as arrow
    import pyarrow.parquet

    count = Count(items=block.read, skipped=len(block.skipped))
    own = {post.id for post in block.posts}
    rows: dict[str, list[Any]] = {
        name: [] for name in ("id", "posted_at", "chat", "claims", "post", "reading", "reports", "heard", "words")
    }
    for post, told in Context([*block.before, *block.posts]).told():
        if post.id not in own:
            continue
        try:
            reading: Reading = reader.read(told)
        except Exception:
            count.failed += 1
            continue
        count.posts += 1
        count.claims += len(reading.claims)
        values = (post.id, post.posted_at, post.chat.title, len(reading.claims), _pack(post), _pack(reading),
                  _pack(reports_of(post, reading)), _pack(heard_of(post, reading)),
                  reader.findable(post) if tells(reading) else "")  # fmt: skip
        for name, value in zip(rows, values, strict=True):
            rows[name].append(value)
    binary, text = arrow.binary(), arrow.string()
    schema = arrow.schema([
        ("id", text), ("posted_at", arrow.timestamp("us", "UTC")), ("chat", text), ("claims", arrow.int32()),
        ("post", binary), ("reading", binary), ("reports", binary), ("heard", binary), ("words", text),
    ])  # fmt: skip
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    pyarrow.parquet.write_table(arrow.table(rows, schema=schema), part, compression="zstd", store_schema=False)
    part.replace(file)
    return count


def write_whole(file: Path, data: bytes) -> None:
    """All of it or nothing of it."""
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(file)


def read_all(shares: Sequence[Share], engine: str, workers: int, on_done: Callable[[int, int], None]) -> Count:
    """Do all shares. ``on_done`` is called with how many are done, and of how many. Raises BadSetting."""
    total = Count()
    for done, count in enumerate(_ray(shares) if engine == "ray" else _local(shares, workers), 1):
        total.add(count)
        on_done(done, len(shares))
    return total


def _local(shares: Sequence[Share], workers: int) -> Iterator[Count]:
    if workers == 1:
        yield from map(do_share, shares)
        return
    with ProcessPoolExecutor(workers) as pool:
        for done in as_completed([pool.submit(do_share, share) for share in shares]):
            yield done.result()


def _ray(shares: Sequence[Share]) -> Iterator[Count]:
    """On the cluster of ``RAY_ADDRESS``, or on this machine. All that is sent are names of files and counts."""
    try:
        import ray
    except ImportError:
        raise BadSetting("the engine ray needs the package ray; install it: pip install 'verst[ray]'") from None
    ray.init(ignore_reinit_error=True, include_dashboard=False, log_to_driver=False)
    work = ray.remote(do_share)
    waiting = [work.remote(share) for share in shares]
    try:
        while waiting:
            (done,), waiting = ray.wait(waiting, num_returns=1)
            yield ray.get(done)
    finally:
        ray.shutdown()


def files_of(shares: Sequence[Share]) -> list[Path]:
    """The files that a rebuild of these shares made, in the order of inputs and blocks."""
    found: list[Path] = []
    for path in dict.fromkeys(share.path for share in shares):
        found += sorted(Path(shares[0].folder).glob(f"{fingerprint(Path(path))}-*.parquet"))
    return found


def keep_all(files: Iterable[Path], store: Store, on_done: Callable[[int], None]) -> int:
    """Keep the posts of these files in a store: how many were new. What is known already changes nothing."""
    import pyarrow.parquet

    new = 0
    for number, file in enumerate(files, 1):
        columns = pyarrow.parquet.read_table(file).to_pydict()
        told = {name: (_post(post), _reading(reading)) for name, post, reading in
                zip(columns["id"], columns["post"], columns["reading"], strict=True)}  # fmt: skip
        fresh = {post.id for post in choose_fresh((post for post, _ in told.values()), store)}
        chosen = [n for n, name in enumerate(columns["id"]) if name in fresh]
        reports = [report for n in chosen for report in _reports(columns["reports"][n])]
        posts = [told[columns["id"][n]] for n in chosen]
        batch = Batch(
            posts=posts, reports=reports, heard=[each for n in chosen for each in _heards(columns["heard"][n])],
            words=[(columns["id"][n], columns["words"][n]) for n in chosen], sightings=sightings_of(posts, store),
        )  # fmt: skip
        touched = find_touched(batch, store, unsettled(store))
        states = [(UNSETTLED, msgspec.json.encode(touched))] if touched else []
        new += store.keep(replace(batch, states=states)).new
        on_done(number)
    return new


def check_pyarrow() -> None:
    """Raises BadSetting where the package is missing that writes Parquet."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise BadSetting("a rebuild needs the package pyarrow; install it: pip install 'verst[parquet]'") from None
