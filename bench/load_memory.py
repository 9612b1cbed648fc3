"""Memory of loading a Telegram export: ``python bench/load_memory.py [MEGABYTES]`` (1024 when left out).

Writes an export of that size in a temporary folder, reads it through the door in a process of its own, and prints how
much memory that process needed at most, and how fast it was against merely reading the bytes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

WORDS = [
    "спасибо за инфу", "кто сейчас стоит? отпишитесь", "стоим с 6 утра, проехали километр", "а с котом пустят?",
    "хвост 12 км, до шлагбаума часов 20", "ну и погода, туман", "место до Ларса 15 000 р, 8 928 123-45-67",
]  # fmt: skip

RECENT = [{"from": "Кто-то Другой", "from_id": "user9", "date": "2022-09-24T14:25:00"}] * 3

# VmHWM is of this program alone; ru_maxrss would still remember the process that started it.
READ = """
import sys, time
from verst.model import Post
from verst.sources import Door, read
begun = time.process_time()
posts = sum(isinstance(item, Post) for item in read(sys.argv[1], Door(b"k" * 32)))
seconds = time.process_time() - begun
highest = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(posts, seconds, int(highest.split()[1]) / 1024)
"""


def write_export(path: Path, megabytes: float) -> int:
    """An export of about that size; gives its number of messages."""
    count, left = 0, megabytes * 1e6
    with path.open("w", encoding="utf-8") as file:
        file.write('{\n "name": "Ларс",\n "type": "public_supergroup",\n "id": 1234567,\n "messages": [\n')
        while left > 0:
            text = _message(count)
            file.write((",\n" if count else "") + text)
            left -= len(text.encode())
            count += 1
        file.write("\n ]\n}\n")
    return count


def _message(number: int) -> str:
    words = WORDS[number % len(WORDS)] + f" {number % 50}"
    posted = 1664018400 + number // 4
    message = {
        "id": number + 1,
        "type": "message",
        "date": datetime.fromtimestamp(posted + 3 * 3600, UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "date_unixtime": str(posted),
        "from": f"Имя{number % 20_000} Фамилия{number % 20_000 % 997}",
        "from_id": f"user{number % 20_000}",
        "text": words,
        "text_entities": [{"type": "plain", "text": words}],
        "reactions": [{"type": "emoji", "count": 3, "emoji": sign, "recent": RECENT} for sign in "👍🔥"],
        **({"reply_to_message_id": number} if number % 3 == 2 else {}),
    }
    text = json.dumps(message, ensure_ascii=False, indent=1)
    return "\n".join("  " + line for line in text.splitlines())


def measure(path: Path) -> tuple[int, float, float]:
    """Posts, seconds of CPU and megabytes of memory at most, of reading ``path`` in a process of its own."""
    done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True)
    posts, seconds, megabytes = done.stdout.split()
    return int(posts), float(seconds), float(megabytes)


def main() -> None:
    size = float(sys.argv[1]) if len(sys.argv) > 1 else 1024.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.json"
        count = write_export(path, size)
        begun = time.process_time()
        with path.open("rb") as file:
            while file.read(1 << 20):
                pass
        bare = time.process_time() - begun
        posts, seconds, megabytes = measure(path)
        print(f"export         {path.stat().st_size / 1e6:>10,.0f} MB   {count:,} messages")
    print(f"posts          {posts:>10,}")
    print(f"memory at most {megabytes:>10,.0f} MB")
    rate, against = posts / seconds, seconds / bare
    print(f"CPU            {seconds:>10,.1f} s    {rate:,.0f} posts/s    {against:,.0f} x bare reading")


if __name__ == "__main__":
    main()
