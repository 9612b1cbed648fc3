"""What `verst doctor` looks at: can Verst run here, and if not, what to do. Every finding is in words."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from verst.clock import now
from verst.errors import BadSetting, BadShelf, BusError
from verst.shelves import data_shelf

ENOUGH_BYTES = 500_000_000
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)  # a clock before this is wrong
PORT = 8080
# Optional parts, each with the package that it brings.
EXTRAS = {"parquet": "pyarrow", "feeds": "feedparser", "streams": "websockets", "bot": "aiogram", "push": "pywebpush",
          "pictures": "PIL", "video": "av", "telethon": "telethon", "passkeys": "fido2", "postgres": "psycopg",
          "bus": "nats", "ray": "ray"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: whether it is well, what was found, and what to do when it is not."""

    name: str
    ok: bool
    found: str
    do: str = ""


def check(home: Path, port: int = PORT) -> list[Check]:
    """Everything looked at, in order. ``home`` is the folder in which all is kept; nothing is changed in it."""
    looks: tuple[Callable[[], Check], ...] = (
        check_python,
        check_extras,
        lambda: check_folder(home),
        lambda: check_space(home),
        lambda: check_key(home / "key"),
        lambda: check_key(home / "subscribers-key"),
        lambda: check_telling(home),
        lambda: check_listening(home, now()),
        lambda: check_desk(home),
        check_fence,
        check_shelves,
        check_zones,
        lambda: check_clock(now(), home),
        lambda: check_port(port),
    )
    address = os.environ.get("VERST_BUS")
    return [look() for look in looks] + ([check_bus(address)] if address else [])


def check_bus(address: str) -> Check:
    """The bus between processes answers."""
    from contextlib import closing

    from verst.bus import POSTS, open_bus

    try:
        with closing(open_bus(address)) as bus:
            return Check("bus", True, f"reached; {bus.waiting(POSTS):,} posts wait to be read")
    except (BadSetting, BusError) as error:
        what, _, do = str(error).rpartition("; ")
        return Check("bus", False, what, do)


def check_python() -> Check:
    """Python 3.11 or newer."""
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("Python", sys.version_info >= (3, 11), version, "run Verst with Python 3.11 or newer")


def check_extras() -> Check:
    """Which parts that need a package of their own are there; what is not there is no fault."""
    missing = [extra for extra, package in EXTRAS.items() if find_spec(package) is None]
    there = ", ".join(extra for extra in EXTRAS if extra not in missing) or "none"
    wish = f"; for more: pip install 'verst[{','.join(missing)}]'" if missing else ""
    return Check("extras", True, f"{there}{wish}")


def existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def check_folder(home: Path) -> Check:
    """A file can be made, written to disk and removed where everything is kept."""
    place = existing(home)
    try:
        with tempfile.TemporaryFile(dir=place) as probe:
            probe.write(b"verst")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        do = f"let this user write to {place}, or set VERST_HOME to a folder of yours"
        return Check("folder", False, f"{home}: {error.strerror}", do)
    return Check("folder", True, f"{home} can be written" + ("" if home.exists() else " (made on first use)"))


def check_space(home: Path) -> Check:
    """Half a gigabyte is free."""
    free = shutil.disk_usage(existing(home)).free
    found = f"{free / 1e9:.1f} GB free"
    return Check("disk", free >= ENOUGH_BYTES, found, "free at least 0.5 GB, or move VERST_HOME to a larger disk")


def check_key(file: Path) -> Check:
    """A key, of authors or of subscribers, is readable by nobody else."""
    if not file.exists():
        return Check(file.name, True, "none yet; made when it is needed")
    mode = stat.S_IMODE(file.stat().st_mode)
    closed = not mode & (stat.S_IRWXG | stat.S_IRWXO)
    return Check(file.name, closed, f"{file} has mode {mode:o}", f"close it to others: chmod 600 {file}")


def check_telling(home: Path) -> Check:
    """The file of who is told of alerts can be used, and read by nobody else; nobody is told where there is none."""
    from verst.geography import load_regions
    from verst.work.configuration import config_file
    from verst.work.subscribers import read_telling

    file = config_file(home)
    try:
        telling = read_telling(file, lambda: b"only to look at it", load_regions())
    except (BadSetting, BadShelf) as error:
        what, _, do = str(error).rpartition("; ")
        return Check("telling", False, what, do)
    found = f"{len(telling.subscribers)} told, by {file}" if telling.subscribers else "nobody is told of alerts"
    return Check("telling", True, found)


