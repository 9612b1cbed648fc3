"""Every parser on input that a fuzzer makes, led by what of the code it reaches. `python -m bench.guided --minutes 60`.

The fuzzer is atheris (libFuzzer), which begins from the samples of the tests. Each parser has a process of its own and
the same share of the minutes: first every source, read through the door, then the door and reading together, the
operator's file, what readers ask a relay and a page, and the stream a relay hears. Whatever the input, nothing but an
error of `verst.errors` (of a time that cannot be read, BadMoment) may be raised, and nothing may take over five
seconds. What does is kept in ``--keep`` and named, and the run fails; ``--parser NAME --again FILE`` does it again.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path

import atheris

from bench import ROOT, markdown

LED_BY = ["verst.sources", "verst.reading", "verst.work.configuration", "verst.relay"]
with atheris.instrument_imports(include=LED_BY) if "--folder" in sys.argv else nullcontext():
    from tests.sources.samples import SAMPLES
    from verst.errors import VerstError
    from verst.model import Chat, Post
    from verst.reading.reader import Reader
    from verst.relay.wire import read_events, read_question
    from verst.sources import Door, read_bytes
    from verst.web.moment import BadMoment, read_at
    from verst.work.configuration import look_up, read_config

SLOW_SECONDS = 5
LONGEST = 20_000  # bytes of one input
POSTED = datetime(2022, 9, 25, 12, tzinfo=UTC)
DONE = re.compile(r"Done (\d+) runs|#(\d+)\s")
Parse = Callable[[bytes], object]


def parsers(folder: Path) -> dict[str, Parse]:
    """Every parser by its name. ``folder``: where those that need a file may write one."""
    door = Door(b"k" * 32)

    def of_source(name: str) -> Parse:
        mapping = folder / f"{name}.toml"
        mapping.write_text(SAMPLES[name].mapping or "", encoding="utf-8")
        beside = mapping if SAMPLES[name].mapping else None
        return lambda data: list(read_bytes(data, name, door, source=name, mapping=beside))

    found = {name: of_source(name) for name in SAMPLES}
    found["a mapping of a table"] = lambda data: read_mapped(data, folder / "mapping.toml", door)
    reader = Reader.load()
    found["words of a post"] = lambda data: reader.read(as_post(data))
    found["the operator's file"] = lambda data: read_settings(data, folder / "verst.toml")
    found["a question to a relay"] = read_question
    found["a stream that a relay hears"] = lambda data: list(read_events(in_pieces(data), 1_000))
    found["a time in an address"] = lambda data: read_at(data.decode("utf-8", "replace"))
    return found


def read_mapped(data: bytes, file: Path, door: Door) -> object:
    """The sample of a table under a mapping."""
    file.write_bytes(data)
    return list(read_bytes(SAMPLES["table"].good, "table", door, source="table", mapping=file))


def as_post(data: bytes) -> Post:
    """A post of these words, in a language that their first byte chooses."""
    langs = ("ru", "uk", "en", "ar", "zh", "ru-Latn", None)
    text = data[1:].decode("utf-8", "replace")
    chat = Chat(title="Верхний Ларс", kind="group", about="verkhny-lars")
    return Post(id="p", chat=chat, posted_at=POSTED, text=text, lang=langs[data[0] % len(langs)] if data else None)


def read_settings(data: bytes, file: Path) -> object:
    """What an operator's file says, with its secrets."""
    file.write_bytes(data)
    file.chmod(0o600)
    config = read_config(file)
    return [list(look_up(table, config)) for table in config.table.values() if isinstance(table, dict)]


def in_pieces(data: bytes) -> Iterable[bytes]:
    """A stream as it comes: in pieces of seven bytes."""
    return iter([data[at : at + 7] for at in range(0, len(data), 7)])


