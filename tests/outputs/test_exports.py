"""Exports for analysts: every form says the same, gaps stay gaps, nothing leads to a person, bytes are the same."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from verst.errors import BadSetting
from verst.geography import load_kinds, load_regions
from verst.model import Claim, Estimate, Evidence, Report
from verst.outputs import Dataset, outputs
from verst.outputs.columns import COLUMNS
from verst.store import Batch, Store, open_store
from verst.work.exporting import MANIFEST, export, gather

NOON = datetime(2022, 9, 24, 9, tzinfo=UTC)
LARS = "verkhny-lars"
EMPTY = {  # what each form begins with when there is nothing to tell, and how long it is at least
    "card": (b"# Border crossings", 500),
    "claim_review": (b'{"@context"', 40),
    "geojson": (b'{"at":null,"features":[]', 40),
    "hxl": (b"at,crossing", 300),
    "lines": (b"", 0),
    "parquet": (b"PAR1", 500),
}
KINDS = {kind.id: kind for kind in load_kinds()}
HOUR = timedelta(hours=1)


def told(at: datetime, kind: str, value: float | str | None, **more: Any) -> Estimate:
    fields: dict[str, Any] = {"mode": "car", "toward": "GE", "voices": 3, "newest": at, "oldest": at} | more
    said = Evidence(post="tg-secret-1", weight=0.5, value=value, stance="saw", source="group", said_at=at)
    return Estimate(at=at, crossing=LARS, kind=kind, value=value, evidence=(said,), **fields)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    kept = open_store(f"sqlite:///{tmp_path}/verst.db")
    estimates = [
        told(NOON, "wait", 900.0, p10=600.0, p90=1500.0),
        told(NOON + 2 * HOUR, "wait", 1000.0, p10=700.0, p90=1600.0, disputed=True),
        told(NOON, "passage", "moving", odds=(("moving", 0.75), ("paused", 0.25)), mode="any"),
    ]
    rumour = Claim(kind="queue_length", crossing=LARS, toward="GE", value=35.0, stance="heard")
    heard = [
        Report(claim=rumour, post=f"tg-secret-{n}", posted_at=NOON + n * HOUR / 4, author=f"{n:016x}", source="social")
        for n in range(4)
    ]
    kept.keep(Batch(reports=heard, estimates=estimates))
    return kept


def dataset(store: Store, hours: int = 12) -> Dataset:
    return gather(store, load_regions(), KINDS, NOON, NOON + hours * HOUR)


def test_value_and_range_end_where_nobody_speaks_any_more(store: Store) -> None:
    waits = [row for row in dataset(store).rows if row["kind"] == "wait"]
    assert [row["at"][11:16] for row in waits] == [f"{hour:02}:00" for hour in range(9, 22)]
    assert [row["value"] for row in waits] == [900.0] * 2 + [1000.0] * 7 + [None] * 4, "six hours after the last word"
    gaps = [row for row in waits if row["silent"]]
    assert gaps and all(row["p10"] is row["p90"] is row["value"] is None and row["voices"] == 3 for row in gaps)
    assert waits[1]["age_minutes"] == 60 and waits[2]["disputed"] and not waits[0]["disputed"]


def test_every_form_says_the_same(store: Store, tmp_path: Path) -> None:
    done = export(tmp_path / "out", store, load_regions(), KINDS, NOON, NOON + 12 * HOUR)
    head, tags, *cells = csv.reader(io.StringIO((tmp_path / "out" / "estimates.csv").read_text("utf-8")))
    assert head == list(COLUMNS) and all(tag.startswith("#") for tag in tags) and len(cells) == done.rows == 26
    lines = [json.loads(line) for line in (tmp_path / "out" / "estimates.jsonl").read_text("utf-8").splitlines()]
    table = pyarrow.parquet.read_table(tmp_path / "out" / "estimates.parquet").to_pylist()
    for cell, line, row in zip(cells, lines, table, strict=True):
        found = dict(zip(head, cell, strict=True))
        assert found["at"] == line["at"] == row["at"] and found["kind"] == line["kind"] == row["kind"]
        value = row["state"] if row["value"] is None else row["value"]
        assert line["value"] == value and found["value"] == ("" if value is None else str(value).removesuffix(".0"))
        assert (found["p10"] == "") is (line["p10"] is None) is (row["p10"] is None)
    assert next(line for line in lines if line["kind"] == "passage")["odds"] == {"moving": 0.75, "paused": 0.25}


def test_the_map_and_the_rumours(store: Store, tmp_path: Path) -> None:
    export(tmp_path / "out", store, load_regions(), KINDS, NOON, NOON + 2 * HOUR)
    found = json.loads((tmp_path / "out" / "crossings.geojson").read_text("utf-8"))
    (lars,) = [feature for feature in found["features"] if feature["id"] == LARS]
    lon, lat = lars["geometry"]["coordinates"]
    assert 42 < lat < 43 and 44 < lon < 45
    assert {row["kind"]: row["value"] for row in lars["properties"]["estimates"]} == {
        "wait": 1000.0,
        "passage": "moving",
    }
    (review,) = json.loads((tmp_path / "out" / "rumours.jsonld").read_text("utf-8"))["@graph"]
    assert review["@type"] == "ClaimReview" and review["claimReviewed"] == f"{LARS}: queue_length 35.0"
    assert review["reviewRating"]["alternateName"] == "Unverified" and review["interactionStatistic"]["posts"] == 4


def test_the_manifest_holds_the_hash_of_every_file_and_two_exports_are_one(store: Store, tmp_path: Path) -> None:
    for name in ("one", "two"):
        export(tmp_path / name, store, load_regions(), KINDS, NOON, NOON + 12 * HOUR)
    one = {file.name: file.read_bytes() for file in (tmp_path / "one").iterdir()}
    assert one == {file.name: file.read_bytes() for file in (tmp_path / "two").iterdir()}
    listed = json.loads(one[MANIFEST])["files"]
    assert {entry["file"] for entry in listed} | {MANIFEST} == set(one)
    assert all(hashlib.sha256(one[entry["file"]]).hexdigest() == entry["sha256"] for entry in listed)
    export(tmp_path / "one", store, load_regions(), KINDS, NOON, NOON + HOUR)  # into the same folder again


def test_nothing_leads_to_who_said_it(store: Store, tmp_path: Path) -> None:
    export(tmp_path / "out", store, load_regions(), KINDS, NOON, NOON + 12 * HOUR)
    written = b"".join(file.read_bytes() for file in (tmp_path / "out").iterdir())
    assert b"secret" not in written and f"{1:016x}".encode() not in written


def test_what_cannot_be_written_is_said(store: Store, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine")
    with pytest.raises(BadSetting, match="holds other files"):
        export(tmp_path / "full", store, load_regions(), KINDS, NOON, NOON)
    with pytest.raises(BadSetting, match="before it begins"):
        export(tmp_path / "out", store, load_regions(), KINDS, NOON, NOON - HOUR)
    with pytest.raises(BadSetting, match="is a file"):
        export(tmp_path / "full" / "thesis.txt", store, load_regions(), KINDS, NOON, NOON)
    with pytest.raises(BadSetting, match="cannot be written"):
        export(Path("/proc/nowhere"), store, load_regions(), KINDS, NOON, NOON)
    assert [file.name for file in (tmp_path / "full").iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("name", sorted(outputs()))
def test_an_empty_dataset_has_every_file(name: str) -> None:
    nothing = Dataset(since=NOON, until=NOON, labels=(), places=[], rows=[], rumours=[])
    written, (head, least) = outputs()[name].write(nothing), EMPTY[name]
    assert written.startswith(head) and len(written) >= least and bool(written) is bool(least)


def test_an_export_that_found_no_room_can_be_made_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(file: Path, body: bytes) -> int:
        if file.name.startswith("estimates.jsonl"):
            raise OSError(28, "No space left on device")
        return write(file, body)

    write = Path.write_bytes
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", no_room)
        with pytest.raises(BadSetting, match=r"estimates\.jsonl cannot be written \(No space left on device\)"):
            export(tmp_path / "out", store, load_regions(), KINDS, NOON, NOON + HOUR)
    assert not list((tmp_path / "out").iterdir())
    assert MANIFEST in export(tmp_path / "out", store, load_regions(), KINDS, NOON, NOON + HOUR).files