def check_listening(home: Path, instant: datetime) -> Check:
    """The file of what is listened to can be used; none of it fails, or is silent for longer than it usually is."""
    from verst.store import open_store
    from verst.work.configuration import config_file, read_config
    from verst.work.ears import read_ears
    from verst.work.listening import Heard, recall, silence

    file, kept = config_file(home), home / "verst.db"
    try:
        if "ear" not in read_config(file).table:
            return Check("listening", True, "no address is listened to")
        ears = read_ears(file)
    except BadSetting as error:
        what, _, do = str(error).rpartition("; ")
        return Check("listening", False, what, do)
    heard: dict[str, Heard] = {}
    if kept.exists():
        store = open_store(f"sqlite:///{kept.resolve()}")
        heard = {ear.name: recall(store, ear) for ear in ears}
        store.close()
    failing = [f"{name} failed {told.failures} times ({told.fault})" for name, told in heard.items() if told.fault]
    silent = [f"{name} is silent for longer than usual" for name, told in heard.items() if silence(told, instant)]
    found = ", ".join([f"{len(ears)} listened to", *failing, *silent])
    return Check(
        "listening", not failing and not silent, found, "see verst listen --show, and open the address yourself"
    )


def check_desk(home: Path) -> Check:
    """The chain of the desk's acts is whole; how many have an account."""
    from verst.desk import broken_at
    from verst.store import open_store
    from verst.store.desk import desk_of

    kept = home / "verst.db"
    if not kept.exists():
        return Check("desk", True, "nobody has an account, so there is none")
    store = open_store(f"sqlite:///{kept.resolve()}")
    try:
        rows, accounts = list(desk_of(store).trail()), desk_of(store).accounts()
    finally:
        store.close()
    broken = broken_at(rows)
    found = f"{len(accounts)} accounts, {len(rows)} acts" if accounts else "nobody has an account, so there is none"
    if broken is not None:
        found = f"the trail was changed at act {broken}"
    return Check("desk", broken is None, found, "restore a backup from before, and see who could write to the store")


def check_fence() -> Check:
    """Files of strangers are read in a limited process, as far as this system knows how."""
    from verst.sources.apart import limited

    name, all_of_it = "files of strangers", {"memory", "seconds", "files", "calls"}
    try:
        with limited() as apart:
            held = set(apart.try_out()) if apart is not None else set()
    except OSError as error:
        return Check(name, False, f"no limited process can begin ({error.strerror})", "let this user begin processes")
    if all_of_it <= held:
        return Check(name, True, "read in a process without network, files and secrets")
    found = f"limits on {' and '.join(sorted(held))} alone" if held else "nothing limits what reads them"
    return Check(name, True, f"{found}; Linux 5.13 grants all (docs/safety.md)")


def check_shelves() -> Check:
    """Every language, kind and region file can be read."""
    try:
        counts = {name: len(data_shelf(name)) for name in ("languages", "kinds", "regions")}
    except BadShelf as error:
        return Check("shelves", False, str(error), error.do)
    found = ", ".join(f"{count} {name}" for name, count in counts.items())
    return Check("shelves", all(counts.values()), found, "a shelf is empty: install Verst again")


def check_zones() -> Check:
    """Time zones of crossings are known here."""
    try:
        ZoneInfo("Europe/Moscow"), ZoneInfo("Asia/Tbilisi")
    except ZoneInfoNotFoundError as error:
        return Check("time zones", False, str(error), "install the tzdata package")
    return Check("time zones", True, "known")


def check_clock(instant: datetime, home: Path) -> Check:
    """The clock is neither before this program was written nor behind what was already kept."""
    newest = max((file.stat().st_mtime for file in home.glob("*") if file.is_file()), default=0.0)
    behind = datetime.fromtimestamp(newest, UTC) - instant
    sane = instant >= WRITTEN and behind < timedelta(minutes=5)
    do = "set the clock (ages of reports are counted from it)"
    return Check("clock", sane, f"{instant:%Y-%m-%d %H:%M} UTC", do)


def check_port(port: int) -> Check:
    """The board's port on this machine is free, or already taken by something."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return Check("port", False, f"{port} is taken", f"end what uses it, or: verst up --port {port + 1}")
    return Check("port", True, f"{port} is free")
