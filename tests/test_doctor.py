"""The doctor finds what is wrong, says it in words, and changes nothing."""

from __future__ import annotations

import os
import socket
import sqlite3
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.house import ROOT
from tests.store.test_desk import act
from verst import doctor
from verst.store import Batch, open_store
from verst.store.desk import desk_of
from verst.work.listening import Heard


def test_healthy_folder_is_found_well_and_left_alone(tmp_path: Path) -> None:
    found = {check.name: check for check in doctor.check(tmp_path / "verst", port=0)}
    assert set(found) == {
        "Python",
        "extras",
        "folder",
        "disk",
        "key",
        "subscribers-key",
        "telling",
        "listening",
        "desk",
        "files of strangers",
        "shelves",
        "time zones",
        "clock",
        "port",
    }
    assert found["folder"].ok and "first use" in found["folder"].found
    assert found["Python"].ok and found["time zones"].ok and found["port"].ok
    assert list(tmp_path.iterdir()) == []


def test_key_open_to_others_is_found(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(b"x")
    key.chmod(0o644)
    told = doctor.check_key(key)
    assert not told.ok and "chmod 600" in told.do
    key.chmod(0o600)
    assert doctor.check_key(key).ok


def test_full_disk_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "ENOUGH_BYTES", 10**18)
    told = doctor.check_space(tmp_path)
    assert not told.ok and "VERST_HOME" in told.do


def test_folder_that_cannot_be_written_is_found(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    told = doctor.check_folder(file / "below")
    assert not told.ok and "VERST_HOME" in told.do


def test_wrong_clock_is_found(tmp_path: Path) -> None:
    assert not doctor.check_clock(datetime(1970, 1, 2, tzinfo=UTC), tmp_path).ok
    late = tmp_path / "verst.db"
    late.write_text("")
    os.utime(late, (4e9, 4e9))
    assert not doctor.check_clock(datetime(2026, 11, 1, tzinfo=UTC), tmp_path).ok


def test_taken_port_is_found() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = doctor.check_port(taken.getsockname()[1])
    assert not told.ok and "--port" in told.do


def test_a_file_of_who_is_told_that_others_can_read_is_found(tmp_path: Path) -> None:
    assert doctor.check_telling(tmp_path).found == "nobody is told of alerts"
    file = tmp_path / "verst.toml"
    file.write_text('[[subscriber]]\nchannel = "ntfy"\naddress = "https://ntfy.sh/secret-topic"\n')
    file.chmod(0o644)
    found = doctor.check_telling(tmp_path)
    assert not found.ok and found.do.startswith("close it: chmod 600") and "secret-topic" not in found.found
    file.chmod(0o600)
    assert doctor.check_telling(tmp_path).ok and "1 told" in doctor.check_telling(tmp_path).found


def test_an_ear_that_fails_or_is_silent_is_found(tmp_path: Path) -> None:
    at = datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert doctor.check_listening(tmp_path, at).found == "no address is listened to"
    (tmp_path / "verst.toml").write_text('[[ear]]\nname = "one"\nurl = "https://example.org/secret"\n')
    assert doctor.check_listening(tmp_path, at).ok
    store = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    for heard, told in (
        (Heard(newest=at - timedelta(hours=3), gaps=(180.0,) * 8), "one is silent"),
        (Heard(failures=4, fault="HTTP 503"), "one failed 4 times (HTTP 503)"),
    ):
        store.keep(Batch(states=[("listen:one", msgspec.json.encode(heard))]))
        found = doctor.check_listening(tmp_path, at)
        assert not found.ok and told in found.found and "secret" not in found.found
    store.close()
    (tmp_path / "verst.toml").write_text("[[ear]]\n")
    assert not doctor.check_listening(tmp_path, at).ok


def test_a_changed_trail_of_the_desk_is_found(tmp_path: Path) -> None:
    assert doctor.check_desk(tmp_path).ok
    store = open_store(f"sqlite:///{tmp_path / 'verst.db'}")
    for n in range(3):
        desk_of(store).add(act(n))
    store.close()
    assert doctor.check_desk(tmp_path).ok and "nobody has an account" in doctor.check_desk(tmp_path).found
    with sqlite3.connect(tmp_path / "verst.db") as db:
        db.execute("DROP TRIGGER acts_remain")
        db.execute("DELETE FROM acts WHERE n = 2")
    db.close()
    told = doctor.check_desk(tmp_path)
    assert not told.ok and "act 2" in told.found and told.do


def test_what_a_system_cannot_grant_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from verst.sources import apart

    assert doctor.check_fence() == doctor.Check(
        "files of strangers", True, "read in a process without network, files and secrets"
    )
    monkeypatch.setattr(apart.Apart, "try_out", lambda self: ("memory", "seconds"))
    assert doctor.check_fence().found.startswith("limits on memory and seconds alone")

    def refused(self: apart.Apart) -> tuple[str, ...]:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(apart.Apart, "try_out", refused)
    assert not doctor.check_fence().ok


def test_optional_parts_that_are_missing_are_named_and_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda name: None if name in ("av", "fido2") else object())
    found = doctor.check_extras()
    assert found.ok and "pictures" in found.found and "pip install 'verst[video,passkeys]'" in found.found


def test_every_optional_part_is_looked_for() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(doctor.EXTRAS) == set(told["project"]["optional-dependencies"])
