"""What is the SQLite store's own: an older file is brought forward with everything in it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.store.samples import heard, post, read, report, wait
from verst.store import Batch, open_store


def test_a_file_of_an_older_schema_goes_on_with_what_it_holds(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path / 'verst.db'}", tmp_path / "verst.db"
    store = open_store(url)
    store.keep(Batch(posts=[(post("p1"), read(wait()))], reports=[report("p1")]))
    store.close()
    with sqlite3.connect(file) as older:  # as it was before sayings were kept
        for table in ("acts", "accounts", "sessions", "holds", "heard", "alerts", "alert_crossings", "deliveries",
                      "sightings", "picture_bytes"):  # fmt: skip
            older.execute(f"DROP TABLE {table}")
        older.execute("PRAGMA user_version = 2")
    older.close()
    again = open_store(url)
    assert list(again.reports()) == [report("p1")] and list(again.heard()) == []
    again.keep(Batch(heard=[heard("p1")]))
    assert list(again.heard(place="RU-GE")) == [heard("p1")]
    again.close()
