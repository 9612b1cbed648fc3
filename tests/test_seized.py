"""Whoever takes the machine: without the key nobody finds an author; after a rotation old and new are two people."""

from __future__ import annotations

import random
import stat
from pathlib import Path

import pytest

from tests.planting import plant
from tests.test_privacy import everything_in, run_verst
from verst.errors import BadSetting
from verst.model import Post
from verst.sources import Door, read
from verst.store import open_store
from verst.work.home import authors_key, renew_authors_key, subscribers_key


class Listening(Door):
    """A door that tells whom it was asked to hash: the guesses of somebody who knows every member of a group."""

    def __init__(self, key: bytes) -> None:
        super().__init__(key)
        self.met: set[str] = set()

    def hash(self, identity: str | None) -> str | None:
        if identity:
            self.met.add(identity)
        return super().hash(identity)


def members_of(files: list[Path]) -> set[str]:
    door = Listening(b"m" * 32)
    posts = [item for file in files for item in read(file, door) if isinstance(item, Post)]
    assert sum(post.author is not None for post in posts) >= 20
    return door.met


def authors_in(home: Path) -> set[str]:
    store = open_store(f"sqlite:///{home / 'verst.db'}")
    try:
        return {report.author for report in store.reports() if report.author}
    finally:
        store.close()


def hashed(key: bytes, people: set[str]) -> set[str]:
    door = Door(key)
    return {str(door.hash(person)) for person in people}


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[Path]]:
    home, given = tmp_path / "home", tmp_path / "in"
    given.mkdir()
    monkeypatch.setenv("VERST_HOME", str(home))
    files, _ = plant(random.Random(11), given)
    assert run_verst(home, "load", *map(str, files)).returncode in (0, 3)
    return home, files


def test_with_the_store_and_without_the_key_nobody_is_found(loaded: tuple[Path, list[Path]]) -> None:
    home, files = loaded
    people, kept = members_of(files), authors_in(home)
    subscribers_key()
    assert len(kept) >= 5 and kept <= hashed(authors_key(), people)  # with the key every one of them is found
    (home / "key").unlink()
    taken = everything_in(home)
    assert not [person for person in people if person.encode() in taken]
    keys = [b"\0" * 32, b"verst-verst-verst", subscribers_key(), home.name.encode() * 8]
    keys += [bytes(file.read_bytes()[:64]).ljust(16, b"\0") for file in home.iterdir() if file.is_file()]
    for key in keys:
        assert not kept & hashed(key, people)
        assert not [name for name in hashed(key, people) if name.encode() in taken]


def test_a_rotation_parts_old_from_new(loaded: tuple[Path, list[Path]]) -> None:
    home, files = loaded
    people, before, old = members_of(files), authors_in(home), authors_key()
    told = run_verst(home, "rotate")
    assert told.returncode == 0 and b"restart" in told.stderr
    assert old.hex().encode() not in everything_in(home) and not (home / "key.new").exists()
    assert stat.S_IMODE((home / "key").stat().st_mode) == 0o600
    assert not before & hashed(authors_key(), people)
    again = home.parent / "again"
    again.mkdir()
    (again / "key").write_bytes((home / "key").read_bytes())
    (again / "key").chmod(0o600)
    assert run_verst(again, "load", *map(str, files)).returncode in (0, 3)
    after = authors_in(again)
    assert len(after) == len(before) and not after & before


def test_who_is_told_stays_who_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERST_HOME", str(tmp_path))
    assert not renew_authors_key()  # there was none
    authors, subscribers = authors_key(), subscribers_key()
    assert authors != subscribers and renew_authors_key()
    assert authors_key() != authors and subscribers_key() == subscribers


def test_a_key_stays_when_the_new_one_cannot_take_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERST_HOME", str(tmp_path))
    key = authors_key()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken, pytest.raises(BadSetting, match="No space left"):
        broken.setattr(Path, "replace", full)
        renew_authors_key()
    assert authors_key() == key
    assert renew_authors_key() and authors_key() != key


def test_a_key_that_cannot_be_replaced_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERST_HOME", str(tmp_path / "home"))
    (tmp_path / "home" / "key.new").mkdir(parents=True)
    key = authors_key()
    told = run_verst(tmp_path / "home", "rotate")
    assert told.returncode not in (0, 1) and b"key.new" in told.stderr and b"Traceback" not in told.stderr
    assert authors_key() == key
