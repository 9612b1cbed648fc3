"""The board as static files that any web server, bucket, mirror or memory card serves. They log nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verst.errors import BadSetting
from verst.model import Kind, Region
from verst.store import Store
from verst.web.replies import SMALL, compress
from verst.web.static_files import file_names, write_file
from verst.web.writing import make_site
from verst.work.files import replace_whole

LIST = ".verst-published"  # names of the files that are ours, one a line
PACKED = (".html", ".js", ".json", ".geojson", ".svg", ".txt", ".atom", ".rss", ".cap")
TWINS = {".gz": "gzip", ".br": "br"}


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: files written, left as they were, removed; ``size`` in bytes of those written."""

    written: int
    same: int
    removed: int
    size: int


def publish(
    folder: Path,
    store: Store,
    regions: Iterable[Region],
    kinds: Iterable[Kind] | Mapping[str, Kind],
    **more: Any,
) -> Published:
    """Write the board of this moment into ``folder``; only files that say something else than before are touched.

    Each file is replaced whole: a reader sees the old one or the new one. Pages come before those that lead to them.
    ``more`` goes to `make_site` (``clock``, ``label``, ``address``). Raises BadSetting for a folder with others' files.
    """
    site = make_site(store, regions, kinds, **more)
    before = read_list(folder)
    written = same = size = 0
    names: list[str] = []
    for name in file_names(site):
        body = write_file(site, name)
        if body is None:
            continue
        names.append(name)
        if put(folder / name, body):
            written, size = written + 1, size + len(body)
        else:
            same += 1
    put(folder / LIST, "".join(f"{name}\n" for name in names).encode())
    removed = [name for name in before if name not in set(names)]
    for name in removed:
        take_away(folder, name)
    return Published(written, same, len(removed), size)


def take_away(folder: Path, name: str) -> None:
    """Remove a file with its packed twins, and the folders that are empty without it."""
    for ending in ("", *TWINS):
        (folder / f"{name}{ending}").unlink(missing_ok=True)
    for above in (folder / name).parents:
        if above == folder or not above.is_dir() or any(above.iterdir()):
            return
        above.rmdir()


def read_list(folder: Path) -> list[str]:
    """The files that were published there before. Raises BadSetting when others' files are there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        listed = folder / LIST
        if listed.is_file():
            lines = listed.read_text(encoding="utf-8").splitlines()
            return [name for name in lines if name and ".." not in name and not name.startswith("/")]
        strange = next(folder.iterdir(), None)
    except OSError as error:
        raise BadSetting(f"{folder} cannot be written ({error.strerror}); name a folder that can") from error
    if strange is not None:
        raise BadSetting(f"{folder} holds files that were not published from here; name an empty or a new folder")
    return []


def put(file: Path, body: bytes) -> bool:
    """Write a file and its packed twins, each replaced whole; False when it says the same already."""
    if file.is_file() and file.read_bytes() == body:
        return False
    twins = TWINS if file.suffix in PACKED and len(body) >= SMALL else {}
    for ending, encoding in twins.items():
        replace_whole(file.with_name(file.name + ending), compress(body, encoding))
    for ending in TWINS.keys() - twins.keys():
        file.with_name(file.name + ending).unlink(missing_ok=True)
    replace_whole(file, body)
    return True
