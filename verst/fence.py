"""A fence around a process that reads what strangers hand over: so much memory, so many seconds, and nothing else.

Once inside it cannot open a file for writing, change or take away one, speak to a network, begin another process or
look into one, and reads only what it needs to go on running. `close_in` says which of this the system grants: all of
it on Linux 5.13 and later, memory and seconds alone on other systems that know limits, nothing on Windows.
"""

from __future__ import annotations

import os
import platform
import struct
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

_NO_NEW_RIGHTS, _SET_FILTER, _FILTER = 38, 22, 2  # prctl(2)
_MAKE_RULES, _ADD_RULE, _OBEY = 444, 445, 446  # landlock(7), the same on every machine
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_EVERY_ACCESS = (1 << 13) - 1  # of the first version of landlock
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_DENY, _ALLOW, _KILL = 0x00050001, 0x7FFF0000, 0x80000000  # EPERM; go on; end
# By machine: its number in a filter, open and openat, then what is refused: sockets and what is said over them; new
# processes and programs; looking into others, signals, new spaces; changes to files and folders.
_CALLS: dict[str, tuple[int, int | None, int, str]] = {
    "x86_64": (
        0xC000003E, 2, 257,
        "41 42 43 44 46 49 50 53 288 307 425 "
        "56 57 58 59 322 435 "
        "62 101 165 166 200 272 298 308 310 311 321 323 434 438 "
        "76 77 82 83 84 85 86 87 88 90 91 92 93 94 132 133 235 258 259 260 261 263 264 265 266 268 280 316 437",
    ),
    "aarch64": (
        0xC00000B7, None, 56,
        "198 199 200 201 202 203 206 211 242 269 425 "
        "220 221 281 435 "
        "117 129 130 39 40 97 241 268 270 271 280 282 434 438 "
        "33 34 35 36 37 38 45 46 52 53 54 55 88 276 437",
    ),
}  # fmt: skip


def close_in(*, memory: int, seconds: int, readable: Iterable[Path] = ()) -> tuple[str, ...]:
    """Close this process in for good, with ``memory`` bytes and ``seconds`` of processor time: gives what holds.

    Out of memory, seconds, files (none is written, only ``readable`` and the program itself are read) and calls (no
    network, no process). Whoever goes over the seconds is ended by the system.
    """
    held = _limit(memory, seconds)
    if sys.platform != "linux":
        return held
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0) != 0:
        return held
    if _shut_files(libc, readable):
        held = (*held, "files")
    return (*held, "calls") if _shut_calls(libc) else held


def _limit(memory: int, seconds: int) -> tuple[str, ...]:
    """Limits as every Unix knows them."""
    try:
        import resource
    except ImportError:
        return ()
    allow_seconds(seconds)
    for what, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_AS, memory)):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):  # macOS knows no limit of address space
            return ("seconds",)
    return ("memory", "seconds")


def _shut_files(libc: Any, readable: Iterable[Path]) -> bool:
    """From now on only these can be read, and nothing can be written, made or taken away."""
    import ctypes

    attributes = ctypes.create_string_buffer(struct.pack("=Q", _EVERY_ACCESS), 8)
    rules = libc.syscall(_MAKE_RULES, attributes, ctypes.c_size_t(8), 0)
    if rules < 0:
        return False
    opened = os.O_PATH | os.O_CLOEXEC if sys.platform == "linux" else 0
    for path, access in [*_of_program(), *((path, _READ_FILE | _READ_FOLDER) for path in readable)]:
        try:
            beneath = os.open(path, opened)
        except OSError:
            continue
        allowed = access if path.is_dir() else access & _READ_FILE
        rule = ctypes.create_string_buffer(struct.pack("=Qi", allowed, beneath), 12)
        libc.syscall(_ADD_RULE, rules, 1, rule, 0)
        os.close(beneath)
    done = bool(libc.syscall(_OBEY, rules, 0) == 0)
    os.close(rules)
    return done


def _of_program() -> list[tuple[Path, int]]:
    """What a running Python may need later: its libraries, packages and time zones; of other folders only the names."""
    import sysconfig
    import zoneinfo

    both = _READ_FILE | _READ_FOLDER
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    whole = [Path(sysconfig.get_path(name)) for name in names] + [Path(__file__).parent]
    whole += [Path(path) for path in (*zoneinfo.TZPATH, "/usr/lib", "/lib", "/lib64", "/dev/null", "/dev/urandom")]
    packages = ("site-packages", "dist-packages")
    others = [Path(path) for path in sys.path if path]
    whole += [path for path in others if path.name in packages]
    return [(path, both) for path in whole] + [(path, _READ_FOLDER) for path in others]


def _shut_calls(libc: Any) -> bool:
    """From now on the system refuses these calls of this process, whatever code runs in it."""
    import ctypes

    if platform.machine() not in _CALLS or sys.byteorder != "little":
        return False
    steps = write_filter(*_CALLS[platform.machine()])
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    header = struct.pack("=HxxxxxxQ", len(steps), ctypes.addressof(program))
    return bool(libc.prctl(_SET_FILTER, _FILTER, ctypes.create_string_buffer(header), 0, 0) == 0)


def write_filter(machine: int, open_: int | None, openat: int, refused: str) -> Sequence[tuple[int, int, int, int]]:
    """The filter as seccomp(2) takes it: code, steps to skip where true, where false, and a value."""
    load, equal, over, any_of, end = 0x20, 0x15, 0x35, 0x45, 0x06
    steps = [(load, 0, 0, 4), (equal, 1, 0, machine), (end, 0, 0, _KILL), (load, 0, 0, 0)]
    steps += [(over, 0, 1, 0x40000000), (end, 0, 0, _DENY)]  # the second table of calls of x86
    for number in map(int, refused.split()):
        steps += [(equal, 0, 1, number), (end, 0, 0, _DENY)]
    for call, flags in ((open_, 24), (openat, 32)):  # where in the call its flags stand
        if call is not None:
            steps += [(equal, 0, 4, call), (load, 0, 0, flags), (any_of, 0, 1, _WRITES), (end, 0, 0, _DENY),
                      (end, 0, 0, _ALLOW)]  # fmt: skip
    return [*steps, (end, 0, 0, _ALLOW)]


def allow_seconds(seconds: int) -> None:
    """So much processor time from now on, in place of what was left."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    until = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until if hard == resource.RLIM_INFINITY else min(until, hard), hard))