def seeds_of(name: str) -> list[bytes]:
    """What the fuzzer begins with."""
    if name in SAMPLES:
        return [SAMPLES[name].good, SAMPLES[name].broken[:LONGEST]]
    if name == "a mapping of a table":
        return [(SAMPLES["table"].mapping or "").encode()]
    if name == "the operator's file":
        return [(ROOT / "verst" / "work" / "verst.example.toml").read_bytes()]
    if name == "words of a post":
        texts = ("Ларс, стоим 5 часов, хвост 12 км", "закрыто с 6 утра", "30-40 машин, едет 2 полосы", "٥ ساعات")
        return [bytes([n]) + text.encode() for n, text in enumerate(texts)]
    asked = b"GET /events?since=41 HTTP/1.1\r\nLast-Event-ID: 7\r\n\r\n"
    return [asked, b"id: 4\ndata: {}\n\n", b"2022-09-24T12:00+03:00"]


def fuzz_one(name: str, seconds: float, seed: int, folder: Path) -> None:
    """Fuzz one parser in this process, which the fuzzer ends."""
    parse = parsers(folder)[name]

    def test(data: bytes) -> None:
        with suppress(VerstError, BadMoment):
            parse(data)

    for each in seeds_of(name):
        test(each)  # what is loaded with the first input is no input's fault
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, each in enumerate(seeds_of(name)):
        (corpus / f"sample-{number}").write_bytes(each)
    words = [f"-max_total_time={seconds:.0f}", f"-timeout={SLOW_SECONDS}", f"-max_len={LONGEST}", f"-seed={seed}",
             f"-artifact_prefix={folder}/found-", "-print_final_stats=1", "-rss_limit_mb=4096"]  # fmt: skip
    atheris.Setup([sys.argv[0], *words, str(corpus)], test, enable_python_coverage=True)
    atheris.Fuzz()


def run(name: str, seconds: float, seed: int, keep: Path | None) -> tuple[int, str]:
    """Fuzz one parser in a process of its own: how many inputs it read, and what went wrong ("" where nothing did)."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["--parser", name, "--seconds", str(seconds), "--seed", str(seed), "--folder", folder]
        done = subprocess.run(
            [sys.executable, "-m", "bench.guided", *words], cwd=ROOT, capture_output=True, check=False
        )
        said = done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")
        tried = max((int(one or other) for one, other in DONE.findall(said)), default=0)
        found = sorted(Path(folder).glob("found-*"))
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            for each in found:
                (keep / f"{name.replace(' ', '-')}-{each.name}").write_bytes(each.read_bytes())
        where = said.find("Uncaught Python exception")
        return tried, said[where if where >= 0 else -1_500 :] if done.returncode or found else ""


def main() -> None:
    read = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    read.add_argument("--minutes", type=float, default=1.0, help="for all parsers together")
    read.add_argument("--seed", type=int, default=1)
    read.add_argument("--keep", type=Path, help="a folder for inputs that went wrong")
    read.add_argument("--parser", help="this one alone")
    read.add_argument("--again", type=Path, help="with --parser: this input once more")
    read.add_argument("--seconds", type=float, help=argparse.SUPPRESS)
    read.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    told = read.parse_args()
    if told.folder is not None:
        fuzz_one(told.parser, told.seconds, told.seed, told.folder)
    elif told.again is not None:
        with tempfile.TemporaryDirectory() as folder:
            parsers(Path(folder))[told.parser](told.again.read_bytes())
    else:
        fuzz_all(told.minutes, told.seed, told.keep, told.parser)


def fuzz_all(minutes: float, seed: int, keep: Path | None, only: str | None) -> None:
    """Fuzz every parser for its share of the minutes, and print what was tried."""
    with tempfile.TemporaryDirectory() as folder:
        names = [only] if only else list(parsers(Path(folder)))
    rows, wrong, begun = [], [], time.monotonic()
    for name in names:
        tried, said = run(name, 60 * minutes / len(names), seed, keep)
        rows.append((name, f"{tried:,}", "no" if not said else "YES"))
        wrong += [f"{name}:\n{said}"] if said else []
    print(markdown(("parser", "inputs", "raised, or slow"), rows), end="")
    print(f"{(time.monotonic() - begun) / 60:.0f} minutes, seed {seed}: {len(wrong)} of {len(names)} went wrong")
    sys.exit("\n".join(wrong) if wrong else 0)


if __name__ == "__main__":
    main()
