"""A time range as files for analysts: estimates by the hour in every form of the shelf, rumours, a card, a manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from verst.clock import iso
from verst.errors import BadSetting
from verst.model import Crossing, Estimate, Kind, Region
from verst.outputs import METHOD, Dataset, Row, outputs
from verst.store import Store
from verst.work.figures import figures, without_value
from verst.work.files import replace_whole
from verst.work.rumoured import find_rumours, rumour_row
from verst.work.silence import is_silent

HOUR = timedelta(hours=1)
MANIFEST = "manifest.json"
AT_ONCE = 1_000  # posts looked at for their labels


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: files by name with their bytes and rows of estimates."""

    files: dict[str, int]
    rows: int
    rumours: int


def export(
    folder: Path, store: Store, regions: Sequence[Region], kinds: Mapping[str, Kind], since: datetime, until: datetime
) -> Exported:
    """Write the dataset of ``since`` to ``until`` (aware) into a folder. The same store gives the same bytes.

    Raises BadSetting when the range is empty or the folder holds something else.
    """
    if until < since:
        raise BadSetting(f"the range ends ({iso(until)}) before it begins ({iso(since)}); turn --from and --to around")
    if folder.exists() and not folder.is_dir():
        raise BadSetting(f"{folder} is a file; name a folder")
    if folder.exists() and any(folder.iterdir()) and not (folder / MANIFEST).exists():
        raise BadSetting(f"{folder} holds other files; name an empty folder, or one that was exported into before")
    dataset = gather(store, regions, kinds, since, until)
    files = {output.file: output.write(dataset) for output in outputs().values()}
    files = {name: data for name, data in files.items() if data}
    files[MANIFEST] = write_manifest(dataset, files)
    known = (folder / MANIFEST).exists()
    try:
        for name, data in files.items():
            replace_whole(folder / name, data)
    except BadSetting:
        for name in () if known else files:  # without its manifest the folder would be taken for somebody else's
            (folder / name).unlink(missing_ok=True)
        raise
    return Exported({name: len(data) for name, data in files.items()}, len(dataset.rows), len(dataset.rumours))


def gather(
    store: Store, regions: Sequence[Region], kinds: Mapping[str, Kind], since: datetime, until: datetime
) -> Dataset:
    """Everything of a time range that is exported."""
    crossings = {crossing.id: crossing for region in regions for crossing in region.crossings}
    borders = sorted({crossing.border for crossing in crossings.values()} - set(crossings))
    rows = [
        row
        for place in [*sorted(crossings), *borders]
        for row in sample(
            store.estimates_between(place, since - 48 * HOUR, until), since, until, crossings.get(place), kinds
        )
    ]
    return Dataset(
        since=since,
        until=until,
        labels=find_labels(store, since, until),
        places=[place_row(crossings[id_]) for id_ in sorted(crossings)],
        rows=rows,
        rumours=[without_posts(rumour_row(rumour)) for rumour in find_rumours(store, until, regions=regions)],
    )


def sample(
    estimates: Sequence[Estimate],
    since: datetime,
    until: datetime,
    crossing: Crossing | None,
    kinds: Mapping[str, Kind],
) -> Iterator[Row]:
    """On every full hour the newest estimate of each quantity; a gap where nobody said anything lately."""
    series: dict[tuple[str, ...], list[Estimate]] = {}
    for told in estimates:
        series.setdefault(key_of(told), []).append(told)
    for key in sorted(series):
        kept, at, done = series[key], ceil_hour(since), 0
        while at <= until:
            while done < len(kept) and kept[done].at <= at:
                done += 1
            if done:
                yield estimate_row(kept[done - 1], at, crossing, kinds)
            at += HOUR


def key_of(told: Estimate) -> tuple[str, ...]:
    """What an estimate is of, apart from its time."""
    parts = (told.kind, told.toward, told.side, told.mode, told.service, told.currency, told.tag)
    return tuple(part or "" for part in parts)


def estimate_row(told: Estimate, at: datetime, crossing: Crossing | None, kinds: Mapping[str, Kind]) -> Row:
    """One row: value, range and odds only while somebody has said something lately."""
    kind = kinds.get(told.kind)
    silent = is_silent(told, at, kind)
    row = figures(told, at)
    return (without_value(row) if silent else row) | {
        "at": iso(at),
        "crossing": told.crossing,
        "crossing_name": dict(crossing.names).get("en") if crossing else None,
        "border": crossing.border if crossing else told.crossing,
        "unit": kind.unit if kind else None,
        "silent": silent,
    }


def place_row(crossing: Crossing) -> Row:
    """A crossing as it is, whatever is said of it."""
    return {
        "id": crossing.id,
        "border": crossing.border,
        "names": dict(crossing.names),
        "lat": crossing.lat,
        "lon": crossing.lon,
    }


def without_posts(row: Row) -> Row:
    """A rumour without the ids of posts: they lead to words, which expire, and to nobody's use in a dataset."""
    return row | {"turns": [{k: v for k, v in turn.items() if k != "post"} for turn in row["turns"]]}


def find_labels(store: Store, since: datetime, until: datetime) -> tuple[str, ...]:
    """The labels of posts in the range, each once; a few posts at a time, for there may be millions."""
    found: set[str] = set()
    ids = (report.post for report in store.reports(since=since, until=until))
    while some := list(islice(ids, AT_ONCE)):
        found.update(post.label for post in store.posts(some).values() if post.label)
    return tuple(sorted(found))


def ceil_hour(at: datetime) -> datetime:
    """The full hour at or after an instant."""
    floor = at.replace(minute=0, second=0, microsecond=0)
    return floor if floor == at else floor + HOUR


def write_manifest(dataset: Dataset, files: Mapping[str, bytes]) -> bytes:
    """Every file with its size and SHA-256, the range and the method."""
    listed = [
        {"file": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in sorted(files.items())
    ]
    told: dict[str, Any] = {"method": METHOD, "since": iso(dataset.since), "until": iso(dataset.until)}
    told |= {
        "rows": len(dataset.rows),
        "rumours": len(dataset.rumours),
        "labels": list(dataset.labels),
        "files": listed,
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"
