"""Every parser on broken input: samples of each source changed at random, for N minutes. `python -m bench.fuzz 5`.

Whatever is in an input, a source says what it cannot use and goes on: nothing raises, nothing takes long. A case that
does is printed with the number that makes it again (`--seed`), and the run fails.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.sources.planted import Sample
from tests.sources.samples import SAMPLES
from verst.errors import VerstError
from verst.model import Post
from verst.sources import Door, read

SLOW_SECONDS = 5.0  # of processor time
TOKENS = [
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"{", b"}", b"[" * 300, b'"', b'\\"', b"\\u0000", b"null", b"true",
    b"-1", b"1e999", b"9" * 400, b"NaN", b'{"a":' * 200, b"<" * 500, b"</div>", b"<script>", b"&amp;" * 50,
    b"&#x110000;", b"<![CDATA[", b"]]>",
    b"\r\n" * 40, b",", b";" * 30, b"\t", b"0000-00-00T00:00:00Z", b"99999-12-31", b"2022-13-45",
    "\U0001f697".encode() * 60, "e\u0301\u0302\u0303".encode() * 80, "\u202e\u2066\u200b".encode() * 20, b"%s%n%x",
    b"../../../etc/passwd", b"a" * 5_000,
]  # fmt: skip


def main() -> None:
    numbers = [float(word) for word in sys.argv[1:] if word.replace(".", "").isdigit()]
    minutes = numbers[0] if numbers else 1.0
    seed = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else None
    counts: Counter[str] = Counter()
    faults: list[str] = []
    until = time.monotonic() + 60 * minutes
    with tempfile.TemporaryDirectory() as folder:
        for number in [seed] if seed is not None else iter(range(10**9)):
            if time.monotonic() > until or len(faults) >= 10:
                break
            faults += one_case(number, Path(folder), counts)
    print("| source | cases | posts that came through |\n| --- | --- | --- |")
    for name in SAMPLES:
        print(f"| {name} | {counts[name]:,} | {counts[f'{name} posts']:,} |")
    cases = sum(counts[name] for name in SAMPLES)
    print(f"{cases:,} cases in {minutes:g} minutes, {len(faults)} that raised or took long")
    sys.exit("\n".join(faults) if faults else 0)


def one_case(number: int, folder: Path, counts: Counter[str]) -> list[str]:
    """One changed sample through the door; what went wrong with it."""
    chance = random.Random(number)
    name = chance.choice(sorted(SAMPLES))
    data = change(SAMPLES[name], chance)
    path = folder / SAMPLES[name].file
    path.write_bytes(data)
    mapping = SAMPLES[name].mapping
    if mapping:
        path.with_suffix(".toml").write_text(mapping, encoding="utf-8")
    counts[name] += 1
    begun = time.process_time()
    try:
        counts[f"{name} posts"] += sum(isinstance(item, Post) for item in read(path, Door(b"k" * 32), source=name))
    except VerstError:
        pass
    except Exception:
        return [f"--seed {number} ({name}):\n{traceback.format_exc(limit=-3)}"]
    finally:
        path.with_suffix(".toml").unlink(missing_ok=True)
    seconds = time.process_time() - begun
    return [f"--seed {number} ({name}): {seconds:.1f} s"] if seconds > SLOW_SECONDS else []


def change(sample: Sample, chance: random.Random) -> bytes:
    """A sample with a few things taken out, doubled, put in or turned round."""
    data = bytearray(chance.choice((sample.good, sample.good, sample.broken[:200_000])))
    for _ in range(chance.choice((1, 1, 2, 4, 12, 40))):
        at, length = chance.randrange(len(data) + 1), chance.choice((1, 1, 3, 20, 200))
        way = chance.randrange(6)
        if way == 0:
            del data[at : at + length]
        elif way == 1:
            data[at:at] = data[at : at + length] * chance.choice((1, 2, 30))
        elif way == 2:
            data[at:at] = chance.choice(TOKENS)
        elif way == 3:
            data[at : at + length] = bytes(chance.randrange(256) for _ in range(min(length, 20)))
        elif way == 4 and data:
            data[at - 1 : at] = bytes([data[at - 1] ^ (1 << chance.randrange(8))])
        else:
            data[at : at + length] = chance.choice(TOKENS)
    return bytes(data)


if __name__ == "__main__":
    main()
